// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * conf: see conf.h.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"

struct conf_setting {
	char *key;
	char *value;
};

struct conf {
	struct conf_setting *settings;
	size_t count;
};

/* A name that ends in "." stands for all that begin so. */
static const struct {
	const char *key;
	bool repeat;
} conf_keys[] = {
	{ "area", true },	   { "low", false },
	{ "grace", false },	   { "timeout", false },
	{ "hook", true },	   { "hooks-dir", false },
	{ "hook-deadline", false }, { "hook-deadline.", false },
	{ "warn", false },	   { "crit", false },
	/* those of attach-at-boot, which reads them in order */
	{ "device", true },	   { "cell", true },
};

static int conf_known(const char *key, bool *repeat)
{
	const char *known;
	size_t i, len;

	for (i = 0; i < sizeof(conf_keys) / sizeof(*conf_keys); i++) {
		known = conf_keys[i].key;
		len = strlen(known);
		*repeat = conf_keys[i].repeat;
		if (known[len - 1] == '.' ? !strncmp(known, key, len) && key[len] :
					    !strcmp(known, key))
			return true;
	}
	return false;
}

static char *conf_trim(char *text)
{
	size_t len;

	while (isspace((unsigned char)*text))
		text++;
	len = strlen(text);
	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = 0;
	return text;
}

static int conf_add(struct conf *conf, const char *key, const char *value)
{
	struct conf_setting *grown = reallocarray(conf->settings, conf->count + 1,
						  sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	conf->settings = grown;
	grown += conf->count;
	grown->key = strdup(key);
	grown->value = strdup(value);
	conf->count++;
	return grown->key && grown->value ? 0 : -ENOMEM;
}

/* A setting of blksnap.conf(5). */
static int conf_setting(const char *key, const char *value, void *arg, char *what)
{
	struct conf *conf = arg;
	bool repeat;

	if (!conf_known(key, &repeat)) {
		snprintf(what, CONF_WHAT, "\"%.60s\" is no setting", key);
		return -EINVAL;
	}
	if (!repeat && conf_value(conf, key, 0)) {
		snprintf(what, CONF_WHAT, "%.60s is given twice", key);
		return -EINVAL;
	}
	return conf_add(conf, key, value);
}

static int conf_line(char *line, conf_fn fn, void *arg, char *what)
{
	char *text = conf_trim(line), *equals, *key, *value;

	if (!*text || *text == '#')
		return 0;
	equals = strchr(text, '=');
	if (!equals) {
		snprintf(what, CONF_WHAT, "\"%.60s\" is no KEY = VALUE", text);
		return -EINVAL;
	}
	*equals = 0;
	key = conf_trim(text);
	value = conf_trim(equals + 1);
	if (!*value) {
		snprintf(what, CONF_WHAT, "%.60s lacks its value", key);
		return -EINVAL;
	}
	return fn(key, value, arg, what);
}

int conf_each(const char *path, conf_fn fn, void *arg, char *why)
{
	bool standard = !strcmp(path, "-");
	FILE *in = standard ? stdin : fopen(path, "re");
	char *line = NULL, what[CONF_WHAT];
	unsigned int number = 0;
	size_t size = 0;
	int ret = in ? 0 : -errno;

	if (ret)
		snprintf(why, CONF_WHY, "%.160s: %s", path, strerror(-ret));
	while (!ret && getline(&line, &size, in) >= 0) {
		number++;
		ret = conf_line(line, fn, arg, what);
		if (ret == -EINVAL)
			snprintf(why, CONF_WHY, "%.100s, line %u: %s", path, number,
				 what);
		else if (ret)
			snprintf(why, CONF_WHY, "out of memory");
	}
	if (!ret && ferror(in)) {
		ret = -EIO;
		snprintf(why, CONF_WHY, "%.160s: cannot be read", path);
	}
	free(line);
	if (in && !standard)
		fclose(in);
	return ret;
}

int conf_read(const char *path, struct conf **conf, char *why)
{
	int ret;

	*conf = calloc(1, sizeof(**conf));
	if (!*conf) {
		snprintf(why, CONF_WHY, "out of memory");
		return -ENOMEM;
	}
	ret = conf_each(path, conf_setting, *conf, why);
	if (!ret || ret == -ENOENT)
		return 0;
	conf_free(*conf);
	*conf = NULL;
	return ret;
}

const char *conf_value(const struct conf *conf, const char *key, size_t index)
{
	size_t i;

	for (i = 0; conf && i < conf->count; i++)
		if (!strcmp(conf->settings[i].key, key) && !index--)
			return conf->settings[i].value;
	return NULL;
}

void conf_free(struct conf *conf)
{
	size_t i;

	for (i = 0; conf && i < conf->count; i++) {
		free(conf->settings[i].key);
		free(conf->settings[i].value);
	}
	if (conf)
		free(conf->settings);
	free(conf);
}
