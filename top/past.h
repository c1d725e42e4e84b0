/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Earlier pictures of the model, to be looked at while it goes on: a frame at
 * each settling, with the figures of every object. Bounded: when the room is
 * used up, every second frame of the older half is dropped, so that it reaches
 * back further, and less finely. Pure but for its memory.
 */
#ifndef TOP_PAST_H
#define TOP_PAST_H

#include "model.h"

#define PAST_BYTES (3u << 20) /* about an hour of 16 objects a second */
#define PAST_FRAMES 4096u

struct past;

/**
 * past_create() - nothing kept yet
 *
 * Return: freed with past_destroy(), NULL without memory.
 */
struct past *past_create(void);

/**
 * past_destroy() - free it
 * @past: may be NULL
 */
void past_destroy(struct past *past);

/**
 * past_keep() - keep a picture
 * @past: where
 * @model: of this; it is at model->heard_ns
 * @real_ns: CLOCK_REALTIME
 *
 * Without memory it is not kept, and nothing else happens.
 */
void past_keep(struct past *past, const struct model *model, uint64_t real_ns);

/**
 * past_step() - the time of a frame
 * @past: where
 * @at_ns: CLOCK_BOOTTIME; 0 is the present
 * @frames: how many frames away, negative is earlier
 *
 * Return: its time; the first or last one's if there is none; 0 if there is
 * none at all.
 */
uint64_t past_step(const struct past *past, uint64_t at_ns, int frames);

/**
 * past_near() - the time of the frame that is nearest to a time
 * @past: where
 * @at_ns: CLOCK_BOOTTIME
 *
 * Return: as past_step().
 */
uint64_t past_near(const struct past *past, uint64_t at_ns);

/**
 * past_show() - make a model look as it was
 * @past: where
 * @model: a copy of the model, made later; its objects and figures are
 *	replaced by those of the frame, its events end there
 * @at_ns: time of a frame
 * @real_ns: set to its CLOCK_REALTIME
 *
 * Return: 0, -ENOENT (no such frame), -ENOMEM; then @model is as it was.
 */
int past_show(const struct past *past, struct model *model, uint64_t at_ns,
	      uint64_t *real_ns);

#endif
