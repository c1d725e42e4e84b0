// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole commands about images, and status, over a made-up kernel.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "runner.h"

/* ------------------------------------------------------- names of images */

TestSuite(image, .init = setup, .fini = teardown, .timeout = 60);

Test(image, is_named_by_its_path)
{
	cr_expect_eq(run("image path /dev/blksnap3"), 0, "%s", err_text);
	cr_expect_str_eq(out_text, "/dev/blksnap3\n");
	cr_expect_eq(run("image path /dev/blksnap/nightly/vdb"), 0, "%s", err_text);
	cr_expect_str_eq(out_text, "/dev/blksnap3\n");
	cr_expect_eq(run("snapshot show /dev/blksnap3p1"), 0, "%s", err_text);
	cr_expect(strstr(out_text, "nightly"));
	cr_expect_eq(run("image path /dev/blksnap4"), BLKSNAP_EXIT_NOT_FOUND);
	cr_expect(strstr(err_text, "no snapshot of that name or UUID"), "%s", err_text);
	cr_expect_eq(run("image path /dev/blksnap3 vdb"), BLKSNAP_EXIT_USAGE);
}

Test(image, names_a_snapshot_that_is_to_go)
{
	kernel.refuse_cmd = BLKSNAP_CMD_SNAPSHOT_DESTROY;
	kernel.refuse_errno = EPERM;
	cr_expect_eq(run("snapshot destroy /dev/blksnap3 --if-exists"),
		     BLKSNAP_EXIT_PERMISSION);
	cr_expect_eq(run("snapshot destroy /dev/blksnap4 --if-exists"), 0);
}

Test(image, of_a_name_like_a_path_is_a_snapshot_all_the_same)
{
	strcpy(kernel.snapshots[0].name, "blksnap7");
	cr_expect_eq(run("image path blksnap7"), 0);
	cr_expect_str_eq(out_text, "/dev/blksnap3\n");
}

Test(image, is_released_by_its_path)
{
	/* to which the made-up kernel has no answer */
	run("image release /dev/blksnap3 0+4K");
	cr_expect(replay_saw(&kernel, BLKSNAP_CMD_IMAGE_RELEASE));
	cr_expect_eq(run("image release nightly 0+4K"), BLKSNAP_EXIT_USAGE);
	cr_expect_eq(run("image release /dev/blksnap3 vdb 0+4K"), BLKSNAP_EXIT_USAGE);
}

Test(image, is_shown_with_its_snapshot_and_openers)
{
	json_t *doc, *o;

	kernel.snapshots[0].members[0].image_openers = 2;
	cr_expect_eq(run("image show nightly"), 0, "%s", err_text);
	cr_expect(strstr(out_text, "  snapshot     nightly\n"), "%s", out_text);
	cr_expect(strstr(out_text, "  origin       vdb, 254:16\n"), "%s", out_text);
	cr_expect(strstr(out_text, "  open         2 times"), "%s", out_text);
	cr_expect_eq(run("-j image show /dev/blksnap3"), 0);
	doc = document("image.show");
	o = json_array_get(json_object_get(doc, "images"), 0);
	cr_expect_eq(json_integer_value(json_object_get(o, "openers")), 2);
	cr_expect(json_is_array(json_object_get(o, "links")));
	cr_expect(json_is_null(json_object_get(o, "file_system")));
	json_decref(doc);
	kernel.snapshots[0].n_members = 0;
	cr_expect_eq(run("image show nightly"), BLKSNAP_EXIT_NOT_FOUND);
}

/* ------------------------------------------------------------------ wait */

static void come(struct replay *replay, uint8_t cmd)
{
	static int looks;

	if (cmd != BLKSNAP_CMD_SNAPSHOT_GET)
		return;
	looks++;
	if (looks == 3)
		replay->n_snapshots = 1;
	if (looks == 6)
		replay->snapshots[0].state = BLKSNAP_SNAPSHOT_STATE_OVERFLOW;
}

Test(image, is_waited_for_until_its_snapshot_comes_and_ends)
{
	kernel.n_snapshots = 0;
	kernel.snapshots[0].state = BLKSNAP_SNAPSHOT_STATE_TAKING;
	kernel.on_request = come;
	/* it never has a device node here: what ends it is the overflow */
	cr_expect_eq(run("image wait nightly"), BLKSNAP_EXIT_INVALID, "%s", err_text);
	cr_expect(strstr(err_text, "state overflow"), "%s", err_text);
	cr_expect_str_empty(out_text);
}

static void go(struct replay *replay, uint8_t cmd)
{
	static int looks;

	if (cmd == BLKSNAP_CMD_SNAPSHOT_GET && ++looks == 3)
		replay->n_snapshots = 0;
}

Test(image, that_is_gone_is_not_waited_for)
{
	kernel.on_request = go;
	cr_expect_eq(run("image wait nightly"), BLKSNAP_EXIT_NOT_FOUND);
	cr_expect(strstr(err_text, "nightly"), "%s", err_text);
}

