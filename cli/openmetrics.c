// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * openmetrics: see openmetrics.h.
 *
 * Only types that the older text format of Prometheus has too: the textfile
 * collector of the node exporter reads that, and refuses a whole file for a
 * stateset or an info.
 *
 * All samples of a family stand together, so each is a walk over the objects.
 */
#include <stdlib.h>
#include <string.h>

#include "openmetrics.h"
#include "out.h"

static void om_family(FILE *out, const char *name, const char *type,
		      const char *unit, const char *help)
{
	fprintf(out, "# TYPE blksnap_%s %s\n", name, type);
	if (unit)
		fprintf(out, "# UNIT blksnap_%s %s\n", name, unit);
	fprintf(out, "# HELP blksnap_%s %s\n", name, help);
}

/* The older format knows a counter by the name of its samples alone. */
static void om_counter_family(FILE *out, const char *name, const char *unit,
			      const char *help, enum openmetrics_format format)
{
	if (format == OPENMETRICS_TEXT)
		fprintf(out, "# TYPE blksnap_%s_total counter\n"
			     "# HELP blksnap_%s_total %s\n", name, name, help);
	else
		om_family(out, name, "counter", unit, help);
}

/* A label's value: \, " and newline are escaped, what is no text is "?". */
static void om_label(FILE *out, const char *name, const char *value)
{
	const char *c;

	fprintf(out, "%s=\"", name);
	for (c = value; *c; c++) {
		if (*c == '\\' || *c == '"')
			fputc('\\', out);
		if (*c == '\n')
			fputs("\\n", out);
		else
			fputc((unsigned char)*c < ' ' || (unsigned char)*c > '~' ? '?' : *c,
			      out);
	}
	fputc('"', out);
}

static void om_number(FILE *out, double value)
{
	fprintf(out, " %.17g\n", value);
}

static void om_count(FILE *out, uint64_t value)
{
	fprintf(out, " %llu\n", (unsigned long long)value);
}

/* ------------------------------------------------------------ snapshots */

static void om_snapshot(FILE *out, const char *name, const struct blksnap_snapshot *s)
{
	fprintf(out, "blksnap_%s{", name);
	om_label(out, "snapshot", s->name);
	fputc('}', out);
}

struct om_snapshot_gauge {
	const char *name;
	const char *unit;
	const char *help;
	unsigned int attribute;
	size_t offset;
	double scale;
};

#define OM_SECTORS(field) offsetof(struct blksnap_snapshot, field), BLKSNAP_SECTOR_BYTES
#define OM_NS(field) offsetof(struct blksnap_snapshot, field), 1e-9

static const struct om_snapshot_gauge om_snapshot_gauges[] = {
	{ "area_size_bytes", "bytes", "Space of the difference area.",
	  BLKSNAP_A_SNAPSHOT_AREA_TOTAL, OM_SECTORS(area_total_sectors) },
	{ "area_used_bytes", "bytes", "Space of it that is used or promised.",
	  BLKSNAP_A_SNAPSHOT_AREA_USED, OM_SECTORS(area_used_sectors) },
	{ "area_low_bytes", "bytes", "It is low while less than this is free.",
	  BLKSNAP_A_SNAPSHOT_LOW, OM_SECTORS(low_sectors) },
	{ "snapshot_created_timestamp_seconds", "seconds",
	  "The instant that the images show.", BLKSNAP_A_SNAPSHOT_TAKEN_REAL_NS,
	  OM_NS(taken_real_ns) },
	{ "snapshot_gate_seconds", "seconds", "How long writes were held for it.",
	  BLKSNAP_A_SNAPSHOT_GATE_NS, OM_NS(gate_ns) },
	{ "snapshot_freeze_seconds", "seconds",
	  "How long file systems were frozen for it.",
	  BLKSNAP_A_SNAPSHOT_FREEZE_NS, OM_NS(freeze_ns) },
};

