/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault: struct blksnap_error for what the program itself finds.
 */
#ifndef BLKSNAP_CLI_FAULT_H
#define BLKSNAP_CLI_FAULT_H

#include <blksnap.h>

/**
 * fault_set() - fill an error
 * @err: error
 * @errnum: positive errno, which gives the class
 * @format: sentence; NULL takes the errno's text
 *
 * Return: -@errnum.
 */
int fault_set(struct blksnap_error *err, int errnum, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* BLKSNAP_CLI_FAULT_H */
