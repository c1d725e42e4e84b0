# shellcheck shell=bash
DESCRIPTION='let each allocation and each request of the module fail, and work again after each'
KERNELS='debug'
DISKS=(16M 32M 64M)
ALONE=1
KMEMLEAK=1
ALLOW_LOG='(I/O error, dev|Buffer I/O error on dev|blksnap: snapshot [0-9]+ failed|a read of the difference area failed)'

# The quick size fails some of the places there are, every second one of them on the way of a take,
# PLACES=1000 each once; the full size every point of a life, one after the other, and then every place.
# Replay: SEED=… tests/vm/run --kernel debug every_failure_once
test_case() {
	local seed=${SEED:-1} which="${PLACES:-30} places" status=0
	if [ "$SIZE" = full ]; then
		seed=${SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
		which='9000 points'
	fi
	mkfs.ext4 -q "$DISK2"
	mkdir "$SCRATCH/mnt"
	mount "$DISK2" "$SCRATCH/mnt"
	load_module stall_ms=3000
	load_failer spare_major=$((0x$(stat -c %t "$DISK2"))) spare_minor=$((0x$(stat -c %T "$DISK2")))
	step "seed $seed"
	# shellcheck disable=SC2086 # two words
	VERBOSE=1 "$BLKSNAP_BUILD/tests/vm/tools/inject" "$DISK0" "$DISK1" "$DISK2" "$SCRATCH/mnt" \
		"$seed" $which || status=$?
	[ $status = 0 ] || fail "inject ended with $status; SEED=$seed replays"
	expect_ok rmmod failer
	expect_nothing_left
	unload_module
}
