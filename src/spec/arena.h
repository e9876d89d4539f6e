/* arena.h - memory that is freed all at once: a parsed text's strings, lists and structures. */
#pragma once
#include <stddef.h>

#include "base/cleanup.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first */
	char *next, *end;           /* what is left of the newest */
	size_t total;               /* bytes taken from malloc */
};

void arena_done(struct arena *a);
DEFINE_AUTO_DONE(arena)

/* Zeroed, aligned for any type. NULL when memory is out. */
void *arena_alloc(struct arena *a, size_t size);

/* count items of size bytes; NULL also when their product overflows. count 0 gives a valid pointer. */
void *arena_alloc_array(struct arena *a, size_t count, size_t size);

/* A copy that ends with a NUL beyond len. */
char *arena_dup(struct arena *a, const char *text, size_t len);
