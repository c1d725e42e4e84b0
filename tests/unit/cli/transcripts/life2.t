# What is done around a snapshot, as people see it. Disks of 256M, nothing attached.
$ blksnap -n image release none 0+4K
! blksnap: image release: none: {......}
? 3
$ blksnap device attach vda
vda: tracked
$ blksnap check
ok        1 object looked at
$ blksnap snapshot create two --device vda --area vdb:0+64M --no-freeze
two  {...}  1 device{......}
  vda  ->  /dev/blksnap{...}
$ blksnap -H -o name,level,size -S "devices=1 and total=64M" snapshot list
two	ok	67108864
$ blksnap wait state=taken two --timeout 10s
$ blksnap check two --crit "fill>=90"
ok        1 object looked at
$ blksnap wait "inflight>5" two
! blksnap: wait: two: it is a snapshot, which has no "inflight"; blksnap(8) lists what it can be asked for
? 2
$ blksnap image release two vda 0+1M
{...}: {......} given up
$ blksnap run --device vdc --area vdd:0+32M -- true
$ blksnap snapshot destroy two
two: destroyed
$ blksnap device detach vda
vda: detached
