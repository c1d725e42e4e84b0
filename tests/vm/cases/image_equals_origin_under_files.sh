# shellcheck shell=bash
DESCRIPTION='prove the image of a file system that fio writes in four ways, taken while frozen by the user'
QUICK_ON='6.12'
DISKS=(48M 64M 48M 48M)

test_case() {
	local image toucher
	. "$BLKSNAP_TOP/tests/vm/guest/images.sh"
	need fio mkfs.ext4
	load_module
	expect_ok mkfs.ext4 -q -b 1024 "$DISK0"
	mkdir -p "$SCRATCH/mnt"
	mount "$DISK0" "$SCRATCH/mnt" || fail 'cannot mount'
	scribble_files 1
	expect_ok fsfreeze -f "$SCRATCH/mnt"
	defer fsfreeze -u "$SCRATCH/mnt"
	dd if="$DISK0" of="$DISK2" iflag=direct oflag=direct bs=1M status=none || fail 'cannot copy'
	expect_ok blksnap snapshot create night --device "$DISK0" --area "$DISK1"
	image=$(blksnap image path night)
	expect_match '"freeze_result": "by-user"' "$(blksnap -j snapshot show night)"

	step 'what the user froze is frozen still'
	touch "$SCRATCH/mnt/new" &
	toucher=$!
	wait_until 'grep -q percpu_rwsem_wait /proc/$toucher/stack || ! kill -0 $toucher'
	kill -0 $toucher || fail 'wanted the file system frozen, got a file made'
	expect_same "$DISK2" "$image" 'while frozen'
	expect_ok fsfreeze -u "$SCRATCH/mnt"
	wait $toucher || fail 'wanted the file made, got an error'
	scribble_files 2
	drop_caches "$image"
	expect_same "$DISK2" "$image" 'after the load'
	expect_that "$(counter "$DISK0" cow_units) > 100" 'units copied'
	expect 0 "$(counter "$DISK0" errors)" errors
}

scribble_files() { # SEED
	local engine
	{
		printf '[global]\ndirectory=%s\nsize=6M\nrw=randwrite\nbsrange=1k-256k\nrandseed=%d\nio_size=%dM\nfallocate=none\n' \
			"$SCRATCH/mnt" "$1" "$(scaled 4 60)"
		printf '[buffered]\nioengine=psync\nfsync=16\n'
		printf '[direct]\nioengine=libaio\niodepth=8\ndirect=1\n'
		printf '[uring]\nioengine=io_uring\niodepth=8\ndirect=1\n'
		printf '[mapped]\nioengine=mmap\nbsrange=512-256k\n'
	} >"$SCRATCH/job"
	fio --output="$SCRATCH/fio" "$SCRATCH/job" || fail "fio: $(tail -n 5 "$SCRATCH/fio")"
	sync -f "$SCRATCH/mnt"
}
