// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * zram: see zram.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "fault.h"
#include "zram.h"

#define ZRAM_CONTROL "/sys/class/zram-control"

static uint64_t zram_available_bytes(void)
{
	unsigned long long kib = 0;
	char line[128];
	FILE *in = fopen("/proc/meminfo", "re");

	if (!in)
		return 0;
	while (fgets(line, sizeof(line), in))
		if (sscanf(line, "MemAvailable: %llu kB", &kib) == 1)
			break;
	fclose(in);
	return kib * 1024;
}

static int zram_write(const char *path, unsigned long long value)
{
	char text[32];
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int len, ret = 0;

	if (fd < 0)
		return -errno;
	len = snprintf(text, sizeof(text), "%llu", value);
	if (write(fd, text, (size_t)len) != len)
		ret = -errno;
	close(fd);
	return ret;
}

static int zram_set(int number, const char *attribute, unsigned long long value)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/block/zram%d/%s", number, attribute);
	return zram_write(path, value);
}

static int zram_add(void)
{
	FILE *in = fopen(ZRAM_CONTROL "/hot_add", "re");
	int number = -1;

	if (!in)
		return -errno;
	if (fscanf(in, "%d", &number) != 1)
		number = -EIO;
	fclose(in);
	return number;
}

static int zram_setup(int number, uint64_t size_bytes, struct blksnap_dev *dev)
{
	struct stat st;
	char path[32];
	int fd, ret;

	ret = zram_set(number, "disksize", size_bytes);
	if (!ret)
		ret = zram_set(number, "mem_limit", size_bytes);
	if (ret)
		return ret;
	snprintf(path, sizeof(path), "/dev/zram%d", number);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st)) {
		ret = -errno;
		close(fd);
		return ret;
	}
	dev->major = major(st.st_rdev);
	dev->minor = minor(st.st_rdev);
	return fd;
}

int zram_open(uint64_t size_bytes, struct blksnap_dev *dev, int *number,
	      struct blksnap_error *err)
{
	uint64_t available = zram_available_bytes();
	int fd;

	if (size_bytes > available / 2)
		return fault_set(err, ENOSPC,
				 "more than half of the free memory (%llu MiB)",
				 (unsigned long long)available >> 20);
	*number = zram_add();
	if (*number == -ENOENT)
		return fault_set(err, EOPNOTSUPP, "the module zram is not loaded");
	if (*number < 0)
		return fault_set(err, -*number, "cannot make a zram device: %s",
				 strerror(-*number));
	fd = zram_setup(*number, size_bytes, dev);
	if (fd < 0) {
		zram_remove(*number);
		return fault_set(err, -fd, "cannot set up a zram device: %s",
				 strerror(-fd));
	}
	return fd;
}

int zram_remove(int number)
{
	int ret = zram_set(number, "reset", 1);

	if (ret)
		return ret;
	return zram_write(ZRAM_CONTROL "/hot_remove",
			  (unsigned long long)number);
}
