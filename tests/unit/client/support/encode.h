/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * encode: structs to attribute streams, as the kernel would send them. The other
 * direction of attr_decode(), from the same tables.
 */
#ifndef BLKSNAP_TEST_ENCODE_H
#define BLKSNAP_TEST_ENCODE_H

#include "attr.h"

/**
 * encode() - append the attributes of a struct
 * @set: its table
 * @obj: struct; only what its ``has`` names is sent, all if it has none
 * @buf: result
 */
void encode(const struct attr_set *set, const void *obj, struct attr_buf *buf);

#endif
