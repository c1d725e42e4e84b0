/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor: what keeps blksnap from working on this machine, and what to do.
 */
#ifndef BLKSNAP_CLI_DOCTOR_H
#define BLKSNAP_CLI_DOCTOR_H

#include "cli.h"

enum doctor_level { DOCTOR_OK, DOCTOR_NOTE, DOCTOR_WARNING, DOCTOR_FAILURE };

#define DOCTOR_FIX 160
#define DOCTOR_RELEASE 65 /* as in struct utsname */

/**
 * struct doctor_finding - one thing looked at
 * @id: stays the same for ever, as "D011"
 * @level: how bad it is
 * @subject: one word
 * @text: what was found
 * @fix: what to do, or ""
 */
struct doctor_finding {
	const char *id;
	enum doctor_level level;
	const char *subject;
	char text[200];
	char fix[DOCTOR_FIX];
};

#define DOCTOR_FINDINGS 24

/**
 * struct doctor - an examination
 * @root: what stands before /sys, /proc, /lib: "", or the folder of another machine
 * @release: its kernel's, as uname -r prints it
 * @anonymous: nobody is named: for strangers
 * @findings: array of @count
 * @count: number of findings
 * @tracked: something is tracked, so that the hook is ours
 */
struct doctor {
	const char *root;
	const char *release;
	bool anonymous;
	struct doctor_finding findings[DOCTOR_FINDINGS];
	size_t count;
	bool tracked;
};

/**
 * doctor_init() - which machine is examined
 * @doctor: initialised: this machine, or the one whose files are below $BLKSNAP_ROOT
 * @release: filled, and to live as long
 * @anonymous: nobody is named
 */
void doctor_init(struct doctor *doctor, char release[DOCTOR_RELEASE], bool anonymous);

/**
 * doctor_examine() - look at everything
 * @cli: run; its session is opened if it is not yet. Of a recording, the answers
 *	are looked at, and files only if @root is that machine's; of another machine
 *	without a recording, its files alone
 * @doctor: @root, @release and @anonymous set, the rest empty; filled
 *
 * Return: the worst level.
 */
enum doctor_level doctor_examine(struct cli *cli, struct doctor *doctor);

/* the findings as JSON */
json_t *doctor_json(const struct doctor *doctor);

#endif /* BLKSNAP_CLI_DOCTOR_H */
