/* cmd_exec.c - `zlayer exec`: one more program in a running container. */
#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/option_value.h"
#include <zlayer/container.h>

struct exec_flags {
	struct strv env;
	const char *user, *workdir;
	bool is_privileged, is_interactive;
};

#define AT(member) offsetof(struct exec_flags, member)

static const struct command_option table[] = {
	{ "detach", 'd' },
	{ "detach-keys", 0, "KEYS" },
	{ "env", 'e', "NAME[=VALUE]", "Set an environment variable, or pass one on", option_env, AT(env) },
	{ "env-file", 0, "FILE", "Read environment variables from a file", option_env_file, AT(env) },
	{ "interactive", 'i', NULL, "Pass standard input to it", option_flag, AT(is_interactive) },
	{ "privileged", 0, NULL, "Give all capabilities, no seccomp filter", option_flag, AT(is_privileged) },
	{ "tty", 't' },
	{ "user", 'u', "USER[:GROUP]", "User and group to run as, names or numbers", option_text, AT(user) },
	{ "workdir", 'w', "PATH", "Working directory inside the container", option_text, AT(workdir) },
	{ 0 },
};

static int run(struct call *call, struct zl_error *err)
{
	const struct exec_flags *flags = call->flags;
	autoclose int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	int code;

	if (nothing < 0)
		return command_error(err, ZL_ERR_INTERNAL, errno, "/dev/null");
	if (zl_container_exec(call->client, call->args[0],
			      &(struct zl_exec_options){
				      .size = sizeof(struct zl_exec_options),
				      .argv = (const char *const *)call->args + 1,
				      .env = (const char *const *)flags->env.items,
				      .user = flags->user,
				      .workdir = flags->workdir,
				      .is_privileged = flags->is_privileged,
				      .stdin_fd = flags->is_interactive ? STDIN_FILENO : nothing,
				      .stdout_fd = STDOUT_FILENO,
				      .stderr_fd = STDERR_FILENO,
			      },
			      &code, err) < 0)
		return -1;
	return code;
}

static void done(void *flags)
{
	strv_done(&((struct exec_flags *)flags)->env);
}

const struct command cmd_exec = {
	.name = "exec",
	.synopsis = "[OPTION]... CONTAINER COMMAND [ARGUMENT]...",
	.summary = "Run one more program in a running container",
	.description =
		"The exit code is the program's: 128 + N when signal N ended it, 127 when it does not exist, 126\n"
		"when it cannot be executed, 125 when `exec` itself could not do its work.",
	.group = GROUP_CONTAINERS,
	.options = (const struct command_option *const[]){ table, NULL },
	.min_args = 2,
	.max_args = -1,
	.options_end_after = 1,
	.has_docker_exit_status = true,
	.flags_size = sizeof(struct exec_flags),
	.done = done,
	.run = run,
};
