/* store_blob.h - blobs of the store: kept only under the digest that their bytes have. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "oci/blob_source.h"
#include "oci/image_manifest.h"
#include "store/store_job.h"

bool store_has_blob(const struct store_job *job, const char *digest);

/* "blobs/sha256/HEX", yours; NULL when memory is out. */
char *store_blob_path(const char *digest);

/* Keeps data as a blob; ret_digest has room for SHA256_DIGEST_SIZE. */
int store_put_blob(struct store_job *job, const void *data, size_t len, char *ret_digest, struct error *err);

/* Reads a small blob whole (config, manifest) and checks size and digest; keeps it. *ret is yours, NUL-terminated. */
int store_take_small_blob(struct store_job *job, struct blob_source *source, const struct image_descriptor *descriptor,
			  uint64_t limit, char **ret, struct error *err);

/* ERR_INVALID_SPEC with both digests unless they are the same. */
int store_check_digest(const char *what, const char *expected, const char *got, struct error *err);
