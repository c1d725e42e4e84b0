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

const char *past_options(const char *type)
{
	if (!strcmp(type, "ext3") || !strcmp(type, "ext4"))
		return "noload";
	if (!strcmp(type, "xfs"))
		return "norecovery,nouuid";
	return NULL;
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
	int ambiguous = 0, ret = 0;
	char *type = mnt_get_fstype(image, &ambiguous, NULL);

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
