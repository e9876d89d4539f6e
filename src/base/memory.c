/* memory.c - growth by doubling, checked for overflow. */
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int array_reserve(void **array, size_t *capacity, size_t need, size_t size)
{
	size_t wanted = *capacity ? *capacity : 8, bytes;
	void *grown;

	if (need <= *capacity)
		return 0;
	while (wanted < need)
		if (__builtin_mul_overflow(wanted, 2, &wanted))
			return -EOVERFLOW;
	if (__builtin_mul_overflow(wanted, size, &bytes))
		return -EOVERFLOW;
	grown = realloc(*array, bytes);
	if (!grown)
		return -ENOMEM;
	*array = grown;
	*capacity = wanted;
	return 0;
}

void *memory_dup(const void *data, size_t len)
{
	char *copy;

	if (len == (size_t)-1)
		return NULL;
	copy = malloc(len + 1);
	if (!copy)
		return NULL;
	if (len)
		memcpy(copy, data, len);
	copy[len] = '\0';
	return copy;
}
