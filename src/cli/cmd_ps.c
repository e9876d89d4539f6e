/* cmd_ps.c - `zlayer ps`: a line a container, newest first. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/columns.h"
#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/describe.h"
#include "cli/option_value.h"
#include "cli/output.h"

struct ps_flags {
	bool is_all, is_quiet, is_untruncated;
	const char *deployment;
	enum output_format format;
};

#define AT(member) offsetof(struct ps_flags, member)

static const struct command_option table[] = {
	{ "all", 'a', NULL, "Those that have ended too", option_flag, AT(is_all) },
	{ "deployment", 0, "NAME", "Only containers of this deployment", option_text, AT(deployment) },
	{ "filter", 'f', "FILTER" },
	{ "format", 0, "FORMAT", "table or json", option_format, AT(format) },
	{ "last", 'n', "NUMBER" },
	{ "latest", 'l' },
	{ "no-trunc", 0, NULL, "Whole ids and commands", option_flag, AT(is_untruncated) },
	{ "quiet", 'q', NULL, "Only ids", option_flag, AT(is_quiet) },
	{ "size", 's' },
	{ 0 },
};

#define COMMAND_WIDTH 20

static char *quote_command(const char *command, bool is_untruncated)
{
	size_t length = strlen(command);

	if (is_untruncated || length <= COMMAND_WIDTH)
		return text_format("\"%s\"", command);
	return text_format("\"%.*s…\"", COMMAND_WIDTH - 1, command);
}

static int add_row(struct columns *columns, const struct ps_flags *flags, const struct zl_container_info *info,
		   uint64_t now_ns)
{
	char id[SHORT_ID_SIZE], created[AGE_TEXT_SIZE], status[STATUS_TEXT_SIZE];
	autofree char *command = quote_command(info->command ? info->command : "", flags->is_untruncated);

	if (!command)
		return -1;
	short_id(info->id, id);
	age_text(info->created_ns, now_ns, created);
	status_text(info, now_ns, status);
	return columns_add(columns, (const char *const[]){ flags->is_untruncated ? info->id : id, info->image, command,
							   created, status, info->service, info->name });
}

static int print_table(const struct ps_flags *flags, const struct zl_container_list *list, struct zl_error *err)
{
	AUTO_DONE(columns) columns = { .width = 7 };
	uint64_t now_ns = clock_realtime_ns();
	int r = columns_add(&columns, (const char *const[]){ "CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS",
							     "SERVICE", "NAMES" });

	for (size_t i = zl_container_list_count(list); i > 0 && r == 0; i--)
		r = add_row(&columns, flags, zl_container_list_get(list, i - 1), now_ns);
	if (r < 0)
		return memory_error(err);
	columns_print(&columns, stdout);
	return 0;
}

static void print_ids(const struct ps_flags *flags, const struct zl_container_list *list)
{
	for (size_t i = zl_container_list_count(list); i > 0; i--) {
		const struct zl_container_info *info = zl_container_list_get(list, i - 1);
		char id[SHORT_ID_SIZE];

		short_id(info->id, id);
		puts(flags->is_untruncated ? info->id : id);
	}
}

static int print_json(const struct zl_container_list *list, struct zl_error *err)
{
	AUTO_DONE(strbuf) text = { 0 };
	struct json_writer w = { .out = &text, .pretty = true };

	json_open_array(&w, NULL);
	for (size_t i = zl_container_list_count(list); i > 0; i--)
		output_container(&w, zl_container_list_get(list, i - 1));
	json_close_array(&w);
	return output_text(&text, err);
}

static int run(struct call *call, struct zl_error *err)
{
	const struct ps_flags *flags = call->flags;
	struct zl_container_filter filter = { .size = sizeof(filter),
					      .deployment = flags->deployment,
					      .is_running = !flags->is_all };
	struct zl_container_list *list = zl_container_list_new(call->client, &filter, err);
	int r = 0;

	if (!list)
		return -1;
	if (flags->format == OUTPUT_JSON)
		r = print_json(list, err);
	else if (flags->is_quiet)
		print_ids(flags, list);
	else
		r = print_table(flags, list, err);
	zl_container_list_free(list);
	return r;
}

const struct command cmd_ps = {
	.name = "ps",
	.synopsis = "[OPTION]...",
	.summary = "List containers",
	.description =
		"Those that run, unless --all is given. An end that nobody saw reads `Exited (unknown)`, for instance\n"
		"after the machine lost power.",
	.group = GROUP_DEPLOYMENTS,
	.options = (const struct command_option *const[]){ table, NULL },
	.max_args = 0,
	.flags_size = sizeof(struct ps_flags),
	.run = run,
};
