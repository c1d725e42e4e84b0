/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line that is typed in at the bottom of the screen. Knows keys and text, not
 * what it is for. Pure.
 */
#ifndef TOP_PROMPT_H
#define TOP_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#define PROMPT_SIZE 256

enum prompt_kind {
	PROMPT_NONE,
	PROMPT_FILTER,
	PROMPT_SEARCH,
	PROMPT_EXPORT,
	PROMPT_COMMAND,
	PROMPT_CONFIRM,
};

/**
 * struct prompt - the line
 * @kind: what for; PROMPT_NONE: there is none
 * @label: what stands before it
 * @text: what was typed so far
 * @at: where the next character goes
 */
struct prompt {
	enum prompt_kind kind;
	const char *label;
	char text[PROMPT_SIZE];
	size_t at;
};

enum prompt_end {
	PROMPT_GOES_ON,
	PROMPT_TAKEN, /* Enter */
	PROMPT_GIVEN_UP, /* Escape, or Backspace in the empty line */
};

/**
 * prompt_open() - begin a line
 * @prompt: the line
 * @kind: what for
 * @label: static text before it
 * @text: what stands there at first
 */
void prompt_open(struct prompt *prompt, enum prompt_kind kind, const char *label,
		 const char *text);

/**
 * prompt_key() - a key was pressed
 * @prompt: the line; stays as it is when it ends
 * @key: a character, or an enum key
 *
 * Return: whether it has ended.
 */
enum prompt_end prompt_key(struct prompt *prompt, int key);

#endif
