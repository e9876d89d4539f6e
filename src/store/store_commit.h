/* store_commit.h - the last step of an import or load: the image's record and names appear. */
#pragma once
#include "base/strv.h"
#include "store/store.h"
#include "store/store_job.h"

struct store_commit {
	struct image *image;      /* id, manifest_digest, size_bytes, config set */
	const struct strv *blobs; /* all digests of the image */
	const char *name;         /* normalised reference, or NULL */
	const char *name_file;    /* of it in names/ */
};

/* Everything that the record refers to must be in the store. */
int store_commit_image(struct store_job *job, const struct store_commit *commit, struct error *err);
