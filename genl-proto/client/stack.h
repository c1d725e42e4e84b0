/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stack: what lies on what.
 *
 * stack_scan.c reads sysfs, mountinfo and swaps into the tables below, once;
 * stack.c only thinks about them. "Lower" is towards the medium: a partition's
 * disk, the slaves of a dm or md device, the devices of the file system that a
 * loop device's file lies on.
 */
#ifndef BLKSNAP_CLIENT_STACK_H
#define BLKSNAP_CLIENT_STACK_H

#include "blksnap.h"

/**
 * struct stack_lower - one step down
 * @node: index of the lower device
 * @file: through a file of a file system on it
 */
struct stack_lower {
	size_t node;
	bool file;
};

/**
 * struct stack_node - one block device
 * @dev: number
 * @name: kernel name
 * @label: name for people, or NULL: @name
 * @file: backing file of a loop device, or NULL
 * @parent: name of the disk, if a partition
 * @start_sectors: first sector on the disk, if a partition
 * @sectors: size
 * @readonly: cannot be written
 * @swap: in use as swap
 * @requests: hands requests to what it lies on, not bios: a multipath map
 * @lower: what it lies on
 * @n_lower: number of @lower
 */
struct stack_node {
	struct blksnap_dev dev;
	char *name;
	char *label;
	char *file;
	char *parent;
	uint64_t start_sectors;
	uint64_t sectors;
	bool readonly;
	bool swap;
	bool requests;
	struct stack_lower *lower;
	size_t n_lower;
};

/**
 * struct stack_fs - one mounted file system
 * @target: where
 * @nodes: indices of its devices
 * @n_nodes: number of @nodes; the file systems without one are left out
 * @by_path: its device number does not lead to the superblock
 */
struct stack_fs {
	char *target;
	size_t *nodes;
	size_t n_nodes;
	bool by_path;
};

struct blksnap_stack {
	char *root;
	struct stack_node *nodes;
	size_t n_nodes;
	struct stack_fs *fses;
	size_t n_fses;
};

#define STACK_NONE ((size_t)-1)

/**
 * stack_find() - index of a device, or STACK_NONE
 */
size_t stack_find(const struct blksnap_stack *stack, struct blksnap_dev dev);

/**
 * stack_find_name() - index of a device by kernel name, or STACK_NONE
 */
size_t stack_find_name(const struct blksnap_stack *stack, const char *name);

/**
 * stack_fs_of() - the file system a path lies on, or NULL
 * @path: absolute, without links
 */
const struct stack_fs *stack_fs_of(const struct blksnap_stack *stack,
				   const char *path);

/**
 * stack_scan() - fill a stack from @stack->root
 *
 * Return: 0, -ENOMEM, -errno.
 */
int stack_scan(struct blksnap_stack *stack);

void stack_scan_free(struct blksnap_stack *stack);

#endif /* BLKSNAP_CLIENT_STACK_H */
