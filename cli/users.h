/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * users: who has a block device open.
 */
#ifndef BLKSNAP_CLI_USERS_H
#define BLKSNAP_CLI_USERS_H

#include <stddef.h>

/**
 * users_of() - name who uses a disk or a partition of it
 * @disk: kernel name of the disk
 * @text: result, as "mounted on /mnt, open in dd (123)"; "" if nobody was found
 * @size: bytes of @text
 *
 * Looks at this mount namespace, and at those processes that may be looked at.
 */
void users_of(const char *disk, char *text, size_t size);

#endif /* BLKSNAP_CLI_USERS_H */
