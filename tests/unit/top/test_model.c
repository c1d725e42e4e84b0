// SPDX-License-Identifier: GPL-2.0-or-later
/* What the model makes of facts. */
#include <criterion/criterion.h>

#include "figures.h"
#include "model.h"

#define S FACT_NS_PER_S

static struct model model;

static const struct devno vda = { 252, 0 }, vdb = { 252, 16 };

static void begin(void)
{
	model_init(&model);
}

static void end(void)
{
	model_exit(&model);
}

TestSuite(model, .init = begin, .fini = end);

static void tell_dev(struct devno dev, const char *name, uint32_t snapshot,
		     enum fact_kind kind, uint64_t seq)
{
	struct fact_device fact = {
		.dev = dev, .state = snapshot ? DEVICE_SNAPSHOT : DEVICE_TRACKED,
		.snapshot_id = snapshot, .capacity = 1000,
	};
	struct fact_news news = { .kind = kind, .seq = seq };

	strcpy(fact.name, name);
	cr_assert_eq(model_device(&model, &fact, &news), 0);
}

static struct fact_snapshot snapshot(uint32_t id, enum snapshot_state state)
{
	struct fact_snapshot fact = {
		.id = id, .name = "nightly", .state = state,
		.has_space = true, .total = 1000, .used = 100, .time_ns = S,
	};

	fact.uuid[0] = (unsigned char)id;
	return fact;
}

static void tell_snap(const struct fact_snapshot *fact, const struct devno *dev,
		      size_t n, enum fact_kind kind, enum fact_cause cause, uint64_t seq)
{
	struct fact_member members[4] = { 0 };
	struct fact_news news = { .kind = kind, .cause = cause, .seq = seq };
	size_t i;

	for (i = 0; i < n; i++) {
		members[i].dev = dev[i];
		strcpy(members[i].name, "member");
		strcpy(members[i].image_name, "blksnap0");
	}
	cr_assert_eq(model_snapshot(&model, fact, members, n, &news), 0);
}

static void sample(struct devno dev, uint64_t time_ns, uint64_t epoch, uint64_t cow)
{
	struct fact_stats stats = {
		.dev = dev, .time_ns = time_ns, .epoch = epoch, .cow_sectors = cow,
		.image_read_sectors = 2 * cow,
	};

	model_stats(&model, &stats);
}

static const char *last_sentence(void)
{
	const struct event *event = model_event(&model, 0);

	return event ? event->sentence.text : "(none)";
}

Test(model, makes_rates_of_kernel_time)
{
	tell_dev(vda, "vda", 0, FACT_STATE, 1);
	sample(vda, 10 * S, 1, 1000);
	cr_assert(model.devs[0].cow_rate < 0, "one sample is no rate");
	sample(vda, 12 * S, 1, 5000);
	cr_assert_float_eq(model.devs[0].cow_rate, 2000 * 512, 0.1);
	cr_assert_float_eq(model.devs[0].image_rate, 4000 * 512, 0.1);
}

Test(model, starts_rates_anew_with_another_epoch)
{
	tell_dev(vda, "vda", 0, FACT_STATE, 1);
	sample(vda, 10 * S, 1, 1000);
	sample(vda, 11 * S, 1, 2000);
	sample(vda, 12 * S, 2, 90000);
	cr_assert(model.devs[0].cow_rate < 0, "got %f", model.devs[0].cow_rate);
	sample(vda, 13 * S, 2, 90001);
	cr_assert_float_eq(model.devs[0].cow_rate, 512, 0.1);
}

Test(model, starts_rates_anew_when_a_counter_falls)
{
	struct fact_stats stats = { .dev = vda, .time_ns = 10 * S, .epoch = 1, .cow_sectors = 9 };

	tell_dev(vda, "vda", 0, FACT_STATE, 1);
	model_stats(&model, &stats);
	stats.time_ns += S;
	stats.cow_sectors--;
	model_stats(&model, &stats);
	cr_assert(model.devs[0].cow_rate < 0, "got %f", model.devs[0].cow_rate);
}

