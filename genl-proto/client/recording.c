// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * recording: reads recordings; their format is in blksnap_recording.h.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "attr_text.h"
#include "error.h"
#include "recording.h"
#include "session.h"

#define RECORDING_WHY 200
#define RECORDING_ERRNO_MAX 4095

struct recording_reader {
	struct blksnap_recording *recording;
	char why[RECORDING_WHY];
};

static int recording_refuse(struct recording_reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int recording_refuse(struct recording_reader *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->why, sizeof(r->why), format, args);
	va_end(args);
	return -EINVAL;
}

/* Room for one more; grows at powers of two. Return: the new item, zero. */
static void *recording_more(void *array, size_t *count, size_t size)
{
	void **items = array;
	void *grown = *items;
	char *item;

	if ((*count & (*count - 1)) == 0) {
		grown = reallocarray(*items, *count ? *count * 2 : 1, size);
		if (!grown)
			return NULL;
		*items = grown;
	}
	item = (char *)grown + (*count)++ * size;
	return memset(item, 0, size);
}

/* The next word of @at, which moves behind it. */
static size_t recording_word(const char **at, const char **word)
{
	size_t len;

	*at += strspn(*at, " \t");
	*word = *at;
	len = strcspn(*at, " \t");
	*at += len;
	return len;
}

static bool recording_take(const char **at, const char *word)
{
	const char *next = *at, *found;
	size_t len = recording_word(&next, &found);

	if (len != strlen(word) || strncmp(found, word, len))
		return false;
	*at = next;
	return true;
}

static int recording_command(struct recording_reader *r, const char **at,
			     uint8_t *cmd)
{
	const char *word;
	size_t len = recording_word(at, &word);
	unsigned int i;

	for (i = 1; i < 256; i++) {
		const char *known = blksnap_command_word(i);

		if (attr_set_of((uint8_t)i) && strlen(known) == len &&
		    !strncmp(known, word, len)) {
			*cmd = (uint8_t)i;
			return 0;
		}
	}
	return recording_refuse(r, "unknown command \"%.*s\"", (int)len, word);
}

static int recording_errno(struct recording_reader *r, const char **at)
{
	const char *word;
	size_t len = recording_word(at, &word);
	int i;

	for (i = 1; i < RECORDING_ERRNO_MAX; i++) {
		const char *name = strerrorname_np(i);

		if (name && strlen(name) == len && !strncmp(name, word, len))
			return i;
	}
	recording_refuse(r, "unknown errno \"%.*s\"", (int)len, word);
	return 0;
}

static struct recording_step *recording_last(struct blksnap_recording *rec)
{
	return &rec->steps[rec->n_steps - 1];
}

static int recording_message(struct recording_reader *r, uint8_t cmd,
			     const char *text, struct recording_list *list)
{
	struct recording_msg *msg =
		recording_more(&list->msgs, &list->count, sizeof(*msg));

	if (!msg)
		return -ENOMEM;
	msg->kind = TRANSPORT_MESSAGE;
	msg->cmd = cmd;
	return attr_text_read(attr_set_of(cmd), text, &msg->attrs, r->why,
			      sizeof(r->why));
}

static int recording_request(struct recording_reader *r, const char *at)
{
	struct blksnap_recording *rec = r->recording;
	struct recording_step *step =
		recording_more(&rec->steps, &rec->n_steps, sizeof(*step));
	int ret;

	if (!step)
		return -ENOMEM;
	ret = recording_command(r, &at, &step->cmd);
	if (ret)
		return ret;
	step->dump = recording_take(&at, "dump");
	return attr_text_read(attr_set_of(step->cmd), at, &step->request, r->why,
			      sizeof(r->why));
}

static int recording_answer(struct recording_reader *r, const char *at,
			    struct recording_step *step)
{
	uint8_t cmd = step->cmd;
	int ret;

	at += strspn(at, " \t");
	if (*at == '=') {
		at++;
		ret = recording_command(r, &at, &cmd);
		if (ret)
			return ret;
	}
	return recording_message(r, cmd, at, &step->answers);
}

static int recording_failure(struct recording_reader *r, const char *at)
{
	struct recording_step *step = recording_last(r->recording);
	struct blksnap_error *err = &step->error;
	char text[sizeof(err->message)];
	bool kernel;
	int errnum = recording_errno(r, &at);

	if (!errnum)
		return -EINVAL;
	kernel = recording_take(&at, "kernel");
	at += strspn(at, " \t");
	if (*at != '"')
		return recording_refuse(r, "a message between quotes is missing");
	at = attr_text_unquote(at, text, sizeof(text));
	if (!at)
		return recording_refuse(r, "a closing quote is missing");
	error_set(err, errnum, "%s", text);
	err->from_kernel = kernel;
	at += strspn(at, " \t");
	snprintf(err->attribute, sizeof(err->attribute), "%s", at);
	return 0;
}

