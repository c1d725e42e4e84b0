// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of a monitor, written and read again. */
#include <criterion/criterion.h>
#include <errno.h>

#include "json.h"
#include "json_read.h"
#include "mutate.h"

#define REAL_NS 1795350955123456789ull

/* As a kernel says it: everything is known. */
static struct blksnap_snapshot full_snapshot(struct blksnap_member *member)
{
	struct blksnap_snapshot s = {
		.has = ~0ull,
		.id = 7,
		.name = "nightly \"1\"\t\xc3\xa4",
		.uuid = { 0x3f, 0x2b },
		.state = BLKSNAP_SNAPSHOT_STATE_OVERFLOW,
		.error = -ENOSPC,
		.phase = BLKSNAP_SNAPSHOT_PHASE_STORE,
		.error_dev = { 8, 16 },
		.error_sector = 77,
		.level = BLKSNAP_AREA_LEVEL_LOW,
		.area_total_sectors = 1ull << 40,
		.area_used_sectors = 12345,
		.low_sectors = 99,
		.clear_sectors = 198,
		.grace_ms = 1500,
		.taken_ns = 5,
		.taken_real_ns = REAL_NS,
		.gate_ns = 6,
		.freeze_ns = 8,
		.seq = 1ull << 60,
		.time_ns = 4711,
		.members = member,
		.n_members = 1,
		.cause = BLKSNAP_CHANGE_CAUSE_LEVEL,
	};

	*member = (struct blksnap_member){
		.has = ~0ull,
		.dev = { 252, 1 },
		.name = "vda1",
		.image = { 259, 3 },
		.image_name = "blksnap3",
		.capacity_sectors = 2048,
		.error = -EIO,
		.cbt_number = 12,
		.freeze_result = BLKSNAP_FREEZE_RESULT_FROZEN,
	};
	return s;
}

/* What was written is written again after it was read. */
static void assert_same_again(json_t *written)
{
	char *text = json_dumps(written, JSON_COMPACT), *again, why[100] = "";
	struct json_line line;
	json_t *back;

	cr_assert_eq(json_read_line(&line, text, strlen(text), why, sizeof(why)), 0, "%s: %s",
		     why, text);
	if (line.is_stats && line.has_stats)
		back = json_record_stats(&line.stats, line.real_ns);
	else if (line.is_mounts)
		back = json_record_mounts(line.mounts, line.n_mounts, line.real_ns);
	else if (line.is_host)
		back = json_record_host(line.host, line.real_ns, line.time_ns);
	else if (line.is_stats)
		back = json_record_space(&line.snapshot, line.real_ns);
	else
		back = json_record(&line.record, line.real_ns);
	again = json_dumps(back, JSON_COMPACT);
	cr_assert_str_eq(again, text, "wanted %s\ngot    %s", text, again);
	free(again);
	free(text);
	json_decref(back);
	json_decref(written);
	json_read_clear(&line);
}

Test(json_read, takes_a_snapshot_back)
{
	struct blksnap_member member;
	struct blksnap_snapshot snapshot = full_snapshot(&member);
	struct blksnap_record record = {
		.type = BLKSNAP_RECORD_EVENT,
		.cmd = BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF,
		.seq = 1ull << 60,
		.snapshot = &snapshot,
		.replayed = true,
	};

	snapshot.has &= ~(1ull << BLKSNAP_A_SNAPSHOT_REASON);
	assert_same_again(json_record(&record, REAL_NS));
	assert_same_again(json_record_space(&snapshot, REAL_NS));
}

Test(json_read, takes_mounts_back)
{
	const struct json_mount mounts[] = {
		{ { 8, 1 }, "/" },
		{ { 253, 1048575 }, "/srv/a b\n\xc3\xa4" },
	};

	assert_same_again(json_record_mounts(mounts, 2, REAL_NS));
	assert_same_again(json_record_mounts(NULL, 0, REAL_NS));
}

Test(json_read, takes_the_name_of_the_machine_back)
{
	assert_same_again(json_record_host("db01", REAL_NS, 5));
	assert_same_again(json_record_host("", REAL_NS, 0));
}

Test(json_read, takes_a_device_back)
{
	struct blksnap_device device = {
		.has = ~0ull,
		.dev = { 8, 0 },
		.name = "sda",
		.state = BLKSNAP_DEVICE_STATE_SNAPSHOT,
		.capacity_sectors = 4096,
		.snapshot_id = 7,
		.image = { 259, 1 },
		.keep = true,
		.cbt_cell_bytes = 65536,
		.cbt_number = 3,
		.cbt_memory_bytes = 1 << 20,
		.unit_bytes = 4096,
		.seq = 12,
		.time_ns = 815,
	};
	struct blksnap_record record = {
		.type = BLKSNAP_RECORD_STATE,
		.seq = 12,
		.device = &device,
	};

	assert_same_again(json_record(&record, REAL_NS));
}

Test(json_read, takes_counters_back)
{
	struct blksnap_stats stats = {
		.has = ~0ull,
		.dev = { 8, 0 },
		.name = "sda",
		.snapshot_id = 7,
		.time_ns = 4711,
		.epoch = ~0ull,
		.writes = 1,
		.write_sectors = 2,
		.inflight = 3,
		.cow_units = 4,
		.cow_sectors = 5,
		.cow_ahead_sectors = 6,
		.store_sectors = 7,
		.held = 8,
		.held_ns = 9,
		.held_hist = { 1, 2, 3 },
		.held_now = 10,
		.image_reads = 11,
		.image_read_sectors = 12,
		.image_area_sectors = 13,
		.image_retry_sectors = 14,
		.discard_dropped_sectors = 15,
		.errors = 16,
		.memory_bytes = 17,
		.metadata_bytes = 18,
	};

	assert_same_again(json_record_stats(&stats, REAL_NS));
}

