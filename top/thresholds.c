// SPDX-License-Identifier: GPL-2.0-or-later
/* From where on snapshots are urgent, as text; see thresholds.h. */
#include "thresholds.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

static const char *const names[THRESHOLD_COUNT] = {
	[THRESHOLD_WARN_FILL] = "warn-fill",
	[THRESHOLD_CRIT_FILL] = "crit-fill",
	[THRESHOLD_WARN_TIME] = "warn-time",
	[THRESHOLD_CRIT_TIME] = "crit-time",
};

void thresholds_init(struct thresholds *thresholds)
{
	memset(thresholds, 0, sizeof(*thresholds));
	alarm_limits_init(&thresholds->usual);
}

int thresholds_value(const char *text, enum expr_kind kind, double *value)
{
	const struct expr_field field = { "x", kind, NULL, "" };
	char line[80];
	struct expr *expr;
	int err;

	if (strpbrk(text, " ()&|") || strlen(text) > 60)
		return -EINVAL;
	snprintf(line, sizeof(line), "x=%s", text);
	err = expr_parse(&expr, line, &field, 1, NULL);
	if (err)
		return err;
	err = expr_constant(expr, value) ? 0 : -EINVAL;
	expr_free(expr);
	return err;
}

static int parse_share(const char *text, unsigned int *permille)
{
	double percent;

	if (thresholds_value(text, EXPR_PERCENT, &percent) || percent > 100)
		return -EINVAL;
	*permille = (unsigned int)(percent * 10 + 0.5);
	return 0;
}

static int parse_limit(struct alarm_limits *limits, enum threshold which, const char *text)
{
	switch (which) {
	case THRESHOLD_WARN_FILL:
		return parse_share(text, &limits->warn_permille);
	case THRESHOLD_CRIT_FILL:
		return parse_share(text, &limits->crit_permille);
	case THRESHOLD_WARN_TIME:
		return thresholds_value(text, EXPR_SECONDS, &limits->warn_s);
	case THRESHOLD_CRIT_TIME:
		return thresholds_value(text, EXPR_SECONDS, &limits->crit_s);
	case THRESHOLD_COUNT:
		break;
	}
	return -EINVAL;
}

int thresholds_set(struct thresholds *thresholds, enum threshold which, const char *text)
{
	return parse_limit(&thresholds->usual, which, text);
}

static int parse_word(struct threshold_rule *rule, char *word, char *why, size_t size)
{
	char *value = strchr(word, '=');
	int limit;

	if (value)
		*value++ = '\0';
	for (limit = 0; limit < THRESHOLD_COUNT && strcmp(word, names[limit]); limit++)
		;
	if (limit == THRESHOLD_COUNT) {
		snprintf(why, size,
			 "\"%.20s\" is none of warn-fill, crit-fill, warn-time, crit-time", word);
		return -EINVAL;
	}
	if (!value || parse_limit(&rule->limits, limit, value)) {
		snprintf(why, size, "%s: \"%.20s\" is not possible", word, value ? value : "");
		return -EINVAL;
	}
	rule->set[limit] = true;
	return 0;
}

int thresholds_add(struct thresholds *thresholds, const char *text, char *why, size_t size)
{
	struct threshold_rule rule = { 0 };
	char line[FACT_NAME_SIZE + 160], *rest = NULL, *word;
	int words = 0;

	if (thresholds->count == THRESHOLD_RULES_MAX) {
		snprintf(why, size, "there are %d already", THRESHOLD_RULES_MAX);
		return -EINVAL;
	}
	if (strlen(text) >= sizeof(line)) {
		snprintf(why, size, "it is too long");
		return -EINVAL;
	}
	snprintf(line, sizeof(line), "%s", text);
	word = strtok_r(line, " \t", &rest);
	if (!word || strlen(word) >= sizeof(rule.pattern)) {
		snprintf(why, size, "the name of a snapshot is missing");
		return -EINVAL;
	}
	strcpy(rule.pattern, word);
	while ((word = strtok_r(NULL, " \t", &rest)))
		if (words++, parse_word(&rule, word, why, size))
			return -EINVAL;
	if (!words) {
		snprintf(why, size, "the limits are missing, as in %.20s warn-fill=95",
			 rule.pattern);
		return -EINVAL;
	}
	thresholds->rule[thresholds->count++] = rule;
	return 0;
}

struct alarm_limits thresholds_of(const struct thresholds *thresholds, const char *name)
{
	struct alarm_limits found = thresholds->usual;
	unsigned int i;

	for (i = 0; i < thresholds->count; i++) {
		const struct threshold_rule *rule = &thresholds->rule[i];

		if (fnmatch(rule->pattern, name, 0))
			continue;
		if (rule->set[THRESHOLD_WARN_FILL])
			found.warn_permille = rule->limits.warn_permille;
		if (rule->set[THRESHOLD_CRIT_FILL])
			found.crit_permille = rule->limits.crit_permille;
		if (rule->set[THRESHOLD_WARN_TIME])
			found.warn_s = rule->limits.warn_s;
		if (rule->set[THRESHOLD_CRIT_TIME])
			found.crit_s = rule->limits.crit_s;
	}
	return found;
}

static int check_one(const char *whose, const struct alarm_limits *limits, char *why, size_t size)
{
	if (limits->warn_permille > limits->crit_permille)
		snprintf(why, size, "%s--warn-fill is above --crit-fill", whose);
	else if (limits->warn_s < limits->crit_s)
		snprintf(why, size, "%s--warn-time is less than --crit-time", whose);
	else
		return 0;
	return -EINVAL;
}

int thresholds_check(const struct thresholds *thresholds, char *why, size_t size)
{
	char whose[FACT_NAME_SIZE + 8];
	unsigned int i;

	if (check_one("", &thresholds->usual, why, size))
		return -EINVAL;
	for (i = 0; i < thresholds->count; i++) {
		/* A pattern is a name that it matches, or near enough to one. */
		struct alarm_limits found = thresholds_of(thresholds, thresholds->rule[i].pattern);

		snprintf(whose, sizeof(whose), "of %s: ", thresholds->rule[i].pattern);
		if (check_one(whose, &found, why, size))
			return -EINVAL;
	}
	return 0;
}
