/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * info: what other commands tell of the module as a whole.
 */
#ifndef BLKSNAP_CLI_INFO_H
#define BLKSNAP_CLI_INFO_H

#include <blksnap.h>

/* the lines about the module */
void info_print(const struct blksnap_info *info);

#endif /* BLKSNAP_CLI_INFO_H */
