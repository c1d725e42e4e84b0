// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * since: see since.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "replace.h"
#include "since.h"

#define SINCE_HEAD "# blksnap since 1"

const struct blksnap_cbt *since_of(const struct since *since, const char *device)
{
	size_t i;

	for (i = 0; i < since->count; i++)
		if (!strcmp(since->list[i].device, device))
			return &since->list[i].at;
	return NULL;
}

int since_set(struct since *since, const char *device,
	      const struct blksnap_cbt *at)
{
	struct since_entry *grown;
	size_t i;

	if (!*device || *device == '#' || strpbrk(device, "\t\n"))
		return -EINVAL;
	for (i = 0; i < since->count; i++)
		if (!strcmp(since->list[i].device, device)) {
			since->list[i].at = *at;
			return 0;
		}
	grown = reallocarray(since->list, since->count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	since->list = grown;
	grown[since->count].device = strdup(device);
	if (!grown[since->count].device)
		return -ENOMEM;
	grown[since->count++].at = *at;
	return 0;
}

void since_free(struct since *since)
{
	size_t i;

	for (i = 0; i < since->count; i++)
		free(since->list[i].device);
	free(since->list);
	memset(since, 0, sizeof(*since));
}

static int since_line(struct since *since, char *line, unsigned int number)
{
	char why[PARSE_WHY], *tab;
	struct blksnap_cbt at;

	line[strcspn(line, "\n")] = 0;
	if (number == 1)
		return strcmp(line, SINCE_HEAD) ? -EINVAL : 0;
	tab = strchr(line, '\t');
	if (!tab)
		return -EINVAL;
	*tab = 0;
	if (parse_since(tab + 1, &at, why))
		return -EINVAL;
	return since_set(since, line, &at);
}

int since_read(const char *path, struct since *since, char *why)
{
	FILE *in = fopen(path, "re");
	unsigned int number = 0;
	char *line = NULL;
	size_t size = 0;
	int ret = 0;

	memset(since, 0, sizeof(*since));
	if (!in && errno != ENOENT) {
		ret = -errno;
		snprintf(why, SINCE_WHY, "%s", strerror(errno));
	}
	while (!ret && in && getline(&line, &size, in) >= 0) {
		ret = since_line(since, line, ++number);
		if (ret)
			snprintf(why, SINCE_WHY, "line %u is none that blksnap wrote",
				 number);
	}
	if (!ret && in && ferror(in)) {
		ret = -EIO;
		snprintf(why, SINCE_WHY, "%s", strerror(EIO));
	}
	free(line);
	if (in)
		fclose(in);
	if (ret)
		since_free(since);
	return ret;
}

int since_write(const char *path, const struct since *since, char *why)
{
	char uuid[BLKSNAP_UUID_TEXT];
	struct replace replace;
	size_t i;
	int ret = replace_open(&replace, path, 0600);

	if (!ret) {
		fputs(SINCE_HEAD "\n", replace.out);
		for (i = 0; i < since->count; i++)
			fprintf(replace.out, "%s\t%s:%u\n", since->list[i].device,
				blksnap_uuid_format(since->list[i].at.generation,
						    uuid),
				since->list[i].at.number);
		ret = replace_commit(&replace);
	}
	if (ret)
		snprintf(why, SINCE_WHY, "%s", replace_why(ret));
	return ret;
}
