/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only place that knows kernel versions: 6.1, 6.12 and 7.3 from one source.
 * Everything here is the newer kernel's form, built from what the older has.
 */
#ifndef BLKSNAP_COMPAT_H
#define BLKSNAP_COMPAT_H

#include <linux/bio.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/file.h>
#include <linux/ftrace.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/timer.h>
#include <linux/version.h>
#include <linux/workqueue.h>

/* What it would do to a bio on others, nobody has seen. */
#define COMPAT_SERIES(a, b)                               \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(a, b, 0) && \
	 LINUX_VERSION_CODE < KERNEL_VERSION(a, (b) + 1, 0))
#if !COMPAT_SERIES(6, 1) && !COMPAT_SERIES(6, 12) && !COMPAT_SERIES(7, 3) && \
	!defined(BLKSNAP_TRY_KERNEL)
#error "blksnap knows Linux 6.1, 6.12 and 7.3; to try it on another one, build with BLKSNAP_TRY_KERNEL=y"
#endif

/*
 * There locks sleep, also those that handlers of ended bios take, and these
 * are called with preemption off.
 */
#if defined(CONFIG_PREEMPT_RT) && !defined(BLKSNAP_TRY_KERNEL)
#error "blksnap does not know kernels for real time; to try it on one, build with BLKSNAP_TRY_KERNEL=y"
#endif

/* A copied unit is written as a whole page. */
#if PAGE_SHIFT != 12
#error "blksnap knows pages of 4 KiB; this kernel has larger ones"
#endif

/* On arm64 6.1 has the latter, 6.12 the former. */
#if !defined(CONFIG_DYNAMIC_FTRACE_WITH_ARGS) && !defined(CONFIG_DYNAMIC_FTRACE_WITH_REGS)
#error "blksnap needs DYNAMIC_FTRACE_WITH_ARGS or _REGS; by this kernel's ftrace no function can be redirected"
#endif

/* struct genl_split_ops came with 6.2; netlink_compat.h has the rest. */
#define BLKSNAP_HAVE_SPLIT_OPS (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0))

/*
 * The first argument of the function an ftrace callback was called for, and
 * the address it will return to. x86, arm64's 6.12 and s390 fill the argument
 * registers with or without SAVE_REGS. 6.1's setter of the address does nothing
 * where it has no DYNAMIC_FTRACE_WITH_ARGS (arm64). On s390 what gets arguments
 * is not exported; struct ftrace_regs begins with the registers.
 */
#if defined(CONFIG_S390)
static __always_inline unsigned long compat_ftrace_arg0(struct ftrace_regs *fregs)
{
	return ((struct pt_regs *)fregs)->gprs[2];
}
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
static __always_inline unsigned long compat_ftrace_arg0(struct ftrace_regs *fregs)
{
	return regs_get_kernel_argument(&fregs->regs, 0);
}
#else
static __always_inline unsigned long compat_ftrace_arg0(struct ftrace_regs *fregs)
{
	return ftrace_regs_get_argument(fregs, 0);
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
static __always_inline void compat_ftrace_set_ip(struct ftrace_regs *fregs, unsigned long ip)
{
	instruction_pointer_set(&fregs->regs, ip);
}
#else
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

/*
 * Call the own handler of a bio that has ended at another one, whose caller
 * has put its own back. Preemption is off.
 *
 * Newer kernels have handlers that are not to be called by others than
 * bio_endio(): that of a chained bio is a mere mark, and that of one with
 * BIO_COMPLETE_IN_TASK is called by a work of the block layer where preemption
 * is off. So the bio ends once more there, as in drivers that do the like;
 * what else is done at an end has left its mark and is not done again, but for
 * who limits I/O, and has been told.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void compat_bio_hand_back(struct bio *bio)
{
	if (bio->bi_end_io)
		bio->bi_end_io(bio);
}
#else
static inline void compat_bio_hand_back(struct bio *bio)
{
	bio_clear_flag(bio, BIO_QOS_THROTTLED);
	bio_clear_flag(bio, BIO_QOS_MERGED);
	bio_endio(bio);
}
#endif

/*
 * The other half of blk_freeze_queue_start(). Later kernels also have one that
 * gives back what freezing took of the task's right to ask for memory: that is
 * done by another function than the one that starts.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
static inline void compat_unfreeze_queue(struct request_queue *queue)
{
	blk_mq_unfreeze_queue(queue);
}
#else
static inline void compat_unfreeze_queue(struct request_queue *queue)
{
	blk_mq_unfreeze_queue_nomemrestore(queue);
}
#endif

/* The system's queue of works that may run anywhere. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
#define compat_unbound_wq system_unbound_wq
#else
#define compat_unbound_wq system_dfl_wq
#endif

/* Some 6.1 have the later name, too. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
static inline void compat_timer_delete_sync(struct timer_list *timer)
{
	del_timer_sync(timer);
}
#else
static inline void compat_timer_delete_sync(struct timer_list *timer)
{
	timer_delete_sync(timer);
}
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
/*
 * The superblock that holds @bdev, or NULL. Guarded by bd_holder_lock. From
 * 7.3 on the operations of such holders have no name for others, but no other
 * holder freezes; and those of a file system's further devices may be held by
 * its type (erofs), which is no allocated object.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 3, 0)
static inline struct super_block *compat_bdev_super(struct block_device *bdev)
{
	return bdev->bd_holder_ops == &fs_holder_ops ? bdev->bd_holder : NULL;
}
#else
static inline struct super_block *compat_bdev_super(struct block_device *bdev)
{
	void *holder = bdev->bd_holder;

	if (!holder || !bdev->bd_holder_ops || !bdev->bd_holder_ops->freeze ||
	    !virt_addr_valid(holder) || !folio_test_slab(virt_to_folio(holder)))
		return NULL;
	return holder;
}
#endif
static inline int compat_freeze_bdev(struct block_device *bdev)
{
	struct super_block *sb;
	bool frozen;

	mutex_lock(&bdev->bd_holder_lock);
	sb = compat_bdev_super(bdev);
	frozen = sb && READ_ONCE(sb->s_writers.frozen) != SB_UNFROZEN;
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
/* Freezes that can be nested have no owner. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#define COMPAT_FREEZE_KERNEL FREEZE_HOLDER_KERNEL
#else
#define COMPAT_FREEZE_KERNEL FREEZE_HOLDER_KERNEL, NULL
#endif
static inline int compat_freeze_super(struct super_block *sb)
{
	if (READ_ONCE(sb->s_writers.frozen) != SB_UNFROZEN)
		return -EBUSY;
	return sb->s_op->freeze_super ? sb->s_op->freeze_super(sb, COMPAT_FREEZE_KERNEL) :
					freeze_super(sb, COMPAT_FREEZE_KERNEL);
}
static inline int compat_thaw_super(struct super_block *sb)
{
	return sb->s_op->thaw_super ? sb->s_op->thaw_super(sb, COMPAT_FREEZE_KERNEL) :
				      thaw_super(sb, COMPAT_FREEZE_KERNEL);
}
#endif

#endif /* BLKSNAP_COMPAT_H */
