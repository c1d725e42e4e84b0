// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "command.h"
#include "condition.h"
#include "rows.h"

static struct command_args args;
static char why[256];
static char *argv[32];
static int argc;

static int parse(const char *line)
{
	static char copy[512];
	char *word;

	command_args_free(&args);
	snprintf(copy, sizeof(copy), "blksnap %s", line);
	argc = 0;
	for (word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	return command_parse(argc, argv, &args, why, sizeof(why));
}

static void teardown(void)
{
	command_args_free(&args);
}

TestSuite(command, .fini = teardown);

Test(command, takes_options_anywhere_and_repeated_ones_in_order)
{
	char name[64];

	cr_assert_eq(parse("snapshot create -d /dev/vda night --device=/dev/vdb -a "
			   "zram:1G --no-freeze -j"),
		     0, "%s", why);
	cr_expect_str_eq(command_name(args.command, name, sizeof(name)),
			 "snapshot create");
	cr_expect(args.json);
	cr_expect_eq(args.n_args, 1);
	cr_expect_str_eq(args.args[0], "night");
	cr_expect_str_eq(command_value(&args, "device", 0), "/dev/vda");
	cr_expect_str_eq(command_value(&args, "device", 1), "/dev/vdb");
	cr_expect_null(command_value(&args, "device", 2));
	cr_expect_str_eq(command_value(&args, "no-freeze", 0), "");
	cr_expect_null(command_value(&args, "grace", 0));
}

Test(command, takes_several_values_behind_one_option_but_no_name)
{
	cr_assert_eq(parse("snapshot create --device /dev/vda /dev/vdb night -a zram:1G "
			   "/dev/vdc:0+4M --low 20%"),
		     0, "%s", why);
	cr_expect_str_eq(command_value(&args, "device", 1), "/dev/vdb");
	cr_expect_null(command_value(&args, "device", 2));
	cr_expect_str_eq(command_value(&args, "area", 1), "/dev/vdc:0+4M");
	cr_assert_eq(args.n_args, 1);
	cr_expect_str_eq(args.args[0], "night");

	cr_assert_eq(parse("snapshot create night -d /dev/vda /dev/vdb -a /dev/vdc"), 0, "%s",
		     why);
	cr_expect_str_eq(command_value(&args, "device", 1), "/dev/vdb");
	cr_assert_eq(args.n_args, 1);
	cr_expect_str_eq(args.args[0], "night");
}

Test(command, takes_json_before_the_command)
{
	cr_assert_eq(parse("-j info"), 0);
	cr_expect(args.json);
	cr_expect_str_eq(args.command->object, "info");
}

Test(command, takes_words_behind_two_dashes_as_arguments)
{
	cr_assert_eq(parse("device attach -- -odd --json"), 0);
	cr_expect_not(args.json);
	cr_expect_eq(args.n_args, 2);
	cr_expect_str_eq(args.args[0], "-odd");
}

Test(command, refuses_with_a_sentence)
{
	static const char *const lines[] = {
		"",
		"nonsense",
		"snapshot",
		"snapshot nonsense",
		"snap list",
		"snapshot show",
		"snapshot show a b",
		"snapshot show --force a",
		"snapshot destroy -x a",
		"snapshot create a --low",
		"snapshot create a --low 1M --low 2M",
		"info --json=yes",
	};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		cr_expect_eq(parse(lines[i]), -EINVAL, "\"%s\"", lines[i]);
		cr_expect(why[0], "\"%s\"", lines[i]);
	}
}

Test(command, asks_whether_a_word_like_it_was_meant)
{
	cr_expect_eq(parse("snapshto list"), -EINVAL);
	cr_expect_str_eq(why, "unknown command \"snapshto\"; is \"snapshot\" meant?");
	cr_expect_eq(parse("snapshot lsit"), -EINVAL);
	cr_expect_str_eq(why, "snapshot: unknown verb \"lsit\"; is \"list\" meant?");
	cr_expect_eq(parse("snapshot nonsense"), -EINVAL);
	cr_expect_str_eq(why, "snapshot: unknown verb \"nonsense\"");
	cr_expect_eq(parse("complet"), -EINVAL, "one of the hidden ones is never meant");
	cr_expect_str_eq(why, "unknown command \"complet\"");
}

Test(command, is_version_where_an_option_asks_for_it)
{
	static const char *const lines[] = { "--version", "-V", "-j -V", "-V -j" };
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		cr_assert_eq(parse(lines[i]), 0, "%s: %s", lines[i], why);
		cr_expect_str_eq(args.command->object, "version");
		cr_expect_eq(args.json, i > 1);
	}
	cr_expect_eq(parse("status --version"), -EINVAL);
	cr_expect_eq(parse("--version status"), -EINVAL);
	cr_expect_eq(parse("--version --batch -"), -EINVAL);
}

static bool is_text(enum expr_kind kind)
{
	return kind == EXPR_TEXT || kind == EXPR_WORD;
}

static void assert_alike(const struct expr_field *a, const struct expr_field *b)
{
	if (!strcmp(a->name, b->name))
		cr_expect(a->kind == b->kind || (is_text(a->kind) && is_text(b->kind)),
			  "%s is \"%s\", and \"%s\" elsewhere", a->name, a->help, b->help);
}

/* A name means one thing, whether it is a column or a field of wait and check. */
Test(command, calls_by_one_name_what_is_of_one_kind_alone)
{
	const struct expr_field *fields;
	struct expr_field all[256];
	const struct rows_column *columns;
	size_t i, j, count, n = 0;

	for (i = 0; i < command_count; i++) {
		cr_assert_eq(!!command_table[i].columns, !!(command_table[i].flags & COMMAND_ROWS),
			     "%s", command_table[i].object);
		if (!command_table[i].columns)
			continue;
		columns = command_table[i].columns(&count);
		cr_assert(n + count < sizeof(all) / sizeof(*all));
		for (j = 0; j < count; j++)
			all[n++] = columns[j].field;
	}
	fields = condition_table(&count);
	for (i = 0; i < n; i++) {
		for (j = 0; j < i; j++)
			assert_alike(&all[i], &all[j]);
		for (j = 0; j < count; j++)
			assert_alike(&all[i], &fields[j]);
	}
}

Test(command, gives_help_without_arguments)
{
	cr_assert_eq(parse("snapshot show --help"), 0);
	cr_expect(args.help);
	cr_assert_eq(parse("--help"), 0);
	cr_expect(args.help);
	cr_expect_null(args.command);
	cr_assert_eq(parse("snapshot -h"), 0);
	cr_expect(args.help);
}

Test(command, has_a_table_without_twins_and_with_help)
{
	const struct command *a, *b;
	size_t i, j;

	for (i = 0; i < command_count; i++) {
		a = &command_table[i];
		cr_expect(a->run && a->help && a->synopsis, "%s", a->object);
		for (j = 0; j < i; j++) {
			b = &command_table[j];
			cr_expect(strcmp(a->object, b->object) ||
				  strcmp(a->verb ? a->verb : "",
					 b->verb ? b->verb : ""));
		}
	}
}
