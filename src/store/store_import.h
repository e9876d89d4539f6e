/* store_import.h - what zlayer-store does with an open job: images from a rootfs tar, from a layout, from an
 * archive. */
#pragma once
#include "oci/blob_source.h"
#include "store/store.h"
#include "store/store_job.h"

/* store_import of store.h, on the side that parses. */
int store_job_import(struct store_job *job, int fd, const struct import_options *options, char **ret_id,
		     struct error *err);

/* Every image of the source; ret_names gets names or ids. */
int store_job_load(struct store_job *job, struct blob_source *source, struct strv *ret_names, struct error *err);

/* Unpacks the tar of a layout into a directory of the job's: its fd, yours, or -1. */
int store_job_open_archive(struct store_job *job, int fd, struct error *err);
