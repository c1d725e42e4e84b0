// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plugin.c - counts the instructions of a guest, in QEMU.
 *
 * One counter for each address at which the emulator began a block of code,
 * one for all of user space. A block ends at the latest where it jumps, so its
 * instructions are of one function. With -icount each turn of a "rep movsb" or
 * "rep stosb" is a block of its own, entered once more to find none left: a
 * page is 4097 instructions, here as in the guest's clock.
 *
 * Counted is what lies between two marks, see mark.h, and written to the file
 * of the argument out=FILE, a line a counter: ADDRESS ROW COUNT, where rows
 * are numbered from 0. User space has address 0.
 *
 * Debian has no header of QEMU's plugins; what is used of their version 1 is
 * declared here. One processor only: nothing is locked.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mark.h"

struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { QEMU_PLUGIN_INLINE_ADD_U64 };
enum { QEMU_PLUGIN_CB_NO_REGS };
typedef void (*trans_cb)(uint64_t id, struct qemu_plugin_tb *tb);
typedef void (*exec_cb)(unsigned int vcpu, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, trans_cb cb);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op, void *counter,
					      uint64_t more);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, exec_cb cb, int flags,
					    void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t nr);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

extern int qemu_plugin_version;
int qemu_plugin_version = 1;
int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv);

#define IN_KERNEL (UINT64_C(1) << 63)
#define SLOTS (1U << 20)

static struct counter {
	uint64_t address; /* 0: free; the first is that of user space */
	uint64_t count;
} counters[SLOTS];

static FILE *out;
static unsigned int marks;

static struct counter *counter_of(uint64_t address)
{
	uint32_t i = (address * UINT64_C(0x9e3779b97f4a7c15)) >> 44;
	uint32_t tries;

	if (!(address & IN_KERNEL))
		return &counters[0];
	for (tries = 0; tries < SLOTS; tries++, i = (i + 1) % SLOTS) {
		if (!i)
			continue;
		if (!counters[i].address)
			counters[i].address = address;
		if (counters[i].address == address)
			return &counters[i];
	}
	fputs("count: more code than counters\n", stderr);
	exit(1);
}

/* Odd ones begin a row, even ones end it. */
static void marked(unsigned int vcpu, void *data)
{
	struct counter *c;

	(void)vcpu;
	(void)data;
	if (marks++ % 2)
		for (c = counters; c < counters + SLOTS; c++)
			if (c->count)
				fprintf(out, "%016" PRIx64 " %u %" PRIu64 "\n", c->address,
					marks / 2 - 1, c->count);
	fflush(out);
	for (c = counters; c < counters + SLOTS; c++)
		c->count = 0;
}

static void translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	static const unsigned char mark[] = { MARK_BYTES };
	uint64_t address = qemu_plugin_tb_vaddr(tb);
	size_t n = qemu_plugin_tb_n_insns(tb), i;

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64,
						 &counter_of(address)->count, n);
	if (address & IN_KERNEL)
		return;
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		if (qemu_plugin_insn_size(insn) == sizeof(mark) &&
		    !memcmp(qemu_plugin_insn_data(insn), mark, sizeof(mark)))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, marked, QEMU_PLUGIN_CB_NO_REGS,
							       NULL);
	}
}

int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4) || !(out = fopen(argv[0] + 4, "w"))) {
		fputs("count: no file to write to\n", stderr);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
