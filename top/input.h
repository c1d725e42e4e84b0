/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal as an input: what it sends becomes keys. Curses are known here
 * and in view.c only.
 */
#ifndef TOP_INPUT_H
#define TOP_INPUT_H

/**
 * input_read() - the next key, without waiting
 *
 * Return: a character or an enum key; KEY_NONE when there is no more. What has
 *	no meaning is skipped.
 */
int input_read(void);

/**
 * input_point() - where the mouse was at the last KEY_POINT
 * @y: set to the row
 * @x: set to the column
 */
void input_point(int *y, int *x);

#endif
