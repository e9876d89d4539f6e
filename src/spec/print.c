/* print.c - a deployment as YAML or JSON: the table walked, defaults filled in. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json_writer.h"
#include "spec/duration.h"
#include "spec/schema.h"
#include "spec/spec.h"
#include "spec/yaml_writer.h"

/* One of the two is written to. */
struct printer {
	struct json_writer *json;
	struct yaml_writer *yaml;
};

struct any_list {
	const char *items;
	size_t count;
};

static void open_map(struct printer *p, const char *key, bool is_empty)
{
	if (p->json)
		json_open_object(p->json, key);
	else
		yaml_open_map(p->yaml, key, NULL, is_empty);
}

static void close_map(struct printer *p, bool is_empty)
{
	if (p->json)
		json_close_object(p->json);
	else
		yaml_close_map(p->yaml, is_empty);
}

static void open_list(struct printer *p, const char *key, bool is_empty)
{
	if (p->json)
		json_open_array(p->json, key);
	else
		yaml_open_list(p->yaml, key, is_empty);
}

static void close_list(struct printer *p, bool is_empty)
{
	if (p->json)
		json_close_array(p->json);
	else
		yaml_close_list(p->yaml, is_empty);
}

static void put_text(struct printer *p, const char *key, const char *value)
{
	if (p->json)
		json_put_text(p->json, key, value);
	else
		yaml_put_text(p->yaml, key, NULL, value);
}

/* What both write alike: null, true, a number. */
static void put_raw(struct printer *p, const char *key, const char *value)
{
	if (p->json)
		json_put_raw(p->json, key, value);
	else
		yaml_put_plain(p->yaml, key, value);
}

static void put_double(struct printer *p, const char *key, double value)
{
	AUTO_DONE(strbuf) text = { 0 };
	struct json_writer number = { .out = &text };

	if (p->json) {
		json_put_double(p->json, key, value);
		return;
	}
	if (isnan(value))
		strbuf_add_text(&text, ".nan");
	else if (isinf(value))
		strbuf_add_text(&text, value < 0 ? "-.inf" : ".inf");
	else
		json_put_double(&number, NULL, value);
	yaml_put_plain(p->yaml, key, strbuf_peek(&text));
	if (strbuf_status(&text) < 0)
		p->yaml->out->status = strbuf_status(&text);
}

static void put_texts(struct printer *p, const char *key, const struct strv *list)
{
	open_list(p, key, list->count == 0);
	for (size_t i = 0; i < list->count; i++)
		put_text(p, NULL, list->items[i]);
	close_list(p, list->count == 0);
}

static void put_pairs_member(struct printer *p, const struct field *f, const void *member)
{
	const struct spec_pairs *pairs = member;
	open_map(p, f->key, pairs->count == 0);
	for (size_t i = 0; i < pairs->count; i++)
		put_text(p, pairs->items[i].name, pairs->items[i].value);
	close_map(p, pairs->count == 0);
}

/* ---- choices by tag ---- */

static void put_affinity_member(struct printer *p, const struct field *f, const void *member)
{
	const struct spec_affinity *affinity = member;
	static const char *const words[] = { "", "spread", "pack", "" };

	if (affinity->kind != SPEC_AFFINITY_PIN) {
		put_text(p, f->key, words[affinity->kind]);
	} else if (p->yaml) {
		yaml_put_text(p->yaml, f->key, "!pin", affinity->selector);
	} else {
		open_map(p, f->key, false);
		put_text(p, "pin", affinity->selector);
		close_map(p, false);
	}
}

static void put_network_mode_member(struct printer *p, const struct field *f, const void *member)
{
	const struct spec_network_mode *mode = member;
	static const char *const words[] = { "default", "host", "none", "bridge", "container" };
	bool is_bridge = mode->kind == SPEC_NETWORK_BRIDGE;
	const char *name = is_bridge ? "name" : "id";

	if (mode->kind < SPEC_NETWORK_BRIDGE) {
		put_text(p, f->key, words[mode->kind]);
		return;
	}
	if (p->yaml) {
		yaml_open_map(p->yaml, f->key, is_bridge ? "!bridge" : "!container", false);
	} else {
		open_map(p, f->key, false);
		open_map(p, words[mode->kind], false);
	}
	if (mode->name)
		put_text(p, name, mode->name);
	else
		put_raw(p, name, "null");
	close_map(p, false);
	if (p->json)
		close_map(p, false);
}

