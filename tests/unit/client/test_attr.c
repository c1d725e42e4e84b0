// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "error.h"

#define BIT(id) (UINT64_C(1) << BLKSNAP_A_##id)

static struct blksnap_snapshot full_snapshot(struct blksnap_member members[2])
{
	struct blksnap_snapshot s = {
		.has = BIT(SNAPSHOT_ID) | BIT(SNAPSHOT_UUID) | BIT(SNAPSHOT_NAME) |
		       BIT(SNAPSHOT_STATE) | BIT(SNAPSHOT_ERROR) |
		       BIT(SNAPSHOT_ERROR_DEV) | BIT(SNAPSHOT_MEMBER) |
		       BIT(SNAPSHOT_AREA_USED) | BIT(SNAPSHOT_SEQ),
		.id = 7,
		.uuid = { 1, 2, 3 },
		.name = "nightly",
		.state = BLKSNAP_SNAPSHOT_STATE_TAKEN,
		.error = -5,
		.error_dev = { 8, 17 },
		.area_used_sectors = UINT64_C(1) << 40,
		.seq = 84117,
		.members = members,
		.n_members = 2,
	};

	memset(members, 0, 2 * sizeof(*members));
	members[0].has = BIT(MEMBER_DEV) | BIT(MEMBER_NAME) |
			 BIT(MEMBER_CBT_NUMBER);
	members[0].dev = (struct blksnap_dev){ 254, 1 };
	strcpy(members[0].name, "vda1");
	members[0].cbt_number = 3;
	members[1].has = BIT(MEMBER_DEV);
	members[1].dev = (struct blksnap_dev){ 254, 2 };
	return s;
}

Test(attr, brings_a_snapshot_with_members_back_as_it_was)
{
	struct blksnap_member members[2];
	struct blksnap_snapshot s = full_snapshot(members), back;
	struct attr_buf buf = { 0 };

	encode(&attr_snapshot, &s, &buf);
	cr_assert_eq(attr_decode(&attr_snapshot, buf.data, buf.len, &back), 0);

	cr_expect_eq(back.has, s.has);
	cr_expect_eq(back.id, 7);
	cr_expect_str_eq(back.name, "nightly");
	cr_expect_eq(back.error, -5);
	cr_expect_eq(back.error_dev.minor, 17);
	cr_expect_eq(back.area_used_sectors, UINT64_C(1) << 40);
	cr_assert_eq(back.n_members, 2);
	cr_expect_str_eq(back.members[0].name, "vda1");
	cr_expect(BLKSNAP_HAS(&back.members[0], MEMBER_CBT_NUMBER));
	cr_expect_not(BLKSNAP_HAS(&back.members[1], MEMBER_CBT_NUMBER));
	cr_expect_eq(back.members[1].dev.minor, 2);
	attr_clear(&attr_snapshot, &back);
	attr_buf_free(&buf);
}

Test(attr, brings_the_counters_of_a_device_back)
{
	struct blksnap_stats s = { .has = ~UINT64_C(0), .held_ns = 12 }, back;
	struct attr_buf buf = { 0 };

	s.held_hist[0] = 1;
	s.held_hist[31] = 31;
	encode(&attr_stats, &s, &buf);
	cr_assert_eq(attr_decode(&attr_stats, buf.data, buf.len, &back), 0);

	cr_expect_eq(back.held_ns, 12);
	cr_expect_eq(back.held_hist[31], 31);
	cr_expect(BLKSNAP_HAS(&back, STATS_METADATA));
	attr_buf_free(&buf);
}

Test(attr, takes_a_shorter_histogram_as_zeroes_at_the_end)
{
	uint64_t three[3] = { 1, 2, 3 };
	struct attr_buf buf = { 0 };
	struct blksnap_stats back;

	attr_put(&buf, BLKSNAP_A_STATS_HELD_HIST, three, sizeof(three));
	cr_assert_eq(attr_decode(&attr_stats, buf.data, buf.len, &back), 0);

	cr_expect_eq(back.held_hist[2], 3);
	cr_expect_eq(back.held_hist[3], 0);
	attr_buf_free(&buf);
}

