/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tells when a disk may be going, or changing its size or its partitions.
 *
 * The kernel has no notifier for that which a module may use, so a few of its
 * functions are watched (ftrace, unchanged). They are seen at their entry, when
 * nothing has happened yet, and not all ways lead through them: whoever is
 * told looks a little later, and looks now and then anyway.
 */
#ifndef BLKSNAP_NOTICE_H
#define BLKSNAP_NOTICE_H

/**
 * notice_init() - call @changed from now on
 * @changed: inside a function of the kernel's, at its entry, whatever it
 *	holds: must only queue work
 *
 * Return: 0 or -errno of ftrace.
 */
int notice_init(void (*changed)(void));

/** notice_exit() - not any more: no call is under way or to come. Sleeps. */
void notice_exit(void);

#endif /* BLKSNAP_NOTICE_H */
