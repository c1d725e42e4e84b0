// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "encode.h"
#include "replay.h"

struct replay_transport {
	struct transport transport;
	struct transport *played; /* of the library, for events */
	struct replay *replay;
};

#define ALL(obj) ((obj).has = ~UINT64_C(0))

struct blksnap_snapshot replay_snapshot(uint32_t id, uint32_t state, uint64_t seq)
{
	struct blksnap_snapshot s = { .id = id, .state = state, .seq = seq };

	s.has = UINT64_C(1) << BLKSNAP_A_SNAPSHOT_ID |
		UINT64_C(1) << BLKSNAP_A_SNAPSHOT_NAME |
		UINT64_C(1) << BLKSNAP_A_SNAPSHOT_UUID |
		UINT64_C(1) << BLKSNAP_A_SNAPSHOT_STATE |
		UINT64_C(1) << BLKSNAP_A_SNAPSHOT_SEQ;
	snprintf(s.name, sizeof(s.name), "s%u", id);
	memset(s.uuid, (int)id, sizeof(s.uuid));
	return s;
}

struct blksnap_device replay_device(uint32_t minor, uint32_t state, uint64_t seq)
{
	struct blksnap_device d = { .state = state, .seq = seq };

	d.has = UINT64_C(1) << BLKSNAP_A_DEVICE_DEV |
		UINT64_C(1) << BLKSNAP_A_DEVICE_STATE |
		UINT64_C(1) << BLKSNAP_A_DEVICE_SEQ;
	d.dev = (struct blksnap_dev){ 254, minor };
	return d;
}

void replay_init(struct replay *replay)
{
	memset(replay, 0, sizeof(*replay));
	ALL(replay->info);
	replay->info.instance = 1;
	replay->info.seq = 100;
	replay->info.ranges_per_request = 2;
	replay->answer_state = BLKSNAP_SNAPSHOT_STATE_TAKING;
	replay->played.steps = replay->steps;
	replay->played.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (replay->played.fd < 0)
		abort();
}

void replay_exit(struct replay *replay)
{
	size_t i;

	for (i = 0; i < replay->played.n_steps; i++)
		attr_buf_free(&replay->queue[i].attrs);
	for (i = 0; i < replay->n_ring; i++)
		attr_buf_free(&replay->ring[i].msg.attrs);
	for (i = 0; i < 256; i++)
		attr_buf_free(&replay->asked[i]);
	close(replay->played.fd);
}

bool replay_saw(const struct replay *replay, uint8_t cmd)
{
	return memchr(replay->seen, cmd, replay->n_seen) != NULL;
}

size_t replay_asked(const struct replay *replay, uint8_t cmd, uint16_t type)
{
	const struct attr_buf *request = &replay->asked[cmd];
	struct nlattr head;
	size_t at, n = 0;

	for (at = 0; at + sizeof(head) <= request->len; at += NLA_ALIGN(head.nla_len)) {
		memcpy(&head, request->data + at, sizeof(head));
		n += (head.nla_type & NLA_TYPE_MASK) == type;
	}
	return n;
}

static void replay_note(struct replay *replay, uint8_t cmd,
			const struct attr_buf *request)
{
	struct attr_buf *asked = &replay->asked[cmd];

	if (replay->n_seen < REPLAY_MAX)
		replay->seen[replay->n_seen++] = cmd;
	attr_buf_free(asked);
	memset(asked, 0, sizeof(*asked));
	if (!request || !request->len)
		return;
	asked->data = malloc(request->len);
	if (!asked->data)
		abort();
	memcpy(asked->data, request->data, request->len);
	asked->len = request->len;
}

/* --------------------------------------------------------------- events */

static struct recording_msg *replay_queue(struct replay *replay)
{
	size_t i = replay->played.n_steps++;

	if (i == REPLAY_MAX || eventfd_write(replay->played.fd, 1))
		abort();
	replay->steps[i].events =
		(struct recording_list){ &replay->queue[i], 1 };
	return &replay->queue[i];
}

static void replay_fill(struct recording_msg *msg, uint8_t cmd, uint64_t seq,
			const struct blksnap_snapshot *snapshot,
			const struct blksnap_device *device)
{
	struct blksnap_snapshot s;
	struct blksnap_device d;

	msg->kind = TRANSPORT_MESSAGE;
	msg->cmd = cmd;
	if (snapshot) {
		s = *snapshot;
		s.seq = seq;
		encode(&attr_snapshot, &s, &msg->attrs);
	} else if (device) {
		d = *device;
		d.seq = seq;
		encode(&attr_device, &d, &msg->attrs);
	}
}

void replay_event(struct replay *replay, uint8_t cmd,
		  const struct blksnap_snapshot *snapshot,
		  const struct blksnap_device *device, bool delivered)
{
	uint64_t seq = ++replay->info.seq;

	replay->ring[replay->n_ring].seq = seq;
	replay_fill(&replay->ring[replay->n_ring++].msg, cmd, seq, snapshot, device);
	if (delivered)
		replay_fill(replay_queue(replay), cmd, seq, snapshot, device);
}

void replay_overrun(struct replay *replay)
{
	replay_queue(replay)->overrun = true;
}

void replay_family(struct replay *replay, bool back)
{
	replay_queue(replay)->kind = back ? TRANSPORT_BACK : TRANSPORT_GONE;
}

/* ------------------------------------------------------------- requests */

