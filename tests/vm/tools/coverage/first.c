// SPDX-License-Identifier: GPL-2.0
/* first - where the module's counters begin: linked before all else. */
asm(".pushsection .gcov_info, \"aw\"\n"
    ".balign 8\n"
    ".globl coverage_first\n"
    "coverage_first:\n"
    ".popsection\n");
