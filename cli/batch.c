// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * batch: see batch.h.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "json.h"
#include "source.h"
#include "take.h"
#include "undo.h"

int batch_split(char *line, char *words[BATCH_WORDS])
{
	char *from = line, *to = line;
	int n = 1;
	char quote;

	for (;;) {
		from += strspn(from, " \t\n");
		if (!*from || *from == '#')
			break;
		if (n == BATCH_WORDS - 1)
			return -EINVAL;
		words[n++] = to;
		for (quote = 0; *from && (quote || !strchr(" \t\n", *from)); from++) {
			if (quote ? *from == quote : *from == '"' || *from == '\'')
				quote = quote ? 0 : *from;
			else if (*from == '\\' && quote != '\'' && from[1])
				*to++ = *++from;
			else
				*to++ = *from;
		}
		if (quote)
			return -EINVAL;
		/* "to" has fallen behind by now, or "from" is at a blank or the end */
		if (*from)
			from++;
		*to++ = 0;
	}
	words[n] = NULL;
	return n;
}

struct batch {
	struct cli *cli;
	struct command_args outer;
	unsigned int line;
	bool atomic;
	int done;
	int failed;
	int last;
};

static int batch_refuse(struct batch *batch, const char *why)
{
	char subject[32];

	snprintf(subject, sizeof(subject), "line %u", batch->line);
	return cli_refuse(batch->cli, BLKSNAP_EXIT_USAGE, subject, NULL, "%s", why);
}

/* Where reading it ended is not its end. */
static int batch_unreadable(struct batch *batch)
{
	int errnum = errno;

	batch->cli->args.json = batch->outer.json;
	return cli_refuse(batch->cli, BLKSNAP_EXIT_OTHER, batch->outer.batch, NULL,
			  "cannot read the batch: %s", strerror(errnum));
}

/* Has the arguments of a line. Return: 0, or an exit status after cli_refuse(). */
static int batch_parse(struct batch *batch, char **words, int n)
{
	static char name[] = "blksnap";
	struct cli *cli = batch->cli;
	const struct command *c;
	char why[256];
	int ret;

	if (n == -ENOMEM)
		return batch_refuse(batch, "out of memory");
	if (n < 0)
		return batch_refuse(batch, "a quote is open, or there are too many words");
	words[0] = name;
	ret = command_parse(n, words, &cli->args, why, sizeof(why));
	cli->args.json = batch->outer.json;
	cli->args.pretty = batch->outer.pretty;
	cli->args.quiet |= batch->outer.quiet;
	cli->args.verbose |= batch->outer.verbose;
	if (ret == -ENOMEM)
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	c = cli->args.command;
	if (ret)
		return batch_refuse(batch, why);
	if (!c || cli->args.help || c->flags & (COMMAND_ALONE | COMMAND_TEXT))
		return batch_refuse(batch, "this cannot be part of a batch");
	if (command_value(&cli->args, "source", 0) ||
	    command_value(&cli->args, "record", 0) ||
	    command_value(&cli->args, "units", 0) ||
	    command_value(&cli->args, "color", 0))
		return batch_refuse(batch,
				    "--source, --record, --units and --color are for the batch as a whole");
	if (batch->outer.dry && !(c->flags & COMMAND_DRY))
		return batch_refuse(batch, "this command knows no --dry-run");
	cli->args.dry |= batch->outer.dry;
	if (batch->atomic && c->flags & COMMAND_DRY && !(c->flags & COMMAND_UNDO))
		return batch_refuse(batch,
				    "this cannot be taken back, so that it cannot be part of an --atomic batch");
	return 0;
}

static void batch_document(struct batch *batch, const char *text, int status,
			   json_t *result)
{
	json_t *doc = json_document("batch");

	json_object_set_new(doc, "line", json_integer(batch->line));
	json_object_set_new(doc, "command", json_text(true, text));
	json_object_set_new(doc, "exit", json_integer(status));
	json_object_set_new(doc, "result", result ? result : json_null());
	batch->cli->args.json = true;
	batch->cli->args.pretty = batch->outer.pretty;
	cli_print_json(batch->cli, doc);
}

static void batch_args_begin(struct batch *batch)
{
	struct cli *cli = batch->cli;

	memset(&cli->args, 0, sizeof(cli->args));
	cli->args.json = batch->outer.json;
	cli->args.pretty = batch->outer.pretty;
}

/* @line is changed. Return: exit status; 0 also of an empty line. */
static int batch_line(struct batch *batch, char *line)
{
	struct cli *cli = batch->cli;
	char *words[BATCH_WORDS], *text;
	json_t *result = NULL;
	int n, status;

	text = strdup(line + strspn(line, " \t"));
	n = text ? batch_split(line, words) : -ENOMEM;
	if (n == 1) {
		free(text);
		return 0; /* empty, or a comment */
	}
	batch_args_begin(batch);
	cli->result = batch->outer.json ? &result : NULL;
	status = batch_parse(batch, words, n);
	cli->line = batch->line;
	if (!status)
		status = cli->args.command->run(cli);
	cli->line = 0;
	fflush(stdout);
	cli->result = NULL;
	if (batch->outer.json)
		batch_document(batch, text ? text : "", status, result);
	command_args_free(&cli->args);
	/* devices may be others by the next line */
	blksnap_stack_close(cli->stack);
	cli->stack = NULL;
	free(text);
	batch->failed += status != 0;
	batch->done++;
	if (status)
		batch->last = status;
	return status;
}

