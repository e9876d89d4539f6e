/* cmd_image_import.c - `zlayer image import` and `load`: images out of archives. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/option_value.h"
#include <zlayer/image.h>

struct import_flags {
	struct strv entrypoint, cmd, env;
	const char *workdir, *user, *message;
};

/* "[\"/bin/sh\", \"-c\"]" is a list; any other text is one word of it, and the option may be repeated. */
static int option_words(void *target, const char *value, struct zl_error *err)
{
	AUTO_JSON array = NULL;

	if (*value != '[')
		return option_list(target, value, err);
	array = json_parse(value, strlen(value), "list", NULL);
	if (!json_object_is_type(array, json_type_array))
		return usage_error(err, "%s: a JSON list of texts is wanted, or a word", value);
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		struct json_object *word = json_object_array_get_idx(array, i);

		if (!json_object_is_type(word, json_type_string))
			return usage_error(err, "%s: a JSON list of texts is wanted, or a word", value);
		if (option_list(target, json_object_get_string(word), err) < 0)
			return -1;
	}
	return 0;
}

#define AT(member) offsetof(struct import_flags, member)

static const struct command_option table[] = {
	{ "change", 'c', "INSTRUCTION" },
	{ "cmd", 0, "WORD|LIST", "Default arguments; repeat for each, or a JSON list", option_words, AT(cmd) },
	{ "entrypoint", 0, "WORD|LIST", "Program; repeat for each word, or a JSON list", option_words, AT(entrypoint) },
	{ "env", 'e', "NAME[=VALUE]", "Set an environment variable", option_env, AT(env) },
	{ "message", 'm', "TEXT", "A comment for the image's history", option_text, AT(message) },
	{ "platform", 0, "PLATFORM" },
	{ "user", 'u', "USER[:GROUP]", "User and group to run as", option_text, AT(user) },
	{ "workdir", 'w', "PATH", "Working directory", option_text, AT(workdir) },
	{ 0 },
};

/* "-" is standard input, not a file of that name. */
static int open_archive(const char *path, int *ret_fd, struct zl_error *err)
{
	int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
					: open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return command_error(err, ZL_ERR_NOT_FOUND, errno, "%s", path);
	*ret_fd = fd;
	return 0;
}

static int import(struct call *call, struct zl_error *err)
{
	const struct import_flags *flags = call->flags;
	autoclose int fd = -1;
	autofree char *id = NULL;
	struct zl_image_import_options options = {
		.size = sizeof(options),
		.reference = call->args[1],
		.entrypoint = (const char *const *)flags->entrypoint.items,
		.cmd = (const char *const *)flags->cmd.items,
		.env = (const char *const *)flags->env.items,
		.workdir = flags->workdir,
		.user = flags->user,
		.message = flags->message,
	};

	if (open_archive(call->args[0], &fd, err) < 0 || zl_image_import(call->client, fd, &options, &id, err) < 0)
		return -1;
	puts(id);
	return 0;
}

static void done(void *flags)
{
	struct import_flags *f = flags;

	strv_done(&f->entrypoint);
	strv_done(&f->cmd);
	strv_done(&f->env);
}

const struct command cmd_image_import = {
	.name = "import",
	.synopsis = "[OPTION]... FILE|- [NAME]",
	.summary = "Make an image of a root file system's tar",
	.description = "The archive may be plain, gzip or zstd; - reads standard input. Prints the image's id.",
	.group = GROUP_IMAGES,
	.options = (const struct command_option *const[]){ table, NULL },
	.min_args = 1,
	.max_args = 2,
	.flags_size = sizeof(struct import_flags),
	.done = done,
	.run = import,
};

/* ---- load ---- */

struct load_flags {
	const char *input;
	bool is_quiet;
};

static const struct command_option load_table[] = {
	{ "input", 'i', "FILE", "Read this instead of standard input", option_text,
	  offsetof(struct load_flags, input) },
	{ "quiet", 'q', NULL, "Print nothing", option_flag, offsetof(struct load_flags, is_quiet) },
	{ 0 },
};

static int load(struct call *call, struct zl_error *err)
{
	const struct load_flags *flags = call->flags;
	const char *input = flags->input ? flags->input : call->args[0] ? call->args[0] : "-";
	autoclose int fd = -1;
	char **names;
	struct stat st;

	if (open_archive(input, &fd, err) < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		return command_error(err, ZL_ERR_INTERNAL, errno, "%s", input);
	if (zl_image_load(call->client, fd, S_ISDIR(st.st_mode) ? input : NULL, &names, err) < 0)
		return -1;
	for (char **name = names; *name && !flags->is_quiet; name++)
		printf("Loaded image%s: %s\n", strncmp(*name, "sha256:", 7) == 0 ? " ID" : "",
		       zl_image_familiar_name(*name));
	zl_strings_free(names);
	return 0;
}

const struct command cmd_image_load = {
	.name = "load",
	.synopsis = "[OPTION]... [FILE|DIRECTORY|-]",
	.summary = "Load images from an OCI archive or layout",
	.group = GROUP_IMAGES,
	.options = (const struct command_option *const[]){ load_table, NULL },
	.max_args = 1,
	.flags_size = sizeof(struct load_flags),
	.run = load,
};
