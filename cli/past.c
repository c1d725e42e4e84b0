// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * past: see past.h.
 */
#include <errno.h>
#include <libmount/libmount.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "fault.h"
#include "past.h"

static const struct {
	const char *type;
	const char *text;
} past_table[] = {
	{ "ext3", "ro,noload" },
	{ "ext4", "ro,noload" },
	{ "xfs", "ro,norecovery,nouuid" },
};

#define PAST_TYPES (sizeof(past_table) / sizeof(*past_table))
#define PAST_READ_ONLY "ro" /* which is a flag for mount(2) */

const char *past_text(const char *type)
{
	size_t i;

	for (i = 0; i < PAST_TYPES; i++)
		if (!strcmp(type, past_table[i].type))
			return past_table[i].text;
	return PAST_READ_ONLY;
}

/* Those that are no flags, or NULL. */
static const char *past_options(const char *type)
{
	const char *more = strchr(past_text(type), ',');

	return more ? more + 1 : NULL;
}

char *past_type(const char *image, bool *ambiguous)
{
	int several = 0;
	char *type = mnt_get_fstype(image, &several, NULL);

	if (ambiguous)
		*ambiguous = several;
	return type;
}

int past_private(struct blksnap_error *err)
{
	if (unshare(CLONE_NEWNS) || mount("", "/", NULL, MS_REC | MS_SLAVE, NULL))
		return fault_set(err, errno, "cannot have mounts of its own: %s",
				 strerror(errno));
	return 0;
}

int past_mount(const char *image, const char *target, struct blksnap_error *err)
{
	bool ambiguous;
	char *type = past_type(image, &ambiguous);
	int ret = 0;

	if (!type)
		return fault_set(err, EMEDIUMTYPE,
				 ambiguous ? "several file systems are found on it" :
					     "no file system is found on it");
	if (mount(image, target, type, MS_RDONLY | MS_NODEV | MS_NOSUID,
		  past_options(type)))
		ret = fault_set(err, errno, "cannot mount it as %s: %s", type,
				strerror(errno));
	free(type);
	return ret;
}
