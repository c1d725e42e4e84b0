/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the monitor itself costs, and how much it may write to a slow terminal.
 */
#ifndef TOP_COST_H
#define TOP_COST_H

#include "ui.h"

/**
 * struct cost - the bill
 * @began_ns: CLOCK_BOOTTIME
 * @written: bytes this process had written when the last picture was sent
 * @window_ns: when the running mean of bytes was renewed last
 * @window_bytes: bytes since then
 */
struct cost {
	uint64_t began_ns;
	uint64_t written;
	uint64_t window_ns;
	uint64_t window_bytes;
};

/**
 * cost_before() - a picture will be sent
 * @cost: the bill
 */
void cost_before(struct cost *cost);

/**
 * cost_after() - it was sent
 * @cost: the bill
 * @ui: its cost is brought up to date
 * @now_ns: CLOCK_BOOTTIME of this machine
 *
 * Return: bytes it took.
 */
uint64_t cost_after(struct cost *cost, struct ui *ui, uint64_t now_ns);

#endif
