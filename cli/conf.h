/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf: what an administrator has written down: blksnap.conf(5).
 */
#ifndef BLKSNAP_CLI_CONF_H
#define BLKSNAP_CLI_CONF_H

#include <stddef.h>

#define CONF_FILE "/etc/blksnap.conf"
#define CONF_WHY 256

#define CONF_WHAT 128

struct conf;

/**
 * typedef conf_fn - takes a line
 * @key: what stands before the "="
 * @value: what stands behind it
 * @arg: as given to conf_each()
 * @what: to be filled with what is wrong, CONF_WHAT bytes
 *
 * Return: 0; -EINVAL with @what; -ENOMEM.
 */
typedef int (*conf_fn)(const char *key, const char *value, void *arg, char *what);

/**
 * conf_each() - the lines KEY = VALUE of a file
 * @path: the file; "-" is standard input
 * @fn: called for each, in order, until it fails
 * @arg: for @fn
 * @why: filled with what is wrong, and where, CONF_WHY bytes
 *
 * Return: 0; -EINVAL (a line is wrong, with its number in @why), -ENOMEM, -errno
 *	of reading.
 */
int conf_each(const char *path, conf_fn fn, void *arg, char *why);

/**
 * conf_read() - read a file
 * @path: the file; one that is not there is an empty one
 * @conf: result; conf_free()
 * @why: filled with what is wrong, CONF_WHY bytes
 *
 * Return: 0; -EINVAL (a line is no setting, with its number in @why), -ENOMEM,
 *	-errno of reading.
 */
int conf_read(const char *path, struct conf **conf, char *why);

/**
 * conf_value() - a setting
 * @conf: settings, or NULL
 * @key: its name
 * @index: which, if it may be given several times
 *
 * Return: the value, or NULL.
 */
const char *conf_value(const struct conf *conf, const char *key, size_t index);

void conf_free(struct conf *conf);

#endif /* BLKSNAP_CLI_CONF_H */
