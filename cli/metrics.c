// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * metrics: for Prometheus and what reads its text, without a daemon.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "condition.h"
#include "openmetrics.h"
#include "replace.h"
#include "text.h"

static int metrics_file(struct cli *cli, const char *path,
			const struct blksnap_info *info,
			const struct condition_world *world,
			enum openmetrics_format format)
{
	struct replace replace;
	long bytes = 0;
	int ret = replace_open(&replace, path, 0644);

	if (!ret) {
		openmetrics_print(replace.out, info, world, format);
		bytes = ftell(replace.out);
		ret = replace_commit(&replace);
	}
	if (!ret)
		return text_written(cli, path, bytes);
	return cli_refuse(cli, replace_exit(ret), path,
			  "the old one, if any, is as it was",
			  "cannot be written: %s", replace_why(ret));
}

static int metrics_text(struct cli *cli, const struct blksnap_info *info,
			const struct condition_world *world,
			enum openmetrics_format format)
{
	struct text text;
	int ret = text_begin(cli, &text);

	if (ret)
		return ret;
	openmetrics_print(text.out, info, world, format);
	return text_end(cli, &text);
}

static int metrics_format(struct cli *cli, enum openmetrics_format *format)
{
	const char *word = command_value(&cli->args, "format", 0);

	if (!word || !strcmp(word, "openmetrics"))
		*format = OPENMETRICS_1;
	else if (!strcmp(word, "text"))
		*format = OPENMETRICS_TEXT;
	else
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--format", NULL,
				  "'%s' is neither openmetrics nor text", word);
	return 0;
}

int metrics_cmd(struct cli *cli)
{
	const char *path = command_value(&cli->args, "output", 0);
	struct condition_world world = { 0 };
	struct blksnap_error err;
	struct blksnap_info info;
	enum openmetrics_format format = OPENMETRICS_1;
	bool up = true;
	int ret = metrics_format(cli, &format);

	if (!ret)
		ret = cli_connect(cli);
	if (!ret && blksnap_info_get(cli->session, &info, &err)) {
		up = false;
		/* That the module is not there is an answer. */
		if (err.exit != BLKSNAP_EXIT_ABSENT)
			ret = cli_fail(cli, NULL, &err, NULL);
	}
	if (!ret && up)
		ret = condition_look(cli, NULL, &world);
	if (!ret && path)
		ret = metrics_file(cli, path, up ? &info : NULL, &world, format);
	else if (!ret)
		ret = metrics_text(cli, up ? &info : NULL, &world, format);
	condition_forget(&world);
	return ret;
}
