/* read.c - structures, lists and maps: the table walked against the tree. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "spec/hint.h"
#include "spec/reader.h"
#include "spec/spec.h"

/* struct spec_<type>_list, whatever the type. What was wrong in a list stays in it, zeroed: the rules over several
 * fields find the others at their places, and nobody else ever sees it. */
struct any_list {
	char *items;
	size_t count;
};

/* Null is "not given" for what is one of these in any case, never for those; for the rest it is where there is no
 * default. */
bool field_is_optional(const struct field *f)
{
	static const enum {
		BY_DEFAULT,
		ALWAYS,
		NEVER
	} kinds[TYPE_COUNT] = {
		[TYPE_MAYBE] = ALWAYS, [TYPE_ARGUMENTS] = ALWAYS, [TYPE_POINTER] = ALWAYS, [TYPE_DURATION] = ALWAYS,
		[TYPE_OBJECT] = NEVER, [TYPE_VALUES] = NEVER,     [TYPE_MAP] = NEVER,      [TYPE_PAIRS] = NEVER,
		[TYPE_TEXTS] = NEVER,  [TYPE_LIST] = NEVER,
	};

	if (kinds[f->type] == BY_DEFAULT)
		return f->initial == INITIAL_UNSET || f->initial == INITIAL_SHOWN;
	return kinds[f->type] == ALWAYS || f->initial == INITIAL_GIVEN;
}

/* ---- lists and maps ---- */

static bool expect_list(struct reader *r, const struct node *node, const struct path *path)
{
	if (node->kind == NODE_LIST)
		return true;
	reader_expected(r, node, path, "a list", path->key);
	return false;
}

static bool read_texts(struct reader *r, const struct node *node, struct strv *list, const struct path *path)
{
	bool is_good = true;

	if (node_is_empty(node))
		return true;
	if (!expect_list(r, node, path))
		return false;
	list->items = reader_alloc(r, node->count + (size_t)1, sizeof(char *));
	for (uint32_t i = 0; list->items && i < node->count; i++) {
		struct path at = { path, NULL, i };

		list->items[i] = (char *)read_text(r, node->children[i], &at);
		is_good = list->items[i] && is_good;
	}
	list->count = list->items && is_good ? node->count : 0;
	return is_good && list->items;
}

static bool read_arguments(struct reader *r, const struct node *node, struct spec_arguments *ret,
			   const struct path *path)
{
	ret->is_set = read_texts(r, node, &ret->list, path);
	return ret->is_set;
}

static bool read_list(struct reader *r, const struct schema *schema, const struct node *node, struct any_list *ret,
		      const struct path *path)
{
	bool is_good = true;

	if (node_is_empty(node))
		return true;
	if (!expect_list(r, node, path))
		return false;
	ret->items = reader_alloc(r, node->count, schema->size);
	for (uint32_t i = 0; ret->items && i < node->count; i++) {
		struct path at = { path, NULL, i };

		is_good = read_structure(r, schema, node->children[i], ret->items + i * schema->size, &at) && is_good;
	}
	ret->count = ret->items ? node->count : 0;
	return is_good && ret->items;
}

/* Reads each pair by `read_pair` into its slot; a later pair of the same name begins with zeroed memory again. */
static bool read_map_with(struct reader *r, const struct node *node, size_t item_size, struct any_list *ret,
			  const struct path *path, const struct schema *schema,
			  bool (*read_pair)(struct reader *r, const struct schema *schema, const struct node *name,
					    const struct node *value, void *item, const struct path *at))
{
	size_t count, *slots;
	bool is_good;

	if (node_is_empty(node))
		return true;
	if (node->kind != NODE_MAP) {
		reader_expected(r, node, path, "a map", path->key);
		return false;
	}
	slots = reader_slots(r, node, &count, path);
	ret->items = reader_alloc(r, count, item_size);
	is_good = slots && ret->items;
	for (uint32_t i = 0; slots && ret->items && i < node->count; i++) {
		const struct node *name = node->children[2 * i], *value = node->children[2 * i + 1];
		struct path at = { path, name->text, 0 };

		if (slots[i] == SIZE_MAX) {
			is_good = false;
			continue;
		}
		memset(ret->items + slots[i] * item_size, 0, item_size);
		is_good = read_pair(r, schema, name, value, ret->items + slots[i] * item_size, &at) && is_good;
		if (schema == &schema_service && r->service_nodes)
			r->service_nodes[slots[i]] = value;
	}
	free(slots);
	ret->count = slots && ret->items ? count : 0;
	return is_good;
}