Test(model, sums_the_past_of_a_snapshot_over_its_devices)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);
	const struct devno both[] = { vda, vdb };
	double rate;
	int s;

	tell_snap(&fact, both, 2, FACT_STATE, CAUSE_NONE, 1);
	/* Devices of one dump are read a little after one another. */
	for (s = 10; s < 20; s++) {
		sample(vda, s * S + S / 2, 1, s * 100);
		sample(vdb, s * S + S / 2 + 1000000, 1, s * 300);
	}
	rate = trend_rate(&model.snaps[0].cow, 18 * S, 5 * S, 0);
	cr_assert_float_eq(rate, 400 * 512, 512, "got %f", rate);
	/* Of the last second only a half is known. */
	rate = trend_rate(&model.snaps[0].cow, 20 * S, S, 0);
	cr_assert_float_eq(rate, 400 * 512, 2000, "got %f", rate);
	rate = trend_rate(&model.cow, 20 * S, S, 0);
	cr_assert_float_eq(rate, 400 * 512, 2000, "got %f", rate);
}

Test(model, keeps_a_rate_when_a_sample_is_not_later)
{
	tell_dev(vda, "vda", 0, FACT_STATE, 1);
	sample(vda, 10 * S, 1, 1000);
	sample(vda, 11 * S, 1, 2000);
	sample(vda, 11 * S, 1, 2000);
	cr_assert_float_eq(model.devs[0].cow_rate, 1000 * 512, 0.1);
}

Test(model, ignores_counters_of_an_unknown_device)
{
	sample(vda, 10 * S, 1, 1000);
	cr_assert_eq(model.n_devs, 0);
}

Test(model, forgets_what_a_new_state_does_not_tell)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);

	tell_dev(vda, "vda", 1, FACT_STATE, 1);
	tell_dev(vdb, "vdb", 0, FACT_STATE, 1);
	tell_snap(&fact, &vda, 1, FACT_STATE, CAUSE_NONE, 1);
	model_sync_end(&model, 1);
	cr_assert_eq(model.n_devs, 2);

	model_sync_begin(&model);
	tell_dev(vdb, "vdb", 0, FACT_STATE, 5);
	cr_assert_eq(model.n_snaps, 1, "the picture stays until the state is complete");
	model_sync_end(&model, 5);
	cr_assert_eq(model.n_snaps, 0);
	cr_assert_eq(model.n_devs, 1);
	cr_assert_str_eq(model.devs[0].fact.name, "vdb");
	cr_assert_eq(model.resyncs, 1);
}

Test(model, keeps_history_over_a_new_state)
{
	tell_dev(vda, "vda", 0, FACT_STATE, 1);
	model_sync_end(&model, 1);
	sample(vda, 10 * S, 1, 1000);
	sample(vda, 11 * S, 1, 2000);
	model_sync_begin(&model);
	tell_dev(vda, "vda", 0, FACT_STATE, 5);
	model_sync_end(&model, 5);
	cr_assert_float_eq(model.devs[0].cow_rate, 1000 * 512, 0.1);
}

Test(model, shows_members_below_their_snapshot_whichever_comes_first)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);

	tell_snap(&fact, &vda, 1, FACT_NEW, CAUSE_NONE, 1);
	cr_assert_eq(model.n_devs, 1);
	cr_assert_not(model.devs[0].tracked);
	tell_dev(vda, "vda", 1, FACT_NEW, 2);
	cr_assert_eq(model.n_devs, 1);
	cr_assert_str_eq(model.devs[0].fact.name, "vda");
	cr_assert_str_eq(model.devs[0].image_name, "blksnap0");
	cr_assert_eq(model.devs[0].snapshot_id, 1);
}

Test(model, keeps_a_member_whose_device_went_until_its_snapshot_goes)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_FAILED);

	tell_dev(vda, "vda", 1, FACT_STATE, 1);
	tell_snap(&fact, &vda, 1, FACT_STATE, CAUSE_NONE, 1);
	tell_dev(vda, "vda", 1, FACT_DEL, 2);
	cr_assert_eq(model.n_devs, 1);
	tell_snap(&fact, &vda, 1, FACT_DEL, CAUSE_REQUEST, 3);
	cr_assert_eq(model.n_snaps, 0);
	cr_assert_eq(model.n_devs, 0);
}

Test(model, keeps_a_tracked_device_when_its_snapshot_goes)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);

	tell_dev(vda, "vda", 1, FACT_STATE, 1);
	tell_snap(&fact, &vda, 1, FACT_STATE, CAUSE_NONE, 1);
	tell_snap(&fact, &vda, 1, FACT_DEL, CAUSE_REQUEST, 3);
	cr_assert_eq(model.n_devs, 1);
	cr_assert_eq(model.devs[0].snapshot_id, 0);
	cr_assert_str_eq(model.devs[0].image_name, "");
}

