// SPDX-License-Identifier: GPL-2.0
/* last - where the module's counters end: linked after all else. */
asm(".pushsection .gcov_info, \"aw\"\n"
    ".globl coverage_end\n"
    "coverage_end:\n"
    ".popsection\n");
