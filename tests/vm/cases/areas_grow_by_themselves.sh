# shellcheck shell=bash
DESCRIPTION='extend an area that runs low from a list, up to a limit; wait and check see it'
SIZES='full'
DISKS=(64M 64M 64M 64M)

test_case() {
	local uuid
	load_module
	modprobe loop || skip 'no loop devices'
	mkdir "$SCRATCH/files"
	mount -t tmpfs -o size=64M none "$SCRATCH/files" || fail 'cannot mount a tmpfs'
	stamp "$DISK0" 1 0 65536
	printf '# pieces\n%s:0+512K\n' "$DISK2" >"$SCRATCH/list"
	watch_events blksnap autogrow --area "$DISK1:1M+256K" --list "$SCRATCH/list" --limit 2M --grace 30s
	step 'one that is low already, and one that gets low'
	expect_ok blksnap snapshot create n --device "$DISK0" --area "$DISK1:0+256K" --low 128K
	wait_until '[ "$(field grace_ms blksnap snapshot show n)" = 30000 ]'
	overwrite_units "$DISK0" 0 40 60
	expect_event 'n: extended by /dev/vdb:1M\+256K'
	expect_ok blksnap wait 'level=ok' n --timeout 30s
	expect_ok blksnap check n
	expect 1 "$(count_events extended)" 'extensions for one shortage'
	overwrite_units "$DISK0" 4000 40 60
	expect_event 'n: extended by /dev/vdc:0\+512K'
	step 'the list is at its end, and said so once; a longer one is read'
	expect_ok blksnap wait 'level=ok' n --timeout 30s
	overwrite_units "$DISK0" 8000 40 110
	expect_event 'n: low, and nothing is left to add'
	expect_fail 13 blksnap check n
	expect_fail 1 --says 'WARNING - snapshot n: area low' blksnap check --nagios n
	sleep 3
	expect 1 "$(count_events 'nothing is left')" 'times it said so'
	echo "file:$SCRATCH/files/more,size=512K" >>"$SCRATCH/list"
	expect_event 'n: extended by file:'
	expect_ok blksnap wait 'level=ok and total>1M' n --timeout 30s
	check_stamp "$(blksnap image path n)" 1 0 65536
	expect taken "$(state_of n)"
	step 'metrics'
	expect_ok blksnap metrics --output "$SCRATCH/metrics"
	expect "blksnap_area_size_bytes{snapshot=\"n\"} $((1536 << 10))" "$(grep ^blksnap_area_size "$SCRATCH/metrics")"
	expect '# EOF' "$(tail -n 1 "$SCRATCH/metrics")"
	step 'it ends, and the module is not held'
	kill %1
	wait %1
	expect 0 $? 'status of autogrow'
	step 'one that is named by its UUID, and no other'
	expect_ok blksnap snapshot create other --device "$DISK3" --area "$DISK2:8M+256K" --low 256K
	overwrite_units "$DISK3" 0 40 10
	expect_ok blksnap area set n --low 1536K --clear 1536K
	expect_ok blksnap wait level=low n --timeout 60s
	uuid=$(field uuid blksnap snapshot show other)
	timeout 300 blksnap autogrow "$uuid" --area "$DISK2:16M+512K" --area "$DISK2:24M+512K" --limit 1G &
	expect_ok blksnap wait 'level=ok and total=768K' other --timeout 60s
	kill %%
	wait %%
	expect $((1536 << 10)) "$(field area_total_bytes blksnap snapshot show n)" 'the area of the one not named'
	expect low "$(field level blksnap snapshot show n)" 'its level'
	expect_ok blksnap snapshot destroy other
	expect_ok blksnap snapshot destroy n
	expect_nothing_left
	unload_module
	expect_fail 9 blksnap check
	expect_fail 3 blksnap check --nagios
	expect 'blksnap_up 0' "$(blksnap metrics | grep ^blksnap_up)"
}
