/* tar_header.h - one 512-byte tar header: POSIX ustar, GNU and the old form without a magic. Pure. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#define TAR_BLOCK 512

struct tar_header {
	char type; /* the flag as it stands: '0', 'x', 'L', ... */
	uint32_t mode;
	int64_t uid, gid, mtime;
	uint64_t size;
	uint32_t device_major, device_minor;
	char name[257]; /* ustar's prefix and name joined, NUL-terminated: at most 155 + 1 + 100 */
	char link[101];
};

/* True for a block of zeros, two of which end an archive. */
bool tar_block_is_zero(const uint8_t block[TAR_BLOCK]);

/* ERR_INVALID_SPEC, naming the field. */
int tar_header_parse(const uint8_t block[TAR_BLOCK], struct tar_header *ret, struct error *err);
