/* schema.c - what a field is when it is not given, and which shape of a union was chosen. */
#include "spec/schema.h"

#include "spec/spec.h"

static void set_integer(const struct field *f, void *member)
{
	bool is_given = f->initial == INITIAL_IS || f->initial == INITIAL_QUIET;

	*(int64_t *)member = is_given ? f->number : SPEC_UNSET;
}

static void set_duration(const struct field *f, void *member)
{
	*(uint64_t *)member = f->initial == INITIAL_IS ? (uint64_t)f->number : SPEC_NO_DURATION;
}

static void set_text(const struct field *f, void *member)
{
	*(const char **)member = f->text;
}

static void set_bool(const struct field *f, void *member)
{
	*(bool *)member = f->number != 0;
}

static void set_u64(const struct field *f, void *member)
{
	*(uint64_t *)member = (uint64_t)f->number;
}

static void set_cores(const struct field *f, void *member)
{
	(void)f;
	*(double *)member = SPEC_NO_CORES;
}

/* A word; an affinity and a network mode begin with one. */
static void set_word(const struct field *f, void *member)
{
	*(int *)member = (int)f->number;
}

static void set_object(const struct field *f, void *member)
{
	if (f->initial == INITIAL_MADE)
		f->make(member);
	else if (!f->schema->tag)
		schema_set_defaults(f->schema, member);
}

void schema_set_default(const struct field *field, void *member)
{
	/* Of the other types, zeroed is unset. */
	static void (*const setters[])(const struct field *f, void *member) = {
		[TYPE_TEXT] = set_text,         [TYPE_BOOL] = set_bool,
		[TYPE_U8] = set_integer,        [TYPE_U16] = set_integer,
		[TYPE_U32] = set_integer,       [TYPE_I32] = set_integer,
		[TYPE_I64] = set_integer,       [TYPE_U64] = set_u64,
		[TYPE_CORES] = set_cores,       [TYPE_DURATION] = set_duration,
		[TYPE_PERIOD] = set_duration,   [TYPE_AFFINITY] = set_word,
		[TYPE_NETWORK_MODE] = set_word, [TYPE_ENUMERATION] = set_word,
		[TYPE_OBJECT] = set_object,     [TYPE_COUNT] = NULL,
	};

	if (setters[field->type])
		setters[field->type](field, member);
}

void schema_set_defaults(const struct schema *schema, void *object)
{
	for (size_t i = 0; i < schema->count; i++)
		schema_set_default(&schema->fields[i], (char *)object + schema->fields[i].offset);
}

const struct schema *schema_variant(const struct schema *schema, const void *object, const void **ret)
{
	int type = enum_get((const char *)object + schema->type_offset);

	*ret = (const char *)object + schema->variant_offset;
	return type > 0 && (size_t)type < schema->words->count ? schema->variants[type] : NULL;
}
