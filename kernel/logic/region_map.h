/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which regions of an origin anything is known of: a hash table that grows by
 * a bucket at a time, so that a region costs the same few bytes however far
 * from others it is and however many there are, and nothing is ever moved at
 * one go. Nodes are the caller's, and only ever added.
 *
 * Finding is lock-free, in any context. Adding is under the caller's lock. A
 * bucket that is split moves some of its nodes to a new one: a search that
 * meets that may miss them, so one that finds nothing counts only if nothing
 * was split meanwhile.
 *
 * Buckets are in pages, which the caller hands in when they are needed. Without
 * one the table stays as it is, and chains grow: slower, never wrong.
 */
#ifndef BLKSNAP_REGION_MAP_H
#define BLKSNAP_REGION_MAP_H

#include <logic_env.h>

#define REGION_MAP_PAGE 4096 /* bytes */
#define REGION_MAP_FAN (REGION_MAP_PAGE / sizeof(void *))
#define REGION_MAP_LOAD 2 /* nodes for each bucket, at most while there is memory */
#define REGION_MAP_ROOT 64

struct region_node {
	struct region_node *next;
	u64 index; /* the region; the caller's, set before it is added */
};

struct region_map {
	/* Pages of pointers to pages of buckets; filled in order. */
	struct region_node ***root[REGION_MAP_ROOT];
	unsigned int buckets; /* in use; at least 1 */
	unsigned int splits; /* odd while a bucket is being split */
	unsigned int nodes;
	unsigned int pages;
};

/** region_map_init() - an empty map; takes two zeroed pages of REGION_MAP_PAGE bytes. */
void region_map_init(struct region_map *map, void *first, void *second);

/** region_map_find() - the node of region @index, or NULL. */
struct region_node *region_map_find(const struct region_map *map, u64 index);

/** region_map_hungry() - would region_map_add() use a page? A hint. */
bool region_map_hungry(const struct region_map *map);

/**
 * region_map_add() - add a node whose index is not in the map
 * @page: a zeroed page, or NULL
 *
 * Context: under the lock of all that add. Return: whether the page was used.
 */
bool region_map_add(struct region_map *map, struct region_node *node, void *page);

/**
 * region_map_take() - empty it, for its end: nobody else uses it any more
 *
 * Return: a chain of nodes (by next), NULL when none is left.
 */
struct region_node *region_map_take(struct region_map *map);

/** region_map_take_page() - one of its pages, after all nodes; NULL when none is left. */
void *region_map_take_page(struct region_map *map);

#endif /* BLKSNAP_REGION_MAP_H */
