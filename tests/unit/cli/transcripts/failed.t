# A snapshot that is lost says why.
# over ../states/failed.rec
$ blksnap snapshot show nightly
nightly  3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11  failed
  broken by   EIO in phase copy on 254:16 at sector 4096
              the origin could not be read before it was overwritten
  taken       2025-10-09 08:48:20.000
  writes held 3 ms
  frozen      41 ms
  area        512M of 1G (ok), low below 102M free
  grace       2000 ms
  vdb  ->  /dev/blksnap3  1G  frozen  EIO
      since-number 01020304-0506-0708-090a-0b0c0d0e0f10:4
