/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fill level of an area: low when less than @low is free, ok again when
 * at least @clear is. The gap between them keeps it from flapping. Overflow
 * is not decided here: it is a failure, and final.
 */
#ifndef BLKSNAP_LEVEL_H
#define BLKSNAP_LEVEL_H

#include <logic_env.h>

/** level_is_low() - is it low now, given whether it was? Any one unit. */
static inline bool level_is_low(bool was_low, u64 free, u64 low, u64 clear)
{
	return was_low ? free < clear : free < low;
}

#endif /* BLKSNAP_LEVEL_H */
