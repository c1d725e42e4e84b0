// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * session: see session.h. Called by the rooms that know one kind of object.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

#define SESSION_DUMP_TRIES 5

int session_open(transport_make make, void *arg,
		 struct blksnap_session **session, struct blksnap_error *err)
{
	struct blksnap_session *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return error_set(err, ENOMEM, NULL);
	s->make = make;
	s->make_arg = arg;
	ret = make(arg, false, &s->control, err);
	if (ret) {
		free(s);
		return ret;
	}
	*session = s;
	return 0;
}

int blksnap_open(struct blksnap_session **session, struct blksnap_error *err)
{
	error_clear(err);
	return session_open(transport_nl_make, NULL, session, err);
}

void blksnap_close(struct blksnap_session *session)
{
	if (!session)
		return;
	session->control->ops->close(session->control);
	free(session);
}

static int session_ask(struct blksnap_session *session, uint8_t cmd, bool dump,
		       const struct attr_buf *request, transport_fn fn,
		       void *arg, struct blksnap_error *err)
{
	struct transport *t = session->control;
	int ret;

	error_clear(err);
	ret = t->ops->request(t, cmd, dump, request, fn, arg, err);
	if (ret == -EBADMSG)
		return error_set(err, EBADMSG,
				 "the kernel's answer to %s is not understood",
				 blksnap_command_word(cmd));
	/* @fn failed: the transport has nothing to say about it. */
	if (ret < 0 && err && !err->errnum)
		error_set(err, -ret, NULL);
	return ret;
}

int session_request(struct blksnap_session *session, uint8_t cmd, bool dump,
		    struct attr_buf *request, transport_fn fn, void *arg,
		    struct blksnap_error *err)
{
	int ret = session_ask(session, cmd, dump, request, fn, arg, err);

	if (request)
		attr_buf_free(request);
	return ret;
}

struct session_answer {
	const struct attr_set *set;
	void *obj;
	bool got;
};

static int session_on_answer(const struct transport_msg *msg, void *arg)
{
	struct session_answer *answer = arg;

	if (answer->got)
		attr_clear(answer->set, answer->obj);
	answer->got = true;
	return attr_decode(answer->set, msg->attrs, msg->len, answer->obj);
}

int session_do(struct blksnap_session *session, uint8_t cmd,
	       struct attr_buf *request, const struct attr_set *set, void *obj,
	       struct blksnap_error *err)
{
	struct session_answer answer = { .set = set, .obj = obj };
	int ret;

	ret = session_request(session, cmd, false, request,
			      obj ? session_on_answer : NULL, &answer, err);
	if (ret >= 0 && obj && !answer.got)
		ret = error_set(err, EBADMSG, "the kernel did not answer %s",
				blksnap_command_word(cmd));
	if (ret < 0) {
		if (answer.got)
			attr_clear(set, obj);
		return ret;
	}
	return 0;
}

struct session_collect {
	const struct attr_set *set;
	char *items;
	size_t count;
	size_t cap;
};

static int session_on_item(const struct transport_msg *msg, void *arg)
{
	struct session_collect *all = arg;
	size_t cap;
	char *grown;
	int ret;

	if (all->count == all->cap) {
		cap = all->cap ? all->cap * 2 : 8;
		grown = reallocarray(all->items, cap, all->set->size);
		if (!grown)
			return -ENOMEM;
		all->items = grown;
		all->cap = cap;
	}
	ret = attr_decode(all->set, msg->attrs, msg->len,
			  all->items + all->count * all->set->size);
	if (ret == 0)
		all->count++;
	return ret;
}

static void session_collect_clear(struct session_collect *all)
{
	while (all->count)
		attr_clear(all->set, all->items + --all->count * all->set->size);
}

int session_dump(struct blksnap_session *session, uint8_t cmd,
		 const struct attr_buf *request, const struct attr_set *set,
		 void **items, size_t *count, struct blksnap_error *err)
{
	struct session_collect all = { .set = set };
	int tries, ret = 1;

	for (tries = 0; ret == 1 && tries < SESSION_DUMP_TRIES; tries++) {
		session_collect_clear(&all);
		ret = session_ask(session, cmd, true, request, session_on_item,
				  &all, err);
	}
	session->changed = ret == 1;
	if (ret < 0) {
		session_collect_clear(&all);
		free(all.items);
		return ret;
	}
	*items = all.items;
	*count = all.count;
	return 0;
}

bool blksnap_list_changed(const struct blksnap_session *session)
{
	return session->changed;
}

int blksnap_info_get(struct blksnap_session *session, struct blksnap_info *info,
		     struct blksnap_error *err)
{
	return session_do(session, BLKSNAP_CMD_INFO_GET, NULL, &attr_info, info,
			  err);
}
