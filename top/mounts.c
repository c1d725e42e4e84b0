// SPDX-License-Identifier: GPL-2.0-or-later
/* Which block devices are mounted where; see mounts.h. */
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define MOUNTINFO "/proc/self/mountinfo"

void mounts_open(struct mounts *mounts)
{
	mounts->fd = open(MOUNTINFO, O_RDONLY | O_CLOEXEC);
	mounts->known = false;
}

void mounts_close(struct mounts *mounts)
{
	if (mounts->fd >= 0)
		close(mounts->fd);
	mounts->fd = -1;
}

bool mounts_changed(struct mounts *mounts)
{
	struct pollfd fd = { .fd = mounts->fd, .events = POLLPRI };
	bool first = !mounts->known && mounts->fd >= 0;

	mounts->known = true;
	/* Since it was opened, or polled last. */
	return (poll(&fd, 1, 0) > 0 && fd.revents & (POLLPRI | POLLERR)) || first;
}

int mounts_read(struct fact_mount **list, size_t *count)
{
	FILE *in = fopen(MOUNTINFO, "re");
	int ret;

	if (!in)
		return -errno;
	ret = mounts_parse(in, list, count);
	fclose(in);
	return ret;
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* A blank is \040 there. */
static void unescape(char *text)
{
	char *to = text, *from = text;

	while (*from)
		if (from[0] == '\\' && is_octal(from[1]) && is_octal(from[2]) &&
		    is_octal(from[3])) {
			unsigned int i, code = 0;

			for (i = 1; i <= 3; i++)
				code = code << 3 | (unsigned int)(from[i] - '0');
			*to++ = (char)code;
			from += 4;
		} else {
			*to++ = *from++;
		}
	*to = '\0';
}

/* Of file systems on many devices, as btrfs, the number is nobody's. */
static bool device_of(const char *line, struct devno *dev)
{
	const char *rest = strstr(line, " - ");
	char source[FACT_PATH_SIZE];
	struct stat st;

	if (dev->major)
		return true;
	if (!rest || sscanf(rest, " - %*s %127s", source) != 1 || source[0] != '/')
		return false;
	unescape(source);
	if (stat(source, &st) || !S_ISBLK(st.st_mode))
		return false;
	*dev = (struct devno){ major(st.st_rdev), minor(st.st_rdev) };
	return true;
}

static bool is_listed(const struct fact_mount *list, size_t count, struct devno dev)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (devno_equal(list[i].dev, dev))
			return true;
	return false;
}

static int parse_some(FILE *in, bool whole, struct fact_mount **list, size_t *count)
{
	char *line = NULL, root[FACT_PATH_SIZE];
	size_t room = 0;
	int ret = 0;

	while (!ret && getline(&line, &room, in) > 0) {
		struct fact_mount mount, *grown;

		if (sscanf(line, "%*d %*d %u:%u %127s %127s", &mount.dev.major, &mount.dev.minor,
			   root, mount.path) != 4 ||
		    !strcmp(root, "/") != whole || !device_of(line, &mount.dev) ||
		    is_listed(*list, *count, mount.dev))
			continue;
		unescape(mount.path);
		grown = reallocarray(*list, *count + 1, sizeof(*grown));
		if (!grown) {
			ret = -ENOMEM;
			break;
		}
		*list = grown;
		grown[(*count)++] = mount;
	}
	free(line);
	return ret;
}

int mounts_parse(FILE *in, struct fact_mount **list, size_t *count)
{
	int ret;

	*list = NULL;
	*count = 0;
	ret = parse_some(in, true, list, count);
	rewind(in);
	if (!ret)
		ret = parse_some(in, false, list, count);
	if (ret) {
		free(*list);
		*list = NULL;
		*count = 0;
	}
	return ret;
}
