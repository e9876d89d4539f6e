/* runtime_config.h - config.json of the OCI runtime-spec 1.1, Linux parts: printed from a container_config and an
 * image's config, and parsed (whoever wrote it) into what a plan is made from. Strings are the struct's own.
 */
#pragma once
#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "base/strv.h"
#include "oci/container_config.h"
#include "oci/image_config.h"
#include "oci/secret_source.h"
#include "sys/device_scan.h"

/* Annotations of ours in config.json. What runc or crun need stands in the standard fields; these keep what has no
 * field. */
#define ANNOTATION_NAME "io.zlayer.name"
#define ANNOTATION_IMAGE "io.zlayer.image"             /* reference as typed */
#define ANNOTATION_IMAGE_ID "io.zlayer.image-id"       /* "sha256:..." */
#define ANNOTATION_CREATED "io.zlayer.created"         /* RFC 3339 */
#define ANNOTATION_USER "io.zlayer.user"               /* as typed: looked up at each start, before process.user */
#define ANNOTATION_STOP_SIGNAL "io.zlayer.stop-signal" /* "SIGTERM" */
#define ANNOTATION_STOP_GRACE "io.zlayer.stop-grace-ms"
#define ANNOTATION_NETWORK "io.zlayer.network"         /* default, host, none */
#define ANNOTATION_AUTO_REMOVE "io.zlayer.auto-remove" /* "true" */
#define ANNOTATION_SECCOMP "io.zlayer.seccomp"         /* "default": the prebuilt filter, in place of linux.seccomp */
#define ANNOTATION_LABEL_PREFIX "io.zlayer.label."     /* + NAME: a label, verbatim */
#define ANNOTATION_SECRET_PREFIX \
	"io.zlayer.secret-env."                      /* + NAME: reference; its value joins the environment at start */
#define ANNOTATION_VOLUME_PREFIX "io.zlayer.volume." /* + mount target: name of the volume, or "anonymous" */

struct runtime_mount {
	char *destination, *type, *source; /* type and source may be NULL */
	struct strv options;               /* as written */
};

struct runtime_rlimit {
	int resource; /* RLIMIT_* */
	uint64_t soft, hard;
};

struct runtime_device { /* linux.devices */
	char *path;
	char type; /* 'c', 'b', 'p' */
	uint32_t major, minor, mode, uid, gid;
};

struct runtime_device_rule { /* linux.resources.devices, in order */
	bool is_allowed;
	char type;            /* 'a', 'b', 'c' */
	int64_t major, minor; /* -1: any */
	unsigned access;      /* DEVICE_READ | ... */
};
enum { DEVICE_READ = 1, DEVICE_WRITE = 2, DEVICE_MKNOD = 4 };

struct runtime_config {
	struct strv args, env;
	char *cwd;
	bool has_terminal, has_no_new_privileges;
	uint32_t uid, gid, umask;
	bool has_umask;
	uint32_t *extra_gids;
	size_t n_extra_gids;
	uint64_t cap_bounding, cap_effective, cap_permitted, cap_inheritable, cap_ambient; /* 1 << CAP_x */
	struct runtime_rlimit *rlimits;
	size_t n_rlimits;
	bool has_oom_score_adj;
	int oom_score_adj;

	char *hostname;
	char *root_path; /* NULL in what the agent stores: its root is the overlay of the image's layers */
	bool has_read_only_root;
	struct runtime_mount *mounts;
	size_t n_mounts;
	struct strv masked_paths, read_only_paths;
	char *root_propagation; /* NULL: "private" */

	unsigned long namespaces;      /* CLONE_NEW* to make anew */
	struct strv joined_namespaces; /* "network=/proc/1/ns/net": with a path */
	char *cgroups_path;
	struct runtime_device *devices;
	size_t n_devices;
	struct runtime_device_rule *device_rules;
	size_t n_device_rules;
	int64_t memory_limit; /* bytes; 0: not said; -1: unlimited */
	int64_t cpu_quota_us; /* 0: not said */
	uint64_t cpu_period_us;
	int64_t pids_limit;  /* 0: not said; -1: unlimited */
	struct strv sysctls; /* NAME=VALUE */

	struct json_object *seccomp; /* borrowed from document; NULL: none */
	struct strv annotations;     /* NAME=VALUE, in the file's order; without those that have a '=' in their name */
	struct json_object *document;
};

void runtime_config_free(struct runtime_config *config);
DEFINE_AUTO(runtime_config)

/* Strict where safety hangs on it (ids, paths absolute, numbers in range, known namespaces and rlimits, known
 * capability names), lenient towards unknown keys, as the spec asks. NULL on failure. */
#define RUNTIME_CONFIG_LIMIT (8UL << 20)
struct runtime_config *runtime_config_parse(const char *json, size_t len, struct error *err);

/* The value of an annotation, borrowed, or NULL. */
const char *runtime_config_annotation(const struct runtime_config *config, const char *name);

/* What a bundle needs to know beside the two configs. */
struct bundle_context {
	const char *id;   /* 64 hex digits */
	const char *name; /* unique name of the container */
	const char *image_id;
	uint64_t created_ns;   /* realtime */
	const char *root_path; /* NULL: the agent's own overlay */
	/* NULL: names stay in ANNOTATION_USER, for the start; else user and groups are resolved now, in this root. */
	const int *rootfs_fd;
	bool has_inline_seccomp;             /* for other runtimes: all of linux.seccomp, "rro" binds */
	bool has_cgroup_v2;                  /* the mount at /sys/fs/cgroup */
	const struct secret_source *secrets; /* NULL: secrets stay references; else their values join process.env */
	const char *cgroups_path;
	/* The host's nodes, for a privileged container; others get none of them. */
	const struct device_list *host_devices;
	/* Host path of the volume behind a mount of type VOLUME or ANONYMOUS (the caller makes the directories); the
	 * result is freed by runtime_config_print. */
	char *(*volume_path)(void *userdata, const struct container_mount *mount, struct error *err);
	/* Host paths of the files bound over /etc/hosts, /etc/hostname and /etc/resolv.conf; NULL: not bound. */
	const char *hosts_path, *hostname_path, *resolv_conf_path;
	void *userdata;
};

/* The name that the container gets: the config's, else the host's with the host's network, else the first 12 digits of
 * id. The caller's; NULL when memory is out. */
char *runtime_config_hostname(const struct container_config *config, const char *id);

/* Merges config and image by Docker's rules and prints config.json. Fails with ERR_INVALID_SPEC naming the field: no
 * command to run, a bad user text, an unknown capability... */
int runtime_config_print(const struct container_config *config, const struct image_config *image,
			 const struct bundle_context *context, struct strbuf *out, struct error *err);
