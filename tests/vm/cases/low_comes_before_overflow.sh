# shellcheck shell=bash
DESCRIPTION='say that the area is low before it overflows, however fast it fills'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)
TIMEOUT=1800

test_case() {
	local i n low over
	load_module
	n=$(scaled 3 200 2)
	watch_events
	expect_event 'this is the state' >/dev/null
	for ((i = 1; i <= n; i++)); do
		expect_ok blksnap snapshot create "run$i" --device "$DISK0" --area "$DISK1:0+256K" --low 4K
		dd if=/dev/zero of="$DISK0" bs=1M count=4 oflag=direct status=none
		expect_event "snapshot run$i: area overflow" 60 >/dev/null
		low=$(grep -n "snapshot run$i: area low" "$EVENTS" | head -n 1)
		over=$(grep -n "snapshot run$i: area overflow" "$EVENTS" | head -n 1)
		expect_that "${low%%:*} < ${over%%:*}"
		expect_ok blksnap snapshot destroy "run$i"
	done
	expect_nothing_left
}
