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
$ blksnap area list -o snapshot,state,error,fill
SNAPSHOT  STATE   ERROR  FILL
nightly   failed  EIO     50%
$ blksnap area show nightly
nightly  3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11  failed
  broken by   EIO in phase copy on 254:16 at sector 4096
              the origin could not be read before it was overwritten
  area        512M of 1G (ok), low below 102M free
  grace       2000 ms
DEVICE  START  LENGTH  USED
vdc        0B      1G  512M
$ blksnap -j area list
{
 "schema": "blksnap.area.list/1",
 "areas": [
  {
   "snapshot": "nightly",
   "uuid": "3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11",
   "state": "failed",
   "error": "EIO",
   "level": "ok",
   "total_bytes": 1073741824,
   "used_bytes": 536870912,
   "low_bytes": 107374080,
   "clear_bytes": 214748160,
   "grace_ms": 2000,
   "fill_bytes_per_second": null,
   "time_to_full_seconds": null,
   "seq": "{...}",
   "ranges": [
    {
     "dev": "254:32",
     "name": "vdc",
     "start_bytes": 0,
     "length_bytes": 1073741824,
     "used_bytes": 536870912
    }
   ]
  }
 ]
}
