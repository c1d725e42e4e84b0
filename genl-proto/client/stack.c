// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * stack: conclusions from what stack_scan.c found. What is refused here with a
 * sentence is what the kernel cannot see; the kernel still checks the rest.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "error.h"
#include "stack.h"

#define STACK_DEPTH_MAX 32 /* sysfs has no cycles; a made-up tree may */
#define STACK_UNIT_SECTORS 8

/* -------------------------------------------------------------- lookup */

size_t stack_find(const struct blksnap_stack *stack, struct blksnap_dev dev)
{
	size_t i;

	for (i = 0; i < stack->n_nodes; i++)
		if (stack->nodes[i].dev.major == dev.major &&
		    stack->nodes[i].dev.minor == dev.minor)
			return i;
	return STACK_NONE;
}

size_t stack_find_name(const struct blksnap_stack *stack, const char *name)
{
	size_t i;

	for (i = 0; i < stack->n_nodes; i++)
		if (!strcmp(stack->nodes[i].name, name))
			return i;
	return STACK_NONE;
}

const struct stack_fs *stack_fs_of(const struct blksnap_stack *stack,
				   const char *path)
{
	const struct stack_fs *best = NULL;
	size_t i, len, best_len = 0;

	for (i = 0; i < stack->n_fses; i++) {
		len = strlen(stack->fses[i].target);
		if (len == 1)
			len = 0; /* "/" */
		if (strncmp(path, stack->fses[i].target, len) ||
		    (path[len] != '/' && path[len]))
			continue;
		/* of those at one place, the one mounted last is seen */
		if (!best || len >= best_len) {
			best = &stack->fses[i];
			best_len = len;
		}
	}
	return best;
}

int blksnap_stack_open(const char *root, struct blksnap_stack **stack,
		       struct blksnap_error *err)
{
	struct blksnap_stack *s = calloc(1, sizeof(*s));
	int ret;

	error_clear(err);
	if (!s)
		return error_set(err, ENOMEM, NULL);
	s->root = strdup(root && strcmp(root, "/") ? root : "");
	ret = s->root ? stack_scan(s) : -ENOMEM;
	if (ret) {
		blksnap_stack_close(s);
		return error_set(err, -ret, "cannot read sysfs: %s",
				 strerror(-ret));
	}
	*stack = s;
	return 0;
}

void blksnap_stack_close(struct blksnap_stack *stack)
{
	if (!stack)
		return;
	stack_scan_free(stack);
	free(stack);
}

int blksnap_stack_resolve(const struct blksnap_stack *stack, const char *text,
			  struct blksnap_dev *dev, struct blksnap_error *err)
{
	char path[PATH_MAX];
	struct stat st;
	size_t node;
	int end = 0;

	error_clear(err);
	if (sscanf(text, "%u:%u%n", &dev->major, &dev->minor, &end) == 2 &&
	    end && !text[end])
		return stack_find(stack, *dev) != STACK_NONE ?
			       0 :
			       error_set(err, ENOENT, "no such block device");
	node = stack_find_name(stack, strncmp(text, "/dev/", 5) ? text : text + 5);
	if (node != STACK_NONE) {
		*dev = stack->nodes[node].dev;
		return 0;
	}
	if (text[0] == '/')
		snprintf(path, sizeof(path), "%s%s", stack->root, text);
	else
		snprintf(path, sizeof(path), "%s", text);
	if (stat(path, &st))
		return error_set(err, ENOENT, "no such block device");
	if (!S_ISBLK(st.st_mode))
		return error_set(err, ENOTBLK, "not a block device");
	dev->major = major(st.st_rdev);
	dev->minor = minor(st.st_rdev);
	return 0;
}

bool blksnap_stack_device(const struct blksnap_stack *stack, size_t index,
			  struct blksnap_dev *dev)
{
	if (index >= stack->n_nodes)
		return false;
	*dev = stack->nodes[index].dev;
	return true;
}

const char *blksnap_stack_name(const struct blksnap_stack *stack,
			       struct blksnap_dev dev)
{
	size_t node = stack_find(stack, dev);

	return node == STACK_NONE ? NULL : stack->nodes[node].name;
}

const char *blksnap_stack_label(const struct blksnap_stack *stack,
				struct blksnap_dev dev)
{
	size_t node = stack_find(stack, dev);

	if (node == STACK_NONE)
		return NULL;
	return stack->nodes[node].label ? stack->nodes[node].label :
					  stack->nodes[node].name;
}

uint64_t blksnap_stack_sectors(const struct blksnap_stack *stack,
			       struct blksnap_dev dev)
{
	size_t node = stack_find(stack, dev);

	return node == STACK_NONE ? 0 : stack->nodes[node].sectors;
}

