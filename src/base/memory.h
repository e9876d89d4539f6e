/* memory.h - arrays that grow. Every growing thing has a limit where it is made. */
#pragma once
#include <stddef.h>

/* Makes room for `need` items of `size` bytes in *array, at least doubling. 0, -ENOMEM or -EOVERFLOW; on failure the
 * array is as before. */
int array_reserve(void **array, size_t *capacity, size_t need, size_t size);

/* Copies len bytes; the copy is yours and ends with a NUL beyond len. NULL when memory is out. */
void *memory_dup(const void *data, size_t len);
