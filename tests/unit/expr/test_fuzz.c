// SPDX-License-Identifier: GPL-2.0-or-later
/* Texts that are nearly expressions: refused with a sentence, or evaluated. */
#include <criterion/criterion.h>
#include <errno.h>

#include "mutate.h"
#include "rows.h"

static const char *const samples[] = {
	"free<2G && state==taken",
	"fill>=90 or (cow>10M/s and not name=~^test)",
	"full-in<1h30m and full-in!=unknown",
	"name='a b' or name!~\"[a-z]+(x|y)*$\"",
	"used>free||open=yes",
	"2.5GiB<=used and !(!(!open))",
	"errors=-28 or errors>1.5k",
	"((((((fill>1%))))))",
};

Test(fuzz, text_is_refused_with_a_sentence_or_evaluated)
{
	const size_t n_samples = sizeof(samples) / sizeof(*samples);
	uint64_t rounds = mutate_env("FUZZ_ROUNDS", 20000);
	uint64_t first = mutate_env("FUZZ_SEED", 1), seed;
	struct row row = { 0 };
	size_t accepted = 0, i;

	for (i = 0; i < N_FIELDS; i++) {
		row.known[i] = i % 2;
		row.value[i] = (struct expr_value){ .number = (double)i, .text = "aab" };
	}
	for (seed = first; seed < first + rounds; seed++) {
		uint64_t state = seed;
		struct expr_error error = { .at = (size_t)-1 };
		const struct expr_field *field;
		struct expr *expr;
		size_t last;
		char text[512];
		int ret;

		mutate(&state, text, sizeof(text), samples, n_samples);
		if (expr_open(text, fields, N_FIELDS, &last, &field))
			cr_assert(last <= strlen(text), "FUZZ_SEED=%llu",
				  (unsigned long long)seed);
		ret = expr_parse(&expr, text, fields, N_FIELDS, &error);
		if (!ret) {
			accepted++;
			expr_match(expr, row_get, &row);
			expr_free(expr);
			continue;
		}
		cr_assert_eq(ret, -EINVAL, "FUZZ_SEED=%llu", (unsigned long long)seed);
		cr_assert_null(expr);
		cr_assert(error.at <= strlen(text) && *error.text, "FUZZ_SEED=%llu: at %zu: %s",
			  (unsigned long long)seed, error.at, error.text);
	}
	cr_assert(accepted > rounds / 10, "only %zu accepted: the samples are no good", accepted);
}
