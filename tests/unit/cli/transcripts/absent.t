# No module.
# over ../states/absent.rec
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
