// SPDX-License-Identifier: GPL-2.0-or-later
/* Events as sentences for people; see narrate.h. */
#include "narrate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "format.h"

#define WIDTH 8
#define WHERE_SIZE 110

static struct sentence __attribute__((format(printf, 2, 3)))
say(enum severity severity, const char *format, ...)
{
	struct sentence sentence = { .severity = severity };
	va_list args;

	va_start(args, format);
	vsnprintf(sentence.text, sizeof(sentence.text), format, args);
	va_end(args);
	return sentence;
}

static struct sentence say_nothing(void)
{
	return (struct sentence){ .severity = SEVERITY_OK };
}

static char *sectors(char *text, uint64_t count)
{
	return format_bytes(text, WIDTH, count * FACT_SECTOR_BYTES, UNITS_IEC);
}

static const char *error_word(char *text, size_t size, int error)
{
	const char *name = error < 0 ? strerrorname_np(-error) : NULL;

	if (name)
		snprintf(text, size, "%s", name);
	else
		snprintf(text, size, "error %d", error);
	return text;
}

/* "EIO in phase store on vdb at sector 2048" */
static const char *error_where(char *text, size_t size, const struct fact_snapshot *fact)
{
	char word[32];
	size_t n;

	n = (size_t)snprintf(text, size, "%s", error_word(word, sizeof(word), fact->error));
	if (fact->phase && strcmp(fact->phase, "none") && n < size)
		n += (size_t)snprintf(text + n, size - n, " in phase %s", fact->phase);
	if (fact->error_name[0] && n < size)
		n += (size_t)snprintf(text + n, size - n, " on %s", fact->error_name);
	else if ((fact->error_dev.major || fact->error_dev.minor) && n < size)
		n += (size_t)snprintf(text + n, size - n, " on %u:%u", fact->error_dev.major,
				      fact->error_dev.minor);
	if (fact->has_error_sector && n < size)
		snprintf(text + n, size - n, " at sector %llu",
			 (unsigned long long)fact->error_sector);
	return text;
}

static struct sentence narrate_state(const struct fact_snapshot *before,
				     const struct fact_snapshot *after)
{
	char used[FORMAT_SIZE], total[FORMAT_SIZE], where[WHERE_SIZE];

	switch (after->state) {
	case SNAPSHOT_CREATED:
		return say(SEVERITY_OK, "created, not taken yet");
	case SNAPSHOT_TAKING:
		return say(SEVERITY_OK, "is being taken");
	case SNAPSHOT_TAKEN:
		return say(SEVERITY_OK, "taken, area %s", sectors(total, after->total));
	case SNAPSHOT_OVERFLOW:
		/* Its level has said so already. */
		if (before && before->level == LEVEL_OVERFLOW)
			break;
		return say(SEVERITY_FAIL, "area full (%s of %s): images invalid, origins unaffected",
			   sectors(used, after->used), sectors(total, after->total));
	case SNAPSHOT_FAILED:
		return say(SEVERITY_FAIL, "failed (%s): images invalid, origins unaffected",
			   error_where(where, sizeof(where), after));
	case SNAPSHOT_DESTROYING:
		return say(SEVERITY_OK, "is being destroyed");
	case SNAPSHOT_UNKNOWN:
		break;
	}
	return say_nothing();
}

static struct sentence narrate_level(const struct fact_snapshot *after,
				     enum fact_cause cause)
{
	char used[FORMAT_SIZE], total[FORMAT_SIZE], share[FORMAT_SIZE];

	if (cause == CAUSE_REMINDER)
		return say_nothing();
	sectors(used, after->used);
	sectors(total, after->total);
	format_percent(share, format_permille(after->used, after->total));
	switch (after->level) {
	case LEVEL_OK:
		return say(SEVERITY_OK, "area has room again: %s (%s of %s)", share, used, total);
	case LEVEL_LOW:
		return say(SEVERITY_WARN, "area is low: %s (%s of %s)", share, used, total);
	case LEVEL_OVERFLOW:
		break;
	}
	return say(SEVERITY_FAIL, "area full (%s of %s): images invalid, origins unaffected",
		   used, total);
}

static struct sentence narrate_resize(const char *verb,
				      const struct fact_snapshot *before,
				      const struct fact_snapshot *after)
{
	char from[FORMAT_SIZE], to[FORMAT_SIZE];

	sectors(to, after->total);
	if (before && before->has_space && before->total != after->total)
		return say(SEVERITY_OK, "area %s from %s to %s", verb,
			   sectors(from, before->total), to);
	return say(SEVERITY_OK, "area %s to %s", verb, to);
}

