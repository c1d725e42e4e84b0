// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "declare.h"

static struct declaration d;
static char why[CONF_WHY];

static int read_text(const char *text)
{
	char path[] = "/tmp/blksnap-declare.XXXXXX";
	int fd = mkstemp(path), ret;

	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	declare_free(&d);
	ret = declare_read(path, &d, why);
	unlink(path);
	return ret;
}

static void teardown(void)
{
	declare_free(&d);
}

TestSuite(declare, .fini = teardown);

Test(declare, takes_devices_and_then_snapshots)
{
	cr_assert_eq(read_text("# tracked\n"
			       "device = /dev/vda\n"
			       "cell = 4K\n"
			       "device = /dev/vdb\n"
			       "snapshot = nightly\n"
			       "device = /dev/vdb\n"
			       "device = /dev/vda\n"
			       "area = /dev/vdc:0+1G\n"
			       "low = 20%\nclear = 1G\ngrace = 5s\nfreeze = no\n"
			       "\n"
			       "snapshot = b\ndevice=vda\narea = zram:64M\n"),
		     0, "%s", why);
	cr_expect_eq(d.n_devices, 2);
	cr_expect_eq(d.devices[0].cell_bytes, 0);
	cr_expect_eq(d.devices[1].cell_bytes, 4096);
	cr_expect_eq(d.n_snapshots, 2);
	cr_expect_eq(d.snapshots[0].devices.count, 2);
	cr_expect_str_eq(d.snapshots[0].devices.texts[0], "/dev/vdb");
	cr_expect_null(d.snapshots[0].devices.texts[2]);
	cr_expect_eq(d.snapshots[0].low.percent, 20);
	cr_expect_eq(d.snapshots[0].clear.sectors, 2097152);
	cr_expect_eq(d.snapshots[0].grace_ms, 5000);
	cr_expect(d.snapshots[0].no_freeze);
	cr_expect_not(d.snapshots[1].no_freeze);
	cr_expect_not(d.snapshots[1].has_low);
}

Test(declare, takes_a_file_that_declares_nothing)
{
	cr_expect_eq(read_text("\n# nothing\n"), 0);
	cr_expect_eq(d.n_devices + d.n_snapshots, 0);
}

Test(declare, refuses_what_is_wrong_with_its_line)
{
	static const struct {
		const char *text;
		const char *says;
	} all[] = {
		{ "device\n", "line 1" },
		{ "\ndevice =\n", "line 2" },
		{ "colour = red\n", "line 1" },
		{ "cell = 5K\n", "power of two" },
		{ "device = a\ndevice = a\n", "line 2: device: is named twice" },
		{ "area = x\n", "before the first snapshot" },
		{ "snapshot = s\ncell = 4K\n", "nothing a snapshot has" },
		{ "snapshot = s\nsnapshot = s\n", "named twice" },
		{ "snapshot = s\ndevice = a\ndevice = a\n", "line 3" },
		{ "snapshot = s\narea = file:/x\n", "line 2" },
		{ "snapshot = s\nlow = 200%\n", "line 2" },
		{ "snapshot = s\nlow = 1M\nlow = 2M\n", "given twice" },
		{ "snapshot = s\ngrace = 5\n", "no unit" },
		{ "snapshot = s\ngrace = 1h\n", "at most 30s" },
		{ "snapshot = s\nfreeze = perhaps\n", "neither yes nor no" },
		{ "snapshot = s\ndevice = a\n", "snapshot s has no area" },
		{ "snapshot = s\narea = a\n", "snapshot s has no device" },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		why[0] = 0;
		cr_expect_eq(read_text(all[i].text), -EINVAL, "%s", all[i].text);
		cr_expect(strstr(why, all[i].says), "\"%s\" is not in \"%s\"",
			  all[i].says, why);
	}
}

Test(declare, says_that_there_is_no_file)
{
	cr_expect_eq(declare_read("/nowhere/file", &d, why), -ENOENT);
	cr_expect(strstr(why, "/nowhere/file"));
}