Test(model, does_not_go_back_to_an_older_event)
{
	struct fact_snapshot full = snapshot(1, SNAPSHOT_OVERFLOW);
	struct fact_snapshot taken = snapshot(1, SNAPSHOT_TAKEN);

	tell_snap(&full, &vda, 1, FACT_STATE, CAUSE_NONE, 10);
	tell_snap(&taken, &vda, 1, FACT_CHANGE, CAUSE_STATE, 9);
	cr_assert_eq(model.snaps[0].fact.state, SNAPSHOT_OVERFLOW);
	cr_assert_eq(model.n_events, 1, "but the log has it");
}

Test(model, takes_another_uuid_for_another_snapshot)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);
	int i;

	tell_snap(&fact, &vda, 1, FACT_STATE, CAUSE_NONE, 1);
	for (i = 2; i < 20; i++) {
		fact.time_ns = i * S;
		fact.used += 10;
		model_space(&model, &fact);
	}
	cr_assert(eta_estimate(&model.snaps[0].eta).known);
	fact.uuid[5] = 0xaa;
	tell_snap(&fact, &vda, 1, FACT_STATE, CAUSE_NONE, 1);
	cr_assert_eq(model.n_snaps, 1);
	cr_assert_not(eta_estimate(&model.snaps[0].eta).known);
}

Test(model, says_each_event_in_words)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);

	tell_snap(&fact, &vda, 1, FACT_NEW, CAUSE_NONE, 1);
	cr_assert_str_eq(last_sentence(), "taken, area 500.0K", "%s", last_sentence());
	fact.used = 950;
	fact.level = LEVEL_LOW;
	tell_snap(&fact, &vda, 1, FACT_LEVEL, CAUSE_LEVEL, 2);
	cr_assert_str_eq(last_sentence(), "area is low: 95% (475.0K of 500.0K)", "%s",
			 last_sentence());
	fact.total = 2000;
	tell_snap(&fact, &vda, 1, FACT_CHANGE, CAUSE_EXTENDED, 3);
	cr_assert_str_eq(last_sentence(), "area extended from 500.0K to 1000.0K", "%s", last_sentence());
	fact.state = SNAPSHOT_FAILED;
	fact.error = -5;
	tell_snap(&fact, &vda, 1, FACT_CHANGE, CAUSE_STATE, 4);
	cr_assert_str_eq(last_sentence(), "failed (EIO): images invalid, origins unaffected",
			 "%s", last_sentence());
	cr_assert_eq(model_event(&model, 0)->sentence.severity, SEVERITY_FAIL);
	fact.phase = "none";
	fact.error_dev = vda;
	tell_snap(&fact, &vda, 1, FACT_CHANGE, CAUSE_STATE, 4);
	cr_assert_not_null(strstr(last_sentence(), "failed (EIO on "), "%s", last_sentence());
	fact.phase = "store";
	strcpy(fact.error_name, "vda");
	fact.has_error_sector = true;
	fact.error_sector = 2048;
	tell_snap(&fact, &vda, 1, FACT_CHANGE, CAUSE_STATE, 4);
	cr_assert_str_eq(last_sentence(),
			 "failed (EIO in phase store on vda at sector 2048): images invalid, origins unaffected",
			 "%s", last_sentence());
	tell_snap(&fact, &vda, 1, FACT_DEL, CAUSE_REQUEST, 5);
	cr_assert_str_eq(last_sentence(), "destroyed", "%s", last_sentence());
	cr_assert_eq(model.seq, 5);
}

Test(model, does_not_log_reminders)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);
	uint64_t before;

	tell_snap(&fact, &vda, 1, FACT_STATE, CAUSE_NONE, 1);
	before = model.n_events;
	fact.used = 960;
	tell_snap(&fact, &vda, 1, FACT_LEVEL, CAUSE_REMINDER, 2);
	cr_assert_eq(model.n_events, before);
	cr_assert_eq(model.snaps[0].fact.used, 960, "the figure is taken all the same");
}

Test(model, keeps_the_latest_events_of_many)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);
	uint64_t i;

	for (i = 1; i <= MODEL_EVENTS + 50; i++)
		tell_snap(&fact, &vda, 1, FACT_CHANGE, CAUSE_SETTINGS, i);
	cr_assert_eq(model_event(&model, 0)->seq, MODEL_EVENTS + 50);
	cr_assert_eq(model_event(&model, MODEL_EVENTS - 1)->seq, 51);
	cr_assert_null(model_event(&model, MODEL_EVENTS));
}

