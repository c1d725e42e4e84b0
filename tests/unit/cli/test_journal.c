/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the journal gets: which records, with which fields.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "journal.h"

#define BIT(id) (UINT64_C(1) << BLKSNAP_A_##id)

static char entry[JOURNAL_MAX];

static struct blksnap_member members[] = { { .name = "vda" }, { .name = "vdb" } };

static struct blksnap_snapshot nightly(uint32_t state, uint32_t cause)
{
	struct blksnap_snapshot s = {
		.has = BIT(SNAPSHOT_AREA_TOTAL) | BIT(SNAPSHOT_AREA_USED),
		.name = "nightly",
		.state = state,
		.cause = cause,
		.area_total_sectors = 2048,
		.area_used_sectors = 1024,
		.members = members,
		.n_members = 2,
	};

	return s;
}

static size_t event(const struct blksnap_snapshot *s, uint32_t cmd)
{
	struct blksnap_record rec = {
		.type = BLKSNAP_RECORD_EVENT, .cmd = cmd, .seq = 7, .snapshot = s
	};

	return journal_entry(&rec, "the sentence", entry, sizeof(entry));
}

/* whether the entry has exactly this line */
static bool has(const char *line)
{
	size_t length = strlen(line);
	const char *at;

	for (at = entry; (at = strstr(at, line)); at++)
		if ((at == entry || at[-1] == '\n') && at[length] == '\n')
			return true;
	return false;
}

Test(journal, tells_a_loss_with_its_fields)
{
	struct blksnap_snapshot s =
		nightly(BLKSNAP_SNAPSHOT_STATE_OVERFLOW, BLKSNAP_CHANGE_CAUSE_STATE);
	size_t length;

	s.error = -28;
	length = event(&s, BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF);
	cr_assert_gt(length, 0);
	cr_expect_eq(entry[length - 1], '\n');
	entry[length] = 0;
	cr_expect(has("MESSAGE=the sentence"));
	cr_expect(has("MESSAGE_ID=bec08bf8b9aa4b9e85d35e2022c059c0"));
	cr_expect(has("PRIORITY=3"));
	cr_expect(has("SYSLOG_IDENTIFIER=blksnap"));
	cr_expect(has("BLKSNAP_TYPE=event"));
	cr_expect(has("BLKSNAP_EVENT=snapshot-change-ntf"));
	cr_expect(has("BLKSNAP_SEQ=7"));
	cr_expect(has("BLKSNAP_SNAPSHOT=nightly"));
	cr_expect(has("BLKSNAP_STATE=overflow"));
	cr_expect(has("BLKSNAP_ERROR=ENOSPC"));
	cr_expect(has("BLKSNAP_AREA_USED=524288"));
	cr_expect(has("BLKSNAP_AREA_TOTAL=1048576"));
	cr_expect(has("BLKSNAP_DEVICE=vda") && has("BLKSNAP_DEVICE=vdb"));
}

Test(journal, tells_low_once)
{
	struct blksnap_snapshot s =
		nightly(BLKSNAP_SNAPSHOT_STATE_TAKEN, BLKSNAP_CHANGE_CAUSE_LEVEL);

	s.level = BLKSNAP_AREA_LEVEL_LOW;
	cr_expect(event(&s, BLKSNAP_CMD_AREA_LEVEL_NTF));
	cr_expect(has("MESSAGE_ID=6cc454bfee154a42b437c287674301a1"));
	cr_expect(has("PRIORITY=4"));
	s.cause = BLKSNAP_CHANGE_CAUSE_REMINDER;
	cr_expect_not(event(&s, BLKSNAP_CMD_AREA_LEVEL_NTF));
	s.cause = BLKSNAP_CHANGE_CAUSE_LEVEL;
	s.level = BLKSNAP_AREA_LEVEL_OK;
	cr_expect(event(&s, BLKSNAP_CMD_AREA_LEVEL_NTF));
	cr_expect(has("PRIORITY=6"));
}

