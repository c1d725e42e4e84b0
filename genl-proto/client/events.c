// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * events: the state, then every change.
 *
 * The kernel numbers events without holes. The order of opening makes each
 * number either part of the state or an event that will come:
 *
 *	join -> info (seq S) -> dump -> apply what is numbered above S
 *
 * Symptom => action:
 *	number already seen		=> dropped
 *	a number is skipped		=> replay from the kernel's ring
 *	ENOBUFS				=> drain, then replay
 *	replay says lost > 0, or fails	=> LOST, new state
 *	another instance		=> GONE, BACK, new state
 *	family unregistered		=> GONE; registered => BACK, new state
 *	a dispatch failed		=> the next one begins with LOST
 *
 * Callbacks run from within receive() and replay dumps, hence the rule that they
 * do not use the subscription's session.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

#define EVENTS_REPLAY_TRIES 3

/* Which event an object of the last state reflects. */
struct events_known {
	bool snapshot;
	uint64_t key;
	uint64_t seq;
};

struct blksnap_events {
	struct blksnap_session *session;
	struct transport *transport;
	blksnap_record_fn fn;
	void *arg;
	bool present; /* the family is there and its state was delivered */
	bool synced; /* a SYNC was delivered once */
	bool stale; /* something went wrong: a new state is due */
	bool overrun; /* the receive buffer was full: replay after draining */
	bool replaying;
	uint64_t instance;
	uint64_t applied; /* last event delivered, or part of the state */
	uint64_t replay_lost;
	uint64_t replay_instance;
	struct events_known *known;
	size_t n_known;
	int delivered;
	int refused; /* what the callback returned, if negative */
};

static int events_emit(struct blksnap_events *ev, struct blksnap_record *rec)
{
	int ret;

	rec->instance = ev->instance;
	ev->delivered++;
	ret = ev->fn(rec, ev->arg);
	if (ret < 0)
		ev->refused = ret;
	return ret;
}

static int events_emit_type(struct blksnap_events *ev,
			    enum blksnap_record_type type)
{
	struct blksnap_record rec = { .type = type, .seq = ev->applied };

	return events_emit(ev, &rec);
}

/* ---------------------------------------------------------- the state */

static uint64_t events_key(struct blksnap_dev dev)
{
	return (uint64_t)dev.major << 32 | dev.minor;
}

static bool events_reflected(const struct blksnap_events *ev, bool snapshot,
			     uint64_t key, uint64_t seq)
{
	size_t i;

	for (i = 0; i < ev->n_known; i++)
		if (ev->known[i].snapshot == snapshot && ev->known[i].key == key)
			return ev->known[i].seq >= seq;
	return false;
}

static int events_emit_state(struct blksnap_events *ev,
			     const struct blksnap_snapshot *snapshots,
			     size_t n_snapshots,
			     const struct blksnap_device *devices,
			     size_t n_devices)
{
	struct blksnap_record rec;
	size_t i;
	int ret;

	for (i = 0; i < n_devices; i++) {
		rec = (struct blksnap_record){ .type = BLKSNAP_RECORD_STATE,
					       .seq = devices[i].seq,
					       .device = &devices[i] };
		ret = events_emit(ev, &rec);
		if (ret < 0)
			return ret;
	}
	for (i = 0; i < n_snapshots; i++) {
		rec = (struct blksnap_record){ .type = BLKSNAP_RECORD_STATE,
					       .seq = snapshots[i].seq,
					       .snapshot = &snapshots[i] };
		ret = events_emit(ev, &rec);
		if (ret < 0)
			return ret;
	}
	rec = (struct blksnap_record){ .type = BLKSNAP_RECORD_SYNC,
				       .seq = ev->applied,
				       .resync = ev->synced };
	ev->synced = true;
	return events_emit(ev, &rec);
}

static int events_remember(struct blksnap_events *ev,
			   const struct blksnap_snapshot *snapshots,
			   size_t n_snapshots,
			   const struct blksnap_device *devices,
			   size_t n_devices)
{
	size_t i, n = 0;

	free(ev->known);
	ev->n_known = 0;
	ev->known = calloc(n_snapshots + n_devices + 1, sizeof(*ev->known));
	if (!ev->known)
		return -ENOMEM;
	for (i = 0; i < n_snapshots; i++)
		ev->known[n++] = (struct events_known){ true, snapshots[i].id,
							snapshots[i].seq };
	for (i = 0; i < n_devices; i++)
		ev->known[n++] = (struct events_known){
			false, events_key(devices[i].dev), devices[i].seq
		};
	ev->n_known = n;
	return 0;
}

