// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * stack_scan: reads sys/class/block, sys/fs/btrfs, proc/self/mountinfo and
 * proc/swaps below a root directory, which a test may make up.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libmount/libmount.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "stack.h"

/* First line of a file below @dir, or NULL; to be freed. */
static char *scan_line(const char *dir, const char *file)
{
	char path[PATH_MAX];
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	FILE *in;

	if (snprintf(path, sizeof(path), "%s/%s", dir, file) >= (int)sizeof(path))
		return NULL;
	in = fopen(path, "re");
	if (!in)
		return NULL;
	len = getline(&line, &size, in);
	fclose(in);
	if (len <= 0) {
		free(line);
		return NULL;
	}
	if (line[len - 1] == '\n')
		line[len - 1] = 0;
	return line;
}

static uint64_t scan_number(const char *dir, const char *file)
{
	char *line = scan_line(dir, file);
	uint64_t number = line ? strtoull(line, NULL, 10) : 0;

	free(line);
	return number;
}

static bool scan_exists(const char *dir, const char *file)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/%s", dir, file) < (int)sizeof(path) &&
	       !access(path, F_OK);
}

static bool scan_dev(const char *text, struct blksnap_dev *dev)
{
	return text && sscanf(text, "%u:%u", &dev->major, &dev->minor) == 2;
}

static void *scan_more(void *array, size_t count, size_t size)
{
	return (count & (count - 1)) ? array :
				       reallocarray(array, count ? count * 2 : 1,
						    size);
}

/* ------------------------------------------------------------- devices */

static char *scan_parent(const char *dir)
{
	char *real = realpath(dir, NULL);
	char *parent = NULL;
	char *slash;

	if (!real)
		return NULL;
	slash = strrchr(real, '/');
	if (slash) {
		*slash = 0;
		slash = strrchr(real, '/');
	}
	if (slash)
		parent = strdup(slash + 1);
	free(real);
	return parent;
}

