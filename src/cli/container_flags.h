/* container_flags.h - the options that say what a container is, for the commands that make one. */
#pragma once
#include "cli/mount_option.h"
#include "cli/option_value.h"
#include "cli/ulimit_option.h"

/* First member of the flags of a command that has container_option_table among its tables. */
struct container_flags {
	struct strv env, labels, cap_add, cap_drop;
	struct mount_list mounts;
	struct ulimit_list ulimits;
	const char *name, *entrypoint, *workdir, *user, *hostname, *stop_signal;
	uint64_t memory_bytes;
	double cpus;
	int64_t pids_limit;
	struct seconds_value stop_timeout;
	enum zl_network_mode network;
	enum zl_pull_policy pull;
	bool is_privileged, is_read_only;
};

extern const struct command_option container_option_table[];

/* Docker's that are not there yet. */
extern const struct command_option unavailable_option_table[];

void container_flags_done(void *flags);

/* args: the image and what follows it. *ret borrows from flags and args; entrypoint_room is for it. */
void container_flags_options(const struct container_flags *flags, char **args, const char *entrypoint_room[2],
			     struct zl_container_options *ret);
