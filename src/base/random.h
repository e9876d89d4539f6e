/* random.h - random bytes and ids from the kernel. */
#pragma once
#include <stddef.h>

#define ID_HEX_LENGTH 64
#define ID_HEX_SIZE (ID_HEX_LENGTH + 1)

/* 0 or negative errno. */
int random_bytes(void *ret, size_t len);

/* 64 lower-case hex digits and a NUL. */
int random_id(char ret[ID_HEX_SIZE]);
