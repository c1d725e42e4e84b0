// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * snapshot: making, finding and removing snapshots. Whoever asks for a snapshot
 * gets one whose images are readable, or an error and nothing left behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <unistd.h>

#include "area.h"
#include "session.h"
#include "wait.h"

#define SNAPSHOT_PREFIX_MIN 4
#define SNAPSHOT_RANGES_SURE 256 /* every kernel takes as many at once */

static const struct blksnap_wait snapshot_wait_default = {
	.timeout_ms = WAIT_DEFAULT_MS,
	.cancel_fd = -1,
};

/* ------------------------------------------------------------ memory */

void blksnap_snapshot_clear(struct blksnap_snapshot *snapshot)
{
	if (snapshot)
		attr_clear(&attr_snapshot, snapshot);
}

int blksnap_snapshot_copy(struct blksnap_snapshot *to,
			  const struct blksnap_snapshot *from)
{
	struct blksnap_member *members = NULL;

	if (from->n_members) {
		members = calloc(from->n_members, sizeof(*members));
		if (!members) {
			memset(to, 0, sizeof(*to));
			return -ENOMEM;
		}
		memcpy(members, from->members,
		       from->n_members * sizeof(*members));
	}
	*to = *from;
	to->members = members;
	return 0;
}

void blksnap_snapshots_free(struct blksnap_snapshot *snapshots, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		blksnap_snapshot_clear(&snapshots[i]);
	free(snapshots);
}

/* ----------------------------------------------------------- requests */

/*
 * The kernel looks a path up with a lock of all generic netlink held: on a server
 * that does not answer, this process alone is to wait. Errors are the kernel's to tell.
 */
static void snapshot_look_up(const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
}

static void snapshot_put_freeze(struct attr_buf *request,
				const struct blksnap_freeze *freeze)
{
	size_t nest = attr_nest_start(request, BLKSNAP_A_SNAPSHOT_FREEZE);

	if (freeze->path) {
		snapshot_look_up(freeze->path);
		attr_put_string(request, BLKSNAP_A_FREEZE_PATH, freeze->path);
	} else {
		attr_put_dev(request, BLKSNAP_A_FREEZE_DEV, freeze->dev);
	}
	if (freeze->has_member)
		attr_put_dev(request, BLKSNAP_A_FREEZE_MEMBER, freeze->member);
	attr_nest_end(request, nest);
}

/* @n_ranges: those that go with the request; if not all, it is but a draft. */
static void snapshot_put_create(struct attr_buf *request,
				const struct blksnap_create *create,
				size_t n_ranges)
{
	bool whole = n_ranges == create->n_ranges;
	uint64_t cookie = 0;
	size_t i;

	if (create->uuid)
		attr_put(request, BLKSNAP_A_SNAPSHOT_UUID, create->uuid,
			 BLKSNAP_UUID_BYTES);
	if (create->name)
		attr_put_string(request, BLKSNAP_A_SNAPSHOT_NAME, create->name);
	if (create->has_low)
		attr_put_u64(request, BLKSNAP_A_SNAPSHOT_LOW,
			     create->low_sectors);
	if (create->clear_sectors)
		attr_put_u64(request, BLKSNAP_A_SNAPSHOT_CLEAR,
			     create->clear_sectors);
	if (create->grace_ms)
		attr_put_u32(request, BLKSNAP_A_SNAPSHOT_GRACE_MS,
			     create->grace_ms);
	for (i = 0; i < create->n_devices; i++)
		attr_put_dev(request, BLKSNAP_A_SNAPSHOT_DEVICE,
			     create->devices[i]);
	for (i = 0; i < n_ranges; i++)
		area_put_range(request, BLKSNAP_A_SNAPSHOT_RANGE,
			       &create->ranges[i]);
	for (i = 0; whole && i < create->n_freezes; i++)
		snapshot_put_freeze(request, &create->freezes[i]);
	attr_put_flag(request, BLKSNAP_A_SNAPSHOT_TAKE, whole);
	attr_put_flag(request, BLKSNAP_A_SNAPSHOT_DRAFT, !whole);
	attr_put_flag(request, BLKSNAP_A_SNAPSHOT_ATTACH, create->attach);
	attr_put_flag(request, BLKSNAP_A_SNAPSHOT_SOCKET_OWNER,
		      create->socket_owner);
	if (getrandom(&cookie, sizeof(cookie), 0) == sizeof(cookie))
		attr_put_u64(request, BLKSNAP_A_SNAPSHOT_REQUEST_COOKIE, cookie);
}

static int snapshot_send_destroy(struct blksnap_session *session, uint32_t id,
				 bool force, struct blksnap_snapshot *answer,
				 struct blksnap_error *err)
{
	struct attr_buf request = { 0 };

	attr_put_u32(&request, BLKSNAP_A_SNAPSHOT_ID, id);
	attr_put_flag(&request, BLKSNAP_A_SNAPSHOT_FORCE, force);
	return session_do(session, BLKSNAP_CMD_SNAPSHOT_DESTROY, &request,
			  &attr_snapshot, answer, err);
}

