/* spec.c - a spec and all that its reader said, as one object. */
#include "lib/spec.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "lib/border.h"

int zl_spec_find(const char *dir, char **ret_path, struct zl_error *err)
{
	autoclose int dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	autofree char *name = NULL;
	struct error e;
	char *path;

	if (dirfd < 0) {
		fail_errno(&e, errno, "%s", dir);
		return border_fail(err, &e);
	}
	if (spec_discover(dirfd, &name, &e) < 0)
		return border_fail(err, &e);
	path = strcmp(dir, ".") == 0 ? TAKE_PTR(name) : text_format("%s/%s", dir, name);
	if (!path) {
		fail_oom(&e);
		return border_fail(err, &e);
	}
	*ret_path = path;
	return 0;
}

_Static_assert((int)ZL_SPEC_ERROR == (int)SPEC_ERROR && (int)ZL_SPEC_FLAW == (int)SPEC_FLAW &&
		       (int)ZL_SPEC_REFUSED == (int)SPEC_REFUSED && (int)ZL_SPEC_IGNORED == (int)SPEC_IGNORED &&
		       (int)ZL_SPEC_WARNING == (int)SPEC_WARNING,
	       "the public severities");

static int show_problems(struct zl_spec *spec, struct error *err)
{
	spec->views = calloc(spec->problems.count + 1, sizeof(*spec->views));
	if (!spec->views)
		return fail_oom(err);
	for (size_t i = 0; i < spec->problems.count; i++) {
		const struct spec_problem *problem = &spec->problems.items[i];

		spec->views[i] = (struct zl_spec_problem){
			.severity = (enum zl_spec_severity)problem->severity,
			.line = problem->line,
			.column = problem->column,
			.path = problem->path,
			.message = problem->text,
		};
	}
	return 0;
}

/* r: of the reader. A text that is no valid spec is an answer, not a failure. */
static struct zl_spec *finish(struct zl_spec *spec, int r, struct error *e, struct zl_error *err)
{
	bool is_read = r == 0 || (e->kind == ERR_INVALID_SPEC && spec->problems.errors > 0);

	if (is_read && show_problems(spec, e) == 0)
		return spec;
	border_fail(err, e);
	zl_spec_free(spec);
	return NULL;
}

static struct zl_spec *new_spec(struct zl_error *err)
{
	struct zl_spec *spec = calloc(1, sizeof(*spec));
	struct error e;

	if (spec)
		return spec;
	fail_oom(&e);
	border_fail(err, &e);
	return NULL;
}

/* Standard input has no directory. */
static int set_base_dir(struct zl_spec *spec, const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return 0;
	spec->base_dir = slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
	return spec->base_dir ? 0 : fail_oom(err);
}

static int read_file(struct zl_spec *spec, const char *path, struct error *err)
{
	if (set_base_dir(spec, path, err) < 0)
		return -1;
	return spec_read_file(path, &spec->deployment, &spec->problems, err);
}

struct zl_spec *zl_spec_load(const char *path, struct zl_error *err)
{
	struct zl_spec *spec = new_spec(err);
	struct error e;

	return spec ? finish(spec, read_file(spec, path, &e), &e, err) : NULL;
}

struct zl_spec *zl_spec_parse(const char *text, size_t length, struct zl_error *err)
{
	struct zl_spec *spec = new_spec(err);
	struct error e;

	return spec ? finish(spec, spec_parse(text, length, &spec->deployment, &spec->problems, &e), &e, err) : NULL;
}

void zl_spec_free(struct zl_spec *spec)
{
	if (!spec)
		return;
	spec_deployment_free(spec->deployment);
	spec_problems_done(&spec->problems);
	free(spec->views);
	free(spec->base_dir);
	free(spec);
}

/* ---- what was found ---- */

size_t zl_spec_problem_count(const struct zl_spec *spec)
{
	return spec->problems.count;
}

size_t zl_spec_problems_left_out(const struct zl_spec *spec)
{
	return spec->problems.left_out;
}

const struct zl_spec_problem *zl_spec_get_problem(const struct zl_spec *spec, size_t i)
{
	return i < spec->problems.count ? &spec->views[i] : NULL;
}

bool zl_spec_is_valid(const struct zl_spec *spec)
{
	return spec->deployment != NULL;
}

int spec_check_valid(const struct zl_spec *spec, struct error *err)
{
	const struct spec_problem *first = spec->problems.items, *end = first + spec->problems.count;

	if (spec->deployment)
		return 0;
	while (first < end && first->severity != SPEC_ERROR)
		first++;
	if (first == end)
		return fail(err, ERR_INVALID_SPEC, "spec: it has errors");
	return fail(err, ERR_INVALID_SPEC, "line %u, column %u: %s%s%s", first->line, first->column, first->path,
		    *first->path ? ": " : "", first->text);
}

int zl_spec_check_deployable(const struct zl_spec *spec, struct zl_error *err)
{
	struct error e;

	if (spec_check_valid(spec, &e) < 0 || spec_check_deployable(&spec->problems, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

/* ---- what it says ---- */

const char *zl_spec_deployment(const struct zl_spec *spec)
{
	return spec->deployment ? spec->deployment->deployment : NULL;
}

size_t zl_spec_service_count(const struct zl_spec *spec)
{
	return spec->deployment ? spec->deployment->services.count : 0;
}

const char *zl_spec_get_service(const struct zl_spec *spec, size_t i)
{
	return i < zl_spec_service_count(spec) ? spec->deployment->services.items[i].name : NULL;
}

int zl_spec_dump(const struct zl_spec *spec, enum zl_spec_format format, char **ret_text, struct zl_error *err)
{
	AUTO_DONE(strbuf) text = { 0 };
	struct error e;

	if (spec_check_valid(spec, &e) < 0)
		return border_fail(err, &e);
	if (format == ZL_SPEC_JSON)
		spec_print_json(spec->deployment, &text);
	else
		spec_print_yaml(spec->deployment, &text);
	if (strbuf_status(&text) < 0) {
		fail_oom(&e);
		return border_fail(err, &e);
	}
	*ret_text = strbuf_take(&text);
	return 0;
}
