# No module.
# over ../states/absent.rec
# at bare
$ blksnap status
! blksnap: status: the module blksnap is not loaded; load it with modprobe blksnap
? 9
$ blksnap version
blksnap {...}, module not loaded
$ blksnap snapshot create x -d vdd -a vdc
! blksnap: snapshot create: x: the module blksnap is not loaded; load it with modprobe blksnap
? 9
$ blksnap help snapshot rename
Usage: blksnap snapshot rename NAME NEW-NAME

Give a snapshot another name.

Options:
  -j, --json                    print JSON
  -p, --pretty                  print JSON for people: indented, streams too
  -u, --units iec|si|bytes      how sizes are written
  -q, --quiet                   say what failed, not what was done
  -v, --verbose                 say on standard error what is being done
      --color auto|always|never
                                states in colour (auto: on a terminal, unless NO_COLOR is set)
  -n, --dry-run                 say what would be done, and do nothing
      --source FILE             answers of a recorded kernel instead of this one's
      --record FILE             write what the kernel answers to a file, for --source
  -h, --help                    print this help
$ blksnap help snapshot nonsense
! blksnap: help: snapshot: unknown verb "nonsense"; see blksnap --help
? 2
$ blksnap help snapshot destory
! blksnap: help: snapshot: unknown verb "destory"; is "destroy" meant?; see blksnap --help
? 2
$ blksnap help snapshto
! blksnap: help: unknown command "snapshto"; is "snapshot" meant?; see blksnap --help
? 2
$ blksnap area list --sort -useed
! blksnap: area list: --sort: there is no column "useed"; is "used" meant?; there are snapshot, uuid, id, state, devices, level, fill, used, free, size, low, clear, grace, readers, taken, age, gate, frozen, error, rate, ttfull, ranges
? 2
$ blksnap doctor
FAIL     headers    the headers of kernel 6.1.0-x are missing, so the module cannot be built (D012)
                    apt install linux-headers-6.1.0-x
FAIL     module     it is not built for the running kernel 6.1.0-x (D011)
                    dkms autoinstall -k 6.1.0-x, and see /var/lib/dkms/blksnap if it fails
warning  udev       its rules are missing: images may take over links by UUID, and be scanned by LVM and md (D040)
                    install 10-blksnap.rules, then udevadm control --reload
note     loop       there are no loop devices: file: areas cannot be made (D061)
                    modprobe loop
? 14
$ blksnap -j report
{
 "schema": "blksnap.report/1",
 "program": "{......}",
 "machine": {
  "kernel": "6.1.0-x",
  "kernel_version": "{......}",
  "machine": "{......}",
  "system": "Some Linux"
 },
 "findings": [
  {
   "id": "D012",
   "level": "failure",
   "subject": "headers",
   "text": "the headers of kernel 6.1.0-x are missing, so the module cannot be built",
   "fix": "apt install linux-headers-6.1.0-x"
  },
  {
   "id": "D011",
   "level": "failure",
   "subject": "module",
   "text": "it is not built for the running kernel 6.1.0-x",
   "fix": "dkms autoinstall -k 6.1.0-x, and see /var/lib/dkms/blksnap if it fails"
  },
  {
   "id": "D040",
   "level": "warning",
   "subject": "udev",
   "text": "its rules are missing: images may take over links by UUID, and be scanned by LVM and md",
   "fix": "install 10-blksnap.rules, then udevadm control --reload"
  },
  {
   "id": "D061",
   "level": "note",
   "subject": "loop",
   "text": "there are no loop devices: file: areas cannot be made",
   "fix": "modprobe loop"
  }
 ],
 "module": null,
 "module_error": "the module blksnap is not loaded",
 "snapshots": [],
 "devices": [],
 "stats": [],
 "kernel_log": null
}
