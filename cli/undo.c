// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * undo: see undo.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source.h"
#include "undo.h"

enum undo_what {
	UNDO_ATTACH,
	UNDO_CREATE,
	UNDO_SET,
	UNDO_EXTEND,
};

/**
 * struct undo_step - one thing that was done
 * @what: kind
 * @subject: what it was done to, as it was called then
 * @dev: of ATTACH
 * @id: of the others: the snapshot
 * @settings: of SET: what it had; its name is @subject
 * @ranges: of EXTEND, array of @count
 * @count: number of @ranges
 */
struct undo_step {
	enum undo_what what;
	char subject[BLKSNAP_NAME_MAX + 64];
	struct blksnap_dev dev;
	uint32_t id;
	struct blksnap_settings settings;
	struct blksnap_range *ranges;
	size_t count;
};

/**
 * struct undo - what was done
 * @steps: array of @count
 * @count: number of @steps
 * @lost: something was done that could not be noted
 */
struct undo {
	struct undo_step *steps;
	size_t count;
	bool lost;
};

int undo_begin(struct cli *cli)
{
	cli->undo = calloc(1, sizeof(*cli->undo));
	return cli->undo ? 0 :
			   cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				      "out of memory");
}

void undo_end(struct cli *cli)
{
	size_t i;

	for (i = 0; cli->undo && i < cli->undo->count; i++)
		free(cli->undo->steps[i].ranges);
	if (cli->undo)
		free(cli->undo->steps);
	free(cli->undo);
	cli->undo = NULL;
}

/* ---------------------------------------------------------------- note */

static struct undo_step *undo_note(struct cli *cli, enum undo_what what,
				   const char *subject)
{
	struct undo *undo = cli->undo;
	struct undo_step *grown;

	if (!undo)
		return NULL;
	grown = reallocarray(undo->steps, undo->count + 1, sizeof(*grown));
	if (!grown) {
		undo->lost = true;
		return NULL;
	}
	undo->steps = grown;
	grown += undo->count++;
	memset(grown, 0, sizeof(*grown));
	grown->what = what;
	snprintf(grown->subject, sizeof(grown->subject), "%s", subject);
	return grown;
}

void undo_attached(struct cli *cli, const char *text, struct blksnap_dev dev)
{
	struct undo_step *step = undo_note(cli, UNDO_ATTACH, text);

	if (step)
		step->dev = dev;
}

void undo_created(struct cli *cli, const struct blksnap_snapshot *s)
{
	struct undo_step *step = undo_note(cli, UNDO_CREATE, s->name);

	if (step)
		step->id = s->id;
}

void undo_set(struct cli *cli, const struct blksnap_snapshot *s)
{
	struct undo_step *step = undo_note(cli, UNDO_SET, s->name);

	if (!step)
		return;
	step->id = s->id;
	step->settings = (struct blksnap_settings){
		.has_low = BLKSNAP_HAS(s, SNAPSHOT_LOW),
		.low_sectors = s->low_sectors,
		.has_clear = BLKSNAP_HAS(s, SNAPSHOT_CLEAR),
		.clear_sectors = s->clear_sectors,
		.has_grace = BLKSNAP_HAS(s, SNAPSHOT_GRACE_MS),
		.grace_ms = s->grace_ms,
	};
}

void undo_extended(struct cli *cli, const struct blksnap_snapshot *s,
		   const struct blksnap_range *ranges, size_t count)
{
	struct undo_step *step = undo_note(cli, UNDO_EXTEND, s->name);

	if (!step)
		return;
	step->id = s->id;
	step->ranges = calloc(count, sizeof(*ranges));
	if (step->ranges) {
		memcpy(step->ranges, ranges, count * sizeof(*ranges));
		step->count = count;
	} else {
		cli->undo->lost = true;
	}
}

/* ----------------------------------------------------------- take back */

/* An image may be open for a moment, by whoever looks at new disks. */
static int undo_create(struct cli *cli, const struct undo_step *step,
		       struct blksnap_error *err)
{
	unsigned int tries = 0;
	int ret;

	do {
		ret = blksnap_snapshot_destroy(cli->session, step->id, false, NULL,
					       NULL, err);
	} while (cli_again(cli, ret, &tries));
	if (ret == -EBUSY)
		ret = blksnap_snapshot_destroy(cli->session, step->id, true, NULL,
					       NULL, err);
	source_sweep(cli);
	return ret == -ENOENT ? 0 : ret;
}

/* A range without a length is all that the area has of the device. */
static int undo_extend(struct cli *cli, const struct undo_step *step,
		       struct blksnap_error *err)
{
	struct blksnap_range_info *have;
	struct blksnap_range range;
	size_t i, j, n;
	int ret = blksnap_area_list(cli->session, step->id, &have, &n, err);

	if (ret)
		return ret;
	for (i = 0; !ret && i < step->count; i++) {
		range = step->ranges[i];
		for (j = 0; !range.count_sectors && j < n; j++)
			if (have[j].dev.major == range.dev.major &&
			    have[j].dev.minor == range.dev.minor) {
				range.start_sectors = have[j].start_sectors;
				range.count_sectors = have[j].count_sectors;
			}
		ret = blksnap_area_remove(cli->session, step->id, &range, 1, NULL,
					  err);
	}
	free(have);
	source_sweep(cli);
	return ret;
}

static int undo_one(struct cli *cli, struct undo_step *step,
		    struct blksnap_error *err)
{
	switch (step->what) {
	case UNDO_ATTACH:
		return blksnap_device_detach(cli->session, step->dev, NULL, err);
	case UNDO_CREATE:
		return undo_create(cli, step, err);
	case UNDO_SET:
		step->settings.name = step->subject;
		return blksnap_snapshot_set(cli->session, step->id, &step->settings,
					    NULL, err);
	default:
		return undo_extend(cli, step, err);
	}
}

bool undo_all(struct cli *cli)
{
	struct undo *undo = cli->undo;
	struct blksnap_error err;
	bool clean = !undo->lost;

	while (undo->count) {
		struct undo_step *step = &undo->steps[--undo->count];

		cli_verbose(cli, step->subject, "taking back what was done");
		if (undo_one(cli, step, &err)) {
			clean = false;
			cli_fail(cli, step->subject, &err,
				 "it could not be taken back");
		}
		free(step->ranges);
	}
	return clean;
}
