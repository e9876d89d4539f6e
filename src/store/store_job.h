/* store_job.h - one import or load while it is at work: its own directory below tmp/, and the lock that keeps it
 * there.
 *
 * Whatever is made stands below tmp/ until it is whole and verified; then it is renamed into place. A job that dies
 * leaves a directory in tmp/ for the next one, and perhaps layers and blobs that no image refers to.
 */
#pragma once
#include "base/cleanup.h"
#include "base/error.h"
#include "store/store_limits.h"

struct store_job {
	int storefd;
	int lock;
	int tmpfd;  /* of tmp/ID */
	char *path; /* "tmp/ID" */
	struct store_limits limits;
	unsigned counter; /* names things in tmp/ID */
};

/* storefd is borrowed. Sweeps tmp/ first when nobody else is at work. */
int store_job_init(struct store_job *job, int storefd, const struct store_limits *limits, struct error *err);
void store_job_done(struct store_job *job);
DEFINE_AUTO_DONE(store_job)

/* A new file in the job's directory; *ret_name is yours. fd or -1. */
int store_job_create(struct store_job *job, char **ret_name, struct error *err);

/* tmp/ID/NAME -> PATH. What stands there already is as good: then ours stays behind, to be swept. */
int store_job_publish(struct store_job *job, const char *name, const char *path, struct error *err);
