/* image.h - images on this node: import, load, list, tag, remove.
 *
 * `image` is what a user types: a reference ("hello", "docker.io/library/hello:1") or an id or the beginning of one, 4
 * digits and more. Archives are never read in the calling process: zlayer-store does it, confined. Import and load
 * block until all is on disk.
 */
#pragma once
#include <zlayer/client.h>

ZL_BEGIN_DECLS

struct zl_image_info {
	const char *id;              /* "sha256:...", of its config */
	const char *manifest_digest; /* "sha256:..." */
	const char *const *names;    /* normalised references, ended by NULL; never NULL */
	uint64_t size_bytes;         /* of its layers, unpacked */
	uint64_t created_ns;         /* as the image says */
};

/* A name as people type it, within the one given: "hello:latest" of "docker.io/library/hello:latest". */
ZL_API const char *zl_image_familiar_name(const char *name);

struct zl_image_list;

/* Newest first. */
ZL_API struct zl_image_list *zl_image_list_new(struct zl_client *client, struct zl_error *err);
ZL_API void zl_image_list_free(struct zl_image_list *list);
ZL_API size_t zl_image_list_count(const struct zl_image_list *list);
ZL_API const struct zl_image_info *zl_image_list_get(const struct zl_image_list *list, size_t i);

/* One JSON object with the keys of `docker image inspect`. */
ZL_API int zl_image_inspect(struct zl_client *client, const char *image, char **ret_json, struct zl_error *err);

struct zl_image_import_options {
	size_t size;
	const char *reference; /* name of the new image; NULL: none */
	const char *const *entrypoint, *const *cmd, *const *env;
	const char *workdir, *user;
	const char *message; /* a comment for its history */
};

/* Makes an image of one layer from a root file system's tar (plain, gzip or zstd) that fd, borrowed, gives. *ret_id is
 * "sha256:...". */
ZL_API int zl_image_import(struct zl_client *client, int fd, const struct zl_image_import_options *options,
			   char **ret_id, struct zl_error *err);

/* Loads the images of an OCI layout, `path` being its directory, or with path NULL of an OCI archive that fd, borrowed,
 * gives. *ret_names: their names, or ids of those that have none. */
ZL_API int zl_image_load(struct zl_client *client, int fd, const char *path, char ***ret_names, struct zl_error *err);

/* One more name for an image, taken from another one where that held it. */
ZL_API int zl_image_tag(struct zl_client *client, const char *image, const char *new_name, struct zl_error *err);

/* Takes the name away, and with its last name the image. CONFLICT while a container needs it, unless is_forced: its
 * layers stay even then. *ret_untagged are names, *ret_deleted ids. */
ZL_API int zl_image_remove(struct zl_client *client, const char *image, bool is_forced, char ***ret_untagged,
			   char ***ret_deleted, struct zl_error *err);

ZL_END_DECLS
