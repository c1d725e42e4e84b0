// SPDX-License-Identifier: GPL-2.0-or-later
/* The figures of a line of the table; see figures.h. */
#include "figures.h"

#include <string.h>

#include "format.h"

/* A taken snapshot shows its urgency instead; see snap_word(). */
static const struct {
	const char *word;
	enum severity severity;
} snapshot_words[] = {
	[SNAPSHOT_UNKNOWN] = { "?", SEVERITY_WARN },
	[SNAPSHOT_CREATED] = { "NEW", SEVERITY_OK },
	[SNAPSHOT_TAKING] = { "TAKING", SEVERITY_OK },
	[SNAPSHOT_TAKEN] = { "OK", SEVERITY_OK },
	[SNAPSHOT_OVERFLOW] = { "FULL", SEVERITY_FAIL },
	[SNAPSHOT_FAILED] = { "FAIL", SEVERITY_FAIL },
	[SNAPSHOT_DESTROYING] = { "ENDING", SEVERITY_OK },
};

static const char *const alarm_words[] = { "OK", "WARN", "CRIT", "FAIL" };

/* Nothing is copied for it any more. */
static bool snap_ended(const struct snap *snap)
{
	return snap->fact.state == SNAPSHOT_OVERFLOW || snap->fact.state == SNAPSHOT_FAILED;
}

static void add_rate(double *sum, double rate)
{
	if (rate < 0)
		return;
	*sum = *sum < 0 ? rate : *sum + rate;
}

static void figures_init(struct figures *figures)
{
	memset(figures, 0, sizeof(*figures));
	figures->cow_rate = RATE_UNKNOWN;
	figures->image_rate = RATE_UNKNOWN;
	figures->write_rate = RATE_UNKNOWN;
	figures->held_rate = RATE_UNKNOWN;
	figures->image = "";
	figures->mount = "";
}

static void figures_add_p99(struct figures *figures, const struct dev *dev)
{
	const struct dev_p99 *p99 = &dev->p99;

	if (!p99->known || (figures->has_p99 && p99->ns <= figures->p99_ns && !p99->open_ended))
		return;
	figures->has_p99 = true;
	figures->p99_ns = p99->ns;
	figures->p99_open = p99->open_ended;
}

static void figures_add_dev(struct figures *figures, const struct dev *dev)
{
	add_rate(&figures->cow_rate, dev->cow_rate);
	add_rate(&figures->image_rate, dev->image_rate);
	add_rate(&figures->write_rate, dev->write_rate);
	add_rate(&figures->held_rate, dev->held_rate);
	figures_add_p99(figures, dev);
	figures->size_bytes += dev->fact.capacity * FACT_SECTOR_BYTES;
	if (dev->has_stats) {
		figures->has_errors = true;
		figures->errors += dev->stats.errors;
	}
}

void figures_of_snap(struct figures *figures, const struct model *model,
		     const struct snap *snap)
{
	const struct fact_snapshot *fact = &snap->fact;
	size_t i;

	figures_init(figures);
	figures->name = fact->name;
	figures->word = snapshot_words[fact->state].word;
	figures->severity = snapshot_words[fact->state].severity;
	if (fact->state == SNAPSHOT_TAKEN) {
		figures->word = alarm_words[snap->alarm];
		figures->severity = snap->alarm;
	}
	if (fact->has_space) {
		figures->has_fill = true;
		figures->permille = format_permille(fact->used, fact->total);
		figures->has_used = true;
		figures->used_bytes = fact->used * FACT_SECTOR_BYTES;
		figures->has_total = true;
		figures->total_bytes = fact->total * FACT_SECTOR_BYTES;
	}
	if (snap->is_then)
		figures->eta = snap->then;
	else if (model->source == SOURCE_LIVE && fact->state == SNAPSHOT_TAKEN)
		figures->eta = eta_estimate(&snap->eta);
	for (i = 0; i < model->n_devs; i++)
		if (model->keys[i].snapshot_id == fact->id)
			figures_add_dev(figures, &model->devs[i]);
	if (snap_ended(snap)) {
		figures->cow_rate = RATE_UNKNOWN;
		figures->image_rate = RATE_UNKNOWN;
		figures->held_rate = RATE_UNKNOWN;
		figures->has_p99 = false;
	}
	figures->cow = &snap->cow.minute;
	figures->now_ns = model->now_ns;
}

