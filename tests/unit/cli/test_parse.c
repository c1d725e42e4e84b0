// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "parse.h"

static char why[PARSE_WHY];

static uint64_t size_of(const char *text)
{
	uint64_t bytes = 0;

	cr_expect_eq(parse_size(text, &bytes, why), 0, "%s: %s", text, why);
	return bytes;
}

Test(parse_size, takes_bytes_binary_units_and_sectors)
{
	cr_expect_eq(size_of("0"), 0);
	cr_expect_eq(size_of("4096"), 4096);
	cr_expect_eq(size_of("64K"), 65536);
	cr_expect_eq(size_of("64k"), 65536);
	cr_expect_eq(size_of("10G"), UINT64_C(10) << 30);
	cr_expect_eq(size_of("2TiB"), UINT64_C(2) << 40);
	cr_expect_eq(size_of("8s"), 4096);
	cr_expect_eq(size_of("18446744073709551615"), UINT64_MAX);
}

Test(parse_size, refuses_what_could_mean_two_things)
{
	static const char *const texts[] = { "10KB", "1GB", "1.5G", "1,5G", "10 K",
					     "0x10", "-1", "+1", "", "K", "1S",
					     "1Ki", "1P", "1KK", " 1" };
	uint64_t bytes;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		why[0] = 0;
		cr_expect_eq(parse_size(texts[i], &bytes, why), -EINVAL, "\"%s\"",
			     texts[i]);
		cr_expect(why[0], "\"%s\"", texts[i]);
	}
}

Test(parse_size, refuses_what_does_not_fit)
{
	uint64_t bytes;

	cr_expect_eq(parse_size("18446744073709551616", &bytes, why), -EINVAL);
	cr_expect_eq(parse_size("16777216T", &bytes, why), -EINVAL);
	cr_expect_eq(parse_size("36028797018963968s", &bytes, why), -EINVAL);
}

Test(parse_sectors, refuses_parts_of_sectors)
{
	uint64_t sectors;

	cr_expect_eq(parse_sectors("1000", &sectors, why), -EINVAL);
	cr_assert_eq(parse_sectors("1K", &sectors, why), 0);
	cr_expect_eq(sectors, 2);
}

Test(parse_extent, takes_start_and_length)
{
	struct blksnap_extent e;

	cr_assert_eq(parse_extent("1M+64K", &e, why), 0);
	cr_expect_eq(e.start_sectors, 2048);
	cr_expect_eq(e.count_sectors, 128);
	cr_expect_eq(parse_extent("1M", &e, why), -EINVAL);
	cr_expect_eq(parse_extent("1M+0", &e, why), -EINVAL);
	cr_expect_eq(parse_extent("+1M", &e, why), -EINVAL);
	cr_expect_eq(parse_extent("1M+", &e, why), -EINVAL);
}

Test(parse_duration, wants_a_unit)
{
	uint32_t ms;

	cr_assert_eq(parse_duration("500ms", &ms, why), 0);
	cr_expect_eq(ms, 500);
	cr_assert_eq(parse_duration("2m", &ms, why), 0);
	cr_expect_eq(ms, 120000);
	cr_assert_eq(parse_duration("0", &ms, why), 0);
	cr_expect_eq(ms, 0);
	cr_expect_eq(parse_duration("5", &ms, why), -EINVAL);
	cr_assert_eq(parse_duration("2h", &ms, why), 0);
	cr_expect_eq(ms, 7200000);
	cr_assert_eq(parse_duration("1h30m5s", &ms, why), 0);
	cr_expect_eq(ms, 5405000);
	cr_expect_eq(parse_duration("30m1h", &ms, why), -EINVAL);
	cr_expect_eq(parse_duration("1h1h", &ms, why), -EINVAL);
	cr_expect_eq(parse_duration("1h30", &ms, why), -EINVAL);
	cr_expect_eq(parse_duration("h", &ms, why), -EINVAL);
	cr_expect_eq(parse_duration("", &ms, why), -EINVAL);
	cr_expect_eq(parse_duration("99999999999999999h", &ms, why), -EINVAL);
	cr_expect_eq(parse_duration("99999999m", &ms, why), -EINVAL);
}

Test(parse_low, takes_a_size_or_a_part)
{
	struct parse_low low;

	cr_assert_eq(parse_low("10%", &low, why), 0);
	cr_expect_eq(low.percent, 10);
	cr_assert_eq(parse_low("1M", &low, why), 0);
	cr_expect_eq(low.percent, -1);
	cr_expect_eq(low.sectors, 2048);
	cr_expect_eq(parse_low("101%", &low, why), -EINVAL);
	cr_expect_eq(parse_low("%", &low, why), -EINVAL);
}

