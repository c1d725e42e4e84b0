# shellcheck shell=bash
DESCRIPTION='find the disks zeroed and free after other cases'
KERNELS='6.1 6.12 debug'

test_case() {
	local i
	truncate -s 16M zeroes
	for i in 0 1 2 3; do
		expect "$(checksum zeroes)" "$(checksum "$(disk_path $i)" 0 32768)" "disk $i"
	done
	expect '' "$(pgrep -x sleep)" 'processes left by others'
}
