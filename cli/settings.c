// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * settings: what can be changed of a snapshot that lives: its name, the
 * thresholds of its area, how long writes wait for more space.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "json.h"
#include "parse.h"
#include "settings.h"
#include "undo.h"
#include "view.h"

static int settings_done(struct cli *cli, const char *thing,
			 const struct blksnap_snapshot *s, bool changed)
{
	json_t *doc;

	if (!cli->args.json)
		return 0;
	doc = json_document(thing);
	json_object_set_new(doc, "snapshot", json_snapshot(s));
	return cli_print_done(cli, doc, changed);
}

/* -------------------------------------------------------------- rename */

int snapshot_cmd_rename(struct cli *cli)
{
	const char *old = cli->args.args[0], *name = cli->args.args[1];
	struct blksnap_settings settings = { .name = name };
	struct blksnap_snapshot s, after = { 0 };
	struct blksnap_error err;
	char why[PARSE_WHY];
	bool changed;
	int ret;

	if (parse_name(name, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, name,
				  "choose another name", "%s", why);
	ret = cli_snapshot(cli, old, &s);
	if (ret)
		return ret;
	changed = strcmp(s.name, name);
	if (changed && !cli->args.dry &&
	    blksnap_snapshot_set(cli->session, s.id, &settings, &after, &err)) {
		ret = cli_fail(cli, old, &err,
			       err.errnum == EEXIST ? "choose another name" : NULL);
	} else {
		if (changed && !cli->args.dry)
			undo_set(cli, &s);
		if (!cli->args.json)
			printf("%s: %s %s\n", s.name,
			       !changed	      ? "unchanged, is" :
			       cli->args.dry ? "would be renamed to" :
					       "renamed to",
			       name);
		ret = settings_done(cli, "snapshot.rename",
				    after.name[0] ? &after : &s, changed);
	}
	blksnap_snapshot_clear(&after);
	blksnap_snapshot_clear(&s);
	return ret;
}

/* ------------------------------------------------------------ area set */

static int settings_threshold(struct cli *cli, const char *option,
			      const struct blksnap_snapshot *s, uint64_t *sectors,
			      bool *given)
{
	const char *text = command_value(&cli->args, option, 0);
	struct parse_low low;
	char why[PARSE_WHY], subject[16];

	snprintf(subject, sizeof(subject), "--%s", option);
	*given = text;
	if (!text)
		return 0;
	if (parse_low(text, &low, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, subject, NULL, "%s", why);
	if (low.percent >= 0 && !BLKSNAP_HAS(s, SNAPSHOT_AREA_TOTAL))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, subject,
				  "give it as a size",
				  "the size of the area is not known");
	*sectors = parse_low_sectors(&low, s->area_total_sectors);
	return 0;
}

static int settings_read(struct cli *cli, const struct blksnap_snapshot *s,
			 struct blksnap_settings *set)
{
	const char *grace = command_value(&cli->args, "grace", 0);
	char why[PARSE_WHY];
	int ret;

	ret = settings_threshold(cli, "low", s, &set->low_sectors, &set->has_low);
	if (!ret)
		ret = settings_threshold(cli, "clear", s, &set->clear_sectors,
					 &set->has_clear);
	if (ret)
		return ret;
	set->has_grace = grace;
	if (grace && parse_grace(grace, &set->grace_ms, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--grace", NULL, "%s",
				  why);
	if (!set->has_low && !set->has_clear && !set->has_grace)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, s->name,
				  "give --low, --clear or --grace",
				  "there is nothing to set");
	return 0;
}

bool settings_differ(const struct blksnap_snapshot *s,
		     const struct blksnap_settings *set)
{
	if (set->has_low && (!BLKSNAP_HAS(s, SNAPSHOT_LOW) ||
			     set->low_sectors != s->low_sectors))
		return true;
	if (set->has_clear && (!BLKSNAP_HAS(s, SNAPSHOT_CLEAR) ||
			       set->clear_sectors != s->clear_sectors))
		return true;
	return set->has_grace && (!BLKSNAP_HAS(s, SNAPSHOT_GRACE_MS) ||
				  set->grace_ms != s->grace_ms);
}

int area_cmd_set(struct cli *cli)
{
	const char *name = cli->args.args[0];
	struct blksnap_settings set = { 0 };
	struct blksnap_snapshot s, after = { 0 };
	struct blksnap_error err;
	bool changed;
	int ret = cli_snapshot(cli, name, &s);

	if (ret)
		return ret;
	ret = settings_read(cli, &s, &set);
	changed = !ret && settings_differ(&s, &set);
	if (changed && !cli->args.dry &&
	    blksnap_snapshot_set(cli->session, s.id, &set, &after, &err))
		ret = cli_fail(cli, name, &err, NULL);
	else if (changed && !cli->args.dry)
		undo_set(cli, &s);
	if (!ret && !cli->args.json) {
		printf("%s: %s\n", s.name,
		       !changed	     ? "unchanged" :
		       cli->args.dry ? "would be set, now it has" :
				       "set");
		view_area(after.name[0] ? &after : &s);
	}
	if (!ret)
		ret = settings_done(cli, "area.set", after.name[0] ? &after : &s,
				    changed);
	blksnap_snapshot_clear(&after);
	blksnap_snapshot_clear(&s);
	return ret;
}
