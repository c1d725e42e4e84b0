// SPDX-License-Identifier: GPL-2.0-or-later
/* Earlier pictures of the model; see past.h. */
#include "past.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct frame_snap {
	uint32_t id;
	char name[FACT_NAME_SIZE];
	uint8_t state;
	uint8_t level;
	uint8_t alarm;
	bool has_space;
	bool eta_known;
	float low_s;
	float mid_s;
	float high_s;
	uint64_t used;
	uint64_t total;
	uint64_t taken_ns;
};

struct frame_dev {
	struct devno dev;
	uint32_t snapshot_id;
	char name[FACT_NAME_SIZE / 2];
	uint8_t state;
	bool tracked;
	bool member;
	bool has_stats;
	bool has_p99;
	bool p99_open;
	float cow_rate;
	float image_rate;
	float write_rate;
	float held_rate;
	uint64_t p99_ns;
	uint64_t errors;
	uint64_t used;
	bool has_used;
};

/* Snapshots, then devices, follow in the same memory. */
struct frame {
	uint64_t time_ns;
	uint64_t real_ns;
	uint32_t n_snaps;
	uint32_t n_devs;
	struct frame_snap snap[];
};

struct past {
	struct frame *frame[PAST_FRAMES];
	size_t count;
	size_t bytes;
};

static size_t frame_bytes(size_t n_snaps, size_t n_devs)
{
	return sizeof(struct frame) + n_snaps * sizeof(struct frame_snap) +
	       n_devs * sizeof(struct frame_dev);
}

static struct frame_dev *frame_devs(const struct frame *frame)
{
	return (struct frame_dev *)&frame->snap[frame->n_snaps];
}

struct past *past_create(void)
{
	return calloc(1, sizeof(struct past));
}

void past_destroy(struct past *past)
{
	size_t i;

	if (!past)
		return;
	for (i = 0; i < past->count; i++)
		free(past->frame[i]);
	free(past);
}

static void past_drop(struct past *past, size_t i)
{
	struct frame *frame = past->frame[i];

	past->bytes -= frame_bytes(frame->n_snaps, frame->n_devs);
	free(frame);
	past->frame[i] = NULL;
}

/* Every second frame of the older half goes. */
static void past_thin(struct past *past)
{
	size_t half = past->count / 2, to = 0, i;

	for (i = 0; i < half; i += 2)
		past_drop(past, i);
	for (i = 0; i < past->count; i++)
		if (past->frame[i])
			past->frame[to++] = past->frame[i];
	past->count = to;
}

static void keep_snap(struct frame_snap *to, const struct snap *snap)
{
	const struct fact_snapshot *fact = &snap->fact;
	struct eta_range range = eta_estimate(&snap->eta);

	memset(to, 0, sizeof(*to));
	to->id = fact->id;
	memcpy(to->name, fact->name, sizeof(to->name));
	to->state = fact->state;
	to->level = fact->level;
	to->alarm = snap->alarm;
	to->has_space = fact->has_space;
	to->eta_known = range.known && fact->state == SNAPSHOT_TAKEN;
	to->low_s = range.low_s;
	to->mid_s = range.mid_s;
	to->high_s = range.high_s;
	to->used = fact->used;
	to->total = fact->total;
	to->taken_ns = fact->taken_ns;
}

static void keep_dev(struct frame_dev *to, const struct dev *dev)
{
	memset(to, 0, sizeof(*to));
	to->dev = dev->fact.dev;
	to->snapshot_id = dev->snapshot_id;
	memcpy(to->name, dev->fact.name, sizeof(to->name) - 1);
	to->state = dev->fact.state;
	to->tracked = dev->tracked;
	to->member = dev->member;
	to->has_stats = dev->has_stats;
	to->cow_rate = dev->cow_rate;
	to->image_rate = dev->image_rate;
	to->write_rate = dev->write_rate;
	to->held_rate = dev->held_rate;
	to->has_p99 = dev->p99.known;
	to->p99_open = dev->p99.open_ended;
	to->p99_ns = dev->p99.ns;
	to->errors = dev->stats.errors;
	to->has_used = dev->has_used;
	to->used = dev->used;
}

void past_keep(struct past *past, const struct model *model, uint64_t real_ns)
{
	size_t bytes = frame_bytes(model->n_snaps, model->n_devs), i;
	struct frame *frame;

	/* Time does not go back, also not over a suspended recording. */
	if (past->count && past->frame[past->count - 1]->time_ns >= model->heard_ns)
		return;
	while (past->count > 2 &&
	       (past->count == PAST_FRAMES || past->bytes + bytes > PAST_BYTES))
		past_thin(past);
	frame = malloc(bytes);
	if (!frame || past->bytes + bytes > PAST_BYTES) {
		free(frame);
		return;
	}
	frame->time_ns = model->heard_ns;
	frame->real_ns = real_ns;
	frame->n_snaps = model->n_snaps;
	frame->n_devs = model->n_devs;
	for (i = 0; i < model->n_snaps; i++)
		keep_snap(&frame->snap[i], &model->snaps[i]);
	for (i = 0; i < model->n_devs; i++)
		keep_dev(&frame_devs(frame)[i], &model->devs[i]);
	past->frame[past->count++] = frame;
	past->bytes += bytes;
}

