// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "replay.h"

#define TAKEN BLKSNAP_SNAPSHOT_STATE_TAKEN
#define CHANGE BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF

static struct replay kernel;
static struct blksnap_session *session;
static struct blksnap_events *events;
static struct blksnap_error err;
static char log_text[4096];
static int refuse_at; /* the callback fails at the n-th record */

/* One word a record: "state:s1@90 sync@100 event:s1@101 ..." */
static int on_record(const struct blksnap_record *rec, void *arg)
{
	size_t used = strlen(log_text);
	char *to = log_text + used;
	size_t left = sizeof(log_text) - used;

	if (refuse_at && !--refuse_at)
		return -EPIPE;
	if (used) {
		*to++ = ' ';
		left--;
	}
	switch (rec->type) {
	case BLKSNAP_RECORD_STATE:
	case BLKSNAP_RECORD_EVENT:
		snprintf(to, left, "%s%s%s:%c%u@%llu",
			 rec->replayed ? "late-" : "",
			 rec->reflected ? "old-" : "",
			 blksnap_record_word(rec->type), rec->snapshot ? 's' : 'd',
			 rec->snapshot ? rec->snapshot->id : rec->device->dev.minor,
			 (unsigned long long)rec->seq);
		break;
	case BLKSNAP_RECORD_LOST:
		snprintf(to, left, "lost:%llu", (unsigned long long)rec->lost);
		break;
	case BLKSNAP_RECORD_SYNC:
		snprintf(to, left, "%s@%llu", rec->resync ? "resync" : "sync",
			 (unsigned long long)rec->seq);
		break;
	default:
		snprintf(to, left, "%s", blksnap_record_word(rec->type));
	}
	return 0;
}

static void setup(void)
{
	replay_init(&kernel);
	log_text[0] = 0;
	refuse_at = 0;
	cr_assert_eq(session_open(replay_make, &kernel, &session, &err), 0);
}

static void teardown(void)
{
	blksnap_events_close(events);
	events = NULL;
	blksnap_close(session);
	replay_exit(&kernel);
}

static void subscribe(unsigned int flags)
{
	cr_assert_eq(blksnap_events_open(session, flags, on_record, NULL, &events,
					 &err),
		     0, "%s", err.message);
}

static void change(uint32_t id, bool delivered)
{
	struct blksnap_snapshot s = replay_snapshot(id, TAKEN, 0);

	replay_event(&kernel, CHANGE, &s, NULL, delivered);
}

static void expect_log(const char *want)
{
	cr_expect_str_eq(log_text, want, "\n  want %s\n  got  %s", want, log_text);
}

TestSuite(events, .init = setup, .fini = teardown);

Test(events, give_the_state_then_each_change)
{
	kernel.snapshots[0] = replay_snapshot(1, TAKEN, 90);
	kernel.devices[0] = replay_device(16, BLKSNAP_DEVICE_STATE_TRACKED, 80);
	kernel.n_snapshots = kernel.n_devices = 1;
	subscribe(0);
	change(1, true);
	change(1, true);

	cr_expect_eq(blksnap_events_dispatch(events, &err), 2);
	expect_log("state:d16@80 state:s1@90 sync@100 event:s1@101 event:s1@102");
}

Test(events, deliver_an_event_that_came_between_info_and_dump_as_old)
{
	kernel.snapshots[0] = replay_snapshot(1, TAKEN, 101);
	kernel.n_snapshots = 1;
	subscribe(0);
	change(1, true); /* 101, which the dump showed already */

	blksnap_events_dispatch(events, &err);
	expect_log("state:s1@101 sync@100 old-event:s1@101");
}

Test(events, drop_what_is_of_before_the_state)
{
	change(1, true); /* 101, before the subscription asks */
	subscribe(0);
	change(1, true);

	blksnap_events_dispatch(events, &err);
	expect_log("sync@101 event:s1@102");
}

Test(events, fill_a_gap_from_the_ring)
{
	subscribe(0);
	change(1, true);
	change(2, false);
	change(3, false);
	change(4, true);
	change(5, true);

	cr_expect_eq(blksnap_events_dispatch(events, &err), 5);
	expect_log("sync@100 event:s1@101 late-event:s2@102 late-event:s3@103 "
		   "late-event:s4@104 late-event:s5@105");
}

Test(events, drain_before_they_repair_an_overrun)
{
	subscribe(0);
	change(1, true);
	replay_overrun(&kernel); /* told before what is queued behind it */
	change(2, true);
	change(3, false);

	blksnap_events_dispatch(events, &err);
	expect_log("sync@100 event:s1@101 event:s2@102 late-event:s3@103");
}

Test(events, start_over_when_the_ring_has_lost_some)
{
	subscribe(0);
	change(1, false);
	change(1, true);
	kernel.ring_lost = 1;
	kernel.snapshots[0] = replay_snapshot(1, TAKEN, 102);
	kernel.n_snapshots = 1;

	blksnap_events_dispatch(events, &err);
	expect_log("sync@100 lost:1 state:s1@102 resync@102");
}

static void resume(uint64_t instance, uint64_t seq)
{
	cr_assert_eq(blksnap_events_resume(session, instance, seq, on_record, NULL,
					   &events, &err),
		     0, "%s", err.message);
}

Test(events, resume_with_what_happened_since)
{
	change(1, false);
	change(2, false);
	change(3, false);
	resume(0, 101);
	change(4, true);

	cr_expect_eq(blksnap_events_dispatch(events, &err), 1);
	expect_log("late-event:s2@102 late-event:s3@103 sync@103 event:s4@104");
}

