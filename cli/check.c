// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check: is all well? For timers, and for monitoring by Nagios, Icinga and what
 * speaks their language.
 */
#include <stdio.h>
#include <string.h>

#include "colour.h"
#include "condition.h"
#include "json.h"
#include "out.h"
#include "parse.h"
#include "view.h"

#define CHECK_WARN "level=low or fill>=80"
#define CHECK_CRIT                                                             \
	"state=overflow or state=failed or (object=snapshot and fill>=90) or " \
	"(object=device and state=gone)"

#define CHECK_SAMPLE_MS 2000
#define CHECK_SAMPLE_LEAST_MS 500

enum check_level { CHECK_OK, CHECK_WARNING, CHECK_CRITICAL, CHECK_UNKNOWN };

static const char *const check_words[] = { "ok", "warning", "critical", "unknown" };

struct check {
	struct cli *cli;
	struct expr *warn;
	struct expr *crit;
	bool nagios;
	struct fill fill;
	struct condition_world world;
	enum check_level worst;
	size_t looked;
	size_t bad[CHECK_UNKNOWN];
	json_t *list;
	char said[512]; /* those that are not well, for one line */
};

static void check_describe(const struct condition_row *row, char *text, size_t size)
{
	const struct blksnap_snapshot *s = row->snapshot;
	char label[160], fill[OUT_SIZE_MAX];

	condition_label(row, label, sizeof(label));
	if (s && s->error)
		snprintf(text, size, "%s is %s (%s)", label,
			 blksnap_snapshot_state_word(s->state),
			 out_errno(s->error));
	else if (s && s->state != BLKSNAP_SNAPSHOT_STATE_TAKEN)
		snprintf(text, size, "%s is %s", label,
			 blksnap_snapshot_state_word(s->state));
	else if (s)
		snprintf(text, size, "%s: area %s, %s used", label,
			 blksnap_area_level_word(s->level), view_fill(s, fill));
	else
		snprintf(text, size, "%s is %s", label,
			 row->device ? blksnap_device_state_word(row->device->state) :
				       "absent");
}

static void check_row(struct check *check, const struct condition_row *row)
{
	enum check_level level = CHECK_OK;
	char text[256];
	json_t *o;

	if (condition_match(check->crit, row))
		level = CHECK_CRITICAL;
	else if (condition_match(check->warn, row))
		level = CHECK_WARNING;
	check->looked++;
	check->bad[level]++;
	if (level > check->worst)
		check->worst = level;
	check_describe(row, text, sizeof(text));
	o = condition_json(row);
	json_object_set_new(o, "level", json_string(check_words[level]));
	json_object_set_new(o, "text", json_text(true, text));
	json_array_append_new(check->list, o);
	if (level == CHECK_OK)
		return;
	if (!check->nagios && !check->cli->args.json)
		printf("%s%-8s%s  %s\n", colour_begin(check_words[level]),
		       check_words[level], colour_end(check_words[level]), text);
	snprintf(check->said + strlen(check->said),
		 sizeof(check->said) - strlen(check->said), "%s%s",
		 check->said[0] ? "; " : "", text);
}

/* An expression of an option, about objects that are named, is about all of it. */
static int check_fields(struct check *check, bool snapshot, bool device)
{
	const struct {
		const char *option;
		const struct expr *expr;
	} all[] = { { "warn", check->warn }, { "crit", check->crit } };
	char subject[16];
	const char *field;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (!command_value(&check->cli->args, all[i].option, 0))
			continue;
		field = condition_foreign(all[i].expr, snapshot, device);
		snprintf(subject, sizeof(subject), "--%s", all[i].option);
		if (field)
			return cli_refuse(check->cli, BLKSNAP_EXIT_USAGE, subject,
					  "blksnap(8) lists what has which",
					  "nothing that is named has \"%s\"", field);
	}
	return 0;
}

static int check_rows(struct check *check)
{
	bool snapshot = false, device = false;
	struct cli *cli = check->cli;
	struct condition_row row;
	size_t i;
	int n, ret;

	for (i = 0; !cli->args.n_args && condition_at(&check->world, i, &row); i++)
		check_row(check, &row);
	for (n = 0; n < cli->args.n_args; n++) {
		condition_find(cli, &check->world, cli->args.args[n], &row);
		if (!row.snapshot && !row.device)
			return cli_refuse(cli, BLKSNAP_EXIT_NOT_FOUND,
					  cli->args.args[n],
					  "`blksnap status` shows what there is",
					  "no snapshot or tracked device of that name");
		snapshot |= row.snapshot != NULL;
		device |= row.device != NULL;
	}
	ret = n ? check_fields(check, snapshot, device) : 0;
	for (n = 0; !ret && n < cli->args.n_args; n++) {
		condition_find(cli, &check->world, cli->args.args[n], &row);
		check_row(check, &row);
	}
	return ret;
}

