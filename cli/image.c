// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * image: the devices that show the past.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "cli.h"
#include "imagepath.h"
#include "json.h"
#include "out.h"
#include "parse.h"
#include "past.h"
#include "until.h"
#include "users.h"
#include "view.h"

int image_cmd_list(struct cli *cli)
{
	struct blksnap_snapshot *all = NULL;
	struct blksnap_error err;
	struct rows rows;
	size_t count = 0;
	int ret = view_images_init(&rows, cli);

	if (!ret)
		ret = cli_connect(cli);
	if (!ret && blksnap_snapshot_list(cli->session, &all, &count, &err))
		ret = cli_fail(cli, NULL, &err, NULL);
	if (!ret)
		ret = view_images(&rows, all, count);
	blksnap_snapshots_free(all, count);
	rows_free(&rows);
	return ret == ROWS_HELP ? 0 : ret;
}

/* ------------------------------------------------- those an argument means */

/**
 * struct images - images of a snapshot
 * @snapshot: it
 * @one: the only one that is meant, or NULL: all
 */
struct images {
	struct blksnap_snapshot snapshot;
	const struct blksnap_member *one;
};

static void images_clear(struct images *images)
{
	blksnap_snapshot_clear(&images->snapshot);
	images->one = NULL;
}

/* The image of a device; NULL after the last. */
static const struct blksnap_member *images_at(const struct images *images, size_t *i)
{
	const struct blksnap_member *m;

	while (*i < images->snapshot.n_members) {
		m = &images->snapshot.members[(*i)++];
		if ((!images->one || images->one == m) &&
		    BLKSNAP_HAS(m, MEMBER_IMAGE_NAME))
			return m;
	}
	return NULL;
}

static int images_of_device(struct cli *cli, const char *name, const char *text,
			    struct images *images)
{
	const struct blksnap_snapshot *s = &images->snapshot;
	struct blksnap_dev dev;
	size_t i;
	int ret;

	if (images->one)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, text,
				  "leave it out, or name the snapshot",
				  "%s is an image already", name);
	ret = cli_tracked(cli, text, &dev);
	if (ret)
		return ret;
	for (i = 0; i < s->n_members; i++)
		if (s->members[i].dev.major == dev.major &&
		    s->members[i].dev.minor == dev.minor &&
		    BLKSNAP_HAS(&s->members[i], MEMBER_IMAGE_NAME))
			images->one = &s->members[i];
	return images->one ? 0 :
			     cli_refuse(cli, BLKSNAP_EXIT_NOT_FOUND, text,
					"`blksnap snapshot show` lists the members",
					"the snapshot %s has no such image", name);
}

/* NAME [DEV]: after 0, images_clear(). */
static int images_find(struct cli *cli, struct images *images)
{
	const char *name = cli->args.args[0];
	int ret = cli_image(cli, name, &images->snapshot, &images->one);

	if (!ret && cli->args.n_args > 1) {
		ret = images_of_device(cli, name, cli->args.args[1], images);
		if (ret)
			images_clear(images);
	}
	return ret;
}

/* ------------------------------------------------------------------ path */

static int images_unreadable(struct cli *cli, const struct blksnap_snapshot *s)
{
	return cli_refuse(cli, BLKSNAP_EXIT_INVALID, cli->args.args[0],
			  "`blksnap snapshot show` says why",
			  "its images cannot be read (state %s)",
			  blksnap_snapshot_state_word(s->state));
}

static int images_print_paths(struct cli *cli, const char *thing,
			      const struct images *images)
{
	json_t *doc = json_document(thing), *list = json_array();
	const struct blksnap_member *m;
	char path[OUT_PATH_MAX];
	size_t i = 0;

	while ((m = images_at(images, &i))) {
		json_array_append_new(list, view_image_json(&images->snapshot, m));
		if (!cli->args.json)
			printf("%s\n", out_path(m->image_name, path));
	}
	json_object_set_new(doc, "images", list);
	if (cli->args.json)
		return cli_print_json(cli, doc);
	json_decref(doc);
	return 0;
}

