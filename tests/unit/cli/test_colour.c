// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <stdlib.h>

#include "colour.h"

static void setup(void)
{
	unsetenv("NO_COLOR");
	unsetenv("CLICOLOR_FORCE");
	setenv("TERM", "xterm", 1);
}

TestSuite(colour, .init = setup);

Test(colour, is_where_it_is_asked_for)
{
	cr_expect(colour_choose("always"));
	cr_expect_str_eq(colour_begin("failed"), "\033[31m");
	cr_expect_str_eq(colour_end("failed"), "\033[0m");
	cr_expect_str_empty(colour_begin("whatever"), "only words of state");
	cr_expect_str_empty(colour_end("whatever"));
	cr_expect(colour_choose("never"));
	cr_expect_str_empty(colour_begin("failed"));
	cr_expect_not(colour_choose("sometimes"));
}

Test(colour, is_decided_by_the_environment_otherwise)
{
	setenv("CLICOLOR_FORCE", "1", 1);
	cr_expect(colour_choose(NULL));
	cr_expect(*colour_begin("failed"));
	setenv("NO_COLOR", "1", 1);
	cr_expect(colour_choose("auto"));
	cr_expect_str_empty(colour_begin("failed"), "NO_COLOR wins");
	setenv("NO_COLOR", "", 1);
	colour_choose("auto");
	cr_expect(*colour_begin("failed"), "an empty one is none");
	setenv("NO_COLOR", "1", 1);
	colour_choose("always");
	cr_expect(*colour_begin("failed"), "an option wins");
}
