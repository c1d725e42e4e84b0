// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * transport_record: a transport on libnl that writes down what passes through
 * it. Numbers made at random for a request (a snapshot's UUID) are left out, so
 * that the recording answers the next request, too.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attr_text.h"
#include "error.h"
#include "recording.h"
#include "session.h"
#include "stack_recorded.h"

/* Shared by the transports of a session; the last one to close completes it. */
struct record_file {
	FILE *out;
	unsigned int users;
};

struct transport_record {
	struct transport transport;
	struct transport *inner;
	struct record_file *file;
};

struct record_call {
	struct record_file *file;
	uint8_t cmd;
	transport_fn fn;
	void *arg;
};

static struct transport_record *record_of(struct transport *t)
{
	return (struct transport_record *)t;
}

static int record_on_answer(const struct transport_msg *msg, void *arg)
{
	struct record_call *call = arg;

	FILE *out = call->file->out;

	fputc('<', out);
	if (msg->cmd != call->cmd)
		fprintf(out, " =%s", blksnap_command_word(msg->cmd));
	attr_text_write(out, attr_set_of(msg->cmd), msg->attrs, msg->len, NULL);
	fputc('\n', out);
	return call->fn ? call->fn(msg, call->arg) : 0;
}

static int record_request(struct transport *t, uint8_t cmd, bool dump,
			  const struct attr_buf *request, transport_fn fn,
			  void *arg, struct blksnap_error *err)
{
	struct transport_record *record = record_of(t);
	struct record_call call = { record->file, cmd, fn, arg };
	FILE *out = record->file->out;
	struct blksnap_error own = { 0 };
	int ret;

	fprintf(out, "> %s%s", blksnap_command_word(cmd), dump ? " dump" : "");
	if (request)
		attr_text_write(out, attr_set_of(cmd), request->data, request->len,
				"uuid");
	fputc('\n', out);
	ret = record->inner->ops->request(record->inner, cmd, dump, request,
					  record_on_answer, &call, &own);
	if (ret < 0 && own.errnum) {
		fprintf(out, "! %s%s ", strerrorname_np(own.errnum),
			own.from_kernel ? " kernel" : "");
		attr_text_quote(out, own.message, strlen(own.message));
		fprintf(out, " %s\n", own.attribute);
	}
	if (err)
		*err = own;
	return ret;
}

static int record_on_event(const struct transport_msg *msg, void *arg)
{
	struct record_call *call = arg;
	FILE *out = call->file->out;

	switch (msg->kind) {
	case TRANSPORT_GONE:
		fputs("~ gone\n", out);
		break;
	case TRANSPORT_BACK:
		fputs("~ back\n", out);
		break;
	case TRANSPORT_MESSAGE:
		fprintf(out, "~ %s", blksnap_command_word(msg->cmd));
		attr_text_write(out, attr_set_of(msg->cmd), msg->attrs, msg->len,
				NULL);
		fputc('\n', out);
		break;
	}
	fflush(out);
	return call->fn(msg, call->arg);
}

static int record_receive(struct transport *t, transport_fn fn, void *arg)
{
	struct transport_record *record = record_of(t);
	struct record_call call = { record->file, 0, fn, arg };
	int ret;

	ret = record->inner->ops->receive(record->inner, record_on_event, &call);
	if (ret == -ENOBUFS)
		fputs("~ overrun\n", record->file->out);
	return ret;
}

static int record_join(struct transport *t, struct blksnap_error *err)
{
	return record_of(t)->inner->ops->join(record_of(t)->inner, err);
}

static int record_fd(const struct transport *t)
{
	const struct transport_record *record = (const void *)t;

	return record->inner->ops->fd(record->inner);
}

static void record_put(struct record_file *file)
{
	if (--file->users)
		return;
	fclose(file->out);
	free(file);
}

static void record_close(struct transport *t)
{
	struct transport_record *record = record_of(t);

	record->inner->ops->close(record->inner);
	record_put(record->file);
	free(record);
}

static const struct transport_ops record_ops = {
	.request = record_request,
	.join = record_join,
	.receive = record_receive,
	.fd = record_fd,
	.close = record_close,
};

static int record_make(void *arg, bool events, struct transport **transport,
		       struct blksnap_error *err)
{
	struct transport_record *record = calloc(1, sizeof(*record));
	int ret;

	if (!record)
		return error_set(err, ENOMEM, NULL);
	ret = transport_nl_make(NULL, events, &record->inner, err);
	if (ret) {
		free(record);
		return ret;
	}
	record->transport.ops = &record_ops;
	record->file = arg;
	record->file->users++;
	*transport = &record->transport;
	return 0;
}

static uint64_t record_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void record_machine(FILE *out)
{
	struct blksnap_stack *stack;

	fprintf(out, "# blksnap %s\nclock %" PRIu64 " %" PRIu64 "\n",
		blksnap_version(), record_clock(CLOCK_BOOTTIME),
		record_clock(CLOCK_REALTIME));
	if (blksnap_stack_open(NULL, &stack, NULL))
		return;
	stack_record(out, stack);
	blksnap_stack_close(stack);
}

int blksnap_open_recorded(const char *path, struct blksnap_session **session,
			  struct blksnap_error *err)
{
	struct record_file *file = calloc(1, sizeof(*file));
	int ret;

	error_clear(err);
	if (!file)
		return error_set(err, ENOMEM, NULL);
	file->out = fopen(path, "we");
	if (!file->out) {
		ret = error_set(err, errno, "cannot write the recording: %s",
				strerror(errno));
		free(file);
		return ret;
	}
	file->users = 1;
	record_machine(file->out);
	ret = session_open(record_make, file, session, err);
	record_put(file);
	return ret;
}
