/* container_config.h - what one container needs, whoever asks: service/ fills it from a spec, the library from the
 * flags of `run`. It is the one way in: every backend's create takes it. Plain data; every string is the config's own.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/strv.h"

enum mount_type {
	MOUNT_BIND,      /* source: a path on the host, absolute */
	MOUNT_VOLUME,    /* source: the name of a volume; a new one is filled from the image */
	MOUNT_ANONYMOUS, /* a volume of the container's own, removed with it */
	MOUNT_TMPFS,
};

struct container_mount {
	enum mount_type type;
	char *source; /* NULL for anonymous and tmpfs */
	char *target; /* absolute path in the container */
	bool is_read_only;
	uint64_t size_bytes; /* tmpfs: 0 = half of the memory, as tmpfs does */
	uint32_t mode;       /* tmpfs: permission bits of its root, 01777 when not said */
};

struct container_ulimit {
	char *name;          /* "nofile"; lower case, checked by the maker of the config */
	uint64_t soft, hard; /* UINT64_MAX: unlimited */
};

enum network_mode {
	NETWORK_DEFAULT, /* an own network namespace with lo alone, until networking is there */
	NETWORK_HOST,
	NETWORK_NONE,
};

#define GRACE_DEFAULT_MS 10000 /* docker's */
#define GRACE_UNSET UINT64_MAX

struct container_config {
	/* Identity. name is unique on the node: "deployment.service[.role].N", or what the user gave, or NULL: the
	 * backend makes one up. deployment, service and role are NULL for what `run` starts; replica counts from 1. */
	char *name;
	char *deployment, *service, *role;
	unsigned replica;

	char *image; /* reference as typed */

	/* Docker's rules: entrypoint replaces the image's ENTRYPOINT and drops its CMD; args replace CMD only. */
	struct strv entrypoint, args;
	bool has_entrypoint; /* set though empty: the image's is dropped */
	char *workdir;       /* NULL: the image's, else "/" */
	char *user;          /* "user[:group]", names or numbers; NULL: the image's */
	char *hostname;      /* NULL: the first 12 digits of the id */

	struct strv env;        /* NAME=VALUE, later wins; references to the agent's environment are resolved already */
	struct strv secret_env; /* NAME=$S:...; the value is fetched at each start and stored nowhere */
	struct strv labels;     /* NAME=VALUE */

	struct strv cap_add, cap_drop; /* with or without CAP_, any case; "ALL" */
	bool is_privileged;
	bool has_read_only_rootfs;

	struct container_mount *mounts;
	size_t n_mounts;
	struct container_ulimit *ulimits;
	size_t n_ulimits;

	double cpus;           /* cores; 0: no limit */
	uint64_t memory_bytes; /* 0: no limit */
	int64_t pids_limit;    /* 0 or -1: no limit */

	char *stop_signal;      /* NULL: the image's, else SIGTERM */
	uint64_t stop_grace_ms; /* GRACE_UNSET: GRACE_DEFAULT_MS */

	enum network_mode network_mode;
	bool has_auto_remove; /* `run --rm` */
};

/* An empty config with the defaults set (stop_grace_ms is GRACE_UNSET); NULL when memory is out. */
struct container_config *container_config_new(void);
void container_config_free(struct container_config *config);
DEFINE_AUTO(container_config)

/* Add one; the strings are copied. 0, or -1 with err: out of memory, a path that is not absolute, a second mount at
 * the same target, an unknown ulimit name. */
int container_config_add_mount(struct container_config *config, enum mount_type type, const char *source,
			       const char *target, struct container_mount **ret, struct error *err);
int container_config_add_ulimit(struct container_config *config, const char *name, uint64_t soft, uint64_t hard,
				struct error *err);

/* Strict checks that hold for every backend: name grammar, env names, hostname, signal, capability names, user text,
 * label names, limits. Fails with ERR_INVALID_SPEC naming the field. */
int container_config_check(const struct container_config *config, struct error *err);

/* The parts of that check that are made as the parts are added. */
int container_mount_check(const struct container_mount *mount, struct error *err);
int container_ulimit_check(const struct container_ulimit *ulimit, struct error *err);

/* An absolute path with single slashes, no "." and no slash at its end; the caller's. NULL with errno EINVAL when it
 * is not absolute, holds ".." or is longer than PATH_MAX, ENOMEM when memory is out. */
char *container_path_clean(const char *path);

/* Labels that the agent sets itself, from the identity above, and finds containers by. */
#define LABEL_DEPLOYMENT "zlayer.deployment"
#define LABEL_SERVICE "zlayer.service"
#define LABEL_ROLE "zlayer.role"
#define LABEL_REPLICA "zlayer.replica"

/* Whether the label name[0..len) is one of these. */
bool container_label_is_own(const char *name, size_t len);
