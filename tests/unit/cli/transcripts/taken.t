# A snapshot is taken.
# over ../states/taken.rec
$ blksnap status
module    1.0, instance 0123456789abcdef
events    42 so far, replay from 1
memory    1M of 64M

DEVICE  DEV     STATE     SIZE  SNAPSHOT  KEEP  CELL  CBT-MEM  ERROR
vdb     254:16  snapshot    1G  nightly   yes    64K       4K  -

NAME     ID        STATE  DEVICES  LEVEL  FILL  USED  AREA  READERS  TAKEN
nightly  3f2b91c4  taken        1  ok      50%  512M    1G        2  2025-10-09 08:48:20.000
$ blksnap status vdd
! blksnap: status: vdd: neither a snapshot nor a tracked device; `blksnap status` shows all there are
? 3
$ blksnap info
module    1.0, instance 0123456789abcdef
events    42 so far, replay from 1
memory    1M of 64M
requests  at most 256 ranges
$ blksnap device list
DEVICE  DEV     STATE     SIZE  SNAPSHOT  KEEP  CELL  CBT-MEM  ERROR
vdb     254:16  snapshot    1G  nightly   yes    64K       4K  -
$ blksnap device show vdb
vdb  254:16  snapshot
  size             1G
  snapshot         1
  image            252:3
  kept             yes
  unit             4K
  tracking cell    64K
  generation       01020304-0506-0708-090a-0b0c0d0e0f10:4
  tracking memory  4K
  writes           1000, 39.0M
  copied           500 units, 19.5M
    ahead          3.9M
  stored           19.5M
  held writes      100, 2 ms each on average
  image reads      10, 10M
  dropped discards 1M; fstrim gives that space back once the snapshot is gone
  errors           0
  memory           64K and 4K of metadata
$ blksnap snapshot list
NAME     ID        STATE  DEVICES  LEVEL  FILL  USED  AREA  TAKEN
nightly  3f2b91c4  taken        1  ok      50%  512M    1G  2025-10-09 08:48:20.000
$ blksnap snapshot show night
! blksnap: snapshot show: night: no snapshot of that name or UUID; `blksnap snapshot list` shows them
? 3
$ blksnap snapshot show nightly
nightly  3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11  taken
  taken       2025-10-09 08:48:20.000
  writes held 3 ms
  frozen      41 ms
  area        512M of 1G (ok), low below 102M free
  grace       2000 ms
  vdb  ->  /dev/blksnap3  1G  frozen
      since-number 01020304-0506-0708-090a-0b0c0d0e0f10:4
$ blksnap snapshot show 3f2b
nightly  3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11  taken
  taken       2025-10-09 08:48:20.000
  writes held 3 ms
  frozen      41 ms
  area        512M of 1G (ok), low below 102M free
  grace       2000 ms
  vdb  ->  /dev/blksnap3  1G  frozen
      since-number 01020304-0506-0708-090a-0b0c0d0e0f10:4
$ blksnap area list
SNAPSHOT  STATE  LEVEL  FILL  USED  FREE  SIZE   LOW    GRACE  RANGES
nightly   taken  ok      50%  512M  512M    1G  102M  2000 ms       1
$ blksnap area show nightly
nightly  3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11  taken
  area        512M of 1G (ok), low below 102M free
  grace       2000 ms
DEVICE  START  LENGTH  USED
vdc        0B      1G  512M
$ blksnap image list
SNAPSHOT  ORIGIN  IMAGE          DEV    SIZE  STATE
nightly   vdb     /dev/blksnap3  252:3    1G  taken
$ blksnap image path nightly
/dev/blksnap3
$ blksnap image path /dev/blksnap/nightly/vdb
/dev/blksnap3
$ blksnap image wait nightly
/dev/blksnap3
$ blksnap image show /dev/blksnap3
/dev/blksnap3  252:3  readable
  snapshot     nightly
  origin       vdb, 254:16
  size         1G
  file system  frozen
  since-number 01020304-0506-0708-090a-0b0c0d0e0f10:4
  open         2 times
