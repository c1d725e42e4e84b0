# shellcheck shell=bash
DESCRIPTION='tell exactly the cells that were written between two snapshots, over generations of them'
KERNELS='6.1 6.12 debug'
QUICK_ON='6.12'
DISKS=(64M 64M 64M 64M)

cells() { awk -F'\t' '{ for (c = int($1 / 65536); c * 65536 < $1 + $2; c++) print c }' | sort -u; }

# Random writes from 512 bytes to 96 KiB; their ranges go to a file.
write_some() { # SEED COUNT FILE
	local out
	awk -v seed="$1" -v n="$2" 'BEGIN {
		srand(seed)
		for (i = 0; i < n; i++) {
			len = 512 * (1 + int(rand() * (rand() < 0.5 ? 8 : 192)))
			print 512 * int(rand() * (131072 - 192)) "\t" len
		}
	}' >"$3"
	out=$(awk -F'\t' -v byte=$(($1 % 255 + 1)) '{ printf "pwrite -q -S %d -b %d %d %d\n", byte, $2, $1, $2 }' "$3" |
		xfs_io -d "$DISK0" 2>&1)
	[ -z "$out" ] || fail "cannot write: $out"
}

test_case() {
	local i gens writes other prev='' before='' number image now=$DISK2 last=$DISK3
	gens=$(scaled 4 20 3)
	writes=$(scaled 40 200 20)
	load_module
	expect_ok blksnap device attach "$DISK0"
	for ((i = 1; i <= gens; i++)); do
		step "generation $i"
		expect_ok blksnap snapshot create g --device "$DISK0" --area "$DISK1"
		number=$(blksnap snapshot show g | awk '$1 == "since-number" { print $2 }')
		image=$(blksnap image path g)
		if [ -n "$prev" ]; then
			blksnap cbt export "$DISK0" --since "$prev" >"$SCRATCH/told"
		fi
		write_some "$i" "$writes" "$SCRATCH/written$i"
		dd if="$image" of="$now" bs=1M oflag=direct status=none
		if [ -n "$prev" ]; then
			blksnap cbt export "$DISK0" --since "$prev" >"$SCRATCH/told-later"
			cmp "$SCRATCH/told" "$SCRATCH/told-later" ||
				fail 'wanted the answer of the image to stand, got another one after more writes'
			cells <"$SCRATCH/told" >"$SCRATCH/told-cells"
			blockdev --flushbufs "$now" && blockdev --flushbufs "$last"
			differing_units "$now" "$last" 65536 | sort >"$SCRATCH/differ"
			expect '' "$(comm -23 "$SCRATCH/differ" "$SCRATCH/told-cells")" 'differing cells that are not told'
			expect '' "$(comm -13 <(cells <"$SCRATCH/written$((i - 1))") "$SCRATCH/told-cells")" \
				'told cells that were not written'
			expect '' "$(comm -23 <(cells <"$SCRATCH/written$((i - 1))") "$SCRATCH/told-cells")" \
				'written cells that are not told'
		fi
		if [ -n "$before" ]; then
			blksnap cbt export "$DISK0" --since "$before" | cells >"$SCRATCH/told-cells"
			expect '' "$(comm -23 <(cat "$SCRATCH/written$((i - 1))" "$SCRATCH/written$((i - 2))" | cells) \
				"$SCRATCH/told-cells")" 'cells of two generations that are not told'
		fi
		expect_ok blksnap snapshot destroy g
		# what was written while the snapshot lived counts for the next one
		blksnap cbt export "$DISK0" --since "$number" | cells >"$SCRATCH/told-cells"
		cmp <(cells <"$SCRATCH/written$i") "$SCRATCH/told-cells" ||
			fail 'wanted what was written since the take, got something else'
		before=$prev
		prev=$number
		other=$now now=$last last=$other
	done
	expect_ok blksnap device detach "$DISK0"
	expect_nothing_left
}
