/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From where on snapshots are urgent, as text: the usual limits, and those of
 * snapshots of certain names. Pure.
 */
#ifndef TOP_THRESHOLDS_H
#define TOP_THRESHOLDS_H

#include "alarm.h"
#include "expr.h"

#define THRESHOLD_RULES_MAX 32

enum threshold {
	THRESHOLD_WARN_FILL,
	THRESHOLD_CRIT_FILL,
	THRESHOLD_WARN_TIME,
	THRESHOLD_CRIT_TIME,
	THRESHOLD_COUNT,
};

/**
 * struct threshold_rule - limits of some snapshots
 * @pattern: of their names, as a shell has it
 * @set: by enum threshold: the rule says this one
 * @limits: what it says
 */
struct threshold_rule {
	char pattern[FACT_NAME_SIZE];
	bool set[THRESHOLD_COUNT];
	struct alarm_limits limits;
};

/**
 * struct thresholds - all of them
 * @usual: where no rule says anything else
 * @rule: later ones win
 * @count: number of them
 */
struct thresholds {
	struct alarm_limits usual;
	struct threshold_rule rule[THRESHOLD_RULES_MAX];
	unsigned int count;
};

/**
 * thresholds_init() - the usual ones
 * @thresholds: filled
 */
void thresholds_init(struct thresholds *thresholds);

/**
 * thresholds_set() - one of the usual limits
 * @thresholds: changed
 * @which: of them
 * @text: as 80, 80%, 15m
 *
 * Return: 0, or -EINVAL.
 */
int thresholds_set(struct thresholds *thresholds, enum threshold which, const char *text);

/**
 * thresholds_add() - a rule
 * @thresholds: changed
 * @text: as "archive-* warn-fill=95 crit-fill=98 crit-time=1m"
 * @why: set to a sentence on failure
 * @size: room there
 *
 * Return: 0, or -EINVAL; then @thresholds is as it was.
 */
int thresholds_add(struct thresholds *thresholds, const char *text, char *why, size_t size);

/**
 * thresholds_of() - those of one snapshot
 * @thresholds: all of them
 * @name: its name
 */
struct alarm_limits thresholds_of(const struct thresholds *thresholds, const char *name);

/**
 * thresholds_check() - whether WARN comes before CRIT
 * @thresholds: all of them
 * @why: set to a sentence if it does not
 * @size: room there
 *
 * Return: 0, or -EINVAL.
 */
int thresholds_check(const struct thresholds *thresholds, char *why, size_t size);

/**
 * thresholds_value() - a value as filters have it, as 80% or 15m
 * @text: the value
 * @kind: what it is of
 * @value: set
 *
 * Return: 0, or -EINVAL.
 */
int thresholds_value(const char *text, enum expr_kind kind, double *value);

#endif
