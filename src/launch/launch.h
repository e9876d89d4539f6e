/* launch.h - from a plan to a running container, and one more program into it. The only code that runs between
 * clone3 and exec; libc and sys alone. The caller has one thread and is the parent of what it starts.
 */
#pragma once
#include <sys/types.h>

#include "base/error.h"
#include "launch/plan.h"
#include "sys/cgroup.h"
#include "sys/userdb.h"

#define LAUNCH_MOST_MOUNTS 256

/* A container being started, and what remains of that while it runs. */
struct launch {
	const struct plan *plan;
	int container_dir_fd; /* borrowed: upper/ and work/ of the root */
	int stdio[3];         /* borrowed; become the program's */

	/* Told once the process exists and before its program can run: the pid is to be written down. */
	int (*process_made)(struct launch *l, void *userdata, struct error *err);
	void *userdata;

	/* Filled by the steps. */
	struct cgroup cgroup;
	int root_fd; /* the detached root */
	struct userdb_user user;
	int mount_fds[LAUNCH_MOST_MOUNTS]; /* detached sources of the plan's mounts, -1 where it has none */
	int mask_fds[LAUNCH_MOST_MOUNTS];  /* detached binds of /dev/null, taken one by one */
	size_t n_mask_fds;
	int channel; /* to the child: what failed comes from it, "go" goes to it */
	pid_t pid;
	int pidfd;
};

void launch_init(struct launch *l, const struct plan *plan);
void launch_done(struct launch *l); /* closes; the container goes on */
DEFINE_AUTO_DONE(launch)

/* Runs the steps; 0 once the program runs (exec has succeeded). On failure what was made is undone, last first, and
 * the error begins with the step's name. */
int launch_container(struct launch *l, struct error *err);

/* Starts one more program in the container whose PID 1 is pidfd: joins its namespaces and cgroup. stdio is borrowed.
 * The program becomes a child of the caller; *ret_pid. */
int launch_exec(const struct plan *plan, int container_pidfd, const struct cgroup *cgroup, const int stdio[3],
		pid_t *ret_pid, struct error *err);
