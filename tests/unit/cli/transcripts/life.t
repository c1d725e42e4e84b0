# The life of a snapshot, as people see it. Disks of 256M, nothing attached.
$ blksnap device list
DEVICE  DEV  STATE  SIZE  SNAPSHOT  KEEP  CELL  CBT-MEM  ERROR
$ blksnap device attach /dev/vda
/dev/vda: tracked
$ blksnap device attach /dev/vda
/dev/vda: tracked already, unchanged
$ blksnap device attach /dev/vda --cell 4K
! blksnap: device attach: /dev/vda: is tracked with cells of 64K; detach it first, or leave --cell out
? 4
$ blksnap device list
DEVICE  DEV    STATE    SIZE  SNAPSHOT  KEEP  CELL  CBT-MEM  ERROR
vda     {...}  tracked  256M  -         yes    64K  {......}  -
$ blksnap -n snapshot create night --device vda --area vdb
night: would be taken, area 254M
  vda
$ blksnap snapshot create night --device vda --area vdb:0+64M
night  {...}  1 device{......}
  vda  ->  /dev/blksnap{...}
$ blksnap snapshot create night --device vdc --area vdb:64M+64M
! blksnap: snapshot create: night: {......}; choose another name, or destroy that one
? 4
$ blksnap snapshot create wrong --device vda --area vda
! blksnap: snapshot create: vda: {......}
? 4
$ blksnap -H -o name,state,level,size snapshot list
night	taken	ok	67108864
$ blksnap area set night --low 10% --grace 1s
night: set
  area        {......}, low below 6.3M free
  grace       1000 ms
$ blksnap area set night --grace 1s
night: unchanged
  area        {......}, low below 6.3M free
  grace       1000 ms
$ blksnap area extend night vdb:64M+64M
night: {...} of 128M used (ok)
$ blksnap area extend night vdb:64M+64M
night: unchanged, {......} of 128M used (ok)
$ blksnap area extend night vdb:96M+64M
! blksnap: area extend: vdb:96M+64M: the area has a part of it; `blksnap area show` tells which
? 4
$ blksnap snapshot rename night day
night: renamed to day
$ blksnap snapshot show night
! blksnap: snapshot show: night: no snapshot of that name or UUID; `blksnap snapshot list` shows them
? 3
$ blksnap device detach vda
! blksnap: device detach: vda: {......}; destroy its snapshot first
? 4
$ blksnap -H -o origin,size,readable image list -S readable
vda	268435456	yes
$ blksnap snapshot destroy day
day: destroyed
$ blksnap snapshot destroy day --if-exists
day: there is none, unchanged
$ blksnap device detach vda
vda: detached
$ blksnap device detach vda
vda: not attached, unchanged