$ blksnap cbt reset vdb
! blksnap: cbt reset: vdb: is in a snapshot, whose changes it tells; destroy its snapshot first
? 4
$ blksnap device list --all
DEVICE  DEV     STATE       SIZE  SNAPSHOT  KEEP  CELL  CBT-MEM  ERROR
vdb     254:16  snapshot      1G  nightly   yes    64K       4K  -
vda     254:0   untracked    20G  -         no       -        -  -
vda1    254:1   untracked  19.9G  -         no       -        -  -
vdc     254:32  untracked     1G  -         no       -        -  -
vdd     254:48  untracked     1G  -         no       -        -  -
$ blksnap cbt info vdb
generation  01020304-0506-0708-090a-0b0c0d0e0f10
interval    4
cell        64K
memory      4K
$ blksnap cbt export vdb --since 01020304-0506-0708-090a-0b0c0d0e0f10:2
1048576	262144
4194304	65536
$ blksnap cbt export vdb --since 01020304-0506-0708-090a-0b0c0d0e0f10:2 --format ddrescue
# Mapfile. Changed blocks, by blksnap
# current_pos  current_status  current_pass
0x00000000     ?               1
#      pos        size  status
0x00000000  0x00100000  +
0x00100000  0x00040000  ?
0x00140000  0x002C0000  +
0x00400000  0x00010000  ?
0x00410000  0x3FBF0000  +
$ blksnap cbt export vdb --since 01020304-0506-0708-090a-0b0c0d0e0fff:2
! blksnap: cbt export: vdb: the generation is another one [device.cbt-generation]; the chain is broken: make a full backup
? 7
$ blksnap cbt check vdb --since 01020304-0506-0708-090a-0b0c0d0e0f10:2
vdb: the chain is whole, something changed
$ blksnap stat 1 1
DEVICE  W/s  WRITE/s  UNITS/s  COW/s  AREA/s  HELD/s  HELD-AVG  IR/s  IREAD/s  INFL  MEM
vdb     100       0B      100     2M      0B       0         -     0       0B     1  64K
$ blksnap monitor --now
2025-10-09 08:53:20.000      =  device vdb: snapshot, 1G
2025-10-09 08:53:20.000      =  snapshot nightly: taken, 1 device, area ok (512M of 1G)
2025-10-09 08:53:20.000    #42  this is the state
$ blksnap snapshot list -H -o name,fill,age
nightly	50	300
$ blksnap snapshot list -S "fill<50 or state=failed"
NAME  ID  STATE  DEVICES  LEVEL  FILL  USED  AREA  TAKEN
$ blksnap snapshot list -S "fil>5"
! blksnap: snapshot list: -S: there is no field "fil"; is "fill" meant? (after 0 characters of "fil>5"); `-o help` lists the columns
? 2
$ blksnap snapshot list --sort nothing
! blksnap: snapshot list: --sort: there is no column "nothing"; there are name, uuid, id, state, devices, level, fill, used, free, size, low, clear, grace, readers, taken, age, gate, frozen, error, rate, ttfull
? 2
$ blksnap -u si snapshot list
NAME     ID        STATE  DEVICES  LEVEL  FILL   USED   AREA  TAKEN
nightly  3f2b91c4  taken        1  ok      50%  536MB  1.0GB  2025-10-09 08:48:20.000
$ blksnap -u bytes area list
SNAPSHOT  STATE  LEVEL  FILL       USED       FREE        SIZE        LOW    GRACE  RANGES
nightly   taken  ok      50%  536870912  536870912  1073741824  107374080  2000 ms       1
$ blksnap -n snapshot create weekly -d vdd -a vdc:0+64M zram:64M --low 10%
weekly: would be taken, area 128M
  vdd
$ blksnap -n snapshot destroy nightly
nightly: would be destroyed
1M of discards were not passed to the devices; run fstrim -a to give that space back
$ blksnap -n device attach vdd vdb
vdd: would be attached
vdb: attached already, unchanged
$ blksnap device attach vdb --cell 4K
! blksnap: device attach: vdb: is tracked with cells of 64K; detach it first, or leave --cell out
? 4
$ blksnap area set nightly --low 200%
! blksnap: area set: --low: "200%" is more than all of the area; see --help
? 2
$ blksnap stat 0.5
! blksnap: stat: 0.5: "0.5" is not a whole number; see --help
? 2
$ blksnap stat 1 0
! blksnap: stat: 0: 0 is no count; see --help
? 2
$ blksnap -o name,discarded device list -S "discarded>=1M"
DEVICE  DISCARDED
vdb            1M
$ blksnap -H -o name device list --sort -discarded
vdb
$ blksnap -H -o name device list -S "discarded<1M"
$ blksnap -H -o name,rate,ttfull snapshot list
nightly	-	-
$ blksnap -H -o gate,frozen,grace snapshot list
0.003	0.041	2
$ blksnap -H -o name -S "members=1 and total=1G" snapshot list
nightly
$ blksnap -H -o name,total,used -S "name=nightly" area list
nightly	1073741824	536870912
$ blksnap wait "size=1G and devices=1" nightly
$ blksnap wait "inflight>5" nightly
! blksnap: wait: nightly: it is a snapshot, which has no "inflight"; blksnap(8) lists what it can be asked for
? 2
$ blksnap wait "state=tracked and fill>5" vdb
! blksnap: wait: vdb: it is a device, which has no "fill"; blksnap(8) lists what it can be asked for
? 2
$ blksnap check --crit "fill>=40" vdb
! blksnap: check: --crit: nothing that is named has "fill"; blksnap(8) lists what has which
? 2
$ blksnap check --crit "fill>=40" vdb nightly
critical  snapshot nightly: area ok, 50% used
? 14
$ blksnap -j wait "fill>=90 or inflight<0" --any --timeout 20ms
{
 "schema": "blksnap.error/1",
 "error": {
  "exit": 8,
  "code": "timeout",
{......}
{......}
{......}
{......}
{......}
{......}
{......}
{......}
{......}
{......}
 }
}
! blksnap: wait: {......}
? 8