static int recording_event(struct recording_reader *r, const char *at)
{
	struct recording_list *list = &recording_last(r->recording)->events;
	struct recording_msg *msg;
	uint8_t cmd;
	int ret;

	if (recording_take(&at, "gone") || recording_take(&at, "back") ||
	    recording_take(&at, "overrun")) {
		msg = recording_more(&list->msgs, &list->count, sizeof(*msg));
		if (!msg)
			return -ENOMEM;
		msg->kind = at[-1] == 'k' ? TRANSPORT_BACK : TRANSPORT_GONE;
		msg->overrun = at[-1] == 'n';
		return 0;
	}
	ret = recording_command(r, &at, &cmd);
	return ret ? ret : recording_message(r, cmd, at, list);
}

static int recording_block(struct recording_reader *r, const char *at, bool mount)
{
	struct blksnap_recording *rec = r->recording;
	struct recording_block *block =
		recording_more(&rec->blocks, &rec->n_blocks, sizeof(*block));

	if (!block)
		return -ENOMEM;
	block->mount = mount;
	block->line = strdup(at + strspn(at, " \t"));
	return block->line ? 0 : -ENOMEM;
}

static int recording_line(struct recording_reader *r, const char *line)
{
	struct blksnap_recording *rec = r->recording;
	struct recording_step *last = recording_last(rec);
	const char *at = line;

	if (recording_take(&at, ">"))
		return recording_request(r, at);
	if (recording_take(&at, "<")) {
		if (!last->cmd)
			return recording_refuse(r, "an answer without a request");
		return recording_answer(r, at, last);
	}
	if (recording_take(&at, "!")) {
		if (!last->cmd)
			return recording_refuse(r, "a failure without a request");
		return recording_failure(r, at);
	}
	if (recording_take(&at, "~"))
		return recording_event(r, at);
	if (recording_take(&at, "block"))
		return recording_block(r, at, false);
	if (recording_take(&at, "mount"))
		return recording_block(r, at, true);
	if (recording_take(&at, "absent")) {
		rec->absent = true;
		return 0;
	}
	if (recording_take(&at, "clock")) {
		rec->has_clock = sscanf(at, "%" SCNu64 " %" SCNu64, &rec->boot_ns,
					&rec->real_ns) == 2;
		return rec->has_clock ? 0 : recording_refuse(r, "clock: two numbers are needed");
	}
	return recording_refuse(r, "\"%.20s\" is not understood", line);
}

static int recording_lines(struct recording_reader *r, FILE *in,
			   unsigned int *number)
{
	char *line = NULL, *at;
	size_t size = 0;
	int ret = 0;

	while (!ret && getline(&line, &size, in) >= 0) {
		++*number;
		line[strcspn(line, "\n")] = 0;
		at = line + strspn(line, " \t");
		if (*at && *at != '#')
			ret = recording_line(r, at);
	}
	free(line);
	return ret ? ret : ferror(in) ? -EIO : 0;
}

int blksnap_recording_read(const char *path, struct blksnap_recording **recording,
			   struct blksnap_error *err)
{
	struct blksnap_recording *rec = calloc(1, sizeof(*rec));
	struct recording_reader r = { .recording = rec };
	unsigned int number = 0;
	FILE *in;
	int ret;

	error_clear(err);
	if (!rec)
		return error_set(err, ENOMEM, NULL);
	rec->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (rec->fd < 0 || !recording_more(&rec->steps, &rec->n_steps,
					   sizeof(*rec->steps))) {
		blksnap_recording_free(rec);
		return error_set(err, ENOMEM, NULL);
	}
	in = fopen(path, "re");
	if (!in) {
		ret = error_set(err, errno, "cannot read the recording: %s",
				strerror(errno));
		blksnap_recording_free(rec);
		return ret;
	}
	ret = recording_lines(&r, in, &number);
	fclose(in);
	if (ret) {
		blksnap_recording_free(rec);
		return error_set(err, -ret, "line %u: %s", number,
				 r.why[0] ? r.why : strerror(-ret));
	}
	*recording = rec;
	return 0;
}

static void recording_list_free(struct recording_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		attr_buf_free(&list->msgs[i].attrs);
	free(list->msgs);
}

void blksnap_recording_free(struct blksnap_recording *rec)
{
	size_t i;

	if (!rec)
		return;
	for (i = 0; i < rec->n_steps; i++) {
		attr_buf_free(&rec->steps[i].request);
		recording_list_free(&rec->steps[i].answers);
		recording_list_free(&rec->steps[i].events);
	}
	for (i = 0; i < rec->n_blocks; i++)
		free(rec->blocks[i].line);
	free(rec->steps);
	free(rec->blocks);
	if (rec->fd >= 0)
		close(rec->fd);
	free(rec);
}

bool blksnap_recording_clock(const struct blksnap_recording *recording,
			     uint64_t *boot_ns, uint64_t *real_ns)
{
	*boot_ns = recording->boot_ns;
	*real_ns = recording->real_ns;
	return recording->has_clock;
}

int blksnap_recording_session(struct blksnap_recording *recording,
			      struct blksnap_session **session,
			      struct blksnap_error *err)
{
	error_clear(err);
	return session_open(transport_replay_make, recording, session, err);
}
