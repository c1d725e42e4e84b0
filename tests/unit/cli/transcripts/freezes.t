# A kernel that freezes nothing: whoever asks for it is refused.
# over freezes.rec
$ blksnap snapshot create x -d vdb -a vdd
! blksnap: snapshot create: x: nothing is frozen here [snapshot.freeze]
? 1
$ blksnap snapshot create x -d vdb -a vdd --no-freeze
x  {...}  1 device  writes held 3 ms
  vdb  ->  /dev/blksnap3
$ blksnap run --name x -d vdb -a vdd -- true
! blksnap: run: x: nothing is frozen here [snapshot.freeze]
? 125
$ blksnap run --no-freeze -d vdb -a vdd -- true
$ blksnap apply declared/frozen.conf
+ snapshot x: of vdb, area 1022M  (not done)
0 changed
! blksnap: apply: x: nothing is frozen here [snapshot.freeze]
? 1
$ blksnap apply declared/thawed.conf
+ snapshot x: of vdb, area 1022M
1 changed
$ blksnap -v -n apply declared/frozen.conf
+ snapshot x: of vdb, area 1022M
1 to change
! blksnap: apply: connected to a recorded kernel
! blksnap: apply: x: member vdb
! blksnap: apply: x: to be frozen: vdb
$ blksnap -v -n apply declared/thawed.conf
+ snapshot x: of vdb, area 1022M
1 to change
! blksnap: apply: connected to a recorded kernel
! blksnap: apply: x: member vdb
