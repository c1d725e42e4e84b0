// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Recordings: attributes as text and back, and what a recorded kernel answers.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attr_text.h"
#include "encode.h"

static char why[BLKSNAP_MESSAGE_MAX + 1];
static struct blksnap_recording *recording;
static struct blksnap_session *session;

static int play(const char *text)
{
	char path[] = "/tmp/recording-XXXXXX";
	struct blksnap_error err;
	FILE *out = fdopen(mkstemp(path), "w");
	int ret;

	fputs(text, out);
	fclose(out);
	ret = blksnap_recording_read(path, &recording, &err);
	unlink(path);
	snprintf(why, sizeof(why), "%s", err.message);
	if (!ret)
		cr_assert_eq(blksnap_recording_session(recording, &session, NULL), 0);
	return ret;
}

static void stop(void)
{
	blksnap_close(session);
	blksnap_recording_free(recording);
	session = NULL;
	recording = NULL;
}

TestSuite(recording, .fini = stop);

Test(recording, keeps_every_attribute_through_text)
{
	struct blksnap_member member = {
		.has = ~UINT64_C(0), .name = "dm-1", .dev = { 254, 1 }, .error = -5,
	};
	struct blksnap_snapshot s = {
		.has = ~UINT64_C(0), .id = 7, .name = "odd \"\\\x01\xff name",
		.area_total_sectors = UINT64_MAX, .members = &member, .n_members = 1,
	};
	struct blksnap_snapshot back;
	struct attr_buf buf = { 0 }, again = { 0 };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	s.uuid[0] = 0xab;
	encode(&attr_snapshot, &s, &buf);
	attr_put_u32(&buf, 999, 5); /* unknown to the table */
	attr_text_write(out, &attr_snapshot, buf.data, buf.len, NULL);
	fclose(out);
	cr_assert_eq(attr_text_read(&attr_snapshot, text, &again, why, sizeof(why)),
		     0, "%s: %s", why, text);
	cr_expect_eq(again.len, buf.len, "%s", text);
	cr_expect_arr_eq(again.data, buf.data, buf.len, "%s", text);
	cr_assert_eq(attr_decode(&attr_snapshot, again.data, again.len, &back), 0);
	cr_expect_str_eq(back.name, s.name);
	cr_expect_eq(back.members[0].error, -5);
	attr_clear(&attr_snapshot, &back);
	attr_buf_free(&buf);
	attr_buf_free(&again);
	free(text);
}

Test(recording, answers_in_turn_and_then_with_the_last)
{
	struct blksnap_info info;

	cr_assert_eq(play("> info-get\n< seq=1\n> info-get\n< seq=2\n"), 0);
	blksnap_info_get(session, &info, NULL);
	cr_expect_eq(info.seq, 1);
	blksnap_info_get(session, &info, NULL);
	cr_expect_eq(info.seq, 2);
	blksnap_info_get(session, &info, NULL);
	cr_expect_eq(info.seq, 2);
}

Test(recording, tells_requests_apart_by_what_is_written_of_them)
{
	struct blksnap_device device;
	struct blksnap_error err;
	struct blksnap_dev a = { 254, 0 }, b = { 254, 16 };

	cr_assert_eq(play("> device-get dev{major=254 minor=0}\n"
			  "< dev{major=254 minor=0} name=\"vda\"\n"
			  "> device-get dev{major=254 minor=16}\n"
			  "! ENODEV kernel \"not attached\" device.dev\n"),
		     0, "%s", why);
	cr_expect_eq(blksnap_device_get(session, b, &device, &err), -ENODEV);
	cr_expect_str_eq(err.message, "not attached");
	cr_expect_str_eq(err.attribute, "device.dev");
	cr_expect(err.from_kernel);
	cr_expect_eq(err.exit, BLKSNAP_EXIT_NOT_FOUND);
	cr_assert_eq(blksnap_device_get(session, a, &device, &err), 0);
	cr_expect_str_eq(device.name, "vda");
}

