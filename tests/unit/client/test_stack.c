// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A made-up machine below a temporary directory:
 *
 *	vda  -> vda1 (ext4 on /), vda2 (LVM: dm-0 vg-home, ext4 on /home)
 *	vdb  (xfs on /data), with the file /data/disk.img -> loop0 (ext4 on /img)
 *	vdc, vdd (one btrfs, on /pool)
 *	vde  (free), vdf (swap), vdg (read-only)
 *	md0 = vdh + vdi; dm-1 (luks) on md0, xfs on /crypt
 *	sda (sda1), sdb: paths of dm-2 (mpatha), on it dm-3 (mpatha-part1)
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blksnap.h"

static char root[] = "/tmp/blksnap-stack-XXXXXX";
static struct blksnap_stack *stack;
static struct blksnap_error err;

static void put(const char *path, const char *text)
{
	char full[512], *slash;
	FILE *out;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	for (slash = full + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		mkdir(full, 0755);
		*slash = '/';
	}
	out = fopen(full, "w");
	cr_assert(out, "%s", full);
	fputs(text, out);
	fclose(out);
}

static void disk(const char *name, const char *dev, const char *sectors)
{
	char path[256], to[256], from[512];

	snprintf(path, sizeof(path), "sys/devices/%s/dev", name);
	put(path, dev);
	snprintf(path, sizeof(path), "sys/devices/%s/size", name);
	put(path, sectors);
	put("sys/class/block/.keep", "");
	snprintf(to, sizeof(to), "../../devices/%s", name);
	snprintf(from, sizeof(from), "%s/sys/class/block/%s", root,
		 strrchr(name, '/') ? strrchr(name, '/') + 1 : name);
	cr_assert_eq(symlink(to, from), 0);
}

static void slave(const char *upper, const char *lower)
{
	char path[256];

	snprintf(path, sizeof(path), "sys/devices/%s/slaves/%s", upper, lower);
	put(path, "");
}

static void setup(void)
{
	strcpy(root + strlen(root) - 6, "XXXXXX");
	cr_assert(mkdtemp(root));
	disk("vda", "254:0\n", "2097152\n");
	disk("vda/vda1", "254:1\n", "1048576\n");
	put("sys/devices/vda/vda1/partition", "1\n");
	put("sys/devices/vda/vda1/start", "2048\n");
	disk("vda/vda2", "254:2\n", "524288\n");
	put("sys/devices/vda/vda2/partition", "2\n");
	put("sys/devices/vda/vda2/start", "1050624\n");
	disk("dm-0", "253:0\n", "524288\n");
	put("sys/devices/dm-0/dm/name", "vg-home\n");
	slave("dm-0", "vda2");
	disk("sda", "8:0\n", "524288\n");
	disk("sda/sda1", "8:1\n", "262144\n");
	put("sys/devices/sda/sda1/partition", "1\n");
	put("sys/devices/sda/sda1/start", "2048\n");
	disk("sdb", "8:16\n", "524288\n");
	disk("dm-2", "253:2\n", "524288\n");
	put("sys/devices/dm-2/dm/name", "mpatha\n");
	put("sys/devices/dm-2/mq/0/cpu_list", "0\n");
	slave("dm-2", "sda");
	slave("dm-2", "sdb");
	disk("dm-3", "253:3\n", "262144\n");
	put("sys/devices/dm-3/dm/name", "mpatha-part1\n");
	slave("dm-3", "dm-2");
	disk("vdb", "254:16\n", "2097152\n");
	disk("loop0", "7:0\n", "204800\n");
	put("sys/devices/loop0/loop/backing_file", "/data/disk.img\n");
	disk("vdc", "254:32\n", "2097152\n");
	disk("vdd", "254:48\n", "2097152\n");
	put("sys/fs/btrfs/1234/devices/vdc", "");
	put("sys/fs/btrfs/1234/devices/vdd", "");
	disk("vde", "254:64\n", "2097152\n");
	disk("vdf", "254:80\n", "2097152\n");
	disk("vdg", "254:96\n", "2097152\n");
	put("sys/devices/vdg/ro", "1\n");
	disk("vdh", "254:112\n", "2097152\n");
	disk("vdi", "254:128\n", "2097152\n");
	disk("md0", "9:0\n", "2097152\n");
	slave("md0", "vdh");
	slave("md0", "vdi");
	disk("dm-1", "253:1\n", "2097152\n");
	put("sys/devices/dm-1/dm/name", "luks\n");
	slave("dm-1", "md0");
	put("proc/swaps", "Filename Type Size Used Priority\n"
			  "/dev/vdf partition 1048572 0 -2\n");
	put("proc/self/mountinfo",
	    "21 1 254:1 / / rw - ext4 /dev/vda1 rw\n"
	    "22 21 0:20 / /proc rw - proc proc rw\n"
	    "23 21 253:0 / /home rw - ext4 /dev/mapper/vg-home rw\n"
	    "24 21 254:16 / /data rw - xfs /dev/vdb rw\n"
	    "25 21 7:0 / /img rw - ext4 /dev/loop0 rw\n"
	    "26 21 0:40 / /pool rw - btrfs /dev/vdc rw\n"
	    "27 21 253:1 / /crypt rw - xfs /dev/mapper/luks rw\n"
	    "28 21 254:16 /sub /bind rw - xfs /dev/vdb rw\n");
	put("data/.keep", "");
	put("home/.keep", "");
	put("tmp/.keep", "");
	cr_assert_eq(blksnap_stack_open(root, &stack, &err), 0, "%s", err.message);
}

