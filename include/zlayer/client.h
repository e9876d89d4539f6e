/* client.h - the way to one node's containers, images and deployments: which directories, which backend. */
#pragma once
#include <zlayer/error.h>

ZL_BEGIN_DECLS

/* Cheap: opens nothing until something needs it. */
struct zl_client;

/* A member that is NULL is taken from the environment variable named beside it, else the default. The environment is
 * not read in a set-user-id program. */
struct zl_client_options {
	size_t size;
	const char *runtime;     /* ZLAYER_RUNTIME; "auto", or a backend's name: "native" (also "youki"), "fake" */
	const char *root_dir;    /* ZLAYER_ROOT_DIR; /var/lib/zlayer: what survives a reboot */
	const char *runtime_dir; /* ZLAYER_RUNTIME_DIR; /var/run/zlayer: what does not */
	const char
		*libexec_dir; /* ZLAYER_LIBEXEC_DIR; where zlayer-shim and zlayer-store stand; as configured at build */
	const char *cgroup_parent; /* ZLAYER_CGROUP_PARENT; below the cgroup root, where containers' cgroups are made */
};

/* options NULL: all from the environment. The strings are copied. NULL when memory is out or a directory is not an
 * absolute path. */
ZL_API struct zl_client *zl_client_new(const struct zl_client_options *options, struct zl_error *err);

/* Containers go on running; NULL is fine. Everything made from the client is freed before. */
ZL_API void zl_client_free(struct zl_client *client);

/* Opens the backend now, where else the first call that needs it would. With "auto", the error (CONFIGURATION) names
 * each thing that is missing and its remedy. A second call does nothing. May block on the file system. */
ZL_API int zl_client_open_runtime(struct zl_client *client, struct zl_error *err);

/* Borrowed. The backend's name is NULL until it is open. */
ZL_API const char *zl_client_runtime_name(const struct zl_client *client);
ZL_API const char *zl_client_root_dir(const struct zl_client *client);
ZL_API const char *zl_client_runtime_dir(const struct zl_client *client);
ZL_API const char *zl_client_libexec_dir(const struct zl_client *client);

/* One JSON object about this node, with `docker info`'s keys where there is one: versions, directories, cgroups, which
 * backends are there and which is chosen, counts. What cannot be found out is null; a backend that does not open is
 * told in it, not an error. */
ZL_API int zl_client_inspect(struct zl_client *client, char **ret_json, struct zl_error *err);

ZL_END_DECLS