Test(model, keeps_the_picture_and_the_first_time_when_stale)
{
	tell_dev(vda, "vda", 0, FACT_STATE, 1);
	model_sync_end(&model, 1);
	model_stale(&model, 100 * S, 0, "module unloaded");
	model_stale(&model, 105 * S, 0, "still away");
	cr_assert_eq(model.source, SOURCE_STALE);
	cr_assert_eq(model.stale_ns, 100 * S);
	cr_assert_str_eq(model.stale_why, "still away");
	cr_assert_eq(model.n_devs, 1);
	cr_assert_eq(model.n_events, 1, "one line, not one for each try");
}

Test(model, waits_without_an_event_when_it_never_was_live)
{
	model_stale(&model, 100 * S, 0, "module not loaded");
	cr_assert_eq(model.source, SOURCE_WAITING);
	cr_assert_eq(model.n_events, 0);
}

Test(model, counts_lost_events)
{
	model_lost(&model, 12, 0);
	model_lost(&model, 0, 0);
	cr_assert_eq(model.lost, 13);
	cr_assert_eq(model_event(&model, 0)->sentence.severity, SEVERITY_WARN);
}

Test(model, knows_what_a_device_takes_of_the_area)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);

	tell_dev(vda, "vda", 0, FACT_STATE, 1);
	model_share(&model, 1, vda, 7);
	cr_assert_not(model.devs[0].has_used, "it is in no snapshot");
	tell_snap(&fact, &vda, 1, FACT_STATE, CAUSE_NONE, 1);
	model_share(&model, 2, vda, 8);
	cr_assert_not(model.devs[0].has_used, "it is in another one");
	model_share(&model, 1, vda, 9);
	cr_assert(model.devs[0].has_used);
	cr_assert_eq(model.devs[0].used, 9);
	tell_snap(&fact, &vda, 1, FACT_DEL, CAUSE_REQUEST, 2);
	cr_assert_not(model.devs[0].has_used, "the snapshot is gone");
}

Test(model, raises_an_alarm_once_and_says_so)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);

	tell_snap(&fact, &vda, 1, FACT_STATE, CAUSE_NONE, 1);
	fact.used = 810;
	fact.time_ns = 2 * S;
	model_space(&model, &fact);
	model_settle(&model, 2 * S, 0);
	model_settle(&model, 3 * S, 0);
	cr_assert_eq(model.snaps[0].alarm, SEVERITY_WARN);
	cr_assert_eq(model.n_events, 1);
	cr_assert_str_eq(last_sentence(), "area 81% (405.0K of 500.0K)", "%s", last_sentence());
}

static void fill(struct fact_snapshot *fact, uint64_t second, unsigned int percent)
{
	fact->used = fact->total * percent / 100;
	fact->time_ns = second * S;
	model_space(&model, fact);
	model_settle(&model, second * S, 0);
}

Test(model, tells_of_the_marks_before_and_after_the_limits)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);

	tell_snap(&fact, &vda, 1, FACT_STATE, CAUSE_NONE, 1);
	fill(&fact, 2, 69);
	cr_assert_eq(model.n_events, 0);
	fill(&fact, 200, 71);
	cr_assert_eq(model.n_events, 1);
	cr_assert_str_eq(last_sentence(), "area 71% (355.0K of 500.0K)", "%s", last_sentence());
	cr_assert_not(model_event(&model, 0)->alarm, "only a word");
	fill(&fact, 400, 79);
	fill(&fact, 600, 69);
	fill(&fact, 800, 71);
	cr_assert_eq(model.n_events, 1, "it was not left by 2 points");
	fill(&fact, 1000, 96);
	cr_assert_eq(model.n_events, 2, "one sentence for all that was passed");
	fill(&fact, 1200, 92);
	fill(&fact, 1400, 96);
	cr_assert_eq(model.n_events, 3);
	cr_assert_eq(model_event(&model, 0)->sentence.severity, SEVERITY_CRIT);
	cr_assert(model_event(&model, 0)->alarm);
}

