/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family: requests come in here, and events go out. A
 * handler parses, calls the core once, and replies; it decides nothing.
 *
 *	netlink.c		the family comes and goes
 *	netlink_tables.c	generated tables, for every kernel
 *	netlink_parse.c		requests to the core's types, refusals to extacks
 *	netlink_put.c		the core's objects to messages
 *	netlink_get.c		commands that read, and dumps
 *	netlink_set.c		commands that change
 *	netlink_events.c	events to messages, and their replay
 *	netlink_owner.c		snapshots tied to sockets
 */
#ifndef BLKSNAP_NETLINK_H
#define BLKSNAP_NETLINK_H

/**
 * netlink_init() - begin to listen
 *
 * Context: module init, last of all. Return: 0, -ENOMEM, -EEXIST another
 * family of this name, -EINVAL generated tables that this kernel cannot have.
 */
int netlink_init(void);

/**
 * netlink_exit() - stop listening
 *
 * Context: module exit, first of all, may sleep. When it returns no handler
 * runs, and the core tells nobody of anything.
 */
void netlink_exit(void);

#endif /* BLKSNAP_NETLINK_H */
