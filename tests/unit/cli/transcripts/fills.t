# An area that fills, looked at twice.
# over fills.rec
$ blksnap area list --sample 1s
SNAPSHOT  STATE  LEVEL  FILL  USED  FREE  SIZE   LOW    GRACE  RATE  TO-FULL  RANGES
nightly   taken  ok      50%  513M  511M    1G  102M  2000 ms    1M    8m31s       1
$ blksnap -H -o snapshot,rate,ttfull area list --sample 1s
nightly	1048576	511
$ blksnap -H -o snapshot -S "ttfull<10m" area list --sample 1s
nightly
$ blksnap -H -o snapshot -S "ttfull<5m" area list --sample 1s
$ blksnap snapshot list --sample 1s
NAME     ID        STATE  DEVICES  LEVEL  FILL  USED  AREA  TAKEN                    RATE  TO-FULL
nightly  3f2b91c4  taken        1  ok      50%  513M    1G  2025-10-09 08:48:20.000    1M    8m31s
$ blksnap -H -o name,rate,ttfull snapshot list --sample 1s
nightly	1048576	511
$ blksnap -H -o name -S "ttfull<10m" --sort ttfull snapshot list --sample 1s
nightly
$ blksnap -H -o name -S "ttfull<5m" snapshot list --sample 1s
$ blksnap -H -o name,ttfull snapshot list
nightly	-
$ blksnap snapshot list --sample 1ms
! blksnap: snapshot list: --sample: from 400ms to 10s are sensible; see --help
? 2