Test(model, says_when_nothing_is_urgent_any_more)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);

	tell_snap(&fact, &vda, 1, FACT_STATE, CAUSE_NONE, 1);
	fact.used = 910;
	fact.time_ns = 2 * S;
	model_space(&model, &fact);
	model_settle(&model, 2 * S, 0);
	cr_assert_eq(model.snaps[0].alarm, SEVERITY_CRIT);
	cr_assert(model_event(&model, 0)->alarm);
	fact.used = 810;
	fact.time_ns = 3 * S;
	model_space(&model, &fact);
	model_settle(&model, 3 * S, 0);
	cr_assert_eq(model.snaps[0].alarm, SEVERITY_WARN);
	cr_assert_eq(model.n_events, 1, "less urgent is no news");
	fact.used = 400;
	fact.time_ns = 4 * S;
	model_space(&model, &fact);
	model_settle(&model, 4 * S, 0);
	model_settle(&model, 5 * S, 0);
	cr_assert_eq(model.n_events, 2);
	cr_assert_str_eq(last_sentence(), "no longer urgent: area 40% (200.0K of 500.0K)", "%s",
			 last_sentence());
	cr_assert(model_event(&model, 0)->alarm, "whoever was told is told this");
}

Test(model, has_limits_for_some_snapshots)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);
	char why[80];

	cr_assert_eq(thresholds_add(&model.thresholds, "* warn-fill=30 crit-fill=95", why, sizeof(why)), 0);
	tell_snap(&fact, &vda, 1, FACT_STATE, CAUSE_NONE, 1);
	fact.used = 310;
	fact.time_ns = 2 * S;
	model_space(&model, &fact);
	model_settle(&model, 2 * S, 0);
	cr_assert_eq(model.snaps[0].alarm, SEVERITY_WARN);
}

Test(model, finds_each_of_many_devices_through_all_changes)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);
	struct devno some[3] = { { 8, 3 }, { 8, 50 }, { 8, 99 } };
	struct model copy;
	uint32_t i;

	model_init(&copy);
	for (i = 0; i < 100; i++)
		tell_dev((struct devno){ 8, i }, "sd", 0, FACT_STATE, 1);
	tell_snap(&fact, some, 3, FACT_STATE, CAUSE_NONE, 1);
	for (i = 0; i < 100; i += 7)
		tell_dev((struct devno){ 8, i }, "sd", 0, FACT_DEL, 2 + i);
	cr_assert_eq(model_copy(&copy, &model), 0);
	tell_snap(&fact, some, 1, FACT_CHANGE, CAUSE_NONE, 200);
	for (i = 0; i < 100; i++) {
		const struct dev *dev = model_find_dev(&model, (struct devno){ 8, i });

		cr_assert_eq(!!dev, i % 7 != 0, "%u", i);
		cr_assert(!dev || dev->fact.dev.minor == i);
		cr_assert(!dev || model.keys[dev - model.devs].snapshot_id == (i == 3 ? 1 : 0));
	}
	cr_assert_eq(copy.keys[model_find_dev(&copy, some[2]) - copy.devs].snapshot_id, 1);
	model_exit(&copy);
}

Test(model, copies_so_that_the_copy_stays_as_it_is)
{
	struct model copy;

	model_init(&copy);
	tell_dev(vda, "vda", 0, FACT_STATE, 1);
	cr_assert_eq(model_copy(&copy, &model), 0);
	tell_dev(vda, "vda", 0, FACT_DEL, 2);
	cr_assert_eq(model.n_devs, 0);
	cr_assert_eq(copy.n_devs, 1);
	cr_assert_str_eq(copy.devs[0].fact.name, "vda");
	model_exit(&copy);
}

static const struct alarm_limits limits = { 800, 900, 900, 300 };

Test(alarm, needs_more_to_leave_than_to_enter)
{
	struct eta_range none = { .known = false };

	cr_assert_eq(alarm_next(&limits, SEVERITY_OK, 799, LEVEL_OK, &none), SEVERITY_OK);
	cr_assert_eq(alarm_next(&limits, SEVERITY_OK, 800, LEVEL_OK, &none), SEVERITY_WARN);
	cr_assert_eq(alarm_next(&limits, SEVERITY_WARN, 780, LEVEL_OK, &none), SEVERITY_WARN);
	cr_assert_eq(alarm_next(&limits, SEVERITY_WARN, 779, LEVEL_OK, &none), SEVERITY_OK);
	cr_assert_eq(alarm_next(&limits, SEVERITY_WARN, 900, LEVEL_OK, &none), SEVERITY_CRIT);
	cr_assert_eq(alarm_next(&limits, SEVERITY_CRIT, 879, LEVEL_OK, &none), SEVERITY_WARN);
}

