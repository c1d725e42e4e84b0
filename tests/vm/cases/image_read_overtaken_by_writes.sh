# shellcheck shell=bash
DESCRIPTION='read old content although a write overtakes the reader, who is throttled'
QUICK_ON='6.12'
KERNELS='6.1 6.12 debug'
DISKS=(24M 32M 24M 24M)

# The limit is the origin's: the image's own reads of it are parked with the
# reader's account after they were told to read the origin, and meanwhile the
# writer, who has no limit, overwrites it.
test_case() {
	local image group=/sys/fs/cgroup/reader reader i before overtaken status=0
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	load_module
	stamp "$DISK0" 1
	drop_caches "$DISK0"
	echo +io >/sys/fs/cgroup/cgroup.subtree_control || skip 'no io controller'
	mkdir $group
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	image=$(blksnap image path night)
	echo "$(cat "/sys/block/${DISK0##*/}/dev") rbps=$((512 * 1024))" >$group/io.max ||
		skip 'no io.max'
	# 2 MiB at a time: the reader needs 4 s for them, the writer less than one
	for ((i = 0; i < 6; i++)); do
		before=$(counter "$DISK0" image_read_bytes)
		(
			echo $BASHPID >$group/cgroup.procs
			exec "$diskpat" check "$image" 1 $((i * 8192)) 4096 >"$SCRATCH/reader" 2>&1
		) &
		reader=$!
		wait_until "[ \"\$(counter $DISK0 image_read_bytes)\" != $before ] || ! kill -0 $reader 2>/dev/null"
		stamp "$DISK0" 2 $((i * 8192)) 4096
		wait $reader || status=$?
		expect 0 $status "reader: $(cat "$SCRATCH/reader")"
		overtaken=$(counter "$DISK0" image_retry_bytes)
		[ $i -lt 2 ] || [ "$overtaken" = 0 ] || break
	done
	expect_that 'overtaken > 0' 'bytes read that a write overtook'

	step 'everywhere, without a limit'
	start_readers "$image"
	stamp "$DISK0" 3
	end_readers
	drop_caches "$image"
	check_stamp "$image" 1
	check_stamp "$DISK0" 3
}
