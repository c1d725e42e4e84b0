// SPDX-License-Identifier: GPL-2.0-or-later
/* What is known now: the objects; see model.h. Their figures are in samples.c. */
#include "model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "past.h"

void model_init(struct model *model)
{
	memset(model, 0, sizeof(*model));
	trend_init(&model->cow);
	trend_init(&model->image);
	thresholds_init(&model->thresholds);
}

int model_keep_past(struct model *model)
{
	model->past = past_create();
	return model->past ? 0 : -ENOMEM;
}

void model_exit(struct model *model)
{
	past_destroy(model->past);
	free(model->snaps);
	free(model->devs);
	free(model->keys);
	free(model->mounts);
	model_init(model);
}

static int copy_array(void **to, const void *from, size_t n, size_t size)
{
	*to = NULL;
	if (!n)
		return 0;
	*to = malloc(n * size);
	if (!*to)
		return -ENOMEM;
	memcpy(*to, from, n * size);
	return 0;
}

int model_copy(struct model *to, const struct model *from)
{
	void *snaps = NULL, *devs = NULL, *keys = NULL, *mounts = NULL;

	if (copy_array(&snaps, from->snaps, from->n_snaps, sizeof(*from->snaps)) ||
	    copy_array(&devs, from->devs, from->n_devs, sizeof(*from->devs)) ||
	    copy_array(&keys, from->keys, from->n_devs, sizeof(*from->keys)) ||
	    copy_array(&mounts, from->mounts, from->n_mounts, sizeof(*from->mounts))) {
		free(snaps);
		free(devs);
		free(keys);
		return -ENOMEM;
	}
	free(to->snaps);
	free(to->devs);
	free(to->keys);
	free(to->mounts);
	past_destroy(to->past);
	*to = *from;
	to->snaps = snaps;
	to->devs = devs;
	to->keys = keys;
	to->room = from->n_devs;
	to->mounts = mounts;
	to->past = NULL;
	return 0;
}

void model_follow_source(struct model *to, const struct model *from)
{
	to->source = from->source;
	to->stale_ns = from->stale_ns;
	to->stale_real_ns = from->stale_real_ns;
	memcpy(to->stale_why, from->stale_why, sizeof(to->stale_why));
	memcpy(to->host, from->host, sizeof(to->host));
	to->seq = from->seq;
	to->lost = from->lost;
	to->resyncs = from->resyncs;
	to->heard_ns = from->heard_ns;
}

struct snap *model_find_snap(const struct model *model, uint32_t id)
{
	size_t i;

	for (i = 0; i < model->n_snaps; i++)
		if (model->snaps[i].fact.id == id)
			return &model->snaps[i];
	return NULL;
}

struct dev *model_find_dev(const struct model *model, struct devno dev)
{
	size_t i;

	for (i = 0; i < model->n_devs; i++)
		if (devno_equal(model->keys[i].dev, dev))
			return &model->devs[i];
	return NULL;
}

int model_mounts(struct model *model, const struct fact_mount *mounts, size_t count)
{
	void *copy;

	if (copy_array(&copy, mounts, count, sizeof(*mounts)))
		return -ENOMEM;
	free(model->mounts);
	model->mounts = copy;
	model->n_mounts = count;
	return 0;
}

const char *model_mount_of(const struct model *model, struct devno dev)
{
	size_t i;

	for (i = 0; i < model->n_mounts; i++)
		if (devno_equal(model->mounts[i].dev, dev))
			return model->mounts[i].path;
	return "";
}

const struct event *model_event(const struct model *model, uint64_t ago)
{
	if (ago >= model->n_events || ago >= MODEL_EVENTS ||
	    model->n_events - ago <= model->events_from)
		return NULL;
	return &model->events[(model->n_events - 1 - ago) % MODEL_EVENTS];
}

const struct event *model_event_from(const struct model *model, enum severity severity,
				     uint64_t ago)
{
	const struct event *event;
	uint64_t i;

	for (i = 0; (event = model_event(model, i)); i++)
		if (event->sentence.severity >= severity && !ago--)
			return event;
	return NULL;
}

