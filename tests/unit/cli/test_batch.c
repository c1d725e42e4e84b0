// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Batches over a made-up kernel: all of one with --atomic, or nothing.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "runner.h"
#include "take.h"

/* What SNAPSHOT_SET asked for, in order: "NAME GRACE", "-" for what it did not. */
static char asked[8][BLKSNAP_NAME_MAX + 32];
static size_t n_asked;

static const void *attribute(const struct attr_buf *request, uint16_t type)
{
	struct nlattr head;
	size_t at;

	for (at = 0; at + sizeof(head) <= request->len; at += NLA_ALIGN(head.nla_len)) {
		memcpy(&head, request->data + at, sizeof(head));
		if ((head.nla_type & NLA_TYPE_MASK) == type)
			return request->data + at + NLA_HDRLEN;
	}
	return NULL;
}

static void note(struct replay *replay, uint8_t cmd)
{
	const struct attr_buf *request = &replay->asked[cmd];
	const char *name;
	const void *grace;
	uint32_t ms = 0;

	if (cmd != BLKSNAP_CMD_SNAPSHOT_SET || n_asked == 8)
		return;
	name = attribute(request, BLKSNAP_A_SNAPSHOT_NAME);
	grace = attribute(request, BLKSNAP_A_SNAPSHOT_GRACE_MS);
	if (grace)
		memcpy(&ms, grace, sizeof(ms));
	snprintf(asked[n_asked++], sizeof(asked[0]), "%s %d", name ? name : "-",
		 grace ? (int)ms : -1);
}

static int batch(const char *options, const char *lines)
{
	char path[] = "/tmp/blksnap-batch.XXXXXX", line[256];
	FILE *out = fdopen(mkstemp(path), "w");
	int ret;

	fputs(lines, out);
	fclose(out);
	snprintf(line, sizeof(line), "%s --batch %s", options, path);
	ret = run(line);
	unlink(path);
	return ret;
}

static void setup_batch(void)
{
	setup();
	kernel.snapshots[0].grace_ms = 2000;
	kernel.on_request = note;
}

TestSuite(batch, .init = setup_batch, .fini = teardown);

Test(batch, goes_on_or_stops_where_a_line_fails)
{
	cr_expect_eq(batch("", "info\nsnapshot show nope\narea set nightly --grace 1s\n"),
		     BLKSNAP_EXIT_PARTIAL);
	cr_expect_eq(n_asked, 0);
	cr_expect_eq(batch("--keep-going",
			   "info\nsnapshot show nope\narea set nightly --grace 1s\n"),
		     BLKSNAP_EXIT_PARTIAL);
	cr_expect_eq(n_asked, 1);
	cr_expect_str_eq(err_text, "blksnap: line 2: snapshot show: nope: no snapshot of that "
				   "name or UUID; `blksnap snapshot list` shows them\n");
	batch("--keep-going", "info\nsnapshot list -o nope\nnonsense\n");
	cr_expect(strstr(err_text, "blksnap: line 2: snapshot list: -o: "), "%s", err_text);
	cr_expect(strstr(err_text, "\nblksnap: line 3: unknown command"), "%s", err_text);
}

Test(batch, that_is_atomic_takes_back_the_last_first)
{
	cr_expect_eq(batch("--atomic", "snapshot rename nightly weekly # a comment\n\n"
				       "area set nightly --grace 1s\nsnapshot show nope\n"),
		     BLKSNAP_EXIT_NOT_FOUND, "%s", err_text);
	cr_assert_eq(n_asked, 4);
	cr_expect_str_eq(asked[0], "weekly -1");
	cr_expect_str_eq(asked[1], "- 1000");
	cr_expect_str_eq(asked[2], "nightly 2000");
	cr_expect_str_eq(asked[3], "nightly 2000");
	cr_expect(strstr(err_text, "line 4: this ended it, and what was done before was "
				   "taken back; mend it, and begin again\n"),
		  "%s", err_text);
}

Test(batch, that_is_atomic_stays_if_all_goes_well)
{
	cr_expect_eq(batch("--atomic", "area set nightly --grace 1s\nstatus\n"), 0, "%s",
		     err_text);
	cr_expect_eq(n_asked, 1);
	cr_expect_str_empty(err_text);
}

