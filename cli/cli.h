/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli: what every command has at hand: its arguments, the connection, and the
 * one way to fail.
 */
#ifndef BLKSNAP_CLI_CLI_H
#define BLKSNAP_CLI_CLI_H

#include <jansson.h>

#include <blksnap.h>

#include "command.h"
#include "conf.h"

struct undo;

/**
 * struct cli - one run of the program
 * @args: parsed command line
 * @session: connection, after cli_connect()
 * @stack: block devices, after cli_stack()
 * @recording: of --source; NULL is the real kernel
 * @conf: settings, after cli_conf()
 * @line: number of the line of a batch that is run; 0: there is none
 * @stream: JSON is one document a line
 * @result: takes the document of a line of a batch; NULL: stdout does
 * @errors: array that takes the error documents of a batch; NULL: stdout does
 * @undo: notes what is done, for --atomic; NULL: nobody asks
 * @caught: takes a failure that is not to be told, with @caught_subject; NULL:
 *	failures are told
 * @caught_subject: what the caught failure is about, or ""
 */
struct cli {
	struct command_args args;
	struct blksnap_session *session;
	struct blksnap_stack *stack;
	struct blksnap_recording *recording;
	struct conf *conf;
	unsigned int line;
	bool stream;
	json_t **result;
	json_t *errors;
	struct undo *undo;
	struct blksnap_error *caught;
	char caught_subject[128];
};

/**
 * cli_fail() - report a failure
 * @cli: run
 * @subject: what it is about, or NULL
 * @err: what is wrong
 * @hint: what to do, or NULL for the usual advice on such failures
 *
 * Prints the line on stderr, and with -j the error document on stdout.
 *
 * Return: the exit status.
 */
int cli_fail(struct cli *cli, const char *subject,
	     const struct blksnap_error *err, const char *hint);

/**
 * cli_refuse() - report a failure the program found itself
 * @cli: run
 * @exit: class
 * @subject: what it is about, or NULL
 * @hint: what to do, or NULL
 * @format: what is wrong
 *
 * Return: the exit status.
 */
