/* spec.h - a parsed DeploymentSpec v1: what `zlayer up` is asked to run.
 *
 * The structures below come from fields.def, where each field has its line. How their members read:
 *   text         const char *, NULL where it was not given
 *   integers     int64_t, SPEC_UNSET where it was not given (U64 fields: uint64_t, never unset)
 *   durations    uint64_t nanoseconds, SPEC_NO_DURATION where none was given (PERIOD: always one)
 *   cores        double, below 0 where it was not given
 *   sizes        text and bytes; text is NULL where it was not given
 *   MAYBE        enum spec_maybe: not said, no, yes
 *   words        enum spec_<list>, 0 where it was not given and has no default
 *   POINTER(s)   NULL where it was not given
 *   LIST, MAP    items and count, in the order of the file; a map's items begin with their `name`
 * A deployment owns all it holds in one arena and never changes after spec_parse: read it, copy from it, do not add to
 * its lists. It may be read from several threads at once.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "base/strv.h"
#include "oci/reference.h"
#include "spec/limits.h"
#include "spec/problem.h"

#define SPEC_UNSET INT64_MIN
#define SPEC_SECOND 1000000000LL
#define SPEC_NO_DURATION UINT64_MAX
#define SPEC_NO_CORES (-1.0)

/* ---- the kinds of values ---- */

enum spec_maybe { SPEC_UNSAID, SPEC_NO, SPEC_YES };

/* "512Mi" and what it means. A size past 16 EiB has bytes == UINT64_MAX and is refused by `up`. */
struct spec_size {
	const char *text;
	uint64_t bytes;
};

struct spec_pair {
	const char *name, *value;
};

/* env, labels: the last of two equal names won. */
struct spec_pairs {
	struct spec_pair *items;
	size_t count;
};

/* A list that may be given and empty: `entrypoint: []` clears the image's. */
struct spec_arguments {
	bool is_set;
	struct strv list;
};

enum spec_affinity_kind { SPEC_AFFINITY_UNSET, SPEC_AFFINITY_SPREAD, SPEC_AFFINITY_PACK, SPEC_AFFINITY_PIN };

struct spec_affinity {
	enum spec_affinity_kind kind;
	const char *selector; /* of PIN, else NULL */
};

enum spec_network_kind {
	SPEC_NETWORK_DEFAULT,
	SPEC_NETWORK_HOST,
	SPEC_NETWORK_NONE,
	SPEC_NETWORK_BRIDGE,
	SPEC_NETWORK_CONTAINER,
};

/* host_network: true is HOST here already, where network_mode was default. */
struct spec_network_mode {
	enum spec_network_kind kind;
	const char *name; /* BRIDGE: its name or NULL; CONTAINER: the container; else NULL */
};

/* Free values, of `with`: what JSON has. */
enum spec_value_kind {
	SPEC_VALUE_NULL,
	SPEC_VALUE_BOOL,
	SPEC_VALUE_I64,
	SPEC_VALUE_U64,
	SPEC_VALUE_DOUBLE,
	SPEC_VALUE_TEXT,
	SPEC_VALUE_LIST,
	SPEC_VALUE_MAP,
};

struct spec_value {
	const char *name; /* its key where it stands in a map, else NULL */
	enum spec_value_kind kind;
	union {
		bool boolean;
		int64_t i64;
		uint64_t u64;
		double number;
		const char *text;
		struct {
			struct spec_value *items;
			size_t count;
		} children;
	};
};

struct spec_values {
	struct spec_value *items;
	size_t count;
};

/* ---- word lists ---- */

#define ENUM(name, PREFIX) \
	enum spec_##name   \
	{                  \
		SPEC_##PREFIX##_UNSET,
#define WORD(PREFIX, NAME, word, effect) SPEC_##PREFIX##_##NAME,
#define END_ENUM(name) \
	}              \
	;
#include "spec/enums.def"
#undef ENUM
#undef WORD
#undef END_ENUM

/* The word as it is written; "" for UNSET. */
#define ENUM(name, PREFIX) const char *spec_##name##_word(enum spec_##name value);
#define WORD(PREFIX, NAME, word, effect)
#define END_ENUM(name)
#include "spec/enums.def"
#undef ENUM
#undef WORD
#undef END_ENUM

/* ---- structures ---- */