int image_cmd_path(struct cli *cli)
{
	struct images images;
	size_t i = 0;
	int ret = images_find(cli, &images);

	if (ret)
		return ret;
	if (images.snapshot.state != BLKSNAP_SNAPSHOT_STATE_TAKEN)
		ret = images_unreadable(cli, &images.snapshot);
	else if (!images_at(&images, &i))
		ret = cli_refuse(cli, BLKSNAP_EXIT_NOT_FOUND, cli->args.args[0],
				 NULL, "it has no image");
	else
		ret = images_print_paths(cli, "image.path", &images);
	images_clear(&images);
	return ret;
}

/* ------------------------------------------------------------------ wait */

#define IMAGE_UDEV_RUNS "/run/udev/control"
#define IMAGE_UDEV_KNOWS "/run/udev/data/b%u:%u"

/* Has udev, if it runs, made the links of this device? */
static bool image_linked(struct blksnap_dev dev)
{
	char path[OUT_PATH_MAX];

	snprintf(path, sizeof(path), IMAGE_UDEV_KNOWS, dev.major, dev.minor);
	return access(IMAGE_UDEV_RUNS, F_OK) || !access(path, F_OK);
}

/* and those of the partitions on the image */
static bool image_partitions_linked(const struct blksnap_member *m)
{
	struct blksnap_dev dev;
	bool linked = true;
	char pattern[256];
	glob_t found;
	FILE *in;
	size_t i;

	snprintf(pattern, sizeof(pattern), "/sys/block/%s/%sp*/dev", m->image_name,
		 m->image_name);
	if (glob(pattern, 0, NULL, &found))
		return true;
	for (i = 0; linked && i < found.gl_pathc; i++) {
		in = fopen(found.gl_pathv[i], "re");
		if (in && fscanf(in, "%u:%u", &dev.major, &dev.minor) == 2)
			linked = image_linked(dev);
		if (in)
			fclose(in);
	}
	globfree(&found);
	return linked;
}

/* Is there a device node, and are there links? */
static bool image_ready(struct cli *cli, const struct blksnap_member *m)
{
	char path[OUT_PATH_MAX];
	struct stat st;

	if (cli->recording)
		return true;
	if (stat(out_path(m->image_name, path), &st) || !S_ISBLK(st.st_mode) ||
	    major(st.st_rdev) != m->image.major ||
	    minor(st.st_rdev) != m->image.minor)
		return false;
	return image_linked(m->image) && image_partitions_linked(m);
}

struct image_wait {
	struct cli *cli;
	bool seen;
};

static int image_look(void *arg)
{
	struct image_wait *wait = arg;
	struct blksnap_error not_there;
	const struct blksnap_member *m;
	struct cli *cli = wait->cli;
	const char *name = cli->args.args[0];
	struct images images;
	size_t i = 0;
	int ret;

	cli->caught = &not_there;
	ret = cli_image(cli, name, &images.snapshot, &images.one);
	cli->caught = NULL;
	if (ret == BLKSNAP_EXIT_NOT_FOUND && !wait->seen)
		return UNTIL_NOT_YET;
	if (ret)
		return cli_fail(cli, name, &not_there, NULL);
	wait->seen = true;
	if (images.snapshot.state < BLKSNAP_SNAPSHOT_STATE_TAKEN)
		ret = UNTIL_NOT_YET;
	else if (images.snapshot.state > BLKSNAP_SNAPSHOT_STATE_TAKEN)
		ret = images_unreadable(cli, &images.snapshot);
	else if (cli->args.n_args > 1)
		ret = images_of_device(cli, name, cli->args.args[1], &images);
	while (!ret && (m = images_at(&images, &i)))
		ret = image_ready(cli, m) ? 0 : UNTIL_NOT_YET;
	if (!ret)
		ret = images_print_paths(cli, "image.wait", &images);
	images_clear(&images);
	return ret;
}

