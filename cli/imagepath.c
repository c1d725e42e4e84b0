// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imagepath: see imagepath.h.
 */
#include <stdio.h>
#include <string.h>

#include "imagepath.h"

#define IMAGEPATH_MAX (BLKSNAP_NAME_MAX + BLKSNAP_DISK_NAME_MAX + 32)

/* Is @text followed by nothing but a number? */
static bool imagepath_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

/* Is @name that of the disk, or of a partition on it? */
static bool imagepath_on(const char *name, const char *disk)
{
	size_t len = strlen(disk);

	return len && !strncmp(name, disk, len) &&
	       (!name[len] ||
		(name[len] == 'p' && imagepath_number(name + len + 1)));
}

bool imagepath_link(size_t i, const struct blksnap_snapshot *s,
		    const struct blksnap_member *m, char *path, size_t size)
{
	if (i == 0)
		snprintf(path, size, "/dev/blksnap/%s/%s", s->name, m->name);
	else
		snprintf(path, size, "/dev/disk/by-blksnap/%s:%s", s->name, m->name);
	return i < 2;
}

/* Is it what udev calls the image, or a partition on it? */
static bool imagepath_is_link(const char *text, const struct blksnap_snapshot *s,
			      const struct blksnap_member *m)
{
	char path[IMAGEPATH_MAX];
	size_t i, len;

	for (i = 0; m->name[0] && imagepath_link(i, s, m, path, sizeof(path)); i++) {
		len = strlen(path);
		if (!strncmp(text, path, len) &&
		    (!text[len] || (!strncmp(text + len, "-part", 5) &&
				    imagepath_number(text + len + 5))))
			return true;
	}
	return false;
}

struct imagepath_wanted {
	const char *name; /* of the kernel, or NULL */
	const char *text; /* as udev calls it, or NULL */
	bool has_dev;
	struct blksnap_dev dev;
};

static bool imagepath_is(const struct imagepath_wanted *wanted,
			 const struct blksnap_snapshot *s,
			 const struct blksnap_member *m)
{
	if (!BLKSNAP_HAS(m, MEMBER_IMAGE_NAME))
		return false;
	if (wanted->has_dev && wanted->dev.major == m->image.major &&
	    wanted->dev.minor == m->image.minor)
		return true;
	if (wanted->name && imagepath_on(wanted->name, m->image_name))
		return true;
	return wanted->text && imagepath_is_link(wanted->text, s, m);
}

static bool imagepath_look(const struct imagepath_wanted *wanted,
			   const struct blksnap_snapshot *all, size_t count,
			   size_t *snapshot, size_t *member)
{
	size_t i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < all[i].n_members; j++)
			if (imagepath_is(wanted, &all[i], &all[i].members[j])) {
				*snapshot = i;
				*member = j;
				return true;
			}
	return false;
}

bool imagepath_find(const char *text, const struct blksnap_stack *stack,
		    const struct blksnap_snapshot *all, size_t count,
		    size_t *snapshot, size_t *member)
{
	struct imagepath_wanted wanted = { 0 };

	wanted.name = strncmp(text, "/dev/", 5) ? text : text + 5;
	if (imagepath_look(&wanted, all, count, snapshot, member))
		return true;
	wanted.name = NULL;
	/* what a link leads to counts, not what it is called */
	if (stack && text[0] == '/' &&
	    !blksnap_stack_resolve(stack, text, &wanted.dev, NULL)) {
		wanted.has_dev = true;
		wanted.name = blksnap_stack_name(stack, wanted.dev);
	} else {
		wanted.text = text;
	}
	return imagepath_look(&wanted, all, count, snapshot, member);
}
