/* tables.c - fields.def and enums.def as tables. */
#include "spec/rules.h"
#include "spec/schema.h"
#include "spec/spec.h"

/* clang-format off */
#define HERE { SPEC_WARNING, NULL, NULL }
#define WARNS(why) { SPEC_IGNORED, why, NULL }
#define REFUSES(why) { SPEC_REFUSED, why, NULL }
#define REFUSES_UNLESS(why, holds) { SPEC_REFUSED, why, holds }

/* ---- word lists ---- */
#define ENUM(name, PREFIX) static const struct word name##_words[] = { { "", HERE },
#define WORD(PREFIX, NAME, word, effect) { word, effect },
#define END_ENUM(name) }; \
	static const struct word_list words_##name = { name##_words, sizeof(name##_words) / sizeof(struct word) }; \
	const char *spec_##name##_word(enum spec_##name value) \
	{ \
		return (size_t)value < words_##name.count ? name##_words[value].text : ""; \
	}
#include "spec/enums.def"

/* ---- fields ---- */
#define TYPED_TEXT .type = TYPE_TEXT
#define TYPED_BOOL .type = TYPE_BOOL
#define TYPED_MAYBE .type = TYPE_MAYBE
#define TYPED_U8 .type = TYPE_U8
#define TYPED_U16 .type = TYPE_U16
#define TYPED_U32 .type = TYPE_U32
#define TYPED_I32 .type = TYPE_I32
#define TYPED_I64 .type = TYPE_I64
#define TYPED_U64 .type = TYPE_U64
#define TYPED_CORES .type = TYPE_CORES
#define TYPED_SIZE .type = TYPE_SIZE
#define TYPED_DURATION .type = TYPE_DURATION
#define TYPED_PERIOD .type = TYPE_PERIOD
#define TYPED_IMAGE .type = TYPE_IMAGE
#define TYPED_TEXTS .type = TYPE_TEXTS
#define TYPED_ARGUMENTS .type = TYPE_ARGUMENTS
#define TYPED_PAIRS .type = TYPE_PAIRS
#define TYPED_VALUES .type = TYPE_VALUES
#define TYPED_AFFINITY .type = TYPE_AFFINITY
#define TYPED_NETWORK_MODE .type = TYPE_NETWORK_MODE
#define TYPED_ENUMERATION(e) .type = TYPE_ENUMERATION, .words = &words_##e
#define TYPED_OBJECT(s) .type = TYPE_OBJECT, .schema = &schema_##s
#define TYPED_POINTER(s) .type = TYPE_POINTER, .schema = &schema_##s
#define TYPED_LIST(s) .type = TYPE_LIST, .schema = &schema_##s
#define TYPED_MAP(s) .type = TYPE_MAP, .schema = &schema_##s

#define REQUIRED .initial = INITIAL_REQUIRED
#define UNSET .initial = INITIAL_UNSET
#define SHOWN .initial = INITIAL_SHOWN
#define GIVEN .initial = INITIAL_GIVEN
#define HIDDEN .initial = INITIAL_HIDDEN
#define IS(value) .initial = INITIAL_IS, .number = (value)
#define QUIET(value) .initial = INITIAL_QUIET, .number = (value)
#define IS_TEXT(value) .initial = INITIAL_IS, .text = (value)
#define MADE_BY(function) .initial = INITIAL_MADE, .make = (function)

#define ANY .rule = NULL
#define RANGE(from, to) .lowest = (from), .highest = (to)
#define OBEYS(function) .rule = (function)
#define ALWAYS_OBEYS(function) .rule = (function), .rules_always = true

static void absent_overlay_member(void *member);
static void absent_overlays(void *member);
static void absent_scale(void *member);
static void absent_health(void *member);

#define DROPS_DROPPED true
#define DROPS_REFUSED false

#define KEY(text) .key = text, .key_len = sizeof(text) - 1
#define FIELD(of, name, TYPE, initially, range, effect_) \
	{ KEY(#name), .offset = offsetof(struct spec_##of, name), TYPED_##TYPE, initially, range, .effect = effect_ },
#define FIELD_AS(of, member, key_text, TYPE, initially, range, effect_) \
	{ KEY(key_text), .offset = offsetof(struct spec_##of, member), TYPED_##TYPE, initially, range, \
	  .effect = effect_ },
#define FIELD_ALIAS(of, name, alias_text, TYPE, initially, range, effect_) \
	{ KEY(#name), .alias = alias_text, .alias_len = sizeof(alias_text) - 1, \
	  .offset = offsetof(struct spec_##of, name), TYPED_##TYPE, initially, range, .effect = effect_ },

/* The last entry is no field: a structure may have none. */
#define STRUCT(type) static const struct field type##_fields[] = {
#define NAMED(type) STRUCT(type)
#define END(type, unknown, rule_) { .key = NULL } }; \
	extern const struct schema schema_##type; \
	const struct schema schema_##type = { \
		.name = #type, .size = sizeof(struct spec_##type), .drops_unknown = DROPS_##unknown, \
		.fields = type##_fields, .count = sizeof(type##_fields) / sizeof(struct field) - 1, rule_, \
	};

#define UNION(type, words_) static const struct schema *const type##_variants[] = {
#define VARIANT(of, choice, WORD) [SPEC_##WORD] = &schema_##of##_##choice,
#define END_UNION(type_, key, word_list_) }; \
	extern const struct schema schema_##type_; \
	const struct schema schema_##type_ = { \
		.name = #type_, .size = sizeof(struct spec_##type_), .tag = key, .words = &words_##word_list_, \
		.variants = type_##_variants, .type_offset = offsetof(struct spec_##type_, type), \
		.variant_offset = offsetof(struct spec_##type_, chosen), \
	};
#include "spec/fields.def"
/* clang-format on */

/* ---- structures that are not what their fields' defaults give when they are absent ---- */

/* `overlays` given and one of its members not: that member is all false. */
static void absent_overlay_member(void *member)
{
	struct spec_overlay_settings *settings = member;

	*settings = (struct spec_overlay_settings){ false, false, false };
}

static void absent_overlays(void *member)
{
	struct spec_overlays *overlays = member;

	overlays->service = (struct spec_overlay_settings){ true, true, true };
	overlays->global = (struct spec_overlay_settings){ true, true, false };
}

static void absent_scale(void *member)
{
	struct spec_scale *scale = member;

	scale->type = SPEC_SCALE_ADAPTIVE;
	schema_set_defaults(&schema_scale_adaptive, &scale->adaptive);
	scale->adaptive.min = 1;
	scale->adaptive.max = 10;
	scale->adaptive.cooldown = 30 * SPEC_SECOND;
}

static void absent_health(void *member)
{
	struct spec_health *health = member;

	schema_set_defaults(&schema_health, health);
	health->start_grace = 5 * SPEC_SECOND;
	health->check.type = SPEC_CHECK_TCP;
	health->check.tcp.port = 0;
}
