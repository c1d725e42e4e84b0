/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * attr_text: attribute streams as text and back, for recordings. Made from the
 * tables of attr_table.c; an attribute they do not know is kept as a number with
 * its bytes. Knows no sockets and no files but the stream it writes to.
 *
 *	id=3 name="nightly" uuid=0102... keep member{dev{major=254 minor=16}}
 *	held-hist=0,0,5 @57=#0a0b0c0d
 */
#ifndef BLKSNAP_CLIENT_ATTR_TEXT_H
#define BLKSNAP_CLIENT_ATTR_TEXT_H

#include <stdio.h>

#include "attr.h"

/**
 * attr_text_write() - a stream as text
 * @out: where to; each attribute has a space before it
 * @set: table of the stream, or NULL
 * @attrs: attribute stream
 * @len: bytes of @attrs
 * @but: name of an attribute that is left out, and with it the cookie of a
 *	request; or NULL
 */
void attr_text_write(FILE *out, const struct attr_set *set, const void *attrs,
		     size_t len, const char *but);

/**
 * attr_text_read() - text as a stream
 * @set: its table, or NULL
 * @text: what attr_text_write() has written
 * @buf: attributes are appended
 * @why: filled with what is wrong
 * @size: bytes of @why
 *
 * Return: 0, -EINVAL with @why, -ENOMEM.
 */
int attr_text_read(const struct attr_set *set, const char *text,
		   struct attr_buf *buf, char *why, size_t size);

/**
 * attr_text_quote() - a string between quotes, so that it stays in its line
 */
void attr_text_quote(FILE *out, const char *text, size_t len);

/**
 * attr_text_unquote() - the string that begins at @text
 * @text: at the opening quote
 * @to: result, always terminated
 * @size: bytes of @to
 *
 * Return: what follows the closing quote; NULL if that is missing.
 */
const char *attr_text_unquote(const char *text, char *to, size_t size);

#endif /* BLKSNAP_CLIENT_ATTR_TEXT_H */
