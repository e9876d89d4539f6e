/* spec.h - a DeploymentSpec, read and checked. Nothing here touches the node, but for the files that are named. */
#pragma once
#include <zlayer/error.h>

ZL_BEGIN_DECLS

/* Immutable; valid or not. */
struct zl_spec;

/* Where a directory's spec stands when no path is given: .zlayer.yml, .zlayer.yaml, zlayer.yml, zlayer.yaml, else the
 * only file named *.zlayer.yml|yaml or zlayer.*.yml|yaml. *ret_path is a path like dir is. NOT_FOUND when there is
 * none, CONFLICT listing several. */
ZL_API int zl_spec_find(const char *dir, char **ret_path, struct zl_error *err);

/* Reads and checks a file ("-": standard input), or a text. NULL only when it cannot be read or memory is out: one with
 * problems is returned with them. */
ZL_API struct zl_spec *zl_spec_load(const char *path, struct zl_error *err);
ZL_API struct zl_spec *zl_spec_parse(const char *text, size_t length, struct zl_error *err);
ZL_API void zl_spec_free(struct zl_spec *spec);

enum zl_spec_severity {
	ZL_SPEC_ERROR,   /* the text is no valid spec */
	ZL_SPEC_FLAW,    /* valid by the format's rules, but it cannot run: a cycle, a bad volume name */
	ZL_SPEC_REFUSED, /* not in effect on this node, and its absence changes meaning or safety */
	ZL_SPEC_IGNORED, /* not in effect on this node */
	ZL_SPEC_WARNING, /* probably not what was meant */
};

struct zl_spec_problem {
	enum zl_spec_severity severity;
	unsigned line, column; /* from 1 */
	const char *path;      /* of the field: "services.web.scale.min"; "" for the document */
	const char *message;   /* "what is wrong (what would be right)" */
};

/* In file order, the first 100; left_out says how many are not among them. */
ZL_API size_t zl_spec_problem_count(const struct zl_spec *spec);
ZL_API size_t zl_spec_problems_left_out(const struct zl_spec *spec);
ZL_API const struct zl_spec_problem *zl_spec_get_problem(const struct zl_spec *spec, size_t i);

/* No ERROR among them. */
ZL_API bool zl_spec_is_valid(const struct zl_spec *spec);

/* Whether zl_deployment_up takes it: 0, or -1 with INVALID_SPEC (an ERROR or FLAW) or UNSUPPORTED (a REFUSED one). */
ZL_API int zl_spec_check_deployable(const struct zl_spec *spec, struct zl_error *err);

/* Of a valid spec; borrowed. Services are in file order. NULL where there is none such. */
ZL_API const char *zl_spec_deployment(const struct zl_spec *spec);
ZL_API size_t zl_spec_service_count(const struct zl_spec *spec);
ZL_API const char *zl_spec_get_service(const struct zl_spec *spec, size_t i);

enum zl_spec_format { ZL_SPEC_YAML, ZL_SPEC_JSON };

/* The spec normalised, defaults filled in; reads back equal. INVALID_SPEC for one that is not valid. */
ZL_API int zl_spec_dump(const struct zl_spec *spec, enum zl_spec_format format, char **ret_text, struct zl_error *err);

ZL_END_DECLS
