// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * batch: see batch.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "json.h"

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

static int batch_command(struct batch *batch, char **words, int n)
{
	static char name[] = "blksnap";
	struct cli *cli = batch->cli;
	const struct command *c;
	char why[256];
	int ret;

	words[0] = name;
	ret = command_parse(n, words, &cli->args, why, sizeof(why));
	cli->args.json = batch->outer.json;
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
	return c->run(cli);
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

static int batch_line(struct batch *batch, char *line)
{
	struct cli *cli = batch->cli;
	char *words[BATCH_WORDS], *text;
	json_t *result = NULL;
	int n, status;

	line[strcspn(line, "\n")] = 0;
	text = strdup(line + strspn(line, " \t"));
	n = text ? batch_split(line, words) : -ENOMEM;
	if (n == 1) {
		free(text);
		return 0; /* empty, or a comment */
	}
	memset(&cli->args, 0, sizeof(cli->args));
	cli->args.json = batch->outer.json;
	cli->args.pretty = batch->outer.pretty;
	cli->result = batch->outer.json ? &result : NULL;
	status = n == -ENOMEM ? batch_refuse(batch, "out of memory") :
		 n < 0	      ? batch_refuse(batch, "a quote is open, or there are too many words") :
				batch_command(batch, words, n);
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

static int batch_file(struct batch *batch, FILE *in, bool keep_going)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, in) >= 0) {
		batch->line++;
		if (batch_line(batch, line) && !keep_going)
			break;
	}
	free(line);
	if (!batch->failed)
		return 0;
	return batch->failed < batch->done ? BLKSNAP_EXIT_PARTIAL : batch->last;
}

int batch_run(struct cli *cli)
{
	struct batch batch = { .cli = cli, .outer = cli->args };
	bool keep_going = command_value(&cli->args, "keep-going", 0);
	bool standard = !strcmp(cli->args.batch, "-");
	FILE *in;
	int ret = cli_connect(cli);

	if (ret)
		return ret;
	in = standard ? stdin : fopen(cli->args.batch, "re");
	if (!in)
		return cli_refuse(cli, BLKSNAP_EXIT_OTHER, cli->args.batch, NULL,
				  "cannot read the batch: %s", strerror(errno));
	cli->stream = true;
	ret = batch_file(&batch, in, keep_going);
	if (!standard)
		fclose(in);
	cli->args = batch.outer;
	return ret;
}