Test(alarm, has_marks_about_its_limits)
{
	cr_assert_eq(alarm_mark(&limits, MARK_NONE, 699), MARK_NONE);
	cr_assert_eq(alarm_mark(&limits, MARK_NONE, 700), MARK_EARLY);
	cr_assert_eq(alarm_mark(&limits, MARK_EARLY, 680), MARK_EARLY);
	cr_assert_eq(alarm_mark(&limits, MARK_EARLY, 679), MARK_NONE);
	cr_assert_eq(alarm_mark(&limits, MARK_EARLY, 950), MARK_LATE);
	cr_assert_eq(alarm_mark(&limits, MARK_LATE, 930), MARK_LATE);
	cr_assert_eq(alarm_mark(&limits, MARK_LATE, 929), MARK_EARLY);
}

Test(alarm, trusts_time_only_when_both_ends_are_short)
{
	struct eta_range burst = { true, 60, 100, 100000 };
	struct eta_range soon = { true, 200, 250, 290 };

	cr_assert_eq(alarm_next(&limits, SEVERITY_OK, 100, LEVEL_OK, &burst), SEVERITY_OK);
	cr_assert_eq(alarm_next(&limits, SEVERITY_OK, 100, LEVEL_OK, &soon), SEVERITY_CRIT);
}

Test(alarm, believes_the_kernel)
{
	struct eta_range none = { .known = false };

	cr_assert_eq(alarm_next(&limits, SEVERITY_OK, 100, LEVEL_LOW, &none), SEVERITY_WARN);
	cr_assert_eq(alarm_next(&limits, SEVERITY_OK, 950, LEVEL_LOW, &none), SEVERITY_CRIT);
}

Test(figures, sums_the_known_and_takes_the_worst, .init = begin, .fini = end)
{
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);
	const struct devno both[] = { vda, vdb };
	struct figures figures;

	tell_dev(vda, "vda", 1, FACT_STATE, 1);
	tell_dev(vdb, "vdb", 1, FACT_STATE, 1);
	tell_snap(&fact, both, 2, FACT_STATE, CAUSE_NONE, 1);
	figures_of_snap(&figures, &model, &model.snaps[0]);
	cr_assert(figures.cow_rate < 0, "nothing is known yet");
	sample(vda, 10 * S, 1, 0);
	sample(vda, 11 * S, 1, 10);
	figures_of_snap(&figures, &model, &model.snaps[0]);
	cr_assert_float_eq(figures.cow_rate, 5120, 0.1);
	sample(vdb, 10 * S, 1, 0);
	sample(vdb, 11 * S, 1, 30);
	figures_of_snap(&figures, &model, &model.snaps[0]);
	cr_assert_float_eq(figures.cow_rate, 4 * 5120, 0.1);
}

Test(figures, know_no_speed_of_a_snapshot_that_has_ended, .init = begin, .fini = end)
{
	struct fact_stats stats = { .dev = vda, .time_ns = 10 * S, .epoch = 1 };
	struct fact_snapshot fact = snapshot(1, SNAPSHOT_TAKEN);
	struct figures figures;

	tell_dev(vda, "vda", 1, FACT_STATE, 1);
	tell_snap(&fact, &vda, 1, FACT_STATE, CAUSE_NONE, 1);
	model_stats(&model, &stats);
	stats.time_ns += S;
	stats.cow_sectors = 100;
	stats.held_hist[20] = 5;
	model_stats(&model, &stats);
	figures_of_snap(&figures, &model, &model.snaps[0]);
	cr_assert(figures.cow_rate > 0 && figures.has_p99);

	fact.state = SNAPSHOT_OVERFLOW;
	tell_snap(&fact, &vda, 1, FACT_CHANGE, CAUSE_STATE, 2);
	figures_of_snap(&figures, &model, &model.snaps[0]);
	cr_assert(figures.cow_rate < 0 && !figures.has_p99);
	figures_of_dev(&figures, &model, &model.devs[0]);
	cr_assert(figures.cow_rate < 0 && !figures.has_p99);
}

Test(figures, count_a_removed_device_that_is_in_no_snapshot, .init = begin, .fini = end)
{
	struct fact_device fact = { .dev = vda, .name = "vda", .state = DEVICE_GONE };
	struct fact_news news = { .kind = FACT_STATE, .seq = 1 };
	struct summary summary;

	cr_assert_eq(model_device(&model, &fact, &news), 0);
	figures_sum(&summary, &model);
	cr_assert_eq(summary.fail, 1);
}
