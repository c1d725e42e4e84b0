/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal as an output: pushes a grid to curses, and gives every meaning
 * a look that the terminal can show. Curses are known here and in input.c only.
 */
#ifndef TOP_VIEW_H
#define TOP_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "grid.h"
#include "options.h"

/**
 * view_open() - take the terminal
 * @colour: may use colours if it has any
 * @theme: which
 * @mouse: the mouse is wanted
 * @why: set to a sentence on failure
 * @size: room there
 *
 * Return: 0, or -ENOTTY if standard output or input is no terminal that curses
 *	can use.
 */
int view_open(bool colour, enum theme theme, bool mouse, char *why, size_t size);

/**
 * view_close() - give the terminal back as it was
 */
void view_close(void);

/**
 * view_size() - size of the terminal now
 * @cols: set
 * @rows: set
 *
 * Asks the terminal, so that a change while the process was stopped is noticed.
 */
void view_size(int *cols, int *rows);

/**
 * view_show() - show a picture; only what changed is sent
 * @grid: the picture
 */
void view_show(const struct grid *grid);

/**
 * view_bell() - ring, or flash
 */
void view_bell(void);

/**
 * view_notify() - ask the terminal for a notification of the desktop (OSC 9)
 * @severity: a word
 * @object: what it is about, ""
 * @text: a sentence
 */
void view_notify(const char *severity, const char *object, const char *text);

/**
 * view_forget() - somebody else wrote on the terminal: send everything next time
 */
void view_forget(void);

#endif
