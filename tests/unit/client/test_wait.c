// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "replay.h"

static struct replay kernel;
static struct blksnap_session *session;
static struct blksnap_error err;
static struct blksnap_snapshot got;
static const struct blksnap_create create = { .name = "n" };
static const struct blksnap_wait soon = { .timeout_ms = 50, .cancel_fd = -1 };
static const struct blksnap_wait patient = { .timeout_ms = 5000, .cancel_fd = -1 };

static void setup(void)
{
	replay_init(&kernel);
	memset(&got, 0, sizeof(got));
	cr_assert_eq(session_open(replay_make, &kernel, &session, &err), 0);
}

static void teardown(void)
{
	blksnap_snapshot_clear(&got);
	blksnap_close(session);
	replay_exit(&kernel);
}

/* The made-up kernel answers, then does this. */
static void tell(uint8_t cmd, uint32_t state, int error, uint32_t phase,
		 bool delivered)
{
	struct blksnap_snapshot s = replay_snapshot(7, state, 0);

	s.error = error;
	s.phase = phase;
	s.cause = BLKSNAP_CHANGE_CAUSE_STATE;
	s.reason = BLKSNAP_DEL_REASON_TAKE_FAILED;
	s.has |= UINT64_C(1) << BLKSNAP_A_SNAPSHOT_CAUSE |
		 UINT64_C(1) << BLKSNAP_A_SNAPSHOT_REASON |
		 UINT64_C(1) << BLKSNAP_A_SNAPSHOT_ERROR |
		 UINT64_C(1) << BLKSNAP_A_SNAPSHOT_PHASE;
	replay_event(&kernel, cmd, &s, NULL, delivered);
}

static void takes(struct replay *k, uint8_t cmd)
{
	if (cmd == BLKSNAP_CMD_SNAPSHOT_CREATE)
		tell(BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF,
		     BLKSNAP_SNAPSHOT_STATE_TAKEN, 0, 0, true);
}

static void fails(struct replay *k, uint8_t cmd)
{
	if (cmd != BLKSNAP_CMD_SNAPSHOT_CREATE)
		return;
	tell(BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF, BLKSNAP_SNAPSHOT_STATE_FAILED,
	     -ETIMEDOUT, BLKSNAP_SNAPSHOT_PHASE_FREEZE, true);
	tell(BLKSNAP_CMD_SNAPSHOT_DEL_NTF, BLKSNAP_SNAPSHOT_STATE_FAILED,
	     -ETIMEDOUT, BLKSNAP_SNAPSHOT_PHASE_FREEZE, true);
}

/* Nothing is left to undo. */
static void gone_by_now(void)
{
	kernel.refuse_cmd = BLKSNAP_CMD_SNAPSHOT_DESTROY;
	kernel.refuse_errno = ENOENT;
}

/* Its event is lost for good. */
static void fails_unseen(struct replay *k, uint8_t cmd)
{
	if (cmd != BLKSNAP_CMD_SNAPSHOT_CREATE)
		return;
	tell(BLKSNAP_CMD_SNAPSHOT_DEL_NTF, BLKSNAP_SNAPSHOT_STATE_FAILED, -EIO, 0,
	     false);
	k->ring_lost = 1;
	replay_overrun(k);
}

static void removes(struct replay *k, uint8_t cmd)
{
	if (cmd == BLKSNAP_CMD_SNAPSHOT_DESTROY)
		tell(BLKSNAP_CMD_SNAPSHOT_DEL_NTF,
		     BLKSNAP_SNAPSHOT_STATE_DESTROYING, 0, 0, true);
}

TestSuite(wait, .init = setup, .fini = teardown);

Test(wait, returns_the_snapshot_when_it_is_taken)
{
	kernel.on_request = takes;

	cr_assert_eq(blksnap_snapshot_create(session, &create, &patient, &got, &err),
		     0, "%s", err.message);
	cr_expect_eq(got.id, 7);
	cr_expect_eq(got.state, BLKSNAP_SNAPSHOT_STATE_TAKEN);
	cr_expect_not(replay_saw(&kernel, BLKSNAP_CMD_SNAPSHOT_DESTROY));
}

Test(wait, tells_errno_and_phase_of_a_failed_take)
{
	kernel.on_request = fails;
	gone_by_now();

	cr_expect_eq(blksnap_snapshot_create(session, &create, &patient, &got, &err),
		     -ETIMEDOUT);
	cr_expect_eq(err.phase, BLKSNAP_SNAPSHOT_PHASE_FREEZE);
	cr_expect_eq(err.exit, BLKSNAP_EXIT_TIMEOUT);
}

