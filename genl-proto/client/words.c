// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * words: the names of the specification for its numbers, and UUIDs as text.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "blksnap.h"

#define WORD(table, value)                                                 \
	((value) < sizeof(table) / sizeof(*(table)) && (table)[value] ?    \
		 (table)[value] :                                          \
		 "unknown")

const char *blksnap_snapshot_state_word(uint32_t state)
{
	static const char *const words[] = {
		[BLKSNAP_SNAPSHOT_STATE_CREATED] = "created",
		[BLKSNAP_SNAPSHOT_STATE_TAKING] = "taking",
		[BLKSNAP_SNAPSHOT_STATE_TAKEN] = "taken",
		[BLKSNAP_SNAPSHOT_STATE_OVERFLOW] = "overflow",
		[BLKSNAP_SNAPSHOT_STATE_FAILED] = "failed",
		[BLKSNAP_SNAPSHOT_STATE_DESTROYING] = "destroying",
	};

	return WORD(words, state);
}

const char *blksnap_snapshot_phase_word(uint32_t phase)
{
	static const char *const words[] = {
		[BLKSNAP_SNAPSHOT_PHASE_NONE] = "none",
		[BLKSNAP_SNAPSHOT_PHASE_SYNC] = "sync",
		[BLKSNAP_SNAPSHOT_PHASE_FREEZE] = "freeze",
		[BLKSNAP_SNAPSHOT_PHASE_GATE] = "gate",
		[BLKSNAP_SNAPSHOT_PHASE_IMAGE] = "image",
		[BLKSNAP_SNAPSHOT_PHASE_COPY] = "copy",
		[BLKSNAP_SNAPSHOT_PHASE_STORE] = "store",
	};

	return WORD(words, phase);
}

const char *blksnap_area_level_word(uint32_t level)
{
	static const char *const words[] = {
		[BLKSNAP_AREA_LEVEL_OK] = "ok",
		[BLKSNAP_AREA_LEVEL_LOW] = "low",
		[BLKSNAP_AREA_LEVEL_OVERFLOW] = "overflow",
	};

	return WORD(words, level);
}

const char *blksnap_device_state_word(uint32_t state)
{
	static const char *const words[] = {
		[BLKSNAP_DEVICE_STATE_SETTLING] = "settling",
		[BLKSNAP_DEVICE_STATE_TRACKED] = "tracked",
		[BLKSNAP_DEVICE_STATE_SNAPSHOT] = "snapshot",
		[BLKSNAP_DEVICE_STATE_GONE] = "gone",
	};

	return WORD(words, state);
}

const char *blksnap_freeze_result_word(uint32_t result)
{
	static const char *const words[] = {
		[BLKSNAP_FREEZE_RESULT_NOT_FROZEN] = "not-frozen",
		[BLKSNAP_FREEZE_RESULT_FROZEN] = "frozen",
		[BLKSNAP_FREEZE_RESULT_BY_USER] = "by-user",
	};

	return WORD(words, result);
}

const char *blksnap_del_reason_word(uint32_t reason)
{
	static const char *const words[] = {
		[BLKSNAP_DEL_REASON_REQUEST] = "request",
		[BLKSNAP_DEL_REASON_TAKE_FAILED] = "take-failed",
		[BLKSNAP_DEL_REASON_OWNER_EXIT] = "owner-exit",
		[BLKSNAP_DEL_REASON_DEVICE_GONE] = "device-gone",
	};

	return WORD(words, reason);
}

const char *blksnap_change_cause_word(uint32_t cause)
{
	static const char *const words[] = {
		[BLKSNAP_CHANGE_CAUSE_NONE] = "none",
		[BLKSNAP_CHANGE_CAUSE_STATE] = "state",
		[BLKSNAP_CHANGE_CAUSE_SETTINGS] = "settings",
		[BLKSNAP_CHANGE_CAUSE_EXTENDED] = "extended",
		[BLKSNAP_CHANGE_CAUSE_SHRUNK] = "shrunk",
		[BLKSNAP_CHANGE_CAUSE_LEVEL] = "level",
		[BLKSNAP_CHANGE_CAUSE_REMINDER] = "reminder",
		[BLKSNAP_CHANGE_CAUSE_CBT_RESET] = "cbt-reset",
		[BLKSNAP_CHANGE_CAUSE_AREA_READ_ERROR] = "area-read-error",
		[BLKSNAP_CHANGE_CAUSE_IMAGE] = "image",
	};

	return WORD(words, cause);
}