/* Each length is copied to a block of its own, so that ASan sees a step past it. */
Test(attr, survives_a_message_cut_short_anywhere)
{
	struct blksnap_member members[2];
	struct blksnap_snapshot s = full_snapshot(members), back;
	struct attr_buf buf = { 0 };
	size_t len;
	void *cut;
	int ret;

	encode(&attr_snapshot, &s, &buf);
	for (len = 0; len < buf.len; len++) {
		cut = malloc(len ? len : 1);
		memcpy(cut, buf.data, len);
		ret = attr_decode(&attr_snapshot, cut, len, &back);
		cr_expect(ret == 0 || ret == -EBADMSG, "at %zu: %d", len, ret);
		attr_clear(&attr_snapshot, &back);
		free(cut);
	}
	attr_buf_free(&buf);
}

Test(attr, survives_any_single_damaged_byte)
{
	struct blksnap_member members[2];
	struct blksnap_snapshot s = full_snapshot(members), back;
	struct attr_buf buf = { 0 };
	size_t i;
	int ret;

	encode(&attr_snapshot, &s, &buf);
	for (i = 0; i < buf.len; i++) {
		buf.data[i] ^= 0xff;
		ret = attr_decode(&attr_snapshot, buf.data, buf.len, &back);
		cr_expect(ret == 0 || ret == -EBADMSG, "at %zu: %d", i, ret);
		attr_clear(&attr_snapshot, &back);
		buf.data[i] ^= 0xff;
	}
	attr_buf_free(&buf);
}

Test(attr, skips_attributes_of_later_versions)
{
	struct attr_buf buf = { 0 };
	struct blksnap_info back;

	attr_put_u64(&buf, 200, 1);
	attr_put_u64(&buf, BLKSNAP_A_INFO_SEQ, 5);
	cr_assert_eq(attr_decode(&attr_info, buf.data, buf.len, &back), 0);

	cr_expect_eq(back.seq, 5);
	cr_expect_eq(back.has, BIT(INFO_SEQ));
	attr_buf_free(&buf);
}

Test(attr, refuses_a_number_of_the_wrong_size)
{
	struct attr_buf buf = { 0 };
	struct blksnap_info back;

	attr_put_u32(&buf, BLKSNAP_A_INFO_SEQ, 5);
	cr_expect_eq(attr_decode(&attr_info, buf.data, buf.len, &back), -EBADMSG);
	attr_buf_free(&buf);
}

Test(attr, ends_a_string_that_is_too_long_or_not_ended)
{
	struct attr_buf buf = { 0 };
	struct blksnap_device back;
	char text[200];

	memset(text, 'x', sizeof(text));
	attr_put(&buf, BLKSNAP_A_DEVICE_NAME, text, sizeof(text));
	cr_assert_eq(attr_decode(&attr_device, buf.data, buf.len, &back), 0);

	cr_expect_eq(strlen(back.name), BLKSNAP_DISK_NAME_MAX);
	attr_buf_free(&buf);
}

/* --------------------------------------------------------------- errors */

static void put_range(struct attr_buf *buf, uint64_t start)
{
	size_t nest = attr_nest_start(buf, BLKSNAP_A_SNAPSHOT_RANGE);

	attr_put_u32(buf, BLKSNAP_A_RANGE_MAJOR, 8);
	attr_put_u64(buf, BLKSNAP_A_RANGE_START, start);
	attr_nest_end(buf, nest);
}

