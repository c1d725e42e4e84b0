// SPDX-License-Identifier: GPL-2.0-or-later
/* Texts that are compared with files; see golden.h. */
#include "golden.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grid.h"

char golden_letter(uint8_t attr)
{
	static const char map[ATTR_COUNT] = {
		[ATTR_NORMAL] = '.', [ATTR_DIM] = 'd', [ATTR_TITLE] = 't', [ATTR_HEAD] = 'h',
		[ATTR_GOOD] = 'g', [ATTR_WARN] = 'w', [ATTR_CRIT] = 'c', [ATTR_FAIL] = 'f',
		[ATTR_SPARK] = 's', [ATTR_KEY] = 'k', [ATTR_ALERT] = 'a',
	};
	char letter = map[attr & ~ATTR_SELECTED];

	if (!(attr & ATTR_SELECTED))
		return letter;
	return letter == '.' ? 'N' : letter - 'a' + 'A';
}

char *golden_read(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;
	ssize_t n;

	if (!in)
		return strdup("(no such file)");
	n = getdelim(&text, &size, '\0', in);
	fclose(in);
	if (n >= 0)
		return text;
	free(text);
	return strdup("");
}

void golden_compare(const char *path, const char *got)
{
	char *wanted;
	FILE *out;

	if (getenv("BLKSNAP_WRITE_GOLDEN")) {
		out = fopen(path, "w");
		cr_assert_not_null(out, "%s", path);
		fputs(got, out);
		fclose(out);
	}
	wanted = golden_read(path);
	cr_assert_str_eq(got, wanted, "%s\nwanted:\n%s\ngot:\n%s", path, wanted, got);
	free(wanted);
}
