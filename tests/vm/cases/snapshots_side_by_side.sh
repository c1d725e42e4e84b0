# shellcheck shell=bash
DESCRIPTION='keep several snapshots of different devices at once, their areas on one disk'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(32M 32M 32M 160M)

test_case() {
	local i dev
	load_module
	for i in 0 1 2; do
		dev=$(disk_path $i)
		stamp "$dev" $((i + 1))
		expect_ok blksnap snapshot create "night$i" --device "$dev" --area "$DISK3:$((i * 40))M+40M"
	done
	for i in 0 1 2; do
		scribble "$(disk_path $i)" "$i" "$(scaled 40 500 10)" mixed >/dev/null &
		writers[i]=$!
	done
	wait "${writers[@]}" || fail 'a writer failed'
	expect_fail any --says 'in a snapshot already' blksnap snapshot create again --device "$DISK1" --area "$DISK3:120M+30M"
	step 'one goes, another of its device comes, the others are not touched'
	expect_ok blksnap snapshot destroy night1
	stamp "$DISK1" 7
	expect_ok blksnap snapshot create again --device "$DISK1" --area "$DISK3:40M+40M"
	stamp "$DISK1" 8
	check_stamp "$(blksnap image path again)" 7
	step 'one overflows alone'
	expect_ok blksnap snapshot destroy again
	expect_ok blksnap snapshot create small --device "$DISK1" --area "$DISK3:40M+1M"
	stamp "$DISK1" 9
	wait_until '[ "$(state_of small)" = overflow ]'
	for i in 0 2; do
		expect taken "$(state_of night$i)"
		drop_caches "$(blksnap image path night$i)"
		check_stamp "$(blksnap image path night$i)" $((i + 1))
	done
	check_stamp "$DISK1" 9
	for i in night2 small night0; do
		expect_ok blksnap snapshot destroy $i
	done
	expect_nothing_left
	unload_module
}
