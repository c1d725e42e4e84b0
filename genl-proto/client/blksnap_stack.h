/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What libblksnap knows about the machine's stack of block devices: which lies on
 * which, what is mounted on them, what may be a member or an area. Included by
 * blksnap.h, whose conventions hold here.
 */
#ifndef BLKSNAP_STACK_H
#define BLKSNAP_STACK_H

#include "blksnap_objects.h"

#ifdef __cplusplus
extern "C" {
#endif

struct blksnap_stack;

/**
 * blksnap_stack_open() - look at the machine's block devices and mounts
 * @root: directory in which "sys", "proc" and "dev" lie; NULL is "/"
 * @stack: result, freed with blksnap_stack_close()
 * @err: why it failed
 *
 * What it tells is as of this call.
 *
 * Return: 0, -ENOMEM, -errno of reading sysfs.
 */
BLKSNAP_API int blksnap_stack_open(const char *root, struct blksnap_stack **stack,
				   struct blksnap_error *err);

/**
 * blksnap_stack_close() - free it
 * @stack: stack, or NULL
 */
BLKSNAP_API void blksnap_stack_close(struct blksnap_stack *stack);

/**
 * blksnap_stack_resolve() - the device a path or name means
 * @stack: stack
 * @text: a path to a block device or to a link to one, a kernel name ("vda1"),
 *	or MAJOR:MINOR
 * @dev: result
 * @err: why it failed
 *
 * Return: 0, -ENOENT (nothing there), -ENOTBLK (no block device).
 */
BLKSNAP_API int blksnap_stack_resolve(const struct blksnap_stack *stack,
				      const char *text, struct blksnap_dev *dev,
				      struct blksnap_error *err);

/**
 * blksnap_stack_device() - go through all devices
 * @stack: stack
 * @index: which, from 0
 * @dev: result
 *
 * Return: false if there are not so many.
 */
BLKSNAP_API bool blksnap_stack_device(const struct blksnap_stack *stack,
				      size_t index, struct blksnap_dev *dev);

/**
 * blksnap_stack_name() - kernel name of a device
 * @stack: stack
 * @dev: device
 *
 * Return: a string that lives as long as @stack, or NULL.
 */
BLKSNAP_API const char *blksnap_stack_name(const struct blksnap_stack *stack,
					   struct blksnap_dev dev);

/**
 * blksnap_stack_label() - what people call a device
 * @stack: stack
 * @dev: device
 *
 * Return: "vg-root" for a device-mapper device, otherwise the kernel name, or
 *	NULL; lives as long as @stack.
 */
BLKSNAP_API const char *blksnap_stack_label(const struct blksnap_stack *stack,
					    struct blksnap_dev dev);

/**
 * blksnap_stack_sectors() - size of a device
 * @stack: stack
 * @dev: device
 *
 * Return: sectors; 0 if unknown.
 */
BLKSNAP_API uint64_t blksnap_stack_sectors(const struct blksnap_stack *stack,
					   struct blksnap_dev dev);

/**
 * blksnap_stack_sort() - order members, top of the stack first
 * @stack: stack
 * @devs: devices, sorted in place; those not stacked keep their order
 * @count: number of @devs
 */
BLKSNAP_API void blksnap_stack_sort(const struct blksnap_stack *stack,
				    struct blksnap_dev *devs, size_t count);

/**
 * blksnap_stack_check_members() - may these be one set?
 * @stack: stack
 * @devs: devices
 * @count: number of @devs
 * @err: the reason, as "loop0 is a file on member vdb"
 *
 * To be asked of a single device, too, before it is attached: the kernel does not
 * refuse a path of a multipath map, and does not see what the map writes to it.
 *
 * Return: 0, -EINVAL (a device named twice, or a disk and a part of it), -ELOOP (a file
 * on a member), -EOPNOTSUPP (a path of a multipath map).
 */
BLKSNAP_API int blksnap_stack_check_members(const struct blksnap_stack *stack,
					    const struct blksnap_dev *devs,
					    size_t count,
					    struct blksnap_error *err);

/**
 * blksnap_stack_check_area() - may this device hold the area of these members?
 * @stack: stack
 * @devs: members
 * @count: number of @devs
 * @range: range of the area
 * @err: the reason
 *
 * Return: 0, -EBUSY (mounted, swap, held by another device, stacked above or
 *	below a member, the same disk's sectors), -EROFS, -EINVAL (too small,
 *	beyond the end).
 */
BLKSNAP_API int blksnap_stack_check_area(const struct blksnap_stack *stack,
					 const struct blksnap_dev *devs,
					 size_t count,
					 const struct blksnap_range *range,
					 struct blksnap_error *err);

/**
 * blksnap_stack_check_file() - may a file here hold the area of these members?
 * @stack: stack
 * @devs: members
 * @count: number of @devs
 * @path: the file or its directory
 * @err: the reason
 *
 * Return: 0, -EBUSY (its file system lies on a member), -errno of stat().
 */
BLKSNAP_API int blksnap_stack_check_file(const struct blksnap_stack *stack,
					 const struct blksnap_dev *devs,
					 size_t count, const char *path,
					 struct blksnap_error *err);

/**
 * blksnap_stack_freezes() - the file systems a take of these members freezes
 * @stack: stack
 * @devs: members
 * @count: number of @devs
 * @freezes: array in the order of freezing, upper ones first; freed with
 *	blksnap_freezes_free()
 * @n_freezes: number of file systems
 * @err: why it failed
 *
 * Finds mounted file systems on the members, on their partitions, and on
 * whatever is stacked on them.
 *
 * Return: 0, -ENOMEM.
 */
BLKSNAP_API int blksnap_stack_freezes(const struct blksnap_stack *stack,
				      const struct blksnap_dev *devs,
				      size_t count,
				      struct blksnap_freeze **freezes,
				      size_t *n_freezes,
				      struct blksnap_error *err);

/**
 * blksnap_freezes_free() - free a list of file systems
 * @freezes: array, or NULL
 * @count: number of file systems
 */
BLKSNAP_API void blksnap_freezes_free(struct blksnap_freeze *freezes,
				      size_t count);

#ifdef __cplusplus
}
#endif

#endif /* BLKSNAP_STACK_H */
