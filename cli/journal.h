/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal: changes as entries of systemd's journal, with fields and a message id
 * for each kind (dist/systemd/blksnap.catalog explains them). Entries go out by
 * the journal's own protocol, so that a program that runs in an initramfs needs
 * no library for it.
 */
#ifndef BLKSNAP_CLI_JOURNAL_H
#define BLKSNAP_CLI_JOURNAL_H

#include <stddef.h>

#include <blksnap.h>

#define JOURNAL_SOCKET "/run/systemd/journal/socket"
#define JOURNAL_MAX 16384

/**
 * journal_entry() - what the journal gets for a record. Pure.
 * @rec: record
 * @text: its sentence
 * @entry: result: lines of FIELD=value
 * @size: bytes of @entry; of fields that do not fit the last are left out
 *
 * Return: bytes of @entry; 0: nothing, the record is no change worth keeping (a
 * reminder, a step on the way, the end of the state).
 */
size_t journal_entry(const struct blksnap_record *rec, const char *text, char *entry, size_t size);

/**
 * journal_open() - a socket to the journal
 * @path: JOURNAL_SOCKET, or another one
 *
 * Return: descriptor, for the caller to close, or a negative errno.
 */
int journal_open(const char *path);

/**
 * journal_send() - add an entry, waiting for room
 * @fd: of journal_open()
 * @entry: entry
 * @length: its bytes
 *
 * Return: 0 or a negative errno.
 */
int journal_send(int fd, const char *entry, size_t length);

#endif /* BLKSNAP_CLI_JOURNAL_H */