static void teardown(void)
{
	char command[128];

	blksnap_stack_close(stack);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	cr_assert_eq(system(command), 0);
}

static struct blksnap_dev dev(const char *name)
{
	struct blksnap_dev found;

	cr_assert_eq(blksnap_stack_resolve(stack, name, &found, &err), 0, "%s", name);
	return found;
}

/* "home:dm-0 data:..." would hide the order: names only, in order. */
static const char *freezes_of(const char *const *names, size_t count)
{
	static char text[512];
	struct blksnap_dev devs[8];
	struct blksnap_freeze *list;
	size_t i, n;

	for (i = 0; i < count; i++)
		devs[i] = dev(names[i]);
	cr_assert_eq(blksnap_stack_freezes(stack, devs, count, &list, &n, &err), 0);
	text[0] = 0;
	for (i = 0; i < n; i++) {
		strcat(text, i ? " " : "");
		strcat(text, list[i].path ?
				     list[i].path :
				     blksnap_stack_name(stack, list[i].dev));
	}
	blksnap_freezes_free(list, n);
	return text;
}

#define FREEZES(want, ...)                                                       \
	do {                                                                     \
		const char *const names_[] = { __VA_ARGS__ };                    \
		cr_expect_str_eq(freezes_of(names_,                              \
					    sizeof(names_) / sizeof(*names_)),   \
				 want);                                          \
	} while (0)

static int check_area(const char *member, const char *area, uint64_t start,
		      uint64_t count)
{
	struct blksnap_dev devs[] = { dev(member) };
	struct blksnap_range range = { dev(area), start, count };

	return blksnap_stack_check_area(stack, devs, 1, &range, &err);
}

TestSuite(stack, .init = setup, .fini = teardown);

Test(stack, resolves_names_numbers_and_paths)
{
	struct blksnap_dev found;

	cr_expect_eq(dev("vda1").minor, 1);
	cr_expect_eq(dev("/dev/vda1").minor, 1);
	cr_expect_eq(dev("254:1").major, 254);
	cr_expect_eq(blksnap_stack_resolve(stack, "/dev/nope", &found, &err), -ENOENT);
	cr_expect_eq(blksnap_stack_resolve(stack, "254:99", &found, &err), -ENOENT);
	cr_expect_eq(blksnap_stack_resolve(stack, "/data", &found, &err), -ENOTBLK);
}

Test(stack, knows_names_and_sizes)
{
	cr_expect_str_eq(blksnap_stack_label(stack, dev("dm-0")), "vg-home");
	cr_expect_str_eq(blksnap_stack_name(stack, dev("dm-0")), "dm-0");
	cr_expect_eq(blksnap_stack_sectors(stack, dev("vda1")), 1048576);
}

Test(stack, freezes_what_lies_on_a_whole_disk)
{
	FREEZES("dm-0 vda1", "vda");
}

Test(stack, freezes_only_what_lies_on_a_partition)
{
	FREEZES("vda1", "vda1");
	FREEZES("dm-0", "vda2");
}

Test(stack, freezes_upper_file_systems_first)
{
	FREEZES("loop0 vdb", "vdb");
	FREEZES("dm-1", "vdh");
}

Test(stack, freezes_a_file_system_of_many_devices_by_its_path_once)
{
	FREEZES("/pool", "vdd");
	FREEZES("/pool", "vdc", "vdd");
}

Test(stack, freezes_nothing_on_a_free_disk)
{
	FREEZES("", "vde");
}

Test(stack, sorts_members_top_first_and_leaves_equals_alone)
{
	struct blksnap_dev devs[] = { dev("vde"), dev("vdh"), dev("dm-1"),
				      dev("md0"), dev("vdb") };
	const char *want[] = { "dm-1", "md0", "vde", "vdh", "vdb" };
	size_t i;

	blksnap_stack_sort(stack, devs, 5);
	for (i = 0; i < 5; i++)
		cr_expect_str_eq(blksnap_stack_name(stack, devs[i]), want[i]);
}

Test(stack, refuses_a_file_on_a_member_as_member)
{
	struct blksnap_dev devs[] = { dev("vdb"), dev("loop0") };

	cr_expect_eq(blksnap_stack_check_members(stack, devs, 2, &err), -ELOOP);
	cr_expect_str_eq(err.message, "loop0 is a file on member vdb");
}