static bool read_named_structure(struct reader *r, const struct schema *schema, const struct node *name,
				 const struct node *value, void *item, const struct path *at)
{
	*(const char **)item = name->text;
	return read_structure(r, schema, value, item, at);
}

static bool read_pair_of_texts(struct reader *r, const struct schema *schema, const struct node *name,
			       const struct node *value, void *item, const struct path *at)
{
	struct spec_pair *pair = item;

	(void)schema;
	pair->name = name->text;
	pair->value = read_text(r, value, at);
	return pair->value != NULL;
}

static bool read_map(struct reader *r, const struct schema *schema, const struct node *node, struct any_list *ret,
		     const struct path *path)
{
	if (schema == &schema_service && node->kind == NODE_MAP)
		r->service_nodes = reader_alloc(r, node->count, sizeof(struct node *));
	return read_map_with(r, node, schema->size, ret, path, schema, read_named_structure);
}

static bool read_pointer(struct reader *r, const struct schema *schema, const struct node *node, void **ret,
			 const struct path *path)
{
	void *object = reader_alloc(r, 1, schema->size);

	if (!object || !read_structure(r, schema, node, object, path))
		return false;
	*ret = object;
	return true;
}

typedef bool (*member_reader)(struct reader *r, const struct field *f, const struct node *node, void *member,
			      const struct path *path);

#define READER(name, ...)                                                                                \
	static bool name(struct reader *r, const struct field *f, const struct node *node, void *member, \
			 const struct path *path)                                                        \
	{                                                                                                \
		(void)f;                                                                                 \
		return __VA_ARGS__;                                                                      \
	}
READER(texts_reader, read_texts(r, node, member, path))
READER(arguments_reader, read_arguments(r, node, member, path))
READER(pairs_reader, read_map_with(r, node, sizeof(struct spec_pair), member, path, NULL, read_pair_of_texts))
READER(values_reader, read_values(r, node, member, path))
READER(affinity_reader, read_affinity(r, node, member, path))
READER(network_mode_reader, read_network_mode(r, node, member, path))
READER(word_reader, read_word(r, f->words, node, member, path))
READER(object_reader, read_structure(r, f->schema, node, member, path))
READER(pointer_reader, read_pointer(r, f->schema, node, member, path))
READER(list_reader, read_list(r, f->schema, node, member, path))
READER(map_reader, read_map(r, f->schema, node, member, path))

static const member_reader readers[TYPE_COUNT] = {
	[TYPE_TEXTS] = texts_reader,       [TYPE_ARGUMENTS] = arguments_reader,
	[TYPE_PAIRS] = pairs_reader,       [TYPE_VALUES] = values_reader,
	[TYPE_AFFINITY] = affinity_reader, [TYPE_NETWORK_MODE] = network_mode_reader,
	[TYPE_ENUMERATION] = word_reader,  [TYPE_OBJECT] = object_reader,
	[TYPE_POINTER] = pointer_reader,   [TYPE_LIST] = list_reader,
	[TYPE_MAP] = map_reader,
};

static bool read_typed(struct reader *r, const struct field *f, const struct node *node, void *member,
		       const struct path *path)
{
	return readers[f->type] ? readers[f->type](r, f, node, member, path) : read_scalar(r, f, node, member, path);
}

/* A tagged null is none unless the tag says null: `user: !!str` is the empty text. */
bool read_value(struct reader *r, const struct field *f, const struct node *node, void *member, const struct path *path)
{
	if (field_is_optional(f) && node_is_null(node)) {
		schema_set_default(f, member);
		if (f->type == TYPE_DURATION)
			*(uint64_t *)member = SPEC_NO_DURATION;
		return true;
	}
	if (!read_typed(r, f, node, member, path))
		return false;
	if (f->rule)
		f->rule(r, node, member, path);
	return true;
}

/* ---- what this node does not put into effect ---- */

static void report_effect(struct reader *r, const struct effect *effect, const char *text, const struct node *node,
			  const struct path *path)
{
	if (effect->why && !(effect->holds && text && effect->holds(text)))
		reader_report(r, effect->severity, node, path, "not in effect on this node: %s", effect->why);
}