Test(json_read, takes_steps_without_an_object_back)
{
	struct blksnap_record record = { .type = BLKSNAP_RECORD_SYNC, .seq = 3, .instance = 9 };

	assert_same_again(json_record(&record, REAL_NS));
	record = (struct blksnap_record){ .type = BLKSNAP_RECORD_LOST, .seq = 3, .lost = 12 };
	assert_same_again(json_record(&record, REAL_NS));
	record = (struct blksnap_record){ .type = BLKSNAP_RECORD_GONE };
	assert_same_again(json_record(&record, REAL_NS));
}

Test(json_read, knows_what_is_missing)
{
	static const char text[] = "{\"schema\":\"blksnap.monitor/1\",\"type\":\"stats\","
				   "\"snapshot\":{\"id\":\"3\",\"name\":null,\"new\":[1]}}\n";
	struct json_line line;

	cr_assert_eq(json_read_line(&line, text, sizeof(text) - 1, NULL, 0), 0);
	cr_assert(line.has_snapshot && line.is_stats && !line.has_stats);
	cr_assert_eq(line.snapshot.id, 3);
	cr_assert(!BLKSNAP_HAS(&line.snapshot, SNAPSHOT_NAME));
	cr_assert(!BLKSNAP_HAS(&line.snapshot, SNAPSHOT_AREA_USED));
	json_read_clear(&line);
}

Test(json_read, refuses_other_documents_in_words)
{
	static const struct {
		const char *text;
		const char *why;
	} bad[] = {
		{ "", "it is no JSON object" },
		{ "[]", "it is no JSON object" },
		{ "{\"schema\":\"blksnap.monitor/1\"", "it is no JSON object" },
		{ "{}", "its schema is not blksnap.monitor/1" },
		{ "{\"schema\":\"blksnap.monitor/2\"}", "its schema is not blksnap.monitor/1" },
		{ "{\"schema\":\"blksnap.monitor/1\",\"type\":\"x\"}", "its type \"x\" is not known" },
	};
	struct json_line line;
	char why[100];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		cr_assert_eq(json_read_line(&line, bad[i].text, strlen(bad[i].text), why,
					    sizeof(why)),
			     -EINVAL, "%s", bad[i].text);
		cr_assert_str_eq(why, bad[i].why, "%s: got %s", bad[i].text, why);
	}
}

Test(json_read, survives_what_is_nearly_a_recording)
{
	struct blksnap_member member;
	struct blksnap_snapshot snapshot = full_snapshot(&member);
	struct blksnap_stats stats = { .has = ~0ull, .held_hist = { 1 } };
	struct blksnap_record record = {
		.type = BLKSNAP_RECORD_EVENT,
		.cmd = BLKSNAP_CMD_SNAPSHOT_DEL_NTF,
		.snapshot = &snapshot,
	};
	json_t *docs[] = {
		json_record(&record, REAL_NS),
		json_record_stats(&stats, REAL_NS),
		json_record_space(&snapshot, REAL_NS),
	};
	const char *samples[3];
	uint64_t seed, rounds = mutate_env("FUZZ_ROUNDS", 3000);
	size_t i;

	for (i = 0; i < 3; i++)
		samples[i] = json_dumps(docs[i], JSON_COMPACT);
	for (seed = mutate_env("FUZZ_SEED", 1); rounds--; seed++) {
		uint64_t state = seed;
		static char text[8192];
		struct json_line line;
		char why[100];
		size_t length = mutate(&state, text, sizeof(text), samples, 3);
		int ret = json_read_line(&line, text, length, why, sizeof(why));

		cr_assert(!ret || ret == -EINVAL, "FUZZ_SEED=%llu", (unsigned long long)seed);
		if (!ret)
			json_read_clear(&line);
	}
	for (i = 0; i < 3; i++) {
		free((char *)samples[i]);
		json_decref(docs[i]);
	}
}

/* ---------------------------------------------------------------- texts */

Test(json_text, loses_the_bytes_alone_that_are_no_character)
{
	static const struct {
		const char *from, *to;
	} texts[] = {
		{ "a\xc3\xa4\xff" "b", "a\xc3\xa4?b" },
		{ "\xc3", "?" },
		{ "\xc3z", "?z" },
		{ "\xe2\x82\xac\xe2\x82", "\xe2\x82\xac??" },
		{ "\xf0\x9f\x92\xbe\x80", "\xf0\x9f\x92\xbe?" },
		{ "\xc0\xaf\xe0\x80\xaf", "?????" },
		{ "\xed\xa0\x80\xf4\x90\x80\x80\xf5", "????????" },
	};
	char longer[1000];
	json_t *value;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		value = json_text(true, texts[i].from);
		cr_assert(value);
		cr_expect_str_eq(json_string_value(value), texts[i].to);
		json_decref(value);
	}
	memset(longer, 'x', sizeof(longer) - 2);
	longer[sizeof(longer) - 2] = (char)0xff;
	longer[sizeof(longer) - 1] = 0;
	value = json_text(true, longer);
	cr_expect_eq(json_string_length(value), sizeof(longer) - 1);
	json_decref(value);
}
