/* store_layer.h - from a blob to an unpacked layer: verified on the way, visible only when it is whole. */
#pragma once
#include "base/digest.h"
#include "base/strv.h"
#include "store/decompress.h"
#include "store/store_job.h"

struct layer_request {
	int fd;                    /* the blob's bytes, borrowed */
	const char *blob_digest;   /* what it must be; NULL: whatever it is */
	const char *diff_id;       /* the same for its tar */
	uint64_t blob_size;        /* the same for its length; UINT64_MAX: whatever it is */
	const struct strv *lowers; /* diff ids of the image's layers below, lowest first; NULL: none */
};

struct layer_result {
	char blob_digest[SHA256_DIGEST_SIZE], diff_id[SHA256_DIGEST_SIZE];
	enum compression compression;
	uint64_t blob_size, size_bytes; /* as it came; of the files in it */
	int64_t newest_mtime;
};

/* Keeps the blob and unpacks it, unless the layer is there already. */
int store_add_layer(struct store_job *job, const struct layer_request *request, struct layer_result *ret,
		    struct error *err);

/* True and the size of its files when the layer is in the store. */
bool store_has_layer(const struct store_job *job, const char *diff_id, uint64_t *ret_size);