/* Return: 0 with the objects allocated, or -errno. */
static int events_load(struct blksnap_events *ev, struct blksnap_info *info,
		       struct blksnap_snapshot **snapshots, size_t *n_snapshots,
		       struct blksnap_device **devices, size_t *n_devices,
		       struct blksnap_error *err)
{
	int ret;

	ret = ev->transport->ops->join(ev->transport, err);
	if (ret)
		return ret;
	ret = blksnap_info_get(ev->session, info, err);
	if (ret)
		return ret;
	ret = blksnap_snapshot_list(ev->session, snapshots, n_snapshots, err);
	if (ret)
		return ret;
	ret = blksnap_device_list(ev->session, devices, n_devices, err);
	if (ret)
		blksnap_snapshots_free(*snapshots, *n_snapshots);
	return ret;
}

static int events_announce(struct blksnap_events *ev, uint64_t instance)
{
	int ret;

	if (!ev->present || ev->instance == instance)
		return 0;
	/* Unregistered and registered again without our seeing it. */
	ev->instance = 0;
	ret = events_emit_type(ev, BLKSNAP_RECORD_GONE);
	if (ret < 0)
		return ret;
	ev->instance = instance;
	return events_emit_type(ev, BLKSNAP_RECORD_BACK);
}

static int events_sync(struct blksnap_events *ev, struct blksnap_error *err)
{
	struct blksnap_snapshot *snapshots = NULL;
	struct blksnap_device *devices = NULL;
	size_t n_snapshots = 0, n_devices = 0;
	struct blksnap_info info;
	int ret;

	ev->stale = true;
	ret = events_load(ev, &info, &snapshots, &n_snapshots, &devices,
			  &n_devices, err);
	if (ret)
		return ret;
	ret = events_announce(ev, info.instance);
	if (ret >= 0) {
		ev->instance = info.instance;
		ev->applied = info.seq;
		ev->overrun = false;
		ret = events_remember(ev, snapshots, n_snapshots, devices,
				      n_devices);
	}
	if (ret >= 0)
		ret = events_emit_state(ev, snapshots, n_snapshots, devices,
					n_devices);
	if (ret >= 0) {
		ev->present = true;
		ev->stale = false;
		ret = 0;
	}
	blksnap_snapshots_free(snapshots, n_snapshots);
	free(devices);
	return ret;
}

static int events_lost(struct blksnap_events *ev, uint64_t count,
		       struct blksnap_error *err)
{
	struct blksnap_record rec = { .type = BLKSNAP_RECORD_LOST,
				      .seq = ev->applied,
				      .lost = count };
	int ret;

	ev->stale = true;
	ret = events_emit(ev, &rec);
	return ret < 0 ? ret : events_sync(ev, err);
}

static int events_gone(struct blksnap_events *ev)
{
	ev->stale = false;
	if (!ev->present)
		return 0;
	ev->present = false;
	ev->overrun = false;
	ev->instance = 0;
	ev->n_known = 0;
	return events_emit_type(ev, BLKSNAP_RECORD_GONE);
}

static int events_back(struct blksnap_events *ev, struct blksnap_error *err)
{
	int ret = events_gone(ev); /* the farewell may have been dropped */

	if (ret < 0)
		return ret;
	ret = events_emit_type(ev, BLKSNAP_RECORD_BACK);
	if (ret < 0)
		return ret;
	ret = events_sync(ev, err);
	if (ret == -ENOPROTOOPT) {
		ev->present = true; /* BACK was said, so GONE is due */
		return events_gone(ev);
	}
	return ret;
}

/* ---------------------------------------------------------- one event */

static int events_apply(struct blksnap_events *ev, uint8_t cmd,
			const struct blksnap_snapshot *snapshot,
			const struct blksnap_device *device, uint64_t seq)
{
	struct blksnap_record rec = {
		.type = BLKSNAP_RECORD_EVENT,
		.cmd = cmd,
		.seq = seq,
		.snapshot = snapshot,
		.device = device,
		.replayed = ev->replaying,
	};

	rec.reflected = events_reflected(ev, snapshot,
					 snapshot ? snapshot->id :
						    events_key(device->dev),
					 seq);
	ev->applied = seq;
	return events_emit(ev, &rec);
}

static int events_repair(struct blksnap_events *ev, struct blksnap_error *err);

/* Return: 0; -errno of decoding or of the callback. */
static int events_number(struct blksnap_events *ev, uint8_t cmd,
			 const struct blksnap_snapshot *snapshot,
			 const struct blksnap_device *device, uint64_t seq,
			 struct blksnap_error *err)
{
	if (seq <= ev->applied)
		return 0;
	if (seq == ev->applied + 1)
		return events_apply(ev, cmd, snapshot, device, seq);
	if (ev->replaying)
		return -EILSEQ; /* a hole in the replay itself */
	return events_repair(ev, err); /* which brings this one, too */
}

