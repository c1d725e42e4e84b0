// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main: parse, run, make sure that the output arrived.
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "batch.h"
#include "cli.h"
#include "colour.h"
#include "info.h"
#include "out.h"

static int main_units(struct cli *cli)
{
	static const char *const words[] = { "iec", "si", "bytes" };
	const char *text = command_value(&cli->args, "units", 0);
	enum out_units i;

	for (i = OUT_IEC; text && i <= OUT_BYTES; i++)
		if (!strcmp(text, words[i])) {
			out_set_units(i);
			return 0;
		}
	if (!text)
		return 0;
	return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--units", NULL,
			  "\"%.40s\" is none of iec, si and bytes", text);
}

static int main_colour(struct cli *cli)
{
	const char *text = command_value(&cli->args, "color", 0);

	if (colour_choose(text))
		return 0;
	return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--color", NULL,
			  "\"%.40s\" is none of auto, always and never", text);
}

/* What is said of what was done goes nowhere; documents are what was asked for. */
static int main_quiet(struct cli *cli)
{
	const struct command *c = cli->args.command;

	/* what the command of run writes is its own */
	if (!cli->args.quiet || cli->args.json || (c && c->run == run_cmd))
		return 0;
	if (!freopen("/dev/null", "w", stdout))
		return cli_refuse(cli, BLKSNAP_EXIT_OTHER, "/dev/null", NULL, "%s",
				  strerror(errno));
	return 0;
}

/* Was -j among what was not parsed to the end? */
static bool main_wants_json(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "-j") || !strcmp(argv[i], "--json"))
			return true;
	return false;
}

/*
 * A mistake in the line of "check --nagios" is not the state of anything: Nagios
 * takes 2 for critical, and shows standard output.
 */
static bool main_for_nagios(const struct cli *cli, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && cli->args.command; i++)
		if (cli->args.command->run == check_cmd && !strcmp(argv[i], "--nagios"))
			return true;
	return false;
}

static int main_run(struct cli *cli, int argc, char **argv)
{
	char why[256];
	int ret;

	ret = command_parse(argc, argv, &cli->args, why, sizeof(why));
	if (ret == -ENOMEM)
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	if ((ret || cli->args.help) && !cli->args.json)
		cli->args.json = main_wants_json(argc, argv);
	if (cli->args.help)
		return info_help(cli, cli->args.n_args ? cli->args.args[0] : NULL,
				 cli->args.command);
	if (ret && main_for_nagios(cli, argc, argv))
		return check_unknown("", why);
	if (ret)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, NULL,
				  cli->args.command ? "see its --help" :
						      "see blksnap --help",
				  "%s", why);
	ret = main_units(cli);
	if (!ret)
		ret = main_colour(cli);
	if (!ret)
		ret = main_quiet(cli);
	if (!ret && cli->args.batch)
		return batch_run(cli);
	cli->stream = cli->args.command->flags & COMMAND_STREAM;
	return ret ? ret : cli->args.command->run(cli);
}

int main(int argc, char **argv)
{
	struct cli cli = { 0 };
	int status;

	setlocale(LC_CTYPE, "");
	status = main_run(&cli, argc, argv);
	if (cli.session && !cli.args.quiet && blksnap_list_changed(cli.session))
		fputs("blksnap: objects came and went while they were listed; "
		      "each is told as it was at its turn\n", stderr);
	blksnap_stack_close(cli.stack);
	blksnap_close(cli.session);
	blksnap_recording_free(cli.recording);
	conf_free(cli.conf);
	command_args_free(&cli.args);
	if ((fflush(stdout) || ferror(stdout)) && !status) {
		fprintf(stderr, "blksnap: cannot write the output: %s\n",
			strerror(errno));
		status = BLKSNAP_EXIT_OTHER;
	}
	return status;
}