/* ------------------------------------------------------------ relations */

static unsigned int stack_height(const struct blksnap_stack *stack, size_t node,
				 unsigned int depth)
{
	const struct stack_node *n = &stack->nodes[node];
	unsigned int height, most = 0;
	size_t i;

	if (depth > STACK_DEPTH_MAX)
		return 0;
	for (i = 0; i < n->n_lower; i++) {
		height = 1 + stack_height(stack, n->lower[i].node, depth + 1);
		if (height > most)
			most = height;
	}
	return most;
}

/*
 * Does @upper lie on @lower, or is it the same? @through narrows that to stacks
 * with a file between; @range, if given, to sectors of @lower.
 */
static bool stack_on(const struct blksnap_stack *stack, size_t upper,
		     size_t lower, const struct blksnap_range *range,
		     bool through, unsigned int depth)
{
	const struct stack_node *n = &stack->nodes[upper];
	const struct stack_lower *step;
	size_t i;

	if (depth > STACK_DEPTH_MAX)
		return false;
	if (upper == lower)
		return !through;
	for (i = 0; i < n->n_lower; i++) {
		step = &n->lower[i];
		if (range && n->parent && step->node == lower &&
		    (range->start_sectors >= n->start_sectors + n->sectors ||
		     (range->count_sectors &&
		      range->start_sectors + range->count_sectors <=
			      n->start_sectors)))
			continue;
		if (stack_on(stack, step->node, lower, range,
			     through && !step->file, depth + 1))
			return true;
	}
	return false;
}

static const char *stack_called(const struct blksnap_stack *stack, size_t node)
{
	const struct stack_node *n = &stack->nodes[node];

	return n->label ? n->label : n->name;
}

struct stack_rank {
	struct blksnap_dev dev;
	unsigned int height;
	size_t index;
};

static int stack_rank_compare(const void *a, const void *b)
{
	const struct stack_rank *left = a, *right = b;

	if (left->height != right->height)
		return left->height > right->height ? -1 : 1;
	return left->index < right->index ? -1 : left->index > right->index;
}

void blksnap_stack_sort(const struct blksnap_stack *stack,
			struct blksnap_dev *devs, size_t count)
{
	struct stack_rank *ranks = calloc(count ? count : 1, sizeof(*ranks));
	size_t i, node;

	if (!ranks)
		return; /* the order helps, nothing depends on it alone */
	for (i = 0; i < count; i++) {
		node = stack_find(stack, devs[i]);
		ranks[i].dev = devs[i];
		ranks[i].index = i;
		if (node != STACK_NONE)
			ranks[i].height = stack_height(stack, node, 0);
	}
	qsort(ranks, count, sizeof(*ranks), stack_rank_compare);
	for (i = 0; i < count; i++)
		devs[i] = ranks[i].dev;
	free(ranks);
}

/* -------------------------------------------------------------- checks */

static int stack_blame(struct blksnap_error *err, int ret,
		       struct blksnap_dev dev)
{
	if (err) {
		err->dev = dev;
		err->has_dev = true;
	}
	return ret;
}

static bool stack_part_of(const struct blksnap_stack *stack, size_t part, size_t disk)
{
	const char *parent = stack->nodes[part].parent;

	return parent && !strcmp(parent, stack->nodes[disk].name);
}

static size_t stack_holder(const struct blksnap_stack *stack, size_t node)
{
	size_t i, j;

	for (i = 0; i < stack->n_nodes; i++) {
		if (stack->nodes[i].parent)
			continue; /* a partition does not hold its disk */
		for (j = 0; j < stack->nodes[i].n_lower; j++)
			if (stack->nodes[i].lower[j].node == node &&
			    !stack->nodes[i].lower[j].file)
				return i;
	}
	return STACK_NONE;
}

/*
 * What hands requests to @node, or to the disk that it is a part of: those never
 * were bios of @node, and nobody who looks at bios sees them.
 */
static size_t stack_unseen_writer(const struct blksnap_stack *stack, size_t node)
{
	const char *parent;
	size_t holder;

	while (node != STACK_NONE) {
		holder = stack_holder(stack, node);
		if (holder != STACK_NONE && stack->nodes[holder].requests)
			return holder;
		parent = stack->nodes[node].parent;
		node = parent ? stack_find_name(stack, parent) : STACK_NONE;
	}
	return STACK_NONE;
}

int blksnap_stack_check_members(const struct blksnap_stack *stack,
				const struct blksnap_dev *devs, size_t count,
				struct blksnap_error *err)
{
	size_t i, j, a, b, writer;

