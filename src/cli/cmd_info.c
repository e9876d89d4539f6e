/* cmd_info.c - `zlayer info`: this node, as the agent sees it. */
#include <stdio.h>
#include <string.h>

#include "base/columns.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/option_value.h"
#include "cli/output.h"

struct info_flags {
	enum output_format format;
};

static const struct command_option table[] = {
	{ "format", 'f', "FORMAT", "table or json", option_format, offsetof(struct info_flags, format) },
	{ 0 },
};

static int add_members(struct columns *columns, struct json_object *object)
{
	json_object_object_foreach(object, name, value)
	{
		autofree char *label = text_format("%s:", name);
		const char *text = json_object_is_type(value, json_type_string)
					   ? json_object_get_string(value)
					   : json_object_to_json_string_ext(value, JSON_C_TO_STRING_NOSLASHESCAPE);

		if (!label || columns_add(columns, (const char *const[]){ label, value ? text : "-" }) < 0)
			return -1;
	}
	return 0;
}

static int print_table(const char *json, struct zl_error *err)
{
	AUTO_DONE(columns) columns = { .width = 2 };
	AUTO_JSON object = json_parse(json, strlen(json), "info", NULL);

	if (!object)
		return command_error(err, ZL_ERR_INTERNAL, 0, "the library's answer is no JSON");
	if (add_members(&columns, object) < 0)
		return memory_error(err);
	columns_print(&columns, stdout);
	return 0;
}

static int print_array(const char *json, struct zl_error *err)
{
	AUTO_DONE(strbuf) text = { 0 };
	struct json_writer w = { .out = &text, .pretty = true };

	json_open_array(&w, NULL);
	if (output_json(&w, json, err) < 0)
		return -1;
	json_close_array(&w);
	return output_text(&text, err);
}

static int run(struct call *call, struct zl_error *err)
{
	const struct info_flags *flags = call->flags;
	autofree char *json = NULL;

	if (zl_client_inspect(call->client, &json, err) < 0)
		return -1;
	return flags->format == OUTPUT_JSON ? print_array(json, err) : print_table(json, err);
}

const struct command cmd_info = {
	.name = "info",
	.synopsis = "[OPTION]...",
	.summary = "Describe this node: backend, directories, cgroups, kernel",
	.group = GROUP_OTHER,
	.options = (const struct command_option *const[]){ table, NULL },
	.max_args = 0,
	.flags_size = sizeof(struct info_flags),
	.run = run,
};
