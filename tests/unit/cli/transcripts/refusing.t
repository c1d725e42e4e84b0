# A kernel that refuses; its sentence is passed on.
# over ../states/refusing.rec
$ blksnap device attach vdd
! blksnap: device attach: vdd: CAP_SYS_ADMIN in the initial user namespace is needed; run it as root
? 5
$ blksnap device detach vdb
! blksnap: device detach: vdb: the device is in a snapshot [device.dev]; destroy its snapshot first
? 4
$ blksnap snapshot create nightly -d vdd -a vdc
! blksnap: snapshot create: nightly: a snapshot of that name exists [snapshot.name]; choose another name, or destroy that one
? 4
$ blksnap snapshot destroy nightly
! blksnap: snapshot destroy: nightly: an image is open [snapshot.id]; close it, or give --force: its readers get EIO
? 4
$ blksnap area set nightly --low 50% --clear 10%
! blksnap: area set: nightly: clear is below low [snapshot.clear]
? 1
$ blksnap area extend nightly vdd
! blksnap: area extend: nightly: the range overlaps one of an area [snapshot.range[0]]; `blksnap area show` lists the ranges
? 4
$ blksnap area remove nightly vdc
! blksnap: area remove: nightly: the range holds copies [snapshot.range[0]]; `blksnap area show` lists the ranges
? 4
$ blksnap cbt mark vdb 0+4K
! blksnap: cbt mark: vdb: the extent is beyond the end of the device [device.extent[0].count]
? 1
$ blksnap snapshot create x -d vdb -a vdb
! blksnap: snapshot create: vdb: vdb is in the snapshot itself; choose another device or file system
? 4
$ blksnap snapshot create x -d vdb -d vdb -a vdc
! blksnap: snapshot create: x: vdb is named twice; name everything once
? 2
$ blksnap snapshot create x -d vdd -a vda1
! blksnap: snapshot create: vda1: vda1 is mounted on /; choose another device or file system
? 4
$ blksnap snapshot create x -d vdz -a vdc
! blksnap: snapshot create: vdz: no such block device; `blksnap device list --all` shows them
? 3
$ blksnap snapshot create x -d vdd -a file:/x,size=1GB
! blksnap: snapshot create: file:/x,size=1GB: "1GB" could be powers of 1000 or 1024; write G for 1024; see --help
? 2
