# An area that fills, looked at twice.
# over fills.rec
$ blksnap area list --sample 1s
SNAPSHOT  STATE  LEVEL  FILL  USED  FREE  SIZE   LOW    GRACE  RANGES  RATE  TO-FULL
nightly   taken  ok      50%  513M  511M    1G  102M  2000 ms       1    1M    8m31s
$ blksnap -H -o snapshot,rate,ttfull area list --sample 1s
nightly	1048576	511
$ blksnap -H -o snapshot -S "ttfull<10m" area list --sample 1s
nightly
$ blksnap -H -o snapshot -S "ttfull<5m" area list --sample 1s