/* The last frame not later than a time, or the first one. */
static size_t past_find(const struct past *past, uint64_t at_ns)
{
	size_t low = 0, high = past->count;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (past->frame[mid]->time_ns <= at_ns)
			low = mid;
		else
			high = mid;
	}
	return low;
}

uint64_t past_step(const struct past *past, uint64_t at_ns, int frames)
{
	long i;

	if (!past || !past->count)
		return 0;
	i = at_ns ? (long)past_find(past, at_ns) : (long)past->count - 1;
	i += frames;
	if (i < 0)
		i = 0;
	if (i >= (long)past->count)
		i = (long)past->count - 1;
	return past->frame[i]->time_ns;
}

uint64_t past_near(const struct past *past, uint64_t at_ns)
{
	size_t i;

	if (!past || !past->count)
		return 0;
	i = past_find(past, at_ns);
	if (i + 1 < past->count && past->frame[i]->time_ns < at_ns &&
	    past->frame[i + 1]->time_ns - at_ns < at_ns - past->frame[i]->time_ns)
		i++;
	return past->frame[i]->time_ns;
}

static void show_snap(struct snap *to, const struct frame_snap *from, const struct model *model)
{
	const struct snap *now = model_find_snap(model, from->id);

	memset(to, 0, sizeof(*to));
	if (now && !strcmp(now->fact.name, from->name))
		*to = *now;
	to->fact.id = from->id;
	memcpy(to->fact.name, from->name, sizeof(to->fact.name));
	to->fact.state = from->state;
	to->fact.level = from->level;
	to->alarm = from->alarm;
	to->fact.has_space = from->has_space;
	to->fact.used = from->used;
	to->fact.total = from->total;
	to->fact.taken_ns = from->taken_ns;
	to->is_then = true;
	to->then = (struct eta_range){ from->eta_known, from->low_s, from->mid_s, from->high_s };
}

static void show_dev(struct dev *to, const struct frame_dev *from, const struct model *model)
{
	const struct dev *now = model_find_dev(model, from->dev);

	memset(to, 0, sizeof(*to));
	to->freeze = "";
	if (now)
		*to = *now;
	to->fact.dev = from->dev;
	to->snapshot_id = from->snapshot_id;
	memset(to->fact.name, 0, sizeof(to->fact.name));
	memcpy(to->fact.name, from->name, sizeof(from->name));
	to->fact.state = from->state;
	to->tracked = from->tracked;
	to->member = from->member;
	to->has_stats = from->has_stats;
	to->stats.errors = from->errors;
	to->cow_rate = from->cow_rate;
	to->image_rate = from->image_rate;
	to->write_rate = from->write_rate;
	to->held_rate = from->held_rate;
	to->has_used = from->has_used;
	to->used = from->used;
	to->has_openers = false;
	to->p99 = (struct dev_p99){ from->has_p99, from->p99_open, from->p99_ns };
	to->is_then = true;
}

int past_show(const struct past *past, struct model *model, uint64_t at_ns,
	      uint64_t *real_ns)
{
	const struct frame *frame;
	struct dev_key *keys;
	struct snap *snaps;
	struct dev *devs;
	size_t i;

	if (!past || !past->count)
		return -ENOENT;
	frame = past->frame[past_find(past, at_ns)];
	if (frame->time_ns != at_ns)
		return -ENOENT;
	snaps = calloc(frame->n_snaps + 1, sizeof(*snaps));
	devs = calloc(frame->n_devs + 1, sizeof(*devs));
	keys = calloc(frame->n_devs + 1, sizeof(*keys));
	if (!snaps || !devs || !keys) {
		free(snaps);
		free(devs);
		free(keys);
		return -ENOMEM;
	}
	for (i = 0; i < frame->n_snaps; i++)
		show_snap(&snaps[i], &frame->snap[i], model);
	for (i = 0; i < frame->n_devs; i++)
		show_dev(&devs[i], &frame_devs(frame)[i], model);
	free(model->snaps);
	free(model->devs);
	free(model->keys);
	model->snaps = snaps;
	model->n_snaps = frame->n_snaps;
	model->devs = devs;
	model->keys = keys;
	model->n_devs = frame->n_devs;
	model->room = frame->n_devs;
	model_keep_keys(model);
	model->now_ns = frame->time_ns;
	model->heard_ns = frame->time_ns;
	if (model->n_events > MODEL_EVENTS)
		model->events_from = model->n_events - MODEL_EVENTS;
	while (model_event(model, 0) && model_event(model, 0)->real_ns > frame->real_ns)
		model->n_events--;
	*real_ns = frame->real_ns;
	return 0;
}
