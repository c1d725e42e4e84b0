# An area that is low.
# over growing.rec
$ blksnap autogrow --area vdd
2025-10-09 08:53:20.000 nightly: extended by vdd, 972M of 2G used
! blksnap: autogrow: the module went away; --follow waits for it
? 11
$ blksnap autogrow --area vdb
2025-10-09 08:53:20.000 nightly: low, and nothing is left to add (vdb: vdb is in the snapshot itself)
! blksnap: autogrow: the module went away; --follow waits for it
? 11
$ blksnap autogrow --area vdb vdd other
! blksnap: autogrow: the module went away; --follow waits for it
? 11
$ blksnap autogrow --area vdd --limit 1500M
2025-10-09 08:53:20.000 nightly: low, and nothing is left to add (vdd: it would be more than the limit)
! blksnap: autogrow: the module went away; --follow waits for it
? 11
$ blksnap autogrow --area zram:64M
! blksnap: autogrow: zram:64M: it could be added again and again without end; give --limit
? 2
$ blksnap -j autogrow --area vdb
{"schema":"blksnap.autogrow/1","type":"exhausted","real_ns":1760000000000000000,"spec":null,"text":"low, and nothing is left to add (vdb: vdb is in the snapshot itself)","snapshot":{"id":"1","uuid":"3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11","name":"nightly","state":"taken","error":null,"phase":null,"error_dev":null,"error_offset_bytes":null,"level":"low","area_total_bytes":1073741824,"area_used_bytes":1020054528,"low_bytes":107374080,"clear_bytes":214748160,"grace_ms":2000,"taken_ns":4700000000000,"taken_real_ns":1759999700000000000,"gate_ns":3000000,"freeze_ns":41000000,"seq":"41","members":[{"dev":"254:16","name":"vdb","image_dev":"252:3","image_name":"blksnap3","image_path":"/dev/blksnap3","capacity_bytes":1073741824,"freeze_result":"frozen","error":null,"cbt_generation":"01020304-0506-0708-090a-0b0c0d0e0f10","cbt_number":4,"openers":null,"held":null,"area_used_bytes":null}]}}
{"schema":"blksnap.error/1","error":{"exit":11,"code":"module-gone","errno":null,"command":"autogrow","subject":null,"message":"the module went away","hint":"--follow waits for it","kernel":null,"attribute":null,"phase":null,"dev":null,"offset_bytes":null}}
! blksnap: autogrow: the module went away; --follow waits for it
? 11
$ blksnap check
critical  snapshot nightly: area low, 94% used
? 14