static struct sentence narrate_end(const struct fact_snapshot *after,
				   enum fact_cause cause)
{
	char where[WHERE_SIZE];

	switch (cause) {
	case CAUSE_TAKE_FAILED:
		if (after->error)
			return say(SEVERITY_FAIL, "take failed (%s), nothing is left",
				   error_where(where, sizeof(where), after));
		return say(SEVERITY_FAIL, "take failed, nothing is left");
	case CAUSE_OWNER_EXIT:
		return say(SEVERITY_WARN, "destroyed: its owner is gone");
	case CAUSE_DEVICE_GONE:
		return say(SEVERITY_WARN, "destroyed: its device is gone");
	default:
		return say(SEVERITY_OK, "destroyed");
	}
}

struct sentence narrate_snapshot(const struct fact_snapshot *before,
				 const struct fact_snapshot *after,
				 const struct fact_news *news)
{
	switch (news->kind) {
	case FACT_STATE:
		return say_nothing();
	case FACT_NEW:
		return narrate_state(before, after);
	case FACT_DEL:
		return narrate_end(after, news->cause);
	case FACT_LEVEL:
		return narrate_level(after, news->cause);
	case FACT_CHANGE:
		break;
	}

	switch (news->cause) {
	case CAUSE_EXTENDED:
		return narrate_resize("extended", before, after);
	case CAUSE_SHRUNK:
		return narrate_resize("shrunk", before, after);
	case CAUSE_LEVEL:
	case CAUSE_REMINDER:
		return narrate_level(after, news->cause);
	case CAUSE_SETTINGS:
		if (before && strcmp(before->name, after->name))
			return say(SEVERITY_OK, "was named %s", before->name);
		return say(SEVERITY_OK, "settings changed");
	case CAUSE_AREA_READ_ERROR:
		return say(SEVERITY_CRIT, "area cannot be read: an image read failed");
	case CAUSE_IMAGE:
		return say_nothing();
	default:
		return narrate_state(before, after);
	}
}

struct sentence narrate_device(const struct fact_device *before,
			       const struct fact_device *after,
			       const struct fact_news *news)
{
	char word[32];

	switch (news->kind) {
	case FACT_STATE:
	case FACT_LEVEL:
		return say_nothing();
	case FACT_NEW:
		return say(SEVERITY_OK, "attached");
	case FACT_DEL:
		if (news->cause == CAUSE_DEVICE_GONE)
			return say(SEVERITY_WARN, "device was removed, no longer tracked");
		return say(SEVERITY_OK, "detached");
	case FACT_CHANGE:
		break;
	}

	if (news->cause == CAUSE_CBT_RESET)
		return say(SEVERITY_WARN, "change tracking starts anew: next backup is a full one");
	if (after->state == DEVICE_GONE && (!before || before->state != DEVICE_GONE))
		return say(SEVERITY_FAIL, "device was removed");
	if (after->error && (!before || before->error != after->error))
		return say(SEVERITY_FAIL, "failed (%s)",
			   error_word(word, sizeof(word), after->error));
	if (before && before->state == DEVICE_SETTLING && after->state == DEVICE_TRACKED)
		return say(SEVERITY_OK, "tracked");
	return say_nothing();
}

struct sentence narrate_alarm(enum severity severity,
			      const struct fact_snapshot *snapshot,
			      const struct eta_range *range)
{
	char used[FORMAT_SIZE], total[FORMAT_SIZE], share[FORMAT_SIZE], when[FORMAT_WORDS_SIZE];

	format_percent(share, format_permille(snapshot->used, snapshot->total));
	sectors(used, snapshot->used);
	sectors(total, snapshot->total);
	if (!range->known)
		return say(severity, "area %s (%s of %s)", share, used, total);
	return say(severity, "area %s (%s of %s), full in %s", share, used, total,
		   format_eta_words(when, range));
}

struct sentence narrate_calm(const struct fact_snapshot *snapshot)
{
	char used[FORMAT_SIZE], total[FORMAT_SIZE], share[FORMAT_SIZE];

	format_percent(share, format_permille(snapshot->used, snapshot->total));
	return say(SEVERITY_OK, "no longer urgent: area %s (%s of %s)", share,
		   sectors(used, snapshot->used), sectors(total, snapshot->total));
}