static int replay_send(uint8_t cmd, const struct attr_set *set, const void *obj,
		       transport_fn fn, void *arg)
{
	struct attr_buf buf = { 0 };
	struct transport_msg msg;
	int ret;

	encode(set, obj, &buf);
	msg = (struct transport_msg){ TRANSPORT_MESSAGE, cmd, buf.data, buf.len };
	ret = fn ? fn(&msg, arg) : 0;
	attr_buf_free(&buf);
	return ret;
}

static int replay_dump(struct replay *replay, uint8_t cmd,
		       const struct attr_set *set, const void *items,
		       size_t count, transport_fn fn, void *arg)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < count; i++)
		ret = replay_send(cmd, set, (const char *)items + i * set->size,
				  fn, arg);
	if (!ret && replay->interrupted) {
		replay->interrupted--;
		return 1;
	}
	return ret;
}

static int replay_ring(struct replay *replay, const struct attr_buf *request,
		       transport_fn fn, void *arg)
{
	struct attr_event_info head = { .has = ~UINT64_C(0) };
	struct transport_msg msg;
	uint64_t since;
	size_t i;
	int ret;

	memcpy(&since, request->data + 4, sizeof(since));
	head.lost = replay->ring_lost;
	head.instance = replay->info.instance;
	head.seq = replay->info.seq;
	ret = replay_send(BLKSNAP_CMD_EVENT_REPLAY, &attr_event, &head, fn, arg);
	for (i = 0; !ret && i < replay->n_ring; i++) {
		if (replay->ring[i].seq <= since)
			continue;
		msg = (struct transport_msg){ TRANSPORT_MESSAGE,
					      replay->ring[i].msg.cmd,
					      replay->ring[i].msg.attrs.data,
					      replay->ring[i].msg.attrs.len };
		ret = fn(&msg, arg);
	}
	return ret;
}

static int replay_answer(struct replay *replay, uint8_t cmd, transport_fn fn,
			 void *arg)
{
	struct blksnap_snapshot s =
		replay_snapshot(7, replay->answer_state, replay->info.seq);
	int ret = replay_send(cmd, &attr_snapshot, &s, fn, arg);

	if (replay->on_answered)
		replay->on_answered(replay, cmd);
	return ret;
}

static int replay_request(struct transport *t, uint8_t cmd, bool dump,
			  const struct attr_buf *request, transport_fn fn,
			  void *arg, struct blksnap_error *err)
{
	struct replay *replay = ((struct replay_transport *)t)->replay;

	error_clear(err);
	replay_note(replay, cmd, request);
	if (replay->on_request)
		replay->on_request(replay, cmd);
	if (replay->played.absent)
		return error_absent(err);
	if (cmd == replay->refuse_cmd)
		return error_set(err, replay->refuse_errno, "refused");

	switch (cmd) {
	case BLKSNAP_CMD_INFO_GET:
		return replay_send(cmd, &attr_info, &replay->info, fn, arg);
	case BLKSNAP_CMD_SNAPSHOT_GET:
		return replay_dump(replay, cmd, &attr_snapshot, replay->snapshots,
				   replay->n_snapshots, fn, arg);
	case BLKSNAP_CMD_DEVICE_GET:
		return replay_dump(replay, cmd, &attr_device, replay->devices,
				   replay->n_devices, fn, arg);
	case BLKSNAP_CMD_DEVICE_DETACH:
		return replay_send(cmd, &attr_device, &replay->devices[0], fn, arg);
	case BLKSNAP_CMD_STATS_GET:
		return replay_dump(replay, cmd, &attr_stats, replay->stats,
				   replay->n_stats, fn, arg);
	case BLKSNAP_CMD_AREA_GET:
		return replay_dump(replay, cmd, &attr_area, NULL, 0, fn, arg);
	case BLKSNAP_CMD_CBT_GET:
		return replay_dump(replay, cmd, &attr_extents, replay->pages,
				   replay->n_pages, fn, arg);
	case BLKSNAP_CMD_EVENT_REPLAY:
		return replay_ring(replay, request, fn, arg);
	default:
		return replay_answer(replay, cmd, fn, arg);
	}
}

/* --------------------------------------------- events: the library's own */

static struct transport *replay_played(const struct transport *t)
{
	return ((const struct replay_transport *)t)->played;
}

static int replay_join(struct transport *t, struct blksnap_error *err)
{
	((struct replay_transport *)t)->replay->joins++;
	return replay_played(t)->ops->join(replay_played(t), err);
}

static int replay_receive(struct transport *t, transport_fn fn, void *arg)
{
	return replay_played(t)->ops->receive(replay_played(t), fn, arg);
}

static int replay_fd(const struct transport *t)
{
	return replay_played(t)->ops->fd(replay_played(t));
}

static void replay_close(struct transport *t)
{
	replay_played(t)->ops->close(replay_played(t));
	free(t);
}

static const struct transport_ops replay_ops = {
	.request = replay_request,
	.join = replay_join,
	.receive = replay_receive,
	.fd = replay_fd,
	.close = replay_close,
};

int replay_make(void *arg, bool events, struct transport **transport,
		struct blksnap_error *err)
{
	struct replay_transport *t = calloc(1, sizeof(*t));
	int ret;

	if (!t)
		return -ENOMEM;
	t->transport.ops = &replay_ops;
	t->replay = arg;
	ret = transport_replay_make(&t->replay->played, events, &t->played, err);
	if (ret) {
		free(t);
		return ret;
	}
	*transport = &t->transport;
	return 0;
}

size_t replay_times_seen(const struct replay *replay, uint8_t cmd)
{
	size_t i, n = 0;

	for (i = 0; i < replay->n_seen; i++)
		n += replay->seen[i] == cmd;
	return n;
}
