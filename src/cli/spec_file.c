/* spec_file.c - the spec that a command is about. */
#include "cli/spec_file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

void spec_file_done(struct spec_file *file)
{
	free(file->path);
	zl_spec_free(file->spec);
	*file = (struct spec_file){ 0 };
}

bool spec_file_is_meant(const char *argument)
{
	struct stat st;

	return strchr(argument, '/') || text_ends_with(argument, ".yml") || text_ends_with(argument, ".yaml") ||
	       text_ends_with(argument, ".json") || strcmp(argument, "-") == 0 ||
	       (stat(argument, &st) == 0 && S_ISREG(st.st_mode));
}

int spec_file_read(struct spec_file *ret, const char *path, struct zl_error *err)
{
	autofree char *found = NULL;
	struct zl_spec *spec;

	if (path)
		found = strdup(path);
	else if (zl_spec_find(".", &found, err) < 0)
		return -1;
	if (!found)
		return memory_error(err);
	spec = zl_spec_load(found, err);
	if (!spec)
		return -1;
	ret->path = TAKE_PTR(found);
	ret->spec = spec;
	return 0;
}

static void add_problem(const char *file, const struct zl_spec_problem *problem, struct strbuf *out)
{
	strbuf_addf(out, "%s:%u:%u: ", file, problem->line, problem->column);
	if (problem->severity == ZL_SPEC_WARNING)
		strbuf_add_text(out, "warning: ");
	if (*problem->path)
		strbuf_addf(out, "%s: ", problem->path);
	strbuf_addf(out, "%s\n", problem->message);
}

size_t spec_file_add_problems(const struct spec_file *file, enum zl_spec_severity first, enum zl_spec_severity last,
			      struct strbuf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < zl_spec_problem_count(file->spec); i++) {
		const struct zl_spec_problem *problem = zl_spec_get_problem(file->spec, i);

		if (problem->severity < first || problem->severity > last)
			continue;
		add_problem(file->path, problem, out);
		n++;
	}
	return n;
}

int spec_file_load(struct spec_file *ret, const char *path, struct zl_error *err)
{
	AUTO_DONE(spec_file) file = { 0 };
	AUTO_DONE(strbuf) text = { 0 };
	size_t n;

	if (spec_file_read(&file, path, err) < 0)
		return -1;
	if (!zl_spec_is_valid(file.spec)) {
		n = spec_file_add_problems(&file, ZL_SPEC_ERROR, ZL_SPEC_ERROR, &text);
		n += zl_spec_problems_left_out(file.spec);
		fputs(strbuf_peek(&text), stderr);
		return command_error(err, ZL_ERR_INVALID_SPEC, 0, "%s: %zu error%s", file.path, n, n == 1 ? "" : "s");
	}
	*ret = file;
	file = (struct spec_file){ 0 };
	return 0;
}