Test(wait, ends_when_the_outcome_itself_was_lost)
{
	kernel.on_request = fails_unseen;
	gone_by_now();

	cr_expect_eq(blksnap_snapshot_create(session, &create, &patient, &got, &err),
		     -EIO);
}

Test(wait, destroys_what_did_not_come_in_time)
{
	kernel.on_request = removes;

	cr_expect_eq(blksnap_snapshot_create(session, &create, &soon, &got, &err),
		     -ETIMEDOUT);
	cr_expect(replay_saw(&kernel, BLKSNAP_CMD_SNAPSHOT_DESTROY));
}

Test(wait, destroys_what_was_cancelled)
{
	struct blksnap_wait how = { .timeout_ms = 5000 };
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	cr_assert_eq(write(fds[1], "x", 1), 1);
	how.cancel_fd = fds[0];
	kernel.on_request = removes;

	cr_expect_eq(blksnap_snapshot_create(session, &create, &how, &got, &err),
		     -ECANCELED);
	cr_expect_eq(err.exit, BLKSNAP_EXIT_INTERRUPTED);
	cr_expect(replay_saw(&kernel, BLKSNAP_CMD_SNAPSHOT_DESTROY));
	close(fds[0]);
	close(fds[1]);
}

/* Refuses to be destroyed as long as it is being taken. */
static void busy_until_taken(struct replay *k, uint8_t cmd)
{
	if (cmd != BLKSNAP_CMD_SNAPSHOT_DESTROY)
		return;
	if (k->refuse_cmd) {
		k->refuse_cmd = 0;
		tell(BLKSNAP_CMD_SNAPSHOT_DEL_NTF,
		     BLKSNAP_SNAPSHOT_STATE_DESTROYING, 0, 0, true);
		return;
	}
	k->refuse_cmd = BLKSNAP_CMD_SNAPSHOT_DESTROY;
	k->refuse_errno = EBUSY;
	tell(BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF, BLKSNAP_SNAPSHOT_STATE_TAKEN, 0, 0,
	     true);
}

Test(wait, destroys_what_can_be_destroyed_only_once_it_is_taken)
{
	kernel.on_request = busy_until_taken;

	cr_expect_eq(blksnap_snapshot_create(session, &create, &soon, &got, &err),
		     -ETIMEDOUT);
	cr_expect_not(err.left_behind);
	cr_expect_eq(kernel.seen[kernel.n_seen - 1], BLKSNAP_CMD_SNAPSHOT_DESTROY);
	cr_expect_eq(kernel.seen[kernel.n_seen - 2], BLKSNAP_CMD_SNAPSHOT_DESTROY);
}

Test(wait, says_that_something_is_left_behind)
{
	kernel.refuse_cmd = BLKSNAP_CMD_SNAPSHOT_DESTROY;
	kernel.refuse_errno = EPERM;

	cr_expect_eq(blksnap_snapshot_create(session, &create, &soon, &got, &err),
		     -ETIMEDOUT);
	cr_expect(err.left_behind);
}

Test(wait, passes_a_refusal_on_at_once)
{
	kernel.refuse_cmd = BLKSNAP_CMD_SNAPSHOT_CREATE;
	kernel.refuse_errno = EEXIST;

	cr_expect_eq(blksnap_snapshot_create(session, &create, &patient, &got, &err),
		     -EEXIST);
	cr_expect_eq(err.exit, BLKSNAP_EXIT_CONFLICT);
	cr_expect_not(replay_saw(&kernel, BLKSNAP_CMD_SNAPSHOT_DESTROY));
}

Test(wait, ends_a_destroy_when_the_snapshot_is_gone)
{
	kernel.answer_state = BLKSNAP_SNAPSHOT_STATE_DESTROYING;
	kernel.on_request = removes;

	cr_expect_eq(blksnap_snapshot_destroy(session, 7, false, &patient, NULL,
					      &err),
		     0, "%s", err.message);
}

static void image_open(struct replay *k, uint8_t cmd)
{
	if (cmd == BLKSNAP_CMD_SNAPSHOT_DESTROY)
		tell(BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF,
		     BLKSNAP_SNAPSHOT_STATE_TAKEN, 0, 0, true);
}

