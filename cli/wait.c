// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wait: until something is as a script wants it.
 */
#include <stdio.h>

#include "cli.h"
#include "condition.h"
#include "json.h"
#include "until.h"

struct wait {
	struct cli *cli;
	struct expr *expr;
	struct fill fill;
	const char *object; /* NULL: any */
	bool seen; /* the object was there */
};

static int wait_found(struct wait *wait, const struct condition_row *row)
{
	char label[160];
	json_t *doc;

	if (wait->cli->args.json) {
		doc = json_document("wait");
		json_object_set_new(doc, "object", condition_json(row));
		return cli_print_json(wait->cli, doc);
	}
	if (!wait->object)
		printf("%s\n", condition_label(row, label, sizeof(label)));
	return 0;
}

/* What can never become true is not waited for. */
static int wait_check(struct wait *wait, const struct condition_row *row)
{
	const char *field = condition_foreign(wait->expr, row->snapshot, row->device);

	if (!field)
		return 0;
	return cli_refuse(wait->cli, BLKSNAP_EXIT_USAGE, wait->object,
			  "blksnap(8) lists what it can be asked for",
			  "it is a %s, which has no \"%s\"",
			  row->snapshot ? "snapshot" : "device", field);
}

static int wait_look(void *arg)
{
	struct wait *wait = arg;
	struct condition_world world;
	struct condition_row row;
	int ret = condition_look(wait->cli, &wait->fill, &world);
	int refused = 0;
	size_t i;

	if (ret)
		return ret;
	ret = UNTIL_NOT_YET;
	if (wait->object) {
		condition_find(wait->cli, &world, wait->object, &row);
		if (row.snapshot || row.device)
			refused = wait_check(wait, &row);
		if (refused)
			ret = refused;
		else if (condition_match(wait->expr, &row))
			ret = wait_found(wait, &row);
		else if (row.snapshot || row.device)
			wait->seen = true;
		else if (wait->seen)
			ret = cli_refuse(wait->cli, BLKSNAP_EXIT_NOT_FOUND,
					 wait->object,
					 "ask for state=absent if that was meant",
					 "it is gone, and was not as wanted before");
	} else {
		for (i = 0; ret == UNTIL_NOT_YET && condition_at(&world, i, &row); i++)
			if (condition_match(wait->expr, &row))
				ret = wait_found(wait, &row);
	}
	condition_forget(&world);
	return ret;
}

int wait_cmd(struct cli *cli)
{
	struct wait wait = { .cli = cli };
	int ret;

	if (cli->args.n_args > 1)
		wait.object = cli->args.args[1];
	if (wait.object && command_value(&cli->args, "any", 0))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, wait.object, NULL,
				  "--any and an object exclude each other");
	ret = condition_parse(cli, NULL, cli->args.args[0], &wait.expr);
	if (!ret)
		ret = until_run(cli, wait.object, wait_look, &wait);
	expr_free(wait.expr);
	fill_free(&wait.fill);
	return ret;
}
