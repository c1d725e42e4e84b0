# Paths of a multipath map, whose writes nobody sees there.
# over ../states/paths.rec
# at well
$ blksnap device attach sdb
! blksnap: device attach: sdb: sdb is a path of mpatha, whose writes cannot be seen on it; name the map
? 1
$ blksnap device attach sda1
! blksnap: device attach: sda1: sda1 is a path of mpatha, whose writes cannot be seen on it; name the map
? 1
$ blksnap snapshot create x -d sda -a vdb
! blksnap: snapshot create: x: sda is a path of mpatha, whose writes cannot be seen on it; name the map
? 1
$ blksnap run -d sda -a vdb -- true
! blksnap: run: {...} sda is a path of mpatha, whose writes cannot be seen on it; name the map
? 125
$ blksnap doctor
ok       module     1.0 is loaded
ok       netlink    the module answers
warning  version    module 1.0, program {...} (D031)
                    install both of one version; load the new module when no snapshot is left
FAIL     paths      devices tracked that are paths of multipath maps, whose writes are not seen: 1 of 2 (D072)
                    detach them, attach the maps (lsblk -s shows both), and make full backups
ok       space      no area runs low, no snapshot is lost
ok       udev       its rules are installed
? 14
