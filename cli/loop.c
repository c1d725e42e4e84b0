// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * loop: see loop.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <linux/loop.h>

#include "fault.h"
#include "loop.h"

#define LOOP_TRIES 16

static int loop_file(const char *path, uint64_t size_bytes,
		     struct blksnap_error *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int ret;

	if (fd < 0)
		return fault_set(err, errno, "cannot make the file: %s",
				 strerror(errno));
	if (fallocate(fd, 0, 0, (off_t)size_bytes)) {
		ret = fault_set(err, errno, "cannot allocate the file: %s",
				strerror(errno));
		unlink(path);
		close(fd);
		return ret;
	}
	return fd;
}

/* Another process may take the free device between the two calls. */
static int loop_configure(int control, int file)
{
	struct loop_config config = {
		.fd = (uint32_t)file,
		.info.lo_flags = LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO,
	};
	int tries, number, fd;
	char path[32];

	for (tries = 0; tries < LOOP_TRIES; tries++) {
		number = ioctl(control, LOOP_CTL_GET_FREE);
		if (number < 0)
			return -errno;
		snprintf(path, sizeof(path), "/dev/loop%d", number);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			return -errno;
		if (!ioctl(fd, LOOP_CONFIGURE, &config))
			return fd;
		close(fd);
		if (errno != EBUSY)
			return -errno;
	}
	return -EBUSY;
}

int loop_open(const char *path, uint64_t size_bytes, struct blksnap_dev *dev,
	      struct blksnap_error *err)
{
	int control, file, fd;
	struct stat st;

	control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	if (control < 0)
		return fault_set(err, errno, "cannot open /dev/loop-control: %s",
				 strerror(errno));
	file = loop_file(path, size_bytes, err);
	if (file < 0) {
		close(control);
		return file;
	}
	fd = loop_configure(control, file);
	unlink(path);
	close(file);
	close(control);
	if (fd < 0)
		return fault_set(err, -fd, "cannot set up a loop device: %s",
				 strerror(-fd));
	if (fstat(fd, &st)) {
		file = fault_set(err, errno, NULL);
		close(fd);
		return file;
	}
	dev->major = major(st.st_rdev);
	dev->minor = minor(st.st_rdev);
	return fd;
}