/* ---- free values ---- */

/* In flow style, which nests as deep as the text did. */
static void write_flow(struct strbuf *out, const struct spec_value *v)
{
	bool is_map = v->kind == SPEC_VALUE_MAP;
	struct json_writer number = { .out = out };

	switch (v->kind) {
	case SPEC_VALUE_NULL:
		strbuf_add_text(out, "null");
		break;
	case SPEC_VALUE_BOOL:
		strbuf_add_text(out, v->boolean ? "true" : "false");
		break;
	case SPEC_VALUE_I64:
		strbuf_addf(out, "%" PRId64, v->i64);
		break;
	case SPEC_VALUE_U64:
		strbuf_addf(out, "%" PRIu64, v->u64);
		break;
	case SPEC_VALUE_DOUBLE:
		json_put_double(&number, NULL, v->number);
		break;
	case SPEC_VALUE_TEXT:
		yaml_write_text(out, v->text);
		break;
	case SPEC_VALUE_LIST:
	case SPEC_VALUE_MAP:
		strbuf_add_char(out, is_map ? '{' : '[');
		for (size_t i = 0; i < v->children.count; i++) {
			strbuf_add_text(out, i ? ", " : "");
			if (is_map) {
				strbuf_add_text(out, "? ");
				yaml_write_text(out, v->children.items[i].name);
				strbuf_add_text(out, " : ");
			}
			write_flow(out, &v->children.items[i]);
		}
		strbuf_add_char(out, is_map ? '}' : ']');
		break;
	}
}

static void write_json(struct json_writer *w, const struct spec_value *v)
{
	switch (v->kind) {
	case SPEC_VALUE_NULL:
		json_put_null(w, v->name);
		break;
	case SPEC_VALUE_BOOL:
		json_put_bool(w, v->name, v->boolean);
		break;
	case SPEC_VALUE_I64:
		json_put_i64(w, v->name, v->i64);
		break;
	case SPEC_VALUE_U64:
		json_put_u64(w, v->name, v->u64);
		break;
	case SPEC_VALUE_DOUBLE:
		json_put_double(w, v->name, v->number);
		break;
	case SPEC_VALUE_TEXT:
		json_put_text(w, v->name, v->text);
		break;
	case SPEC_VALUE_LIST:
		json_open_array(w, v->name);
		for (size_t i = 0; i < v->children.count; i++)
			write_json(w, &v->children.items[i]);
		json_close_array(w);
		break;
	case SPEC_VALUE_MAP:
		json_open_object(w, v->name);
		for (size_t i = 0; i < v->children.count; i++)
			write_json(w, &v->children.items[i]);
		json_close_object(w);
		break;
	}
}

static void put_values_member(struct printer *p, const struct field *f, const void *member)
{
	const struct spec_values *values = member;
	open_map(p, f->key, values->count == 0);
	for (size_t i = 0; i < values->count; i++) {
		AUTO_DONE(strbuf) flow = { 0 };

		if (p->json) {
			write_json(p->json, &values->items[i]);
			continue;
		}
		write_flow(&flow, &values->items[i]);
		yaml_put_plain(p->yaml, values->items[i].name, strbuf_peek(&flow));
		if (strbuf_status(&flow) < 0)
			p->yaml->out->status = strbuf_status(&flow);
	}
	close_map(p, values->count == 0);
}

/* ---- structures ---- */

