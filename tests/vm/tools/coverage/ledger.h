/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ledger - keeps what a module compiled with -fprofile-arcs has counted.
 *
 * Stock kernels have neither gcov nor constructors, so the module's counters
 * are found by a section (-fprofile-info-section), whose ends ./first.c and
 * ./last.c mark, and given away when the module ends.
 */
#ifndef BLKSNAP_COVERAGE_LEDGER_H
#define BLKSNAP_COVERAGE_LEDGER_H

struct gcov_info;

/**
 * ledger_add() - add a module's counters to those of its earlier lives.
 * @first: the first of its files
 * @end: behind the last of them
 *
 * Context: may sleep. What there is no memory for is not counted, with a
 * warning.
 */
void ledger_add(const struct gcov_info *const *first, const struct gcov_info *const *end);

#endif
