// SPDX-License-Identifier: GPL-2.0-or-later
/* The picture that is looked at while the truth goes on; see held.h. */
#include "held.h"

#include "past.h"

void held_init(struct held *held)
{
	model_init(&held->frozen);
	model_init(&held->past);
	held->holds = false;
}

void held_exit(struct held *held)
{
	model_exit(&held->past);
	model_exit(&held->frozen);
}

struct model *held_shown(struct held *held, const struct ui *ui, struct model *live)
{
	if (!ui->paused)
		return live;
	return ui->at_ns ? &held->past : &held->frozen;
}

/* As far as there are pictures. */
static void held_travel(struct held *held, struct ui *ui, const struct past *past)
{
	uint64_t at = ui->at_ns ? ui->at_ns : held->frozen.heard_ns, real_ns;

	if (ui->travel_ns)
		at = past_near(past, (int64_t)at + ui->travel_ns > 0 ?
					     (uint64_t)((int64_t)at + ui->travel_ns) :
					     1);
	at = past_step(past, at, ui->travel);
	if (!at || model_copy(&held->past, &held->frozen) ||
	    past_show(past, &held->past, at, &real_ns))
		ui_say(ui, SEVERITY_WARN, "no earlier picture is kept");
	else
		ui->at_ns = at;
	ui->travel = 0;
	ui->travel_ns = 0;
}

void held_follow(struct held *held, struct ui *ui, const struct model *live)
{
	if (ui->paused && !held->holds && model_copy(&held->frozen, live))
		ui->paused = false;
	held->holds = ui->paused;
	if (ui->paused && (ui->travel || ui->travel_ns))
		held_travel(held, ui, live->past);
}