static bool is_unset(const struct field *f, const void *member)
{
	switch (f->type) {
	case TYPE_TEXT:
	case TYPE_SIZE:
	case TYPE_POINTER:
		return !*(void *const *)member;
	case TYPE_U8:
	case TYPE_U16:
	case TYPE_U32:
	case TYPE_I32:
	case TYPE_I64:
		return *(const int64_t *)member == SPEC_UNSET;
	case TYPE_CORES:
		return *(const double *)member < 0;
	case TYPE_DURATION:
		return *(const uint64_t *)member == SPEC_NO_DURATION;
	case TYPE_MAYBE:
	case TYPE_ENUMERATION:
	case TYPE_AFFINITY:
		return enum_get(member) == 0;
	case TYPE_ARGUMENTS:
		return !((const struct spec_arguments *)member)->is_set;
	case TYPE_TEXTS:
		return ((const struct strv *)member)->count == 0;
	case TYPE_PAIRS:
	case TYPE_VALUES:
	case TYPE_LIST:
	case TYPE_MAP:
		return f->initial == INITIAL_GIVEN ? !*(void *const *)member
						   : ((const struct any_list *)member)->count == 0;
	case TYPE_BOOL:
	case TYPE_U64:
	case TYPE_PERIOD:
	case TYPE_IMAGE:
	case TYPE_NETWORK_MODE:
	case TYPE_OBJECT:
	case TYPE_COUNT:
		return false;
	}
	return false;
}

static bool is_printed(const struct field *f, const void *member)
{
	switch (f->initial) {
	case INITIAL_HIDDEN:
		return false;
	case INITIAL_UNSET:
	case INITIAL_GIVEN:
		return !is_unset(f, member);
	case INITIAL_QUIET:
		return !schema_is_default(f, member);
	case INITIAL_REQUIRED:
	case INITIAL_SHOWN:
	case INITIAL_IS:
	case INITIAL_MADE:
		return true;
	}
	return true;
}

static void put_structure(struct printer *p, const char *key, const struct schema *schema, const char *object);

static void put_list_member(struct printer *p, const struct field *f, const void *member)
{
	const struct any_list *list = member;

	open_list(p, f->key, list->count == 0);
	for (size_t i = 0; i < list->count; i++)
		put_structure(p, NULL, f->schema, list->items + i * f->schema->size);
	close_list(p, list->count == 0);
}

/* An item begins with its name. */
static void put_map_member(struct printer *p, const struct field *f, const void *member)
{
	const struct any_list *map = member;

	open_map(p, f->key, map->count == 0);
	for (size_t i = 0; i < map->count; i++) {
		const char *item = map->items + i * f->schema->size;

		put_structure(p, *(const char *const *)(const void *)item, f->schema, item);
	}
	close_map(p, map->count == 0);
}

static void put_bool_member(struct printer *p, const struct field *f, const void *member)
{
	put_raw(p, f->key, *(const bool *)member ? "true" : "false");
}

static void put_maybe_member(struct printer *p, const struct field *f, const void *member)
{
	put_raw(p, f->key, enum_get(member) == SPEC_YES ? "true" : "false");
}

static void put_integer_member(struct printer *p, const struct field *f, const void *member)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, *(const int64_t *)member);
	put_raw(p, f->key, text);
}

static void put_u64_member(struct printer *p, const struct field *f, const void *member)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, *(const uint64_t *)member);
	put_raw(p, f->key, text);
}

static void put_cores_member(struct printer *p, const struct field *f, const void *member)
{
	put_double(p, f->key, *(const double *)member);
}

static void put_duration_member(struct printer *p, const struct field *f, const void *member)
{
	char text[DURATION_TEXT_SIZE];

	duration_format(*(const uint64_t *)member, text);
	put_text(p, f->key, text);
}

/* A size too: it begins with its text. */
static void put_text_member(struct printer *p, const struct field *f, const void *member)
{
	put_text(p, f->key, *(const char *const *)member);
}

static void put_image_member(struct printer *p, const struct field *f, const void *member)
{
	put_text(p, f->key, ((const struct image_reference *)member)->typed);
}

static void put_word_member(struct printer *p, const struct field *f, const void *member)
{
	put_text(p, f->key, f->words->words[enum_get(member)].text);
}

static void put_texts_member(struct printer *p, const struct field *f, const void *member)
{
	put_texts(p, f->key, member);
}

static void put_arguments_member(struct printer *p, const struct field *f, const void *member)
{
	put_texts(p, f->key, &((const struct spec_arguments *)member)->list);
}

