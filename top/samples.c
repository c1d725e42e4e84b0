// SPDX-License-Identifier: GPL-2.0-or-later
/* Samples of counters become rates and recent past; see model.h. */
#include "model.h"

#include <string.h>

/* Counters that a rate is made of; one that fell means they started anew. */
static bool stats_went_back(const struct fact_stats *last, const struct fact_stats *now)
{
	return now->epoch != last->epoch ||
	       now->write_sectors < last->write_sectors ||
	       now->cow_sectors < last->cow_sectors ||
	       now->held < last->held ||
	       now->image_read_sectors < last->image_read_sectors;
}

/* They are told in the same order each time, which makes the search short. */
static struct dev *find_next(struct model *model, struct devno devno)
{
	struct dev *dev;

	if (model->next < model->n_devs && devno_equal(model->keys[model->next].dev, devno))
		return &model->devs[model->next++];
	dev = model_find_dev(model, devno);
	model->next = dev ? (size_t)(dev - model->devs) + 1 : 0;
	return dev;
}

void model_stats(struct model *model, const struct fact_stats *stats)
{
	struct dev *dev = find_next(model, stats->dev);
	struct fact_stats last;
	struct snap *snap;
	uint64_t cow_bytes, image_bytes;
	double dt_s;

	if (!dev)
		return;
	if (stats->time_ns > model->now_ns)
		model->now_ns = stats->time_ns;
	if (stats->time_ns > model->sample_ns)
		model->sample_ns = stats->time_ns;
	last = dev->stats;
	if (!dev->has_stats || stats_went_back(&last, stats)) {
		model_forget_rates(dev);
		goto out;
	}
	if (stats->time_ns <= last.time_ns)
		return;

	dt_s = (double)(stats->time_ns - last.time_ns) / FACT_NS_PER_S;
	cow_bytes = (stats->cow_sectors - last.cow_sectors) * FACT_SECTOR_BYTES;
	image_bytes = (stats->image_read_sectors - last.image_read_sectors) * FACT_SECTOR_BYTES;
	dev->cow_rate = cow_bytes / dt_s;
	dev->image_rate = image_bytes / dt_s;
	dev->write_rate = (double)(stats->write_sectors - last.write_sectors) *
			  FACT_SECTOR_BYTES / dt_s;
	dev->held_rate = (stats->held - last.held) / dt_s;

	trend_add(&dev->cow, last.time_ns, stats->time_ns, cow_bytes);
	trend_add(&dev->image, last.time_ns, stats->time_ns, image_bytes);
	trend_merge(&model->cow, &dev->cow, last.time_ns, stats->time_ns, cow_bytes);
	trend_merge(&model->image, &dev->cow, last.time_ns, stats->time_ns, image_bytes);
	snap = dev->snapshot_id ? model_find_snap(model, dev->snapshot_id) : NULL;
	if (snap) {
		trend_merge(&snap->cow, &dev->cow, last.time_ns, stats->time_ns, cow_bytes);
		trend_merge(&snap->image, &dev->cow, last.time_ns, stats->time_ns, image_bytes);
	}
out:
	latency_add(&dev->latency, stats->time_ns, stats->held_hist);
	dev->p99.known = latency_quantile(&dev->latency, 990, &dev->p99.ns, &dev->p99.open_ended);
	dev->stats = *stats;
	dev->has_stats = true;
}

void model_space(struct model *model, const struct fact_snapshot *fact)
{
	struct snap *snap = model_find_snap(model, fact->id);

	if (!snap || !fact->has_space)
		return;
	if (fact->time_ns > model->now_ns)
		model->now_ns = fact->time_ns;
	if (fact->time_ns < snap->fact.time_ns)
		return;
	/* A mean over time is wanted: percent times seconds. */
	if (snap->fact.has_space && snap->fact.time_ns && fact->total)
		trend_add(&snap->fill, snap->fact.time_ns, fact->time_ns,
			  (double)fact->used / fact->total * 100 *
				  ((double)(fact->time_ns - snap->fact.time_ns) / FACT_NS_PER_S));
	snap->fact.has_space = true;
	snap->fact.total = fact->total;
	snap->fact.used = fact->used;
	snap->fact.level = fact->level;
	snap->fact.time_ns = fact->time_ns;
	if (fact->time_ns)
		eta_add(&snap->eta, fact->time_ns, fact->used, fact->total);
}

void model_share(struct model *model, uint32_t id, struct devno devno, uint64_t used)
{
	struct dev *dev = find_next(model, devno);

	if (!dev || !dev->member || dev->snapshot_id != id)
		return;
	dev->has_used = true;
	dev->used = used;
}

void model_openers(struct model *model, uint32_t id, struct devno devno, uint32_t openers,
		   bool held)
{
	struct dev *dev = find_next(model, devno);

	if (!dev || !dev->member || dev->snapshot_id != id)
		return;
	dev->has_openers = true;
	dev->openers = openers;
	dev->held = held;
}
