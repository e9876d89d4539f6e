/* read_values.c - free values, as JSON has them: the parameters of an init step. */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "spec/reader.h"
#include "spec/scalar.h"
#include "spec/spec.h"

static bool read_one(struct reader *r, const struct node *node, struct spec_value *ret, const struct path *path);

/* A plain scalar as YAML types it; a number past 64 bits has no place in JSON here. */
static bool read_plain(struct reader *r, const struct node *node, struct spec_value *ret, const struct path *path)
{
	int e;

	if (node_is_null(node)) {
		ret->kind = SPEC_VALUE_NULL;
	} else if (scalar_parse_bool(node->text, &ret->boolean) == 0) {
		ret->kind = SPEC_VALUE_BOOL;
	} else if ((e = scalar_parse_u64(node->text, &ret->u64)) == 0) {
		ret->kind = SPEC_VALUE_U64;
	} else if (e == -ERANGE || (e = scalar_parse_i64(node->text, &ret->i64)) == -ERANGE) {
		reader_report(r, SPEC_ERROR, node, path, "%.60s is out of range (64 bits)", node->text);
		return false;
	} else if (e == 0) {
		ret->kind = SPEC_VALUE_I64;
	} else if (!scalar_has_leading_zero(node->text) && scalar_parse_double(node->text, &ret->number) == 0) {
		ret->kind = isfinite(ret->number) ? SPEC_VALUE_DOUBLE : SPEC_VALUE_NULL;
	} else {
		ret->kind = SPEC_VALUE_TEXT;
		ret->text = node->text;
	}
	return true;
}

static bool read_children(struct reader *r, const struct node *node, struct spec_value *ret, const struct path *path)
{
	bool is_good = true;

	ret->kind = SPEC_VALUE_LIST;
	ret->children.count = node->count;
	ret->children.items = reader_alloc(r, node->count, sizeof(struct spec_value));
	for (uint32_t i = 0; ret->children.items && i < node->count; i++) {
		struct path at = { path, NULL, i };

		is_good = read_one(r, node->children[i], &ret->children.items[i], &at) && is_good;
	}
	return is_good && ret->children.items;
}

static bool read_map(struct reader *r, const struct node *node, struct spec_values *ret, const struct path *path)
{
	size_t count, *slots = reader_slots(r, node, &count, path);
	bool is_good = slots != NULL;

	ret->count = count;
	ret->items = reader_alloc(r, count, sizeof(struct spec_value));
	for (uint32_t i = 0; slots && ret->items && i < node->count; i++) {
		const struct node *name = node->children[2 * i];
		struct path at = { path, name->kind == NODE_SCALAR ? name->text : NULL, 0 };

		if (slots[i] == SIZE_MAX) {
			is_good = false;
			continue;
		}
		ret->items[slots[i]] = (struct spec_value){ .name = name->text };
		is_good = read_one(r, node->children[2 * i + 1], &ret->items[slots[i]], &at) && is_good;
	}
	free(slots);
	return is_good && ret->items;
}

static bool read_one(struct reader *r, const struct node *node, struct spec_value *ret, const struct path *path)
{
	if (node_local_tag(node)) {
		reader_report(r, SPEC_ERROR, node, path, "tags mean nothing here");
		return false;
	}
	if (node->kind == NODE_LIST)
		return read_children(r, node, ret, path);
	if (node->kind == NODE_MAP) {
		struct spec_values children = { 0 };

		if (!read_map(r, node, &children, path))
			return false;
		ret->kind = SPEC_VALUE_MAP;
		ret->children.items = children.items;
		ret->children.count = children.count;
		return true;
	}
	if (node->is_plain && (!node->tag || node_is_null(node)))
		return read_plain(r, node, ret, path);
	ret->kind = SPEC_VALUE_TEXT;
	ret->text = node->text;
	return true;
}

bool read_values(struct reader *r, const struct node *node, void *member, const struct path *path)
{
	if (node_is_empty(node))
		return true;
	if (node->kind != NODE_MAP) {
		reader_expected(r, node, path, "a map", path->key);
		return false;
	}
	return read_map(r, node, member, path);
}
