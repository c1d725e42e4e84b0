/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signature: who signed a kernel module, and whether the kernel knows the key.
 */
#ifndef BLKSNAP_CLI_SIGNATURE_H
#define BLKSNAP_CLI_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SIGNATURE_NAME 128

/**
 * signature_unpack() - a module as it is loaded
 * @module: the file, open for reading, at its beginning; owned by this function
 * @path: where it is; its ending tells how it is compressed, if it is
 *
 * Context: may start xz, zstd or gzip, and waits for it.
 *
 * Return: @module, or another file with what was in it; NULL if that cannot be
 * had. The caller closes it.
 */
FILE *signature_unpack(FILE *module, const char *path);

/**
 * signature_read() - look at the end of a module
 * @module: the file, not compressed
 * @signer: result: common name of the key's issuer, which for a key of one's own
 *	is its name; "" if it cannot be told
 *
 * Return: whether there is a signature.
 */
bool signature_read(FILE *module, char signer[SIGNATURE_NAME]);

enum signature_key {
	SIGNATURE_KEY_UNSEEN, /* the kernel shows no keys at all */
	SIGNATURE_KEY_UNKNOWN,
	SIGNATURE_KEY_KNOWN,
};

/**
 * signature_key() - look for a name among the keys of certificates
 * @keys: /proc/keys
 * @signer: of signature_read()
 */
enum signature_key signature_key(FILE *keys, const char *signer);

#endif /* BLKSNAP_CLI_SIGNATURE_H */
