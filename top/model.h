/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known now: snapshots, devices, their rates and recent past, the
 * events, and whether the source still tells.
 *
 * Life of a model:
 *
 *	model_init()		nothing known, waiting for a source
 *	model_sync_begin()	a full state follows
 *	model_snapshot(), model_device()	each object, then each event
 *	model_sync_end()	what did not come again is forgotten; LIVE
 *	model_stats(), model_space()	at every delay
 *	model_mounts()		when they have changed
 *	model_settle()		after each of these rounds: urgency, alarms
 *	model_stale()		the source fell silent: keep all, say since when
 *	model_exit()
 *
 * The model has no clock: times come with the facts or as arguments. Objects
 * hold no pointers, so a paused picture is a plain copy (model_copy()). Only
 * one thread; what draws gets it const.
 */
#ifndef TOP_MODEL_H
#define TOP_MODEL_H

#include "eta.h"
#include "facts.h"
#include "history.h"
#include "latency.h"
#include "thresholds.h"
#include "narrate.h"

struct past;

#define MODEL_EVENTS 256
#define RATE_UNKNOWN (-1.0)

enum source_state {
	SOURCE_WAITING, /* never heard anything */
	SOURCE_LIVE,
	SOURCE_STALE, /* silent since stale_ns */
};

/**
 * struct dev_key - what devices are looked for by, close together
 * @dev: its number
 * @snapshot_id: the snapshot it is shown under; 0: none
 */
struct dev_key {
	struct devno dev;
	uint32_t snapshot_id;
};

/**
 * struct dev - an origin: tracked, member of a snapshot, or both
 * @fact: what the kernel says of it
 * @seq: event number that @fact reflects
 * @tracked: it is in the list of devices
 * @member: it is in the list of members of @snapshot_id
 * @snapshot_id: as in its struct dev_key
 * @member_error: negative errno if it broke the snapshot
 * @has_used: @used is known
 * @used: sectors of the area that hold copies of its blocks
 * @image_name: its image; "": none
 * @seen: told as a device since model_sync_begin()
 * @seen_member: told as a member since then
 * @has_stats: @stats holds a sample
 * @stats: the last sample
 * @cow_rate: bytes a second copied between the last two samples
 * @image_rate: bytes a second read from the image
 * @write_rate: bytes a second written to the origin
 * @held_rate: writes a second that were held
 * @cow: recent past of @cow_rate
 * @image: recent past of @image_rate
 * @latency: recent past of hold times
 * @p99: what 99 % of the writes that were held lately did not exceed
 * @freeze: how its file system was frozen at the take; static, "": unknown
 * @has_openers: @openers and @held are known
 * @openers: how many times its image is open
 * @held: one of them exclusively
 * @is_then: this is a picture of the past, without hold times and counters
 */
struct dev {
	struct fact_device fact;
	uint64_t seq;
	bool tracked;
	bool member;
	uint32_t snapshot_id;
	int member_error;
	bool has_used;
	uint64_t used;
	char image_name[FACT_NAME_SIZE];
	bool seen;
	bool seen_member;

	bool has_stats;
	struct fact_stats stats;
	double cow_rate;
	double image_rate;
	double write_rate;
	double held_rate;
	struct trend cow;
	struct trend image;
	struct latency latency;
	const char *freeze;
	bool has_openers;
	uint32_t openers;
	bool held;
	struct dev_p99 {
		bool known;
		bool open_ended;
		uint64_t ns;
	} p99;
	bool is_then;
};

/**
 * struct snap - a snapshot
 * @fact: what the kernel says of it
 * @seq: event number that @fact reflects
 * @seen: told since model_sync_begin()
 * @alarm: its urgency while it is taken
 * @mark: marks of its fill level that were told
 * @eta: how its area fills
 * @cow: recent past of its members' copying, in sum
 * @image: recent past of reading from its images
 * @fill: recent past of its fill level, in percent
 * @is_then: this is a picture of the past: @then is the time to full it had
 * @then: see there
 */
