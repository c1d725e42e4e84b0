// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What people read: sizes, rates, the monitor's sentences.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "narrate.h"
#include "out.h"
#include "rate.h"

#define BIT(id) (UINT64_C(1) << BLKSNAP_A_##id)

Test(out, writes_sizes_in_few_characters)
{
	char text[OUT_SIZE_MAX];

	cr_expect_str_eq(out_size(0, text), "0B");
	cr_expect_str_eq(out_size(1023, text), "1023B");
	cr_expect_str_eq(out_size(4096, text), "4K");
	cr_expect_str_eq(out_size(1536, text), "1.5K");
	cr_expect_str_eq(out_size(UINT64_C(79) << 30, text), "79G");
	cr_expect_str_eq(out_size(UINT64_MAX, text), "15.9E");
}

Test(out, writes_time_spans)
{
	char text[OUT_TIME_MAX];

	cr_expect_str_eq(out_span(999, text), "999 ns");
	cr_expect_str_eq(out_span(41000000, text), "41 ms");
	cr_expect_str_eq(out_span(9999000000, text), "9999 ms");
	cr_expect_str_eq(out_span(59999000000, text), "59 s");
	cr_expect_str_eq(out_span(60000000000, text), "1m");
	cr_expect_str_eq(out_span(370000000000, text), "6m10s");
	cr_expect_str_eq(out_span(5400000000000, text), "1h30m");
	cr_expect_str_eq(out_span(187200000000000, text), "2d4h");
	cr_expect_str_eq(out_span(UINT64_MAX, text), "213503d23h");
}

Test(rate, uses_the_time_between_the_samples)
{
	struct blksnap_stats a = { .time_ns = 1000000000, .writes = 10, .epoch = 1 };
	struct blksnap_stats b = { .time_ns = 3000000000, .writes = 30, .epoch = 1 };
	struct rate rate;

	b.cow_sectors = 8;
	b.held = 2;
	b.held_ns = 6000;
	cr_assert(rate_between(&a, &b, &rate));
	cr_expect_float_eq(rate.writes, 10.0, 1e-9);
	cr_expect_float_eq(rate.cow_bytes, 2048.0, 1e-9);
	cr_expect_float_eq(rate.held_each_ns, 3000.0, 1e-9);
}

Test(rate, refuses_samples_that_do_not_compare)
{
	struct blksnap_stats a = { .time_ns = 1, .epoch = 1 };
	struct blksnap_stats other = { .time_ns = 2, .epoch = 2 };
	struct rate rate;

	cr_expect_not(rate_between(&a, &other, &rate));
	cr_expect_not(rate_between(&a, &a, &rate));
}

static const char *tell(const struct blksnap_record *rec)
{
	static char text[512];

	narrate_record(rec, text, sizeof(text));
	return text;
}

static struct blksnap_snapshot nightly(uint32_t state)
{
	struct blksnap_snapshot s = {
		.has = BIT(SNAPSHOT_AREA_TOTAL) | BIT(SNAPSHOT_AREA_USED),
		.name = "nightly", .state = state,
		.area_total_sectors = 2097152, .area_used_sectors = 1048576,
	};

	return s;
}

Test(narrate, tells_a_take)
{
	struct blksnap_snapshot s = nightly(BLKSNAP_SNAPSHOT_STATE_TAKEN);
	struct blksnap_record rec = { .type = BLKSNAP_RECORD_EVENT,
				      .cmd = BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF,
				      .snapshot = &s };

	s.cause = BLKSNAP_CHANGE_CAUSE_STATE;
	s.has |= BIT(SNAPSHOT_GATE_NS) | BIT(SNAPSHOT_FREEZE_NS);
	s.gate_ns = 3000000;
	s.freeze_ns = 41000000;
	cr_expect_str_eq(tell(&rec), "snapshot nightly: taken, frozen 41 ms, writes "
				     "held 3 ms, area ok (512M of 1G)");
}

Test(narrate, tells_a_failed_take)
{
	struct blksnap_snapshot s = nightly(BLKSNAP_SNAPSHOT_STATE_FAILED);
	struct blksnap_record rec = { .type = BLKSNAP_RECORD_EVENT,
				      .cmd = BLKSNAP_CMD_SNAPSHOT_DEL_NTF,
				      .snapshot = &s };

	s.reason = BLKSNAP_DEL_REASON_TAKE_FAILED;
	s.error = -110;
	s.phase = BLKSNAP_SNAPSHOT_PHASE_FREEZE;
	s.error_dev = (struct blksnap_dev){ 8, 17 };
	s.has |= BIT(SNAPSHOT_ERROR_DEV);
	cr_expect_str_eq(tell(&rec), "snapshot nightly: gone (take-failed), ETIMEDOUT "
				     "in phase freeze on 8:17");
}

Test(narrate, tells_a_level_and_its_reminder)
{
	struct blksnap_snapshot s = nightly(BLKSNAP_SNAPSHOT_STATE_TAKEN);
	struct blksnap_record rec = { .type = BLKSNAP_RECORD_EVENT,
				      .cmd = BLKSNAP_CMD_AREA_LEVEL_NTF,
				      .snapshot = &s };

	s.level = BLKSNAP_AREA_LEVEL_LOW;
	s.cause = BLKSNAP_CHANGE_CAUSE_LEVEL;
	cr_expect_str_eq(tell(&rec), "snapshot nightly: area low, 512M free of 1G");
	s.cause = BLKSNAP_CHANGE_CAUSE_REMINDER;
	rec.replayed = true;
	cr_expect_str_eq(tell(&rec),
			 "snapshot nightly: area still low, 512M free of 1G (late)");
}

Test(narrate, tells_devices_losses_and_the_module)
{
	struct blksnap_device d = { .name = "vdb",
				    .state = BLKSNAP_DEVICE_STATE_SETTLING };
	struct blksnap_record rec = { .type = BLKSNAP_RECORD_EVENT,
				      .cmd = BLKSNAP_CMD_DEVICE_NEW_NTF,
				      .device = &d };
	struct blksnap_record lost = { .type = BLKSNAP_RECORD_LOST, .lost = 12 };
	struct blksnap_record gone = { .type = BLKSNAP_RECORD_GONE };

	cr_expect_str_eq(tell(&rec), "device vdb: attached, settling");
	cr_expect_str_eq(tell(&lost), "12 events are lost");
	cr_expect_str_eq(tell(&gone), "the module is gone");
}

Test(narrate, never_writes_past_its_buffer)
{
	struct blksnap_snapshot s = nightly(BLKSNAP_SNAPSHOT_STATE_TAKEN);
	struct blksnap_record rec = { .type = BLKSNAP_RECORD_STATE, .snapshot = &s };
	char text[16];
	size_t size;

	for (size = 1; size <= sizeof(text); size++) {
		memset(text, '#', sizeof(text));
		narrate_record(&rec, text, size);
		cr_expect_lt(strnlen(text, size), size);
		cr_expect(size == sizeof(text) || text[size] == '#');
	}
}
