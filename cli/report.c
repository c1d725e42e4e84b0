// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report: everything that helps with a fault, in one file that can be handed to
 * strangers. What goes in is chosen: no host name, no names or UUIDs of
 * snapshots, no paths, no file systems.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/utsname.h>

#include "cli.h"
#include "condition.h"
#include "doctor.h"
#include "json.h"
#include "replace.h"
#include "text.h"

#define REPORT_LOG_READ_ALL 3
#define REPORT_LOG_BYTES (1 << 20)
#define REPORT_LOG_LINES 200

/* Snapshots are called by their numbers. */
static void report_hide_name(json_t *snapshot)
{
	char name[32];

	snprintf(name, sizeof(name), "snapshot-%s",
		 json_string_value(json_object_get(snapshot, "id")));
	json_object_set_new(snapshot, "name", json_string(name));
	json_object_set_new(snapshot, "uuid", json_null());
}

static json_t *report_snapshots(struct cli *cli, const struct condition_world *w)
{
	json_t *list = json_array(), *o, *snapshot, *ranges;
	struct blksnap_range_info *have;
	size_t i, j, count;

	for (i = 0; i < w->n_snapshots; i++) {
		o = json_object();
		snapshot = json_snapshot(&w->snapshots[i]);
		report_hide_name(snapshot);
		json_object_set_new(o, "snapshot", snapshot);
		ranges = json_array();
		if (!blksnap_area_list(cli->session, w->snapshots[i].id, &have,
				       &count, NULL)) {
			for (j = 0; j < count; j++)
				json_array_append_new(ranges, json_range(&have[j]));
			free(have);
		}
		json_object_set_new(o, "ranges", ranges);
		json_array_append_new(list, o);
	}
	return list;
}

/*
 * "<3>[   12.345678] blksnap: ...", which has numbers and no names, or a line of a
 * trace. What others say of an image may hold a label, a UUID or a path.
 */
static bool report_log_wanted(const char *line)
{
	const char *text = strstr(line, "] ");

	return strstr(line, "[blksnap]") || (text && !strncmp(text + 2, "blksnap: ", 9));
}

static json_t *report_log(void)
{
	char *text = malloc(REPORT_LOG_BYTES), *line, *rest;
	json_t *list = json_array();
	int length;

	length = text ? klogctl(REPORT_LOG_READ_ALL, text, REPORT_LOG_BYTES - 1) : -1;
	if (length < 0) {
		free(text);
		json_decref(list);
		return json_null();
	}
	text[length] = 0;
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (!report_log_wanted(line))
			continue;
		json_array_append_new(list, json_text(true, line));
		if (json_array_size(list) > REPORT_LOG_LINES)
			json_array_remove(list, 0);
	}
	free(text);
	return list;
}

static json_t *report_machine(const struct doctor *doctor)
{
	json_t *o = json_object();
	char line[256], path[PATH_MAX], *value;
	struct utsname uts;
	FILE *in;

	snprintf(path, sizeof(path), "%s/etc/os-release", doctor->root);
	in = fopen(path, "re");
	uname(&uts);
	json_object_set_new(o, "kernel", json_text(true, doctor->release));
	json_object_set_new(o, "kernel_version", json_text(true, uts.version));
	json_object_set_new(o, "machine", json_text(true, uts.machine));
	json_object_set_new(o, "system", json_null());
	while (in && fgets(line, sizeof(line), in))
		if (!strncmp(line, "PRETTY_NAME=", 12)) {
			value = line + 12 + strspn(line + 12, "\"");
			value[strcspn(value, "\"\n")] = 0;
			json_object_set_new(o, "system", json_text(true, value));
		}
	if (in)
		fclose(in);
	return o;
}

static json_t *report_make(struct cli *cli)
{
	json_t *doc = json_document("report"), *devices = json_array();
	struct condition_world world = { 0 };
	char release[DOCTOR_RELEASE];
	struct doctor doctor;
	json_t *stats = json_array();
	struct blksnap_error err;
	struct blksnap_info info;
	bool up;
	size_t i;

	doctor_init(&doctor, release, true);
	doctor_examine(cli, &doctor);
	cli->caught = &err;
	up = !cli_connect(cli) && !blksnap_info_get(cli->session, &info, &err) &&
	     !condition_look(cli, NULL, &world);
	cli->caught = NULL;
	json_object_set_new(doc, "program", json_string(blksnap_version()));
	json_object_set_new(doc, "machine", report_machine(&doctor));
	json_object_set_new(doc, "findings", doctor_json(&doctor));
	json_object_set_new(doc, "module", up ? json_info(&info) : json_null());
	json_object_set_new(doc, "module_error", json_text(!up, err.message));
	json_object_set_new(doc, "snapshots", report_snapshots(cli, &world));
	for (i = 0; i < world.n_devices; i++)
		json_array_append_new(devices, json_device(&world.devices[i]));
	for (i = 0; i < world.n_stats; i++)
		json_array_append_new(stats, json_stats(&world.stats[i]));
	json_object_set_new(doc, "devices", devices);
	json_object_set_new(doc, "stats", stats);
	json_object_set_new(doc, "kernel_log",
			    cli->recording || *doctor.root ? json_null() : report_log());
	condition_forget(&world);
	return doc;
}

int report_cmd(struct cli *cli)
{
	const char *path = command_value(&cli->args, "output", 0);
	struct replace replace;
	long bytes = 0;
	json_t *doc;
	int ret = cli_source(cli);

	if (ret)
		return ret;
	doc = report_make(cli);
	if (!path)
		return cli_print_json(cli, doc);
	ret = replace_open(&replace, path, 0600);
	if (!ret) {
		json_dumpf(doc, replace.out, JSON_INDENT(1));
		fputc('\n', replace.out);
		bytes = ftell(replace.out);
		ret = replace_commit(&replace);
	}
	json_decref(doc);
	if (ret)
		return cli_refuse(cli, replace_exit(ret), path, NULL,
				  "cannot be written: %s", replace_why(ret));
	return text_written(cli, path, bytes);
}