/* 'fill_nightly'=41%;;;0;100: what is drawn over time */
static void check_performance(const struct check *check)
{
	const struct blksnap_snapshot *s;
	size_t i;

	putchar('|');
	for (i = 0; i < check->world.n_snapshots; i++) {
		s = &check->world.snapshots[i];
		printf(" 'used_%s'=%lluB;;;0;%llu", s->name,
		       (unsigned long long)s->area_used_sectors *
			       BLKSNAP_SECTOR_BYTES,
		       (unsigned long long)s->area_total_sectors *
			       BLKSNAP_SECTOR_BYTES);
	}
	printf(" snapshots=%zu devices=%zu\n", check->world.n_snapshots,
	       check->world.n_devices);
}

static int check_status(const struct check *check)
{
	if (check->nagios)
		return (int)check->worst;
	switch (check->worst) {
	case CHECK_WARNING:
		return BLKSNAP_EXIT_WARNING;
	case CHECK_CRITICAL:
		return BLKSNAP_EXIT_CRITICAL;
	default:
		return 0;
	}
}

static int check_print(struct check *check)
{
	struct cli *cli = check->cli;
	char text[128];
	json_t *doc;
	int ret;

	if (cli->args.json) {
		doc = json_document("check");
		json_object_set_new(doc, "level",
				    json_string(check_words[check->worst]));
		json_object_set_new(doc, "objects", json_incref(check->list));
		ret = cli_print_json(cli, doc);
		return ret ? ret : check_status(check);
	}
	snprintf(text, sizeof(text), "%zu object%s looked at", check->looked,
		 check->looked == 1 ? "" : "s");
	if (check->nagios) {
		printf("BLKSNAP %s - %s ",
		       check->worst == CHECK_OK	     ? "OK" :
		       check->worst == CHECK_WARNING ? "WARNING" :
						       "CRITICAL",
		       check->said[0] ? check->said : text);
		check_performance(check);
	} else if (check->worst == CHECK_OK) {
		printf("%sok%s        %s\n", colour_begin("ok"), colour_end("ok"),
		       text);
	}
	return check_status(check);
}

static int check_expression(struct check *check, const char *option,
			    const char *otherwise, struct expr **expr)
{
	const char *text = cli_setting(check->cli, option);
	char subject[16];

	snprintf(subject, sizeof(subject), "--%s", option);
	return condition_parse(check->cli, subject, text ? text : otherwise, expr);
}

int check_unknown(const char *subject, const char *why)
{
	printf("BLKSNAP UNKNOWN - %s%s%s\n", subject, *subject ? ": " : "", why);
	return CHECK_UNKNOWN;
}

/* A rate needs two looks. */
static int check_look(struct check *check)
{
	const char *text = command_value(&check->cli->args, "sample", 0);
	uint32_t ms = CHECK_SAMPLE_MS;
	char why[PARSE_WHY];
	int ret;

	if (text && (parse_duration(text, &ms, why) || ms < CHECK_SAMPLE_LEAST_MS))
		return cli_refuse(check->cli, BLKSNAP_EXIT_USAGE, "--sample", NULL,
				  "%s", ms < CHECK_SAMPLE_LEAST_MS ?
						"at least 500ms are needed" : why);
	ret = condition_look(check->cli, &check->fill, &check->world);
	if (ret || !(condition_wants_past(check->warn) ||
		     condition_wants_past(check->crit)))
		return ret;
	condition_forget(&check->world);
	cli_sleep(check->cli, ms);
	return condition_look(check->cli, &check->fill, &check->world);
}

int check_cmd(struct cli *cli)
{
	struct check check = { .cli = cli };
	struct blksnap_error err = { 0 };
	int ret;

	check.nagios = command_value(&cli->args, "nagios", 0);
	check.list = json_array();
	if (check.nagios)
		cli->caught = &err;
	ret = cli_conf(cli);
	if (!ret)
		ret = check_expression(&check, "warn", CHECK_WARN, &check.warn);
	if (!ret)
		ret = check_expression(&check, "crit", CHECK_CRIT, &check.crit);
	if (!ret)
		ret = cli_connect(cli);
	if (!ret)
		ret = check_look(&check);
	if (!ret)
		ret = check_rows(&check);
	cli->caught = NULL;
	if (!ret)
		ret = check_print(&check);
	else if (check.nagios)
		ret = check_unknown(cli->caught_subject, err.message);
	condition_forget(&check.world);
	fill_free(&check.fill);
	expr_free(check.warn);
	expr_free(check.crit);
	json_decref(check.list);
	return ret;
}
