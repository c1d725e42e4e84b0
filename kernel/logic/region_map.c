// SPDX-License-Identifier: GPL-2.0
#include "region_map.h"

#define REGION_MAP_MOST ((unsigned int)(REGION_MAP_ROOT * REGION_MAP_FAN * REGION_MAP_FAN))

/* Every bit of the result depends on all of the index (murmur3's finish). */
static u32 mixed(u64 n)
{
	n ^= n >> 33;
	n *= 0xff51afd7ed558ccdULL;
	n ^= n >> 33;
	n *= 0xc4ceb9fe1a85ec53ULL;
	return n ^ n >> 33;
}

static struct region_node **head_of(const struct region_map *map, unsigned int bucket)
{
	struct region_node ***leaves = map->root[bucket / (REGION_MAP_FAN * REGION_MAP_FAN)];

	return &leaves[bucket / REGION_MAP_FAN % REGION_MAP_FAN][bucket % REGION_MAP_FAN];
}

/* Of @buckets in use; those past the last power of two are half split. */
static unsigned int bucket_of(u64 index, unsigned int buckets)
{
	unsigned int low = 1U << ilog2(buckets);
	u32 hash = mixed(index);
	unsigned int bucket = hash & (2 * low - 1);

	return bucket < buckets ? bucket : hash & (low - 1);
}

void region_map_init(struct region_map *map, void *first, void *second)
{
	memset(map, 0, sizeof(*map));
	map->root[0] = first;
	map->root[0][0] = second;
	map->buckets = 1;
	map->pages = 2;
}

struct region_node *region_map_find(const struct region_map *map, u64 index)
{
	for (;;) {
		/* Pairs with the releases of split(). */
		unsigned int splits = smp_load_acquire(&map->splits);
		unsigned int buckets = smp_load_acquire(&map->buckets);
		struct region_node *node =
			smp_load_acquire(head_of(map, bucket_of(index, buckets)));

		for (; node; node = smp_load_acquire(&node->next))
			if (node->index == index)
				return node;
		/* Nothing above may be read later than this. */
		smp_rmb();
		if (!(splits & 1) && READ_ONCE(map->splits) == splits)
			return NULL;
		cpu_relax();
	}
}

/* Is there a place for the next bucket? If not, @page may become one. */
static bool has_bucket(struct region_map *map, void **page)
{
	unsigned int bucket = map->buckets;
	struct region_node ****root, ***leaf;

	if (bucket == REGION_MAP_MOST)
		return false;
	root = &map->root[bucket / (REGION_MAP_FAN * REGION_MAP_FAN)];
	if (!*root) {
		if (!*page)
			return false;
		*root = *page;
		*page = NULL;
		map->pages++;
	}
	leaf = &(*root)[bucket / REGION_MAP_FAN % REGION_MAP_FAN];
	if (!*leaf) {
		if (!*page)
			return false;
		*leaf = *page;
		*page = NULL;
		map->pages++;
	}
	return true;
}

/*
 * Take the next bucket into use. Its nodes come out of one other's chain; both
 * keep their order. A search that is in the chain goes on in either.
 */
static void split(struct region_map *map)
{
	unsigned int bucket = map->buckets;
	struct region_node **from = head_of(map, bucket - (1U << ilog2(bucket)));
	struct region_node **to = head_of(map, bucket);
	struct region_node *node = *from;

	WRITE_ONCE(map->splits, map->splits + 1);
	/* Who sees any of what follows sees that it is odd. */
	smp_wmb();
	for (; node; node = node->next) {
		struct region_node ***end = bucket_of(node->index, bucket + 1) == bucket ? &to :
											   &from;

		smp_store_release(*end, node);
		*end = &node->next;
	}
	smp_store_release(from, NULL);
	smp_store_release(to, NULL);
	smp_store_release(&map->buckets, bucket + 1);
	smp_store_release(&map->splits, map->splits + 1);
}

bool region_map_hungry(const struct region_map *map)
{
	unsigned int bucket = READ_ONCE(map->buckets);

	return READ_ONCE(map->nodes) >= REGION_MAP_LOAD * bucket && bucket < REGION_MAP_MOST &&
	       bucket % REGION_MAP_FAN == 0;
}

bool region_map_add(struct region_map *map, struct region_node *node, void *page)
{
	bool given = page;

	struct region_node **head = head_of(map, bucket_of(node->index, map->buckets));

	node->next = *head;
	smp_store_release(head, node);
	WRITE_ONCE(map->nodes, map->nodes + 1);
	if (map->nodes > REGION_MAP_LOAD * map->buckets && has_bucket(map, &page))
		split(map);
	return given && !page;
}

struct region_node *region_map_take(struct region_map *map)
{
	while (map->buckets) {
		struct region_node **head = head_of(map, --map->buckets), *chain = *head;

		*head = NULL;
		if (chain)
			return chain;
	}
	return NULL;
}

void *region_map_take_page(struct region_map *map)
{
	unsigned int i = REGION_MAP_ROOT, j;

	while (i--) {
		struct region_node ***leaves = map->root[i];

		if (!leaves)
			continue;
		for (j = REGION_MAP_FAN; j--;) {
			struct region_node **leaf = leaves[j];

			leaves[j] = NULL;
			if (leaf)
				return leaf;
		}
		map->root[i] = NULL;
		return leaves;
	}
	return NULL;
}