static void om_snapshot_states(FILE *out, const struct condition_world *w)
{
	uint32_t state;
	size_t i;

	om_family(out, "snapshot_state", "gauge", NULL, "1 for the state of the snapshot.");
	for (i = 0; i < w->n_snapshots; i++)
		for (state = 0; state <= BLKSNAP_SNAPSHOT_STATE_DESTROYING; state++) {
			if (!strcmp(blksnap_snapshot_state_word(state), "unknown"))
				continue;
			fputs("blksnap_snapshot_state{", out);
			om_label(out, "snapshot", w->snapshots[i].name);
			fputc(',', out);
			om_label(out, "blksnap_snapshot_state",
				 blksnap_snapshot_state_word(state));
			fprintf(out, "} %d\n", w->snapshots[i].state == state);
		}
	om_family(out, "area_low", "gauge", NULL,
		  "1 if the difference area is low or has overflowed.");
	for (i = 0; i < w->n_snapshots; i++) {
		om_snapshot(out, "area_low", &w->snapshots[i]);
		om_count(out, w->snapshots[i].level != BLKSNAP_AREA_LEVEL_OK);
	}
}

static void om_snapshots(FILE *out, const struct condition_world *w)
{
	const struct om_snapshot_gauge *g;
	const struct blksnap_snapshot *s;
	char uuid[BLKSNAP_UUID_TEXT];
	uint64_t value;
	size_t i, n;

	om_family(out, "snapshot_info", "gauge", NULL, "Identity of the snapshot.");
	for (i = 0; i < w->n_snapshots; i++) {
		s = &w->snapshots[i];
		fputs("blksnap_snapshot_info{", out);
		om_label(out, "snapshot", s->name);
		fputc(',', out);
		om_label(out, "uuid", blksnap_uuid_format(s->uuid, uuid));
		fputs("} 1\n", out);
	}
	om_snapshot_states(out, w);
	for (n = 0; n < sizeof(om_snapshot_gauges) / sizeof(*g); n++) {
		g = &om_snapshot_gauges[n];
		om_family(out, g->name, "gauge", g->unit, g->help);
		for (i = 0; i < w->n_snapshots; i++) {
			s = &w->snapshots[i];
			if (!(s->has >> g->attribute & 1))
				continue;
			memcpy(&value, (const char *)s + g->offset, sizeof(value));
			om_snapshot(out, g->name, s);
			if (g->scale > 1)
				om_count(out, value * (uint64_t)g->scale);
			else
				om_number(out, (double)value * g->scale);
		}
	}
}

/* -------------------------------------------------------------- devices */

static const char *om_of(const struct condition_world *w, const struct blksnap_stats *s)
{
	size_t i;

	for (i = 0; i < w->n_snapshots; i++)
		if (BLKSNAP_HAS(s, STATS_SNAPSHOT_ID) &&
		    w->snapshots[i].id == s->snapshot_id)
			return w->snapshots[i].name;
	return "";
}

static void om_device_labels(FILE *out, const char *name)
{
	fputc('{', out);
	om_label(out, "device", name);
}

struct om_counter {
	const char *name; /* a counter's samples get "_total" */
	const char *unit;
	const char *help;
	unsigned int attribute;
	size_t offset;
	unsigned int scale;
	bool gauge;
};

#define OM_STAT(attribute, field) \
	BLKSNAP_A_STATS_##attribute, offsetof(struct blksnap_stats, field)