Test(events, resume_where_nothing_was_missed)
{
	resume(kernel.info.instance, 100);
	change(1, true);
	blksnap_events_dispatch(events, &err);
	expect_log("sync@100 event:s1@101");
}

Test(events, resume_with_the_state_when_the_ring_has_lost_some)
{
	change(1, false);
	kernel.ring_lost = 7;
	kernel.snapshots[0] = replay_snapshot(1, TAKEN, 101);
	kernel.n_snapshots = 1;
	resume(0, 93);
	expect_log("lost:7 state:s1@101 sync@101");
}

Test(events, resume_with_the_state_of_another_instance)
{
	resume(kernel.info.instance + 1, 100);
	expect_log("lost:0 sync@100");
}

Test(events, resume_with_the_state_after_a_number_that_was_not_reached)
{
	resume(0, 5000);
	change(1, true);
	blksnap_events_dispatch(events, &err);
	expect_log("lost:0 sync@100 event:s1@101");
}

Test(events, start_over_when_the_replay_has_a_hole)
{
	subscribe(0);
	change(1, false);
	change(2, false);
	change(3, true);
	kernel.ring[1].seq = 0; /* 102 is not replayed */

	blksnap_events_dispatch(events, &err);
	expect_log("sync@100 late-event:s1@101 lost:0 resync@103");
}

Test(events, count_an_unknown_event_in_the_replay)
{
	subscribe(0);
	change(1, false);
	kernel.ring[0].msg.cmd = 200; /* of a later version */
	change(2, true);

	blksnap_events_dispatch(events, &err);
	expect_log("sync@100 late-event:s2@102");
}

Test(events, say_that_the_module_went_and_came)
{
	subscribe(0);
	replay_family(&kernel, false);
	cr_expect_eq(blksnap_events_dispatch(events, &err), 1);
	kernel.info.instance = 2;
	kernel.info.seq = 0;
	replay_family(&kernel, true);
	change(1, true);

	blksnap_events_dispatch(events, &err);
	expect_log("sync@100 gone back resync@1");
	cr_expect_eq(kernel.joins, 2);
}

Test(events, notice_another_instance_at_a_repair)
{
	subscribe(0);
	kernel.info.instance = 2;
	kernel.info.seq = 0;
	replay_overrun(&kernel);

	blksnap_events_dispatch(events, &err);
	expect_log("sync@100 gone back resync@0");
}

Test(events, wait_for_a_module_that_is_not_there_yet)
{
	kernel.played.absent = true;
	subscribe(BLKSNAP_EVENTS_WAIT);
	expect_log("gone");
	kernel.played.absent = false;
	replay_family(&kernel, true);

	blksnap_events_dispatch(events, &err);
	expect_log("gone back sync@100");
}

Test(events, fail_without_the_module_unless_told_to_wait)
{
	kernel.played.absent = true;

	cr_expect_eq(blksnap_events_open(session, 0, on_record, NULL, &events, &err),
		     -ENOPROTOOPT);
	cr_expect_eq(err.exit, BLKSNAP_EXIT_ABSENT);
	events = NULL;
}

Test(events, say_gone_when_the_module_is_missing_at_a_repair)
{
	subscribe(0);
	replay_overrun(&kernel);
	kernel.played.absent = true;

	cr_expect_geq(blksnap_events_dispatch(events, &err), 0);
	expect_log("sync@100 gone");
}

Test(events, start_with_a_loss_after_the_callback_refused)
{
	subscribe(0);
	change(1, true);
	refuse_at = 1;
	cr_expect_eq(blksnap_events_dispatch(events, &err), -EPIPE);

	blksnap_events_dispatch(events, &err);
	expect_log("sync@100 lost:0 resync@101");
}

Test(events, pass_a_refusal_within_a_replay_on)
{
	subscribe(0);
	change(1, false);
	change(2, true);
	refuse_at = 2;

	cr_expect_eq(blksnap_events_dispatch(events, &err), -EPIPE);
	expect_log("sync@100 late-event:s1@101");
}

Test(events, repeat_a_dump_that_was_interrupted)
{
	kernel.snapshots[0] = replay_snapshot(1, TAKEN, 90);
	kernel.n_snapshots = 1;
	kernel.interrupted = 2;
	subscribe(0);

	expect_log("state:s1@90 sync@100");
}

Test(events, say_that_a_list_never_held_still)
{
	struct blksnap_snapshot *all;
	size_t count;

	kernel.snapshots[0] = replay_snapshot(1, TAKEN, 90);
	kernel.n_snapshots = 1;
	kernel.interrupted = 6;

	cr_assert_eq(blksnap_snapshot_list(session, &all, &count, &err), 0);
	cr_expect_eq(count, 1);
	cr_expect(blksnap_list_changed(session));
	cr_expect_eq(replay_times_seen(&kernel, BLKSNAP_CMD_SNAPSHOT_GET), 5);
	blksnap_snapshots_free(all, count);

	/* one of the six is left */
	cr_assert_eq(blksnap_snapshot_list(session, &all, &count, &err), 0);
	cr_expect_not(blksnap_list_changed(session));
	blksnap_snapshots_free(all, count);
}

Test(events, give_no_ranges_of_different_moments)
{
	struct blksnap_range_info *ranges = NULL;
	size_t count;

	kernel.interrupted = 5;

	cr_expect_eq(blksnap_area_list(session, 1, &ranges, &count, &err), -EAGAIN);
	cr_expect_eq(replay_times_seen(&kernel, BLKSNAP_CMD_AREA_GET), 5);
	cr_expect_eq(err.errnum, EAGAIN);
}
