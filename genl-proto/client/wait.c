// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * wait: see wait.h. Called by snapshot.c alone.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "wait.h"

static void wait_remember(struct wait_outcome *wait,
			  const struct blksnap_snapshot *snapshot)
{
	struct blksnap_snapshot copy;

	/* Without memory for the members the numbers still count. */
	if (blksnap_snapshot_copy(&copy, snapshot)) {
		copy = *snapshot;
		copy.members = NULL;
		copy.n_members = 0;
	}
	blksnap_snapshot_clear(&wait->last);
	wait->last = copy;
}

static void wait_end(struct wait_outcome *wait, int result)
{
	wait->done = true;
	wait->result = result;
}

static int wait_broken(const struct blksnap_snapshot *snapshot, int otherwise)
{
	return snapshot->error < 0 ? snapshot->error : -otherwise;
}

/* How the object stands, whether an event or a new state told so. */
static void wait_state(struct wait_outcome *wait, bool event,
		       const struct blksnap_snapshot *snapshot)
{
	switch (snapshot->state) {
	case BLKSNAP_SNAPSHOT_STATE_TAKEN:
		if (wait->what == WAIT_TAKEN)
			wait_end(wait, 0);
		else if (event)
			wait_end(wait, wait_broken(snapshot, EBUSY));
		break;
	case BLKSNAP_SNAPSHOT_STATE_OVERFLOW:
	case BLKSNAP_SNAPSHOT_STATE_FAILED:
		/* A failed take is followed by the removal, which has more. */
		if (wait->what == WAIT_TAKEN && !event)
			wait_end(wait, wait_broken(snapshot, EIO));
		else if (wait->what == WAIT_DESTROYED && event)
			wait_end(wait, wait_broken(snapshot, EBUSY));
		break;
	default:
		break;
	}
}

static void wait_removed(struct wait_outcome *wait,
			 const struct blksnap_snapshot *snapshot)
{
	wait_end(wait, wait->what == WAIT_DESTROYED ?
			       0 :
			       wait_broken(snapshot, ECANCELED));
}

static int wait_on_record(const struct blksnap_record *rec, void *arg)
{
	struct wait_outcome *wait = arg;

	if (!wait->id || wait->done)
		return 0;
	switch (rec->type) {
	case BLKSNAP_RECORD_STATE:
		if (!rec->snapshot || rec->snapshot->id != wait->id)
			break;
		wait->seen = true;
		wait_remember(wait, rec->snapshot);
		wait_state(wait, false, rec->snapshot);
		break;
	case BLKSNAP_RECORD_EVENT:
		if (!rec->snapshot || rec->snapshot->id != wait->id)
			break;
		wait_remember(wait, rec->snapshot);
		if (rec->cmd == BLKSNAP_CMD_SNAPSHOT_DEL_NTF)
			wait_removed(wait, rec->snapshot);
		else if (rec->cmd == BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF &&
			 (wait->what == WAIT_TAKEN || rec->seq > wait->since))
			wait_state(wait, true, rec->snapshot);
		break;
	case BLKSNAP_RECORD_LOST:
		wait->seen = false;
		break;
	case BLKSNAP_RECORD_SYNC:
		/* The removal was among what was lost. */
		if (!wait->seen)
			wait_end(wait, wait->what == WAIT_DESTROYED ? 0 : -EIO);
		break;
	case BLKSNAP_RECORD_GONE:
		wait_end(wait, -ENOPROTOOPT);
		break;
	case BLKSNAP_RECORD_BACK:
		break;
	}
	return 0;
}

int wait_open(struct wait_outcome *wait, struct blksnap_session *session,
	      enum wait_for what, struct blksnap_error *err)
{
	memset(wait, 0, sizeof(*wait));
	wait->session = session;
	wait->what = what;
	return blksnap_events_open(session, 0, wait_on_record, wait,
				   &wait->events, err);
}

static int64_t wait_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Return: 0 when there is something to dispatch; -ETIMEDOUT, -ECANCELED. */
static int wait_poll(struct wait_outcome *wait, const struct blksnap_wait *how,
		     int64_t deadline)
{
	struct pollfd fds[2] = {
		{ .fd = blksnap_events_fd(wait->events), .events = POLLIN },
		{ .fd = how->cancel_fd, .events = POLLIN },
	};
	int64_t left;
	int ret;

	do {
		left = how->timeout_ms < 0 ? -1 : deadline - wait_now_ms();
		if (how->timeout_ms >= 0 && left <= 0)
			return -ETIMEDOUT;
		ret = poll(fds, 2, (int)left);
		if (ret > 0 && fds[1].revents)
			return -ECANCELED;
	} while (ret == 0 || (ret < 0 && errno == EINTR));
	return ret < 0 ? -errno : 0;
}

static int wait_explain(struct wait_outcome *wait, int result,
			struct blksnap_error *err)
{
	const struct blksnap_snapshot *last = &wait->last;
	const char *text = strerror(-result);

	if (result == 0)
		return 0;
	if (result == -ENOPROTOOPT)
		error_set_exit(err, BLKSNAP_EXIT_GONE, ENOPROTOOPT,
			       "the module went away");
	else if (wait->what == WAIT_DESTROYED)
		error_set(err, -result, result == -EBUSY ?
						"an image is open" : "%s", text);
	else if (last->phase != BLKSNAP_SNAPSHOT_PHASE_NONE)
		error_set(err, -result, "the take failed (phase %s): %s",
			  blksnap_snapshot_phase_word(last->phase), text);
	else
		error_set(err, -result, "the take failed: %s", text);
	if (!err)
		return result;
	err->phase = last->phase;
	err->has_dev = BLKSNAP_HAS(last, SNAPSHOT_ERROR_DEV);
	err->dev = last->error_dev;
	err->has_sector = BLKSNAP_HAS(last, SNAPSHOT_ERROR_SECTOR);
	err->sector = last->error_sector;
	if (last->state == BLKSNAP_SNAPSHOT_STATE_OVERFLOW)
		err->exit = BLKSNAP_EXIT_NO_SPACE;
	return result;
}

int wait_run(struct wait_outcome *wait, struct blksnap_snapshot *answer,
	     const struct blksnap_wait *how, struct blksnap_error *err)
{
	int64_t deadline = wait_now_ms() + how->timeout_ms;
	int ret;

	wait->id = answer->id;
	wait->since = answer->seq;
	blksnap_snapshot_clear(&wait->last);
	wait->last = *answer;
	memset(answer, 0, sizeof(*answer));
	wait->done = false;
	wait->result = 0;
	wait->seen = true;

	/* The kernel may have been quicker than its answer. */
	ret = blksnap_events_dispatch(wait->events, err);
	while (ret >= 0 && !wait->done) {
		ret = wait_poll(wait, how, deadline);
		if (ret == -ETIMEDOUT)
			return error_set(err, ETIMEDOUT,
					 "no outcome within %d s",
					 how->timeout_ms / 1000);
		if (ret == -ECANCELED)
			return error_set(err, ECANCELED, "interrupted");
		if (ret < 0)
			return error_set(err, -ret, NULL);
		ret = blksnap_events_dispatch(wait->events, err);
	}
	if (ret < 0)
		return ret;
	return wait_explain(wait, wait->result, err);
}

void wait_close(struct wait_outcome *wait)
{
	blksnap_events_close(wait->events);
	blksnap_snapshot_clear(&wait->last);
	memset(wait, 0, sizeof(*wait));
}
