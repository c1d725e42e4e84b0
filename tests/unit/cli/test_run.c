// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole commands over a made-up kernel: what they print, and how they end.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "runner.h"

TestSuite(run, .init = setup, .fini = teardown);

Test(run, prints_documents_that_parse)
{
	static const struct {
		const char *line;
		const char *thing;
	} all[] = {
		{ "-j info", "info" },
		{ "-j status", "status" },
		{ "-j device list", "device.list" },
		{ "-j snapshot list", "snapshot.list" },
		{ "-j snapshot show nightly", "snapshot.show" },
		{ "-j image list", "image.list" },
		{ "-j image path nightly", "image.path" },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		cr_expect_eq(run(all[i].line), 0, "%s: %s", all[i].line, err_text);
		json_decref(document(all[i].thing));
	}
}

Test(run, gives_numbers_in_base_units_and_null_for_unknown)
{
	json_t *doc, *s, *d;

	kernel.devices[0].capacity_sectors = 2048;
	kernel.snapshots[0].has &= ~(UINT64_C(1) << BLKSNAP_A_SNAPSHOT_AREA_USED);
	run("-j status");
	doc = document("status");
	d = json_array_get(json_object_get(doc, "devices"), 0);
	s = json_array_get(json_object_get(doc, "snapshots"), 0);

	cr_expect_eq(json_integer_value(json_object_get(d, "capacity_bytes")),
		     1048576);
	cr_expect_str_eq(json_string_value(json_object_get(s, "id")), "1");
	cr_expect(json_is_null(json_object_get(s, "area_used_bytes")));
	json_decref(doc);
}

Test(run, prints_a_table_for_people)
{
	cr_expect_eq(run("image list"), 0);
	cr_expect_str_eq(out_text,
			 "SNAPSHOT  ORIGIN  IMAGE          DEV    SIZE  STATE\n"
			 "nightly   vdb     /dev/blksnap3  252:3    0B  taken\n",
			 "%s", out_text);
}

Test(run, prints_the_path_of_an_image_alone)
{
	cr_expect_eq(run("image path nightly"), 0);
	cr_expect_str_eq(out_text, "/dev/blksnap3\n");
	cr_expect_eq(run("image path 0101"), 0, "by a prefix of the UUID");
}

Test(run, refuses_the_path_of_an_image_that_cannot_be_read)
{
	kernel.snapshots[0].state = BLKSNAP_SNAPSHOT_STATE_OVERFLOW;

	cr_expect_eq(run("image path nightly"), BLKSNAP_EXIT_INVALID);
	cr_expect_str_empty(out_text);
}

Test(run, says_what_is_wrong_and_what_to_do)
{
	cr_expect_eq(run("snapshot show nope"), BLKSNAP_EXIT_NOT_FOUND);
	cr_expect_str_eq(err_text,
			 "blksnap: snapshot show: nope: no snapshot of that name or "
			 "UUID; `blksnap snapshot list` shows them\n");
	cr_expect_str_empty(out_text);
}

Test(run, says_it_in_one_line_whatever_the_name)
{
	cr_expect_eq(run("snapshot show a\x1b[31m\nb"), BLKSNAP_EXIT_NOT_FOUND);
	cr_expect_str_eq(err_text,
			 "blksnap: snapshot show: a?[31m?b: no snapshot of that name or "
			 "UUID; `blksnap snapshot list` shows them\n");
}

Test(run, refuses_a_name_before_anything_is_made)
{
	cr_expect_eq(run("-n snapshot create a/b -d vdb -a vdc"), BLKSNAP_EXIT_USAGE);
	cr_expect(strstr(err_text, "a/b: a name is letters"), "%s", err_text);
	cr_expect_eq(run("snapshot rename nightly .x"), BLKSNAP_EXIT_USAGE);
	cr_expect_eq(kernel.n_seen, 0);
}

Test(run, adds_an_error_document)
{
	json_t *doc, *error;

	cr_expect_eq(run("-j snapshot show nope"), BLKSNAP_EXIT_NOT_FOUND);
	doc = document("error");
	error = json_object_get(doc, "error");
	cr_expect_eq(json_integer_value(json_object_get(error, "exit")), 3);
	cr_expect_str_eq(json_string_value(json_object_get(error, "code")),
			 "not-found");
	cr_expect(json_is_null(json_object_get(error, "kernel")));
	json_decref(doc);
}

Test(run, says_what_to_do_when_a_destroy_finds_an_image_open)
{
	kernel.refuse_cmd = BLKSNAP_CMD_SNAPSHOT_DESTROY;
	kernel.refuse_errno = EBUSY;

	cr_expect_eq(run("snapshot destroy nightly"), BLKSNAP_EXIT_CONFLICT);
	cr_expect(strstr(err_text, "--force"), "%s", err_text);
}

static void close_image(struct replay *replay, uint8_t cmd)
{
	static int asked;

	if (cmd == BLKSNAP_CMD_SNAPSHOT_DESTROY && ++asked == 3)
		replay->refuse_cmd = 0;
}

Test(run, destroys_a_snapshot_whose_image_was_open_for_a_moment)
{
	kernel.refuse_cmd = BLKSNAP_CMD_SNAPSHOT_DESTROY;
	kernel.refuse_errno = EBUSY;
	kernel.on_request = close_image;
	kernel.answer_state = BLKSNAP_SNAPSHOT_STATE_DESTROYING;
	run("snapshot destroy nightly --timeout 10ms");
	cr_expect_null(strstr(err_text, "--force"), "%s", err_text);
}

Test(run, prints_the_state_as_lines_of_json)
{
	char *line, *rest;
	json_t *doc;
	int count = 0;

	cr_expect_eq(run("-j monitor --now"), 0);
	for (line = strtok_r(out_text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		doc = json_loads(line, 0, NULL);
		cr_assert(doc, "%s", line);
		cr_expect_str_eq(json_string_value(json_object_get(doc, "schema")),
				 "blksnap.monitor/1");
		json_decref(doc);
		count++;
	}
	cr_expect_eq(count, 3); /* device, snapshot, sync */
}

Test(run, ends_a_monitor_with_its_own_status_when_the_module_goes)
{
	replay_family(&kernel, false);

	cr_expect_eq(run("monitor"), BLKSNAP_EXIT_GONE);
	cr_expect(strstr(out_text, "the module is gone"));
}

Test(run, refuses_an_export_without_since)
{
	cr_expect_eq(run("cbt export vdb"), BLKSNAP_EXIT_USAGE);
	cr_expect_eq(run("cbt export vdb --since 5"), BLKSNAP_EXIT_USAGE);
	cr_expect_not(replay_saw(&kernel, BLKSNAP_CMD_CBT_GET));
}

Test(run, gives_each_failure_its_status)
{
	static const struct {
		int errnum;
		int status;
	} all[] = {
		{ EPERM, BLKSNAP_EXIT_PERMISSION },
		{ ENOMEM, BLKSNAP_EXIT_NO_SPACE },
		{ EINVAL, BLKSNAP_EXIT_OTHER },
		{ ESTALE, BLKSNAP_EXIT_INVALID },
	};
	size_t i;

	kernel.refuse_cmd = BLKSNAP_CMD_INFO_GET;
	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		kernel.refuse_errno = all[i].errnum;
		cr_expect_eq(run("info"), all[i].status);
	}
	kernel.played.absent = true;
	cr_expect_eq(run("info"), BLKSNAP_EXIT_ABSENT);
}
