// SPDX-License-Identifier: GPL-2.0-or-later
/* What goes where, for any size of screen; see layout.h. */
#include "layout.h"

#include <string.h>

/* Below this there is one line only. */
#define LINE_MODE_ROWS	4

/* From the top: panes in the order of the screen, and when they come. */
static const struct {
	enum pane pane;
	int from_rows;
	int height;
} stack[] = {
	{ PANE_HEADER, LINE_MODE_ROWS, 1 },
	{ PANE_TOTALS, 20, 3 },
	{ PANE_RULE, 20, 1 },
	{ PANE_HEAD, 5, 1 },
	{ PANE_BODY, LINE_MODE_ROWS, 0 },
	{ PANE_EVENTS_RULE, 14, 1 },
	{ PANE_EVENTS, 8, 0 },
	{ PANE_DETAIL, 18, 1 },
	{ PANE_STATUS, 26, 1 },
	{ PANE_KEYS, 12, 1 },
};

static int events_height(int rows)
{
	static const struct {
		int from_rows;
		int height;
	} steps[] = {
		{ 40, 8 }, { 30, 5 }, { 20, 4 }, { 14, 2 }, { 8, 1 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (rows >= steps[i].from_rows)
			return rows >= 60 ? rows / 6 : steps[i].height;
	return 0;
}

static void layout_panes(struct layout *layout, bool events)
{
	int fixed = 0, y = 0;
	unsigned int i;

	if (layout->rows < LINE_MODE_ROWS) {
		layout->pane[PANE_LINE].height = layout->rows > 0;
		return;
	}
	for (i = 0; i < sizeof(stack) / sizeof(stack[0]); i++) {
		struct span *span = &layout->pane[stack[i].pane];

		if (layout->rows < stack[i].from_rows)
			continue;
		span->height = stack[i].height;
		if (stack[i].pane == PANE_EVENTS)
			span->height = events_height(layout->rows);
		if (!events && (stack[i].pane == PANE_EVENTS ||
				stack[i].pane == PANE_EVENTS_RULE))
			span->height = 0;
		fixed += span->height;
	}
	layout->pane[PANE_BODY].height = layout->rows - fixed;
	for (i = 0; i < sizeof(stack) / sizeof(stack[0]); i++) {
		layout->pane[stack[i].pane].y = y;
		y += layout->pane[stack[i].pane].height;
	}
}

struct widths {
	int min;
	int nice;
	int max;
};

static struct widths column_widths(enum column column, enum units units)
{
	const struct column_info *info = column_info(column);
	struct widths widths = { info->min, info->nice, info->max };

	if (units == UNITS_BYTES && info->wide) {
		widths.min = info->wide;
		widths.nice = info->wide;
		widths.max = info->wide;
	}
	return widths;
}

/* How many of the columns there is room for, in the order of their priority. */
static int columns_that_fit(const enum column *column, int count, int room, enum units units)
{
	int core = 0, before = 0;
	int i;

	for (i = 0; i < count; i++) {
		struct widths widths = column_widths(column[i], units);
		int gap = i ? LAYOUT_GAP : 0;

		core += gap + widths.min;
		before += gap;
		if (column[i] < COLUMN_CORE ? core > room : before + widths.min > room)
			break;
		before += widths.nice;
	}
	return i;
}

/* Raise widths towards a goal, those of higher priority first. */
static void grow(int *width, int count, int *room, const int *goal)
{
	int i;

	for (i = 0; i < count && *room > 0; i++) {
		int more = goal[i] - width[i];

		if (more > *room)
			more = *room;
		if (more <= 0)
			continue;
		width[i] += more;
		*room -= more;
	}
}

void layout_columns(struct layout *layout, int cols, int margin, enum units units,
		    const struct columns *wanted)
{
	int width[COLUMN_COUNT], nice[COLUMN_COUNT], max[COLUMN_COUNT], most[COLUMN_COUNT];
	enum column column[COLUMN_COUNT]; /* by priority */
	int room = cols - margin;
	int count = 0, place, i, x = margin;
	struct columns all;

	if (!wanted) {
		columns_init(&all);
		wanted = &all;
	}
	for (i = 0; i < COLUMN_COUNT; i++)
		if (!wanted->hidden[i])
			column[count++] = i;
	layout->margin = margin;
	layout->n_slots = 0;
	count = columns_that_fit(column, count, room, units);
	/* Narrower than a name: as much of the name as there is. */
	if (!count) {
		if (room > 0)
			layout->slot[layout->n_slots++] =
				(struct slot){ COLUMN_NAME, margin, room };
		return;
	}
	for (i = 0; i < count; i++) {
		struct widths widths = column_widths(column[i], units);

		width[i] = widths.min;
		nice[i] = widths.nice;
		max[i] = widths.max;
		most[i] = column_info(column[i])->most;
		room -= widths.min + (i ? LAYOUT_GAP : 0);
	}
	grow(width, count, &room, nice);
	grow(width, count, &room, max);
	grow(width, count, &room, most);

	for (place = 0; place < COLUMN_COUNT; place++)
		for (i = 0; i < count; i++)
			if (column[i] == wanted->at[place]) {
				layout->slot[layout->n_slots++] =
					(struct slot){ column[i], x, width[i] };
				x += width[i] + LAYOUT_GAP;
			}
}

/* Room for the mark of the selected line, as far as it can be afforded. */
static int layout_margin(int cols)
{
	return cols < 24 ? 0 : cols < 60 ? 1 : 2;
}

void layout_make(struct layout *layout, int cols, int rows, bool events, enum units units,
		 const struct columns *wanted)
{
	memset(layout, 0, sizeof(*layout));
	layout->cols = cols;
	layout->rows = rows;
	layout_panes(layout, events);
	if (layout->pane[PANE_BODY].height)
		layout_columns(layout, cols, layout_margin(cols), units, wanted);
}
