/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events as sentences for people: what happened, with the figures that matter,
 * and whether the origin is concerned. Pure.
 */
#ifndef TOP_NARRATE_H
#define TOP_NARRATE_H

#include "alarm.h"
#include "eta.h"
#include "facts.h"

#define NARRATE_SIZE	160

/**
 * struct sentence - an event in words
 * @severity: how much it matters
 * @text: the sentence, without the object's name; "" if not worth a line
 */
struct sentence {
	enum severity severity;
	char text[NARRATE_SIZE];
};

/**
 * narrate_snapshot() - an event of a snapshot
 * @before: what was known of it, or NULL
 * @after: what the event says
 * @news: how it came
 *
 * Return: the sentence; none for reminders and for what is only state.
 */
struct sentence narrate_snapshot(const struct fact_snapshot *before,
				 const struct fact_snapshot *after,
				 const struct fact_news *news);

/**
 * narrate_device() - an event of a device
 * @before: what was known of it, or NULL
 * @after: what the event says
 * @news: how it came
 *
 * Return: the sentence; none for a device that only followed its snapshot.
 */
struct sentence narrate_device(const struct fact_device *before,
			       const struct fact_device *after,
			       const struct fact_news *news);

/**
 * narrate_alarm() - a snapshot became more urgent, or reached a mark
 * @severity: it is this now
 * @snapshot: which
 * @range: time to full
 */
struct sentence narrate_alarm(enum severity severity,
			      const struct fact_snapshot *snapshot,
			      const struct eta_range *range);

/**
 * narrate_calm() - nothing is urgent any more
 * @snapshot: of this one
 */
struct sentence narrate_calm(const struct fact_snapshot *snapshot);

#endif