Test(parse_since, takes_generation_and_number)
{
	struct blksnap_cbt since;

	cr_assert_eq(parse_since("3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11:12", &since,
				 why),
		     0);
	cr_expect_eq(since.generation[0], 0x3f);
	cr_expect_eq(since.number, 12);
	cr_expect_eq(parse_since("3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11", &since, why),
		     -EINVAL);
	cr_expect_eq(parse_since("3f2b91c4-5a0e-4d0e-9c55-0a1b7f3c2d11:x", &since,
				 why),
		     -EINVAL);
	cr_expect_eq(parse_since("3f2b91c4:12", &since, why), -EINVAL);
}

static struct parse_area area;

static int take(const char *text)
{
	int ret;

	parse_area_free(&area);
	ret = parse_area(text, &area, why);
	return ret;
}

Test(parse_area, takes_each_kind, .fini = NULL)
{
	cr_assert_eq(take("/dev/vdb"), 0);
	cr_expect_eq(area.kind, PARSE_AREA_DEVICE);
	cr_expect_not(area.has_extent);
	cr_assert_eq(take("/dev/vdb:1G+2G"), 0);
	cr_expect_str_eq(area.path, "/dev/vdb");
	cr_expect_eq(area.extent.start_sectors, UINT64_C(1) << 21);
	cr_assert_eq(take("file:/backup/a,b,size=4G"), 0);
	cr_expect_str_eq(area.path, "/backup/a,b");
	cr_expect_eq(area.size_bytes, UINT64_C(4) << 30);
	cr_assert_eq(take("zram:512M"), 0);
	cr_expect_eq(area.size_bytes, UINT64_C(512) << 20);
	parse_area_free(&area);
}

Test(parse_area, rounds_up_and_says_so)
{
	cr_assert_eq(take("zram:64K"), 0);
	cr_expect_not(area.rounded);
	cr_assert_eq(take("zram:65537"), 0);
	cr_expect(area.rounded);
	cr_expect_eq(area.size_bytes, 69632);
	cr_expect_eq(take("zram:18446744073709551615"), -EINVAL);
}

Test(parse_area, leaves_colons_to_the_name_of_the_device)
{
	cr_assert_eq(take("8:16"), 0);
	cr_expect_str_eq(area.path, "8:16");
	cr_assert_eq(take("8:16:0+1G"), 0);
	cr_expect_str_eq(area.path, "8:16");
	cr_assert_eq(take("/dev/disk/by-path/pci-0000:00:04.0"), 0);
	cr_expect_str_eq(area.path, "/dev/disk/by-path/pci-0000:00:04.0");
	parse_area_free(&area);
}

Test(parse_area, refuses_what_is_incomplete)
{
	static const char *const texts[] = { "",	"file:/x",    "file:,size=1G",
					     "zram:",	"zram:0",     "zram:1KB",
					     "/dev/vdb:1G+x", ":0+1G",
					     "file:/x,size=1X" };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		why[0] = 0;
		cr_expect_eq(take(texts[i]), -EINVAL, "\"%s\"", texts[i]);
		cr_expect(why[0], "\"%s\"", texts[i]);
	}
	parse_area_free(&area);
}

Test(parse_count, takes_whole_numbers_up_to_a_limit)
{
	uint64_t count;

	cr_assert_eq(parse_count("12", 100, &count, why), 0);
	cr_expect_eq(count, 12);
	cr_expect_eq(parse_count("101", 100, &count, why), -EINVAL);
	cr_expect_eq(parse_count("1.5", 100, &count, why), -EINVAL);
}

Test(parse_name, takes_what_the_kernel_takes)
{
	static const char *const good[] = { "a", "Nightly-2026.01_02+x", "0", "+", "_" };
	static const char *const bad[] = { "",	  "-a",	   ".",	   "..", "a b",
					   "a/b", "a\nb", "a:b", "\xc3\xbc", "a\x7f" };
	char text[BLKSNAP_NAME_MAX + 2];
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		cr_expect_eq(parse_name(good[i], why), 0, "\"%s\"", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		why[0] = 0;
		cr_expect_eq(parse_name(bad[i], why), -EINVAL, "\"%s\"", bad[i]);
		cr_expect(why[0]);
	}
	memset(text, 'x', sizeof(text));
	text[BLKSNAP_NAME_MAX] = 0;
	cr_expect_eq(parse_name(text, why), 0);
	text[BLKSNAP_NAME_MAX] = 'x';
	text[BLKSNAP_NAME_MAX + 1] = 0;
	cr_expect_eq(parse_name(text, why), -EINVAL);
}

Test(parse_extent, ends_where_bytes_do)
{
	struct blksnap_extent extent;

	cr_expect_eq(parse_extent("36028797018963966s+1s", &extent, why), 0);
	cr_expect_eq(parse_extent("36028797018963967s+1s", &extent, why), -EINVAL);
}
