/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stack_recorded: the machine's block devices as lines of a recording.
 */
#ifndef BLKSNAP_CLIENT_STACK_RECORDED_H
#define BLKSNAP_CLIENT_STACK_RECORDED_H

#include <stdio.h>

#include "blksnap.h"

/**
 * stack_record() - write a stack into a recording
 * @out: recording
 * @stack: what is there
 */
void stack_record(FILE *out, const struct blksnap_stack *stack);

#endif /* BLKSNAP_CLIENT_STACK_RECORDED_H */
