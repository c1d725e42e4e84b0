// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * commands: the table. A command that is not here does not exist; what is here
 * is parsed, completed and explained from these lines alone.
 */
#include "cli.h"

#define AREA_SPEC_HELP                                                         \
	"SPEC is one of\n"                                                     \
	"  DEV                    a whole block device\n"                      \
	"  DEV:START+LENGTH       a part of one\n"                             \
	"  file:PATH,size=SIZE    a file on another file system, removed with\n" \
	"                         the snapshot\n"                              \
	"  zram:SIZE              compressed memory\n"

#define CONDITION_HELP                                                         \
	"EXPR compares fields: fill, used, free, size (or total), low, ttfull (of the\n" \
	"area), level (ok, low, overflow), state, error, age, devices (or members), grace;\n" \
	"of a device state, error, size, snapshot, keep, inflight, held_now, errors,\n" \
	"discarded; of both name and object.\n"                                \
	"  'fill>=90'   'state=taken'   'level=low and age>2h'\n"

#define HOOK_OPTIONS                                                           \
	{ "hook", 0, "HOOK", true,                                             \
	  "call it before and after the instant: blksnap-hooks(7)" },          \
	{ "no-hooks", 0, NULL, false,                                          \
	  "not those that blksnap.conf names, either" }

const struct command command_table[] = {
	{
		.object = "device", .verb = "attach", .synopsis = "DEV...",
		.help = "Track changes of devices, and keep tracking them",
		.min = 1, .max = -1, .run = device_cmd_attach,
		.flags = COMMAND_DRY | COMMAND_UNDO,
		.options = {
			{ "cell", 0, "SIZE", false,
			  "bytes a tracking cell covers: 4K to 1M" },
			{ "fail-if-exists", 0, NULL, false,
			  "a device that is tracked already is a failure" },
		},
	},
	{
		.object = "device", .verb = "detach", .synopsis = "DEV...",
		.help = "Stop tracking devices",
		.min = 1, .max = -1, .run = device_cmd_detach,
		.flags = COMMAND_DRY,
	},
	{
		.object = "device", .verb = "list", .synopsis = "",
		.help = "List the tracked devices",
		.run = device_cmd_list, .flags = COMMAND_ROWS,
		.columns = devices_columns,
		.options = {
			{ "all", 0, NULL, false,
			  "those that are not tracked, too" },
		},
	},
	{
		.object = "device", .verb = "show", .synopsis = "DEV",
		.help = "Show a tracked device and its counters",
		.min = 1, .max = 1, .run = device_cmd_show,
	},
	{
		.object = "snapshot", .verb = "create",
		.synopsis = "NAME --device DEV... --area SPEC...",
		.help = "Take a snapshot of devices, all at one instant",
		.more = AREA_SPEC_HELP,
		.min = 1, .max = 1, .run = snapshot_cmd_create,
		.flags = COMMAND_DRY | COMMAND_UNDO,
		.options = {
			{ "device", 'd', "DEV", true, "device to include" },
			{ "area", 'a', "SPEC", true,
			  "where overwritten blocks are kept" },
			{ "low", 0, "SIZE|N%", false,
			  "say so when less than this is free" },
			{ "grace", 0, "TIME", false,
			  "let writes wait this long for an extension" },
			{ "no-freeze", 0, NULL, false,
			  "do not freeze file systems at the instant" },
			{ "if-missing", 0, NULL, false,
			  "if one of this name has these devices, that is as wished" },
			HOOK_OPTIONS,
			{ "timeout", 't', "TIME", false,
			  "give up after this long (2m)" },
		},
	},
	{
		.object = "snapshot", .verb = "plan",
		.synopsis = "--device DEV...",
		.help = "Tell how large an area a snapshot of devices needs",
		.more = "From what is written to them now; works without the module. A block is\n"
			"copied once, however often it is written, so that it is an upper bound\n"
			"while the load stays the same. With --since, from what changed since the last\n"
			"backup, as change tracking knows it: FILE is that of `blksnap run --since`.\n",
		.run = snapshot_cmd_plan,
		.options = {
			{ "device", 'd', "DEV", true, "device to include" },
			{ "since", 's', "FILE", false,
			  "nothing is waited for: what changed since the last run is looked up" },
			{ "for", 0, "TIME", false,
			  "how long the snapshot is needed (60m; as long as that run is ago)" },
			{ "sample", 0, "TIME", false,
			  "how long to look (10s)" },
		},
	},
	{
		.object = "snapshot", .verb = "list", .synopsis = "",
		.help = "List the snapshots",
		.more = "With --sample also how fast their areas fill, and when these will be full.\n",
		.run = snapshot_cmd_list, .flags = COMMAND_ROWS,
		.columns = snapshots_columns,
		.options = {
			{ "sample", 0, "TIME", false, "how long to look" },
		},
	},
	{
		.object = "snapshot", .verb = "show", .synopsis = "NAME",
		.help = "Show a snapshot and its images",
		.min = 1, .max = 1, .run = snapshot_cmd_show,
	},
	{
		.object = "snapshot", .verb = "destroy", .synopsis = "NAME",
		.help = "Remove a snapshot and its images",
		.min = 1, .max = 1, .run = snapshot_cmd_destroy,
		.flags = COMMAND_DRY,
		.options = {
			{ "discard", 0, NULL, false,
			  "then discard the area: its copies are not needed" },
			{ "zero", 0, NULL, false,
			  "then write zeroes over the area: its copies are to go" },
			{ "force", 'f', NULL, false,
			  "although an image is open; its readers get EIO" },
			{ "if-exists", 0, NULL, false,
			  "if there is none, that is as wished" },
			{ "timeout", 't', "TIME", false,
			  "wait no longer than this (2m)" },
		},
	},
	{
		.object = "snapshot", .verb = "rename", .synopsis = "NAME NEW-NAME",
		.help = "Give a snapshot another name",
		.min = 2, .max = 2, .run = snapshot_cmd_rename,
		.flags = COMMAND_DRY | COMMAND_UNDO,
	},
	{
		.object = "area", .verb = "list", .synopsis = "[NAME]",
		.help = "List the areas, or the one of a snapshot",
		.more = "With --sample also how fast they fill, and when they will be full.\n",
		.max = 1, .run = area_cmd_list, .flags = COMMAND_ROWS,
		.columns = areas_columns,
		.options = {
			{ "sample", 0, "TIME", false, "how long to look" },
		},
	},
	{
		.object = "area", .verb = "show", .synopsis = "NAME",
		.help = "Show an area and its ranges",
		.min = 1, .max = 1, .run = area_cmd_show,
	},
	{
		.object = "area", .verb = "extend", .synopsis = "NAME SPEC...",
		.help = "Append space to a snapshot's area",
		.more = AREA_SPEC_HELP,
		.min = 2, .max = -1, .run = area_cmd_extend,
		.flags = COMMAND_DRY | COMMAND_UNDO,
	},
	{
		.object = "area", .verb = "remove", .synopsis = "NAME RANGE...",
		.help = "Remove unused ranges from a snapshot's area",
		.more = "RANGE is DEV or DEV:START+LENGTH.\n",
		.min = 2, .max = -1, .run = area_cmd_remove,
		.flags = COMMAND_DRY,
		.options = {
			{ "if-exists", 0, NULL, false,
			  "what the area does not have is as wished" },
		},
	},
	{
		.object = "area", .verb = "set", .synopsis = "NAME",
		.help = "Change thresholds and grace of a snapshot's area",
		.min = 1, .max = 1, .run = area_cmd_set,
		.flags = COMMAND_DRY | COMMAND_UNDO,
		.options = {
			{ "low", 0, "SIZE|N%", false,
			  "say so when less than this is free" },
			{ "clear", 0, "SIZE|N%", false,
			  "all is well again when so much is free (twice low)" },
			{ "grace", 0, "TIME", false,
			  "let writes wait this long for an extension" },
		},
	},
	{
		.object = "image", .verb = "list", .synopsis = "",
		.help = "List the image devices",
		.run = image_cmd_list, .flags = COMMAND_ROWS,
		.columns = images_columns,
	},
	{
		.object = "image", .verb = "show", .synopsis = "NAME|IMAGE [DEV]",
		.help = "Show images: what they are of, who has them open, how to mount them",
		.min = 1, .max = 2, .run = image_cmd_show,
	},
	{
		.object = "image", .verb = "path", .synopsis = "NAME|IMAGE [DEV]",
		.help = "Print the paths of a snapshot's images, or of DEV's",
		.min = 1, .max = 2, .run = image_cmd_path,
	},
	{
		.object = "image", .verb = "wait", .synopsis = "NAME|IMAGE [DEV]",
		.help = "Wait until images can be read, and print their paths",
		.more = "Also of a snapshot that is not there yet. They are there for others, too: udev,\n"
			"if it runs, has made its links.\n",
		.min = 1, .max = 2, .run = image_cmd_wait, .flags = COMMAND_ALONE,
		.options = {
			{ "timeout", 't', "TIME", false,
			  "give up after this long, with status 8" },
		},
	},
	{
		.object = "image", .verb = "release",
		.synopsis = "NAME|IMAGE [DEV] START+LENGTH...",
		.help = "Give up the past of ranges that have been read",
		.more = "Blocks there are not copied any more, copies of them make room for others, and\n"
			"reads of the image there fail: with it a small area is enough for a backup that\n"
			"reads an image once, from one end to the other. DEV goes with NAME, and is left\n"
			"out with IMAGE.\n",
		.min = 2, .max = -1, .run = image_cmd_release,
		.flags = COMMAND_DRY,
	},
	{
		.object = "cbt", .verb = "info", .synopsis = "DEV",
		.help = "Show the state of changed-block tracking",
		.min = 1, .max = 1, .run = cbt_cmd_info,
	},
	{
		.object = "cbt", .verb = "export",
		.synopsis = "DEV --since GENERATION:NUMBER",
		.help = "Print what changed since an earlier snapshot",
		.more = "While DEV is in a snapshot, the answer is that of its image.\n"
			"Exit status 7 means that the chain is broken: make a full backup.\n",
		.min = 1, .max = 1, .run = cbt_cmd_export,
		.options = {
			{ "since", 's', "GENERATION:NUMBER", false,
			  "the earlier snapshot's numbers" },
			{ "format", 0, "ranges|json|bitmap|ddrescue", false,
			  "bytes and a tab between (ranges, if not given) ..." },
			{ "block", 0, "SIZE", false,
			  "what a bit of the bitmap stands for (a tracking cell)" },
		},
	},
	{
		.object = "cbt", .verb = "check",
		.synopsis = "DEV --since GENERATION:NUMBER",
		.help = "Say whether changes since an earlier snapshot are known",
		.more = "Exit status 7 means that they are not: make a full backup.\n",
		.min = 1, .max = 1, .run = cbt_cmd_check,
		.options = {
			{ "since", 's', "GENERATION:NUMBER", false,
			  "the earlier snapshot's numbers" },
		},
	},
	{
		.object = "cbt", .verb = "mark", .synopsis = "DEV START+LENGTH...",
		.help = "Mark ranges as changed",
		.min = 2, .max = -1, .run = cbt_cmd_mark,
		.flags = COMMAND_DRY,
	},
	{
		.object = "cbt", .verb = "reset", .synopsis = "DEV",
		.help = "Forget what changed: begin a new generation",
		.more = "After it was written where nobody saw it (another machine, SG_IO): the chain is\n"
			"broken, and the next backup a full one. Not while DEV is in a snapshot.\n",
		.min = 1, .max = 1, .run = cbt_cmd_reset,
		.flags = COMMAND_DRY,
	},
	{
		.object = "hooks", .verb = "list", .synopsis = "",
		.help = "List the hooks there are, and those that are called",
		.run = hooks_cmd_list, .flags = COMMAND_ROWS,
		.columns = hooks_columns,
	},
	{
		.object = "hooks", .verb = "test", .synopsis = "HOOK",
		.help = "Call a hook as for a snapshot, without taking one",
		.more = "First with pre-freeze, then with post-thaw, or on-fail if that failed.\n",
		.min = 1, .max = 1, .run = hooks_cmd_test,
		.options = {
			{ "device", 'd', "DEV", true, "device to tell it of" },
			{ "fail", 0, NULL, false,
			  "as if the snapshot could not be taken" },
		},
	},
	{
		.object = "info", .synopsis = "",
		.help = "Show the module's version and limits",
		.run = info_cmd,
	},
	{
		.object = "run",
		.synopsis = "--device DEV... --area SPEC... -- COMMAND [ARGUMENT...]",
		.help = "Have a snapshot for as long as a command runs",
		.more = "The command finds in its environment, for the first device (and so on):\n"
			"  BLKSNAP_IMAGE_1    the path of its image\n"
			"  BLKSNAP_CHANGES_1  a file of what changed since the last run, with --since;\n"
			"                     not set if all of it has to be taken as changed\n"
			"  BLKSNAP_MOUNT_1    where its image is mounted, with --mount\n"
			"and the same with the device's name (BLKSNAP_IMAGE_vdb), and without, if there\n"
			"is one device alone. Its exit status is that of the command; 125 if the\n"
			"snapshot failed or was lost, 126 or 127 if the command cannot be run.\n"
			"Nothing of the snapshot is left, however it ends.\n",
		.min = 1, .max = -1, .run = run_cmd,
		.flags = COMMAND_ALONE | COMMAND_DRY,
		.options = {
			{ "device", 'd', "DEV", true, "device to include" },
			{ "area", 'a', "SPEC", true,
			  "where overwritten blocks are kept" },
			{ "mount", 'm', NULL, false,
			  "mount the images, for the command alone" },
			{ "since", 's', "FILE", false,
			  "keeps the numbers of the last run, for the change maps" },
			{ "name", 0, "NAME", false, "of the snapshot" },
			{ "low", 0, "SIZE|N%", false,
			  "say so when less than this is free" },
			{ "grace", 0, "TIME", false,
			  "let writes wait this long for an extension" },
			{ "no-freeze", 0, NULL, false,
			  "do not freeze file systems at the instant" },
			HOOK_OPTIONS,
			{ "timeout", 't', "TIME", false,
			  "give the snapshot up after this long (2m)" },
		},
	},
	{
		.object = "apply", .synopsis = "FILE|-",
		.help = "Have devices and snapshots as a file declares them",
		.more = "What differs is told, and changed; what is so already stays untouched, so that\n"
			"it can be applied again and again. The file: blksnap.conf(5).\n",
		.min = 1, .max = 1, .run = apply_cmd, .flags = COMMAND_DRY,
		.options = {
			{ "prune", 0, NULL, false,
			  "remove tracked devices and snapshots that it does not declare" },
			{ "atomic", 0, NULL, false,
			  "all of it, or nothing: a failure takes back what was done" },
			HOOK_OPTIONS,
			{ "timeout", 't', "TIME", false,
			  "give a snapshot up after this long (2m)" },
		},
	},
	{
		.object = "autogrow", .synopsis = "[NAME...]",
		.help = "Extend areas that run low, until it is ended",
		.more = "Of --area and then of the list, the first SPEC that can be added is: a device\n"
			"once, a file: or zram: as often as --limit allows. A file leaves 5% of its\n"
			"file system free. NAME may be of a snapshot to come; a UUID is written whole.\n\n" AREA_SPEC_HELP,
		.max = -1, .run = autogrow_cmd,
		.flags = COMMAND_STREAM | COMMAND_ALONE,
		.options = {
			{ "area", 'a', "SPEC", true, "what to add" },
			{ "list", 0, "FILE", false,
			  "more of it, a SPEC a line; read again each time" },
			{ "limit", 0, "SIZE", false,
			  "no area gets larger than this" },
			{ "grace", 0, "TIME", false,
			  "let writes wait at least this long for an extension" },
			{ "follow", 'F', NULL, false,
			  "wait for the module when it is not there" },
		},
	},
	{
		.object = "wait", .synopsis = "EXPR [OBJECT]",
		.help = "Wait until a snapshot or device is as wanted",
		.more = CONDITION_HELP
			"Without OBJECT, any will do, and is named. An object that is not there has\n"
			"state=absent.\n",
		.min = 1, .max = 2, .run = wait_cmd, .flags = COMMAND_ALONE,
		.options = {
			{ "any", 0, NULL, false,
			  "any object will do, as without OBJECT" },
			{ "timeout", 't', "TIME", false,
			  "give up after this long, with status 8" },
		},
	},
	{
		.object = "check", .synopsis = "[OBJECT...]",
		.help = "Tell by the exit status whether all is well",
		.more = "0 all is well, 13 warning, 14 critical; with --nagios 0, 1, 2, and 3 if it\n"
			"cannot be known.\n\n" CONDITION_HELP,
		.max = -1, .run = check_cmd,
		.options = {
			{ "warn", 'w', "EXPR", false,
			  "warning (level=low or fill>=80)" },
			{ "crit", 'c', "EXPR", false,
			  "critical (failed, overflowed, or fill>=90)" },
			{ "sample", 0, "TIME", false,
			  "how long to look, if an EXPR has ttfull (2s)" },
			{ "nagios", 0, NULL, false,
			  "print and end as Nagios wants it" },
		},
	},
	{
		.object = "metrics", .synopsis = "",
		.help = "Print everything for Prometheus",
		.run = metrics_cmd, .flags = COMMAND_TEXT,
		.options = {
			{ "output", 0, "FILE", false,
			  "replace FILE by it, at once or not at all" },
			{ "format", 0, "openmetrics|text", false,
			  "text: as the node exporter reads it from a file" },
		},
	},
	{
		.object = "doctor", .synopsis = "",
		.help = "Find out what keeps it from working, and what to do",
		.more = "Status 13 with a warning, 14 with a failure among the findings.\n",
		.run = doctor_cmd,
	},
	{
		.object = "report", .synopsis = "",
		.help = "Print what helps with a fault, without names and paths",
		.run = report_cmd,
		.options = {
			{ "output", 0, "FILE", false, "write it to FILE" },
		},
	},
	{
		.object = "status", .synopsis = "[OBJECT...]",
		.help = "Show everything on one screen",
		.more = "OBJECT is a snapshot, shown with its devices, or a device, shown with its\n"
			"snapshot.\n",
		.max = -1, .run = status_cmd,
		.options = {
			{ "sample", 0, "TIME", false,
			  "look so long how fast areas fill, and tell when they are full" },
		},
	},
	{
		.object = "stat", .synopsis = "[INTERVAL [COUNT]]",
		.help = "Show rates; INTERVAL in seconds (1), once without it",
		.max = 2, .run = stat_cmd,
		.flags = COMMAND_ROWS | COMMAND_STREAM | COMMAND_ALONE,
		.columns = stat_columns,
	},
	{
		.object = "monitor", .synopsis = "",
		.help = "Print the state, then every event as it comes",
		.run = monitor_cmd, .flags = COMMAND_STREAM | COMMAND_ALONE,
		.options = {
			{ "now", 0, NULL, false, "print the state and end" },
			{ "since", 0, "[INSTANCE:]NUMBER", false,
			  "instead of the state, the events after this one" },
			{ "follow", 'F', NULL, false,
			  "wait for the module when it is not there" },
			{ "stats", 0, "TIME", false,
			  "print the counters, too, each time this has passed" },
			{ "exec", 0, "COMMAND", false,
			  "have the shell run it for every event" },
			{ "journal", 0, NULL, false,
			  "tell systemd's journal of changes, and print nothing" },
		},
	},
	{
		.object = "version", .synopsis = "",
		.help = "Print the versions of program and module",
		.run = version_cmd,
	},
	{
		.object = "help", .synopsis = "[OBJECT [VERB]]",
		.help = "Explain a command",
		.max = 2, .run = help_cmd, .flags = COMMAND_TEXT,
	},
	{
		.object = "schema", .synopsis = "[SCHEMA]",
		.help = "Print the JSON Schema of a document, or list them",
		.max = 1, .run = schema_cmd,
	},
	{
		.object = "completion", .synopsis = "bash|zsh|fish",
		.help = "Print the completion script for a shell",
		.min = 1, .max = 1, .run = completion_cmd, .flags = COMMAND_TEXT,
	},
	{
		.object = "complete", .synopsis = "-- WORD...",
		.help = "Print what could follow, for those scripts",
		.max = -1, .run = complete_cmd,
		.flags = COMMAND_TEXT | COMMAND_HIDDEN | COMMAND_ALONE,
	},
};

const size_t command_count = sizeof(command_table) / sizeof(*command_table);
