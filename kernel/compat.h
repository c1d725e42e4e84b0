/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only place that knows kernel versions: 6.1 and 6.12 from one source.
 * Everything here is the newer kernel's form, built from what the older has.
 */
#ifndef BLKSNAP_COMPAT_H
#define BLKSNAP_COMPAT_H

#include <linux/blkdev.h>
#include <linux/file.h>
#include <linux/ftrace.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/version.h>

/* What it would do to a bio on others, nobody has seen. */
#define COMPAT_SERIES(a, b)                               \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(a, b, 0) && \
	 LINUX_VERSION_CODE < KERNEL_VERSION(a, (b) + 1, 0))
#if !COMPAT_SERIES(6, 1) && !COMPAT_SERIES(6, 12) && !defined(BLKSNAP_TRY_KERNEL)
#error "blksnap knows Linux 6.1 and 6.12; to try it on another one, build with BLKSNAP_TRY_KERNEL=y"
#endif

/*
 * There locks sleep, also those that handlers of ended bios take, and these
 * are called with preemption off.
 */
#if defined(CONFIG_PREEMPT_RT) && !defined(BLKSNAP_TRY_KERNEL)
#error "blksnap does not know kernels for real time; to try it on one, build with BLKSNAP_TRY_KERNEL=y"
#endif

/* struct genl_split_ops came with 6.2; netlink_compat.h has the rest. */
#define BLKSNAP_HAVE_SPLIT_OPS (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0))

/*
 * The first argument of the function an ftrace callback was called for, and
 * the address it will return to. x86 fills the argument registers with or
 * without SAVE_REGS.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
static __always_inline unsigned long compat_ftrace_arg0(struct ftrace_regs *fregs)
{
	return regs_get_kernel_argument(&fregs->regs, 0);
}
static __always_inline void compat_ftrace_set_ip(struct ftrace_regs *fregs, unsigned long ip)
{
	ftrace_instruction_pointer_set(fregs, ip);
}
#else
static __always_inline unsigned long compat_ftrace_arg0(struct ftrace_regs *fregs)
{
	return ftrace_regs_get_argument(fregs, 0);
}
static __always_inline void compat_ftrace_set_ip(struct ftrace_regs *fregs, unsigned long ip)
{
	ftrace_regs_set_instruction_pointer(fregs, ip);
}
#endif

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_ARGS
#define COMPAT_FTRACE_REGS 0
#else
#define COMPAT_FTRACE_REGS FTRACE_OPS_FL_SAVE_REGS
#endif

/*
 * An opened block device. On 6.1 the open is remembered by its mode, later
 * by a struct file.
 */
struct compat_bdev {
	struct block_device *bdev;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
	fmode_t mode;
#else
	struct file *file;
#endif
};

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
static inline int compat_bdev_open(struct compat_bdev *b, dev_t dev, bool write, void *holder)
{
	b->mode = FMODE_READ | (write ? FMODE_WRITE : 0) | (holder ? FMODE_EXCL : 0);
	b->bdev = blkdev_get_by_dev(dev, b->mode, holder);
	if (IS_ERR(b->bdev)) {
		int ret = PTR_ERR(b->bdev);

		b->bdev = NULL;
		return ret;
	}
	return 0;
}
static inline void compat_bdev_close(struct compat_bdev *b)
{
	if (b->bdev)
		blkdev_put(b->bdev, b->mode);
	b->bdev = NULL;
}
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
static inline int compat_bdev_open(struct compat_bdev *b, dev_t dev, bool write, void *holder)
{
	blk_mode_t mode = BLK_OPEN_READ | (write ? BLK_OPEN_WRITE : 0);

	b->bdev = NULL;
	b->file = bdev_file_open_by_dev(dev, mode, holder, NULL);
	if (IS_ERR(b->file))
		return PTR_ERR(b->file);
	b->bdev = file_bdev(b->file);
	return 0;
}
static inline void compat_bdev_close(struct compat_bdev *b)
{
	/* Not bdev_fput(): it is 6.10, and puts off the release in kthreads. */
	if (b->bdev)
		__fput_sync(b->file);
	b->bdev = NULL;
}
#else
#error "blksnap does not know this kernel's way to open block devices"
#endif

/* Page-at-a-time I/O bypasses bios altogether; gone in 6.4. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
static inline bool compat_has_rw_page(struct gendisk *disk)
{
	return disk->fops->rw_page;
}
#else
static inline bool compat_has_rw_page(struct gendisk *disk)
{
	return false;
}
#endif

/* Bios of such a queue carry keys; a copy would be plain text or lost. */
#ifdef CONFIG_BLK_INLINE_ENCRYPTION
static inline bool compat_has_crypto(struct gendisk *disk)
{
	return disk->queue->crypto_profile;
}
#else
static inline bool compat_has_crypto(struct gendisk *disk)
{
	return false;
}
#endif