static const struct om_counter om_counters[] = {
	{ "writes", NULL, "Modifying requests.", OM_STAT(WRITES, writes), 1, false },
	{ "write_bytes", "bytes", "Their length.",
	  OM_STAT(WRITE_SECTORS, write_sectors), 512, false },
	{ "cow_units", NULL, "Units whose old content was copied.",
	  OM_STAT(COW_UNITS, cow_units), 1, false },
	{ "cow_bytes", "bytes", "Their length.", OM_STAT(COW_SECTORS, cow_sectors),
	  512, false },
	{ "cow_ahead_bytes", "bytes", "Of that copied before a write asked for it.",
	  OM_STAT(COW_AHEAD_SECTORS, cow_ahead_sectors), 512, false },
	{ "store_bytes", "bytes", "Written to the difference area.",
	  OM_STAT(STORE_SECTORS, store_sectors), 512, false },
	{ "image_reads", NULL, "Reads of the image.",
	  OM_STAT(IMAGE_READS, image_reads), 1, false },
	{ "image_read_bytes", "bytes", "Their length.",
	  OM_STAT(IMAGE_READ_SECTORS, image_read_sectors), 512, false },
	{ "discard_dropped_bytes", "bytes",
	  "Discards that were not passed to the device.",
	  OM_STAT(DISCARD_DROPPED_SECTORS, discard_dropped_sectors), 512, false },
	{ "errors", NULL, "I/O errors met while copying, storing or reading.",
	  OM_STAT(ERRORS, errors), 1, false },
	{ "inflight", NULL, "Modifying requests under way.",
	  OM_STAT(INFLIGHT, inflight), 1, true },
	{ "memory_bytes", "bytes", "Copied blocks not stored yet.",
	  OM_STAT(MEMORY, memory_bytes), 1, true },
	{ "metadata_bytes", "bytes", "Memory that describes where copies are.",
	  OM_STAT(METADATA, metadata_bytes), 1, true },
};

static void om_hold_histogram(FILE *out, const struct condition_world *w)
{
	const struct blksnap_stats *s;
	uint64_t sum;
	size_t i, b;

	om_family(out, "write_hold_seconds", "histogram", "seconds",
		  "How long writes were held for a copy.");
	for (i = 0; i < w->n_stats; i++) {
		s = &w->stats[i];
		if (!BLKSNAP_HAS(s, STATS_HELD_HIST))
			continue;
		for (b = 0, sum = 0; b < BLKSNAP_HOLD_BUCKETS; b++) {
			sum += s->held_hist[b];
			/* below a microsecond is one bucket */
			if (b < 9 && b + 1 < BLKSNAP_HOLD_BUCKETS)
				continue;
			fputs("blksnap_write_hold_seconds_bucket", out);
			om_device_labels(out, s->name);
			if (b + 1 == BLKSNAP_HOLD_BUCKETS)
				fputs(",le=\"+Inf\"}", out);
			else
				fprintf(out, ",le=\"%.9g\"}",
					(double)(UINT64_C(2) << b) / 1e9);
			om_count(out, sum);
		}
		/* counted bucket by bucket while writes go on: the sum of these */
		fputs("blksnap_write_hold_seconds_count", out);
		om_device_labels(out, s->name);
		fputc('}', out);
		om_count(out, sum);
		fputs("blksnap_write_hold_seconds_sum", out);
		om_device_labels(out, s->name);
		fputc('}', out);
		om_number(out, (double)s->held_ns / 1e9);
	}
}

static void om_counter_values(FILE *out, const struct condition_world *w,
			      const struct om_counter *c,
			      enum openmetrics_format format)
{
	const struct blksnap_stats *s;
	uint64_t value;
	size_t i;

	if (c->gauge)
		om_family(out, c->name, "gauge", c->unit, c->help);
	else
		om_counter_family(out, c->name, c->unit, c->help, format);
	for (i = 0; i < w->n_stats; i++) {
		s = &w->stats[i];
		if (!(s->has >> c->attribute & 1))
			continue;
		memcpy(&value, (const char *)s + c->offset, sizeof(value));
		fprintf(out, "blksnap_%s%s", c->name, c->gauge ? "" : "_total");
		om_device_labels(out, s->name);
		fputc('}', out);
		om_count(out, value * c->scale);
	}
}

static void om_devices(FILE *out, const struct condition_world *w,
		       enum openmetrics_format format)
{
	const struct blksnap_device *d;
	char uuid[BLKSNAP_UUID_TEXT], dev[OUT_DEV_MAX];
	size_t i;