static void model_tell(struct model *model, const char *object, uint64_t seq,
		       uint64_t real_ns, const struct sentence *sentence)
{
	struct event *event;

	if (!sentence->text[0])
		return;
	event = &model->events[model->n_events++ % MODEL_EVENTS];
	event->real_ns = real_ns;
	event->seq = seq;
	event->sentence = *sentence;
	event->alarm = sentence->severity > SEVERITY_OK;
	snprintf(event->object, sizeof(event->object), "%s", object);
}

void model_say(struct model *model, enum severity severity, uint64_t real_ns,
	       const char *text)
{
	struct sentence sentence = { .severity = severity };

	snprintf(sentence.text, sizeof(sentence.text), "%s", text);
	model_tell(model, "", 0, real_ns, &sentence);
}

static struct snap *snap_create(struct model *model, uint32_t id)
{
	struct snap *snaps, *snap;

	snaps = reallocarray(model->snaps, model->n_snaps + 1, sizeof(*snaps));
	if (!snaps)
		return NULL;
	model->snaps = snaps;
	snap = &snaps[model->n_snaps++];
	memset(snap, 0, sizeof(*snap));
	snap->fact.id = id;
	eta_init(&snap->eta);
	trend_init(&snap->cow);
	trend_init(&snap->image);
	trend_init(&snap->fill);
	return snap;
}

void model_forget_rates(struct dev *dev)
{
	dev->cow_rate = RATE_UNKNOWN;
	dev->image_rate = RATE_UNKNOWN;
	dev->write_rate = RATE_UNKNOWN;
	dev->held_rate = RATE_UNKNOWN;
	latency_init(&dev->latency);
	dev->p99.known = false;
}

static int devs_make_room(struct model *model)
{
	size_t room = model->room ? 2 * model->room : 8;
	struct dev_key *keys;
	struct dev *devs;

	if (model->n_devs < model->room)
		return 0;
	devs = reallocarray(model->devs, room, sizeof(*devs));
	if (!devs)
		return -ENOMEM;
	model->devs = devs;
	keys = reallocarray(model->keys, room, sizeof(*keys));
	if (!keys)
		return -ENOMEM;
	model->keys = keys;
	model->room = room;
	return 0;
}

void model_keep_keys(struct model *model)
{
	size_t i;

	for (i = 0; i < model->n_devs; i++)
		model->keys[i] = (struct dev_key){ model->devs[i].fact.dev,
						   model->devs[i].snapshot_id };
}

static void dev_set_snapshot(struct model *model, struct dev *dev, uint32_t id)
{
	dev->snapshot_id = id;
	model->keys[dev - model->devs].snapshot_id = id;
}

static struct dev *dev_create(struct model *model, struct devno devno)
{
	struct dev *dev;

	if (devs_make_room(model))
		return NULL;
	model->keys[model->n_devs] = (struct dev_key){ .dev = devno };
	dev = &model->devs[model->n_devs++];
	memset(dev, 0, sizeof(*dev));
	dev->fact.dev = devno;
	dev->freeze = "";
	trend_init(&dev->cow);
	trend_init(&dev->image);
	model_forget_rates(dev);
	return dev;
}

static void snap_remove(struct model *model, struct snap *snap)
{
	size_t i = snap - model->snaps;

	memmove(snap, snap + 1, (model->n_snaps - i - 1) * sizeof(*snap));
	model->n_snaps--;
}

static void dev_remove(struct model *model, struct dev *dev)
{
	size_t i = dev - model->devs;

	memmove(dev, dev + 1, (model->n_devs - i - 1) * sizeof(*dev));
	memmove(&model->keys[i], &model->keys[i + 1],
		(model->n_devs - i - 1) * sizeof(*model->keys));
	model->n_devs--;
}

static void dev_leave(struct model *model, struct dev *dev)
{
	dev->member = false;
	dev_set_snapshot(model, dev, dev->tracked ? dev->fact.snapshot_id : 0);
	dev->member_error = 0;
	dev->has_used = false;
	dev->used = 0;
	dev->has_openers = false;
	dev->freeze = "";
	dev->image_name[0] = '\0';
}

/* Take the members of a snapshot away from it; those not tracked vanish. */
static void members_leave(struct model *model, uint32_t id)
{
	size_t i = 0;

	while (i < model->n_devs) {
		struct dev *dev = &model->devs[i];

		if (model->keys[i].snapshot_id == id && dev->member) {
			dev_leave(model, dev);
			if (dev->snapshot_id == id)
				dev_set_snapshot(model, dev, 0);
			if (!dev->tracked) {
				dev_remove(model, dev);
				continue;
			}
		}
		i++;
	}
}

