/* parse.c - from a text to a deployment. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "spec/reader.h"
#include "spec/spec.h"

/* What spec_deployment_free finds around the deployment. */
struct owned_deployment {
	struct spec_deployment deployment;
	struct arena arena;
};

void spec_deployment_free(struct spec_deployment *deployment)
{
	struct owned_deployment *owned = (struct owned_deployment *)(void *)deployment;

	if (!deployment)
		return;
	arena_done(&owned->arena);
	free(owned);
}

/* A text without a document is a map without fields. */
static const struct node nothing = { .kind = NODE_SCALAR, .is_plain = true, .line = 1, .column = 1, .text = "" };

static void read_root(struct reader *r, const struct node *root, struct spec_deployment *ret)
{
	struct path path = { 0 };

	read_structure(r, &schema_deployment, root ? root : &nothing, ret, &path);
}

static int parse_into(const char *text, size_t len, struct owned_deployment *owned, struct spec_problems *problems)
{
	AUTO_DONE(arena) nodes = { 0 };
	struct reader r = { .arena = &owned->arena, .problems = problems };
	struct node *root = NULL;
	int e = node_read(&nodes, &owned->arena, text, len, problems, &root);

	if (e == 0)
		read_root(&r, root, &owned->deployment);
	spec_problems_sort(problems);
	return e == -ENOMEM || r.out_of_memory ? -ENOMEM : 0;
}

static int fail_first(const struct spec_problems *problems, struct error *err)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct spec_problem *p = &problems->items[i];

		if (p->severity == SPEC_ERROR)
			return fail(err, ERR_INVALID_SPEC, "%u:%u: %s%s%.300s", p->line, p->column, p->path,
				    *p->path ? ": " : "", p->text);
	}
	return fail(err, ERR_INVALID_SPEC, "the spec is not valid");
}

int spec_parse(const char *text, size_t len, struct spec_deployment **ret, struct spec_problems *problems,
	       struct error *err)
{
	struct owned_deployment *owned = calloc(1, sizeof(*owned));
	int e = owned ? parse_into(text, len, owned, problems) : -ENOMEM;

	if (e == 0 && problems->errors == 0) {
		*ret = &owned->deployment;
		return 0;
	}
	spec_deployment_free(owned ? &owned->deployment : NULL);
	return e < 0 ? fail_oom(err) : fail_first(problems, err);
}

int spec_read_file(const char *path, struct spec_deployment **ret, struct spec_problems *problems, struct error *err)
{
	autofree char *text = NULL;
	size_t len = 0;
	int e;

	if (strcmp(path, "-") == 0)
		e = fd_read_all(STDIN_FILENO, SPEC_TEXT_MAX, &text, &len);
	else
		e = file_read_at(AT_FDCWD, path, SPEC_TEXT_MAX, &text, &len);
	if (e < 0)
		return fail_errno(err, e, "%s", path);
	return spec_parse(text, len, ret, problems, err);
}

const struct spec_service *spec_find_service(const struct spec_deployment *deployment, const char *name)
{
	for (size_t i = 0; i < deployment->services.count; i++)
		if (strcmp(deployment->services.items[i].name, name) == 0)
			return &deployment->services.items[i];
	return NULL;
}
