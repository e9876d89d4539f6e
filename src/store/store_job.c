/* store_job.c - the directory and lock of one import or load. */
#include "store/store_job.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/random.h"
#include "base/strbuf.h"
#include "store/store_layout.h"
#include "store/store_lock.h"
#include "store/store_sweep.h"

static int prepare(struct store_job *job)
{
	char id[ID_HEX_SIZE];
	int r = random_id(id);

	job->lock = r < 0 ? r : store_lock_take(job->storefd, STORE_USE_SHARED);
	if (job->lock < 0)
		return job->lock;
	job->path = text_format(STORE_TMP "/%s", id);
	if (!job->path)
		return -ENOMEM;
	job->tmpfd = dir_open_make(job->storefd, job->path, 0700);
	return job->tmpfd < 0 ? job->tmpfd : 0;
}

int store_job_init(struct store_job *job, int storefd, const struct store_limits *limits, struct error *err)
{
	int r;

	*job = (struct store_job){ .storefd = storefd, .lock = -1, .tmpfd = -1, .limits = *limits };
	store_sweep_tmp(storefd);
	r = prepare(job);
	if (r < 0) {
		store_job_done(job);
		return fail_errno(err, r, "store");
	}
	return 0;
}

void store_job_done(struct store_job *job)
{
	if (job->path)
		dir_remove_tree(job->storefd, job->path);
	free(job->path);
	cleanup_close(&job->tmpfd);
	cleanup_close(&job->lock);
	*job = (struct store_job){ .storefd = -1, .lock = -1, .tmpfd = -1 };
}

int store_job_create(struct store_job *job, char **ret_name, struct error *err)
{
	autofree char *name = text_format("file.%u", job->counter++);
	int fd;

	if (!name)
		return fail_oom(err);
	fd = openat(job->tmpfd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail_errno(err, errno, "store: create a file");
	*ret_name = TAKE_PTR(name);
	return fd;
}

int store_job_publish(struct store_job *job, const char *name, const char *path, struct error *err)
{
	if (renameat(job->tmpfd, name, job->storefd, path) == 0 || errno == EEXIST || errno == ENOTEMPTY)
		return 0;
	return fail_errno(err, errno, "store: %s", path);
}
