// SPDX-License-Identifier: GPL-2.0
/*
 * eraser - a disk in memory, /dev/eraser, that takes a secure erase: no device
 * of a stock kernel does that QEMU has.
 */
#include <linux/blkdev.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#define ERASER_SECTORS (16 << 11)

static int eraser_major;
static struct gendisk *eraser;
static u8 *eraser_data;

/* Context: process, may sleep. All of it is done when it returns. */
static void eraser_submit(struct bio *bio)
{
	u8 *at = eraser_data + (bio->bi_iter.bi_sector << SECTOR_SHIFT);
	struct bvec_iter iter;
	struct bio_vec bv;

	switch (bio_op(bio)) {
	case REQ_OP_READ:
	case REQ_OP_WRITE:
		bio_for_each_segment(bv, bio, iter) {
			if (bio_op(bio) == REQ_OP_READ)
				memcpy_to_bvec(&bv, at);
			else
				memcpy_from_bvec(at, &bv);
			at += bv.bv_len;
		}
		break;
	case REQ_OP_SECURE_ERASE:
		memset(at, 0, bio->bi_iter.bi_size);
		break;
	default:
		bio_io_error(bio);
		return;
	}
	bio_endio(bio);
}

static const struct block_device_operations eraser_ops = {
	.owner = THIS_MODULE,
	.submit_bio = eraser_submit,
};

static int __init eraser_init(void)
{
	int ret = -ENOMEM;

	eraser_data = vzalloc((size_t)ERASER_SECTORS << SECTOR_SHIFT);
	if (!eraser_data)
		return ret;
	ret = eraser_major = register_blkdev(0, "eraser");
	if (ret < 0)
		goto err_data;
	ret = -ENOMEM;
	eraser = blk_alloc_disk(NUMA_NO_NODE);
	if (!eraser)
		goto err_major;
	eraser->major = eraser_major;
	eraser->minors = 1;
	eraser->fops = &eraser_ops;
	strscpy(eraser->disk_name, "eraser", sizeof(eraser->disk_name));
	set_capacity(eraser, ERASER_SECTORS);
	blk_queue_max_secure_erase_sectors(eraser->queue, ERASER_SECTORS);
	ret = add_disk(eraser);
	if (!ret)
		return 0;
	put_disk(eraser);
err_major:
	unregister_blkdev(eraser_major, "eraser");
err_data:
	vfree(eraser_data);
	return ret;
}

static void __exit eraser_exit(void)
{
	del_gendisk(eraser);
	put_disk(eraser);
	unregister_blkdev(eraser_major, "eraser");
	vfree(eraser_data);
}

module_init(eraser_init);
module_exit(eraser_exit);
MODULE_DESCRIPTION("a disk in memory that takes a secure erase");
MODULE_LICENSE("GPL");