static int members_join(struct model *model, uint32_t id,
			const struct fact_member *members, size_t n_members)
{
	size_t i;

	for (i = 0; i < n_members; i++) {
		const struct fact_member *member = &members[i];
		struct dev *dev = model_find_dev(model, member->dev);

		if (!dev)
			dev = dev_create(model, member->dev);
		if (!dev)
			return -ENOMEM;
		dev->member = true;
		dev->seen_member = true;
		dev_set_snapshot(model, dev, id);
		dev->member_error = member->error;
		dev->freeze = member->freeze ? member->freeze : "";
		dev->has_openers = member->has_openers;
		dev->openers = member->openers;
		dev->held = member->held;
		memcpy(dev->image_name, member->image_name, sizeof(dev->image_name));
		if (!dev->tracked) {
			memcpy(dev->fact.name, member->name, sizeof(dev->fact.name));
			dev->fact.capacity = member->capacity;
		}
	}
	return 0;
}

/* Members that are in the list stay as they are: their histories go on. */
static void members_drop_missing(struct model *model, uint32_t id,
				 const struct fact_member *members, size_t n_members)
{
	size_t i = 0, j;

	while (i < model->n_devs) {
		struct dev *dev = &model->devs[i];

		if (model->keys[i].snapshot_id != id || !dev->member)
			goto next;
		for (j = 0; j < n_members; j++)
			if (devno_equal(members[j].dev, dev->fact.dev))
				goto next;
		dev_leave(model, dev);
		if (!dev->tracked) {
			dev_remove(model, dev);
			continue;
		}
next:
		i++;
	}
}

int model_snapshot(struct model *model, const struct fact_snapshot *fact,
		   const struct fact_member *members, size_t n_members,
		   const struct fact_news *news)
{
	struct snap *snap = model_find_snap(model, fact->id);
	struct sentence sentence = narrate_snapshot(snap ? &snap->fact : NULL, fact, news);
	const char *name = fact->name[0] || !snap ? fact->name : snap->fact.name;

	if (news->seq > model->seq && news->kind != FACT_STATE)
		model->seq = news->seq;
	model_tell(model, name, news->seq, news->real_ns, &sentence);

	if (snap && news->kind != FACT_STATE && news->seq < snap->seq)
		return 0;
	if (news->kind == FACT_DEL) {
		members_leave(model, fact->id);
		if (snap)
			snap_remove(model, snap);
		return 0;
	}

	/* The module was loaded anew and gave the number to another one. */
	if (snap && memcmp(snap->fact.uuid, fact->uuid, sizeof(fact->uuid))) {
		members_leave(model, fact->id);
		snap_remove(model, snap);
		snap = NULL;
	}
	if (!snap)
		snap = snap_create(model, fact->id);
	if (!snap)
		return -ENOMEM;
	snap->seen = true;
	snap->seq = news->seq;
	snap->fact = *fact;
	if (fact->time_ns > model->now_ns)
		model->now_ns = fact->time_ns;
	if (fact->has_space && fact->time_ns)
		eta_add(&snap->eta, fact->time_ns, fact->used, fact->total);
	members_drop_missing(model, fact->id, members, n_members);
	return members_join(model, fact->id, members, n_members);
}

int model_device(struct model *model, const struct fact_device *fact,
		 const struct fact_news *news)
{
	struct dev *dev = model_find_dev(model, fact->dev);
	bool known = dev && dev->tracked;
	struct sentence sentence = narrate_device(known ? &dev->fact : NULL, fact, news);

	if (news->seq > model->seq && news->kind != FACT_STATE)
		model->seq = news->seq;
	model_tell(model, fact->name, news->seq, news->real_ns, &sentence);

	if (known && news->kind != FACT_STATE && news->seq < dev->seq)
		return 0;
	if (news->kind == FACT_DEL) {
		if (!dev)
			return 0;
		dev->tracked = false;
		if (!dev->member)
			dev_remove(model, dev);
		else
			model_forget_rates(dev);
		return 0;
	}
	if (!dev)
		dev = dev_create(model, fact->dev);
	if (!dev)
		return -ENOMEM;
	dev->seen = true;
	dev->tracked = true;
	dev->seq = news->seq;
	dev->fact = *fact;
	if (!dev->member)
		dev_set_snapshot(model, dev, fact->snapshot_id);
	return 0;
}

