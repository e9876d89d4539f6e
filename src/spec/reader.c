/* reader.c - what the parts of the reader share: reports with a path, memory, free maps. */
#include "spec/reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "base/hashmap.h"
#include "base/strbuf.h"
#include "spec/hint.h"
#include "spec/scalar.h"

/* A name that could be taken for more than one stands in quotes. */
static void add_key(struct strbuf *out, const char *key)
{
	bool is_plain = *key && !key[strcspn(key, ". []\"")];

	strbuf_addf(out, is_plain ? "%.200s" : "\"%.200s\"", key);
}

static void add_path(struct strbuf *out, const struct path *path)
{
	if (!path)
		return;
	add_path(out, path->parent);
	if (!path->parent)
		return;
	if (!path->key) {
		strbuf_addf(out, "[%zu]", path->index);
		return;
	}
	strbuf_add_text(out, out->len ? "." : "");
	add_key(out, path->key);
}

void reader_report(struct reader *r, enum spec_severity severity, const struct node *node, const struct path *path,
		   const char *fmt, ...)
{
	AUTO_DONE(strbuf) place = { 0 };
	char message[600];
	va_list ap;

	if (spec_problems_drop(r->problems, severity))
		return;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	add_path(&place, path);
	if (strbuf_status(&place) < 0 ||
	    spec_problems_add(r->problems, severity, node->line, node->column, strbuf_peek(&place), "%s", message) < 0)
		r->out_of_memory = true;
}

/* The kind of a scalar as the format sees it: quoted text is text, a plain one what YAML says. */
static const char *scalar_kind(const struct node *node)
{
	bool boolean;
	double number;

	if (!node->is_plain)
		return "the text ";
	if (scalar_parse_double(node->text, &number) == 0)
		return "the number ";
	return scalar_parse_bool(node->text, &boolean) == 0 ? "the boolean " : "";
}

void reader_expected(struct reader *r, const struct node *node, const struct path *path, const char *what,
		     const char *hint_name)
{
	const char *hint = hint_name ? hint_for_shape(hint_name, node) : NULL;
	const char *open = hint ? " (" : "", *close = hint ? ")" : "";

	hint = hint ? hint : "";
	if (node->kind != NODE_SCALAR)
		reader_report(r, SPEC_ERROR, node, path, "expected %s, found a %s%s%s%s", what,
			      node->kind == NODE_LIST ? "list" : "map", open, hint, close);
	else if (node_is_null(node))
		reader_report(r, SPEC_ERROR, node, path, "expected %s, found nothing%s%s%s", what, open, hint, close);
	else
		reader_report(r, SPEC_ERROR, node, path, "expected %s, found %s`%.100s`%s%s%s", what, scalar_kind(node),
			      node->text, open, hint, close);
}

void *reader_alloc(struct reader *r, size_t count, size_t size)
{
	void *p = arena_alloc_array(r->arena, count, size);

	if (!p)
		r->out_of_memory = true;
	return p;
}

/* Below this many names, looking at each is faster than a table of them. */
#define FEW 8

static size_t find_few(const struct node *map, uint32_t i, const size_t *slots)
{
	for (uint32_t k = 0; k < i; k++)
		if (slots[k] != SIZE_MAX && strcmp(map->children[2 * k]->text, map->children[2 * i]->text) == 0)
			return slots[k];
	return SIZE_MAX;
}

/* The slot that the name has already, or SIZE_MAX after remembering `fresh` for it. */
static size_t find_slot(struct reader *r, struct hashmap *seen, const struct node *map, uint32_t i, size_t *slots,
			size_t fresh)
{
	const char *name = map->children[2 * i]->text;
	void *found;

	if (map->count <= FEW)
		return find_few(map, i, slots);
	found = hashmap_get(seen, name);
	if (found)
		return (uintptr_t)found - 1;
	if (hashmap_put(seen, name, (void *)(uintptr_t)(fresh + 1)) < 0)
		r->out_of_memory = true;
	return SIZE_MAX;
}

size_t *reader_slots(struct reader *r, const struct node *map, size_t *ret_count, const struct path *path)
{
	AUTO_DONE(hashmap) seen = { 0 };
	size_t *slots = malloc((map->count + (size_t)1) * sizeof(*slots));

	*ret_count = 0;
	if (!slots) {
		r->out_of_memory = true;
		return NULL;
	}
	for (uint32_t i = 0; i < map->count; i++) {
		const struct node *name = map->children[2 * i];

		slots[i] = SIZE_MAX;
		if (name->kind != NODE_SCALAR) {
			reader_expected(r, name, path, "a name", NULL);
			continue;
		}
		slots[i] = find_slot(r, &seen, map, i, slots, *ret_count);
		if (slots[i] == SIZE_MAX)
			slots[i] = (*ret_count)++;
		else
			reader_report(r, SPEC_WARNING, name, path, "`%.100s` is given twice: the last one counts",
				      name->text);
	}
	return slots;
}