	error_clear(err);
	for (i = 0; i < count; i++) {
		a = stack_find(stack, devs[i]);
		writer = stack_unseen_writer(stack, a);
		if (writer != STACK_NONE)
			return stack_blame(
				err,
				error_set(err, EOPNOTSUPP,
					  "%s is a path of %s, whose writes cannot be seen on it",
					  stack_called(stack, a),
					  stack_called(stack, writer)),
				devs[i]);
		for (j = 0; j < count; j++) {
			b = stack_find(stack, devs[j]);
			if (i == j || a == STACK_NONE || b == STACK_NONE)
				continue;
			if (a == b)
				return stack_blame(
					err,
					error_set(err, EINVAL,
						  "%s is named twice",
						  stack_called(stack, a)),
					devs[i]);
			if (stack_part_of(stack, a, b))
				return stack_blame(
					err,
					error_set(err, EINVAL, "%s is a part of %s",
						  stack_called(stack, a),
						  stack_called(stack, b)),
					devs[i]);
			if (stack_on(stack, a, b, NULL, true, 0))
				return stack_blame(
					err,
					error_set(err, ELOOP,
						  "%s is a file on member %s",
						  stack_called(stack, a),
						  stack_called(stack, b)),
					devs[i]);
		}
	}
	return 0;
}

/* Return: who uses the device itself or a part of it, or NULL. */
static const char *stack_mounted(const struct blksnap_stack *stack, size_t node)
{
	size_t i, j, dev;

	for (i = 0; i < stack->n_fses; i++)
		for (j = 0; j < stack->fses[i].n_nodes; j++) {
			dev = stack->fses[i].nodes[j];
			if (dev == node)
				return stack->fses[i].target;
		}
	return NULL;
}

static int stack_check_use(const struct blksnap_stack *stack, size_t area,
			   struct blksnap_error *err)
{
	const char *name = stack_called(stack, area);
	const char *target = stack_mounted(stack, area);
	size_t holder = stack_holder(stack, area);

	if (stack->nodes[area].readonly)
		return error_set(err, EROFS, "%s is read-only", name);
	if (target)
		return error_set(err, EBUSY, "%s is mounted on %s", name, target);
	if (stack->nodes[area].swap)
		return error_set(err, EBUSY, "%s is in use as swap", name);
	if (holder != STACK_NONE)
		return error_set(err, EBUSY, "%s is in use by %s", name,
				 stack_called(stack, holder));
	return 0;
}

static int stack_check_bounds(const struct stack_node *node,
			      const struct blksnap_range *range,
			      struct blksnap_error *err)
{
	uint64_t left;

	if (range->start_sectors >= node->sectors)
		return error_set(err, EINVAL,
				 "the range begins beyond the end of %s (%llu "
				 "sectors)",
				 node->name, (unsigned long long)node->sectors);
	left = node->sectors - range->start_sectors;
	if (range->count_sectors > left)
		return error_set(err, EINVAL,
				 "the range ends beyond the end of %s (%llu "
				 "sectors)",
				 node->name, (unsigned long long)node->sectors);
	if ((range->count_sectors ? range->count_sectors : left) <
	    STACK_UNIT_SECTORS)
		return error_set(err, EINVAL, "the range is smaller than 4 KiB");
	return 0;
}

int blksnap_stack_check_area(const struct blksnap_stack *stack,
			     const struct blksnap_dev *devs, size_t count,
			     const struct blksnap_range *range,
			     struct blksnap_error *err)
{
	size_t area = stack_find(stack, range->dev);
	size_t i, member;
	const char *name;
	int ret = 0;

	error_clear(err);
	if (area == STACK_NONE)
		return 0; /* the kernel knows better */
	name = stack_called(stack, area);
	for (i = 0; !ret && i < count; i++) {
		member = stack_find(stack, devs[i]);
		if (member == STACK_NONE)
			continue;
		if (member == area)
			ret = error_set(err, EBUSY,
					"%s is in the snapshot itself", name);
		else if (stack_on(stack, area, member, NULL, false, 0))
			ret = error_set(err, EBUSY, "%s lies on member %s", name,
					stack_called(stack, member));
		else if (stack_on(stack, member, area, range, false, 0))
			ret = error_set(err, EBUSY, "member %s lies on %s",
					stack_called(stack, member), name);
	}
	if (!ret)
		ret = stack_check_use(stack, area, err);
	if (!ret)
		ret = stack_check_bounds(&stack->nodes[area], range, err);
	return ret ? stack_blame(err, ret, range->dev) : 0;
}