struct snap {
	struct fact_snapshot fact;
	uint64_t seq;
	bool seen;
	enum severity alarm;
	enum fill_mark mark;
	struct eta eta;
	struct trend cow;
	struct trend image;
	struct trend fill;
	bool is_then;
	struct eta_range then;
};

/**
 * struct event - a line of the event pane
 * @real_ns: CLOCK_REALTIME
 * @seq: number of the kernel's event; 0: the monitor's own
 * @object: name of a snapshot or device; "" is the source
 * @alarm: somebody who does not look should be told
 * @sentence: what happened
 */
struct event {
	uint64_t real_ns;
	uint64_t seq;
	char object[FACT_NAME_SIZE];
	bool alarm;
	struct sentence sentence;
};

struct model {
	struct snap *snaps;
	size_t n_snaps;
	struct dev *devs;
	struct dev_key *keys; /* of each device, at the same place */
	size_t n_devs;
	size_t room; /* for devices */
	size_t next; /* the one that is told next, as a rule */
	struct fact_mount *mounts;
	size_t n_mounts;
	char host[FACT_NAME_SIZE]; /* where a recording was made; "": not told */

	struct event events[MODEL_EVENTS];
	uint64_t n_events; /* ever; the last is at (n_events - 1) % MODEL_EVENTS */
	uint64_t events_from; /* those before are not to be had, of a past picture */

	enum source_state source;
	uint64_t stale_ns;
	uint64_t stale_real_ns;
	char stale_why[80];
	uint64_t seq; /* of the last event seen */
	uint64_t lost; /* events that can never be had */
	uint64_t resyncs;
	uint64_t now_ns; /* the newest kernel time seen */
	uint64_t sample_ns; /* that of the newest counters */
	uint64_t heard_ns; /* when the last round of samples was complete */

	struct trend cow; /* all devices */
	struct trend image;

	struct thresholds thresholds;
	struct past *past; /* earlier pictures, kept at each settling; or NULL */
};

/**
 * model_init() - nothing known
 * @model: freed with model_exit(); keeps no past unless model_keep_past()
 */
void model_init(struct model *model);

/**
 * model_keep_past() - from now on keep a picture at each settling
 * @model: the model
 *
 * Return: 0 or -ENOMEM.
 */
int model_keep_past(struct model *model);

/**
 * model_exit() - free what the model holds
 * @model: the model
 */
void model_exit(struct model *model);

/**
 * model_copy() - the same picture again
 * @to: initialised; what it holds is replaced
 * @from: what to copy; its past is not
 *
 * Return: 0 or -ENOMEM, in which case @to is as before.
 */
int model_copy(struct model *to, const struct model *from);

/**
 * model_sync_begin() - a full state follows
 * @model: the model
 */
void model_sync_begin(struct model *model);

/**
 * model_sync_end() - the state is complete
 * @model: the model
 * @seq: events up to here are in it
 *
 * Objects that were not told since model_sync_begin() are forgotten. The
 * source is live.
 */
void model_sync_end(struct model *model, uint64_t seq);

/**
 * model_snapshot() - a snapshot is told
 * @model: the model
 * @fact: the snapshot
 * @members: its members; copied
 * @n_members: number of members
 * @news: how it came; an event older than what is known only makes a line
 *
 * Return: 0 or -ENOMEM, in which case nothing changed.
 */
int model_snapshot(struct model *model, const struct fact_snapshot *fact,
		   const struct fact_member *members, size_t n_members,
		   const struct fact_news *news);

/**
 * model_device() - a device is told
 * @model: the model
 * @fact: the device
 * @news: how it came
 *
 * Return: 0 or -ENOMEM, in which case nothing changed.
 */
int model_device(struct model *model, const struct fact_device *fact,
		 const struct fact_news *news);

/**
 * model_stats() - a sample of counters
 * @model: the model
 * @stats: the sample; one of an unknown device is ignored
 *
 * Rates are those between this sample and the last one of the same epoch, by
 * the kernel's time stamps. After another epoch, or a counter that fell, they
 * are unknown until the next sample.
 */
void model_stats(struct model *model, const struct fact_stats *stats);

/**
 * model_forget_rates() - the next sample is the first of its kind
 * @dev: a device whose counters started anew, or are not told any more
 *
 * Its histories stay: they are the past.
 */