static int events_message(struct blksnap_events *ev,
			  const struct transport_msg *msg,
			  struct blksnap_error *err)
{
	struct blksnap_snapshot snapshot;
	struct blksnap_device device;
	int ret;

	switch (msg->cmd) {
	case BLKSNAP_CMD_SNAPSHOT_NEW_NTF:
	case BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF:
	case BLKSNAP_CMD_SNAPSHOT_DEL_NTF:
	case BLKSNAP_CMD_AREA_LEVEL_NTF:
		ret = attr_decode(&attr_snapshot, msg->attrs, msg->len,
				  &snapshot);
		if (ret)
			return ret;
		ret = events_number(ev, msg->cmd, &snapshot, NULL, snapshot.seq,
				    err);
		blksnap_snapshot_clear(&snapshot);
		return ret;
	case BLKSNAP_CMD_DEVICE_NEW_NTF:
	case BLKSNAP_CMD_DEVICE_CHANGE_NTF:
	case BLKSNAP_CMD_DEVICE_DEL_NTF:
		ret = attr_decode(&attr_device, msg->attrs, msg->len, &device);
		if (ret)
			return ret;
		return events_number(ev, msg->cmd, NULL, &device, device.seq,
				     err);
	}
	/*
	 * Of a later version, its number unreadable. Live, it shows up as a gap;
	 * in the replay, which is in order, it stands for the next number.
	 */
	if (ev->replaying)
		ev->applied++;
	return 0;
}

/* ------------------------------------------------------------- replay */

struct events_rx {
	struct blksnap_events *ev;
	struct blksnap_error *err;
};

static int events_on_replay(const struct transport_msg *msg, void *arg)
{
	struct events_rx *rx = arg;
	struct blksnap_events *ev = rx->ev;
	struct attr_event_info info;
	int ret;

	if (msg->cmd == BLKSNAP_CMD_EVENT_REPLAY) {
		ret = attr_decode(&attr_event, msg->attrs, msg->len, &info);
		if (ret)
			return ret;
		ev->replay_lost = info.lost;
		ev->replay_instance = info.instance;
		return 0;
	}
	if (ev->replay_lost || ev->replay_instance != ev->instance)
		return 0;
	return events_message(ev, msg, rx->err);
}

static int events_replay(struct blksnap_events *ev, struct blksnap_error *err)
{
	struct events_rx rx = { .ev = ev, .err = err };
	struct attr_buf request = { 0 };
	int ret;

	ev->replay_lost = 0;
	ev->replay_instance = ev->instance;
	attr_put_u64(&request, BLKSNAP_A_EVENT_SINCE, ev->applied);
	ev->replaying = true;
	ret = session_request(ev->session, BLKSNAP_CMD_EVENT_REPLAY, true,
			      &request, events_on_replay, &rx, err);
	ev->replaying = false;
	return ret;
}

/*
 * Fetches what is missing. A replay that stops short (a hole, an inconsistent
 * dump) has still moved @applied and is asked again; one that moves nothing ends
 * in a new state.
 */
static int events_repair(struct blksnap_events *ev, struct blksnap_error *err)
{
	uint64_t before;
	int tries, ret = 0;

	ev->overrun = false;
	for (tries = 0; tries < EVENTS_REPLAY_TRIES; tries++) {
		before = ev->applied;
		ret = events_replay(ev, err);
		if (ev->refused)
			return ev->refused;
		if (ret == -ENOPROTOOPT)
			return events_gone(ev);
		if (ev->replay_instance != ev->instance)
			return events_sync(ev, err);
		if (ret == 0 && !ev->replay_lost)
			return 0;
		if (ev->replay_lost || ev->applied == before)
			break;
	}
	return events_lost(ev, ev->replay_lost, err);
}

/* ----------------------------------------------------------- dispatch */

static int events_on_receive(const struct transport_msg *msg, void *arg)
{
	struct events_rx *rx = arg;

	switch (msg->kind) {
	case TRANSPORT_GONE:
		return events_gone(rx->ev);
	case TRANSPORT_BACK:
		return events_back(rx->ev, rx->err);
	case TRANSPORT_MESSAGE:
		break;
	}
	if (!rx->ev->present)
		return 0; /* of an instance whose state is not known yet */
	return events_message(rx->ev, msg, rx->err);
}

