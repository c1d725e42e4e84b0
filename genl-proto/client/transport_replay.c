// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * transport_replay: plays a recording. Which answer a request gets is told in
 * blksnap_recording.h. Events are delivered in the order of the file, each after
 * the request it follows there was answered.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "error.h"
#include "recording.h"

struct transport_replay {
	struct transport transport;
	struct blksnap_recording *recording;
	size_t step; /* whose events are delivered next */
	size_t event;
};

static struct transport_replay *replay_of(struct transport *t)
{
	return (struct transport_replay *)t;
}

/* ------------------------------------------------------------- requests */

/* Is this very attribute among those at @attrs? */
static bool replay_has(const struct attr_buf *request, const uint8_t *attr,
		       size_t attr_len)
{
	struct nlattr head;
	size_t pos = 0;

	while (request->len - pos >= NLA_HDRLEN) {
		memcpy(&head, request->data + pos, sizeof(head));
		if (head.nla_len == attr_len &&
		    !memcmp(request->data + pos, attr, attr_len))
			return true;
		pos += (size_t)NLA_ALIGN(head.nla_len);
	}
	return false;
}

/* Has @request every attribute that @recorded has? */
static bool replay_fits(const struct attr_buf *recorded,
			const struct attr_buf *request)
{
	struct nlattr head;
	size_t pos = 0;

	while (recorded->len - pos >= NLA_HDRLEN) {
		memcpy(&head, recorded->data + pos, sizeof(head));
		if (!request ||
		    !replay_has(request, recorded->data + pos, head.nla_len))
			return false;
		pos += (size_t)NLA_ALIGN(head.nla_len);
	}
	return true;
}

static struct recording_step *replay_find(struct blksnap_recording *rec,
					  uint8_t cmd, bool dump,
					  const struct attr_buf *request)
{
	struct recording_step *found = NULL;
	size_t i;

	for (i = 0; i < rec->n_steps; i++) {
		struct recording_step *step = &rec->steps[i];

		if (step->cmd != cmd || step->dump != dump ||
		    !replay_fits(&step->request, request))
			continue;
		found = step;
		if (!step->used)
			break;
	}
	return found;
}

/* What is asked for by one socket makes events due on another. */
static void replay_wake(struct blksnap_recording *rec)
{
	uint64_t one = 1;

	if (write(rec->fd, &one, sizeof(one)) < 0)
		return; /* it is readable already */
}

static int replay_request(struct transport *t, uint8_t cmd, bool dump,
			  const struct attr_buf *request, transport_fn fn,
			  void *arg, struct blksnap_error *err)
{
	struct blksnap_recording *rec = replay_of(t)->recording;
	struct transport_msg msg = { .kind = TRANSPORT_MESSAGE };
	struct recording_step *step;
	size_t i;
	int ret;

	error_clear(err);
	if (rec->absent)
		return error_set(err, ENOPROTOOPT,
				 "the module blksnap is not loaded");
	step = replay_find(rec, cmd, dump, request);
	if (!step)
		return error_set(err, EOPNOTSUPP,
				 "the recording has no answer to %s",
				 blksnap_command_word(cmd));
	step->used = true;
	if (step->events.count)
		replay_wake(rec);
	for (i = 0; i < step->answers.count && fn; i++) {
		msg.cmd = step->answers.msgs[i].cmd;
		msg.attrs = step->answers.msgs[i].attrs.data;
		msg.len = step->answers.msgs[i].attrs.len;
		ret = fn(&msg, arg);
		if (ret < 0)
			return ret;
	}
	if (!step->error.errnum)
		return 0;
	if (err)
		*err = step->error;
	return -step->error.errnum;
}

/* --------------------------------------------------------------- events */

/* The step whose events are next, or NULL while none is due. */
static struct recording_step *replay_due(struct transport_replay *replay)
{
	struct blksnap_recording *rec = replay->recording;
	struct recording_step *step;

	for (; replay->step < rec->n_steps; replay->step++, replay->event = 0) {
		step = &rec->steps[replay->step];
		if (replay->event >= step->events.count)
			continue;
		return !step->cmd || step->used ? step : NULL;
	}
	return NULL;
}

static int replay_receive(struct transport *t, transport_fn fn, void *arg)
{
	struct transport_replay *replay = replay_of(t);
	struct recording_step *step = replay_due(replay);
	struct recording_msg *next;
	struct transport_msg msg;
	uint64_t woken;
	int ret;

	if (!step) {
		if (read(replay->recording->fd, &woken, sizeof(woken)) < 0)
			return 0; /* nobody has woken it */
		return 0;
	}
	next = &step->events.msgs[replay->event++];
	if (next->overrun)
		return -ENOBUFS;
	msg.kind = next->kind;
	msg.cmd = next->cmd;
	msg.attrs = next->attrs.data;
	msg.len = next->attrs.len;
	if (msg.kind != TRANSPORT_MESSAGE)
		replay->recording->absent = msg.kind == TRANSPORT_GONE;
	ret = fn(&msg, arg);
	return ret < 0 ? ret : 1;
}

static int replay_join(struct transport *t, struct blksnap_error *err)
{
	if (replay_of(t)->recording->absent)
		return error_set(err, ENOPROTOOPT,
				 "the module blksnap is not loaded");
	return 0;
}

/*
 * A client that polls when nothing is due waits until its own time runs out, as
 * it would with a kernel in which nothing happens.
 */
static int replay_fd(const struct transport *t)
{
	return ((const struct transport_replay *)t)->recording->fd;
}

static void replay_close(struct transport *t)
{
	free(t);
}

static const struct transport_ops replay_ops = {
	.request = replay_request,
	.join = replay_join,
	.receive = replay_receive,
	.fd = replay_fd,
	.close = replay_close,
};

int transport_replay_make(void *arg, bool events, struct transport **transport,
			  struct blksnap_error *err)
{
	struct transport_replay *replay = calloc(1, sizeof(*replay));

	if (!replay)
		return error_set(err, ENOMEM, NULL);
	replay->transport.ops = &replay_ops;
	replay->recording = arg;
	if (events && replay->recording->steps[0].events.count)
		replay_wake(replay->recording);
	*transport = &replay->transport;
	return 0;
}
