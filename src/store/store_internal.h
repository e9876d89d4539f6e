/* store_internal.h - what the files of the reading side share. */
#pragma once
#include "store/store.h"
#include "store/store_limits.h"

struct store {
	char *path;    /* absolute, of the store's own directory */
	char *program; /* of zlayer-store, or NULL */
	int fd;        /* of path */
	struct store_limits limits;
};

/* Reads images/HEX (path relative to the store) with layer_dirs and without names. ERR_NOT_FOUND when it is not
 * there. */
int store_read_record(struct store *store, const char *path, struct image **ret, struct strv *ret_blobs,
		      struct error *err);

/* Adds the names of the image to image->names, sorted. */
int store_add_names(struct store *store, struct image *image, struct error *err);

/* The same for many at once: images sorted by id. */
int store_add_names_to_all(struct store *store, struct image_list *images, struct error *err);

/* names/FILE of a reference as typed; *ret_full may be NULL. */
int store_name_file(const char *reference, char **ret_file, char **ret_full, struct error *err);