/* dax_device of a disk; DAX stores make no bio. */
static inline bool compat_disk_is_dax(struct gendisk *disk)
{
	return blk_queue_dax(disk->queue);
}

/*
 * A bio-based, read-only disk with the block sizes of @origin, which reads go
 * to as they come. The limits are handed over at allocation from 6.9 on.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
static inline struct gendisk *compat_alloc_disk(struct block_device *origin)
{
	struct gendisk *disk = blk_alloc_disk(NUMA_NO_NODE);

	if (!disk)
		return ERR_PTR(-ENOMEM);
	blk_queue_logical_block_size(disk->queue, bdev_logical_block_size(origin));
	blk_queue_physical_block_size(disk->queue, bdev_physical_block_size(origin));
	blk_queue_update_dma_alignment(disk->queue, bdev_dma_alignment(origin));
	blk_queue_max_hw_sectors(disk->queue, BLK_DEF_MAX_SECTORS);
	blk_queue_flag_set(QUEUE_FLAG_NONROT, disk->queue);
	return disk;
}
#else
static inline struct gendisk *compat_alloc_disk(struct block_device *origin)
{
	struct queue_limits lim = {
		.logical_block_size = bdev_logical_block_size(origin),
		.physical_block_size = bdev_physical_block_size(origin),
		.dma_alignment = max(bdev_dma_alignment(origin), SECTOR_SIZE - 1U),
		.max_hw_sectors = 2560,
	};

	return blk_alloc_disk(&lim, NUMA_NO_NODE);
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
static inline unsigned int compat_partno(struct block_device *bdev)
{
	return bdev->bd_partno;
}
#else
static inline unsigned int compat_partno(struct block_device *bdev)
{
	return bdev_partno(bdev);
}
#endif

/* ->open() of a disk took a block_device and a mode until 6.5. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define COMPAT_DISK_OPEN(name, fn)                               \
	static int name(struct block_device *bdev, fmode_t mode) \
	{                                                        \
		return fn(bdev->bd_disk);                        \
	}
#else
#define COMPAT_DISK_OPEN(name, fn)                             \
	static int name(struct gendisk *disk, blk_mode_t mode) \
	{                                                      \
		return fn(disk);                               \
	}
#endif

/*
 * Freeze the file system on @bdev, waiting for its writers. Returns 0 when
 * frozen by us, -EBUSY when somebody else had frozen it (then nothing is to
 * be thawed), another -errno when it failed.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
static inline int compat_freeze_bdev(struct block_device *bdev)
{
	return freeze_bdev(bdev);
}
static inline int compat_thaw_bdev(struct block_device *bdev)
{
	return thaw_bdev(bdev);
}
#else
static inline int compat_freeze_bdev(struct block_device *bdev)
{
	bool frozen = false;

	mutex_lock(&bdev->bd_holder_lock);
	if (bdev->bd_holder && bdev->bd_holder_ops == &fs_holder_ops) {
		struct super_block *sb = bdev->bd_holder;

		frozen = READ_ONCE(sb->s_writers.frozen) != SB_UNFROZEN;
	}
	mutex_unlock(&bdev->bd_holder_lock);
	return frozen ? -EBUSY : bdev_freeze(bdev);
}
static inline int compat_thaw_bdev(struct block_device *bdev)
{
	return bdev_thaw(bdev);
}
#endif

/* The same for a superblock that no block device leads to (btrfs). */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
static inline int compat_freeze_super(struct super_block *sb)
{
	return sb->s_op->freeze_super ? sb->s_op->freeze_super(sb) : freeze_super(sb);
}
static inline int compat_thaw_super(struct super_block *sb)
{
	return sb->s_op->thaw_super ? sb->s_op->thaw_super(sb) : thaw_super(sb);
}
#else
static inline int compat_freeze_super(struct super_block *sb)
{
	if (READ_ONCE(sb->s_writers.frozen) != SB_UNFROZEN)
		return -EBUSY;
	return sb->s_op->freeze_super ? sb->s_op->freeze_super(sb, FREEZE_HOLDER_KERNEL) :
					freeze_super(sb, FREEZE_HOLDER_KERNEL);
}
static inline int compat_thaw_super(struct super_block *sb)
{
	return sb->s_op->thaw_super ? sb->s_op->thaw_super(sb, FREEZE_HOLDER_KERNEL) :
				      thaw_super(sb, FREEZE_HOLDER_KERNEL);
}
#endif

#endif /* BLKSNAP_COMPAT_H */
