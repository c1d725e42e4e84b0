// SPDX-License-Identifier: GPL-2.0-or-later
/* Which rows an expression chooses, and which texts are no expressions. */
#include <criterion/criterion.h>
#include <errno.h>

#include "rows.h"

/* A snapshot on its way to be full; its time to full is not known. */
static struct row nightly(void)
{
	struct row row = {
		.value = {
			[NAME] = { .text = "nightly" },
			[STATE] = { .text = "taken" },
			[FREE] = { .number = 1.5 * (1ull << 30) },
			[USED] = { .number = 8.0 * (1ull << 30) },
			[COW] = { .number = 10.0 * (1 << 20) },
			[FILL] = { .number = 91 },
			[ERRORS] = { .number = 1500 },
			[OPEN] = { .number = 1 },
		},
	};
	size_t i;

	for (i = 0; i < N_FIELDS; i++)
		row.known[i] = i != FULL_IN;
	return row;
}

static bool matches(const char *text, const struct row *row)
{
	struct expr_error error = { 0 };
	struct expr *expr;
	bool yes;

	cr_assert_eq(expr_parse(&expr, text, fields, N_FIELDS, &error), 0, "%s: at %zu: %s", text,
		     error.at, error.text);
	yes = expr_match(expr, row_get, row);
	expr_free(expr);
	return yes;
}

#define assert_chooses(text)                                                \
	do {                                                                \
		struct row row_ = nightly();                                \
		cr_assert(matches(text, &row_), "not chosen by: %s", text); \
	} while (0)

#define assert_leaves(text)                                              \
	do {                                                             \
		struct row row_ = nightly();                             \
		cr_assert(!matches(text, &row_), "chosen by: %s", text); \
	} while (0)

static void assert_refused(const char *text, size_t at, const char *sentence)
{
	struct expr_error error = { 0 };
	struct expr *expr = (struct expr *)text;

	cr_assert_eq(expr_parse(&expr, text, fields, N_FIELDS, &error), -EINVAL, "accepted: %s",
		     text);
	cr_assert_null(expr);
	cr_assert_str_eq(error.text, sentence, "%s: wanted \"%s\", got \"%s\"", text, sentence,
			 error.text);
	cr_assert_eq(error.at, at, "%s: wanted place %zu, got %zu", text, at, error.at);
}

Test(expr, compares_numbers_in_the_units_of_their_kind)
{
	assert_chooses("free<2G");
	assert_chooses("free>1024M");
	assert_chooses("free=1.5GiB");
	assert_chooses("free==1610612736");
	assert_chooses("free=3145728s");
	assert_leaves("free>=2G");
	assert_chooses("cow>=10M/s");
	assert_chooses("cow<=10M");
	assert_chooses("cow = 10485760");
	assert_chooses("fill>90");
	assert_chooses("fill>90.9%");
	assert_leaves("fill>91%");
	assert_chooses("errors=1.5k");
	assert_chooses("errors>-1");
	assert_chooses("errors!=1");
}

Test(expr, reads_times_of_one_or_several_units)
{
	struct row row = nightly();

	row.known[FULL_IN] = true;
	row.value[FULL_IN].number = 5400;
	cr_assert(matches("full-in=1h30m", &row));
	cr_assert(matches("full-in=5400", &row));
	cr_assert(matches("full-in=90min", &row));
	cr_assert(matches("full-in=5400s", &row));
	cr_assert(matches("full-in<1d", &row));
	cr_assert(matches("full-in>500ms", &row));
	row.value[FULL_IN].number = 0.0000025;
	cr_assert(matches("full-in>2us and full-in<2600ns", &row));
}

Test(expr, compares_names_exactly_and_words_without_case)
{
	assert_chooses("name=nightly");
	assert_leaves("name=Nightly");
	assert_chooses("name!=weekly");
	assert_chooses("state=taken");
	assert_chooses("state==TAKEN");
	assert_leaves("state=failed");
	assert_chooses("name=\"nightly\"");
	assert_leaves("name=' nightly'");
}

Test(expr, knows_words_that_are_as_good)
{
	struct row row = nightly();

	row.value[STATE].text = "CREATED|taken";
	cr_assert(matches("state=created", &row));
	cr_assert(matches("state=taken", &row));
	cr_assert(matches("state~^taken$", &row));
	cr_assert(!matches("state!=taken", &row));
	cr_assert(!matches("state=failed", &row));
	cr_assert(matches("state!=failed", &row));
}

Test(expr, takes_a_name_for_a_name_although_a_field_is_called_so)
{
	struct row row = nightly();

	row.value[NAME].text = "free";
	cr_assert(matches("name=free", &row));
	row.value[NAME].text = "unknown";
	cr_assert(matches("name='unknown'", &row));
	cr_assert(!matches("name=unknown", &row));
}

