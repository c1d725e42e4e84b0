// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is the path of an image, and of which.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "imagepath.h"

static struct blksnap_member members[2][2];
static struct blksnap_snapshot all[2];

static void member(struct blksnap_member *m, const char *name, unsigned int image)
{
	m->has = ~UINT64_C(0);
	strcpy(m->name, name);
	snprintf(m->image_name, sizeof(m->image_name), "blksnap%u", image);
	m->image = (struct blksnap_dev){ 252, image };
}

static void setup(void)
{
	size_t i;

	memset(members, 0, sizeof(members));
	memset(all, 0, sizeof(all));
	member(&members[0][0], "vda", 1);
	member(&members[0][1], "vdb", 12);
	member(&members[1][0], "vdb1", 3);
	members[1][0].has = 0; /* no image (any more) */
	member(&members[1][1], "vdc", 4);
	strcpy(all[0].name, "nightly");
	strcpy(all[1].name, "night");
	for (i = 0; i < 2; i++) {
		all[i].members = members[i];
		all[i].n_members = 2;
	}
}

TestSuite(imagepath, .init = setup);

/* "snapshot/member", or "" */
static const char *found(const char *text)
{
	static char answer[16];
	size_t i, j;

	answer[0] = 0;
	if (imagepath_find(text, NULL, all, 2, &i, &j))
		snprintf(answer, sizeof(answer), "%zu/%zu", i, j);
	return answer;
}

Test(imagepath, is_the_name_of_the_kernel)
{
	cr_expect_str_eq(found("/dev/blksnap12"), "0/1");
	cr_expect_str_eq(found("blksnap1"), "0/0");
	cr_expect_str_eq(found("/dev/blksnap4"), "1/1");
	cr_expect_str_eq(found("/dev/blksnap2"), "");
	cr_expect_str_eq(found("/dev/blksnap"), "");
	cr_expect_str_eq(found("/dev/blksnap123"), "");
}

Test(imagepath, is_that_of_a_partition_on_it)
{
	cr_expect_str_eq(found("/dev/blksnap1p2"), "0/0");
	cr_expect_str_eq(found("/dev/blksnap12p15"), "0/1");
	cr_expect_str_eq(found("/dev/blksnap1p"), "");
	cr_expect_str_eq(found("/dev/blksnap1p2x"), "");
	cr_expect_str_eq(found("/dev/blksnap1 p2"), "");
}

Test(imagepath, is_what_udev_calls_it)
{
	cr_expect_str_eq(found("/dev/blksnap/nightly/vdb"), "0/1");
	cr_expect_str_eq(found("/dev/disk/by-blksnap/night:vdc"), "1/1");
	cr_expect_str_eq(found("/dev/blksnap/nightly/vda-part3"), "0/0");
	cr_expect_str_eq(found("/dev/blksnap/nightly/vda-part"), "");
	cr_expect_str_eq(found("/dev/blksnap/nightly/vdb1"), "");
	cr_expect_str_eq(found("/dev/blksnap/night/vdb"), "");
	cr_expect_str_eq(found("/dev/blksnap/nightly"), "");
}

Test(imagepath, is_none_of_what_has_no_image)
{
	cr_expect_str_eq(found("/dev/blksnap3"), "");
	cr_expect_str_eq(found("/dev/blksnap/night/vdb1"), "");
	cr_expect_str_eq(found(""), "");
	cr_expect_str_eq(found("/dev/"), "");
	cr_expect_str_eq(found("nightly"), "");
}
