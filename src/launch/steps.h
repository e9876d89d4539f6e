/* steps.h - the steps of a launch, for execute.c's tables. Each returns 0, or -1 with err; one that fails has
 * cleaned up after itself. Private to launch/.
 */
#pragma once
#include "launch/launch.h"

struct launch_step {
	const char *name;
	int (*run)(struct launch *l, struct error *err);
	void (*undo)(struct launch *l); /* NULL: leaves nothing outside this process */
};

/* root.c */
int make_root(struct launch *l, struct error *err);
int enter_root(struct launch *l, struct error *err);
int seal_root(struct launch *l, struct error *err);

/* mounts.c */
int fill_volumes(struct launch *l, struct error *err);
int open_mount_sources(struct launch *l, struct error *err);
int attach_mounts(struct launch *l, struct error *err);

/* masks.c */
int open_mask_sources(struct launch *l, struct error *err);
int make_devices(struct launch *l, struct error *err);
int mask_paths(struct launch *l, struct error *err);

/* process.c: what the program is given, for a container's first process and for exec alike */
int resolve_user(const struct plan *plan, int root_fd, struct userdb_user *ret, struct error *err);
int give_stdio(const int stdio[3], const struct userdb_user *user);
int set_limits(const struct plan *plan, struct error *err);
int enter_working_directory(const struct plan *plan, const struct userdb_user *user, struct error *err);
int drop_privileges(const struct plan *plan, const struct userdb_user *user, struct error *err);
int take_stdio(const int stdio[3], struct error *err);

/* program.c: does not return on success. Undoes what the shim did to its signals. */
int run_program(const struct plan *plan, const struct userdb_user *user, struct error *err);

/* child.c: runs in the new process; never returns */
__attribute__((noreturn)) void run_child(struct launch *l);

/* Reports err to the parent over the channel and ends. */
__attribute__((noreturn)) void fail_child(int channel, const struct error *err);

/* Parent's side: 0 when exec succeeded (the channel closed), -1 with the child's error. */
int await_child(int channel, struct error *err);
