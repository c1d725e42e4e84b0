# A snapshot for as long as a command runs.
# over ../states/works.rec
$ blksnap run -d vdb -a vdd -- sh -c 'echo $BLKSNAP_IMAGE_1 of $BLKSNAP_COUNT'
/dev/blksnap3 of 1
$ blksnap run -d vdb -a vdd -- sh -c "exit 7"
? 7
$ blksnap -j run -d vdb -a vdd -- true
{
 "schema": "blksnap.run/1",
 "command": [
  "true"
 ],
 "command_exit": 0,
 "lost": false,
 "hook_failed": false,
 "since_saved": false,
 "discard_dropped_bytes": 0,
 "snapshot": {
  "id": "2",
  "uuid": "3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11",
  "name": "x",
  "state": "taken",
  "error": null,
  "phase": null,
  "error_dev": null,
  "error_offset_bytes": null,
  "level": "ok",
  "area_total_bytes": 1071644672,
  "area_used_bytes": 0,
  "low_bytes": 0,
  "clear_bytes": 0,
  "grace_ms": 0,
  "taken_ns": 5000000000000,
  "taken_real_ns": 1760000000000000000,
  "gate_ns": 3000000,
  "freeze_ns": 41000000,
  "seq": "44",
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
    "openers": null,
    "held": null,
    "area_used_bytes": null
   }
  ]
 },
 "dry_run": false
}
$ blksnap run -d vdb -a vdd -- no-such-command
! blksnap: run: no-such-command: cannot be run: No such file or directory; is it in PATH?
? 127
$ blksnap run -d vdb -a vdd --hook bad -- true
! blksnap: run: hook bad: pre-freeze ended with status 3; `blksnap hooks test` calls it alone
! blksnap: run: hook bad: on-fail ended with status 3; `blksnap hooks test` calls it alone
? 125
$ blksnap -n run -d vdb -a vdd -- true
run-{...}: would be taken, area 1022M
  vdb
  would freeze the file system on vdb
  would run true
$ blksnap -n run --no-freeze -d vdb -a vdd -- true
run-{...}: would be taken, area 1022M
  vdb
  would run true
$ blksnap -n snapshot create x -d vdb -a vdd
x: would be taken, area 1022M
  vdb
  would freeze the file system on vdb
$ blksnap -n snapshot create x -d vdb -a vdd --no-freeze
x: would be taken, area 1022M
  vdb
