/* store_commit.c - recording an image. */
#include "store/store_commit.h"

#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "store/image_record.h"
#include "store/store_layout.h"
#include "store/store_lock.h"
#include "store/store_write.h"

static int write_record(struct store_job *job, const struct store_commit *commit, char **ret_name, struct error *err)
{
	AUTO_DONE(strbuf) record = { .limit = STORE_RECORD_LIMIT };
	autoclose int fd = -1;
	int r;

	if (image_record_print(commit->image, commit->blobs, &record, err) < 0)
		return -1;
	fd = store_job_create(job, ret_name, err);
	if (fd < 0)
		return -1;
	r = write_all(fd, strbuf_peek(&record), record.len);
	return r < 0 ? fail_errno(err, r, "store: write the image's record") : 0;
}

int store_commit_image(struct store_job *job, const struct store_commit *commit, struct error *err)
{
	const char *hex = DIGEST_HEX(commit->image->id);
	autofree char *name = NULL, *path = text_format(STORE_IMAGES "/%s", hex);
	autoclose int lock = -1;
	int r;

	if (!path)
		return fail_oom(err);
	if (commit->image->config->created)
		clock_parse_rfc3339(commit->image->config->created, &commit->image->created_ns);
	if (write_record(job, commit, &name, err) < 0)
		return -1;
	lock = store_lock_take(job->storefd, STORE_RECORDS);
	if (lock < 0)
		return fail_errno(err, lock, "store: lock");
	if (store_job_publish(job, name, path, err) < 0)
		return -1;
	r = commit->name_file ? store_put_name(job->storefd, commit->name_file, hex) : 0;
	return r < 0 ? fail_errno(err, r, "image name %.200s", commit->name) : 0;
}
