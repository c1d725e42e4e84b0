/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * wait: the outcome of a take or a destroy.
 *
 * Both are answered at once and end as an event. A wait is a subscription opened
 * before the request is sent, so that the event cannot be missed.
 */
#ifndef BLKSNAP_CLIENT_WAIT_H
#define BLKSNAP_CLIENT_WAIT_H

#include "session.h"

#define WAIT_DEFAULT_MS 120000
#define WAIT_UNDO_MS 75000 /* more than the limit of a freeze */

enum wait_for {
	WAIT_TAKEN,
	WAIT_DESTROYED,
};

/**
 * struct wait_outcome - a wait under way; its fields belong to wait.c
 */
struct wait_outcome {
	struct blksnap_session *session;
	struct blksnap_events *events;
	enum wait_for what;
	uint32_t id;
	uint64_t since; /* changes up to here are of before a destroy */
	bool seen; /* since the last LOST */
	bool done;
	struct blksnap_snapshot last; /* as last told */
	int result;
};

/**
 * wait_open() - be ready before the request is sent
 *
 * Return: 0 or -errno of blksnap_events_open(). After success wait_close().
 */
int wait_open(struct wait_outcome *wait, struct blksnap_session *session,
	      enum wait_for what, struct blksnap_error *err);

/**
 * wait_run() - wait for it
 * @wait: opened
 * @answer: what the request was answered with; taken over
 * @how: limits
 * @err: what the outcome was, if not as wished
 *
 * Return: 0; -ETIMEDOUT, -ECANCELED; the outcome's errno.
 */
int wait_run(struct wait_outcome *wait, struct blksnap_snapshot *answer,
	     const struct blksnap_wait *how, struct blksnap_error *err);

void wait_close(struct wait_outcome *wait);

#endif /* BLKSNAP_CLIENT_WAIT_H */
