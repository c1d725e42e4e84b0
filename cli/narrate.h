/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * narrate: a record of a subscription as one line for people. Pure.
 */
#ifndef BLKSNAP_CLI_NARRATE_H
#define BLKSNAP_CLI_NARRATE_H

#include <blksnap.h>

/**
 * narrate_record() - the sentence, without time and number
 * @record: record
 * @text: result
 * @size: bytes of @text
 */
void narrate_record(const struct blksnap_record *record, char *text, size_t size);

#endif /* BLKSNAP_CLI_NARRATE_H */