static int scan_node(struct blksnap_stack *stack, const char *class,
		     const char *name)
{
	struct stack_node node = { 0 };
	struct stack_node *grown;
	char dir[PATH_MAX];
	char *line, *c;

	if (snprintf(dir, sizeof(dir), "%s/%s", class, name) >= (int)sizeof(dir))
		return 0;
	line = scan_line(dir, "dev");
	if (!scan_dev(line, &node.dev)) {
		free(line);
		return 0; /* going away under our eyes */
	}
	free(line);

	grown = scan_more(stack->nodes, stack->n_nodes, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	stack->nodes = grown;
	node.name = strdup(name);
	if (!node.name)
		return -ENOMEM;
	for (c = node.name; *c; c++) /* sysfs writes "/" of a name as "!" */
		if (*c == '!')
			*c = '/';
	node.sectors = scan_number(dir, "size");
	node.readonly = scan_number(dir, "ro") != 0;
	node.label = scan_line(dir, "dm/name");
	node.file = scan_line(dir, "loop/backing_file");
	/* of device-mapper's, those alone have queues for requests */
	node.requests = scan_exists(dir, "dm") && scan_exists(dir, "mq");
	if (scan_number(dir, "partition")) {
		node.start_sectors = scan_number(dir, "start");
		node.parent = scan_parent(dir);
	}
	grown[stack->n_nodes++] = node;
	return 0;
}

static int scan_nodes(struct blksnap_stack *stack)
{
	char class[PATH_MAX];
	struct dirent *entry;
	int ret = 0;
	DIR *dir;

	snprintf(class, sizeof(class), "%s/sys/class/block", stack->root);
	dir = opendir(class);
	if (!dir)
		return -errno;
	while (!ret && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			ret = scan_node(stack, class, entry->d_name);
	closedir(dir);
	return ret;
}

static int scan_add_lower(struct blksnap_stack *stack, size_t upper,
			  size_t lower, bool file)
{
	struct stack_node *node = &stack->nodes[upper];
	struct stack_lower *grown;

	if (lower == STACK_NONE || lower == upper)
		return 0;
	grown = scan_more(node->lower, node->n_lower, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	node->lower = grown;
	grown[node->n_lower++] = (struct stack_lower){ lower, file };
	return 0;
}

static int scan_slaves(struct blksnap_stack *stack, size_t upper)
{
	char path[PATH_MAX];
	struct dirent *entry;
	char name[NAME_MAX + 1];
	int ret = 0;
	char *c;
	DIR *dir;

	snprintf(name, sizeof(name), "%s", stack->nodes[upper].name);
	for (c = name; *c; c++)
		if (*c == '/')
			*c = '!';
	snprintf(path, sizeof(path), "%s/sys/class/block/%s/slaves", stack->root,
		 name);
	dir = opendir(path);
	if (!dir)
		return 0;
	while (!ret && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		for (c = entry->d_name; *c; c++)
			if (*c == '!')
				*c = '/';
		ret = scan_add_lower(stack, upper,
				     stack_find_name(stack, entry->d_name),
				     false);
	}
	closedir(dir);
	return ret;
}

static int scan_lowers(struct blksnap_stack *stack)
{
	const struct stack_fs *fs;
	struct stack_node *node;
	size_t i, j;
	int ret = 0;

	for (i = 0; !ret && i < stack->n_nodes; i++) {
		node = &stack->nodes[i];
		if (node->parent)
			ret = scan_add_lower(stack, i,
					     stack_find_name(stack, node->parent),
					     false);
		if (!ret)
			ret = scan_slaves(stack, i);
		fs = node->file ? stack_fs_of(stack, node->file) : NULL;
		for (j = 0; fs && !ret && j < fs->n_nodes; j++)
			ret = scan_add_lower(stack, i, fs->nodes[j], true);
	}
	return ret;
}

/* -------------------------------------------------------- file systems */

static int scan_fs_add(struct stack_fs *fs, size_t node)
{
	size_t *grown;
	size_t i;

	if (node == STACK_NONE)
		return 0;
	for (i = 0; i < fs->n_nodes; i++)
		if (fs->nodes[i] == node)
			return 0;
	grown = scan_more(fs->nodes, fs->n_nodes, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	fs->nodes = grown;
	grown[fs->n_nodes++] = node;
	return 0;
}

/* The device a mount's source names; links are resolved on the real system. */
static size_t scan_source(const struct blksnap_stack *stack, const char *source)
{
	struct blksnap_dev dev;
	char path[PATH_MAX];
	const char *base;
	struct stat st;
	size_t found;

	if (strncmp(source, "/dev/", 5))
		return STACK_NONE;
	found = stack_find_name(stack, source + 5);
	if (found != STACK_NONE)
		return found;
	snprintf(path, sizeof(path), "%s%s", stack->root, source);
	if (stat(path, &st) == 0 && S_ISBLK(st.st_mode)) {
		dev.major = major(st.st_rdev);
		dev.minor = minor(st.st_rdev);
		return stack_find(stack, dev);
	}
	base = strrchr(source, '/') + 1;
	for (found = 0; found < stack->n_nodes; found++)
		if (stack->nodes[found].label &&
		    !strcmp(stack->nodes[found].label, base))
			return found;
	return STACK_NONE;
}

/* Adds the other devices of the btrfs that has one of @fs's. */
static int scan_btrfs(const struct blksnap_stack *stack, struct stack_fs *fs)
{
	char path[PATH_MAX + 2 * NAME_MAX];
	struct dirent *entry, *uuid;
	size_t found[64], n, i;
	bool hit;
	DIR *all, *devices;
	int ret = 0;

	snprintf(path, sizeof(path), "%s/sys/fs/btrfs", stack->root);
	all = opendir(path);
	if (!all)
		return 0;
	while (!ret && (uuid = readdir(all))) {
		if (uuid->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/sys/fs/btrfs/%s/devices",
			 stack->root, uuid->d_name);
		devices = opendir(path);
		if (!devices)
			continue;
		n = 0;
		hit = false;
		while (n < 64 && (entry = readdir(devices))) {
			found[n] = stack_find_name(stack, entry->d_name);
			if (found[n] == STACK_NONE)
				continue;
			for (i = 0; i < fs->n_nodes; i++)
				hit |= fs->nodes[i] == found[n];
			n++;
		}
		closedir(devices);
		for (i = 0; hit && !ret && i < n; i++)
			ret = scan_fs_add(fs, found[i]);
	}
	closedir(all);
	return ret;
}

static int scan_mount(struct blksnap_stack *stack, struct libmnt_fs *mount)
{
	const char *target = mnt_fs_get_target(mount);
	const char *source = mnt_fs_get_srcpath(mount);
	const char *type = mnt_fs_get_fstype(mount);
	dev_t number = mnt_fs_get_devno(mount);
	struct blksnap_dev dev = { major(number), minor(number) };
	struct stack_fs fs = { 0 };
	struct stack_fs *grown;
	char *copy, *part, *rest;
	int ret = 0;

	if (!target)
		return 0;
	if (dev.major) {
		ret = scan_fs_add(&fs, stack_find(stack, dev));
	} else if (source) {
		/* bcachefs names all its devices, with colons between */
		fs.by_path = true;
		copy = strdup(source);
		if (!copy)
			return -ENOMEM;
		for (part = strtok_r(copy, ":", &rest); part && !ret;
		     part = strtok_r(NULL, ":", &rest))
			ret = scan_fs_add(&fs, scan_source(stack, part));
		free(copy);
	}
	if (!ret && type && !strcmp(type, "btrfs"))
		ret = scan_btrfs(stack, &fs);
	if (ret || !fs.n_nodes) {
		free(fs.nodes);
		return ret;
	}

	fs.target = strdup(target);
	grown = scan_more(stack->fses, stack->n_fses, sizeof(*grown));
	if (grown)
		stack->fses = grown;
	if (!grown || !fs.target) {
		free(fs.target);
		free(fs.nodes);
		return -ENOMEM;
	}
	grown[stack->n_fses++] = fs;
	return 0;
}

static int scan_mounts(struct blksnap_stack *stack)
{
	struct libmnt_table *table = mnt_new_table();
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_fs *mount;
	char path[PATH_MAX];
	int ret = -ENOMEM;

	snprintf(path, sizeof(path), "%s/proc/self/mountinfo", stack->root);
	if (table && iter) {
		ret = access(path, R_OK) ? 0 : mnt_table_parse_file(table, path);
		while (!ret && !mnt_table_next_fs(table, iter, &mount))
			ret = scan_mount(stack, mount);
	}
	mnt_free_iter(iter);
	mnt_unref_table(table);
	return ret < 0 ? ret : 0;
}

static int scan_swaps(struct blksnap_stack *stack)
{
	char path[PATH_MAX];
	char *line = NULL;
	size_t node, size = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/proc/swaps", stack->root);
	in = fopen(path, "re");
	if (!in)
		return 0;
	while (getline(&line, &size, in) > 0) {
		line[strcspn(line, " \t\n")] = 0;
		node = scan_source(stack, line);
		if (node != STACK_NONE)
			stack->nodes[node].swap = true;
	}
	free(line);
	fclose(in);
	return 0;
}

int stack_scan(struct blksnap_stack *stack)
{
	int ret = scan_nodes(stack);

	if (!ret)
		ret = scan_mounts(stack);
	if (!ret)
		ret = scan_lowers(stack);
	if (!ret)
		ret = scan_swaps(stack);
	return ret;
}

void stack_scan_free(struct blksnap_stack *stack)
{
	size_t i;

	for (i = 0; i < stack->n_nodes; i++) {
		free(stack->nodes[i].name);
		free(stack->nodes[i].label);
		free(stack->nodes[i].file);
		free(stack->nodes[i].parent);
		free(stack->nodes[i].lower);
	}
	for (i = 0; i < stack->n_fses; i++) {
		free(stack->fses[i].target);
		free(stack->fses[i].nodes);
	}
	free(stack->nodes);
	free(stack->fses);
	free(stack->root);
}
