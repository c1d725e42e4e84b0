// SPDX-License-Identifier: GPL-2.0-or-later
/* What the monitor itself costs; see cost.h. */
#include "cost.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define WINDOW_NS (5 * FACT_NS_PER_S)

static ssize_t read_proc(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, text, size - 1);
	close(fd);
	if (n >= 0)
		text[n] = '\0';
	return n;
}

/* Curses writes to the terminal by itself; the kernel counts all the same. */
static uint64_t bytes_written(void)
{
	char text[512];
	const char *at;

	if (read_proc("/proc/self/io", text, sizeof(text)) < 0)
		return 0;
	at = strstr(text, "wchar:");
	return at ? strtoull(at + 6, NULL, 10) : 0;
}

void cost_before(struct cost *cost)
{
	cost->written = bytes_written();
}

static uint64_t memory_bytes(void)
{
	unsigned long long pages = 0;
	char text[128];

	if (read_proc("/proc/self/statm", text, sizeof(text)) < 0 ||
	    sscanf(text, "%*s %llu", &pages) != 1)
		return 0;
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

uint64_t cost_after(struct cost *cost, struct ui *ui, uint64_t now_ns)
{
	uint64_t bytes = bytes_written() - cost->written;
	struct rusage usage;
	double cpu_s;

	if (!cost->began_ns) {
		cost->began_ns = now_ns;
		cost->window_ns = now_ns;
	}
	cost->window_bytes += bytes;
	if (now_ns - cost->window_ns < WINDOW_NS)
		return bytes;
	getrusage(RUSAGE_SELF, &usage);
	cpu_s = (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	ui->cost.known = true;
	ui->cost.cpu_permille = cpu_s * 1000 / ((double)(now_ns - cost->began_ns) / 1e9);
	ui->cost.bytes_s = (double)cost->window_bytes / ((double)(now_ns - cost->window_ns) / 1e9);
	ui->cost.memory_bytes = memory_bytes();
	cost->window_ns = now_ns;
	cost->window_bytes = 0;
	return bytes;
}
