# shellcheck shell=bash
DESCRIPTION='refuse the numbers of another generation with status 7, and take marks'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M 64M 64M)

test_case() {
	local first second
	load_module
	expect_ok blksnap device attach "$DISK0"
	first=$(interval_of "$DISK0")
	first=${first%:*}
	expect '' "$(blksnap cbt export "$DISK0" --since "$first:0")" 'nothing written'
	step 'marks'
	expect_ok blksnap cbt mark "$DISK0" 1M+4K 3M+192K
	expect "1048576	65536
3145728	196608" "$(blksnap cbt export "$DISK0" --since "$first:0")"
	expect_fail any --says 'beyond the end' blksnap cbt mark "$DISK0" 63M+2M
	expect_fail any --says 'beyond the end' blksnap cbt mark "$DISK0" 1G+4K
	expect "1048576	65536
3145728	196608" "$(blksnap cbt export "$DISK0" --since "$first:0")"
	expect_ok blksnap cbt mark "$DISK0" "$((131072 - 1))s+1s"
	expect_match "^$((67108864 - 65536))	65536$" "$(blksnap cbt export "$DISK0" --since "$first:0")"
	step 'another generation'
	expect_fail 7 blksnap cbt export "$DISK0" --since 00000000-0000-0000-0000-000000000000:1
	expect_fail 7 --says "no such snapshot" blksnap cbt export "$DISK0" --since "$first:1"
	expect_fail 7 blksnap cbt export "$DISK0" --since "$first:60000"
	expect_ok blksnap device detach "$DISK0"
	expect_ok blksnap device attach "$DISK0"
	second=$(interval_of "$DISK0")
	[ "${second%:*}" != "$first" ] || fail 'wanted a new generation after attach, got the same'
	expect_fail 7 blksnap cbt export "$DISK0" --since "$first:0"
	expect_ok blksnap device detach "$DISK0"
	unload_module
	load_module
	expect_ok blksnap device attach "$DISK0"
	expect_fail 7 blksnap cbt export "$DISK0" --since "$first:0"
	expect_fail 7 blksnap cbt export "$DISK0" --since "${second%:*}:0"
	expect_ok blksnap device detach "$DISK0"
}
