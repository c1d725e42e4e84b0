// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fault: see fault.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"

int fault_set(struct blksnap_error *err, int errnum, const char *format, ...)
{
	va_list args;

	memset(err, 0, sizeof(*err));
	err->errnum = errnum;
	err->exit = blksnap_exit_class(errnum);
	if (!format)
		format = strerror(errnum);
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	return -errnum;
}
