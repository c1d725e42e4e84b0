/* SPDX-License-Identifier: GPL-2.0 */
/* ends - gives the counters to the ledger when the module ends; put before main.c. */
#include <linux/module.h>
#include "ledger.h"

extern const struct gcov_info *const coverage_first[], *const coverage_end[];

#undef module_init
#define module_init(fn)                                                                           \
	static int __init counted_init(void)                                                      \
	{                                                                                         \
		int ret = fn();                                                                   \
                                                                                                  \
		if (ret)                                                                          \
			ledger_add(coverage_first, coverage_end);                                 \
		return ret;                                                                       \
	}                                                                                         \
	int init_module(void) __copy(counted_init) __attribute__((alias("counted_init")))

#undef module_exit
#define module_exit(fn)                                                                           \
	static void __exit counted_exit(void)                                                     \
	{                                                                                         \
		fn();                                                                             \
		ledger_add(coverage_first, coverage_end);                                         \
	}                                                                                         \
	void cleanup_module(void) __copy(counted_exit) __attribute__((alias("counted_exit")))
