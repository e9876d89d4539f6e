/* plan.h - what the shim needs to know to start a container or to run one more program in it: one flat block,
 * self-contained, handed over in a sealed memfd. Made by runtime/native with plan_builder.h, executed by launch.h.
 * Offsets count from the start of the block; 0 means "none". Never stored: it holds the values of secrets.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_MAGIC 0x4e504c5aU /* "ZLPN" */
#define PLAN_VERSION 1
#define PLAN_LIMIT (64UL << 20)

typedef uint32_t plan_text; /* offset of a NUL-terminated string */

struct plan_array {
	uint32_t offset, count;
};

enum plan_flags {
	PLAN_NO_NEW_PRIVILEGES = 1 << 0,
	PLAN_READ_ONLY_ROOT = 1 << 1,
	PLAN_LOOPBACK_UP = 1 << 2, /* in the new network namespace */
	PLAN_HAS_UMASK = 1 << 3,
	PLAN_HAS_OOM_SCORE = 1 << 4,
	PLAN_AUTO_REMOVE = 1 << 5, /* the exit record is not synced; cleanup_argv is run when nobody holds the start */
};

enum plan_mount_kind {
	PLAN_MOUNT_FS,     /* a new file system of fs_type with options */
	PLAN_MOUNT_BIND,   /* source: a path of the host */
	PLAN_MOUNT_CGROUP, /* this container's part of the control groups, whatever the layout */
};

enum plan_mount_flags {
	PLAN_MOUNT_IS_FILE = 1 << 0,   /* bind: the target is made as a file where it is missing */
	PLAN_MOUNT_RECURSIVE = 1 << 1, /* bind: with what is mounted below */
	PLAN_MOUNT_FILL = 1 << 2,      /* bind: a volume; an empty new one gets what the image has at the target */
	PLAN_MOUNT_NO_LINKS = 1 << 3,  /* the target must be reached without a link: /proc and /sys */
	PLAN_MOUNT_OPTIONAL = 1 << 4,  /* a file system that this kernel does not have is passed over */
};

struct plan_mount {
	uint32_t kind, flags;
	plan_text target, source, fs_type;
	struct plan_array options; /* plan_text: "size=65536k" or "newinstance" */
	uint64_t attributes;       /* MOUNT_ATTR_* */
	uint32_t propagation;      /* MS_*, 0: private */
	uint32_t unused;
};

struct plan_device { /* a node below /dev */
	plan_text path;
	uint32_t mode; /* with S_IFCHR, S_IFBLK or S_IFIFO */
	uint32_t major, minor, uid, gid;
};

struct plan_rlimit {
	uint32_t resource, unused;
	uint64_t soft, hard;
};

struct plan_device_rule {
	uint32_t is_allowed, type, access, unused;
	int64_t major, minor;
};

enum { PLAN_CAP_BOUNDING, PLAN_CAP_EFFECTIVE, PLAN_CAP_PERMITTED, PLAN_CAP_INHERITABLE, PLAN_CAP_AMBIENT, PLAN_N_CAPS };

struct plan {
	uint32_t magic, version, size, flags;
	plan_text name; /* for error texts and the log */

	/* The process; all that a plan for exec has. */
	struct plan_array argv, env; /* plan_text */
	plan_text cwd;
	plan_text user; /* "name[:group]" to be resolved in the root, or 0: the numbers */
	uint32_t uid, gid;
	struct plan_array extra_gids; /* uint32_t */
	uint32_t umask;
	int32_t oom_score_adj;
	uint64_t caps[PLAN_N_CAPS];
	struct plan_array rlimits; /* struct plan_rlimit */
	struct plan_array seccomp; /* struct sock_filter, already with its prologue */

	/* The container. */
	uint32_t namespaces; /* CLONE_NEW* */
	plan_text hostname;
	struct plan_array lower_dirs; /* plan_text, highest layer first; none: root_dir */
	plan_text root_dir;
	struct plan_array mounts;       /* struct plan_mount, in order */
	struct plan_array masked_paths; /* plan_text */
	struct plan_array read_only_paths;
	struct plan_array devices; /* struct plan_device */
	struct plan_array sysctls; /* plan_text "name=value" */

	plan_text cgroup_path; /* relative to the hierarchies' roots; 0: none */
	int64_t memory_bytes, cpu_quota_us, pids;
	uint64_t cpu_period_us;
	struct plan_array device_rules; /* struct plan_device_rule */

	/* The shim. */
	uint64_t log_segment_bytes;     /* a segment is closed past this size */
	uint32_t log_most_segments;     /* the oldest goes when there would be more */
	uint32_t seccomp_flags;         /* SECCOMP_FILTER_FLAG_* */
	struct plan_array cleanup_argv; /* plan_text */
};

/* Maps the plan in fd (borrowed) read-only. 0, or -EINVAL when it is none of ours. plan_unmap ends it. */
int plan_map(int fd, const struct plan **ret);
void plan_unmap(const struct plan *plan);

/* Borrowed from the block; "" for 0 and for what lies outside. */
const char *plan_get_text(const struct plan *plan, plan_text text);

/* The items of an array, or NULL with *ret_count 0 when it is empty or lies outside. */
const void *plan_get_array(const struct plan *plan, struct plan_array array, size_t item_size, size_t *ret_count);

/* for each item: PLAN_FOR_EACH(plan, mounts, struct plan_mount, m) ... */
#define PLAN_FOR_EACH(plan, member, type, item)                                                            \
	for (size_t item##_count = 0, item##_once = 1; item##_once; item##_once = 0)                       \
		for (const type *item = plan_get_array(plan, (plan)->member, sizeof(type), &item##_count), \
				*item##_end = item ? item + item##_count : item;                           \
		     item != item##_end; item++)
