/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the library calls a device by, of what a command line does. */
#ifndef TOOLS_DEVICE_H
#define TOOLS_DEVICE_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "blksnap.h"

/* Ends the program with 2 if @path is no block device. */
static inline struct blksnap_dev device(const char *path)
{
	struct stat st;

	if (stat(path, &st) || !S_ISBLK(st.st_mode)) {
		fprintf(stderr, "%s is no block device\n", path);
		exit(2);
	}
	return (struct blksnap_dev){ .major = major(st.st_rdev), .minor = minor(st.st_rdev) };
}

#endif