Test(image, is_not_waited_for_without_end)
{
	cr_expect_eq(run("image wait nightly --timeout 10ms"), BLKSNAP_EXIT_TIMEOUT);
	cr_expect_eq(run("image wait nope --timeout 10ms"), BLKSNAP_EXIT_TIMEOUT);
	cr_expect_eq(run("image wait nightly 254:99"), BLKSNAP_EXIT_NOT_FOUND,
		     "it will never have one");
	kernel.played.absent = true;
	cr_expect_eq(run("image wait nightly"), BLKSNAP_EXIT_ABSENT);
}

/* ---------------------------------------------------------------- status */

TestSuite(status, .init = setup, .fini = teardown);

Test(status, shows_a_snapshot_with_its_devices_and_the_other_way_round)
{
	json_t *doc;

	kernel.devices[1] = kernel.devices[0];
	kernel.devices[1].dev.minor = 48;
	kernel.devices[1].has &= ~(UINT64_C(1) << BLKSNAP_A_DEVICE_SNAPSHOT_ID);
	strcpy(kernel.devices[1].name, "vdd");
	kernel.n_devices = 2;
	run("-j status nightly");
	doc = document("status");
	cr_expect_eq(json_array_size(json_object_get(doc, "devices")), 1);
	cr_expect_eq(json_array_size(json_object_get(doc, "snapshots")), 1);
	json_decref(doc);
	run("-j status vdd");
	doc = document("status");
	cr_expect_eq(json_array_size(json_object_get(doc, "devices")), 1);
	cr_expect_eq(json_array_size(json_object_get(doc, "snapshots")), 0);
	json_decref(doc);
	run("-j status 254:16 vdd");
	doc = document("status");
	cr_expect_eq(json_array_size(json_object_get(doc, "devices")), 2);
	cr_expect_eq(json_array_size(json_object_get(doc, "snapshots")), 1);
	json_decref(doc);
	cr_expect_eq(run("status vdd nope"), BLKSNAP_EXIT_NOT_FOUND);
	cr_expect(strstr(err_text, "nope: neither a snapshot nor a tracked device"), "%s",
		  err_text);
}

Test(status, says_what_broke_a_snapshot)
{
	kernel.snapshots[0].state = BLKSNAP_SNAPSHOT_STATE_OVERFLOW;
	kernel.snapshots[0].error = -28;
	kernel.snapshots[0].phase = BLKSNAP_SNAPSHOT_PHASE_STORE;
	cr_expect_eq(run("status"), 0);
	cr_expect(strstr(out_text, "nightly was broken by ENOSPC in phase store"), "%s",
		  out_text);
	cr_expect(strstr(out_text, "its area was full"), "%s", out_text);
}

static void fill_up(struct replay *replay, uint8_t cmd)
{
	if (cmd != BLKSNAP_CMD_INFO_GET)
		return;
	replay->info.time_ns += 1000000000;
	replay->snapshots[0].area_used_sectors += 10;
}

Test(status, tells_when_an_area_will_be_full)
{
	json_t *doc, *s;

	kernel.on_request = fill_up;
	cr_expect_eq(run("-j status --sample 400ms"), 0, "%s", err_text);
	doc = document("status");
	s = json_array_get(json_object_get(doc, "snapshots"), 0);
	cr_expect_float_eq(
		json_number_value(json_object_get(s, "fill_bytes_per_second")), 5120, 1);
	cr_expect_float_eq(
		json_number_value(json_object_get(s, "time_to_full_seconds")), 57, 1);
	json_decref(doc);
	run("-j status");
	doc = document("status");
	s = json_array_get(json_object_get(doc, "snapshots"), 0);
	cr_expect(json_is_null(json_object_get(s, "time_to_full_seconds")));
	json_decref(doc);
}

Test(status, tells_people_so_too)
{
	kernel.on_request = fill_up;
	cr_expect_eq(run("status --sample 400ms"), 0, "%s", err_text);
	cr_expect(strstr(out_text, " 57 s\n"), "%s", out_text);
}

/* ------------------------------------------------------------- cbt reset */

TestSuite(reset, .init = setup, .fini = teardown);

Test(reset, attaches_a_device_again_with_the_cells_it_had)
{
	kernel.devices[0].has &= ~(UINT64_C(1) << BLKSNAP_A_DEVICE_SNAPSHOT_ID);
	kernel.devices[0].state = BLKSNAP_DEVICE_STATE_TRACKED;
	kernel.devices[0].cbt_cell_bytes = 8192;
	cr_expect_eq(run("-n cbt reset vdb"), 0);
	cr_expect_not(replay_saw(&kernel, BLKSNAP_CMD_DEVICE_DETACH));
	/* to which the made-up kernel has no answer */
	run("cbt reset 254:16");
	cr_expect(replay_saw(&kernel, BLKSNAP_CMD_DEVICE_DETACH));
	cr_expect(replay_saw(&kernel, BLKSNAP_CMD_DEVICE_ATTACH));
}

Test(reset, leaves_a_device_in_a_snapshot_alone)
{
	cr_expect_eq(run("cbt reset vdb"), BLKSNAP_EXIT_CONFLICT);
	cr_expect_not(replay_saw(&kernel, BLKSNAP_CMD_DEVICE_DETACH));
	cr_expect_eq(run("cbt reset 254:99"), BLKSNAP_EXIT_NOT_FOUND);
}
