# shellcheck shell=bash
DESCRIPTION='load and unload the module several times'
KERNELS='6.1 6.12 debug'
DISKS=(64M 64M 64M 64M)

test_case() {
	local i
	for ((i = 0; i < $(scaled 3 30); i++)); do
		load_module
		module_loaded || fail 'wanted the module loaded, got nothing'
		unload_module
	done
}