Test(expr, matches_patterns)
{
	assert_chooses("name=~^night");
	assert_chooses("name~(day|night)ly$");
	assert_chooses("(name~(day|night)ly)");
	assert_leaves("name!~ly");
	assert_leaves("name~NIGHT");
	assert_chooses("state~^TA");
	assert_chooses("name ~ 'n.*y' and fill>90");
}

Test(expr, compares_fields_of_one_kind)
{
	assert_chooses("used>free");
	assert_chooses("free < used");
	assert_leaves("free>=used");
}

Test(expr, takes_the_value_first)
{
	assert_chooses("2G>free");
	assert_chooses("91%<=fill");
	assert_leaves("2G<free");
	assert_chooses("taken=state");
}

Test(expr, joins_tests)
{
	assert_chooses("free<2G && state==taken");
	assert_chooses("free<2G and state=taken");
	assert_leaves("free<1G or state=failed");
	assert_chooses("free<1G || state=taken");
	assert_chooses("not state=failed");
	assert_chooses("!(state=failed or fill<50)");
	assert_leaves("!!!fill>90");
}

Test(expr, binds_and_closer_than_or)
{
	assert_chooses("fill>90 or fill<50 and state=failed");
	assert_leaves("(fill>90 or fill<50) and state=failed");
	assert_chooses("fill<50 and state=failed or fill>90");
}

Test(expr, asks_yes_no_fields_alone)
{
	assert_chooses("open");
	assert_leaves("!open");
	assert_chooses("open=yes");
	assert_leaves("open=false");
	assert_chooses("open and fill>90");
}

Test(expr, is_not_true_of_what_is_not_known)
{
	assert_leaves("full-in<1h");
	assert_leaves("full-in>=1h");
	assert_leaves("not full-in<1h");
	assert_leaves("full-in<1h and fill>90");
	assert_chooses("full-in<1h or fill>90");
	assert_chooses("not (full-in<1h and fill<50)");
	assert_leaves("not (full-in<1h or fill<50)");
}

Test(expr, asks_whether_something_is_known)
{
	assert_chooses("full-in=unknown");
	assert_leaves("full-in!=unknown");
	assert_chooses("fill!=unknown");
	assert_leaves("name=unknown");
}

Test(expr, needs_no_white_space)
{
	assert_chooses("  free<2G&&fill>90||open ");
	assert_chooses("free\t<\n2G");
	assert_chooses("(fill>90)and(open)");
}

Test(expr, tells_which_fields_it_looks_at)
{
	struct expr *expr;

	cr_assert_eq(expr_parse(&expr, "used>free and not open", fields, N_FIELDS, NULL), 0);
	cr_assert(expr_uses(expr, USED));
	cr_assert(expr_uses(expr, FREE));
	cr_assert(expr_uses(expr, OPEN));
	cr_assert(!expr_uses(expr, NAME));
	expr_free(expr);
}

Test(expr, refuses_what_is_no_expression)
{
	assert_refused("", 0, "the expression is empty");
	assert_refused("   ", 0, "the expression is empty");
	assert_refused("free", 4, "a comparison (as < or =) is missing at the end");
	assert_refused("free<", 5, "a value is missing at the end");
	assert_refused("free<2G and", 11, "a field is missing at the end");
	assert_refused("free<2G fill>1", 8, "\"and\", \"or\" or the end is expected here, not \"fill\"");
	assert_refused("(free<2G", 8, "\")\" is missing at the end");
	assert_refused("free<2G)", 7, "\"and\", \"or\" or the end is expected here, not \")\"");
	assert_refused("name='x", 5, "the closing quote is expected here, not \"'\"");
	assert_refused("free & used", 5, "a comparison (as < or =) is expected here, not \"&\"");
	assert_refused("1<2", 0, "there is no field \"1\"");
	assert_refused("'name'=x", 0, "a quoted text is no field");
}

Test(expr, guesses_a_mistyped_field)
{
	assert_refused("fred<2G", 0, "there is no field \"fred\"; is \"free\" meant?");
	assert_refused("foo=1", 0, "there is no field \"foo\"");
	assert_refused("stat=taken", 0, "there is no field \"stat\"; is \"state\" meant?");
	assert_refused("elephants>2", 0, "there is no field \"elephants\"");
}

