/* compare.c - value equality of structures, field by field of the table. */
#include <string.h>

#include "spec/schema.h"
#include "spec/spec.h"

static bool text_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* NaN is a value like any other here. */
static bool double_equal(double a, double b)
{
	return a == b || (a != a && b != b);
}

/* Sizes of the same bytes are equal however they were typed; past 64 bits the text decides. */
static bool size_equal(const struct spec_size *a, const struct spec_size *b)
{
	if (!a->text || !b->text)
		return a->text == b->text;
	return a->bytes == b->bytes && (a->bytes != UINT64_MAX || strcmp(a->text, b->text) == 0) &&
	       (a->bytes != 0 || strcmp(a->text, b->text) == 0);
}

static bool pairs_contain(const struct spec_pairs *pairs, size_t hint, const struct spec_pair *wanted)
{
	for (size_t i = 0; i < pairs->count; i++) {
		const struct spec_pair *p = &pairs->items[(hint + i) % pairs->count];

		if (strcmp(p->name, wanted->name) == 0)
			return strcmp(p->value, wanted->value) == 0;
	}
	return false;
}

/* Names are unique in each, so that equal counts and containment are equality. In the same order it is linear. */
static bool pairs_equal(const struct spec_pairs *a, const struct spec_pairs *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!pairs_contain(b, i, &a->items[i]))
			return false;
	return true;
}

static bool values_equal(const struct spec_value *a, size_t n, const struct spec_value *b, size_t m);

static bool value_equal(const struct spec_value *a, const struct spec_value *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case SPEC_VALUE_NULL:
		return true;
	case SPEC_VALUE_BOOL:
		return a->boolean == b->boolean;
	case SPEC_VALUE_I64:
		return a->i64 == b->i64;
	case SPEC_VALUE_U64:
		return a->u64 == b->u64;
	case SPEC_VALUE_DOUBLE:
		return double_equal(a->number, b->number);
	case SPEC_VALUE_TEXT:
		return text_equal(a->text, b->text);
	case SPEC_VALUE_LIST:
	case SPEC_VALUE_MAP:
		return values_equal(a->children.items, a->children.count, b->children.items, b->children.count);
	}
	return false;
}

/* Items of a list have no name and are compared in order; those of a map are looked up. */
static bool values_equal(const struct spec_value *a, size_t n, const struct spec_value *b, size_t m)
{
	if (n != m)
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t j = i;

		for (size_t k = 0; a[i].name && k < m; k++) {
			j = (i + k) % m;
			if (text_equal(a[i].name, b[j].name))
				break;
		}
		if (!text_equal(a[i].name, b[j].name) || !value_equal(&a[i], &b[j]))
			return false;
	}
	return true;
}

/* struct spec_<type>_list, whatever the type. */
struct any_list {
	char *items;
	size_t count;
};

static bool list_equal(const struct schema *schema, const struct any_list *a, const struct any_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!schema_equal(schema, a->items + i * schema->size, b->items + i * schema->size))
			return false;
	return true;
}

/* A map's items begin with their names, which are unique. */
static bool map_equal(const struct schema *schema, const struct any_list *a, const struct any_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const char *item = a->items + i * schema->size, *other = NULL;

		for (size_t k = 0; k < b->count && !other; k++) {
			const char *candidate = b->items + (i + k) % b->count * schema->size;

			if (strcmp(*(char *const *)(const void *)item, *(char *const *)(const void *)candidate) == 0)
				other = candidate;
		}
		if (!other || !schema_equal(schema, item, other))
			return false;
	}
	return true;
}

static bool arguments_equal(const struct spec_arguments *a, const struct spec_arguments *b)
{
	return a->is_set == b->is_set && strv_equal(&a->list, &b->list);
}

static bool pointer_equal(const struct schema *schema, const void *a, const void *b)
{
	return a && b ? schema_equal(schema, a, b) : a == b;
}

/* Kind and name, as AFFINITY and NETWORK_MODE are built. */
static bool choice_equal(const struct spec_affinity *a, const struct spec_affinity *b)
{
	return a->kind == b->kind && text_equal(a->selector, b->selector);
}

typedef bool (*comparer)(const struct field *f, const void *a, const void *b);

#define COMPARER(name, ...)                                                   \
	static bool name(const struct field *f, const void *a, const void *b) \
	{                                                                     \
		(void)f;                                                      \
		return __VA_ARGS__;                                           \
	}