static void report_network_mode(struct reader *r, const struct spec_network_mode *mode, const struct node *node,
				const struct path *path)
{
	static const struct effect bridge = { SPEC_REFUSED, "containers are not joined to networks yet", NULL };

	if (mode->kind == SPEC_NETWORK_BRIDGE || mode->kind == SPEC_NETWORK_CONTAINER)
		report_effect(r, &bridge, NULL, node, path);
}

static void report_effects(struct reader *r, const struct field *f, const struct node *key, const void *member,
			   const struct path *path)
{
	if (r->quiet)
		return;
	if (f->effect.why && !schema_is_default(f, member))
		report_effect(r, &f->effect, f->type == TYPE_TEXT ? *(const char *const *)member : NULL, key, path);
	else if (f->type == TYPE_ENUMERATION)
		report_effect(r, &f->words->words[enum_get(member)].effect, "", key, path);
	else if (f->type == TYPE_NETWORK_MODE)
		report_network_mode(r, member, key, path);
}

/* ---- structures ---- */

static const struct field *find_field(const struct schema *schema, const struct node *key, size_t *hint)
{
	/* Files are mostly written in the table's order: looking begins behind the last hit. */
	for (size_t i = 0; i < schema->count; i++) {
		size_t at = *hint + i < schema->count ? *hint + i : *hint + i - schema->count;
		const struct field *f = &schema->fields[at];

		if ((f->key_len == key->count && memcmp(f->key, key->text, key->count) == 0) ||
		    (f->alias_len == key->count && f->alias_len && memcmp(f->alias, key->text, key->count) == 0)) {
			*hint = at + 1 < schema->count ? at + 1 : 0;
			return f;
		}
	}
	return NULL;
}

static void report_unknown(struct reader *r, const struct schema *schema, const struct node *key,
			   const struct path *path)
{
	const char *hint, *near;

	if (spec_problems_drop(r->problems, SPEC_ERROR))
		return;
	hint = hint_for_key(schema->name, key->text);
	if (hint) {
		reader_report(r, SPEC_ERROR, key, path, "unknown field `%.60s`: %s", key->text, hint);
		return;
	}
	near = hint_near_key(schema, key->text);
	if (near)
		reader_report(r, SPEC_ERROR, key, path, "unknown field `%.60s`: did you mean `%s`?", key->text, near);
	else
		reader_report(r, SPEC_ERROR, key, path, "unknown field `%.60s`", key->text);
}

/* One structure being read: which of its fields were seen, by number. */
struct filling {
	const struct schema *schema;
	char *object;
	const struct path *path;
	uint64_t seen;
	size_t hint;
	bool is_good;
};

static void read_field(struct reader *r, struct filling *s, const struct field *f, const struct node *key,
		       const struct node *value)
{
	struct path at = { s->path, key->text, 0 };
	void *member = s->object + f->offset;
	bool is_quiet = f->effect.why != NULL, is_good;

	if (s->seen & 1ULL << (f - s->schema->fields)) {
		reader_report(r, SPEC_ERROR, key, &at, "`%.60s` is given twice%s", key->text,
			      f->alias_len ? " (it has two spellings)" : "");
		s->is_good = false;
		return;
	}
	s->seen |= 1ULL << (f - s->schema->fields);
	r->quiet += is_quiet;
	is_good = read_value(r, f, value, member, &at);
	r->quiet -= is_quiet;
	if (is_good)
		report_effects(r, f, key, member, &at);
	s->is_good = s->is_good && is_good;
}

static void read_pair(struct reader *r, struct filling *s, const struct node *key, const struct node *value)
{
	const struct field *f;
	struct path at = { s->path, key->kind == NODE_SCALAR ? key->text : "?", 0 };

	if (key->kind != NODE_SCALAR) {
		reader_expected(r, key, s->path, "the name of a field", NULL);
		s->is_good = false;
		return;
	}
	f = find_field(s->schema, key, &s->hint);
	if (f) {
		read_field(r, s, f, key, value);
	} else if (!s->schema->drops_unknown) {
		report_unknown(r, s->schema, key, &at);
		s->is_good = false;
	} else if (!r->quiet) {
		reader_report(r, SPEC_WARNING, key, &at, "unknown field `%.60s` has no effect", key->text);
	}
}

