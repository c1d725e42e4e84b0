// SPDX-License-Identifier: GPL-2.0-or-later
/* What a meaning looks like; see look.h. */
#include "look.h"

#include <string.h>

enum {
	RED = 1,
	GREEN,
	YELLOW,
	BLUE,
	MAGENTA,
	CYAN,
	WHITE,
	BRIGHT, /* added to one of the above, where there are 16 */
};

/* Colours for 256, 16 and 8; -1 is the terminal's own. */
struct style {
	short of256;
	short of16;
	short of8;
	unsigned int flags;
};

static const struct style dark[ATTR_COUNT] = {
	[ATTR_NORMAL] = { -1, -1, -1, 0 },
	[ATTR_DIM] = { 244, BRIGHT, -1, 0 },
	[ATTR_TITLE] = { -1, -1, -1, LOOK_BOLD },
	[ATTR_HEAD] = { -1, -1, -1, LOOK_REVERSE },
	[ATTR_GOOD] = { 35, GREEN, GREEN, 0 },
	[ATTR_WARN] = { 214, BRIGHT + YELLOW, YELLOW, LOOK_BOLD },
	[ATTR_CRIT] = { 205, BRIGHT + MAGENTA, MAGENTA, LOOK_BOLD },
	[ATTR_FAIL] = { 196, BRIGHT + RED, RED, LOOK_BOLD | LOOK_REVERSE },
	[ATTR_SPARK] = { 38, CYAN, CYAN, 0 },
	[ATTR_KEY] = { -1, -1, -1, LOOK_REVERSE },
	[ATTR_ALERT] = { -1, -1, -1, LOOK_BOLD | LOOK_REVERSE },
};

/* Yellow, and all that is bright, cannot be read on white. */
static const struct style light[ATTR_COUNT] = {
	[ATTR_NORMAL] = { -1, -1, -1, 0 },
	[ATTR_DIM] = { 242, BRIGHT, -1, 0 },
	[ATTR_TITLE] = { -1, -1, -1, LOOK_BOLD },
	[ATTR_HEAD] = { -1, -1, -1, LOOK_REVERSE },
	[ATTR_GOOD] = { 22, GREEN, GREEN, 0 },
	[ATTR_WARN] = { 130, BLUE, BLUE, LOOK_BOLD },
	[ATTR_CRIT] = { 126, MAGENTA, MAGENTA, LOOK_BOLD },
	[ATTR_FAIL] = { 124, RED, RED, LOOK_BOLD | LOOK_REVERSE },
	[ATTR_SPARK] = { 25, BLUE, BLUE, 0 },
	[ATTR_KEY] = { -1, -1, -1, LOOK_REVERSE },
	[ATTR_ALERT] = { -1, -1, -1, LOOK_BOLD | LOOK_REVERSE },
};

/* Okabe and Ito's colours: blue, orange, vermilion, never red against green. */
static const struct style safe[ATTR_COUNT] = {
	[ATTR_NORMAL] = { -1, -1, -1, 0 },
	[ATTR_DIM] = { 244, BRIGHT, -1, 0 },
	[ATTR_TITLE] = { -1, -1, -1, LOOK_BOLD },
	[ATTR_HEAD] = { -1, -1, -1, LOOK_REVERSE },
	[ATTR_GOOD] = { 74, CYAN, CYAN, 0 },
	[ATTR_WARN] = { 220, BRIGHT + YELLOW, YELLOW, LOOK_BOLD },
	[ATTR_CRIT] = { 202, BRIGHT + WHITE, WHITE, LOOK_BOLD | LOOK_UNDERLINE },
	[ATTR_FAIL] = { 202, BRIGHT + WHITE, WHITE, LOOK_BOLD | LOOK_REVERSE },
	[ATTR_SPARK] = { 32, BRIGHT + BLUE, BLUE, 0 },
	[ATTR_KEY] = { -1, -1, -1, LOOK_REVERSE },
	[ATTR_ALERT] = { -1, -1, -1, LOOK_BOLD | LOOK_REVERSE },
};

static const struct style mono[ATTR_COUNT] = {
	[ATTR_NORMAL] = { -1, -1, -1, 0 },
	[ATTR_DIM] = { -1, -1, -1, LOOK_DIM },
	[ATTR_TITLE] = { -1, -1, -1, LOOK_BOLD },
	[ATTR_HEAD] = { -1, -1, -1, LOOK_REVERSE },
	[ATTR_GOOD] = { -1, -1, -1, 0 },
	[ATTR_WARN] = { -1, -1, -1, LOOK_BOLD },
	[ATTR_CRIT] = { -1, -1, -1, LOOK_BOLD | LOOK_UNDERLINE },
	[ATTR_FAIL] = { -1, -1, -1, LOOK_BOLD | LOOK_REVERSE },
	[ATTR_SPARK] = { -1, -1, -1, 0 },
	[ATTR_KEY] = { -1, -1, -1, LOOK_REVERSE },
	[ATTR_ALERT] = { -1, -1, -1, LOOK_BOLD | LOOK_REVERSE },
};

static const struct style *const themes[THEME_COUNT] = {
	[THEME_AUTO] = dark, [THEME_DARK] = dark, [THEME_LIGHT] = light,
	[THEME_SAFE] = safe, [THEME_MONO] = mono,
};

/* White and light grey are what light backgrounds are called. */
static bool is_light(const char *background)
{
	const char *last = background ? strrchr(background, ';') : NULL;

	return last && (!strcmp(last, ";7") || !strcmp(last, ";15"));
}

enum theme look_theme(enum theme theme, int colours, const char *background)
{
	if (colours < 8)
		return THEME_MONO;
	if (theme == THEME_AUTO)
		return is_light(background) ? THEME_LIGHT : THEME_DARK;
	return theme;
}

/*
 * The selected line has a background of its own where there are colours enough,
 * so that all others stay what they are; else it is reversed.
 */
static const short selected[THEME_COUNT] = {
	[THEME_AUTO] = 237,
	[THEME_DARK] = 237,
	[THEME_LIGHT] = 253,
	[THEME_SAFE] = 237,
	[THEME_MONO] = -1,
};

/* A part of a block, reversed, would show the opposite of what it means. */
static bool is_block(uint32_t ch)
{
	return ch >= 0x2580 && ch <= 0x259f;
}

static void look_select(struct look *look, short background, uint32_t ch)
{
	/* Selected twice would be hidden again: what is reversed is underlined. */
	if (look->flags & LOOK_REVERSE)
		look->flags |= LOOK_UNDERLINE;
	else if (background >= 0)
		look->background = background;
	else if (!is_block(ch))
		look->flags |= LOOK_REVERSE;
	/* Dim on anything else than the usual background is hard to read. */
	look->flags &= ~LOOK_DIM;
	if (look->meaning == ATTR_DIM && !is_block(ch)) {
		look->meaning = ATTR_NORMAL;
		look->colour = -1;
	}
}

struct look look_of(enum theme theme, int colours, const struct cell *cell)
{
	enum attr meaning = cell->attr & ~ATTR_SELECTED;
	const struct style *style = &themes[theme][meaning];
	struct look look = {
		.meaning = meaning,
		.colour = colours >= 256 ? style->of256 :
			  colours >= 16	 ? style->of16 :
					   style->of8,
		.background = -1,
		.flags = style->flags,
	};

	if (is_block(cell->ch))
		look.flags &= ~(LOOK_REVERSE | LOOK_UNDERLINE);
	if (cell->attr & ATTR_SELECTED)
		look_select(&look, colours >= 256 ? selected[theme] : -1, cell->ch);
	return look;
}
