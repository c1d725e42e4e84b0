// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of settings; see config.h. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES 512

static char *trim(char *text)
{
	size_t length;

	text += strspn(text, " \t\r");
	length = strlen(text);
	while (length && strchr(" \t\r", text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* Return: 0, or -EINVAL with the reason. Empty lines and comments are fine. */
static int config_line(struct options *options, char *line, char *why, size_t size)
{
	char *equals;

	line = trim(line);
	if (!*line || *line == '#')
		return 0;
	equals = strchr(line, '=');
	if (!equals) {
		snprintf(why, size, "it is not NAME = VALUE");
		return -EINVAL;
	}
	*equals = '\0';
	return options_set(options, trim(line), trim(equals + 1), why, size);
}

unsigned int config_text(struct options *options, const char *text, size_t length,
			 char *why, size_t size)
{
	char line[LINE_MAX_BYTES], reason[CONFIG_WHY_SIZE / 2];
	unsigned int number = 0, bad = 0;
	size_t at = 0;

	*why = '\0';
	while (at < length) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t n = end ? (size_t)(end - text) - at : length - at;
		int err = -EINVAL;

		number++;
		snprintf(reason, sizeof(reason), "it is too long, or no text");
		if (n < sizeof(line) && !memchr(text + at, '\0', n)) {
			memcpy(line, text + at, n);
			line[n] = '\0';
			err = config_line(options, line, reason, sizeof(reason));
		}
		if (err && !bad++)
			snprintf(why, size, "line %u: %s", number, reason);
		at += n + 1;
	}
	return bad;
}

void config_print(FILE *out, const struct ui *ui)
{
	char name[COLUMN_NAME_SIZE], columns[COLUMNS_TEXT_SIZE];

	fputs("# The view kept by blksnap-top with w; the configuration is top.conf.\n", out);
	fprintf(out, "delay = %u.%03u\n", ui->delay_ms / 1000, ui->delay_ms % 1000);
	fprintf(out, "sort = %s%s\n", ui->order.inverted ? "-" : "",
		column_name(ui->order.column, name));
	fprintf(out, "view = %s\n", tree_word(ui->order.tree));
	fprintf(out, "units = %s\n", format_units_word(ui->units));
	fprintf(out, "columns = %s\n", columns_print(&ui->columns, columns));
	fprintf(out, "events = %s\n", ui->events ? "yes" : "no");
	fprintf(out, "select = %s\n", ui->filter ? ui->filter_text : "");
}

/* A path below a base directory of the user; "" if there is none. */
static void user_path(char path[PATH_MAX], const char *variable, const char *below_home,
		      const char *file)
{
	const char *base = getenv(variable), *home = getenv("HOME");
	int n;

	if (base && *base == '/')
		n = snprintf(path, PATH_MAX, "%s/blksnap/%s", base, file);
	else if (home && *home == '/')
		n = snprintf(path, PATH_MAX, "%s/%s/blksnap/%s", home, below_home, file);
	else
		n = PATH_MAX;
	if (n >= PATH_MAX)
		*path = '\0';
}

static void complain(char *why, size_t size, const char *path, const char *text)
{
	size_t used = strlen(why);

	snprintf(why + used, size - used, "%s%s: %s", used ? "; " : "", path, text);
}

/* It can name a command, so nobody else may have a hand in it. */
static bool may_be_anothers(const struct stat *st)
{
	return (st->st_uid && st->st_uid != geteuid()) || (st->st_mode & S_IWOTH) ||
	       ((st->st_mode & S_IWGRP) && st->st_gid && st->st_gid != getegid());
}

static void read_one(struct options *options, const char *path, char *why, size_t size)
{
	static char text[CONFIG_BYTES_MAX + 1];
	char reason[CONFIG_WHY_SIZE];
	struct stat st;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			complain(why, size, path, strerror(errno));
		return;
	}
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		complain(why, size, path, "not read: it is no regular file");
	} else if (may_be_anothers(&st)) {
		complain(why, size, path, "not read: another user can change it");
	} else {
		n = read(fd, text, sizeof(text));
		if (n < 0)
			complain(why, size, path, strerror(errno));
		else if (n > (ssize_t)CONFIG_BYTES_MAX)
			complain(why, size, path, "not read: it is too long");
		else if (config_text(options, text, (size_t)n, reason, sizeof(reason)))
			complain(why, size, path, reason);
	}
	close(fd);
}

void config_read(struct options *options, char *why, size_t size)
{
	char path[PATH_MAX], reason[160];

	*why = '\0';
	read_one(options, "/etc/blksnap/top.conf", why, size);
	user_path(path, "XDG_CONFIG_HOME", ".config", "top.conf");
	if (*path)
		read_one(options, path, why, size);
	user_path(path, "XDG_STATE_HOME", ".local/state", "top.state");
	if (*path)
		read_one(options, path, why, size);
	if (thresholds_check(&options->thresholds, reason, sizeof(reason))) {
		complain(why, size, "the usual limits are taken", reason);
		thresholds_init(&options->thresholds);
	}
}

static int make_parents(char *path)
{
	char *slash;

	for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) && errno != EEXIST) {
			*slash = '/';
			return -errno;
		}
		*slash = '/';
	}
	return 0;
}

int config_save(const struct ui *ui, char *path, size_t size)
{
	char file[PATH_MAX], fresh[PATH_MAX + 8];
	FILE *out;
	int err;

	user_path(file, "XDG_STATE_HOME", ".local/state", "top.state");
	snprintf(path, size, "%s", file);
	if (!*file)
		return -ENOENT;
	err = make_parents(file);
	if (err)
		return err;
	snprintf(fresh, sizeof(fresh), "%s.new", file);
	unlink(fresh);
	out = fopen(fresh, "wxe");
	if (!out)
		return -errno;
	config_print(out, ui);
	err = fflush(out) || fsync(fileno(out)) ? -errno : 0;
	fclose(out);
	if (!err && rename(fresh, file))
		err = -errno;
	if (err)
		unlink(fresh);
	return err;
}