Test(attr, names_the_attribute_at_an_offset)
{
	struct attr_buf buf = { 0 };
	char path[64];

	attr_put_u32(&buf, BLKSNAP_A_SNAPSHOT_ID, 1); /* 0..8 */
	put_range(&buf, 1); /* 8: nest, 12: major, 20: start, ..32 */
	put_range(&buf, 2); /* 32: nest, 36: major, 44: start */

	attr_path(&attr_snapshot, buf.data, buf.len, 0, 0, path, sizeof(path));
	cr_expect_str_eq(path, "snapshot.id");
	attr_path(&attr_snapshot, buf.data, buf.len, 32, 0, path, sizeof(path));
	cr_expect_str_eq(path, "snapshot.range[1]");
	attr_path(&attr_snapshot, buf.data, buf.len, 44, 0, path, sizeof(path));
	cr_expect_str_eq(path, "snapshot.range[1].start");
	attr_path(&attr_snapshot, buf.data, buf.len, 8, BLKSNAP_A_RANGE_MINOR,
		  path, sizeof(path));
	cr_expect_str_eq(path, "snapshot.range[0].minor");
	attr_path(&attr_snapshot, buf.data, buf.len, 9999, 0, path, sizeof(path));
	cr_expect_str_eq(path, "");
	attr_buf_free(&buf);
}

static void put_tlv(struct attr_buf *buf, uint16_t type, uint32_t value)
{
	attr_put_u32(buf, type, value);
}

Test(error, takes_the_kernels_sentence_and_attribute)
{
	struct attr_buf request = { 0 }, tlvs = { 0 };
	struct blksnap_error err;

	attr_put_u32(&request, BLKSNAP_A_SNAPSHOT_ID, 1);
	put_range(&request, 1);
	attr_put_string(&tlvs, 1, "range beyond the end of the device");
	put_tlv(&tlvs, 2, 20 + 20);

	cr_expect_eq(error_from_ack(&err, BLKSNAP_CMD_AREA_APPEND, &request, EINVAL,
				    20, tlvs.data, tlvs.len),
		     -EINVAL);
	cr_expect(err.from_kernel);
	cr_expect_str_eq(err.message, "range beyond the end of the device");
	cr_expect_str_eq(err.attribute, "snapshot.range[0].start");
	attr_buf_free(&request);
	attr_buf_free(&tlvs);
}

Test(error, names_a_missing_attribute_of_the_request_itself)
{
	struct attr_buf request = { 0 }, tlvs = { 0 };
	struct blksnap_error err;

	put_tlv(&tlvs, 5, BLKSNAP_A_DEVICE_DEV);
	error_from_ack(&err, BLKSNAP_CMD_DEVICE_ATTACH, &request, EINVAL, 20,
		       tlvs.data, tlvs.len);

	cr_expect_str_eq(err.attribute, "device.dev");
	cr_expect_not(err.from_kernel);
	cr_expect_str_eq(err.message, strerror(EINVAL));
	attr_buf_free(&tlvs);
}

Test(error, survives_an_acknowledgement_cut_short_anywhere)
{
	struct attr_buf request = { 0 }, tlvs = { 0 };
	struct blksnap_error err;
	size_t len;
	void *cut;

	attr_put_string(&tlvs, 1, "sentence");
	put_tlv(&tlvs, 2, 7);
	put_tlv(&tlvs, 5, 1);
	for (len = 0; len <= tlvs.len; len++) {
		cut = malloc(len ? len : 1);
		memcpy(cut, tlvs.data, len);
		error_from_ack(&err, BLKSNAP_CMD_INFO_GET, &request, EIO, 20, cut,
			       len);
		cr_expect(err.message[0]);
		free(cut);
	}
	attr_buf_free(&tlvs);
}

Test(words, format_and_parse_a_uuid)
{
	const char *text = "3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11";
	char back[BLKSNAP_UUID_TEXT];
	uint8_t uuid[16];

	cr_assert_eq(blksnap_uuid_parse(text, uuid), 0);
	cr_expect_eq(uuid[0], 0x3f);
	cr_expect_str_eq(blksnap_uuid_format(uuid, back), text);
	cr_expect_eq(blksnap_uuid_parse("3f2b91c4", uuid), -EINVAL);
	cr_expect_eq(blksnap_uuid_parse("3f2b91c4-5a0e-4d0e-9c55_0a1b7f3c2d11", uuid),
		     -EINVAL);
}

Test(words, call_a_value_of_later_versions_unknown)
{
	cr_expect_str_eq(blksnap_snapshot_state_word(99), "unknown");
	cr_expect_str_eq(blksnap_snapshot_state_word(0), "unknown");
	cr_expect_str_eq(blksnap_del_reason_word(1), "take-failed");
}