int blksnap_stack_check_file(const struct blksnap_stack *stack,
			     const struct blksnap_dev *devs, size_t count,
			     const char *path, struct blksnap_error *err)
{
	char full[PATH_MAX * 2];
	const struct stack_fs *fs;
	size_t i, j, member;
	char *real, *slash;
	int ret = 0;

	error_clear(err);
	snprintf(full, sizeof(full), "%s%s", path[0] == '/' ? stack->root : "",
		 path);
	real = realpath(full, NULL);
	if (!real) { /* not made yet: its directory */
		slash = strrchr(full, '/');
		if (slash)
			slash[slash == full] = 0;
		real = realpath(slash ? full : ".", NULL);
	}
	if (!real)
		return error_set(err, errno, NULL);
	fs = stack_fs_of(stack, real + strlen(stack->root));
	for (i = 0; fs && !ret && i < count; i++) {
		member = stack_find(stack, devs[i]);
		for (j = 0; member != STACK_NONE && j < fs->n_nodes && !ret; j++)
			if (stack_on(stack, fs->nodes[j], member, NULL, false, 0))
				ret = error_set(
					err, EBUSY,
					"its file system (%s) lies on member %s",
					fs->target, stack_called(stack, member));
	}
	free(real);
	return ret;
}

/* -------------------------------------------------------------- freezes */

struct stack_freeze {
	struct blksnap_freeze freeze;
	unsigned int height;
	size_t index;
};

static int stack_freeze_compare(const void *a, const void *b)
{
	const struct stack_freeze *left = a, *right = b;

	if (left->height != right->height)
		return left->height > right->height ? -1 : 1;
	return left->index < right->index ? -1 : left->index > right->index;
}

static bool stack_same_fs(const struct stack_fs *a, const struct stack_fs *b)
{
	return a->n_nodes && b->n_nodes && a->nodes[0] == b->nodes[0] &&
	       a->by_path == b->by_path;
}

static size_t stack_fs_member(const struct blksnap_stack *stack,
			      const struct stack_fs *fs,
			      const struct blksnap_dev *devs, size_t count)
{
	size_t i, j, member;

	for (i = 0; i < count; i++) {
		member = stack_find(stack, devs[i]);
		if (member == STACK_NONE)
			continue;
		for (j = 0; j < fs->n_nodes; j++)
			if (stack_on(stack, fs->nodes[j], member, NULL, false, 0))
				return i;
	}
	return STACK_NONE;
}

/* Return: whether an earlier mount is of the same file system. */
static bool stack_fs_again(const struct blksnap_stack *stack, size_t index)
{
	size_t i;

	for (i = 0; i < index; i++)
		if (stack_same_fs(&stack->fses[i], &stack->fses[index]))
			return true;
	return false;
}

static int stack_freeze_fill(const struct blksnap_stack *stack,
			     const struct stack_fs *fs, struct blksnap_dev member,
			     struct stack_freeze *entry)
{
	unsigned int height;
	size_t i;

	entry->height = 0;
	for (i = 0; i < fs->n_nodes; i++) {
		height = stack_height(stack, fs->nodes[i], 0);
		if (height > entry->height)
			entry->height = height;
	}
	entry->freeze.member = member;
	entry->freeze.has_member = true;
	if (!fs->by_path) {
		entry->freeze.dev = stack->nodes[fs->nodes[0]].dev;
		return 0;
	}
	entry->freeze.path = strdup(fs->target);
	return entry->freeze.path ? 0 : -ENOMEM;
}

int blksnap_stack_freezes(const struct blksnap_stack *stack,
			  const struct blksnap_dev *devs, size_t count,
			  struct blksnap_freeze **freezes, size_t *n_freezes,
			  struct blksnap_error *err)
{
	struct blksnap_freeze *list;
	struct stack_freeze *entries;
	size_t i, member, n = 0;
	int ret = 0;

	error_clear(err);
	entries = calloc(stack->n_fses + 1, sizeof(*entries));
	list = calloc(stack->n_fses + 1, sizeof(*list));
	if (!entries || !list)
		ret = -ENOMEM;
	for (i = 0; !ret && i < stack->n_fses; i++) {
		if (stack_fs_again(stack, i))
			continue;
		member = stack_fs_member(stack, &stack->fses[i], devs, count);
		if (member == STACK_NONE)
			continue;
		entries[n].index = n;
		ret = stack_freeze_fill(stack, &stack->fses[i], devs[member],
					&entries[n]);
		n++;
	}
	if (entries)
		qsort(entries, n, sizeof(*entries), stack_freeze_compare);
	for (i = 0; list && i < n; i++)
		list[i] = entries[i].freeze;
	free(entries);
	if (ret) {
		blksnap_freezes_free(list, n);
		return error_set(err, -ret, NULL);
	}
	*freezes = list;
	*n_freezes = n;
	return 0;
}

void blksnap_freezes_free(struct blksnap_freeze *freezes, size_t count)
{
	size_t i;

	for (i = 0; freezes && i < count; i++)
		free(freezes[i].path);
	free(freezes);
}
