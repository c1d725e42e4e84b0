/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The picture that is looked at while the truth goes on: held by a key, or one
 * of the past. Pure but for its memory.
 */
#ifndef TOP_HELD_H
#define TOP_HELD_H

#include "model.h"
#include "ui.h"

/**
 * struct held - what is kept of it
 * @frozen: what was known when the picture was held
 * @past: a frame of before that, if one is looked at
 * @holds: @frozen is of the pause that goes on
 */
struct held {
	struct model frozen;
	struct model past;
	bool holds;
};

/**
 * held_init() - nothing is held
 * @held: freed with held_exit()
 */
void held_init(struct held *held);

/**
 * held_exit() - free what it keeps
 * @held: what held_init() filled
 */
void held_exit(struct held *held);

/**
 * held_shown() - what is to be drawn
 * @held: what is kept
 * @ui: whether the picture stands still, and where in time
 * @live: the truth
 */
struct model *held_shown(struct held *held, const struct ui *ui, struct model *live);

/**
 * held_follow() - after a key: hold the picture, let it go, go where it said
 * @held: what is kept
 * @ui: what the key has changed; its travel is done while the picture is held,
 *	and left to the source of a recording otherwise
 * @live: the truth
 *
 * Without memory the picture goes on.
 */
void held_follow(struct held *held, struct ui *ui, const struct model *live);

#endif
