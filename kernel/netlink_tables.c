// SPDX-License-Identifier: GPL-2.0
/*
 * The generated tables, compiled between the two halves of what makes them
 * fit an older kernel. netlink_gen.c is no object of its own.
 */
#include "netlink_split.h"
#include "netlink_gen.c"
#include "netlink_merge.h"
