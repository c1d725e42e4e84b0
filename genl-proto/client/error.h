/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * error: filling struct blksnap_error, from the library's own findings and from
 * the kernel's extended acknowledgements.
 */
#ifndef BLKSNAP_CLIENT_ERROR_H
#define BLKSNAP_CLIENT_ERROR_H

#include "attr.h"

/**
 * error_clear() - no failure
 * @err: error, or NULL
 */
void error_clear(struct blksnap_error *err);

/**
 * error_set() - a failure the library found
 * @err: error, or NULL
 * @errnum: positive errno
 * @format: one sentence without a full stop; NULL takes the errno's text
 *
 * Return: -@errnum.
 */
int error_set(struct blksnap_error *err, int errnum, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * error_set_exit() - the same with a class that the errno alone does not give
 */
int error_set_exit(struct blksnap_error *err, enum blksnap_exit class,
		   int errnum, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * error_absent() - the family is not there
 * @err: error, or NULL
 *
 * Return: -ENOPROTOOPT.
 */
int error_absent(struct blksnap_error *err);

/**
 * error_from_ack() - a failure the kernel reported
 * @err: error, or NULL
 * @cmd: the command that failed
 * @request: attributes of the request
 * @errnum: positive errno
 * @head_len: bytes of headers before the attributes in the request, from which
 *	the kernel counts its offset
 * @tlvs: attributes of the extended acknowledgement
 * @len: bytes of @tlvs; 0 if there are none
 *
 * Return: -@errnum.
 */
int error_from_ack(struct blksnap_error *err, uint8_t cmd,
		   const struct attr_buf *request, int errnum, size_t head_len,
		   const void *tlvs, size_t len);

#endif /* BLKSNAP_CLIENT_ERROR_H */
