# A module that is unloaded.
# over ../states/ends.rec
$ blksnap monitor
2025-10-09 08:53:20.000      =  device vdb: snapshot, 1G
2025-10-09 08:53:20.000      =  snapshot nightly: taken, 1 device, area ok (512M of 1G)
2025-10-09 08:53:20.000    #42  this is the state
2025-10-09 08:53:20.000    #43  snapshot nightly: area low, 47.4M free of 1G
2025-10-09 08:53:20.000      -  the module is gone
! blksnap: monitor: the module went away; --follow waits for it
? 11
