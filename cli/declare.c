// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * declare: see declare.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "declare.h"

/* What a line is about, and where it goes. */
struct declare_line {
	const char *key;
	const char *value;
	char *what;
};

static int declare_refuse(const struct declare_line *line, const char *why)
{
	snprintf(line->what, CONF_WHAT, "%.20s: %.100s", line->key, why);
	return -EINVAL;
}

static int declare_add(const struct declare_line *line, struct declare_list *list)
{
	char **grown;
	size_t i;

	for (i = 0; i < list->count; i++)
		if (!strcmp(list->texts[i], line->value))
			return declare_refuse(line, "is named twice");
	grown = reallocarray(list->texts, list->count + 2, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->texts = grown;
	grown[list->count] = strdup(line->value);
	if (!grown[list->count])
		return -ENOMEM;
	grown[++list->count] = NULL;
	return 0;
}

/* --------------------------------------------------------- of a device */

static int declare_cell(struct declaration *d, const struct declare_line *line)
{
	char why[PARSE_WHY];

	return parse_cell(line->value, &d->cell_bytes, why) ?
		       declare_refuse(line, why) :
		       0;
}

static int declare_device(struct declaration *d, const struct declare_line *line)
{
	struct declare_device *grown;
	size_t i;

	for (i = 0; i < d->n_devices; i++)
		if (!strcmp(d->devices[i].text, line->value))
			return declare_refuse(line, "is named twice");
	grown = reallocarray(d->devices, d->n_devices + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	d->devices = grown;
	grown += d->n_devices++;
	grown->text = strdup(line->value);
	grown->cell_bytes = d->cell_bytes;
	return grown->text ? 0 : -ENOMEM;
}

/* ------------------------------------------------------- of a snapshot */

static int declare_snapshot(struct declaration *d, const struct declare_line *line)
{
	struct declare_snapshot *grown;
	size_t i;

	if (strlen(line->value) > BLKSNAP_NAME_MAX)
		return declare_refuse(line, "the name is too long");
	for (i = 0; i < d->n_snapshots; i++)
		if (!strcmp(d->snapshots[i].name, line->value))
			return declare_refuse(line, "is named twice");
	grown = reallocarray(d->snapshots, d->n_snapshots + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	d->snapshots = grown;
	grown += d->n_snapshots++;
	memset(grown, 0, sizeof(*grown));
	grown->name = strdup(line->value);
	return grown->name ? 0 : -ENOMEM;
}

static int declare_area(struct declare_snapshot *s, const struct declare_line *line)
{
	struct parse_area area;
	char why[PARSE_WHY];

	if (parse_area(line->value, &area, why))
		return declare_refuse(line, why);
	parse_area_free(&area);
	return declare_add(line, &s->areas);
}

static int declare_low(const struct declare_line *line, struct parse_low *low, bool *has)
{
	char why[PARSE_WHY];

	if (*has)
		return declare_refuse(line, "is given twice");
	*has = true;
	return parse_low(line->value, low, why) ? declare_refuse(line, why) : 0;
}

static int declare_grace(struct declare_snapshot *s, const struct declare_line *line)
{
	char why[PARSE_WHY];

	if (s->has_grace)
		return declare_refuse(line, "is given twice");
	s->has_grace = true;
	return parse_grace(line->value, &s->grace_ms, why) ?
		       declare_refuse(line, why) :
		       0;
}

static int declare_freeze(struct declare_snapshot *s, const struct declare_line *line)
{
	if (s->has_freeze)
		return declare_refuse(line, "is given twice");
	s->has_freeze = true;
	s->no_freeze = !strcmp(line->value, "no");
	if (!s->no_freeze && strcmp(line->value, "yes"))
		return declare_refuse(line, "is neither yes nor no");
	return 0;
}

static int declare_of_snapshot(struct declare_snapshot *s,
			       const struct declare_line *line)
{
	if (!strcmp(line->key, "device"))
		return declare_add(line, &s->devices);
	if (!strcmp(line->key, "area"))
		return declare_area(s, line);
	if (!strcmp(line->key, "low"))
		return declare_low(line, &s->low, &s->has_low);
	if (!strcmp(line->key, "clear"))
		return declare_low(line, &s->clear, &s->has_clear);
	if (!strcmp(line->key, "grace"))
		return declare_grace(s, line);
	if (!strcmp(line->key, "freeze"))
		return declare_freeze(s, line);
	return declare_refuse(line, "is nothing a snapshot has");
}

/* ----------------------------------------------------------- the whole */

static int declare_line(const char *key, const char *value, void *arg, char *what)
{
	const struct declare_line line = { key, value, what };
	struct declaration *d = arg;

	if (!strcmp(key, "snapshot"))
		return declare_snapshot(d, &line);
	if (d->n_snapshots)
		return declare_of_snapshot(&d->snapshots[d->n_snapshots - 1], &line);
	if (!strcmp(key, "cell"))
		return declare_cell(d, &line);
	if (!strcmp(key, "device"))
		return declare_device(d, &line);
	return declare_refuse(&line, "is nothing that stands before the first snapshot");
}

int declare_read(const char *path, struct declaration *declaration, char *why)
{
	const struct declare_snapshot *s;
	size_t i;
	int ret;

	memset(declaration, 0, sizeof(*declaration));
	ret = conf_each(path, declare_line, declaration, why);
	for (i = 0; !ret && i < declaration->n_snapshots; i++) {
		s = &declaration->snapshots[i];
		if (s->devices.count && s->areas.count)
			continue;
		snprintf(why, CONF_WHY, "%.100s: snapshot %.100s has no %s", path,
			 s->name, s->devices.count ? "area" : "device");
		ret = -EINVAL;
	}
	return ret;
}

static void declare_list_free(struct declare_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		free(list->texts[i]);
	free(list->texts);
}

void declare_free(struct declaration *declaration)
{
	size_t i;

	for (i = 0; i < declaration->n_devices; i++)
		free(declaration->devices[i].text);
	for (i = 0; i < declaration->n_snapshots; i++) {
		free(declaration->snapshots[i].name);
		declare_list_free(&declaration->snapshots[i].devices);
		declare_list_free(&declaration->snapshots[i].areas);
	}
	free(declaration->devices);
	free(declaration->snapshots);
	memset(declaration, 0, sizeof(*declaration));
}