#define AT(type, p) (*(type const *)(p))
COMPARER(compare_text, text_equal(AT(const char *, a), AT(const char *, b)))
COMPARER(compare_bool, AT(bool, a) == AT(bool, b))
COMPARER(compare_number, AT(uint64_t, a) == AT(uint64_t, b))
COMPARER(compare_cores, double_equal(AT(double, a), AT(double, b)))
COMPARER(compare_word, enum_get(a) == enum_get(b))
COMPARER(compare_size, size_equal(a, b))
COMPARER(compare_image, image_reference_equal(a, b))
COMPARER(compare_texts, strv_equal(a, b))
COMPARER(compare_arguments, arguments_equal(a, b))
COMPARER(compare_pairs, pairs_equal(a, b))
COMPARER(compare_values, values_equal(AT(struct spec_values, a).items, AT(struct spec_values, a).count,
				      AT(struct spec_values, b).items, AT(struct spec_values, b).count))
COMPARER(compare_affinity, choice_equal(a, b))
COMPARER(compare_network_mode, enum_get(a) == enum_get(b) && text_equal(AT(struct spec_network_mode, a).name,
									AT(struct spec_network_mode, b).name))
COMPARER(compare_object, schema_equal(f->schema, a, b))
COMPARER(compare_pointer, pointer_equal(f->schema, AT(void *, a), AT(void *, b)))
COMPARER(compare_list, list_equal(f->schema, a, b))
COMPARER(compare_map, map_equal(f->schema, a, b))

static const comparer comparers[TYPE_COUNT] = {
	[TYPE_TEXT] = compare_text,         [TYPE_BOOL] = compare_bool,
	[TYPE_MAYBE] = compare_word,        [TYPE_U8] = compare_number,
	[TYPE_U16] = compare_number,        [TYPE_U32] = compare_number,
	[TYPE_I32] = compare_number,        [TYPE_I64] = compare_number,
	[TYPE_U64] = compare_number,        [TYPE_CORES] = compare_cores,
	[TYPE_SIZE] = compare_size,         [TYPE_DURATION] = compare_number,
	[TYPE_PERIOD] = compare_number,     [TYPE_IMAGE] = compare_image,
	[TYPE_TEXTS] = compare_texts,       [TYPE_ARGUMENTS] = compare_arguments,
	[TYPE_PAIRS] = compare_pairs,       [TYPE_VALUES] = compare_values,
	[TYPE_AFFINITY] = compare_affinity, [TYPE_NETWORK_MODE] = compare_network_mode,
	[TYPE_ENUMERATION] = compare_word,  [TYPE_OBJECT] = compare_object,
	[TYPE_POINTER] = compare_pointer,   [TYPE_LIST] = compare_list,
	[TYPE_MAP] = compare_map,
};

bool schema_member_equal(const struct field *field, const void *a, const void *b)
{
	return comparers[field->type](field, a, b);
}

static bool union_equal(const struct schema *schema, const void *a, const void *b)
{
	const void *in_a, *in_b;
	const struct schema *chosen = schema_variant(schema, a, &in_a);

	if (chosen != schema_variant(schema, b, &in_b))
		return false;
	return !chosen || schema_equal(chosen, in_a, in_b);
}

/* A hidden field is told from another one that it has become part of. */
bool schema_equal(const struct schema *schema, const void *a, const void *b)
{
	if (schema->tag)
		return union_equal(schema, a, b);
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *f = &schema->fields[i];

		if (f->initial != INITIAL_HIDDEN &&
		    !schema_member_equal(f, (const char *)a + f->offset, (const char *)b + f->offset))
			return false;
	}
	return true;
}

bool schema_is_default(const struct field *field, const void *member)
{
	union {
		char bytes[sizeof(struct spec_service)];
		max_align_t alignment;
	} fresh = { 0 };

	schema_set_default(field, &fresh);
	return schema_member_equal(field, member, &fresh);
}

bool spec_service_equal(const struct spec_service *a, const struct spec_service *b)
{
	return schema_equal(&schema_service, a, b);
}

bool spec_deployment_equal(const struct spec_deployment *a, const struct spec_deployment *b)
{
	return schema_equal(&schema_deployment, a, b);
}
