# shellcheck shell=bash
DESCRIPTION='start PostgreSQL on a copy of an image taken under load with its hook, and miss nothing'
SIZES='full'
DISKS=(512M 256M 512M 64M)
TIMEOUT=900

as_postgres() { runuser -u postgres -- "$@"; }

test_case() {
	local bin acked
	bin=$(echo /usr/lib/postgresql/*/bin)
	[ -x "$bin/postgres" ] || missing PostgreSQL
	need runuser psql
	load_module
	mkdir -p "$SCRATCH/pg" "$SCRATCH/hooks" "$SCRATCH/copy" "$SCRATCH/sockets"
	chmod 755 "$SCRATCH"
	chown postgres "$SCRATCH/sockets"
	cp "$BLKSNAP_TOP/dist/hooks/postgresql" "$SCRATCH/hooks/"
	export BLKSNAP_CONF=$SCRATCH/conf PGHOST=$SCRATCH/sockets
	printf 'hooks-dir = %s\nhook = postgresql\nhook-deadline = 5m\n' "$SCRATCH/hooks" >"$BLKSNAP_CONF"
	mkfs.ext4 -q "$DISK0"
	mount "$DISK0" "$SCRATCH/pg"
	install -d -o postgres -m 700 "$SCRATCH/pg/data"
	as_postgres "$bin/initdb" -D "$SCRATCH/pg/data" >/dev/null || fail 'initdb failed'
	as_postgres "$bin/pg_ctl" -w -t 300 -D "$SCRATCH/pg/data" -l "$SCRATCH/sockets/log" \
		-o "-k $SCRATCH/sockets -c listen_addresses=" start >/dev/null || fail 'PostgreSQL did not start'
	defer as_postgres "$bin/pg_ctl" -m immediate -D "$SCRATCH/pg/data" stop
	as_postgres psql -qc 'CREATE TABLE t (n int PRIMARY KEY)' postgres

	step 'a writer notes what was acknowledged'
	(
		n=0
		while [ ! -e "$SCRATCH/enough" ]; do
			n=$((n + 1))
			as_postgres psql -qc "INSERT INTO t VALUES ($n)" postgres || break
			echo $n >"$SCRATCH/acked.new" && mv "$SCRATCH/acked.new" "$SCRATCH/acked"
		done
	) &
	wait_until '[ -s "$SCRATCH/acked" ]' 120
	acked=$(cat "$SCRATCH/acked")
	# shellcheck disable=SC2016 # for the command's shell
	expect_ok blksnap run --device "$DISK0" --area "$DISK1" -- \
		sh -c 'dd if="$BLKSNAP_IMAGE" of="$1" bs=1M status=none' sh "$DISK2"
	: >"$SCRATCH/enough"
	wait
	step 'another PostgreSQL on the copy'
	mount "$DISK2" "$SCRATCH/copy" || fail 'cannot mount the copy'
	rm -f "$SCRATCH/copy/data/postmaster.pid"
	as_postgres "$bin/pg_ctl" -w -t 300 -D "$SCRATCH/copy/data" -l "$SCRATCH/sockets/log2" \
		-o "-k $SCRATCH/sockets -p 5433 -c listen_addresses=" start >/dev/null ||
		fail "it did not recover: $(cat "$SCRATCH/sockets/log2")"
	defer as_postgres "$bin/pg_ctl" -m immediate -D "$SCRATCH/copy/data" stop
	expect t "$(as_postgres psql -p 5433 -Atc "SELECT count(*) = max(n) AND count(*) >= $acked FROM t" postgres)" \
		'all that was acknowledged before the instant, and no hole'
	expect_match 'checkpoint complete' "$(cat "$SCRATCH/sockets/log")" 'the hook was called'
	as_postgres "$bin/pg_ctl" -w -m fast -D "$SCRATCH/copy/data" stop >/dev/null
	as_postgres "$bin/pg_ctl" -w -m fast -D "$SCRATCH/pg/data" stop >/dev/null
}
