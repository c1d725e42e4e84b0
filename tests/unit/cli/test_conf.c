/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that the program reads and replaces: settings, and the numbers of the
 * last backup.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf.h"
#include "replace.h"
#include "since.h"

static char dir[] = "/tmp/blksnap-conf.XXXXXX";
static char path[64];

static void setup(void)
{
	cr_assert(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file", dir);
}

static void teardown(void)
{
	unlink(path);
	cr_expect_eq(rmdir(dir), 0, "something is left in %s", dir);
}

static void put(const char *text)
{
	FILE *out = fopen(path, "w");

	fputs(text, out);
	fclose(out);
}

static const char *content(void)
{
	static char text[256];
	FILE *in = fopen(path, "r");
	size_t n = in ? fread(text, 1, sizeof(text) - 1, in) : 0;

	if (in)
		fclose(in);
	text[n] = 0;
	return text;
}

TestSuite(conf, .init = setup, .fini = teardown);

Test(conf, reads_settings_and_lists_of_them)
{
	struct conf *conf;
	char why[CONF_WHY];

	put("# a comment\n\n low =  20% \nhook=one\nhook = two words\n"
	    "hook-deadline.one = 2m\n");
	cr_assert_eq(conf_read(path, &conf, why), 0, "%s", why);
	cr_expect_str_eq(conf_value(conf, "low", 0), "20%");
	cr_expect_str_eq(conf_value(conf, "hook", 1), "two words");
	cr_expect_null(conf_value(conf, "hook", 2));
	cr_expect_str_eq(conf_value(conf, "hook-deadline.one", 0), "2m");
	conf_free(conf);
}

Test(conf, takes_a_file_that_is_not_there_for_an_empty_one)
{
	struct conf *conf;
	char why[CONF_WHY];

	cr_assert_eq(conf_read(path, &conf, why), 0);
	cr_expect_null(conf_value(conf, "low", 0));
	conf_free(conf);
}

Test(conf, refuses_what_is_no_setting_with_its_line)
{
	static const struct {
		const char *text;
		const char *says;
	} all[] = {
		{ "low = 1\nnonsense\n", "line 2: \"nonsense\" is no KEY" },
		{ "lwo = 1\n", "line 1: \"lwo\" is no setting" },
		{ "low =\n", "line 1: low lacks" },
		{ "low = 1\nlow = 2\n", "line 2: low is given twice" },
		{ "hook-deadline. = 1\n", "is no setting" },
	};
	struct conf *conf;
	char why[CONF_WHY];
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		put(all[i].text);
		cr_expect_eq(conf_read(path, &conf, why), -EINVAL);
		cr_expect(strstr(why, all[i].says), "%s", why);
	}
}

Test(conf, keeps_numbers_of_backups)
{
	struct blksnap_cbt at = { .generation = { 1, 2 }, .number = 7 };
	struct since since = { 0 }, again;
	char why[SINCE_WHY];

	cr_assert_eq(since_set(&since, "/dev/vdb", &at), 0);
	at.number = 9;
	cr_assert_eq(since_set(&since, "/dev/my disk", &at), 0);
	cr_assert_eq(since_write(path, &since, why), 0);
	cr_assert_eq(since_read(path, &again, why), 0, "%s", why);
	cr_expect_eq(again.count, 2);
	cr_expect_eq(since_of(&again, "/dev/vdb")->number, 7);
	cr_expect_eq(since_of(&again, "/dev/my disk")->generation[1], 2);
	cr_expect_null(since_of(&again, "/dev/vdc"));
	since_free(&since);
	since_free(&again);
}

Test(conf, refuses_a_file_of_numbers_that_it_did_not_write)
{
	static const char *const texts[] = {
		"nonsense\n",
		"# blksnap since 1\n/dev/vdb\n",
		"# blksnap since 1\n/dev/vdb\t5\n",
		"# blksnap since 2\n",
	};
	struct since since;
	char why[SINCE_WHY];
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		put(texts[i]);
		cr_expect_eq(since_read(path, &since, why), -EINVAL, "%s", texts[i]);
		cr_expect_eq(since.count, 0);
	}
}

Test(conf, refuses_a_device_that_the_file_cannot_hold)
{
	struct blksnap_cbt at = { .number = 1 };
	struct since since = { 0 };

	cr_expect_eq(since_set(&since, "/dev/a\tb", &at), -EINVAL);
	cr_expect_eq(since_set(&since, "#", &at), -EINVAL);
	cr_expect_eq(since.count, 0);
}

Test(conf, replaces_a_file_as_a_whole_or_not_at_all)
{
	struct replace replace;

	put("old");
	cr_assert_eq(replace_open(&replace, path, 0600), 0);
	fputs("half of the ne", replace.out);
	cr_expect_str_eq(content(), "old");
	replace_drop(&replace);
	cr_expect_str_eq(content(), "old");

	cr_assert_eq(replace_open(&replace, path, 0600), 0);
	fputs("new", replace.out);
	cr_expect_eq(replace_commit(&replace), 0);
	cr_expect_str_eq(content(), "new");
	cr_expect_eq(replace_open(&replace, "/nowhere/file", 0600), -ENOENT);
}

Test(conf, replaces_what_a_link_leads_to_and_nothing_but_files)
{
	char link[sizeof(path) + 5];
	struct replace replace;
	struct stat st;

	put("old");
	snprintf(link, sizeof(link), "%s.link", path);
	cr_assert_eq(symlink(path, link), 0);
	cr_assert_eq(replace_open(&replace, link, 0600), 0);
	fputs("new", replace.out);
	cr_expect_eq(replace_commit(&replace), 0);
	cr_expect_str_eq(content(), "new");
	cr_expect(!lstat(link, &st) && S_ISLNK(st.st_mode));
	unlink(link);
	cr_expect_eq(replace_open(&replace, "/dev/null", 0600), -EINVAL);
	cr_expect_eq(replace_open(&replace, "/tmp", 0600), -EINVAL);
}