Test(wait, tells_that_a_destroy_was_given_up)
{
	kernel.answer_state = BLKSNAP_SNAPSHOT_STATE_DESTROYING;
	kernel.on_answered = image_open;

	cr_expect_eq(blksnap_snapshot_destroy(session, 7, false, &patient, NULL,
					      &err),
		     -EBUSY);
	cr_expect_str_eq(err.message, "an image is open");
}

Test(wait, ends_when_the_module_goes)
{
	replay_family(&kernel, false);

	cr_expect_eq(blksnap_snapshot_create(session, &create, &patient, &got, &err),
		     -ENOPROTOOPT);
	cr_expect_eq(err.exit, BLKSNAP_EXIT_GONE);
}

/* ---------------------------------------------------- finding, cbt, area */

Test(find, takes_a_name_before_a_uuid_prefix)
{
	kernel.snapshots[0] = replay_snapshot(1, 3, 1);
	kernel.snapshots[1] = replay_snapshot(2, 3, 1);
	strcpy(kernel.snapshots[1].name, "01010101");
	kernel.n_snapshots = 2;

	cr_assert_eq(blksnap_snapshot_find(session, "01010101", &got, &err), 0);
	cr_expect_eq(got.id, 2);
}

Test(find, takes_a_unique_prefix_of_a_uuid)
{
	kernel.snapshots[0] = replay_snapshot(1, 3, 1);
	kernel.snapshots[1] = replay_snapshot(2, 3, 1);
	kernel.n_snapshots = 2;

	cr_assert_eq(blksnap_snapshot_find(session, "0202", &got, &err), 0);
	cr_expect_eq(got.id, 2);
	cr_expect_eq(blksnap_snapshot_find(session, "020", &got, &err), -ENOENT);
	cr_expect_eq(blksnap_snapshot_find(session, "nope", &got, &err), -ENOENT);
}

Test(find, refuses_a_prefix_that_fits_two)
{
	kernel.snapshots[0] = replay_snapshot(1, 3, 1);
	kernel.snapshots[1] = replay_snapshot(2, 3, 1);
	memcpy(kernel.snapshots[1].uuid, kernel.snapshots[0].uuid, 4);
	kernel.n_snapshots = 2;

	cr_expect_eq(blksnap_snapshot_find(session, "0101", &got, &err), -ENOTUNIQ);
}

static uint64_t extents[8];
static size_t n_extents;

static int on_extent(const struct blksnap_extent *extent, void *arg)
{
	extents[n_extents++] = extent->start_sectors;
	extents[n_extents++] = extent->count_sectors;
	return 0;
}

static struct attr_extent_page page_of(struct blksnap_extent *list, size_t count)
{
	return (struct attr_extent_page){
		.has = UINT64_C(1) << BLKSNAP_A_DEVICE_CBT_GENERATION |
		       UINT64_C(1) << BLKSNAP_A_DEVICE_CBT_NUMBER |
		       UINT64_C(1) << BLKSNAP_A_DEVICE_EXTENT,
		.cbt_number = 5, .extents = list, .n_extents = count,
	};
}

Test(cbt, joins_extents_that_touch_across_pages)
{
	struct blksnap_extent a[] = { { 0, 128 }, { 256, 128 } };
	struct blksnap_extent b[] = { { 384, 128 }, { 1024, 128 } };
	struct blksnap_cbt since = { .number = 4 }, upto;

	kernel.pages[0] = page_of(a, 2);
	kernel.pages[1] = page_of(b, 2);
	kernel.n_pages = 2;
	n_extents = 0;

	cr_assert_eq(blksnap_cbt_extents(session, (struct blksnap_dev){ 8, 0 },
					 &since, on_extent, NULL, &upto, &err),
		     0);
	cr_expect_eq(upto.number, 5);
	cr_assert_eq(n_extents, 6);
	cr_expect_eq(extents[2], 256);
	cr_expect_eq(extents[3], 256);
}

Test(cbt, refuses_answers_of_two_intervals)
{
	struct blksnap_extent a[] = { { 0, 128 } };
	struct blksnap_cbt since = { .number = 4 };

	kernel.pages[0] = page_of(a, 1);
	kernel.pages[1] = page_of(a, 1);
	kernel.pages[1].cbt_number = 6;
	kernel.n_pages = 2;
	n_extents = 0;

	cr_expect_eq(blksnap_cbt_extents(session, (struct blksnap_dev){ 8, 0 },
					 &since, on_extent, NULL, NULL, &err),
		     -ESTALE);
	cr_expect_eq(err.exit, BLKSNAP_EXIT_INVALID);
}

