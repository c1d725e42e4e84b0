/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device: what other commands need of tracked devices.
 */
#ifndef BLKSNAP_CLI_DEVICE_H
#define BLKSNAP_CLI_DEVICE_H

#include "cli.h"

/**
 * device_attach() - have a device tracked, and settled
 * @cli: run, connected
 * @text: what means the device
 * @cell: bytes a tracking cell covers; 0 is whatever it is
 * @device: filled
 * @changed: it was not; in a dry run nothing is done
 *
 * Return: 0, or an exit status after cli_fail().
 */
int device_attach(struct cli *cli, const char *text, uint32_t cell,
		  struct blksnap_device *device, bool *changed);

#endif /* BLKSNAP_CLI_DEVICE_H */
