/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay: a transport that plays a kernel: it answers requests from a small
 * model. The events that a test has queued are a recording, which the library
 * plays itself.
 */
#ifndef BLKSNAP_TEST_REPLAY_H
#define BLKSNAP_TEST_REPLAY_H

#include "recording.h"
#include "session.h"

#define REPLAY_MAX 64

struct replay_kept {
	uint64_t seq;
	struct recording_msg msg;
};

/**
 * struct replay - the made-up kernel
 * @played: what is on the events socket; its absent: the family is not there
 * @info: answer to info-get; its seq counts the events
 * @snapshots: answer to snapshot-get
 * @devices: answer to device-get; the first one to device-detach
 * @stats: answer to stats-get
 * @ring: what event-replay gives
 * @ring_lost: what it says is lost
 * @interrupted: so many dumps say that they are inconsistent
 * @refuse_cmd: this command fails with @refuse_errno
 * @answer_state: state in the answer to create and destroy
 * @on_request: called before a request is answered
 * @on_answered: called after it
 * @steps: of @played, an event each
 * @queue: the events
 * @joins: how often the events were asked for
 * @seen: commands requested, in order
 * @asked: attributes of the last request of each command
 */
struct replay {
	struct blksnap_recording played;
	struct recording_step steps[REPLAY_MAX];
	struct recording_msg queue[REPLAY_MAX];
	struct blksnap_info info;
	struct blksnap_snapshot snapshots[8];
	size_t n_snapshots;
	struct blksnap_device devices[8];
	size_t n_devices;
	struct blksnap_stats stats[4];
	size_t n_stats;
	struct replay_kept ring[REPLAY_MAX];
	size_t n_ring;
	uint64_t ring_lost;
	int interrupted;
	uint8_t refuse_cmd;
	int refuse_errno;
	uint32_t answer_state;
	void (*on_request)(struct replay *replay, uint8_t cmd);
	void (*on_answered)(struct replay *replay, uint8_t cmd);
	struct attr_extent_page pages[4];
	size_t n_pages;
	uint8_t seen[REPLAY_MAX];
	size_t n_seen;
	struct attr_buf asked[256];
	int joins;
};

void replay_init(struct replay *replay);
void replay_exit(struct replay *replay);

/* how often @cmd was requested */
size_t replay_times_seen(const struct replay *replay, uint8_t cmd);

/* transport_make; @arg is the struct replay */
int replay_make(void *arg, bool events, struct transport **transport,
		struct blksnap_error *err);

/**
 * replay_event() - something happens in the made-up kernel
 * @replay: kernel
 * @cmd: BLKSNAP_CMD_..._NTF
 * @snapshot: what it is about, or NULL
 * @device: what it is about, or NULL
 * @delivered: on the events socket; otherwise it is only in the ring
 */
void replay_event(struct replay *replay, uint8_t cmd,
		  const struct blksnap_snapshot *snapshot,
		  const struct blksnap_device *device, bool delivered);

void replay_overrun(struct replay *replay);
void replay_family(struct replay *replay, bool back);

/* Nests of this type in the last request of @cmd. */
size_t replay_asked(const struct replay *replay, uint8_t cmd, uint16_t type);

bool replay_saw(const struct replay *replay, uint8_t cmd);

struct blksnap_snapshot replay_snapshot(uint32_t id, uint32_t state, uint64_t seq);
struct blksnap_device replay_device(uint32_t minor, uint32_t state, uint64_t seq);

#endif
