// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * source: see source.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "loop.h"
#include "out.h"
#include "source.h"
#include "zram.h"

/* --------------------------------------------------------------- notes */

#define SOURCE_NOTE_MAX (SOURCE_NOTES_MAX + 32)

static void source_notes_path(char *path)
{
	const char *dir = getenv("BLKSNAP_RUN_DIR");

	snprintf(path, SOURCE_NOTES_MAX, "%s", dir && *dir ? dir : SOURCE_NOTES);
}

int source_notes(char *path)
{
	source_notes_path(path);
	return mkdir(path, 0755) && errno != EEXIST ? -errno : 0;
}

static void source_note_path(int zram, char path[SOURCE_NOTE_MAX])
{
	char dir[SOURCE_NOTES_MAX];

	source_notes_path(dir);
	snprintf(path, SOURCE_NOTE_MAX, "%s/zram%d", dir, zram);
}

static int source_note_write(int zram, const uint8_t uuid[BLKSNAP_UUID_BYTES])
{
	char path[SOURCE_NOTE_MAX], text[BLKSNAP_UUID_TEXT];
	FILE *out;
	int ret = source_notes(path);

	if (ret)
		return ret;
	source_note_path(zram, path);
	out = fopen(path, "we");
	if (!out)
		return -errno;
	ret = fprintf(out, "%s\n", blksnap_uuid_format(uuid, text)) < 0;
	if (fclose(out) || ret)
		return -EIO;
	return 0;
}

static bool source_note_read(int zram, uint8_t uuid[BLKSNAP_UUID_BYTES])
{
	char path[SOURCE_NOTE_MAX], text[BLKSNAP_UUID_TEXT];
	FILE *in;
	bool ok;

	source_note_path(zram, path);
	in = fopen(path, "re");
	if (!in)
		return false;
	ok = fscanf(in, "%36s", text) == 1 && !blksnap_uuid_parse(text, uuid);
	fclose(in);
	return ok;
}

static void source_note_remove(int zram)
{
	char path[SOURCE_NOTE_MAX];

	source_note_path(zram, path);
	unlink(path);
}

/* ------------------------------------------------------------- opening */

/*
 * Blocks are kept as they are. What stands at the start or the end of a member
 * (a label of LVM, a superblock, a partition table) is not to stand there on the
 * area, where others would take it for their own.
 */
#define SOURCE_MARGIN_SECTORS 2048
#define SOURCE_MARGIN_LEAST_SECTORS (8 * SOURCE_MARGIN_SECTORS)
#define SOURCE_GRAIN_SECTORS 8

void source_whole(const struct blksnap_stack *stack, struct blksnap_range *range)
{
	uint64_t sectors = blksnap_stack_sectors(stack, range->dev);

	if (sectors < SOURCE_MARGIN_LEAST_SECTORS)
		return;
	range->start_sectors = SOURCE_MARGIN_SECTORS;
	range->count_sectors = (sectors - 2 * SOURCE_MARGIN_SECTORS) /
			       SOURCE_GRAIN_SECTORS * SOURCE_GRAIN_SECTORS;
}

static int source_open_device(struct cli *cli, const struct parse_area *area,
			      struct blksnap_range *range,
			      const struct blksnap_dev *members,
			      size_t n_members, struct blksnap_error *err)
{
	int ret = blksnap_stack_resolve(cli->stack, area->path, &range->dev, err);

	if (ret)
		return ret;
	if (area->has_extent) {
		range->start_sectors = area->extent.start_sectors;
		range->count_sectors = area->extent.count_sectors;
	} else {
		source_whole(cli->stack, range);
	}
	return blksnap_stack_check_area(cli->stack, members, n_members, range,
					err);
}

static int source_open_zram(const struct parse_area *area,
			    struct blksnap_range *range, struct source *source,
			    const uint8_t *uuid, struct blksnap_error *err)
{
	int ret;

	source->fd = zram_open(area->size_bytes, &range->dev, &source->zram, err);
	if (source->fd < 0) {
		source->zram = -1;
		return source->fd;
	}
	ret = source_note_write(source->zram, uuid);
	if (ret)
		return fault_set(err, -ret, "the note for the zram device cannot be written: %s",
				 strerror(-ret));
	return 0;
}

