# A snapshot that is lost says why.
# over ../states/failed.rec
# at well
$ blksnap snapshot show nightly
nightly  3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11  failed
  broken by   EIO in phase copy on 254:16 at sector 4096
              the origin could not be read before it was overwritten
  taken       2025-10-09 08:48:20.000
  writes held 3 ms
  frozen      41 ms
  area        512M of 1G (ok), low below 102M free
  grace       2000 ms
  vdb  ->  /dev/blksnap3  1G  frozen  EIO
      since-number 01020304-0506-0708-090a-0b0c0d0e0f10:4
$ blksnap area list -o snapshot,state,error,fill
SNAPSHOT  STATE   ERROR  FILL
nightly   failed  EIO     50%
$ blksnap area show nightly
nightly  3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11  failed
  broken by   EIO in phase copy on 254:16 at sector 4096
              the origin could not be read before it was overwritten
  area        512M of 1G (ok), low below 102M free
  grace       2000 ms
DEVICE  START  LENGTH  USED
vdc        0B      1G  512M
$ blksnap -j area list
{
 "schema": "blksnap.area.list/1",
 "areas": [
  {
   "snapshot": "nightly",
   "uuid": "3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11",
   "state": "failed",
   "error": "EIO",
   "level": "ok",
   "total_bytes": 1073741824,
   "used_bytes": 536870912,
   "low_bytes": 107374080,
   "clear_bytes": 214748160,
   "grace_ms": 2000,
   "fill_bytes_per_second": null,
   "time_to_full_seconds": null,
   "seq": "{...}",
   "ranges": [
    {
     "dev": "254:32",
     "name": "vdc",
     "start_bytes": 0,
     "length_bytes": 1073741824,
     "used_bytes": 536870912
    }
   ]
  }
 ]
}
$ blksnap doctor
ok       module     1.0 is loaded
ok       netlink    the module answers
warning  version    module 1.0, program {...} (D031)
                    install both of one version; load the new module when no snapshot is left
warning  snapshots  snapshots that are lost: 1 of 1 (D071)
                    blksnap snapshot list -S 'state=overflow or state=failed' shows them; destroy them, and give the next ones more space
ok       udev       its rules are installed
? 13
$ blksnap -j doctor
{
 "schema": "blksnap.doctor/1",
 "findings": [
  {
   "id": "D001",
   "level": "ok",
   "subject": "module",
   "text": "1.0 is loaded",
   "fix": null
  },
  {
   "id": "D002",
   "level": "ok",
   "subject": "netlink",
   "text": "the module answers",
   "fix": null
  },
  {
   "id": "D031",
   "level": "warning",
   "subject": "version",
   "text": "module 1.0, program {...}",
   "fix": "install both of one version; load the new module when no snapshot is left"
  },
  {
   "id": "D071",
   "level": "warning",
   "subject": "snapshots",
   "text": "snapshots that are lost: 1 of 1",
   "fix": "blksnap snapshot list -S 'state=overflow or state=failed' shows them; destroy them, and give the next ones more space"
  },
  {
   "id": "D004",
   "level": "ok",
   "subject": "udev",
   "text": "its rules are installed",
   "fix": null
  }
 ]
}
? 13
$ blksnap report
{
 "schema": "blksnap.report/1",
 "program": "{......}",
 "machine": {
  "kernel": "6.1.0-x",
  "kernel_version": "{......}",
  "machine": "{......}",
  "system": "Some Linux"
 },
 "findings": [
  {
   "id": "D001",
   "level": "ok",
   "subject": "module",
   "text": "1.0 is loaded",
   "fix": null
  },
  {
   "id": "D002",
   "level": "ok",
   "subject": "netlink",
   "text": "the module answers",
   "fix": null
  },
  {
   "id": "D031",
   "level": "warning",
   "subject": "version",
   "text": "module 1.0, program {...}",
   "fix": "install both of one version; load the new module when no snapshot is left"
  },
  {
   "id": "D071",
   "level": "warning",
   "subject": "snapshots",
   "text": "snapshots that are lost: 1 of 1",
   "fix": "blksnap snapshot list -S 'state=overflow or state=failed' shows them; destroy them, and give the next ones more space"
  },
  {
   "id": "D004",
   "level": "ok",
   "subject": "udev",
   "text": "its rules are installed",
   "fix": null
  }
 ],
 "module": {
  "version": "1.0",
  "instance": "81985529216486895",
  "seq": "42",
  "seq_oldest": "1",
  "features": null,
  "ranges_per_request": 256,
  "memory_budget_bytes": 67108864,
  "memory_used_bytes": 1048576,
  "time_ns": 5000000000000
 },
 "module_error": null,
 "snapshots": [
  {
   "snapshot": {
    "id": "1",
    "uuid": null,
    "name": "snapshot-1",
    "state": "failed",
    "error": "EIO",
    "phase": "copy",
    "error_dev": "254:16",
    "error_offset_bytes": 2097152,
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
      "error": "EIO",
      "cbt_generation": "01020304-0506-0708-090a-0b0c0d0e0f10",
      "cbt_number": 4,
      "openers": null,
      "held": null,
      "area_used_bytes": null
     }
    ]
   },
   "ranges": [
    {
     "dev": "254:32",
     "name": "vdc",
     "start_bytes": 0,
     "length_bytes": 1073741824,
     "used_bytes": 536870912
    }
   ]
  }
 ],
 "devices": [
  {
   "dev": "254:16",
   "name": "vdb",
   "state": "snapshot",
   "capacity_bytes": 1073741824,
   "snapshot_id": "1",
   "image_dev": "252:3",
   "keep": true,
   "unit_bytes": 4096,
   "cbt_cell_bytes": 65536,
   "cbt_generation": "01020304-0506-0708-090a-0b0c0d0e0f10",
   "cbt_number": 4,
   "cbt_memory_bytes": 4096,
   "error": null,
   "seq": "40"
  }
 ],
 "stats": [
  {
   "dev": "254:16",
   "name": "vdb",
   "snapshot_id": "1",
   "time_ns": 5000000000000,
   "epoch": "9",
   "writes": 1000,
   "write_bytes": 40960000,
   "inflight": 1,
   "cow_units": 500,
   "cow_bytes": 20480000,
   "cow_ahead_bytes": 4096000,
   "store_bytes": 20480000,
   "held": 100,
   "held_ns": 250000000,
   "held_histogram": [
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    50,
    50,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0
   ],
   "held_now": 0,
   "image_reads": 10,
   "image_read_bytes": 10485760,
   "image_area_bytes": 4096,
   "image_retry_bytes": 0,
   "discard_dropped_bytes": 1048576,
   "errors": 0,
   "memory_bytes": 65536,
   "metadata_bytes": 4096
  }
 ],
 "kernel_log": null
}
