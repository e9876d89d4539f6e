/* store.h - images on disk: content-addressed blobs, layers unpacked once, named images.
 *
 * Everything lives under one directory (ZLAYER_ROOT_DIR/store):
 *   blobs/sha256/HEX      verified content: layers as they came, configs, manifests
 *   layers/HEX/root/      the unpacked layer of diffID HEX in overlayfs' own form
 *   images/HEX            one file an image (HEX is the config digest): all that running it needs, prepared
 *   names/                one symlink a name: the normalised reference -> ../images/HEX
 *   tmp/                  half-made things; emptied by whoever holds the store's lock
 * Readers take no lock: every entry appears by rename, whole. Writers hold flocks (store_lock.h). Archives are never
 * parsed in the calling process: import, load and unpack are done by `zlayer-store`, spawned confined.
 *
 * Threads: calls on one store may be made from any thread, one at a time.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/strv.h"
#include "oci/image_config.h"
#include "store/store_limits.h"

struct store;

/* Opens (making the directories where they are missing, 0700) the store below root_dir. program: path of
 * `zlayer-store`, copied; needed by the writing calls only. NULL on failure. */
struct store *store_open(const char *root_dir, const char *program, struct error *err);
void store_free(struct store *store);
DEFINE_AUTO(store)

/* What archives may ask for, from now on (store_limits.h); the default is STORE_LIMITS_DEFAULT. */
void store_set_limits(struct store *store, const struct store_limits *limits);

struct image {
	char *id;              /* "sha256:..." of its config */
	char *manifest_digest; /* of its manifest */
	struct strv names;     /* normalised references, "docker.io/library/hello:latest" (see store_get_image) */
	uint64_t size_bytes;   /* of its layers, unpacked */
	uint64_t created_ns;   /* as the image says; 0 when it does not */
	struct image_config *config;
	struct strv layer_dirs; /* absolute paths of the unpacked layers, lowest first: overlayfs' lower directories.
				 * One that the image has twice stands where it is uppermost, once */
};
void image_free(struct image *image);
DEFINE_AUTO(image)

struct image_list {
	struct image **items;
	size_t count;
};
void image_list_done(struct image_list *list);
DEFINE_AUTO_DONE(image_list)

/* name: a reference as typed, or the image's id or an unambiguous prefix of it (4 digits and more). ERR_NOT_FOUND
 * says how to get it; ERR_CONFLICT lists the candidates of an ambiguous prefix. On the way of every `run`, so it
 * reads one file: (*ret)->names has only the name that it was found by. */
int store_get_image(struct store *store, const char *name, struct image **ret, struct error *err);

/* Makes image->names whole, sorted. */
int store_get_image_names(struct store *store, struct image *image, struct error *err);

/* All images with all names, newest first. */
int store_list_images(struct store *store, struct image_list *ret, struct error *err);

/* Gives an image one more name, taking it from another image where that held it. */
int store_tag_image(struct store *store, const char *name, const char *new_name, struct error *err);

/* Takes the name away; with the last name the image and what no other image needs go too. By id: all its names,
 * of which more than one need is_forced. in_use (NULL: none) holds the ids of images that containers need: taking
 * their last name is ERR_CONFLICT unless is_forced, and even then the image stays, nameless. */
int store_remove_image(struct store *store, const char *name, const struct strv *in_use, bool is_forced,
		       struct strv *ret_untagged, struct strv *ret_deleted, struct error *err);

struct import_options {
	const char *reference; /* name for the new image; NULL: none */
	struct strv entrypoint, cmd, env;
	const char *workdir, *user; /* NULL: not set */
	const char *message;        /* NULL or a comment for the history */
};

/* Makes an image of one layer from a rootfs tar (plain, gzip or zstd) read from fd. *ret_id is "sha256:..." of
 * its config. Its creation time is that of the newest entry: the same tar with the same options is the same
 * image. */
int store_import(struct store *store, int fd, const struct import_options *options, char **ret_id, struct error *err);

/* Loads every image of an OCI layout (path of a directory) or of an OCI archive (path of a file; path NULL: a
 * tar, which may be compressed, read from fd); ret_names gets the names, or ids of nameless ones. An index gives
 * the host's platform. */
int store_load(struct store *store, int fd, const char *path, struct strv *ret_names, struct error *err);

/* Copies the image's whole file system into an existing empty directory, for `bundle` and where overlayfs is not
 * to be had: whiteouts applied, hard links kept. A failure leaves what was copied so far. */
int store_copy_rootfs(struct store *store, const struct image *image, int target_dirfd, struct error *err);
