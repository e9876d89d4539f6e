/* cmd_run.c - `zlayer run`: a new container, in the foreground or left to itself. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/container_flags.h"
#include "cli/foreground.h"

struct run_flags {
	struct container_flags container;
	const char *cidfile;
	bool is_detached, has_auto_remove;
};

#define AT(member) offsetof(struct run_flags, member)

static const struct command_option table[] = {
	{ "cidfile", 0, "FILE", "Write the container's id to a new file", option_text, AT(cidfile) },
	{ "detach", 'd', NULL, "Leave it running and print its id", option_flag, AT(is_detached) },
	{ "rm", 0, NULL, "Remove the container once it has ended", option_flag, AT(has_auto_remove) },
	{ 0 },
};

/* The file is made before the container is: one that is there already stops the whole. */
static int open_cidfile(const char *path, int *ret_fd, struct zl_error *err)
{
	int fd;

	if (!path)
		return 0;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return command_error(err, ZL_ERR_CONFLICT, errno, "--cidfile %s", path);
	*ret_fd = fd;
	return 0;
}

static int create(struct call *call, const struct run_flags *flags, char id[ZL_ID_SIZE], struct zl_error *err)
{
	struct zl_container_options options;
	const char *entrypoint[2];
	autoclose int cidfile = -1;
	int r;

	if (open_cidfile(flags->cidfile, &cidfile, err) < 0)
		return -1;
	container_flags_options(&flags->container, call->args, entrypoint, &options);
	options.has_auto_remove = flags->has_auto_remove;
	if (zl_container_create(call->client, &options, id, err) < 0) {
		if (cidfile >= 0)
			unlink(flags->cidfile);
		return -1;
	}
	r = cidfile >= 0 ? write_all(cidfile, id, strlen(id)) : 0;
	return r < 0 ? command_error(err, ZL_ERR_INTERNAL, -r, "--cidfile %s", flags->cidfile) : 0;
}

/* With --rm nothing is left of a container that could not be started. */
static int start(struct call *call, const struct run_flags *flags, const char *id, struct zl_error *err)
{
	if (zl_container_start(call->client, id, err) == 0)
		return 0;
	if (flags->has_auto_remove)
		zl_container_remove(call->client, id, ZL_REMOVE_FORCE | ZL_REMOVE_VOLUMES, NULL);
	return -1;
}

static int run(struct call *call, struct zl_error *err)
{
	const struct run_flags *flags = call->flags;
	autoclose int signals = -1;
	char id[ZL_ID_SIZE];

	if (!flags->is_detached) {
		signals = signal_watch_open(err);
		if (signals < 0)
			return -1;
	}
	if (create(call, flags, id, err) < 0 || start(call, flags, id, err) < 0)
		return -1;
	if (!flags->is_detached)
		return foreground_follow(call->client, id, signals, flags->has_auto_remove, err);
	printf("%s\n", id);
	return 0;
}

const struct command cmd_run = {
	.name = "run",
	.synopsis = "[OPTION]... IMAGE [ARGUMENT]...",
	.summary = "Run a program in a new container",
	.description =
		"In the foreground, what the program writes is passed on byte by byte, signals are passed to it (the\n"
		"third SIGINT or SIGTERM kills it), and its exit code becomes that of `run`: 128 + N when signal N\n"
		"ended it, 127 when the program does not exist, 126 when it cannot be executed, 125 when `run` itself\n"
		"could not do its work. ARGUMENTs replace the image's CMD; --entrypoint replaces its ENTRYPOINT.",
	.group = GROUP_CONTAINERS,
	.options =
		(const struct command_option *const[]){ table, container_option_table, unavailable_option_table, NULL },
	.min_args = 1,
	.max_args = -1,
	.options_end_after = 1,
	.has_docker_exit_status = true,
	.flags_size = sizeof(struct run_flags),
	.done = container_flags_done,
	.run = run,
};
