// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * error: see error.h. Knows no sockets; the bytes of an acknowledgement are not
 * trusted.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "error.h"

enum blksnap_exit blksnap_exit_class(int errnum)
{
	switch (errnum) {
	case 0:
		return BLKSNAP_EXIT_OK;
	case ENOENT:
	case ENODEV:
	case ENXIO:
	case ENOTBLK:
		return BLKSNAP_EXIT_NOT_FOUND;
	case EBUSY:
	case EEXIST:
	case ENOTUNIQ:
	case EROFS:
	case ELOOP:
		return BLKSNAP_EXIT_CONFLICT;
	case EPERM:
	case EACCES:
		return BLKSNAP_EXIT_PERMISSION;
	case ENOSPC:
	case ENOMEM:
	case EMSGSIZE:
	case EFBIG:
		return BLKSNAP_EXIT_NO_SPACE;
	case ESTALE:
		return BLKSNAP_EXIT_INVALID;
	case ETIMEDOUT:
		return BLKSNAP_EXIT_TIMEOUT;
	case ENOPROTOOPT:
		return BLKSNAP_EXIT_ABSENT;
	case ECANCELED:
		return BLKSNAP_EXIT_INTERRUPTED;
	default:
		return BLKSNAP_EXIT_OTHER;
	}
}

void error_clear(struct blksnap_error *err)
{
	if (err)
		memset(err, 0, sizeof(*err));
}

static void error_fill(struct blksnap_error *err, enum blksnap_exit class,
		       int errnum, const char *format, va_list args)
{
	memset(err, 0, sizeof(*err));
	err->errnum = errnum;
	err->exit = class;
	if (format)
		vsnprintf(err->message, sizeof(err->message), format, args);
	else
		snprintf(err->message, sizeof(err->message), "%s",
			 strerror(errnum));
}

int error_set(struct blksnap_error *err, int errnum, const char *format, ...)
{
	va_list args;

	if (!err)
		return -errnum;
	va_start(args, format);
	error_fill(err, blksnap_exit_class(errnum), errnum, format, args);
	va_end(args);
	return -errnum;
}

int error_set_exit(struct blksnap_error *err, enum blksnap_exit class,
		   int errnum, const char *format, ...)
{
	va_list args;

	if (!err)
		return -errnum;
	va_start(args, format);
	error_fill(err, class, errnum, format, args);
	va_end(args);
	return -errnum;
}

int error_absent(struct blksnap_error *err)
{
	if (access("/sys/module/blksnap", F_OK) == 0)
		return error_set(err, ENOPROTOOPT,
				 "the module is loaded but its netlink family is "
				 "not here: not in the initial network namespace?");
	return error_set(err, ENOPROTOOPT, "the module blksnap is not loaded");
}

struct error_ack {
	char message[BLKSNAP_MESSAGE_MAX + 1];
	size_t offset;
	size_t nest;
	uint16_t missing;
};

static size_t error_ack_offset(const void *payload, size_t len, size_t head_len)
{
	uint32_t offset;

	if (len < sizeof(offset))
		return ATTR_NOWHERE;
	memcpy(&offset, payload, sizeof(offset));
	return offset < head_len ? ATTR_NOWHERE : offset - head_len;
}

static void error_ack_parse(struct error_ack *ack, size_t head_len,
			    const uint8_t *data, size_t len)
{
	struct nlattr head;
	const uint8_t *payload;
	uint32_t type;
	size_t n;

	while (len >= NLA_HDRLEN) {
		memcpy(&head, data, sizeof(head));
		if (head.nla_len < NLA_HDRLEN || head.nla_len > len)
			return;
		payload = data + NLA_HDRLEN;
		n = head.nla_len - NLA_HDRLEN;

		switch (head.nla_type & NLA_TYPE_MASK) {
		case NLMSGERR_ATTR_MSG:
			n = strnlen((const char *)payload, n);
			if (n > BLKSNAP_MESSAGE_MAX)
				n = BLKSNAP_MESSAGE_MAX;
			memcpy(ack->message, payload, n);
			ack->message[n] = 0;
			break;
		case NLMSGERR_ATTR_OFFS:
			ack->offset = error_ack_offset(payload, n, head_len);
			break;
		case NLMSGERR_ATTR_MISS_NEST:
			ack->nest = error_ack_offset(payload, n, head_len);
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			if (n < sizeof(type))
				break;
			memcpy(&type, payload, sizeof(type));
			ack->missing = (uint16_t)type;
			break;
		}

		if ((size_t)NLA_ALIGN(head.nla_len) >= len)
			return;
		data += NLA_ALIGN(head.nla_len);
		len -= NLA_ALIGN(head.nla_len);
	}
}

int error_from_ack(struct blksnap_error *err, uint8_t cmd,
		   const struct attr_buf *request, int errnum, size_t head_len,
		   const void *tlvs, size_t len)
{
	struct error_ack ack = { .offset = ATTR_NOWHERE, .nest = ATTR_NOWHERE };

	if (!err)
		return -errnum;
	error_ack_parse(&ack, head_len, tlvs, len);
	error_set(err, errnum, NULL);
	if (ack.message[0]) {
		memcpy(err->message, ack.message, sizeof(err->message));
		err->from_kernel = true;
	}
	attr_path(attr_set_of(cmd), request->data, request->len,
		  ack.missing ? ack.nest : ack.offset, ack.missing,
		  err->attribute, sizeof(err->attribute));
	return -errnum;
}