void model_forget_rates(struct dev *dev);

/**
 * model_space() - a sample of a snapshot's fill level
 * @model: the model
 * @fact: id, total, used, level and time_ns are used; unknown ones are ignored
 */
void model_space(struct model *model, const struct fact_snapshot *fact);

/**
 * model_share() - what a device takes of its snapshot's area
 * @model: the model
 * @id: number of the snapshot; of a device that is not in it nothing is kept
 * @dev: the device
 * @used: sectors that hold copies of its blocks
 */
void model_share(struct model *model, uint32_t id, struct devno dev, uint64_t used);

/**
 * model_openers() - who uses the image of a device
 * @model: the model
 * @id: number of the snapshot; of a device that is not in it nothing is kept
 * @dev: the device
 * @openers: how many times the image and its partitions are open
 * @held: one of them exclusively
 */
void model_openers(struct model *model, uint32_t id, struct devno dev, uint32_t openers,
		   bool held);

/**
 * model_mounts() - where devices are mounted
 * @model: the model
 * @mounts: all of them; copied
 * @count: number of them
 *
 * Return: 0 or -ENOMEM, in which case nothing changed.
 */
int model_mounts(struct model *model, const struct fact_mount *mounts, size_t count);

/**
 * model_mount_of() - where a device is mounted
 * @model: the model
 * @dev: its number
 *
 * Return: a path that is valid until model_mounts(); "" if it is not known.
 */
const char *model_mount_of(const struct model *model, struct devno dev);

/**
 * model_settle() - a round of samples is complete
 * @model: the model
 * @now_ns: CLOCK_BOOTTIME
 * @real_ns: CLOCK_REALTIME, for the events that are made of risen alarms
 */
void model_settle(struct model *model, uint64_t now_ns, uint64_t real_ns);

/**
 * model_stale() - the source fell silent
 * @model: the model
 * @since_ns: CLOCK_BOOTTIME; when it is stale already the first time stays
 * @real_ns: CLOCK_REALTIME, for the event list
 * @why: a few words, as "module unloaded"
 */
void model_stale(struct model *model, uint64_t since_ns, uint64_t real_ns,
		 const char *why);

/**
 * model_say() - a line of the event list that is the monitor's own
 * @model: the model
 * @severity: how much it matters
 * @real_ns: CLOCK_REALTIME
 * @text: a sentence
 */
void model_say(struct model *model, enum severity severity, uint64_t real_ns,
	       const char *text);

/**
 * model_lost() - events were lost for good
 * @model: the model
 * @count: how many; 0 is unknown, and counts as one
 * @real_ns: CLOCK_REALTIME, for the event list
 */
void model_lost(struct model *model, uint64_t count, uint64_t real_ns);

/**
 * model_follow_source() - take over what is known of the source, nothing else
 * @to: a copy made earlier
 * @from: the model that goes on
 */
void model_follow_source(struct model *to, const struct model *from);

/**
 * model_event() - one of the latest events
 * @model: the model
 * @ago: 0 is the last one
 *
 * Return: the event, or NULL beyond the oldest one kept.
 */
const struct event *model_event(const struct model *model, uint64_t ago);

/**
 * model_event_from() - one of the latest events that matter
 * @model: the model
 * @severity: those below are passed over
 * @ago: 0 is the last one of them
 *
 * Return: the event, or NULL beyond the oldest one kept.
 */
const struct event *model_event_from(const struct model *model, enum severity severity,
				     uint64_t ago);

/**
 * model_keep_keys() - devices were put in place as a whole
 * @model: the model, with memory for keys
 */
void model_keep_keys(struct model *model);

/**
 * model_find_snap() - a snapshot by number
 * @model: the model
 * @id: its number
 *
 * Return: the snapshot or NULL; valid until the model changes.
 */
struct snap *model_find_snap(const struct model *model, uint32_t id);

/**
 * model_find_dev() - a device by number
 * @model: the model
 * @dev: its number
 *
 * Return: the device or NULL; valid until the model changes.
 */
struct dev *model_find_dev(const struct model *model, struct devno dev);

#endif
