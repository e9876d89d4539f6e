/* hashmap.c - string keys to pointers. */
#include "base/hashmap.h"

#include <pthread.h>
#include <string.h>

#include "base/random.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static uint64_t seed;

static void draw_seed(void)
{
	if (random_bytes(&seed, sizeof(seed)) < 0)
		seed = 0;
}

static uint64_t hash_of(const char *key)
{
	uint64_t h = 14695981039346656037ULL ^ seed;

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 1099511628211ULL;
	return h ^ (h >> 32);
}

static struct hashmap_slot *find(const struct hashmap *m, const char *key)
{
	size_t i = hash_of(key) & (m->capacity - 1);

	while (m->slots[i].key && strcmp(m->slots[i].key, key) != 0)
		i = (i + 1) & (m->capacity - 1);
	return &m->slots[i];
}

void hashmap_done(struct hashmap *m)
{
	free(m->slots);
	*m = (struct hashmap){ 0 };
}

void *hashmap_get(const struct hashmap *m, const char *key)
{
	return m->count ? find(m, key)->value : NULL;
}

static int grow(struct hashmap *m)
{
	struct hashmap bigger = { .capacity = m->capacity ? m->capacity * 2 : 16, .count = m->count };

	bigger.slots = calloc(bigger.capacity, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < m->capacity; i++)
		if (m->slots[i].key)
			*find(&bigger, m->slots[i].key) = m->slots[i];
	free(m->slots);
	*m = bigger;
	return 0;
}

int hashmap_put(struct hashmap *m, const char *key, void *value)
{
	struct hashmap_slot *slot;

	pthread_once(&once, draw_seed);
	if ((m->count + 1) * 4 > m->capacity * 3 && grow(m) < 0)
		return -ENOMEM;
	slot = find(m, key);
	if (slot->key)
		return -EEXIST;
	*slot = (struct hashmap_slot){ key, value };
	m->count++;
	return 0;
}
