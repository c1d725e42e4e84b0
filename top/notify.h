/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Telling somebody who does not look: a command is run for each alarm, one
 * after the other. It gets no terminal; what happened is in its environment:
 *
 *	BLKSNAP_SEVERITY	WARN, CRIT or FAIL; INFO when it is over
 *	BLKSNAP_OBJECT		name of the snapshot or device, "" for the source
 *	BLKSNAP_TEXT		the sentence of the event list
 */
#ifndef TOP_NOTIFY_H
#define TOP_NOTIFY_H

#include "child.h"
#include "model.h"

/**
 * struct notify - the command
 * @command: words as actions_split() takes them; "" is none
 * @told: number of events that are done
 * @until_ns: when the one that runs is ended, on the caller's clock
 * @child: the one that runs
 */
struct notify {
	const char *command;
	uint64_t told;
	uint64_t until_ns;
	struct child child;
};

/**
 * notify_init() - nothing runs
 * @notify: the command
 * @command: "" is none; must stay
 */
void notify_init(struct notify *notify, const char *command);

/**
 * notify_run() - take what the command says, end it, start the next one
 * @notify: the command
 * @model: its events
 * @now_ns: any clock that goes on by itself
 * @why: set to a sentence when one failed, else ""
 * @size: room there
 *
 * Without waiting. One that takes longer than a minute is killed.
 *
 * Return: true while one runs, or is due.
 */
bool notify_run(struct notify *notify, const struct model *model, uint64_t now_ns, char *why,
		size_t size);

/**
 * notify_fd() - what to poll for while one runs; -1: nothing
 * @notify: the command
 */
int notify_fd(const struct notify *notify);

/**
 * notify_exit() - one that runs goes on by itself
 * @notify: the command
 */
void notify_exit(struct notify *notify);

#endif
