// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Commands of several steps, each of which stands for itself, interrupted between two.
 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "runner.h"
#include "wipe.h"

/* A signal that comes, and waits: whoever does something in steps has it blocked. */
static void interrupt(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGINT);
}

static void interrupt_detach(struct replay *replay, uint8_t cmd)
{
	(void)replay;
	if (cmd == BLKSNAP_CMD_DEVICE_DETACH)
		interrupt();
}

static void setup_two(void)
{
	setup();
	strcpy(kernel.devices[0].name, "gone1");
	kernel.devices[1] = kernel.devices[0];
	kernel.devices[1].dev.minor = 17;
	strcpy(kernel.devices[1].name, "gone2");
	kernel.n_devices = 2;
}

TestSuite(interrupted, .init = setup_two, .fini = teardown);

Test(interrupted, detach_says_what_is_not_detached)
{
	kernel.on_request = interrupt_detach;
	cr_expect_eq(run("device detach gone1 gone2"), BLKSNAP_EXIT_INTERRUPTED);
	cr_expect_str_eq(out_text, "gone1: detached\n");
	cr_expect_str_eq(err_text, "blksnap: device detach: gone2: interrupted, not detached; "
				   "detach it again\n");
	cr_expect_eq(replay_times_seen(&kernel, BLKSNAP_CMD_DEVICE_DETACH), 1);
}

Test(interrupted, detach_prints_one_document)
{
	json_t *doc;

	kernel.on_request = interrupt_detach;
	cr_expect_eq(run("-j device detach gone1 gone2"), BLKSNAP_EXIT_INTERRUPTED);
	doc = document("device.detach");
	cr_expect_eq(json_array_size(json_object_get(doc, "devices")), 1);
	cr_expect_eq(json_array_size(json_object_get(doc, "errors")), 1);
	cr_expect(json_is_true(json_object_get(doc, "changed")));
	json_decref(doc);
}

Test(interrupted, detach_that_was_through_is_done)
{
	kernel.on_request = interrupt_detach;
	cr_expect_eq(run("device detach gone1"), 0);
	cr_expect_str_empty(err_text);
}

Test(interrupted, wiping_says_what_is_not_wiped)
{
	struct blksnap_range_info ranges[2] = {
		{ .name = "vdx!1", .start_sectors = 2048, .count_sectors = 4096 },
		{ .name = "vdy", .count_sectors = 8 },
	};
	struct wipe wipe = { .how = WIPE_ZERO, .ranges = ranges, .count = 2, .sectors = 4104 };
	FILE *real = stderr;
	struct cli cli = { 0 };
	size_t size;
	int ret;

	cli.args.command = command_find("snapshot", "destroy");
	cli.errors = json_array();
	interrupt();
	stderr = open_memstream(&err_text, &size);
	ret = wipe_run(&cli, &wipe, "night");
	fclose(stderr);
	stderr = real;
	cr_expect_eq(ret, BLKSNAP_EXIT_INTERRUPTED);
	cr_expect(strstr(err_text, "destroyed, but /dev/vdx/1:2048s+4096s is not zeroed: "
				   "interrupted"), "%s", err_text);
	cr_expect(strstr(err_text, "destroyed, but /dev/vdy:0s+8s is not zeroed"), "%s",
		  err_text);
	cr_expect_eq(json_array_size(cli.errors), 2);
	cr_expect_eq(wipe.sectors, 0);
	json_decref(cli.errors);
}
