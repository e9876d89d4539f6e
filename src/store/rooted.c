/* rooted.c - paths of an archive below one directory. */
#include "store/rooted.h"

#include <inttypes.h>
#include <string.h>

void rooted_path_done(struct rooted_path *path)
{
	strbuf_done(&path->text);
}

static int add_component(struct rooted_path *path, const char *name, const char *component, size_t len,
			 struct error *err)
{
	if (len == 2 && memcmp(component, "..", 2) == 0)
		return fail(err, ERR_INVALID_SPEC, "%.300s: `..` in a name leads out of the layer", name);
	path->parent_len = path->text.len;
	if (path->text.len > 0)
		strbuf_add_char(&path->text, '/');
	return strbuf_add(&path->text, component, len) < 0 ? fail_oom(err) : 0;
}

int rooted_path_set(struct rooted_path *path, const char *name, const struct store_limits *limits, struct error *err)
{
	uint64_t depth = 0;

	strbuf_reset(&path->text);
	path->parent_len = 0;
	for (const char *p = name, *end; *p; p = *end ? end + 1 : end) {
		size_t len;

		end = strchrnul(p, '/');
		len = (size_t)(end - p);
		if (len == 0 || (len == 1 && *p == '.'))
			continue;
		if (++depth > limits->path_depth)
			return fail(err, ERR_INVALID_SPEC, "%.64s...: deeper than the limit of %" PRIu64 " directories",
				    name, limits->path_depth);
		if (add_component(path, name, p, len, err) < 0)
			return -1;
	}
	path->base = strbuf_peek(&path->text) + path->parent_len + (path->parent_len > 0);
	return 0;
}
