/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Snapshots that live as long as a socket: a backup program that dies leaves
 * none behind. What is to be done then is prepared while the socket is open,
 * so that nothing needs memory when it closes.
 */
#ifndef BLKSNAP_NETLINK_OWNER_H
#define BLKSNAP_NETLINK_OWNER_H

#include <linux/types.h>

/** netlink_owner_init() - watch sockets. Return: 0, -ENOMEM. */
int netlink_owner_init(void);
/** netlink_owner_exit() - stop; no handler runs any more. May sleep. */
void netlink_owner_exit(void);

/**
 * netlink_owner_add() - call snapshot_owner_gone() when a socket closes
 * @portid: the sender of the request in hand, whose socket is open
 * @token: set to what snapshot_owner_gone() will be given; not 0. The port may
 *	be another socket's before that is called, so it names nobody
 *
 * Context: process, may sleep. Return: 0, also if it was known; -ENOMEM.
 */
int netlink_owner_add(u32 portid, u64 *token);

#endif /* BLKSNAP_NETLINK_OWNER_H */