/* What would be right: the words there are, or the form that people miss. */
static void report_missing(struct reader *r, const char *key, const struct word_list *words, const char *name,
			   const struct node *node, const struct path *path)
{
	static const struct node text = { .kind = NODE_SCALAR, .text = "" };
	const char *hint = name ? hint_for_shape(name, &text) : NULL;
	AUTO_DONE(strbuf) all = { 0 };

	if (words) {
		reader_list_words(r, words, &all);
		hint = strbuf_peek(&all);
	}
	if (hint)
		reader_report(r, SPEC_ERROR, node, path, "missing field `%s` (%s)", key, hint);
	else
		reader_report(r, SPEC_ERROR, node, path, "missing field `%s`", key);
}

static void fill_in_absent(struct reader *r, struct filling *s, const struct node *node)
{
	for (size_t i = 0; i < s->schema->count; i++) {
		const struct field *f = &s->schema->fields[i];

		if (s->seen & 1ULL << i)
			continue;
		if (f->initial == INITIAL_REQUIRED) {
			report_missing(r, f->key, f->words, f->schema ? f->schema->name : NULL, node, s->path);
			s->is_good = false;
		}
		schema_set_default(f, s->object + f->offset);
	}
}

/* `skipped` is the key that chose this structure, which is none of its fields. */
static bool read_fields(struct reader *r, const struct schema *schema, const struct node *node, void *object,
			const struct path *path, const char *skipped)
{
	struct filling s = { schema, object, path, 0, 0, true };

	for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++) {
		const struct node *key = node->children[2 * i];

		if (!skipped || key->kind != NODE_SCALAR || strcmp(key->text, skipped) != 0)
			read_pair(r, &s, key, node->children[2 * i + 1]);
	}
	fill_in_absent(r, &s, node);
	if (schema->rule && (s.is_good || schema->rules_always))
		schema->rule(r, node, object, path);
	return s.is_good;
}

static bool report_twice(struct reader *r, const struct node *node, const char *key, const struct path *path)
{
	unsigned times = 0;

	for (uint32_t i = 0; i < node->count; i++) {
		const struct node *k = node->children[2 * i];

		if (k->kind == NODE_SCALAR && strcmp(k->text, key) == 0 && ++times == 2)
			reader_report(r, SPEC_ERROR, k, path, "`%s` is given twice", key);
	}
	return times > 1;
}

/* Nothing is known of the other fields while the word is missing or wrong. */
static bool read_union(struct reader *r, const struct schema *schema, const struct node *node, char *object,
		       const struct path *path)
{
	const struct node *chooser = node_member(node, schema->tag);
	struct path at = { path, schema->tag, 0 };
	bool is_good;
	int type;

	if (node->kind != NODE_MAP || node_local_tag(node)) {
		reader_expected(r, node, path, "a map", schema->name);
		return false;
	}
	if (!chooser) {
		report_missing(r, schema->tag, schema->words, NULL, node, path);
		return false;
	}
	r->strict++;
	is_good = !report_twice(r, node, schema->tag, &at) && read_word(r, schema->words, chooser, &type, &at);
	if (is_good) {
		*(int *)(void *)(object + schema->type_offset) = type;
		if (!r->quiet)
			report_effect(r, &schema->words->words[type].effect, "", chooser, &at);
		r->quiet += schema->words->words[type].effect.why != NULL;
		is_good = read_fields(r, schema->variants[type], node, object + schema->variant_offset, path,
				      schema->tag);
		r->quiet -= schema->words->words[type].effect.why != NULL;
	}
	r->strict--;
	return is_good;
}

/* Behind "key:" with nothing there stands a structure of no fields, but not where scalars are typed first. */
bool read_structure(struct reader *r, const struct schema *schema, const struct node *node, void *object,
		    const struct path *path)
{
	bool is_lenient = schema == &schema_group || schema == &schema_external, is_good;

	if (schema->tag)
		return read_union(r, schema, node, object, path);
	if (node->kind != NODE_MAP && !(node_is_empty(node) && !r->strict)) {
		reader_expected(r, node, path, "a map", schema->name);
		return false;
	}
	r->lenient += is_lenient;
	is_good = read_fields(r, schema, node, object, path, NULL);
	r->lenient -= is_lenient;
	return is_good;
}