/*
 * Removes what was not waited for. A snapshot that is being taken may refuse to
 * be destroyed; then its outcome is awaited, and either there is nothing left or
 * it can be destroyed. Return: whether it is gone.
 */
static bool snapshot_undo(struct wait_outcome *wait)
{
	const struct blksnap_wait how = { .timeout_ms = WAIT_UNDO_MS,
					  .cancel_fd = -1 };
	struct blksnap_snapshot answer;
	int ret, tries;

	for (tries = 0; tries < 2; tries++) {
		ret = snapshot_send_destroy(wait->session, wait->last.id, true,
					    &answer, NULL);
		if (ret == -ENOENT || ret == -ENOPROTOOPT)
			return true;
		if (ret == 0) {
			wait->what = WAIT_DESTROYED;
			ret = wait_run(wait, &answer, &how, NULL);
			return ret == 0 || ret == -ENOPROTOOPT;
		}
		if (ret != -EBUSY)
			return false;
		answer = wait->last;
		memset(&wait->last, 0, sizeof(wait->last));
		ret = wait_run(wait, &answer, &how, NULL);
		if (ret == -ETIMEDOUT)
			return false;
	}
	return false;
}

static int snapshot_send_take(struct blksnap_session *session, uint32_t id,
			      const struct blksnap_create *create,
			      struct blksnap_snapshot *answer,
			      struct blksnap_error *err)
{
	struct attr_buf request = { 0 };
	size_t i;

	attr_put_u32(&request, BLKSNAP_A_SNAPSHOT_ID, id);
	for (i = 0; i < create->n_freezes; i++)
		snapshot_put_freeze(&request, &create->freezes[i]);
	return session_do(session, BLKSNAP_CMD_SNAPSHOT_TAKE, &request,
			  &attr_snapshot, answer, err);
}

/*
 * Has it made and its take begun. A long list of ranges goes in several
 * requests: a draft, appends, the take; the kernel removes a draft if this
 * process ends in between. After a failure @answer has the id of one to undo.
 */
static int snapshot_begin(struct blksnap_session *session,
			  const struct blksnap_create *create,
			  struct blksnap_snapshot *answer,
			  struct blksnap_error *err)
{
	size_t n = create->n_ranges, limit = n;
	struct blksnap_snapshot draft = { 0 };
	struct attr_buf request = { 0 };
	int ret;

	if (n > SNAPSHOT_RANGES_SURE) {
		ret = area_limit(session, &limit, err);
		if (ret)
			return ret;
	}
	n = n < limit ? n : limit;
	snapshot_put_create(&request, create, n);
	ret = session_do(session, BLKSNAP_CMD_SNAPSHOT_CREATE, &request,
			 &attr_snapshot, answer, err);
	if (ret || n == create->n_ranges)
		return ret;
	draft = *answer;
	ret = blksnap_area_append(session, draft.id, create->ranges + n,
				  create->n_ranges - n, NULL, err);
	if (ret == 0)
		ret = snapshot_send_take(session, draft.id, create, answer, err);
	if (ret)
		*answer = draft;
	else
		blksnap_snapshot_clear(&draft);
	return ret;
}

static void snapshot_hand_out(struct blksnap_snapshot *to,
			      struct blksnap_snapshot *from)
{
	if (to)
		*to = *from;
	else
		blksnap_snapshot_clear(from);
	memset(from, 0, sizeof(*from));
}

int blksnap_snapshot_create(struct blksnap_session *session,
			    const struct blksnap_create *create,
			    const struct blksnap_wait *how,
			    struct blksnap_snapshot *snapshot,
			    struct blksnap_error *err)
{
	struct blksnap_snapshot answer = { 0 };
	struct wait_outcome wait;
	int ret;

	if (!how)
		how = &snapshot_wait_default;
	if (how->timeout_ms) {
		ret = wait_open(&wait, session, WAIT_TAKEN, err);
		if (ret)
			return ret;
	}
	ret = snapshot_begin(session, create, &answer, err);
	if (!how->timeout_ms) {
		if (ret == 0)
			snapshot_hand_out(snapshot, &answer);
		else if (answer.id)
			snapshot_send_destroy(session, answer.id, true, NULL, NULL);
		blksnap_snapshot_clear(&answer);
		return ret;
	}
	if (ret && answer.id) {
		wait.last = answer;
		if (!snapshot_undo(&wait) && err)
			err->left_behind = true;
	}
	if (ret == 0) {
		ret = wait_run(&wait, &answer, how, err);
		if (ret == 0)
			snapshot_hand_out(snapshot, &wait.last);
		else if (ret != -ENOPROTOOPT && !snapshot_undo(&wait) && err)
			err->left_behind = true;
	}
	wait_close(&wait);
	return ret;
}

/* Which image is it that is open? It may be closed by now. */
static void snapshot_blame_image(struct blksnap_session *session, uint32_t id,
				 struct blksnap_error *err)
{
	struct blksnap_snapshot now = { 0 };
	size_t i;

