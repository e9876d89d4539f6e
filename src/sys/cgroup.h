/* cgroup.h - control groups as files, cgroupfs driver: v1 (one hierarchy a controller), hybrid (v1 and a v2 tree
 * without controllers) and v2. A group is one path in every hierarchy. No policy, no text: negative errno.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"
#include "sys/device_filter.h"

#define CGROUP_MOST_HIERARCHIES 20
#define CGROUP_NAME_SIZE 32

enum cgroup_layout { CGROUP_V1, CGROUP_HYBRID, CGROUP_V2 };

/* What is mounted at /sys/fs/cgroup: enum cgroup_layout, or -ENOENT when no cgroup file system is there. */
int cgroup_layout_get(void);

struct cgroup_hierarchy {
	/* As its directory is called: "memory", "cpu,cpuacct"; "" on v2, "unified" on hybrid. */
	char name[CGROUP_NAME_SIZE];
	bool is_v2;
	int fd; /* the group's directory */
};

struct cgroup {
	struct cgroup_hierarchy hierarchies[CGROUP_MOST_HIERARCHIES];
	size_t n;
};

void cgroup_done(struct cgroup *group);
DEFINE_AUTO_DONE(cgroup)

/* Makes the group (parents too, controllers enabled on the way) in every hierarchy. -EEXIST when it stands anywhere
 * already. path is relative, "zlayer/ID". A failure leaves nothing of the last component. */
int cgroup_make(const char *path, struct cgroup *ret);

/* Opens an existing one; hierarchies where it is missing are left out. -ENOENT when it is in none. */
int cgroup_open(const char *path, struct cgroup *ret);

struct cgroup_limits {
	int64_t memory_bytes; /* 0: not set; -1: none */
	int64_t cpu_quota_us; /* 0: not set; -1: none */
	uint64_t cpu_period_us;
	int64_t pids;                           /* 0: not set; -1: none */
	const struct device_rule *device_rules; /* in order, the last match decides */
	size_t n_device_rules;
};

/* *ret_file names, on failure, the file that refused (static memory): "memory.max". */
int cgroup_set_limits(const struct cgroup *group, const struct cgroup_limits *limits, const char **ret_file);

/* The v2 directory for clone3's CLONE_INTO_CGROUP, or -1. */
int cgroup_clone_fd(const struct cgroup *group);

/* Puts the calling process, which must have one thread, into every v1 hierarchy of the group: through `tasks`,
 * because a write to cgroup.procs waits for an RCU grace period (11 ms). has_v2: into the v2 one as well. */
int cgroup_join(const struct cgroup *group, bool has_v2);

/* SIGKILLs every process of the group. */
int cgroup_kill(const struct cgroup *group);

/* How many times the kernel's OOM killer struck in it. 0 when the controller is not there. */
uint64_t cgroup_oom_kills(const struct cgroup *group);

/* Removes the group and those below it from every hierarchy, killing what is in them; waits up to a second for the
 * dead to go. Its parent
 * goes too where it is empty then. A missing one is fine. */
int cgroup_remove(const char *path);

/* Reads one file of the group by controller ("memory") and name; v2 ignores the controller. Length or negative
 * errno. */
ssize_t cgroup_read(const struct cgroup *group, const char *controller, const char *file, char *ret, size_t size);
int cgroup_write(const struct cgroup *group, const char *controller, const char *file, const char *text);

/* The file itself, the caller's fd; -ENOENT where the controller is not there. */
int cgroup_open_file(const struct cgroup *group, const char *controller, const char *file, int flags);