Test(expr, refuses_values_of_another_kind)
{
	assert_refused("free<2h", 5, "free cannot be \"2h\"; write it as 4096, 64K or 1.5G");
	assert_refused("free<2GB", 5,
		       "free: \"2GB\": that could be powers of 1000 or 1024; K, M, G are those of 1024");
	assert_refused("free<-1", 5, "free cannot be \"-1\"; write it as 4096, 64K or 1.5G");
	assert_refused("full-in<2G", 8, "full-in cannot be \"2G\"; write it as 90, 4m, 1h30m or 500ms");
	assert_refused("full-in<30m1h", 8,
		       "full-in cannot be \"30m1h\"; write it as 90, 4m, 1h30m or 500ms");
	assert_refused("fill>1.", 5, "fill cannot be \"1.\"; write it as 91 or 91%");
	assert_refused("fill>nan", 5, "fill cannot be \"nan\"; write it as 91 or 91%");
	assert_refused("open=2", 5, "open cannot be \"2\"; write it as yes or no");
	assert_refused("free>fill", 5, "free and fill cannot be compared");
	assert_refused("state=takn", 6, "state is never \"takn\"; it can be: created taken failed");
}

Test(expr, refuses_comparisons_that_make_no_sense)
{
	assert_refused("free~2", 4, "free is no text: \"~\" does not apply to it");
	assert_refused("name<b", 4,
		       "name has no order: only = and != apply to it, and =~ and !~");
	assert_refused("open>no", 4, "open has no order: only = and != apply to it");
	assert_refused("name~(a", 5,
		       "\"(a\" is no regular expression: Unmatched ( or \\(");
}

Test(expr, refuses_patterns_that_could_take_for_ever)
{
	assert_refused("name~(a{99}){99}", 5, "counts in \"{}\" are not supported");
	assert_refused("name~(a*)\\1", 5, "back references are not supported");
	assert_refused("name~a+++++++++++++++++++++++++++++++++++++++++++++", 5,
		       "there are too many \"+\"");
	assert_refused("name~(((((((((a+)+)+)+)+)+)+)+)+)", 5, "there are too many \"+\"");
	assert_chooses("name=~^n\\\\+?i+g+h+t");
}

Test(expr, bounds_length_depth_and_number_of_parts)
{
	char text[EXPR_TEXT_MAX + 2];
	struct expr_error error;
	struct expr *expr;
	size_t i;

	memset(text, ' ', sizeof(text));
	text[sizeof(text) - 1] = 0;
	cr_assert_eq(expr_parse(&expr, text, fields, N_FIELDS, &error), -EINVAL);
	cr_assert_str_eq(error.text, "the expression is longer than 4096 bytes");

	memset(text, '!', EXPR_DEPTH_MAX + 1);
	strcpy(text + EXPR_DEPTH_MAX + 1, "open");
	cr_assert_eq(expr_parse(&expr, text, fields, N_FIELDS, &error), -EINVAL);
	cr_assert_str_eq(error.text, "more than 32 brackets inside each other");
	strcpy(text + EXPR_DEPTH_MAX, "open");
	cr_assert_eq(expr_parse(&expr, text, fields, N_FIELDS, &error), 0);
	expr_free(expr);

	strcpy(text, "open");
	for (i = 0; i < EXPR_NODES_MAX / 2; i++)
		strcat(text, "||open");
	cr_assert_eq(expr_parse(&expr, text, fields, N_FIELDS, &error), -EINVAL);
	cr_assert_str_eq(error.text, "the expression has more than 256 parts");
}

/* What the next word is: "FIELD", the field it is compared with, or "-". */
static void assert_open(const char *text, const char *wanted, size_t wanted_last)
{
	const struct expr_field *field = NULL;
	size_t last = 0;
	bool open = expr_open(text, fields, N_FIELDS, &last, &field);

	cr_assert_str_eq(!open ? "-" : field ? field->name : "FIELD", wanted, "after: %s", text);
	if (open)
		cr_assert_eq(last, wanted_last, "%s: at %zu, not %zu", text, last, wanted_last);
}

Test(expr, knows_what_one_that_is_being_written_wants_next)
{
	assert_open("", "FIELD", 0);
	assert_open("fi", "FIELD", 0);
	assert_open("fill ", "-", 0);
	assert_open("fill>", "fill", 5);
	assert_open("state = ta", "state", 8);
	assert_open("state=taken ", "-", 0);
	assert_open("state=taken an", "-", 0);
	assert_open("state=taken and", "-", 0);
	assert_open("state=taken and ", "FIELD", 16);
	assert_open("state=taken||fi", "FIELD", 13);
	assert_open("(open and not (st", "FIELD", 15);
	assert_open("open) or s", "FIELD", 9);
	assert_open("name~^(a|b)", "-", 0);
	assert_open("name~^(a|b) or s", "FIELD", 15);
	assert_open("name='a b' && s", "FIELD", 14);
	assert_open("name='a b", "-", 0);
	assert_open("name='taken'", "-", 0);
	assert_open("nonsense=t", "-", 0);
	assert_open("name=x and 'state'=t", "-", 0);
	assert_open("= s", "-", 0);
}
