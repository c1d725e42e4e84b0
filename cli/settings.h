/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * settings: what other commands need of what can be changed of a snapshot.
 */
#ifndef BLKSNAP_CLI_SETTINGS_H
#define BLKSNAP_CLI_SETTINGS_H

#include "cli.h"

/* would setting them change anything? (thresholds and grace) */
bool settings_differ(const struct blksnap_snapshot *s,
		     const struct blksnap_settings *set);

#endif /* BLKSNAP_CLI_SETTINGS_H */
