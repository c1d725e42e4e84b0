# Events are lost; the module goes, comes, and goes.
# over streams.rec
$ blksnap monitor
2025-10-09 08:53:20.000      =  device vdb: snapshot, 1G
2025-10-09 08:53:20.000      =  snapshot nightly: taken, 1 device, area ok (512M of 1G)
2025-10-09 08:53:20.000    #42  this is the state
2025-10-09 08:53:20.000      -  12 events are lost
2025-10-09 08:53:20.000      =  device vdb: snapshot, 1G
2025-10-09 08:53:20.000      =  snapshot nightly: taken, 1 device, area ok (512M of 1G)
2025-10-09 08:53:20.000    #60  this is the state again
2025-10-09 08:53:20.000      -  the module is gone
2025-10-09 08:53:20.000      -  the module is there
2025-10-09 08:53:20.000     #1  this is the state again
2025-10-09 08:53:20.000      -  the module is gone
! blksnap: monitor: the module went away; --follow waits for it
? 11
$ blksnap -j monitor
{"schema":"blksnap.monitor/1","type":"state","real_ns":1760000000000000000,"seq":"40","time_ns":5000000000000,"device":{"dev":"254:16","name":"vdb","state":"snapshot","capacity_bytes":1073741824,"snapshot_id":"1","image_dev":"252:3","keep":true,"unit_bytes":4096,"cbt_cell_bytes":65536,"cbt_generation":"01020304-0506-0708-090a-0b0c0d0e0f10","cbt_number":4,"cbt_memory_bytes":4096,"error":null,"seq":"40"}}
{"schema":"blksnap.monitor/1","type":"state","real_ns":1760000000000000000,"seq":"41","time_ns":5000000000000,"snapshot":{"id":"1","uuid":"3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11","name":"nightly","state":"taken","error":null,"phase":null,"error_dev":null,"error_offset_bytes":null,"level":"ok","area_total_bytes":1073741824,"area_used_bytes":536870912,"low_bytes":107374080,"clear_bytes":214748160,"grace_ms":2000,"taken_ns":4700000000000,"taken_real_ns":1759999700000000000,"gate_ns":3000000,"freeze_ns":41000000,"seq":"41","members":[{"dev":"254:16","name":"vdb","image_dev":"252:3","image_name":"blksnap3","image_path":"/dev/blksnap3","capacity_bytes":1073741824,"freeze_result":"frozen","error":null,"cbt_generation":"01020304-0506-0708-090a-0b0c0d0e0f10","cbt_number":4,"openers":2,"held":false,"area_used_bytes":null}]}}
{"schema":"blksnap.monitor/1","type":"sync","real_ns":1760000000000000000,"seq":"42","resync":false,"instance":"81985529216486895"}
{"schema":"blksnap.monitor/1","type":"lost","real_ns":1760000000000000000,"seq":"42","lost":12}
{"schema":"blksnap.monitor/1","type":"state","real_ns":1760000000000000000,"seq":"40","time_ns":5000000000000,"device":{"dev":"254:16","name":"vdb","state":"snapshot","capacity_bytes":1073741824,"snapshot_id":"1","image_dev":"252:3","keep":true,"unit_bytes":4096,"cbt_cell_bytes":65536,"cbt_generation":"01020304-0506-0708-090a-0b0c0d0e0f10","cbt_number":4,"cbt_memory_bytes":4096,"error":null,"seq":"40"}}
{"schema":"blksnap.monitor/1","type":"state","real_ns":1760000000000000000,"seq":"41","time_ns":5000000000000,"snapshot":{"id":"1","uuid":"3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11","name":"nightly","state":"taken","error":null,"phase":null,"error_dev":null,"error_offset_bytes":null,"level":"ok","area_total_bytes":1073741824,"area_used_bytes":536870912,"low_bytes":107374080,"clear_bytes":214748160,"grace_ms":2000,"taken_ns":4700000000000,"taken_real_ns":1759999700000000000,"gate_ns":3000000,"freeze_ns":41000000,"seq":"41","members":[{"dev":"254:16","name":"vdb","image_dev":"252:3","image_name":"blksnap3","image_path":"/dev/blksnap3","capacity_bytes":1073741824,"freeze_result":"frozen","error":null,"cbt_generation":"01020304-0506-0708-090a-0b0c0d0e0f10","cbt_number":4,"openers":2,"held":false,"area_used_bytes":null}]}}
{"schema":"blksnap.monitor/1","type":"sync","real_ns":1760000000000000000,"seq":"60","resync":true,"instance":"81985529216486895"}
{"schema":"blksnap.monitor/1","type":"gone","real_ns":1760000000000000000,"seq":null}
{"schema":"blksnap.monitor/1","type":"back","real_ns":1760000000000000000,"seq":null}
{"schema":"blksnap.monitor/1","type":"sync","real_ns":1760000000000000000,"seq":"1","resync":true,"instance":"81985529216486896"}
{"schema":"blksnap.monitor/1","type":"gone","real_ns":1760000000000000000,"seq":null}
{"schema":"blksnap.error/1","error":{"exit":11,"code":"module-gone","errno":null,"command":"monitor","subject":null,"message":"the module went away","hint":"--follow waits for it","kernel":null,"attribute":null,"phase":null,"dev":null,"offset_bytes":null}}
! blksnap: monitor: the module went away; --follow waits for it
? 11