/* A line without its end. No text has a zero byte: it does not hide the rest. */
static bool batch_next(char **line, size_t *size, FILE *in)
{
	ssize_t i, n = getline(line, size, in);

	for (i = 0; i < n; i++)
		if (!(*line)[i])
			(*line)[i] = '?';
	if (n > 0 && (*line)[n - 1] == '\n')
		(*line)[n - 1] = 0;
	return n >= 0;
}

static int batch_interrupted(struct batch *batch)
{
	char subject[32];

	batch_args_begin(batch);
	snprintf(subject, sizeof(subject), "line %u", batch->line);
	return cli_refuse(batch->cli, BLKSNAP_EXIT_INTERRUPTED, subject, NULL,
			  "interrupted, this was the last one");
}

static int batch_file(struct batch *batch, FILE *in, bool keep_going)
{
	bool interrupted = false;
	char *line = NULL;
	size_t size = 0;

	while (batch_next(&line, &size, in)) {
		batch->line++;
		if (batch_line(batch, line) && !keep_going)
			break;
		/* a command that makes something has the signals wait */
		interrupted = source_interrupted();
		if (interrupted)
			break;
	}
	free(line);
	if (interrupted)
		return batch_interrupted(batch);
	if (ferror(in)) {
		batch->failed++;
		batch->done++;
		batch->last = batch_unreadable(batch);
	}
	if (!batch->failed)
		return 0;
	return batch->failed < batch->done ? BLKSNAP_EXIT_PARTIAL : batch->last;
}

/* ----------------------------------------------------------- all or nothing */

/* Can all of it be done and taken back? Nothing is done yet. */
static int batch_check(struct batch *batch, char **lines, size_t count)
{
	char *words[BATCH_WORDS], *copy;
	size_t i;
	int n, ret = 0;

	for (i = 0; !ret && i < count; i++) {
		copy = strdup(lines[i]);
		n = copy ? batch_split(copy, words) : -ENOMEM;
		batch->line = (unsigned int)i + 1;
		batch_args_begin(batch);
		if (n != 1)
			ret = batch_parse(batch, words, n);
		command_args_free(&batch->cli->args);
		free(copy);
	}
	return ret;
}

static int batch_take_back(struct batch *batch, int status)
{
	struct cli *cli = batch->cli;
	char subject[32];
	bool clean;

	batch_args_begin(batch);
	clean = undo_all(cli);
	if (batch->done < 2 && clean)
		return status;
	snprintf(subject, sizeof(subject), "line %u", batch->line);
	if (clean)
		return cli_refuse(cli, (enum blksnap_exit)status, subject,
				  "mend it, and begin again",
				  "this ended it, and what was done before was taken back");
	return cli_refuse(cli, BLKSNAP_EXIT_PARTIAL, subject,
			  "look at it with `blksnap status`",
			  "this ended it, and not all that was done before could be taken back");
}

static int batch_all_or_nothing(struct batch *batch, char **lines, size_t count)
{
	int fd, status = batch_check(batch, lines, count);
	void (*pipe)(int);
	size_t i;

	if (!status)
		status = undo_begin(batch->cli);
	if (status)
		return status;
	fd = take_signals();
	/* that nobody reads what it says does not end it half-way */
	pipe = signal(SIGPIPE, SIG_IGN);
	for (i = 0; !status && i < count; i++) {
		batch->line = (unsigned int)i + 1;
		status = batch_line(batch, lines[i]);
		if (!status && source_interrupted())
			status = batch_interrupted(batch);
	}
	if (status)
		status = batch_take_back(batch, status);
	undo_end(batch->cli);
	signal(SIGPIPE, pipe);
	if (fd >= 0)
		close(fd);
	return status;
}

static int batch_atomic(struct batch *batch, FILE *in)
{
	char **lines = NULL, **grown, *line = NULL;
	size_t count = 0, size = 0;
	int status = 0;

	while (!status && batch_next(&line, &size, in)) {
		grown = reallocarray(lines, count + 1, sizeof(*lines));
		if (grown) {
			lines = grown;
			lines[count++] = line;
			line = NULL;
			size = 0;
		} else {
			status = batch_refuse(batch, "out of memory");
		}
	}
	free(line);
	if (!status && ferror(in))
		status = batch_unreadable(batch);
	if (!status)
		status = batch_all_or_nothing(batch, lines, count);
	while (count)
		free(lines[--count]);
	free(lines);
	return status;
}

int batch_run(struct cli *cli)
{
	struct batch batch = { .cli = cli, .outer = cli->args };
	bool keep_going = command_value(&cli->args, "keep-going", 0);
	bool standard = !strcmp(cli->args.batch, "-");
	FILE *in;
	int ret;

	batch.atomic = command_value(&cli->args, "atomic", 0);
	if (batch.atomic && keep_going)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--atomic", NULL,
				  "does not go with --keep-going");
	ret = cli_connect(cli);
	if (ret)
		return ret;
	in = standard ? stdin : fopen(cli->args.batch, "re");
	if (!in)
		return cli_refuse(cli, blksnap_exit_class(errno), cli->args.batch,
				  NULL, "cannot read the batch: %s", strerror(errno));
	cli->stream = true;
	ret = batch.atomic ? batch_atomic(&batch, in) :
			     batch_file(&batch, in, keep_going);
	if (!standard)
		fclose(in);
	cli->args = batch.outer;
	return ret;
}
