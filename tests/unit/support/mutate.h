/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bounded fuzzing without a fuzzer: texts made from good ones by a generator
 * whose seed repeats them. FUZZ_ROUNDS in the environment says how many; a
 * failure prints the seed, and FUZZ_SEED begins there.
 */
#ifndef MUTATE_H
#define MUTATE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static inline uint64_t mutate_env(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

static inline uint64_t mutate_random(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15ull);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static inline size_t mutate_below(uint64_t *state, size_t limit)
{
	return limit ? (size_t)(mutate_random(state) % limit) : 0;
}

/**
 * mutate() - a text that is nearly one of the samples
 * @state: generator
 * @out: result, ends in 0 (and may hold others before)
 * @size: room in @out
 * @samples: good texts
 * @n_samples: number of them
 *
 * Return: length of @out.
 */
static inline size_t mutate(uint64_t *state, char *out, size_t size,
			    const char *const *samples, size_t n_samples)
{
	const char *sample = samples[mutate_below(state, n_samples)], *other;
	size_t length = strlen(sample), at, n, rounds = mutate_below(state, 6);

	if (length >= size)
		length = size - 1;
	memcpy(out, sample, length);
	while (rounds--) {
		at = mutate_below(state, length + 1);
		switch (mutate_below(state, 6)) {
		case 0:		/* change a byte */
			if (at < length)
				out[at] = (char)mutate_random(state);
			break;
		case 1:		/* a bit */
			if (at < length)
				out[at] ^= (char)(1u << mutate_below(state, 8));
			break;
		case 2:		/* cut */
			n = mutate_below(state, length - at + 1);
			memmove(out + at, out + at + n, length - at - n);
			length -= n;
			break;
		case 3:		/* double a part */
			n = mutate_below(state, length - at + 1);
			if (length + n < size) {
				memmove(out + at + n, out + at, length - at);
				length += n;
			}
			break;
		case 4:		/* end here */
			length = at;
			break;
		case 5:		/* put in a part of another */
			other = samples[mutate_below(state, n_samples)];
			n = mutate_below(state, strlen(other) + 1);
			if (length + n < size) {
				memmove(out + at + n, out + at, length - at);
				memcpy(out + at, other, n);
				length += n;
			}
			break;
		}
	}
	out[length] = 0;
	return length;
}

#endif