void model_sync_begin(struct model *model)
{
	size_t i;

	for (i = 0; i < model->n_snaps; i++)
		model->snaps[i].seen = false;
	for (i = 0; i < model->n_devs; i++) {
		model->devs[i].seen = false;
		model->devs[i].seen_member = false;
	}
}

void model_sync_end(struct model *model, uint64_t seq)
{
	size_t i;

	for (i = model->n_snaps; i-- > 0;)
		if (!model->snaps[i].seen) {
			members_leave(model, model->snaps[i].fact.id);
			snap_remove(model, &model->snaps[i]);
		}
	for (i = model->n_devs; i-- > 0;) {
		struct dev *dev = &model->devs[i];

		if (dev->tracked && !dev->seen) {
			dev->tracked = false;
			model_forget_rates(dev);
		}
		if (dev->member && !dev->seen_member)
			dev_leave(model, dev);
		if (!dev->tracked && !dev->member)
			dev_remove(model, dev);
	}
	if (model->source != SOURCE_WAITING)
		model->resyncs++;
	model->source = SOURCE_LIVE;
	model->stale_ns = 0;
	model->stale_why[0] = '\0';
	model->seq = seq;
}

void model_stale(struct model *model, uint64_t since_ns, uint64_t real_ns,
		 const char *why)
{
	if (model->source == SOURCE_LIVE) {
		model->source = SOURCE_STALE;
		model->stale_ns = since_ns;
		model->stale_real_ns = real_ns;
		model_say(model, SEVERITY_WARN, real_ns, why);
	}
	snprintf(model->stale_why, sizeof(model->stale_why), "%s", why);
	if (!model->stale_ns)
		model->stale_ns = since_ns;
}

void model_lost(struct model *model, uint64_t count, uint64_t real_ns)
{
	char text[80];

	model->lost += count ? count : 1;
	if (count)
		snprintf(text, sizeof(text), "%llu events were lost; the state was read anew",
			 (unsigned long long)count);
	else
		snprintf(text, sizeof(text), "events were lost; the state was read anew");
	model_say(model, SEVERITY_WARN, real_ns, text);
}

static void snap_settle(struct model *model, struct snap *snap, uint64_t real_ns)
{
	struct alarm_limits limits = thresholds_of(&model->thresholds, snap->fact.name);
	unsigned int permille = format_permille(snap->fact.used, snap->fact.total);
	bool taken = snap->fact.state == SNAPSHOT_TAKEN;
	struct eta_range range = eta_estimate(&snap->eta);
	enum severity next = SEVERITY_OK;
	enum fill_mark mark = MARK_NONE;
	struct sentence sentence;

	if (taken && snap->fact.has_space) {
		next = alarm_next(&limits, snap->alarm, permille, snap->fact.level, &range);
		mark = alarm_mark(&limits, snap->mark, permille);
	}
	/* What made it more urgent is said in any case; a mark where nothing else is. */
	if (next > snap->alarm || (mark == MARK_LATE && mark > snap->mark) ||
	    (mark > snap->mark && next == SEVERITY_OK)) {
		sentence = narrate_alarm(next, &snap->fact, &range);
		model_tell(model, snap->fact.name, 0, real_ns, &sentence);
	}
	/* Nothing is urgent any more: whoever was told so is told this, too. */
	if (taken && next == SEVERITY_OK && snap->alarm) {
		sentence = narrate_calm(&snap->fact);
		model_tell(model, snap->fact.name, 0, real_ns, &sentence);
		model->events[(model->n_events - 1) % MODEL_EVENTS].alarm = true;
	}
	snap->alarm = next;
	snap->mark = mark;
}

void model_settle(struct model *model, uint64_t now_ns, uint64_t real_ns)
{
	size_t i;

	model->heard_ns = now_ns;
	for (i = 0; i < model->n_snaps; i++)
		snap_settle(model, &model->snaps[i], real_ns);
	if (model->past)
		past_keep(model->past, model, real_ns);
}
