/* run_state.h - the file `pid` in a container's runtime directory: who runs it. Text, one `key value` a line;
 * written by the shim before the program can run, and again by the shim that adopts it.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/strbuf.h"
#include "sys/procfs.h"

struct run_state {
	pid_t pid, shim_pid;
	unsigned long long start_time, shim_start_time; /* field 22 of /proc/PID/stat */
	char boot_id[BOOT_ID_SIZE];
	char *cgroup_path;   /* relative; NULL: none */
	uint64_t started_ns; /* realtime */
	bool has_auto_remove;
	uint32_t namespaces;
};
void run_state_done(struct run_state *state);
DEFINE_AUTO_DONE(run_state)

int run_state_write(int runtime_dir_fd, const struct run_state *state);

/* -ENOENT when there is none, -ESTALE when it is of another boot, -EINVAL when it is none of ours. */
int run_state_read(int runtime_dir_fd, struct run_state *ret);
