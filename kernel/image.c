// SPDX-License-Identifier: GPL-2.0
#include "image.h"

#include <linux/delay.h>
#include <linux/device.h>
#include <linux/idr.h>
#include <linux/slab.h>

#include "compat.h"
#include "cow.h"
#include "image_priv.h"

static DEFINE_IDA(image_ida);
static atomic_t images_alive = ATOMIC_INIT(0);

int image_module_init(void)
{
	return image_read_init();
}

/*
 * The last to let go of a disk may be somebody who only looked at a list of disks,
 * and holds no reference to the module.
 */
void image_module_exit(void)
{
	while (atomic_read(&images_alive))
		msleep(1);
	synchronize_rcu_tasks(); /* the end of image_free_disk() */
	image_read_exit();
	ida_destroy(&image_ida);
}

static int image_open_disk(struct gendisk *disk)
{
	struct image *image = disk->private_data;

	lockdep_assert_held(&disk->open_mutex);
	return image->blocked ? -EBUSY : 0;
}

static void image_free(struct image *image)
{
	ida_free(&image_ida, image->index);
	kfree(image);
	atomic_dec(&images_alive);
}

static void image_free_disk(struct gendisk *disk)
{
	image_free(disk->private_data);
}

static ssize_t snapshot_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct image *image = dev_to_disk(dev)->private_data;

	return image->ops->show_snapshot(image->owner, buf);
}
static DEVICE_ATTR_RO(snapshot);

static ssize_t origin_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct image *image = dev_to_disk(dev)->private_data;

	return image->ops->show_origin(image->owner, buf);
}
static DEVICE_ATTR_RO(origin);

static struct attribute *image_attrs[] = {
	&dev_attr_snapshot.attr,
	&dev_attr_origin.attr,
	NULL,
};

static const struct attribute_group image_group = {
	.name = "blksnap",
	.attrs = image_attrs,
};

static const struct attribute_group *image_groups[] = {
	&image_group,
	NULL,
};

COMPAT_DISK_OPEN(image_open, image_open_disk)

static const struct block_device_operations image_fops = {
	.owner = THIS_MODULE,
	.open = image_open,
	.submit_bio = image_submit_bio,
	.free_disk = image_free_disk,
};

struct image *image_create(struct cow *cow, sector_t sectors, bool partscan,
			   const struct image_ops *ops, void *owner)
{
	struct image *image = kzalloc(sizeof(*image), GFP_KERNEL);
	int ret = -ENOMEM;

	if (!image)
		return ERR_PTR(-ENOMEM);
	image->cow = cow;
	image->ops = ops;
	image->owner = owner;
	image->index = ida_alloc(&image_ida, GFP_KERNEL);
	if (image->index < 0) {
		ret = image->index;
		goto err_free;
	}
	image->disk = compat_alloc_disk(cow_origin(cow));
	if (IS_ERR(image->disk)) {
		ret = PTR_ERR(image->disk);
		goto err_ida;
	}
	snprintf(image->disk->disk_name, DISK_NAME_LEN, "blksnap%d", image->index);
	image->disk->fops = &image_fops;
	image->disk->private_data = image;
	atomic_inc(&images_alive);
	if (!partscan)
		image->disk->flags |= GENHD_FL_NO_PART;
	set_capacity(image->disk, sectors);
	set_disk_ro(image->disk, true);
	return image;

err_ida:
	ida_free(&image_ida, image->index);
err_free:
	kfree(image);
	return ERR_PTR(ret);
}

int image_publish(struct image *image)
{
	int ret = device_add_disk(NULL, image->disk, image_groups);

	if (!ret)
		image->published = true;
	return ret;
}

void image_settle(struct image *image, unsigned long end)
{
	while (disk_openers(image->disk) && time_before(jiffies, end))
		msleep(1);
}

int image_block(struct image *image)
{
	unsigned long end = jiffies + HZ;
	int ret = 0;

	/* A last close waits for reads, and so for an area's device: not here, too. */
	while (!mutex_trylock(&image->disk->open_mutex)) {
		if (time_after(jiffies, end))
			return -EBUSY;
		msleep(10);
	}
	if (image->published && disk_openers(image->disk))
		ret = -EBUSY;
	else
		image->blocked = true;
	mutex_unlock(&image->disk->open_mutex);
	return ret;
}

void image_unblock(struct image *image)
{
	mutex_lock(&image->disk->open_mutex);
	image->blocked = false;
	mutex_unlock(&image->disk->open_mutex);
}

struct image_use image_use(struct image *image)
{
	struct gendisk *disk = image->disk;

	/* The whole disk also counts and is held for its partitions. */
	return (struct image_use){
		.openers = disk_openers(disk),
		.held = READ_ONCE(disk->part0->bd_holder),
	};
}

void image_renamed(struct image *image)
{
	disk_uevent(image->disk, KOBJ_CHANGE);
}

void image_remove(struct image *image)
{
	WRITE_ONCE(image->removed, true);
	if (image->published)
		del_gendisk(image->disk);
}

void image_put(struct image *image)
{
	bool published;

	if (!image)
		return;
	published = image->published;
	put_disk(image->disk);
	/* ->free_disk() is called only for a disk that was added. */
	if (!published)
		image_free(image);
}

dev_t image_dev(struct image *image)
{
	return disk_devt(image->disk);
}

const char *image_name(struct image *image)
{
	return image->disk->disk_name;
}
