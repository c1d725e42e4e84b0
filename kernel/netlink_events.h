/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The core's notifications as numbered events on the multicast group. The
 * core calls from process context with none of its locks held: each event
 * reads its object again, under the events mutex.
 */
#ifndef BLKSNAP_NETLINK_EVENTS_H
#define BLKSNAP_NETLINK_EVENTS_H

/** netlink_events_init() - begin to listen to the core. No device is attached. */
void netlink_events_init(void);
/**
 * netlink_events_stop() - no event is sent any more
 *
 * Context: process, may sleep; before the family is unregistered.
 */
void netlink_events_stop(void);
/** netlink_events_exit() - stop listening to the core, forget all events. */
void netlink_events_exit(void);

#endif /* BLKSNAP_NETLINK_EVENTS_H */
