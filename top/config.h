/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of settings. The configuration, which only people write, and the state,
 * which the monitor writes when it is told to: both are lines of NAME = VALUE
 * with the names of the long options. What is wrong in them is said, and
 * passed over: it never keeps anybody from looking.
 */
#ifndef TOP_CONFIG_H
#define TOP_CONFIG_H

#include "options.h"
#include "ui.h"

#define CONFIG_BYTES_MAX 65536u
#define CONFIG_WHY_SIZE 400

/**
 * config_text() - take the settings of a text
 * @options: changed
 * @text: the text; need not end in 0
 * @length: bytes of it
 * @why: set to a sentence about the first line that was passed over, "" if
 *	there is none
 * @size: room there
 *
 * Pure.
 *
 * Return: number of lines that were passed over.
 */
unsigned int config_text(struct options *options, const char *text, size_t length,
			 char *why, size_t size);

/**
 * config_print() - the settings of a view as such a text
 * @out: where to
 * @ui: the view
 */
void config_print(FILE *out, const struct ui *ui);

/**
 * config_read() - /etc/blksnap/top.conf, that of the user, then the state
 * @options: changed
 * @why: set to a sentence about what is wrong with them, "" if nothing is
 * @size: room there
 *
 * Those of the user are $XDG_CONFIG_HOME/blksnap/top.conf and
 * $XDG_STATE_HOME/blksnap/top.state. A file that another user owns or may write
 * is not read.
 */
void config_read(struct options *options, char *why, size_t size);

/**
 * config_save() - write the state, all or nothing
 * @ui: the view
 * @path: set to where
 * @size: room there
 *
 * Return: 0 or -errno.
 */
int config_save(const struct ui *ui, char *path, size_t size);

#endif
