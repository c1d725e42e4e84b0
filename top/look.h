/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a meaning looks like: themes for terminals of 256, 16 or 8 colours, or
 * none. The words on the screen say everything; colours only add, and so do
 * bold, reverse and underline, which are all there is without colours. Pure:
 * the view makes the terminal's own attributes of it.
 */
#ifndef TOP_LOOK_H
#define TOP_LOOK_H

#include "grid.h"

enum theme {
	THEME_AUTO, /* light if the terminal says so, else dark */
	THEME_DARK,
	THEME_LIGHT,
	THEME_SAFE, /* no red against green */
	THEME_MONO,
	THEME_COUNT,
};

#define LOOK_BOLD 0x01u
#define LOOK_DIM 0x02u
#define LOOK_UNDERLINE 0x04u
#define LOOK_REVERSE 0x08u

/**
 * struct look - how a cell is shown
 * @meaning: the meaning whose colour it has; ATTR_NORMAL: the terminal's own
 * @colour: number of the foreground colour, -1: the terminal's own
 * @background: the same of the background
 * @flags: LOOK_*
 */
struct look {
	enum attr meaning;
	short colour;
	short background;
	unsigned int flags;
};

/**
 * look_theme() - the theme in use
 * @theme: the one that was asked for
 * @colours: how many the terminal has, or may be used; less than 8 are none
 * @background: COLORFGBG of the environment, as "0;15" for black on white, or
 *	NULL
 *
 * Return: any but THEME_AUTO.
 */
enum theme look_theme(enum theme theme, int colours, const char *background);

/**
 * look_of() - how a cell is shown
 * @theme: from look_theme()
 * @colours: as there
 * @cell: the cell
 */
struct look look_of(enum theme theme, int colours, const struct cell *cell);

#endif