int image_cmd_wait(struct cli *cli)
{
	struct image_wait wait = { .cli = cli };

	return until_run(cli, cli->args.args[0], image_look, &wait);
}

/* ------------------------------------------------------------------ show */

/* Links that lead there, as udev makes them. */
static json_t *image_links(const struct cli *cli, const struct blksnap_snapshot *s,
			   const struct blksnap_member *m)
{
	json_t *list = json_array();
	struct stat st;
	char path[256];
	size_t i;

	for (i = 0; !cli->recording && imagepath_link(i, s, m, path, sizeof(path));
	     i++)
		if (!stat(path, &st) && S_ISBLK(st.st_mode) &&
		    major(st.st_rdev) == m->image.major &&
		    minor(st.st_rdev) == m->image.minor)
			json_array_append_new(list, json_text(true, path));
	return list;
}

/* What is known of an image beyond what the kernel tells: for -j and for people. */
static json_t *image_more(struct cli *cli, const struct blksnap_snapshot *s,
			  const struct blksnap_member *m)
{
	bool look = !cli->recording && s->state == BLKSNAP_SNAPSHOT_STATE_TAKEN;
	json_t *o = view_image_json(s, m);
	char path[OUT_PATH_MAX], users[256] = "";
	char *type = look ? past_type(out_path(m->image_name, path), NULL) : NULL;

	if (!cli->recording)
		users_of(m->image_name, users, sizeof(users));
	json_object_set_new(o, "links", image_links(cli, s, m));
	json_object_set_new(o, "users", json_text(users[0], users));
	json_object_set_new(o, "file_system", json_text(type, type));
	json_object_set_new(o, "mount_options",
			    type ? json_text(true, past_text(type)) : json_null());
	free(type);
	return o;
}

