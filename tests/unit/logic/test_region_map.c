// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "region_map.h"

/* As large as the kernel's struct cow_region on 64 bits. */
struct node {
	struct region_node node;
	u64 pad[5];
};

static void *page(void)
{
	void *p = aligned_alloc(REGION_MAP_PAGE, REGION_MAP_PAGE);

	memset(p, 0, REGION_MAP_PAGE);
	return p;
}

static void add(struct region_map *map, struct region_node *node, bool memory)
{
	void *p = memory && region_map_hungry(map) ? page() : NULL;

	if (!region_map_add(map, node, p))
		free(p);
}

static void empty(struct region_map *map)
{
	void *p;

	while (region_map_take(map))
		;
	while ((p = region_map_take_page(map)))
		free(p);
}

/* Of @count nodes, numbered by @step: all are found, none but them. */
static void all_are_found(u32 count, u64 step, bool memory)
{
	struct node *nodes = calloc(count, sizeof(*nodes));
	struct region_map map;
	u32 i;

	region_map_init(&map, page(), page());
	for (i = 0; i < count; i++) {
		nodes[i].node.index = i * step;
		cr_assert(eq(ptr, region_map_find(&map, i * step), NULL));
		add(&map, &nodes[i].node, memory);
		cr_assert(eq(ptr, region_map_find(&map, i * step), &nodes[i].node));
	}
	for (i = 0; i < count; i++)
		cr_assert(eq(ptr, region_map_find(&map, i * step), &nodes[i].node), "%u", i);
	for (i = 0; step > 1 && i < 1000; i++)
		cr_assert(eq(ptr, region_map_find(&map, i * step + 1), NULL));
	empty(&map);
	free(nodes);
}

Test(region_map, finds_all_and_no_others)
{
	all_are_found(1, 1, true);
	all_are_found(50000, 1, true);
	all_are_found(50000, 64, true);
	all_are_found(50000, 65536, true);
	all_are_found(50000, 85899, true);
	/* farther apart than 32 bits tell */
	all_are_found(3000, 1ULL << 32, true);
}

Test(region_map, does_without_memory)
{
	all_are_found(3000, 7, false);
}

Test(region_map, catches_up_when_there_is_memory_again)
{
	struct node *nodes = calloc(20000, sizeof(*nodes));
	struct region_map map;
	u32 i;

	region_map_init(&map, page(), page());
	for (i = 0; i < 20000; i++) {
		nodes[i].node.index = i * 3;
		add(&map, &nodes[i].node, i > 5000);
	}
	cr_expect(ge(uint, map.buckets * REGION_MAP_LOAD, 20000));
	for (i = 0; i < 20000; i++)
		cr_assert(eq(ptr, region_map_find(&map, i * 3), &nodes[i].node));
	empty(&map);
	free(nodes);
}

Test(region_map, gives_everything_back_once)
{
	struct node *nodes = calloc(10000, sizeof(*nodes));
	struct region_map map;
	struct region_node *chain;
	u32 i, taken = 0, pages = 0;
	void *p;

	region_map_init(&map, page(), page());
	for (i = 0; i < 10000; i++) {
		nodes[i].node.index = i;
		add(&map, &nodes[i].node, true);
	}
	while ((chain = region_map_take(&map)))
		for (; chain; chain = chain->next)
			taken += !((struct node *)chain)->pad[0]++;
	cr_expect(eq(u32, taken, 10000));
	for (; (p = region_map_take_page(&map)); pages++)
		free(p);
	cr_expect(eq(uint, pages, map.pages));
	free(nodes);
}

/* The bound of the design, for ten million units each in a region of its own. */
Test(region_map, costs_at_most_64_bytes_a_scattered_unit)
{
	const u32 count = 10000000;
	struct region_map map;
	struct node *nodes = calloc(count, sizeof(*nodes));
	u32 i, longest = 0;

	cr_assert(eq(sz, sizeof(*nodes), 56));
	region_map_init(&map, page(), page());
	for (i = 0; i < count; i++) {
		nodes[i].node.index = i * 26; /* over 64 TiB */
		add(&map, &nodes[i].node, true);
	}
	cr_log_info("%.2f bytes a unit",
		    sizeof(*nodes) + (double)map.pages * REGION_MAP_PAGE / count);
	cr_expect(le(u64, sizeof(*nodes) * (u64)count + (u64)map.pages * REGION_MAP_PAGE,
		     64 * (u64)count));
	for (i = 0; i < count; i += 997)
		cr_assert(eq(ptr, region_map_find(&map, i * 26), &nodes[i].node));
	for (;;) {
		struct region_node *node = region_map_take(&map);
		u32 length = 0;

		if (!node)
			break;
		for (; node; node = node->next)
			length++;
		longest = max(longest, length);
	}
	cr_expect(le(u32, longest, 24));
	empty(&map);
	free(nodes);
}

/* ---- readers beside the one that adds ---- */

static struct region_map shared;
static struct node *shared_nodes;
static u32 added; /* so many are in the map */
static u32 missed;

#define SHARED 400000

static void *reader(void *arg)
{
	u32 seed = (u32)(uintptr_t)arg, last;

	do {
		u32 i;

		last = smp_load_acquire(&added);
		seed = seed * 1664525 + 1013904223;
		if (!last)
			continue;
		/* one of the last, or any */
		i = seed & 1 ? last - 1 - (seed >> 8) % min(last, 64u) : (seed >> 8) % last;
		if (region_map_find(&shared, i * 5) != &shared_nodes[i].node)
			__atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
	} while (last < SHARED);
	return NULL;
}

Test(region_map, is_searched_while_it_grows)
{
	pthread_t threads[3];
	uintptr_t i;

	shared_nodes = calloc(SHARED, sizeof(*shared_nodes));
	region_map_init(&shared, page(), page());
	for (i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_create(&threads[i], NULL, reader, (void *)(i + 1));
	for (i = 0; i < SHARED; i++) {
		shared_nodes[i].node.index = i * 5;
		add(&shared, &shared_nodes[i].node, true);
		smp_store_release(&added, (u32)i + 1);
	}
	for (i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	cr_expect(eq(u32, missed, 0));
	empty(&shared);
	free(shared_nodes);
}
