/* blob_source.h - where the bytes of an image come from: a layout, an archive, later a registry. The store reads
 * through it and verifies every digest itself; a source is trusted with nothing but bytes.
 */
#pragma once
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct blob_source {
	/* Opens the blob `digest` for reading from its start and sets *ret_size when it is known (else
	 * UINT64_MAX). The fd is the caller's (a file or a pipe). -1 with ERR_NOT_FOUND when the source has no
	 * such blob. */
	int (*open_blob)(struct blob_source *source, const char *digest, int *ret_fd, uint64_t *ret_size,
			 struct error *err);

	/* The manifest (or index) that `reference` names, at most MANIFEST_LIMIT bytes; *ret is the caller's. */
	int (*read_manifest)(struct blob_source *source, const char *reference, char **ret, size_t *ret_len,
			     struct error *err);
};

#define MANIFEST_LIMIT (4UL << 20)
