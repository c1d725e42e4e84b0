/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A cell of the change map: the two last intervals in which its sectors were
 * written, (current, previous), 16 bits each, packed in one word. Two, since
 * a write after a take must not wipe out what the image still tells. Interval
 * numbers start at 1; 0 is never.
 */
#ifndef BLKSNAP_CBT_CELL_H
#define BLKSNAP_CBT_CELL_H

#include <logic_env.h>

#define CBT_NUMBER_MAX 0xffffu

/**
 * cbt_cell_marked() - what @cell becomes when written in interval @number
 *
 * Who marks without having written may come when @number has ended, behind a
 * write of the next interval: that one stays the current one.
 */
static inline u32 cbt_cell_marked(u32 cell, u32 number)
{
	u32 current_number = cell >> 16, previous_number = cell & 0xffff;

	if (current_number == number)
		return cell;
	if (current_number > number)
		return current_number << 16 | max(previous_number, number);
	return number << 16 | current_number;
}

/**
 * cbt_cell_last() - the last interval up to @limit it was written in
 *
 * Right for a @limit no more than one take ago: of earlier ones the cell has
 * forgotten, and tells a later one rather than none.
 */
static inline u32 cbt_cell_last(u32 cell, u32 limit)
{
	u32 current_number = cell >> 16;

	return current_number <= limit ? current_number : cell & 0xffff;
}

#endif /* BLKSNAP_CBT_CELL_H */
