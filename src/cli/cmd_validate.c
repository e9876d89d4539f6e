/* cmd_validate.c - `zlayer validate`: everything that is wrong with a spec, and what this node does not put into
 * effect. */
#include <stdio.h>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/option_value.h"
#include "cli/output.h"
#include "cli/spec_file.h"

struct validate_flags {
	enum output_format format;
};

static const struct command_option table[] = {
	{ "format", 0, "FORMAT", "table or json", option_format, offsetof(struct validate_flags, format) },
	{ 0 },
};

static const char *severity_name(enum zl_spec_severity severity)
{
	static const char *const names[] = {
		[ZL_SPEC_ERROR] = "error",     [ZL_SPEC_FLAW] = "flaw",       [ZL_SPEC_REFUSED] = "refused",
		[ZL_SPEC_IGNORED] = "ignored", [ZL_SPEC_WARNING] = "warning",
	};

	return names[severity];
}

static int print_json(const struct spec_file *file, struct zl_error *err)
{
	AUTO_DONE(strbuf) text = { 0 };
	struct json_writer w = { .out = &text, .pretty = true };

	json_open_array(&w, NULL);
	for (size_t i = 0; i < zl_spec_problem_count(file->spec); i++) {
		const struct zl_spec_problem *problem = zl_spec_get_problem(file->spec, i);

		json_open_object(&w, NULL);
		json_put_text(&w, "File", file->path);
		json_put_u64(&w, "Line", problem->line);
		json_put_u64(&w, "Column", problem->column);
		json_put_text(&w, "Severity", severity_name(problem->severity));
		json_put_text(&w, "Path", problem->path);
		json_put_text(&w, "Message", problem->message);
		json_close_object(&w);
	}
	json_close_array(&w);
	return output_text(&text, err);
}

static void print_section(const struct spec_file *file, const char *title, enum zl_spec_severity severity)
{
	AUTO_DONE(strbuf) text = { 0 };

	if (spec_file_add_problems(file, severity, severity, &text) > 0)
		printf("%s\n%s", title, strbuf_peek(&text));
}

static void print_sections(const struct spec_file *file)
{
	print_section(file, "cannot run (`zlayer up` refuses):", ZL_SPEC_FLAW);
	print_section(file, "not in effect on this node (`zlayer up` refuses):", ZL_SPEC_REFUSED);
	print_section(file, "not in effect on this node:", ZL_SPEC_IGNORED);
	print_section(file, "probably not what was meant:", ZL_SPEC_WARNING);
}

static void print_errors(const struct spec_file *file)
{
	AUTO_DONE(strbuf) text = { 0 };
	size_t left_out = zl_spec_problems_left_out(file->spec);

	spec_file_add_problems(file, ZL_SPEC_ERROR, ZL_SPEC_ERROR, &text);
	if (left_out > 0)
		strbuf_addf(&text, "%s: and %zu more\n", file->path, left_out);
	fputs(strbuf_peek(&text), stdout);
}

static int run(struct call *call, struct zl_error *err)
{
	const struct validate_flags *flags = call->flags;
	AUTO_DONE(spec_file) file = { 0 };
	bool is_valid;

	if (spec_file_read(&file, call->args[0], err) < 0)
		return -1;
	is_valid = zl_spec_is_valid(file.spec);
	if (flags->format == OUTPUT_JSON)
		return print_json(&file, err) < 0 ? -1 : !is_valid;
	if (!is_valid) {
		print_errors(&file);
		return 1;
	}
	printf("%s: valid: deployment %s, %zu service%s\n", file.path, zl_spec_deployment(file.spec),
	       zl_spec_service_count(file.spec), zl_spec_service_count(file.spec) == 1 ? "" : "s");
	print_sections(&file);
	return 0;
}

const struct command cmd_validate = {
	.name = "validate",
	.synopsis = "[OPTION]... [FILE]",
	.summary = "Check a spec file, and say what of it is not in effect on this node",
	.description =
		"Every problem is printed as file:line:column: field: what is wrong. The exit status is 0 for a valid\n"
		"spec, 1 for an invalid one, 125 when it could not be read. Without FILE, the current directory's:\n"
		".zlayer.yml, .zlayer.yaml, zlayer.yml, zlayer.yaml, else the only *.zlayer.yml or zlayer.*.yml.",
	.group = GROUP_DEPLOYMENTS,
	.options = (const struct command_option *const[]){ table, NULL },
	.max_args = 1,
	.has_docker_exit_status = true,
	.flags_size = sizeof(struct validate_flags),
	.run = run,
};