	om_family(out, "device_info", "gauge", NULL,
		  "A tracked device, its snapshot and generation of tracking.");
	for (i = 0; i < w->n_devices; i++) {
		d = &w->devices[i];
		fputs("blksnap_device_info", out);
		om_device_labels(out, d->name);
		fputc(',', out);
		om_label(out, "dev", out_dev(d->dev, dev));
		fputc(',', out);
		om_label(out, "generation",
			 blksnap_uuid_format(d->cbt_generation, uuid));
		fputs("} 1\n", out);
	}
	om_family(out, "device_member", "gauge", NULL,
		  "1 for the snapshot that a device is in.");
	for (i = 0; i < w->n_stats; i++) {
		if (!*om_of(w, &w->stats[i]))
			continue;
		fputs("blksnap_device_member", out);
		om_device_labels(out, w->stats[i].name);
		fputc(',', out);
		om_label(out, "snapshot", om_of(w, &w->stats[i]));
		fputs("} 1\n", out);
	}
	for (i = 0; i < sizeof(om_counters) / sizeof(*om_counters); i++)
		om_counter_values(out, w, &om_counters[i], format);
	om_hold_histogram(out, w);
}

/* Is it gone, and another device has its name now? */
static bool om_is_replaced(const struct condition_world *w, struct blksnap_dev dev)
{
	const struct blksnap_device *gone = NULL;
	size_t i;

	for (i = 0; i < w->n_devices && !gone; i++)
		if (w->devices[i].dev.major == dev.major &&
		    w->devices[i].dev.minor == dev.minor)
			gone = &w->devices[i];
	if (!gone || gone->state != BLKSNAP_DEVICE_STATE_GONE)
		return false;
	for (i = 0; i < w->n_devices; i++)
		if (&w->devices[i] != gone && !strcmp(w->devices[i].name, gone->name))
			return true;
	return false;
}

/*
 * The world without such devices: a series that is there twice has a scrape refused
 * as a whole. Without memory all of them stay.
 */
static struct condition_world om_world(const struct condition_world *world)
{
	struct condition_world w = *world;
	size_t i;

	w.devices = calloc(world->n_devices + 1, sizeof(*w.devices));
	w.stats = calloc(world->n_stats + 1, sizeof(*w.stats));
	if (!w.devices || !w.stats) {
		free(w.devices);
		free(w.stats);
		return *world;
	}
	w.n_devices = w.n_stats = 0;
	for (i = 0; i < world->n_devices; i++)
		if (!om_is_replaced(world, world->devices[i].dev))
			w.devices[w.n_devices++] = world->devices[i];
	for (i = 0; i < world->n_stats; i++)
		if (!om_is_replaced(world, world->stats[i].dev))
			w.stats[w.n_stats++] = world->stats[i];
	return w;
}

void openmetrics_print(FILE *out, const struct blksnap_info *info,
		       const struct condition_world *all,
		       enum openmetrics_format format)
{
	struct condition_world world = om_world(all);

	om_family(out, "up", "gauge", NULL, "1 if the module answers.");
	fprintf(out, "blksnap_up %d\n", info != NULL);
	if (info) {
		om_family(out, "build_info", "gauge", NULL, "Versions.");
		fputs("blksnap_build_info{", out);
		om_label(out, "module", info->version);
		fputc(',', out);
		om_label(out, "program", blksnap_version());
		fputs("} 1\n", out);
		om_counter_family(out, "events", NULL,
				  "Events since the module was loaded.", format);
		fputs("blksnap_events_total", out);
		om_count(out, info->seq);
		om_family(out, "memory_budget_bytes", "gauge", "bytes",
			  "Limit for copied blocks and held writes.");
		fputs("blksnap_memory_budget_bytes", out);
		om_count(out, info->memory_budget_bytes);
		om_snapshots(out, &world);
		om_devices(out, &world, format);
	}
	if (format == OPENMETRICS_1)
		fputs("# EOF\n", out);
	if (world.devices != all->devices) {
		free(world.devices);
		free(world.stats);
	}
}