Test(stack, refuses_a_path_of_a_multipath_map_but_not_the_map)
{
	struct blksnap_dev map = dev("dm-2"), path = dev("sdb"), part = dev("sda1");
	struct blksnap_dev above = dev("dm-3");

	cr_expect_eq(blksnap_stack_check_members(stack, &map, 1, &err), 0);
	cr_expect_eq(blksnap_stack_check_members(stack, &above, 1, &err), 0);
	cr_expect_eq(blksnap_stack_check_members(stack, &path, 1, &err), -EOPNOTSUPP);
	cr_expect_str_eq(err.message,
			 "sdb is a path of mpatha, whose writes cannot be seen on it");
	cr_expect_eq(blksnap_stack_check_members(stack, &part, 1, &err), -EOPNOTSUPP);
	cr_expect_str_eq(err.message,
			 "sda1 is a path of mpatha, whose writes cannot be seen on it");
}

Test(stack, accepts_a_stack_as_members_but_no_device_twice)
{
	struct blksnap_dev devs[] = { dev("dm-1"), dev("md0"), dev("vdh") };
	struct blksnap_dev twice[] = { dev("vdb"), dev("vdb") };

	cr_expect_eq(blksnap_stack_check_members(stack, devs, 3, &err), 0);
	cr_expect_eq(blksnap_stack_check_members(stack, twice, 2, &err), -EINVAL);
}

Test(stack, refuses_a_disk_and_a_part_of_it_as_members)
{
	struct blksnap_dev devs[] = { dev("vda"), dev("vda1") };

	cr_expect_eq(blksnap_stack_check_members(stack, devs, 2, &err), -EINVAL);
	cr_expect_str_eq(err.message, "vda1 is a part of vda");
}

Test(stack, accepts_a_free_disk_as_area)
{
	cr_expect_eq(check_area("vdb", "vde", 0, 0), 0, "%s", err.message);
	cr_expect_eq(check_area("vdb", "vde", 2048, 4096), 0);
}

Test(stack, refuses_an_area_that_is_in_use)
{
	cr_expect_eq(check_area("vde", "vdb", 0, 0), -EBUSY);
	cr_expect_str_eq(err.message, "vdb is mounted on /data");
	cr_expect_eq(check_area("vde", "vdf", 0, 0), -EBUSY);
	cr_expect_str_eq(err.message, "vdf is in use as swap");
	cr_expect_eq(check_area("vde", "vdi", 0, 0), -EBUSY);
	cr_expect_str_eq(err.message, "vdi is in use by md0");
	cr_expect_eq(check_area("vde", "vdd", 0, 0), -EBUSY);
	cr_expect_str_eq(err.message, "vdd is mounted on /pool");
	cr_expect_eq(check_area("vde", "vdg", 0, 0), -EROFS);
}

Test(stack, refuses_an_area_above_or_below_a_member)
{
	cr_expect_eq(check_area("vdb", "loop0", 0, 0), -EBUSY);
	cr_expect_str_eq(err.message, "loop0 lies on member vdb");
	cr_expect_eq(check_area("dm-1", "vdh", 0, 0), -EBUSY);
	cr_expect_str_eq(err.message, "member luks lies on vdh");
	cr_expect_eq(check_area("vda", "vda2", 0, 0), -EBUSY);
	cr_expect_eq(check_area("vde", "vde", 0, 0), -EBUSY);
}

Test(stack, tells_ranges_of_a_disk_from_a_member_partition)
{
	cr_expect_eq(check_area("vda1", "vda", 4096, 8), -EBUSY);
	cr_expect_eq(check_area("vda1", "vda", 1574912, 4096), 0, "%s",
		     err.message);
	cr_expect_eq(check_area("vda1", "vda2", 0, 0), -EBUSY); /* held by LVM */
	cr_expect_str_eq(err.message, "vda2 is in use by vg-home");
}

Test(stack, refuses_ranges_beyond_the_end_or_too_small)
{
	cr_expect_eq(check_area("vdb", "vde", 2097152, 8), -EINVAL);
	cr_expect_eq(check_area("vdb", "vde", 2097144, 16), -EINVAL);
	cr_expect_eq(check_area("vdb", "vde", 0, 4), -EINVAL);
}

Test(stack, refuses_a_file_whose_file_system_lies_on_a_member)
{
	struct blksnap_dev data[] = { dev("vdb") }, boot[] = { dev("vda") };

	cr_expect_eq(blksnap_stack_check_file(stack, data, 1, "/data/new", &err),
		     -EBUSY);
	cr_expect_eq(blksnap_stack_check_file(stack, data, 1, "/home/new", &err), 0,
		     "%s", err.message);
	cr_expect_eq(blksnap_stack_check_file(stack, boot, 1, "/home/new", &err),
		     -EBUSY);
	cr_expect_eq(blksnap_stack_check_file(stack, boot, 1, "/tmp/new", &err),
		     -EBUSY);
	cr_expect_eq(blksnap_stack_check_file(stack, data, 1, "/none/new", &err),
		     -ENOENT);
}