/* Bytes would be those of the machine that recorded it. */
Test(recording, has_the_numbers_of_requests_as_numbers)
{
	struct blksnap_range range = {
		.dev = { 254, 16 }, .start_sectors = 8, .count_sectors = UINT64_C(1) << 40,
	};
	struct blksnap_error err;
	struct attr_buf buf = { 0 };
	size_t size, nest;
	char *text;
	FILE *out;

	cr_assert_eq(play("> info-get\n< ranges-per-request=16\n"
			  "> area-append id=1 range{major=254 minor=16 start=8 count=1099511627776}\n"
			  "< id=1 name=\"night\"\n"),
		     0, "%s", why);
	cr_expect_eq(blksnap_area_append(session, 1, &range, 1, NULL, &err), 0, "%s", err.message);

	nest = attr_nest_start(&buf, BLKSNAP_A_SNAPSHOT_RANGE);
	attr_put_u32(&buf, BLKSNAP_A_RANGE_MAJOR, 254);
	attr_put_u64(&buf, BLKSNAP_A_RANGE_COUNT, UINT64_C(1) << 40);
	attr_nest_end(&buf, nest);
	out = open_memstream(&text, &size);
	attr_text_write(out, &attr_snapshot, buf.data, buf.len, NULL);
	fclose(out);
	cr_expect_str_eq(text, " range{ major=254 count=1099511627776 }");
	attr_buf_free(&buf);
	free(text);
}

Test(recording, refuses_what_it_does_not_know_with_the_line)
{
	static const char *const texts[] = {
		"\nnonsense\n",
		"# x\n< seq=1\n",
		"\n> no-such-command\n",
		"\n> info-get nonsense=1\n",
		"> info-get\n! EWHAT \"x\"\n",
		"> info-get\n! EIO x\n",
		"> info-get\n< version=\"x\n",
		"> device-get dump\n< dev{major=1\n",
		"> info-get\n< seq=x\n",
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		cr_expect_eq(play(texts[i]), -EINVAL, "%s", texts[i]);
		cr_expect_eq(strncmp(why, "line 2: ", 8), 0, "%s: %s", texts[i], why);
	}
}

static int seen[8], n_seen;

static int on_record(const struct blksnap_record *rec, void *arg)
{
	seen[n_seen++] = rec->type;
	return 0;
}

Test(recording, delivers_events_after_what_they_followed)
{
	struct blksnap_events *events;
	int i, want[] = { BLKSNAP_RECORD_SYNC, BLKSNAP_RECORD_EVENT,
			  BLKSNAP_RECORD_GONE };

	cr_assert_eq(play("> info-get\n< instance=1 seq=4\n"
			  "> snapshot-get dump\n> device-get dump\n"
			  "~ device-new-ntf dev{major=1 minor=0} seq=5\n~ gone\n"),
		     0, "%s", why);
	cr_assert_eq(blksnap_events_open(session, 0, on_record, NULL, &events, NULL),
		     0);
	blksnap_events_dispatch(events, NULL);
	blksnap_events_close(events);
	cr_assert_eq(n_seen, 3);
	for (i = 0; i < 3; i++)
		cr_expect_eq(seen[i], want[i]);
}

Test(recording, knows_the_machine)
{
	struct blksnap_stack *stack;
	struct blksnap_dev dev, area = { 254, 1 };
	struct blksnap_range range = { .dev = area };
	uint64_t boot, real;

	cr_assert_eq(play("clock 5 7\nblock 254:0 vda 4096000\n"
			  "block 254:1 vda1 2048000 part=vda:2048\n"
			  "block 253:0 dm-0 1024 label=\"a b\" on=vda1\n"
			  "mount \"/srv x\" dm-0\n"),
		     0, "%s", why);
	cr_assert(blksnap_recording_clock(recording, &boot, &real));
	cr_expect_eq(real, 7);
	cr_assert_eq(blksnap_recording_stack(recording, &stack, NULL), 0);
	cr_assert_eq(blksnap_stack_resolve(stack, "/dev/dm-0", &dev, NULL), 0);
	cr_expect_str_eq(blksnap_stack_label(stack, dev), "a b");
	cr_expect_eq(blksnap_stack_check_area(stack, &dev, 1, &range, NULL), -EBUSY);
	blksnap_stack_close(stack);
}

Test(recording, ends_strings_where_they_end)
{
	static const char cut[] = "\"\\x0\0a\" more";
	char text[8];

	/* a byte with a digit too few is no byte, and takes nothing with it */
	cr_expect_str_eq(attr_text_unquote("\"\\x1\" more", text, sizeof(text)), " more");
	cr_expect_str_eq(text, "x1");
	cr_expect_str_eq(attr_text_unquote("\"\\x \" more", text, sizeof(text)), " more");
	cr_expect_str_eq(text, "x ");
	/* nor what lies behind the line's end */
	cr_expect_null(attr_text_unquote(cut, text, sizeof(text)));
	cr_expect_null(attr_text_unquote("\"a\\", text, sizeof(text)));
	cr_expect_str_eq(text, "a\\");
}