Test(journal, leaves_out_steps_on_the_way)
{
	struct blksnap_snapshot s =
		nightly(BLKSNAP_SNAPSHOT_STATE_TAKING, BLKSNAP_CHANGE_CAUSE_STATE);
	struct blksnap_device d = { .name = "vda",
				    .state = BLKSNAP_DEVICE_STATE_TRACKED,
				    .cause = BLKSNAP_CHANGE_CAUSE_STATE };
	struct blksnap_record rec = { .type = BLKSNAP_RECORD_EVENT,
				      .device = &d,
				      .cmd = BLKSNAP_CMD_DEVICE_CHANGE_NTF };
	struct blksnap_record sync = { .type = BLKSNAP_RECORD_SYNC };

	cr_expect_not(event(&s, BLKSNAP_CMD_SNAPSHOT_NEW_NTF));
	cr_expect_not(event(&s, BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF));
	s.state = BLKSNAP_SNAPSHOT_STATE_DESTROYING;
	cr_expect_not(event(&s, BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF));
	s.cause = BLKSNAP_CHANGE_CAUSE_SETTINGS;
	cr_expect_not(event(&s, BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF));
	cr_expect_not(journal_entry(&rec, "x", entry, sizeof(entry)));
	cr_expect_not(journal_entry(&sync, "x", entry, sizeof(entry)));
}

Test(journal, tells_failed_takes_from_ends)
{
	struct blksnap_snapshot s = nightly(BLKSNAP_SNAPSHOT_STATE_FAILED, 0);

	s.reason = BLKSNAP_DEL_REASON_TAKE_FAILED;
	cr_expect(event(&s, BLKSNAP_CMD_SNAPSHOT_DEL_NTF));
	cr_expect(has("PRIORITY=3") && has("BLKSNAP_REASON=take-failed"));
	s.reason = BLKSNAP_DEL_REASON_REQUEST;
	cr_expect(event(&s, BLKSNAP_CMD_SNAPSHOT_DEL_NTF));
	cr_expect(has("PRIORITY=6"));
}

Test(journal, lets_no_name_make_fields)
{
	struct blksnap_snapshot s =
		nightly(BLKSNAP_SNAPSHOT_STATE_TAKEN, BLKSNAP_CHANGE_CAUSE_STATE);
	size_t length;

	strcpy(s.name, "a\nPRIORITY=0");
	length = event(&s, BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF);
	entry[length] = 0;
	cr_expect_not(has("PRIORITY=0"));
	cr_expect(has("BLKSNAP_SNAPSHOT=a?PRIORITY=0"));
}

Test(journal, leaves_out_fields_that_do_not_fit)
{
	struct blksnap_snapshot s =
		nightly(BLKSNAP_SNAPSHOT_STATE_TAKEN, BLKSNAP_CHANGE_CAUSE_STATE);
	struct blksnap_record rec = { .type = BLKSNAP_RECORD_EVENT,
				      .snapshot = &s,
				      .cmd = BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF };
	char small[64];
	size_t size, length;

	for (size = 1; size <= sizeof(small); size++) {
		memset(small, '#', sizeof(small));
		length = journal_entry(&rec, "x", small, size);
		cr_expect_leq(length, size);
		cr_expect(!length || small[length - 1] == '\n');
		cr_expect(size == sizeof(small) || small[size] == '#');
	}
}

Test(journal, sends_an_entry_as_one_message)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char dir[] = "/tmp/blksnap-journal.XXXXXX", got[64] = "";
	int server, fd;

	cr_assert(mkdtemp(dir));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", dir);
	server = socket(AF_UNIX, SOCK_DGRAM, 0);
	cr_assert_eq(journal_open(address.sun_path), -ENOENT);
	cr_assert_eq(bind(server, (struct sockaddr *)&address, sizeof(address)), 0);
	fd = journal_open(address.sun_path);
	cr_assert_geq(fd, 0);
	cr_expect_eq(journal_send(fd, "A=b\nC=d\n", 8), 0);
	cr_expect_eq(recv(server, got, sizeof(got), 0), 8);
	cr_expect_str_eq(got, "A=b\nC=d\n");
	close(server);
	cr_expect_eq(journal_send(fd, "A=b\n", 4), -ECONNREFUSED);
	close(fd);
	unlink(address.sun_path);
	rmdir(dir);
}