static const char *image_text(json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void image_print(const struct blksnap_snapshot *s,
			const struct blksnap_member *m, json_t *more)
{
	char path[OUT_PATH_MAX], dev[OUT_DEV_MAX], uuid[BLKSNAP_UUID_TEXT];
	char size[OUT_SIZE_MAX];
	json_t *link;
	size_t i;

	printf("%s  %s  %s\n", out_path(m->image_name, path),
	       out_dev(m->image, dev),
	       s->state == BLKSNAP_SNAPSHOT_STATE_TAKEN ?
		       "readable" :
		       blksnap_snapshot_state_word(s->state));
	printf("  snapshot     %s\n", s->name);
	printf("  origin       %s, %s\n", view_member(m, path),
	       out_dev(m->dev, dev));
	printf("  size         %s\n", out_sectors(BLKSNAP_HAS(m, MEMBER_CAPACITY),
						  m->capacity_sectors, size));
	json_array_foreach(json_object_get(more, "links"), i, link)
		printf("  link         %s\n", json_string_value(link));
	if (BLKSNAP_HAS(m, MEMBER_FREEZE_RESULT))
		printf("  file system  %s\n",
		       blksnap_freeze_result_word(m->freeze_result));
	if (image_text(more, "file_system"))
		printf("  content      %s: mount -o %s\n",
		       image_text(more, "file_system"),
		       image_text(more, "mount_options"));
	if (BLKSNAP_HAS(m, MEMBER_CBT_GENERATION))
		printf("  since-number %s:%u\n",
		       blksnap_uuid_format(m->cbt_generation, uuid), m->cbt_number);
	if (BLKSNAP_HAS(m, MEMBER_IMAGE_OPENERS))
		printf("  open         %u times%s%s\n", m->image_openers,
		       image_text(more, "users") ? ": " : "",
		       image_text(more, "users") ? image_text(more, "users") : "");
	if (m->error)
		printf("  error        %s\n", out_errno(m->error));
}

int image_cmd_show(struct cli *cli)
{
	json_t *doc, *list, *more;
	const struct blksnap_member *m;
	struct images images;
	size_t i = 0;
	int ret = images_find(cli, &images);

	if (ret)
		return ret;
	doc = json_document("image.show");
	list = json_array();
	while ((m = images_at(&images, &i))) {
		more = image_more(cli, &images.snapshot, m);
		if (!cli->args.json)
			image_print(&images.snapshot, m, more);
		json_array_append_new(list, more);
	}
	json_object_set_new(doc, "images", list);
	if (!json_array_size(list)) {
		ret = cli_refuse(cli, BLKSNAP_EXIT_NOT_FOUND, cli->args.args[0],
				 NULL, "it has no image");
		json_decref(doc);
	} else if (cli->args.json) {
		ret = cli_print_json(cli, doc);
	} else {
		json_decref(doc);
	}
	images_clear(&images);
	return ret;
}

/* --------------------------------------------------------------- release */

static int image_release(struct cli *cli, uint32_t snapshot_id, struct blksnap_dev dev,
			 const struct blksnap_extent *extents, size_t count,
			 uint64_t *released)
{
	struct blksnap_error err;

	*released = 0;
	if (cli->args.dry ||
	    !blksnap_image_release(cli->session, snapshot_id, dev, extents, count,
				   released, &err))
		return 0;
	return cli_fail(cli, cli->args.args[0], &err, NULL);
}

static int image_released(struct cli *cli, const char *text, struct blksnap_dev dev,
			  int count, uint64_t released)
{
	char size[OUT_SIZE_MAX];
	json_t *doc;

	if (!cli->args.json) {
		if (cli->args.dry)
			printf("%s: %d range%s would be given up\n", text, count,
			       count == 1 ? "" : "s");
		else
			printf("%s: %s given up\n", text,
			       out_size(released * 512, size));
		return 0;
	}
	doc = json_document("image.release");
	json_object_set_new(doc, "dev", json_dev(true, dev));
	json_object_set_new(doc, "released_bytes",
			    json_integer((json_int_t)(released * 512)));
	return cli_print_done(cli, doc, released || cli->args.dry);
}

/* NAME DEV, or the path of an image alone, and where the ranges begin. */
static int image_release_of(struct cli *cli, struct blksnap_snapshot *snapshot,
			    struct blksnap_dev *dev, int *first)
{
	const struct blksnap_member *member;
	int ret = cli_image(cli, cli->args.args[0], snapshot, &member);

	if (ret)
		return ret;
	*first = member ? 1 : 2;
	if (member)
		*dev = member->dev;
	else if (cli->args.n_args < 3)
		ret = cli_refuse(cli, BLKSNAP_EXIT_USAGE, cli->args.args[0], NULL,
				 "a device and ranges of it are needed");
	else
		ret = cli_tracked(cli, cli->args.args[1], dev);
	if (ret)
		blksnap_snapshot_clear(snapshot);
	return ret;
}

int image_cmd_release(struct cli *cli)
{
	struct blksnap_snapshot snapshot;
	struct blksnap_extent *extents;
	const char *text;
	char why[PARSE_WHY];
	struct blksnap_dev dev;
	uint64_t released;
	int i, count, first;
	int ret = image_release_of(cli, &snapshot, &dev, &first);

	if (ret)
		return ret;
	text = cli->args.args[first - 1];
	count = cli->args.n_args - first;
	extents = calloc((size_t)count, sizeof(*extents));
	if (!extents)
		ret = cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				 "out of memory");
	for (i = 0; i < count && !ret; i++)
		if (parse_extent(cli->args.args[i + first], &extents[i], why))
			ret = cli_refuse(cli, BLKSNAP_EXIT_USAGE, text, NULL,
					 "%s", why);
	if (!ret)
		ret = image_release(cli, snapshot.id, dev, extents, (size_t)count,
				    &released);
	if (!ret)
		ret = image_released(cli, text, dev, count, released);
	free(extents);
	blksnap_snapshot_clear(&snapshot);
	return ret;
}