static void dev_word(struct figures *figures, const struct dev *dev,
		     const struct snap *snap)
{
	figures->severity = SEVERITY_OK;
	if (dev->fact.state == DEVICE_GONE) {
		figures->word = "GONE";
		figures->severity = SEVERITY_FAIL;
	} else if (dev->fact.error || dev->member_error) {
		figures->word = "FAIL";
		figures->severity = SEVERITY_FAIL;
	} else if (dev->fact.state == DEVICE_SETTLING) {
		figures->word = "SETTLE";
	} else if (snap) {
		figures->word = snapshot_words[snap->fact.state].word;
		figures->severity = snapshot_words[snap->fact.state].severity;
	} else {
		figures->word = "TRACK";
		figures->quiet = true;
	}
}

void figures_of_dev(struct figures *figures, const struct model *model,
		    const struct dev *dev)
{
	const struct snap *snap = dev->snapshot_id ?
					  model_find_snap(model, dev->snapshot_id) :
					  NULL;

	figures_init(figures);
	figures->name = dev->fact.name;
	figures->image = dev->image_name;
	figures->mount = model_mount_of(model, dev->fact.dev);
	figures->has_used = dev->has_used;
	figures->used_bytes = dev->used * FACT_SECTOR_BYTES;
	dev_word(figures, dev, snap);
	figures_add_dev(figures, dev);
	/* Unknown, not zero: nothing could be copied or read. */
	if (!snap || snap_ended(snap)) {
		figures->cow_rate = RATE_UNKNOWN;
		figures->image_rate = RATE_UNKNOWN;
		figures->held_rate = RATE_UNKNOWN;
		figures->has_p99 = false;
	}
	if (snap)
		figures->cow = &dev->cow.minute;
	figures->now_ns = model->now_ns;
}

void figures_of_image(struct figures *figures, const struct figures *origin)
{
	figures_init(figures);
	figures->name = origin->image;
	figures->word = origin->word;
	figures->severity = origin->severity;
	figures->image_rate = origin->image_rate;
	figures->size_bytes = origin->size_bytes;
}

static void summary_count(struct summary *summary, enum severity severity)
{
	summary->warn += severity == SEVERITY_WARN;
	summary->crit += severity == SEVERITY_CRIT;
	summary->fail += severity == SEVERITY_FAIL;
}

void figures_sum(struct summary *summary, const struct model *model)
{
	enum severity worst = SEVERITY_OK;
	struct figures figures;
	size_t i;

	memset(summary, 0, sizeof(*summary));
	summary->cow_rate = RATE_UNKNOWN;
	summary->image_rate = RATE_UNKNOWN;
	for (i = 0; i < model->n_snaps; i++) {
		const struct snap *snap = &model->snaps[i];

		figures_of_snap(&figures, model, snap);
		summary_count(summary, figures.severity);
		add_rate(&summary->cow_rate, figures.cow_rate);
		add_rate(&summary->image_rate, figures.image_rate);
		summary->used_bytes += figures.used_bytes;
		summary->total_bytes += figures.total_bytes;
		if (figures.eta.known &&
		    (!summary->next || figures.eta.mid_s < summary->next_eta.mid_s)) {
			summary->next = snap;
			summary->next_eta = figures.eta;
		}
		if (!summary->worst || figures.severity > worst) {
			summary->worst = snap;
			worst = figures.severity;
		}
	}
	/* A broken member is counted with its snapshot. */
	for (i = 0; i < model->n_devs; i++) {
		if (model->keys[i].snapshot_id)
			continue;
		figures_of_dev(&figures, model, &model->devs[i]);
		summary_count(summary, figures.severity);
	}
}
