// SPDX-License-Identifier: GPL-2.0-or-later
/* A line that is typed in; see prompt.h. */
#include "prompt.h"

#include <stdio.h>
#include <string.h>

#include "keys.h"

#define CTRL(letter) ((letter) - '@')

void prompt_open(struct prompt *prompt, enum prompt_kind kind, const char *label,
		 const char *text)
{
	memset(prompt, 0, sizeof(*prompt));
	prompt->kind = kind;
	prompt->label = label;
	snprintf(prompt->text, sizeof(prompt->text), "%s", text);
	prompt->at = strlen(prompt->text);
}

static void prompt_cut(struct prompt *prompt, size_t from, size_t to)
{
	memmove(prompt->text + from, prompt->text + to, strlen(prompt->text + to) + 1);
	prompt->at = from;
}

static size_t word_before(const struct prompt *prompt)
{
	size_t at = prompt->at;

	while (at && prompt->text[at - 1] == ' ')
		at--;
	while (at && prompt->text[at - 1] != ' ')
		at--;
	return at;
}

static void prompt_insert(struct prompt *prompt, char c)
{
	size_t length = strlen(prompt->text);

	if (length + 1 >= sizeof(prompt->text))
		return;
	memmove(prompt->text + prompt->at + 1, prompt->text + prompt->at,
		length - prompt->at + 1);
	prompt->text[prompt->at++] = c;
}

enum prompt_end prompt_key(struct prompt *prompt, int key)
{
	switch (key) {
	case KEY_RETURN:
		return PROMPT_TAKEN;
	case KEY_ESCAPE:
	case CTRL('C'):
	case CTRL('G'):
		return PROMPT_GIVEN_UP;
	case KEY_ERASE:
		if (!prompt->text[0])
			return PROMPT_GIVEN_UP;
		if (prompt->at)
			prompt_cut(prompt, prompt->at - 1, prompt->at);
		break;
	case CTRL('U'):
		prompt_cut(prompt, 0, prompt->at);
		break;
	case CTRL('K'):
		prompt->text[prompt->at] = '\0';
		break;
	case CTRL('W'):
		prompt_cut(prompt, word_before(prompt), prompt->at);
		break;
	case KEY_LEFT_SIDE:
		prompt->at -= prompt->at > 0;
		break;
	case KEY_RIGHT_SIDE:
		prompt->at += prompt->text[prompt->at] != '\0';
		break;
	case KEY_FIRST:
	case CTRL('A'):
		prompt->at = 0;
		break;
	case KEY_LAST:
	case CTRL('E'):
		prompt->at = strlen(prompt->text);
		break;
	default:
		if (key >= ' ' && key < 0x7f)
			prompt_insert(prompt, (char)key);
		break;
	}
	return PROMPT_GOES_ON;
}
