/* schema.h - fields.def and enums.def as tables that the reader, the comparer and the printer walk. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spec/problem.h"

struct node;
struct reader;
struct path;
struct schema;

enum field_type {
	TYPE_TEXT,
	TYPE_BOOL,
	TYPE_MAYBE,
	TYPE_U8,
	TYPE_U16,
	TYPE_U32,
	TYPE_I32,
	TYPE_I64,
	TYPE_U64,
	TYPE_CORES,
	TYPE_SIZE,
	TYPE_DURATION,
	TYPE_PERIOD,
	TYPE_IMAGE,
	TYPE_TEXTS,
	TYPE_ARGUMENTS,
	TYPE_PAIRS,
	TYPE_VALUES,
	TYPE_AFFINITY,
	TYPE_NETWORK_MODE,
	TYPE_ENUMERATION,
	TYPE_OBJECT,
	TYPE_POINTER,
	TYPE_LIST,
	TYPE_MAP,
	TYPE_COUNT,
};

/* What fields.def says of a field that is not given, and when it is printed. */
enum initial {
	INITIAL_REQUIRED,
	INITIAL_UNSET,
	INITIAL_SHOWN,
	INITIAL_GIVEN,
	INITIAL_IS,
	INITIAL_QUIET,
	INITIAL_HIDDEN,
	INITIAL_MADE,
};

/* Whether this node acts on a field or word: severity is SPEC_REFUSED or SPEC_IGNORED where why is not NULL. */
struct effect {
	enum spec_severity severity;
	const char *why;
	bool (*holds)(const char *text); /* NULL: never; true: in effect after all */
};

typedef void (*rule)(struct reader *r, const struct node *node, void *member, const struct path *path);

struct word {
	const char *text;
	struct effect effect;
};

/* words[0] is the unset one; the index is the enum's value. */
struct word_list {
	const struct word *words;
	size_t count;
};

struct field {
	const char *key, *alias;
	unsigned char key_len, alias_len;
	enum field_type type;
	uint16_t offset;
	enum initial initial;
	union {
		int64_t number;
		const char *text;
		void (*make)(void *member);
	};
	int64_t lowest, highest; /* of an integer; 0, 0: the type's own */
	rule rule;
	struct effect effect;
	const struct schema *schema;   /* of OBJECT, POINTER, LIST and MAP */
	const struct word_list *words; /* of ENUMERATION */
};

struct schema {
	const char *name;
	size_t size;
	bool drops_unknown;
	const struct field *fields; /* of a structure */
	size_t count;
	rule rule; /* over several fields, once all were read */
	bool rules_always;

	/* of a union: the key that chooses, its words, and by word what stands at `variant_offset` */
	const char *tag;
	const struct word_list *words;
	const struct schema *const *variants;
	size_t type_offset, variant_offset;
};

extern const struct schema schema_deployment, schema_service, schema_group, schema_external;

/* The default of a field, at member: zeroed memory before. */
void schema_set_default(const struct field *field, void *member);

/* The same for every field of a structure that is no union. */
void schema_set_defaults(const struct schema *schema, void *object);

/* True for a member that holds what schema_set_default gives: then there is nothing to act upon. */
bool schema_is_default(const struct field *field, const void *member);

/* Value equality by the table. */
bool schema_equal(const struct schema *schema, const void *a, const void *b);
bool schema_member_equal(const struct field *field, const void *a, const void *b);

/* Where a union's chosen structure begins. NULL for one of no type. */
const struct schema *schema_variant(const struct schema *schema, const void *object, const void **ret);

/* Enums are ints in memory (all of them have small values). */
static inline int enum_get(const void *member)
{
	return *(const int *)member;
}
