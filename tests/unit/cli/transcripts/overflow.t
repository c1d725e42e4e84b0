# A snapshot that is lost says why.
# over ../states/overflow.rec
$ blksnap snapshot show nightly
nightly  3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11  overflow
  broken by   ENOSPC in phase store
              its area was full
  taken       2025-10-09 08:48:20.000
  writes held 3 ms
  frozen      41 ms
  area        1G of 1G (overflow), low below 102M free
  grace       2000 ms
  vdb  ->  /dev/blksnap3  1G  frozen
      since-number 01020304-0506-0708-090a-0b0c0d0e0f10:4
