/* arena.c - memory that is freed all at once. */
#include "spec/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_MIN 4096UL
#define CHUNK_MAX (1UL << 20)
#define ALIGNMENT 16UL

struct arena_chunk {
	struct arena_chunk *older;
	size_t size;
};

#define HEADER ((sizeof(struct arena_chunk) + ALIGNMENT - 1) & ~(ALIGNMENT - 1))

void arena_done(struct arena *a)
{
	struct arena_chunk *c = a->chunks;

	while (c) {
		struct arena_chunk *older = c->older;

		free(c);
		c = older;
	}
	*a = (struct arena){ 0 };
}

/* Each chunk is twice the one before, up to CHUNK_MAX, so that a small text takes little and a large one few calls. */
static size_t next_chunk_size(const struct arena *a, size_t need)
{
	size_t size = a->chunks ? a->chunks->size * 2 : CHUNK_MIN;

	if (size > CHUNK_MAX)
		size = CHUNK_MAX;
	return need > size - HEADER ? need + HEADER : size;
}

static int add_chunk(struct arena *a, size_t need)
{
	size_t size = next_chunk_size(a, need);
	struct arena_chunk *c = calloc(1, size);

	if (!c)
		return -1;
	c->older = a->chunks;
	c->size = size;
	a->chunks = c;
	a->next = (char *)c + HEADER;
	a->end = (char *)c + size;
	a->total += size;
	return 0;
}

static void *take(struct arena *a, size_t size)
{
	char *p;

	if (size > (size_t)(a->end - a->next) && add_chunk(a, size) < 0)
		return NULL;
	p = a->next;
	a->next += size;
	return p;
}

static void align(struct arena *a)
{
	size_t gap = -(uintptr_t)a->next & (ALIGNMENT - 1);

	a->next = gap > (size_t)(a->end - a->next) ? a->end : a->next + gap;
}

void *arena_alloc(struct arena *a, size_t size)
{
	if (size > SIZE_MAX / 2)
		return NULL;
	align(a);
	return take(a, size ? size : 1);
}

void *arena_alloc_array(struct arena *a, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return arena_alloc(a, bytes);
}

char *arena_dup(struct arena *a, const char *text, size_t len)
{
	char *copy = len > SIZE_MAX / 2 ? NULL : take(a, len + 1);

	if (copy)
		memcpy(copy, text, len);
	return copy;
}
