# How large an area has to be, and what a backup gives up.
# over ../states/taken.rec
$ blksnap snapshot plan -d vdb --since declared/backup --for 10s
DEVICE  {......}
vdb{......}480K
An area of 480K is enough for 10 s if no more changes than in the {...} since the last backup, and half as much again.
$ blksnap snapshot plan -d vdb
! blksnap: snapshot plan: --source: a recording has no counters of its disks; with --since it is a matter of the recording alone
? 2
$ blksnap snapshot plan -d vdd --since declared/backup
! blksnap: snapshot plan: declared/backup: it has no numbers of vdd; `blksnap run --since` keeps them, by the names devices are given there
? 3
$ blksnap -n image release /dev/blksnap3 0+4K 1M+1M
/dev/blksnap3: 2 ranges would be given up
$ blksnap -j -n image release nightly vdb 0+4K
{
 "schema": "blksnap.image.release/1",
 "dev": "254:16",
 "released_bytes": 0,
 "changed": true,
 "dry_run": true
}
$ blksnap image release nightly 0+4K
! blksnap: image release: nightly: a device and ranges of it are needed; see --help
? 2
$ blksnap check
ok        2 objects looked at
$ blksnap -j check nightly
{
 "schema": "blksnap.check/1",
 "level": "ok",
 "objects": [
  {
   "snapshot": {
    "id": "1",
    "uuid": "3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11",
    "name": "nightly",
    "state": "taken",
    "error": null,
    "phase": null,
    "error_dev": null,
    "error_offset_bytes": null,
    "level": "ok",
    "area_total_bytes": 1073741824,
    "area_used_bytes": 536870912,
    "low_bytes": 107374080,
    "clear_bytes": 214748160,
    "grace_ms": 2000,
    "taken_ns": 4700000000000,
    "taken_real_ns": 1759999700000000000,
    "gate_ns": 3000000,
    "freeze_ns": 41000000,
    "seq": "41",
    "members": [
     {
      "dev": "254:16",
      "name": "vdb",
      "image_dev": "252:3",
      "image_name": "blksnap3",
      "image_path": "/dev/blksnap3",
      "capacity_bytes": 1073741824,
      "freeze_result": "frozen",
      "error": null,
      "cbt_generation": "01020304-0506-0708-090a-0b0c0d0e0f10",
      "cbt_number": 4,
      "openers": 2,
      "held": false,
      "area_used_bytes": null
     }
    ]
   },
   "device": null,
   "level": "ok",
   "text": "snapshot nightly: area ok, 50% used"
  }
 ]
}
$ blksnap check --nagios
BLKSNAP OK - 2 objects looked at | 'used_nightly'=536870912B;;;0;1073741824 snapshots=1 devices=1
$ blksnap check --warn "fill>=40"
warning   snapshot nightly: area ok, 50% used
? 13
$ blksnap check nope
! blksnap: check: nope: no snapshot or tracked device of that name; `blksnap status` shows what there is
? 3
$ blksnap metrics --format text
# TYPE blksnap_up gauge
# HELP blksnap_up 1 if the module answers.
blksnap_up 1
# TYPE blksnap_build_info gauge
# HELP blksnap_build_info Versions.
blksnap_build_info{module="1.0",program="{...}"} 1
# TYPE blksnap_events_total counter
# HELP blksnap_events_total Events since the module was loaded.
blksnap_events_total 42
# TYPE blksnap_memory_budget_bytes gauge
# UNIT blksnap_memory_budget_bytes bytes
# HELP blksnap_memory_budget_bytes Limit for copied blocks and held writes.
blksnap_memory_budget_bytes 67108864
# TYPE blksnap_snapshot_info gauge
# HELP blksnap_snapshot_info Identity of the snapshot.
blksnap_snapshot_info{snapshot="nightly",uuid="3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11"} 1
# TYPE blksnap_snapshot_state gauge
# HELP blksnap_snapshot_state 1 for the state of the snapshot.
blksnap_snapshot_state{snapshot="nightly",blksnap_snapshot_state="created"} 0
blksnap_snapshot_state{snapshot="nightly",blksnap_snapshot_state="taking"} 0
blksnap_snapshot_state{snapshot="nightly",blksnap_snapshot_state="taken"} 1
blksnap_snapshot_state{snapshot="nightly",blksnap_snapshot_state="overflow"} 0
blksnap_snapshot_state{snapshot="nightly",blksnap_snapshot_state="failed"} 0
blksnap_snapshot_state{snapshot="nightly",blksnap_snapshot_state="destroying"} 0
# TYPE blksnap_area_low gauge
# HELP blksnap_area_low 1 if the difference area is low or has overflowed.
blksnap_area_low{snapshot="nightly"} 0
# TYPE blksnap_area_size_bytes gauge
# UNIT blksnap_area_size_bytes bytes
# HELP blksnap_area_size_bytes Space of the difference area.
blksnap_area_size_bytes{snapshot="nightly"} 1073741824
# TYPE blksnap_area_used_bytes gauge
# UNIT blksnap_area_used_bytes bytes
# HELP blksnap_area_used_bytes Space of it that is used or promised.
blksnap_area_used_bytes{snapshot="nightly"} 536870912
# TYPE blksnap_area_low_bytes gauge
# UNIT blksnap_area_low_bytes bytes
# HELP blksnap_area_low_bytes It is low while less than this is free.
blksnap_area_low_bytes{snapshot="nightly"} 107374080
# TYPE blksnap_snapshot_created_timestamp_seconds gauge
# UNIT blksnap_snapshot_created_timestamp_seconds seconds
# HELP blksnap_snapshot_created_timestamp_seconds The instant that the images show.
blksnap_snapshot_created_timestamp_seconds{snapshot="nightly"} 1759999700
# TYPE blksnap_snapshot_gate_seconds gauge
# UNIT blksnap_snapshot_gate_seconds seconds
# HELP blksnap_snapshot_gate_seconds How long writes were held for it.
blksnap_snapshot_gate_seconds{snapshot="nightly"} 0.0030000000000000001
# TYPE blksnap_snapshot_freeze_seconds gauge
# UNIT blksnap_snapshot_freeze_seconds seconds
# HELP blksnap_snapshot_freeze_seconds How long file systems were frozen for it.
blksnap_snapshot_freeze_seconds{snapshot="nightly"} 0.041000000000000002
# TYPE blksnap_device_info gauge
# HELP blksnap_device_info A tracked device, its snapshot and generation of tracking.
blksnap_device_info{device="vdb",dev="254:16",generation="01020304-0506-0708-090a-0b0c0d0e0f10"} 1
# TYPE blksnap_device_member gauge
# HELP blksnap_device_member 1 for the snapshot that a device is in.
blksnap_device_member{device="vdb",snapshot="nightly"} 1
# TYPE blksnap_writes_total counter
# HELP blksnap_writes_total Modifying requests.
blksnap_writes_total{device="vdb"} 1000
# TYPE blksnap_write_bytes_total counter
# HELP blksnap_write_bytes_total Their length.
blksnap_write_bytes_total{device="vdb"} 40960000
# TYPE blksnap_cow_units_total counter
# HELP blksnap_cow_units_total Units whose old content was copied.
blksnap_cow_units_total{device="vdb"} 500
# TYPE blksnap_cow_bytes_total counter
# HELP blksnap_cow_bytes_total Their length.
blksnap_cow_bytes_total{device="vdb"} 20480000
# TYPE blksnap_cow_ahead_bytes_total counter
# HELP blksnap_cow_ahead_bytes_total Of that copied before a write asked for it.
blksnap_cow_ahead_bytes_total{device="vdb"} 4096000
# TYPE blksnap_store_bytes_total counter
# HELP blksnap_store_bytes_total Written to the difference area.
blksnap_store_bytes_total{device="vdb"} 20480000
# TYPE blksnap_image_reads_total counter
# HELP blksnap_image_reads_total Reads of the image.
blksnap_image_reads_total{device="vdb"} 10
# TYPE blksnap_image_read_bytes_total counter
# HELP blksnap_image_read_bytes_total Their length.
blksnap_image_read_bytes_total{device="vdb"} 10485760
# TYPE blksnap_discard_dropped_bytes_total counter
# HELP blksnap_discard_dropped_bytes_total Discards that were not passed to the device.
blksnap_discard_dropped_bytes_total{device="vdb"} 1048576
# TYPE blksnap_errors_total counter
# HELP blksnap_errors_total I/O errors met while copying, storing or reading.
blksnap_errors_total{device="vdb"} 0
# TYPE blksnap_inflight gauge
# HELP blksnap_inflight Modifying requests under way.
blksnap_inflight{device="vdb"} 1
# TYPE blksnap_memory_bytes gauge
# UNIT blksnap_memory_bytes bytes
# HELP blksnap_memory_bytes Copied blocks not stored yet.
blksnap_memory_bytes{device="vdb"} 65536
# TYPE blksnap_metadata_bytes gauge
# UNIT blksnap_metadata_bytes bytes
# HELP blksnap_metadata_bytes Memory that describes where copies are.
blksnap_metadata_bytes{device="vdb"} 4096
# TYPE blksnap_write_hold_seconds histogram
# UNIT blksnap_write_hold_seconds seconds
# HELP blksnap_write_hold_seconds How long writes were held for a copy.
blksnap_write_hold_seconds_bucket{device="vdb",le="1.024e-06"} 0
blksnap_write_hold_seconds_bucket{device="vdb",le="2.048e-06"} 0
blksnap_write_hold_seconds_bucket{device="vdb",le="4.096e-06"} 0
blksnap_write_hold_seconds_bucket{device="vdb",le="8.192e-06"} 0
blksnap_write_hold_seconds_bucket{device="vdb",le="1.6384e-05"} 0
blksnap_write_hold_seconds_bucket{device="vdb",le="3.2768e-05"} 0
blksnap_write_hold_seconds_bucket{device="vdb",le="6.5536e-05"} 0
blksnap_write_hold_seconds_bucket{device="vdb",le="0.000131072"} 50
blksnap_write_hold_seconds_bucket{device="vdb",le="0.000262144"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="0.000524288"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="0.001048576"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="0.002097152"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="0.004194304"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="0.008388608"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="0.016777216"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="0.033554432"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="0.067108864"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="0.134217728"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="0.268435456"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="0.536870912"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="1.07374182"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="2.14748365"} 100
blksnap_write_hold_seconds_bucket{device="vdb",le="+Inf"} 100
blksnap_write_hold_seconds_count{device="vdb"} 100
blksnap_write_hold_seconds_sum{device="vdb"} 0.25
$ blksnap -j wait state=taken nightly
{
 "schema": "blksnap.wait/1",
 "object": {
  "snapshot": {
   "id": "1",
   "uuid": "3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11",
   "name": "nightly",
   "state": "taken",
   "error": null,
   "phase": null,
   "error_dev": null,
   "error_offset_bytes": null,
   "level": "ok",
   "area_total_bytes": 1073741824,
   "area_used_bytes": 536870912,
   "low_bytes": 107374080,
   "clear_bytes": 214748160,
   "grace_ms": 2000,
   "taken_ns": 4700000000000,
   "taken_real_ns": 1759999700000000000,
   "gate_ns": 3000000,
   "freeze_ns": 41000000,
   "seq": "41",
   "members": [
    {
     "dev": "254:16",
     "name": "vdb",
     "image_dev": "252:3",
     "image_name": "blksnap3",
     "image_path": "/dev/blksnap3",
     "capacity_bytes": 1073741824,
     "freeze_result": "frozen",
     "error": null,
     "cbt_generation": "01020304-0506-0708-090a-0b0c0d0e0f10",
     "cbt_number": 4,
     "openers": 2,
     "held": false,
     "area_used_bytes": null
    }
   ]
  },
  "device": null
 }
}
$ blksnap hooks list
NAME  ORDER  DEADLINE  PROBLEM
good      1      30 s  -
bad       -        2m  -
$ blksnap -H -o name,order,deadline hooks list
good	1	30
bad	-	120
$ blksnap hooks test good
pre-freeze  ok, {...} {...}
post-thaw   ok, {...} {...}
$ blksnap hooks test bad
pre-freeze  failed, {...} {...}
on-fail     failed, {...} {...}
! blksnap: hooks test: hook bad: pre-freeze ended with status 3; it may have said why
! blksnap: hooks test: hook bad: on-fail ended with status 3; it may have said why
? 12
$ blksnap -j hooks test bad
{
 "schema": "blksnap.hooks.test/1",
 "name": "bad",
 "calls": [
  {
   "phase": "pre-freeze",
   "ok": false,
   "duration_ms": {...}
  },
  {
   "phase": "on-fail",
   "ok": false,
   "duration_ms": {...}
  }
 ],
 "errors": [
  {
   "schema": "blksnap.error/1",
   "error": {
    "exit": 12,
    "code": "hook",
    "errno": null,
    "command": "hooks test",
    "subject": "hook bad",
    "message": "pre-freeze ended with status 3",
    "hint": "it may have said why",
    "kernel": null,
    "attribute": null,
    "phase": null,
    "dev": null,
    "offset_bytes": null
   }
  },
  {
   "schema": "blksnap.error/1",
   "error": {
    "exit": 12,
    "code": "hook",
    "errno": null,
    "command": "hooks test",
    "subject": "hook bad",
    "message": "on-fail ended with status 3",
    "hint": "it may have said why",
    "kernel": null,
    "attribute": null,
    "phase": null,
    "dev": null,
    "offset_bytes": null
   }
  }
 ]
}
! blksnap: hooks test: hook bad: pre-freeze ended with status 3; it may have said why
! blksnap: hooks test: hook bad: on-fail ended with status 3; it may have said why
? 12
$ blksnap -n apply declared/more.conf --prune
+ device vdd
+ snapshot weekly: of vda, area 64M
~ snapshot nightly: area + vdd:0+64M zram:64M
~ snapshot nightly: low 102M -> 115M, clear 204M -> 230M, grace 2000 ms -> 5000 ms
4 to change
$ blksnap apply declared/nightly.conf
unchanged
$ blksnap -j apply declared/nightly.conf
{
 "schema": "blksnap.apply/1",
 "changes": [],
 "errors": [],
 "hook_failed": false,
 "changed": false,
 "dry_run": false
}
$ blksnap schema
batch
common
error
text
top
device.attach
device.detach
device.list
device.show
snapshot.create
snapshot.plan
snapshot.list
snapshot.show
snapshot.destroy
snapshot.rename
area.list
area.show
area.extend
area.remove
area.set
image.list
image.show
image.path
image.wait
image.release
cbt.info
cbt.export
cbt.check
cbt.mark
cbt.reset
hooks.list
hooks.test
info
run
apply
autogrow
wait
check
doctor
report
status
stat
monitor
version
schema
$ blksnap schema schema
{
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "$id": "schema.json",
 "title": "names of the schemas",
 "type": "object",
 "properties": {
  "schema": {
   "const": "blksnap.schema/1"
  },
  "schemas": {
   "type": "array",
   "items": {
    "type": "string"
   }
  }
 },
 "required": [
  "schema",
  "schemas"
 ]
}
$ blksnap schema nope
! blksnap: schema: nope: there is no such schema in {......}; `blksnap schema` lists them
? 3
$ blksnap -j completion fish
{
 "schema": "blksnap.text/1",
 "text": "# fish completion for blksnap: the program itself knows what fits\nfunction __blksnap_complete\n{......}"
}
$ blksnap completion tcsh
! blksnap: completion: tcsh: there is a script for bash, zsh and fish; see --help
? 2