static void put_object_member(struct printer *p, const struct field *f, const void *member)
{
	put_structure(p, f->key, f->schema, member);
}

static void put_pointer_member(struct printer *p, const struct field *f, const void *member)
{
	put_structure(p, f->key, f->schema, *(const char *const *)member);
}

static void (*const putters[])(struct printer *p, const struct field *f, const void *member) = {
	[TYPE_TEXT] = put_text_member,         [TYPE_BOOL] = put_bool_member,
	[TYPE_MAYBE] = put_maybe_member,       [TYPE_U8] = put_integer_member,
	[TYPE_U16] = put_integer_member,       [TYPE_U32] = put_integer_member,
	[TYPE_I32] = put_integer_member,       [TYPE_I64] = put_integer_member,
	[TYPE_U64] = put_u64_member,           [TYPE_CORES] = put_cores_member,
	[TYPE_SIZE] = put_text_member,         [TYPE_DURATION] = put_duration_member,
	[TYPE_PERIOD] = put_duration_member,   [TYPE_IMAGE] = put_image_member,
	[TYPE_TEXTS] = put_texts_member,       [TYPE_ARGUMENTS] = put_arguments_member,
	[TYPE_PAIRS] = put_pairs_member,       [TYPE_VALUES] = put_values_member,
	[TYPE_AFFINITY] = put_affinity_member, [TYPE_NETWORK_MODE] = put_network_mode_member,
	[TYPE_ENUMERATION] = put_word_member,  [TYPE_OBJECT] = put_object_member,
	[TYPE_POINTER] = put_pointer_member,   [TYPE_LIST] = put_list_member,
	[TYPE_MAP] = put_map_member,
};

/* Empty lists are lists, not null. */
static bool is_null_when_unset(const struct field *f)
{
	return f->type != TYPE_TEXTS && f->type != TYPE_PAIRS && f->type != TYPE_VALUES && f->type != TYPE_LIST &&
	       f->type != TYPE_MAP;
}

static void put_fields(struct printer *p, const struct schema *schema, const char *object)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *f = &schema->fields[i];
		const void *member = object + f->offset;

		if (!is_printed(f, member))
			continue;
		if (is_null_when_unset(f) && is_unset(f, member))
			put_raw(p, f->key, "null");
		else
			putters[f->type](p, f, member);
	}
}

static bool prints_nothing(const struct schema *schema, const char *object)
{
	for (size_t i = 0; i < schema->count; i++)
		if (is_printed(&schema->fields[i], object + schema->fields[i].offset))
			return false;
	return true;
}

static void put_structure(struct printer *p, const char *key, const struct schema *schema, const char *object)
{
	const void *inner = object;
	const struct schema *shape = schema->tag ? schema_variant(schema, object, &inner) : schema;
	bool is_empty = !schema->tag && prints_nothing(schema, object);

	open_map(p, key, is_empty);
	if (schema->tag)
		put_text(p, schema->tag, schema->words->words[enum_get(object + schema->type_offset)].text);
	if (shape)
		put_fields(p, shape, inner);
	close_map(p, is_empty);
}

int spec_print_yaml(const struct spec_deployment *deployment, struct strbuf *out)
{
	struct yaml_writer yaml = { .out = out, .depth = -1 };
	struct printer p = { .yaml = &yaml };

	put_structure(&p, NULL, &schema_deployment, (const char *)deployment);
	return strbuf_status(out);
}

int spec_print_json(const struct spec_deployment *deployment, struct strbuf *out)
{
	struct json_writer json = { .out = out, .pretty = true };
	struct printer p = { .json = &json };

	put_structure(&p, NULL, &schema_deployment, (const char *)deployment);
	strbuf_add_char(out, '\n');
	return strbuf_status(out);
}

int spec_print_service_json(const struct spec_service *service, struct strbuf *out)
{
	struct json_writer json = { .out = out };
	struct printer p = { .json = &json };

	put_structure(&p, NULL, &schema_service, (const char *)service);
	return strbuf_status(out);
}
