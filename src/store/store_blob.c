/* store_blob.c - keeping blobs. */
#include "store/store_blob.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "store/store_layout.h"

char *store_blob_path(const char *digest)
{
	return text_format(STORE_BLOBS "/%s", DIGEST_HEX(digest));
}

bool store_has_blob(const struct store_job *job, const char *digest)
{
	autofree char *path = store_blob_path(digest);

	return path && file_exists_at(job->storefd, path);
}

int store_check_digest(const char *what, const char *expected, const char *got, struct error *err)
{
	if (strcmp(expected, got) == 0)
		return 0;
	return fail(err, ERR_INVALID_SPEC, "%s: digest does not match: expected %s, got %s", what, expected, got);
}

static int keep(struct store_job *job, const void *data, size_t len, const char *digest, struct error *err)
{
	autofree char *name = NULL, *path = store_blob_path(digest);
	autoclose int fd = -1;
	int r;

	if (!path)
		return fail_oom(err);
	if (file_exists_at(job->storefd, path))
		return 0;
	fd = store_job_create(job, &name, err);
	if (fd < 0)
		return -1;
	r = write_all(fd, data, len);
	if (r < 0)
		return fail_errno(err, r, "store: write %s", path);
	return store_job_publish(job, name, path, err);
}

int store_put_blob(struct store_job *job, const void *data, size_t len, char *ret_digest, struct error *err)
{
	if (digest_of(data, len, ret_digest) < 0)
		return fail_oom(err);
	return keep(job, data, len, ret_digest, err);
}

int store_take_small_blob(struct store_job *job, struct blob_source *source, const struct image_descriptor *descriptor,
			  uint64_t limit, char **ret, struct error *err)
{
	char got[SHA256_DIGEST_SIZE];
	autofree char *data = NULL;
	autoclose int fd = -1;
	uint64_t size = 0;
	size_t len = 0;
	int r;

	if (descriptor->size > limit)
		return fail(err, ERR_INVALID_SPEC, "blob %s: %" PRIu64 " bytes, more than the limit of %" PRIu64,
			    descriptor->digest, descriptor->size, limit);
	if (source->open_blob(source, descriptor->digest, &fd, &size, err) < 0)
		return -1;
	r = fd_read_all(fd, (size_t)descriptor->size, &data, &len);
	if (r == -EFBIG || (r == 0 && len != descriptor->size))
		return fail(err, ERR_INVALID_SPEC,
			    "blob %s: size does not match: expected %" PRIu64 " bytes, got %s%zu", descriptor->digest,
			    descriptor->size, r < 0 ? "more than " : "", r < 0 ? (size_t)descriptor->size : len);
	if (r < 0)
		return fail_errno(err, r, "blob %s", descriptor->digest);
	if (digest_of(data, len, got) < 0)
		return fail_oom(err);
	if (store_check_digest("blob", descriptor->digest, got, err) < 0 ||
	    keep(job, data, len, descriptor->digest, err) < 0)
		return -1;
	*ret = TAKE_PTR(data);
	return 0;
}
