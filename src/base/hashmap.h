/* hashmap.h - string keys to pointers. Open addressing, FNV-1a with a per-process seed; keys are borrowed. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct hashmap_slot {
	const char *key;
	void *value;
};

struct hashmap {
	struct hashmap_slot *slots; /* NULL while empty */
	size_t count, capacity;     /* capacity is a power of two */
};

void hashmap_done(struct hashmap *m); /* frees neither keys nor values */
DEFINE_AUTO_DONE(hashmap)

/* NULL when absent. */
void *hashmap_get(const struct hashmap *m, const char *key);

/* key must outlive the map. 0, -EEXIST (the map is as before) or -ENOMEM. */
int hashmap_put(struct hashmap *m, const char *key, void *value);