static int events_drain(struct blksnap_events *ev, struct blksnap_error *err)
{
	struct events_rx rx = { .ev = ev, .err = err };
	struct transport *t = ev->transport;
	int ret;

	do {
		ret = t->ops->receive(t, events_on_receive, &rx);
		/* Told once, and before the older messages still queued. */
		if (ret == -ENOBUFS) {
			ev->overrun = true;
			ret = 1;
		}
	} while (ret > 0);
	return ret;
}

/* The word that the family is there may be among what was dropped. */
static int events_look(struct blksnap_events *ev, struct blksnap_error *err)
{
	struct blksnap_info info;
	int ret = blksnap_info_get(ev->session, &info, err);

	ev->overrun = false;
	return ret ? ret : events_back(ev, err);
}

int blksnap_events_dispatch(struct blksnap_events *ev, struct blksnap_error *err)
{
	int ret;

	error_clear(err);
	ev->delivered = 0;
	ev->refused = 0;
	ret = 0;
	if (ev->stale)
		ret = ev->present ? events_lost(ev, 0, err) :
				    events_back(ev, err);
	if (ret >= 0)
		ret = events_drain(ev, err);
	if (ret >= 0 && ev->overrun)
		ret = ev->present ? events_repair(ev, err) :
				    events_look(ev, err);
	if (ret == -ENOPROTOOPT)
		ret = events_gone(ev);
	if (ret < 0) {
		ev->stale = true;
		if (err && !err->errnum)
			error_set(err, -ret, NULL);
		return ret;
	}
	error_clear(err);
	return ev->delivered;
}

static int events_make(struct blksnap_session *session, blksnap_record_fn fn,
		       void *arg, struct blksnap_events **events,
		       struct blksnap_error *err)
{
	struct blksnap_events *ev = calloc(1, sizeof(*ev));
	int ret;

	error_clear(err);
	if (!ev)
		return error_set(err, ENOMEM, NULL);
	ev->session = session;
	ev->fn = fn;
	ev->arg = arg;
	ret = session->make(session->make_arg, true, &ev->transport, err);
	if (ret)
		free(ev);
	else
		*events = ev;
	return ret;
}

static int events_unmake(struct blksnap_events *ev, int ret,
			 struct blksnap_error *err)
{
	if (err && !err->errnum)
		error_set(err, -ret, NULL);
	blksnap_events_close(ev);
	return ret;
}

int blksnap_events_open(struct blksnap_session *session, unsigned int flags,
			blksnap_record_fn fn, void *arg,
			struct blksnap_events **events,
			struct blksnap_error *err)
{
	struct blksnap_events *ev;
	int ret = events_make(session, fn, arg, &ev, err);

	if (ret)
		return ret;
	ret = events_sync(ev, err);
	if (ret == -ENOPROTOOPT && (flags & BLKSNAP_EVENTS_WAIT)) {
		ev->present = true;
		ret = events_gone(ev);
		error_clear(err);
	}
	if (ret < 0)
		return events_unmake(ev, ret, err);
	*events = ev;
	return 0;
}

/*
 * No state is asked for: it is what the caller saw at @seq, and what comes now is
 * what happened since. Of another instance, or of a number that is not reached yet,
 * nothing can be said: that is a loss.
 */
static int events_resume(struct blksnap_events *ev, uint64_t instance, uint64_t seq,
			 struct blksnap_error *err)
{
	struct blksnap_info info;
	int ret = ev->transport->ops->join(ev->transport, err);

	if (!ret)
		ret = blksnap_info_get(ev->session, &info, err);
	if (ret)
		return ret;
	ev->instance = info.instance;
	ev->applied = seq;
	ev->present = true;
	if ((instance && instance != info.instance) || seq > info.seq)
		return events_lost(ev, 0, err);
	ret = events_repair(ev, err);
	if (ret < 0 || ev->synced || !ev->present)
		return ret;
	ev->synced = true;
	return events_emit_type(ev, BLKSNAP_RECORD_SYNC);
}

int blksnap_events_resume(struct blksnap_session *session, uint64_t instance,
			  uint64_t seq, blksnap_record_fn fn, void *arg,
			  struct blksnap_events **events,
			  struct blksnap_error *err)
{
	struct blksnap_events *ev;
	int ret = events_make(session, fn, arg, &ev, err);

	if (ret)
		return ret;
	ret = events_resume(ev, instance, seq, err);
	if (ret < 0)
		return events_unmake(ev, ret, err);
	*events = ev;
	return 0;
}

int blksnap_events_fd(const struct blksnap_events *events)
{
	return events->transport->ops->fd(events->transport);
}

void blksnap_events_close(struct blksnap_events *events)
{
	if (!events)
		return;
	events->transport->ops->close(events->transport);
	free(events->known);
	free(events);
}