const char *blksnap_command_word(uint32_t cmd)
{
	static const char *const words[] = {
		[BLKSNAP_CMD_INFO_GET] = "info-get",
		[BLKSNAP_CMD_DEVICE_ATTACH] = "device-attach",
		[BLKSNAP_CMD_DEVICE_DETACH] = "device-detach",
		[BLKSNAP_CMD_DEVICE_GET] = "device-get",
		[BLKSNAP_CMD_DEVICE_NEW_NTF] = "device-new-ntf",
		[BLKSNAP_CMD_DEVICE_CHANGE_NTF] = "device-change-ntf",
		[BLKSNAP_CMD_DEVICE_DEL_NTF] = "device-del-ntf",
		[BLKSNAP_CMD_SNAPSHOT_CREATE] = "snapshot-create",
		[BLKSNAP_CMD_SNAPSHOT_TAKE] = "snapshot-take",
		[BLKSNAP_CMD_SNAPSHOT_DESTROY] = "snapshot-destroy",
		[BLKSNAP_CMD_SNAPSHOT_SET] = "snapshot-set",
		[BLKSNAP_CMD_SNAPSHOT_GET] = "snapshot-get",
		[BLKSNAP_CMD_SNAPSHOT_NEW_NTF] = "snapshot-new-ntf",
		[BLKSNAP_CMD_SNAPSHOT_CHANGE_NTF] = "snapshot-change-ntf",
		[BLKSNAP_CMD_SNAPSHOT_DEL_NTF] = "snapshot-del-ntf",
		[BLKSNAP_CMD_AREA_LEVEL_NTF] = "area-level-ntf",
		[BLKSNAP_CMD_AREA_APPEND] = "area-append",
		[BLKSNAP_CMD_AREA_REMOVE] = "area-remove",
		[BLKSNAP_CMD_AREA_GET] = "area-get",
		[BLKSNAP_CMD_CBT_GET] = "cbt-get",
		[BLKSNAP_CMD_CBT_MARK] = "cbt-mark",
		[BLKSNAP_CMD_STATS_GET] = "stats-get",
		[BLKSNAP_CMD_EVENT_REPLAY] = "event-replay",
		[BLKSNAP_CMD_IMAGE_RELEASE] = "image-release",
	};

	return WORD(words, cmd);
}

const char *blksnap_record_word(enum blksnap_record_type type)
{
	static const char *const words[] = {
		[BLKSNAP_RECORD_STATE] = "state",
		[BLKSNAP_RECORD_SYNC] = "sync",
		[BLKSNAP_RECORD_EVENT] = "event",
		[BLKSNAP_RECORD_LOST] = "lost",
		[BLKSNAP_RECORD_GONE] = "gone",
		[BLKSNAP_RECORD_BACK] = "back",
	};

	return WORD(words, (uint32_t)type);
}

const char *blksnap_exit_word(enum blksnap_exit exit)
{
	switch (exit) {
	case BLKSNAP_EXIT_OK:
		return "ok";
	case BLKSNAP_EXIT_OTHER:
		return "other";
	case BLKSNAP_EXIT_USAGE:
		return "usage";
	case BLKSNAP_EXIT_NOT_FOUND:
		return "not-found";
	case BLKSNAP_EXIT_CONFLICT:
		return "conflict";
	case BLKSNAP_EXIT_PERMISSION:
		return "not-permitted";
	case BLKSNAP_EXIT_NO_SPACE:
		return "no-space";
	case BLKSNAP_EXIT_INVALID:
		return "invalid";
	case BLKSNAP_EXIT_TIMEOUT:
		return "timeout";
	case BLKSNAP_EXIT_ABSENT:
		return "module-absent";
	case BLKSNAP_EXIT_PARTIAL:
		return "partial";
	case BLKSNAP_EXIT_GONE:
		return "module-gone";
	case BLKSNAP_EXIT_HOOK:
		return "hook";
	case BLKSNAP_EXIT_WARNING:
		return "warning";
	case BLKSNAP_EXIT_CRITICAL:
		return "critical";
	case BLKSNAP_EXIT_INTERRUPTED:
		return "interrupted";
	}
	return "other";
}

char *blksnap_uuid_format(const uint8_t uuid[BLKSNAP_UUID_BYTES],
			  char text[BLKSNAP_UUID_TEXT])
{
	char *to = text;
	int i;

	for (i = 0; i < BLKSNAP_UUID_BYTES; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		to += sprintf(to, "%02x", uuid[i]);
	}
	return text;
}

static int words_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int blksnap_uuid_parse(const char *text, uint8_t uuid[BLKSNAP_UUID_BYTES])
{
	int i, high, low;

	if (strlen(text) != BLKSNAP_UUID_TEXT - 1)
		return -EINVAL;
	for (i = 0; i < BLKSNAP_UUID_BYTES; i++) {
		if ((i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-')
			return -EINVAL;
		high = words_hex(*text++);
		low = words_hex(*text++);
		if (high < 0 || low < 0)
			return -EINVAL;
		uuid[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

const char *blksnap_version(void)
{
	return BLKSNAP_VERSION;
}
