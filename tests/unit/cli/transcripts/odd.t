# Names that are hard to print.
# over ../states/odd.rec
# at well
$ blksnap doctor
ok       module     1.0 is loaded
ok       netlink    the module answers
warning  version    module 1.0, program {...} (D031)
                    install both of one version; load the new module when no snapshot is left
ok       space      no area runs low, no snapshot is lost
ok       udev       its rules are installed
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
   "id": "D005",
   "level": "ok",
   "subject": "space",
   "text": "no area runs low, no snapshot is lost",
   "fix": null
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
      "name": "c\"d\\\u0001\u001B[31mä?",
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
   "ranges": [
    {
     "dev": "254:32",
     "name": "c\"d\\\u0001\u001B[31mä?",
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
   "name": "c\"d\\\u0001\u001B[31mä?",
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
   "name": "c\"d\\\u0001\u001B[31mä?",
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