Test(area, sends_long_lists_in_parts)
{
	struct blksnap_range ranges[5] = { 0 };
	size_t i, sent = 0;

	cr_assert_eq(blksnap_area_append(session, 7, ranges, 5, &got, &err), 0);
	for (i = 0; i < kernel.n_seen; i++)
		sent += kernel.seen[i] == BLKSNAP_CMD_AREA_APPEND;
	cr_expect_eq(sent, 3);
}

TestSuite(find, .init = setup, .fini = teardown);
TestSuite(cbt, .init = setup, .fini = teardown);
TestSuite(area, .init = setup, .fini = teardown);

/* ------------------------------------------- more ranges than fit a request */

static struct blksnap_range many[600];
static const struct blksnap_create large = {
	.name = "n", .ranges = many, .n_ranges = 600,
};

static void takes_a_draft(struct replay *k, uint8_t cmd)
{
	k->info.ranges_per_request = 256;
	k->answer_state = cmd == BLKSNAP_CMD_SNAPSHOT_TAKE ?
				  BLKSNAP_SNAPSHOT_STATE_TAKING :
				  BLKSNAP_SNAPSHOT_STATE_CREATED;
	if (cmd == BLKSNAP_CMD_SNAPSHOT_TAKE)
		tell(BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF,
		     BLKSNAP_SNAPSHOT_STATE_TAKEN, 0, 0, true);
}

Test(wait, sends_a_long_list_of_ranges_in_parts)
{
	kernel.on_request = takes_a_draft;

	cr_assert_eq(blksnap_snapshot_create(session, &large, &patient, &got, &err),
		     0, "%s", err.message);
	cr_expect_eq(got.state, BLKSNAP_SNAPSHOT_STATE_TAKEN);
	cr_expect_eq(replay_asked(&kernel, BLKSNAP_CMD_SNAPSHOT_CREATE,
				  BLKSNAP_A_SNAPSHOT_RANGE), 256);
	cr_expect_eq(replay_asked(&kernel, BLKSNAP_CMD_SNAPSHOT_CREATE,
				  BLKSNAP_A_SNAPSHOT_DRAFT), 1);
	cr_expect_eq(replay_asked(&kernel, BLKSNAP_CMD_SNAPSHOT_CREATE,
				  BLKSNAP_A_SNAPSHOT_TAKE), 0);
	cr_expect_eq(replay_times_seen(&kernel, BLKSNAP_CMD_AREA_APPEND), 2);
	cr_expect_eq(replay_asked(&kernel, BLKSNAP_CMD_AREA_APPEND,
				  BLKSNAP_A_SNAPSHOT_RANGE), 88);
	cr_expect_not(replay_saw(&kernel, BLKSNAP_CMD_SNAPSHOT_DESTROY));
}

Test(wait, sends_a_short_list_at_once)
{
	kernel.on_request = takes;

	cr_assert_eq(blksnap_snapshot_create(session, &create, &patient, &got, &err), 0);
	cr_expect_eq(replay_asked(&kernel, BLKSNAP_CMD_SNAPSHOT_CREATE,
				  BLKSNAP_A_SNAPSHOT_TAKE), 1);
	cr_expect_eq(replay_asked(&kernel, BLKSNAP_CMD_SNAPSHOT_CREATE,
				  BLKSNAP_A_SNAPSHOT_DRAFT), 0);
}

static void removes_the_draft(struct replay *k, uint8_t cmd)
{
	takes_a_draft(k, cmd);
	removes(k, cmd);
}

Test(wait, leaves_nothing_when_a_later_part_is_refused)
{
	kernel.on_request = removes_the_draft;
	kernel.refuse_cmd = BLKSNAP_CMD_AREA_APPEND;
	kernel.refuse_errno = EROFS;

	cr_expect_eq(blksnap_snapshot_create(session, &large, &patient, &got, &err),
		     -EROFS);
	cr_expect(replay_saw(&kernel, BLKSNAP_CMD_SNAPSHOT_DESTROY));
	cr_expect_not(replay_saw(&kernel, BLKSNAP_CMD_SNAPSHOT_TAKE));
	cr_expect_not(err.left_behind);
	cr_expect_eq(err.errnum, EROFS);
}