#define MEMBER_TEXT const char *
#define MEMBER_BOOL bool
#define MEMBER_MAYBE enum spec_maybe
#define MEMBER_U8 int64_t
#define MEMBER_U16 int64_t
#define MEMBER_U32 int64_t
#define MEMBER_I32 int64_t
#define MEMBER_I64 int64_t
#define MEMBER_U64 uint64_t
#define MEMBER_CORES double
#define MEMBER_SIZE struct spec_size
#define MEMBER_DURATION uint64_t
#define MEMBER_PERIOD uint64_t
#define MEMBER_IMAGE struct image_reference
#define MEMBER_TEXTS struct strv
#define MEMBER_ARGUMENTS struct spec_arguments
#define MEMBER_PAIRS struct spec_pairs
#define MEMBER_VALUES struct spec_values
#define MEMBER_AFFINITY struct spec_affinity
#define MEMBER_NETWORK_MODE struct spec_network_mode
#define MEMBER_ENUMERATION(e) enum spec_##e
#define MEMBER_OBJECT(s) struct spec_##s
#define MEMBER_POINTER(s) struct spec_##s *
#define MEMBER_LIST(s) struct spec_##s##_list
#define MEMBER_MAP(s) struct spec_##s##_list

/* clang-format off */
#define STRUCT(name) struct spec_##name {
#define NAMED(struct_name) struct spec_##struct_name { const char *name;
#define FIELD(of, key, TYPE, initial, range, effect) MEMBER_##TYPE key;
#define FIELD_AS(of, member, key, TYPE, initial, range, effect) MEMBER_##TYPE member;
#define FIELD_ALIAS(of, key, alias, TYPE, initial, range, effect) MEMBER_##TYPE key;
#define SPEC_LIST_OF(type) }; struct spec_##type##_list { struct spec_##type *items; size_t count; };
#define END(type, unknown, rule) SPEC_LIST_OF(type)
/* The word that chooses comes first: storage.type, then storage.bind.source. */
#define UNION(name, words) struct spec_##name { enum spec_##words type; union { char chosen[1];
#define VARIANT(of, name, WORD) struct spec_##of##_##name name;
#define END_UNION(name, key, words) }; SPEC_LIST_OF(name)

#include "spec/fields.def"
/* clang-format on */
#undef STRUCT
#undef NAMED
#undef FIELD
#undef FIELD_AS
#undef FIELD_ALIAS
#undef END
#undef UNION
#undef VARIANT
#undef END_UNION

/* ---- reading ---- */

/* Reads a whole text of at most SPEC_TEXT_MAX bytes. Everything that is wrong or noteworthy is added to problems, in
 * the order of the file, with its line and column: errors, what only fails when it runs, and what this node does not
 * put into effect (problem.h). 0 and *ret is yours when there is no error among them; -1 with err->kind
 * ERR_INVALID_SPEC when there is; -1 with another kind when memory ran out. problems may be read in each case. */
int spec_parse(const char *text, size_t len, struct spec_deployment **ret, struct spec_problems *problems,
	       struct error *err);
void spec_deployment_free(struct spec_deployment *deployment);
DEFINE_AUTO(spec_deployment)

/* The same for a file; a missing or unreadable one fails with its errno and no problem. "-" is standard input. */
int spec_read_file(const char *path, struct spec_deployment **ret, struct spec_problems *problems, struct error *err);

/* NULL when there is none. */
const struct spec_service *spec_find_service(const struct spec_deployment *deployment, const char *name);

/* ---- comparing ---- */

/* Field by field of the table, names apart; a map's order does not count, a list's does. A text that was typed
 * otherwise but means the same image is equal. */
bool spec_service_equal(const struct spec_service *a, const struct spec_service *b);
bool spec_deployment_equal(const struct spec_deployment *a, const struct spec_deployment *b);

/* ---- printing: normalised, defaults filled in ---- */

/* YAML that reads back to an equal deployment. 0, or -ENOMEM in out->status. */
int spec_print_yaml(const struct spec_deployment *deployment, struct strbuf *out);

/* The keys of the reference parser's own serialisation, in the order of fields.def. */
int spec_print_json(const struct spec_deployment *deployment, struct strbuf *out);

/* One service alone as JSON: what a change of it is told from. */
int spec_print_service_json(const struct spec_service *service, struct strbuf *out);

/* ---- finding the file ---- */

/* The spec of a directory when none was named: .zlayer.yml, .zlayer.yaml, zlayer.yml, zlayer.yaml, in that order; else
 * the only one of *.zlayer.yml|yaml and zlayer.*.yml|yaml. *ret is yours, a name in the directory. Fails with
 * ERR_NOT_FOUND when there is none, ERR_CONFLICT when there are several (they are listed). */
int spec_discover(int dirfd, char **ret, struct error *err);
