/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mark.h - an instruction that does nothing and that no compiler makes. fio
 * executes it, the emulator's plugin sees it: nopl 0x706e7362(%rax).
 */
#ifndef MARK_H
#define MARK_H

#define MARK_BYTES 0x0f, 0x1f, 0x80, 0x62, 0x73, 0x6e, 0x70

#endif
