/* image_layout.h - an OCI image layout (image-spec 1.1, image-layout.md) in a directory, as a source of blobs. */
#pragma once
#include "base/cleanup.h"
#include "oci/blob_source.h"

/* dirfd is borrowed. Fails with ERR_INVALID_SPEC when the directory is no layout, ERR_UNSUPPORTED when it is one
 * of another version. Nothing in it is reached through a symlink. read_manifest gives index.json, whatever
 * reference says. */
struct blob_source *image_layout_open(int dirfd, struct error *err);
void image_layout_free(struct blob_source *source);