int cli_refuse(struct cli *cli, enum blksnap_exit exit, const char *subject,
	       const char *hint, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/**
 * cli_note() - say something on standard error that is no failure
 * @cli: run
 * @subject: what it is about, or NULL
 * @format: what is to be said
 *
 * Not with --quiet.
 */
void cli_note(struct cli *cli, const char *subject, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* the same, with --verbose alone */
void cli_verbose(struct cli *cli, const char *subject, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * cli_sleep() - let time pass between two looks; not before a recorded kernel
 */
void cli_sleep(struct cli *cli, uint32_t ms);

/**
 * cli_again() - is it worth while to try again?
 * @cli: run
 * @ret: what came of it
 * @tries: how often that was asked
 *
 * Whoever looks at new disks (udev, a desktop) has one open for a moment. Waits for
 * such a moment, a second in all.
 *
 * Return: true if @ret is -EBUSY and the second is not over.
 */
bool cli_again(struct cli *cli, int ret, unsigned int *tries);

/**
 * cli_source() - read the recording that --source names, if it does
 *
 * Return: 0, or an exit status after cli_fail().
 */
int cli_source(struct cli *cli);

/**
 * cli_connect() - have @cli->session
 *
 * Return: 0, or an exit status after cli_fail().
 */
int cli_connect(struct cli *cli);

/**
 * cli_stack() - have @cli->stack
 *
 * Return: 0, or an exit status after cli_fail().
 */
int cli_stack(struct cli *cli);

/**
 * cli_conf() - have @cli->conf
 *
 * The file is that of $BLKSNAP_CONF, otherwise CONF_FILE.
 *
 * Return: 0, or an exit status after cli_fail().
 */
int cli_conf(struct cli *cli);

/**
 * cli_setting() - an option, failing that a setting of the same name
 * @cli: run, after cli_conf()
 * @name: of option and setting
 *
 * Return: its text, or NULL.
 */
const char *cli_setting(struct cli *cli, const char *name);

/**
 * cli_device() - the device an argument means
 *
 * Return: 0, or an exit status after cli_fail().
 */
int cli_device(struct cli *cli, const char *text, struct blksnap_dev *dev);

/**
 * cli_trackable() - the device an argument means, which is to be tracked
 *
 * As cli_device(), and refuses what the kernel cannot see the writes of.
 */
int cli_trackable(struct cli *cli, const char *text, struct blksnap_dev *dev);

/* To who names a path of a multipath map. */
#define CLI_NAME_THE_MAP "name the map"

/**
 * cli_tracked() - the tracked device an argument means
 *
 * As cli_device(), but finds one that is gone from the system, too, by its kernel
 * name or number.
 */
int cli_tracked(struct cli *cli, const char *text, struct blksnap_dev *dev);

/**
 * cli_image() - what an argument that names a snapshot or an image means
 * @text: name of a snapshot, beginning of its UUID, or path of one of its images
 * @snapshot: filled, freed with blksnap_snapshot_clear()
 * @member: set to the image, in @snapshot, if it is a path; otherwise to NULL
 *
 * Return: 0, or an exit status after cli_fail().
 */
int cli_image(struct cli *cli, const char *text, struct blksnap_snapshot *snapshot,
	      const struct blksnap_member **member);

/**
 * cli_snapshot() - the snapshot an argument means
 * @text: as for cli_image()
 * @snapshot: filled, freed with blksnap_snapshot_clear()
 *
 * Return: 0, or an exit status after cli_fail().
 */
int cli_snapshot(struct cli *cli, const char *text,
		 struct blksnap_snapshot *snapshot);

/**
 * cli_print_json() - print a document and free it
 * @cli: run
 * @doc: document; NULL if there was no memory to make it
 *
 * Return: 0, or an exit status after cli_fail().
 */
int cli_print_json(struct cli *cli, json_t *doc);

/**
 * cli_print_done() - print what a command that changes something has done
 * @cli: run
 * @doc: document, freed; gets "changed" and "dry_run"
 * @changed: false if all was already as wished; of a dry run: would be changed
 *
 * Return: 0, or an exit status after cli_fail().
 */
int cli_print_done(struct cli *cli, json_t *doc, bool changed);

/**
 * check_unknown() - how "check --nagios" ends that could not look
 * @subject: what it is about, or ""
 * @why: what is wrong
 *
 * Nagios shows standard output: the reason has to be there.
 *
 * Return: the exit status.
 */
int check_unknown(const char *subject, const char *why);

/* what the rows of a command have; the command is named in commands.c */
const struct rows_column *devices_columns(size_t *count);
const struct rows_column *snapshots_columns(size_t *count);
const struct rows_column *areas_columns(size_t *count);
const struct rows_column *images_columns(size_t *count);
const struct rows_column *hooks_columns(size_t *count);
const struct rows_column *stat_columns(size_t *count);

int device_cmd_attach(struct cli *cli);
int device_cmd_detach(struct cli *cli);
int device_cmd_list(struct cli *cli);
int device_cmd_show(struct cli *cli);
int snapshot_cmd_create(struct cli *cli);
int snapshot_cmd_list(struct cli *cli);
int snapshot_cmd_plan(struct cli *cli);
int snapshot_cmd_show(struct cli *cli);
int snapshot_cmd_destroy(struct cli *cli);
int snapshot_cmd_rename(struct cli *cli);
int area_cmd_list(struct cli *cli);
int area_cmd_show(struct cli *cli);
int area_cmd_extend(struct cli *cli);
int area_cmd_remove(struct cli *cli);
int area_cmd_set(struct cli *cli);
int image_cmd_list(struct cli *cli);
int image_cmd_show(struct cli *cli);
int image_cmd_path(struct cli *cli);
int image_cmd_wait(struct cli *cli);
int image_cmd_release(struct cli *cli);
int cbt_cmd_info(struct cli *cli);
int cbt_cmd_export(struct cli *cli);
int cbt_cmd_check(struct cli *cli);
int cbt_cmd_mark(struct cli *cli);
int cbt_cmd_reset(struct cli *cli);
int hooks_cmd_list(struct cli *cli);
int hooks_cmd_test(struct cli *cli);
int info_cmd(struct cli *cli);
int apply_cmd(struct cli *cli);
int autogrow_cmd(struct cli *cli);
int check_cmd(struct cli *cli);
int doctor_cmd(struct cli *cli);
int metrics_cmd(struct cli *cli);
int report_cmd(struct cli *cli);
int run_cmd(struct cli *cli);
int wait_cmd(struct cli *cli);
int status_cmd(struct cli *cli);
int stat_cmd(struct cli *cli);
int monitor_cmd(struct cli *cli);
int version_cmd(struct cli *cli);
int help_cmd(struct cli *cli);
int completion_cmd(struct cli *cli);
int complete_cmd(struct cli *cli);
int schema_cmd(struct cli *cli);

#endif /* BLKSNAP_CLI_CLI_H */