Test(batch, that_is_atomic_is_checked_before_it_begins)
{
	static const char *const wrong[] = {
		"area set nightly --grace 1s\nsnapshot destroy nightly\n",
		"area set nightly --grace 1s\ndevice detach vdb\n",
		"area set nightly --grace 1s\ncbt mark vdb 0+4K\n",
		"area set nightly --grace 1s\nimage release nightly vdb 0+4K\n",
		"area set nightly --grace 1s\nnonsense\n",
		"area set nightly --grace 1s\n\"open\n",
		"area set nightly --grace 1s\nmonitor\n",
	};
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		cr_expect_eq(batch("--atomic", wrong[i]), BLKSNAP_EXIT_USAGE);
		cr_expect_eq(n_asked, 0, "%s", wrong[i]);
		cr_expect(strstr(err_text, "line 2: "), "%s", err_text);
	}
	cr_expect_eq(batch("--atomic --keep-going", "info\n"), BLKSNAP_EXIT_USAGE);
}

Test(batch, that_cannot_be_read_is_not_at_its_end)
{
	cr_expect_eq(run("--batch /"), BLKSNAP_EXIT_OTHER);
	cr_expect(strstr(err_text, "cannot read the batch"), "%s", err_text);
	cr_expect_eq(run("--atomic --batch /"), BLKSNAP_EXIT_OTHER);
	cr_expect_eq(run("--batch /nowhere"), BLKSNAP_EXIT_NOT_FOUND);
}

static void refuse_second(struct replay *replay, uint8_t cmd)
{
	note(replay, cmd);
	if (cmd == BLKSNAP_CMD_SNAPSHOT_SET && n_asked == 2) {
		replay->refuse_cmd = cmd;
		replay->refuse_errno = EPERM;
	}
}

Test(batch, that_is_atomic_says_what_it_could_not_take_back)
{
	kernel.on_request = refuse_second;
	cr_expect_eq(batch("--atomic", "area set nightly --grace 1s\nsnapshot show nope\n"),
		     BLKSNAP_EXIT_PARTIAL);
	cr_expect(strstr(err_text, "nightly: refused; it could not be taken back"), "%s",
		  err_text);
	cr_expect(strstr(err_text, "not all that was done before could be taken back"), "%s",
		  err_text);
}

static void interrupt(struct replay *replay, uint8_t cmd)
{
	note(replay, cmd);
	if (cmd == BLKSNAP_CMD_SNAPSHOT_SET && n_asked == 1)
		raise(SIGTERM);
}

Test(batch, that_is_atomic_is_undone_by_a_signal)
{
	kernel.on_request = interrupt;
	cr_expect_eq(batch("--atomic", "area set nightly --grace 1s\nstatus\n"),
		     BLKSNAP_EXIT_INTERRUPTED);
	cr_expect_eq(n_asked, 2);
	cr_expect_str_eq(asked[1], "nightly 2000");
}

Test(batch, has_no_line_of_which_a_part_is_hidden)
{
	char path[] = "/tmp/blksnap-batch.XXXXXX", line[64];
	int fd = mkstemp(path);

	cr_assert_eq(write(fd, "status\0 nope\n", 13), 13);
	close(fd);
	snprintf(line, sizeof(line), "--batch %s", path);
	cr_expect_eq(run(line), BLKSNAP_EXIT_USAGE);
	unlink(path);
}

Test(batch, ends_at_a_signal_that_waits_for_a_line)
{
	/* as a command that makes something does */
	close(take_signals());
	kernel.on_request = interrupt;
	cr_expect_eq(batch("--keep-going", "area set nightly --grace 1s\n"
					   "area set nightly --grace 3s\n"),
		     BLKSNAP_EXIT_INTERRUPTED);
	cr_expect_eq(n_asked, 1);
	cr_expect(strstr(err_text, "line 1: interrupted"), "%s", err_text);
}

Test(batch, that_is_atomic_tells_a_program_so)
{
	char *line, *rest;
	json_t *doc;
	int lines = 0;

	cr_expect_eq(batch("-j --atomic", "area set nightly --grace 1s\nsnapshot show nope\n"),
		     BLKSNAP_EXIT_NOT_FOUND);
	for (line = strtok_r(out_text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		doc = json_loads(line, 0, NULL);
		cr_assert(doc, "%s", line);
		cr_expect_eq(!strcmp(json_string_value(json_object_get(doc, "schema")),
				     "blksnap.error/1"),
			     lines == 2);
		json_decref(doc);
		lines++;
	}
	cr_expect_eq(lines, 3);
}
