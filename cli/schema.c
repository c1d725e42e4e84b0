// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * schema: the JSON Schema files, from where they are installed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "json.h"
#include "schema.h"

static const char *schema_dir(void)
{
	const char *dir = getenv("BLKSNAP_SCHEMA_DIR");

	return dir && *dir ? dir : BLKSNAP_SCHEMA_DIR;
}

/* Those that are not of one command. */
static const char *const schema_others[] = { "batch", "common", "error", "text", "top" };

json_t *schema_names(void)
{
	json_t *list = json_array();
	char name[64], *c;
	size_t i;

	for (i = 0; i < sizeof(schema_others) / sizeof(*schema_others); i++)
		json_array_append_new(list, json_string(schema_others[i]));
	for (i = 0; i < command_count; i++) {
		if (command_table[i].flags & (COMMAND_TEXT | COMMAND_HIDDEN))
			continue;
		command_name(&command_table[i], name, sizeof(name));
		if (command_table[i].schema)
			snprintf(name, sizeof(name), "%s", command_table[i].schema);
		for (c = name; *c; c++)
			if (*c == ' ')
				*c = '.';
		json_array_append_new(list, json_string(name));
	}
	return list;
}

static int schema_list(struct cli *cli)
{
	json_t *list = schema_names(), *doc, *one;
	size_t i;

	if (!cli->args.json) {
		json_array_foreach(list, i, one)
			puts(json_string_value(one));
		json_decref(list);
		return 0;
	}
	doc = json_document("schema");
	json_object_set_new(doc, "schemas", list);
	return cli_print_json(cli, doc);
}

int schema_cmd(struct cli *cli)
{
	const char *name = cli->args.n_args ? cli->args.args[0] : NULL;
	json_error_t why;
	char path[512];
	json_t *doc;
	int len = 0;

	if (!name)
		return schema_list(cli);
	if (!strncmp(name, "blksnap.", 8))
		name += 8;
	/* "snapshot.list/1" and "snapshot.list" */
	len = (int)strcspn(name, "/");
	snprintf(path, sizeof(path), "%s/%.*s.json", schema_dir(), len, name);
	doc = strstr(name, "..") ? NULL : json_load_file(path, 0, &why);
	if (!doc)
		return cli_refuse(cli, BLKSNAP_EXIT_NOT_FOUND, cli->args.args[0],
				  "`blksnap schema` lists them",
				  "there is no such schema in %s", schema_dir());
	return cli_print_json(cli, doc);
}