	if (!err || blksnap_snapshot_get(session, id, &now, NULL))
		return;
	for (i = 0; i < now.n_members && !err->has_dev; i++) {
		err->has_dev = now.members[i].image_openers;
		err->dev = now.members[i].image;
	}
	blksnap_snapshot_clear(&now);
}

int blksnap_snapshot_destroy(struct blksnap_session *session, uint32_t id,
			     bool force, const struct blksnap_wait *how,
			     struct blksnap_snapshot *snapshot,
			     struct blksnap_error *err)
{
	struct blksnap_snapshot answer = { 0 };
	struct wait_outcome wait;
	int ret;

	if (!how)
		how = &snapshot_wait_default;
	if (!how->timeout_ms) {
		ret = snapshot_send_destroy(session, id, force, &answer, err);
		if (ret == 0)
			snapshot_hand_out(snapshot, &answer);
		else if (ret == -EBUSY)
			snapshot_blame_image(session, id, err);
		return ret;
	}
	ret = wait_open(&wait, session, WAIT_DESTROYED, err);
	if (ret)
		return ret;
	ret = snapshot_send_destroy(session, id, force, &answer, err);
	if (ret == 0)
		ret = wait_run(&wait, &answer, how, err);
	else if (ret == -EBUSY)
		snapshot_blame_image(session, id, err);
	if (ret == 0)
		snapshot_hand_out(snapshot, &wait.last);
	wait_close(&wait);
	return ret;
}

int blksnap_snapshot_get(struct blksnap_session *session, uint32_t id,
			 struct blksnap_snapshot *snapshot,
			 struct blksnap_error *err)
{
	struct attr_buf request = { 0 };

	attr_put_u32(&request, BLKSNAP_A_SNAPSHOT_ID, id);
	return session_do(session, BLKSNAP_CMD_SNAPSHOT_GET, &request,
			  &attr_snapshot, snapshot, err);
}

int blksnap_snapshot_list(struct blksnap_session *session,
			  struct blksnap_snapshot **snapshots, size_t *count,
			  struct blksnap_error *err)
{
	return session_dump(session, BLKSNAP_CMD_SNAPSHOT_GET, NULL,
			    &attr_snapshot, (void **)snapshots, count, err);
}

int blksnap_snapshot_set(struct blksnap_session *session, uint32_t id,
			 const struct blksnap_settings *settings,
			 struct blksnap_snapshot *snapshot,
			 struct blksnap_error *err)
{
	struct blksnap_snapshot answer = { 0 };
	struct attr_buf request = { 0 };
	int ret;

	attr_put_u32(&request, BLKSNAP_A_SNAPSHOT_ID, id);
	if (settings->name)
		attr_put_string(&request, BLKSNAP_A_SNAPSHOT_NAME,
				settings->name);
	if (settings->has_low)
		attr_put_u64(&request, BLKSNAP_A_SNAPSHOT_LOW,
			     settings->low_sectors);
	if (settings->has_clear)
		attr_put_u64(&request, BLKSNAP_A_SNAPSHOT_CLEAR,
			     settings->clear_sectors);
	if (settings->has_grace)
		attr_put_u32(&request, BLKSNAP_A_SNAPSHOT_GRACE_MS,
			     settings->grace_ms);
	ret = session_do(session, BLKSNAP_CMD_SNAPSHOT_SET, &request,
			 &attr_snapshot, &answer, err);
	if (ret == 0)
		snapshot_hand_out(snapshot, &answer);
	return ret;
}

/* ------------------------------------------------------------- finding */

/* Return: index; -ENOENT; -ENOTUNIQ. A name wins over a UUID. */
static ssize_t snapshot_match(const struct blksnap_snapshot *all, size_t count,
			      const char *text)
{
	size_t i, len = strlen(text);
	char uuid[BLKSNAP_UUID_TEXT];
	ssize_t found = -ENOENT;

	for (i = 0; i < count; i++)
		if (!strcmp(all[i].name, text))
			return (ssize_t)i;
	if (len < SNAPSHOT_PREFIX_MIN)
		return -ENOENT;
	for (i = 0; i < count; i++) {
		blksnap_uuid_format(all[i].uuid, uuid);
		if (strncasecmp(uuid, text, len))
			continue;
		if (found >= 0)
			return -ENOTUNIQ;
		found = (ssize_t)i;
	}
	return found;
}

int blksnap_snapshot_find(struct blksnap_session *session, const char *text,
			  struct blksnap_snapshot *snapshot,
			  struct blksnap_error *err)
{
	struct blksnap_snapshot *all;
	ssize_t found;
	size_t count;
	int ret;

	ret = blksnap_snapshot_list(session, &all, &count, err);
	if (ret)
		return ret;
	found = snapshot_match(all, count, text);
	if (found == -ENOENT)
		ret = error_set(err, ENOENT, "no snapshot of that name or UUID");
	else if (found < 0)
		ret = error_set(err, ENOTUNIQ,
				"several snapshots have a UUID that begins so");
	else
		snapshot_hand_out(snapshot, &all[found]);
	blksnap_snapshots_free(all, count);
	return ret;
}
