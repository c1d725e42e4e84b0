# A module that is unloaded between two looks.
# over leaving.rec
$ blksnap stat 1
DEVICE  W/s  WRITE/s  UNITS/s  COW/s  AREA/s  HELD/s  HELD-AVG  IR/s  IREAD/s  INFL  MEM
vdb     100       0B      100     2M      0B       0         -     0       0B     1  64K

! blksnap: stat: the module went away; begin again when it is back
? 11
$ blksnap stat 1 -H -o name,writes
vdb	100
! blksnap: stat: the module went away; begin again when it is back
? 11
