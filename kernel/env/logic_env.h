/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The seam: what kernel/logic may use, kernel half. tests/unit/env has a
 * header of the same name for user space; the include path chooses.
 */
#ifndef BLKSNAP_LOGIC_ENV_H
#define BLKSNAP_LOGIC_ENV_H

#include <linux/bits.h>
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>

#include <asm/barrier.h>
#include <asm/processor.h>

#endif /* BLKSNAP_LOGIC_ENV_H */
