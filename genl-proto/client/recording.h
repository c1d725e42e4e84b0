/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * recording: a recording in memory, as recording.c reads it and
 * transport_replay.c plays it.
 */
#ifndef BLKSNAP_CLIENT_RECORDING_H
#define BLKSNAP_CLIENT_RECORDING_H

#include "transport.h"

/**
 * struct recording_msg - an answer or an event
 * @kind: what it is
 * @overrun: messages were lost here
 * @cmd: command
 * @attrs: its attributes
 */
struct recording_msg {
	enum transport_kind kind;
	bool overrun;
	uint8_t cmd;
	struct attr_buf attrs;
};

struct recording_list {
	struct recording_msg *msgs;
	size_t count;
};

/**
 * struct recording_step - a request, its outcome, what happened after it
 * @cmd: command; the first step of a file is none, and has only events
 * @dump: a dump was asked for
 * @request: attributes it was asked with
 * @answers: what came
 * @error: how it failed; errnum 0 if it did not
 * @events: that came after it
 * @used: it has answered
 */
struct recording_step {
	uint8_t cmd;
	bool dump;
	struct attr_buf request;
	struct recording_list answers;
	struct blksnap_error error;
	struct recording_list events;
	bool used;
};

/**
 * struct recording_block - a block device or a mount of the machine
 * @line: as read, without its first word
 * @mount: it is a mount
 */
struct recording_block {
	char *line;
	bool mount;
};

struct blksnap_recording {
	struct recording_step *steps;
	size_t n_steps;
	struct recording_block *blocks;
	size_t n_blocks;
	bool absent;
	int fd; /* readable when an event may be due */
	bool has_clock;
	uint64_t boot_ns;
	uint64_t real_ns;
};

/* transport_make; @arg is the struct blksnap_recording */
int transport_replay_make(void *arg, bool events, struct transport **transport,
			  struct blksnap_error *err);

#endif /* BLKSNAP_CLIENT_RECORDING_H */