/* To be blocked, an ignored one would come in spite of that. */
void source_signals(sigset_t *set)
{
	static const int all[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action;
	size_t i;

	sigemptyset(set);
	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (!sigaction(all[i], NULL, &action) && action.sa_handler != SIG_IGN)
			sigaddset(set, all[i]);
}

bool source_interrupted(void)
{
	sigset_t wanted, set;

	source_signals(&wanted);
	return !sigpending(&set) && !sigandset(&set, &set, &wanted) && !sigisemptyset(&set);
}

static int source_open_one(struct cli *cli, const struct parse_area *area,
			   struct blksnap_range *range, struct source *source,
			   const struct blksnap_dev *members, size_t n_members,
			   const uint8_t *uuid, struct blksnap_error *err)
{
	char text[OUT_SIZE_MAX], number[OUT_DEV_MAX];
	sigset_t set;
	int ret;

	if (area->rounded)
		cli_note(cli, area->path ? area->path : "zram",
			 "the size is rounded up to %llu bytes (%s)",
			 (unsigned long long)area->size_bytes,
			 out_size(area->size_bytes, text));
	if (area->kind != PARSE_AREA_DEVICE && !cli->args.dry) {
		if (cli->recording)
			return fault_set(err, EOPNOTSUPP,
					 "no device is made for a recorded kernel");
		/*
		 * From the first thing that is made until the command knows whether
		 * it stays: source_interrupted() tells of one, or a signalfd does.
		 */
		source_signals(&set);
		sigprocmask(SIG_BLOCK, &set, NULL);
	}
	switch (area->kind) {
	case PARSE_AREA_DEVICE:
		return source_open_device(cli, area, range, members, n_members,
					  err);
	case PARSE_AREA_FILE:
		ret = blksnap_stack_check_file(cli->stack, members, n_members,
					       area->path, err);
		if (ret)
			return ret;
		if (cli->args.dry)
			break;
		source->fd = loop_open(area->path, area->size_bytes, &range->dev,
				       err);
		ret = source->fd;
		break;
	case PARSE_AREA_ZRAM:
		ret = cli->args.dry ? 0 : source_open_zram(area, range, source, uuid, err);
		break;
	default:
		return fault_set(err, EINVAL, NULL);
	}
	if (ret < 0)
		return ret;
	range->count_sectors = area->size_bytes / BLKSNAP_SECTOR_BYTES;
	if (!cli->args.dry)
		cli_verbose(cli, area->path ? area->path : "zram",
			    "made a device of it, %s",
			    out_dev(range->dev, number));
	return 0;
}

static const char *source_hint(int ret, enum parse_area_kind kind)
{
	if (kind == PARSE_AREA_ZRAM && ret == -EOPNOTSUPP)
		return "load it with modprobe zram";
	if (ret == -EBUSY)
		return "choose another device or file system";
	if (ret == -EEXIST)
		return "name a file that does not exist yet";
	return NULL;
}

int source_open(struct cli *cli, const char *const *specs, size_t count,
		const struct blksnap_dev *members, size_t n_members,
		const uint8_t uuid[BLKSNAP_UUID_BYTES], struct source_list *list)
{
	struct blksnap_error err = { 0 };
	struct parse_area area;
	char why[PARSE_WHY];
	size_t i;
	int ret = cli_stack(cli);

	if (ret)
		return ret;
	list->ranges = calloc(count, sizeof(*list->ranges));
	list->sources = calloc(count, sizeof(*list->sources));
	list->count = list->ranges && list->sources ? count : 0;
	for (i = 0; i < list->count; i++)
		list->sources[i] = (struct source){ -1, -1 };
	if (!list->count)
		ret = cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				 "out of memory");

	/* All are read before anything is made. */
	for (i = 0; !ret && i < count; i++) {
		if (parse_area(specs[i], &area, why))
			ret = cli_refuse(cli, BLKSNAP_EXIT_USAGE, specs[i], NULL,
					 "%s", why);
		else
			parse_area_free(&area);
	}
	for (i = 0; !ret && i < count; i++) {
		if (parse_area(specs[i], &area, why)) {
			ret = BLKSNAP_EXIT_NO_SPACE;
			break;
		}
		ret = source_open_one(cli, &area, &list->ranges[i],
				      &list->sources[i], members, n_members, uuid,
				      &err);
		if (ret)
			ret = cli_fail(cli, specs[i], &err,
				       source_hint(ret, area.kind));
		parse_area_free(&area);
	}
	if (ret)
		source_drop(list);
	return ret;
}

static void source_end(struct source_list *list, bool keep)
{
	struct source *source;
	size_t i;

	for (i = 0; i < list->count; i++) {
		source = &list->sources[i];
		if (source->fd >= 0)
			close(source->fd);
		if (source->zram >= 0 && !keep) {
			zram_remove(source->zram);
			source_note_remove(source->zram);
		}
	}
	free(list->ranges);
	free(list->sources);
	memset(list, 0, sizeof(*list));
}

void source_keep(struct source_list *list)
{
	source_end(list, true);
}

void source_drop(struct source_list *list)
{
	source_end(list, false);
}

uint64_t source_sectors(struct cli *cli, const struct source_list *list)
{
	uint64_t size, total = 0;
	size_t i;

	for (i = 0; i < list->count; i++) {
		size = list->ranges[i].count_sectors;
		if (!size) {
			size = blksnap_stack_sectors(cli->stack,
						     list->ranges[i].dev);
			if (size <= list->ranges[i].start_sectors)
				return 0;
			size -= list->ranges[i].start_sectors;
		}
		total += size;
	}
	return total;
}

/* --------------------------------------------------------------- sweep */

static bool source_alive(const struct blksnap_snapshot *all, size_t count,
			 const uint8_t uuid[BLKSNAP_UUID_BYTES])
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!memcmp(all[i].uuid, uuid, BLKSNAP_UUID_BYTES))
			return true;
	return false;
}

void source_sweep(struct cli *cli)
{
	struct blksnap_snapshot *all;
	uint8_t uuid[BLKSNAP_UUID_BYTES];
	struct dirent *entry;
	char path[SOURCE_NOTES_MAX];
	size_t count;
	int zram;
	DIR *dir;

	source_notes_path(path);
	dir = opendir(path);
	if (!dir)
		return;
	if (cli->recording || cli->args.dry ||
	    blksnap_snapshot_list(cli->session, &all, &count, NULL)) {
		closedir(dir);
		return;
	}
	while ((entry = readdir(dir))) {
		if (sscanf(entry->d_name, "zram%d", &zram) != 1 ||
		    !source_note_read(zram, uuid) ||
		    source_alive(all, count, uuid))
			continue;
		/* Open in a create under way: it stays. */
		if (zram_remove(zram) != -EBUSY)
			source_note_remove(zram);
	}
	blksnap_snapshots_free(all, count);
	closedir(dir);
}
