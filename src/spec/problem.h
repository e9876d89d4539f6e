/* problem.h - what a spec's reader has to say: each with its place in the file, collected, then printed in order. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/strbuf.h"

enum spec_severity {
	SPEC_ERROR,   /* the text is no valid spec */
	SPEC_FLAW,    /* valid by the format's rules, but it cannot run: a cycle, a bad volume name. `up` refuses */
	SPEC_REFUSED, /* not in effect on this node, and its absence changes meaning or safety: `up` refuses */
	SPEC_IGNORED, /* not in effect on this node: `up` warns */
	SPEC_WARNING, /* probably not what was meant: a warning everywhere */
};

struct spec_problem {
	enum spec_severity severity;
	unsigned line, column; /* from 1 */
	char *path;            /* "services.web.endpoints[0].port"; "" for the document */
	char *text;            /* "port 0 is out of range (1 to 65535)" */
};

#define SPEC_PROBLEMS_MAX 100 /* kept; the rest is counted */

struct spec_problems {
	struct spec_problem *items;
	size_t count, capacity;
	size_t left_out; /* beyond SPEC_PROBLEMS_MAX */
	size_t errors;   /* of severity SPEC_ERROR, those left out included */
};

void spec_problems_done(struct spec_problems *problems);
DEFINE_AUTO_DONE(spec_problems)

/* Adds one; text is printf. Past SPEC_PROBLEMS_MAX it takes the place of a less grave one, if there is one. 0 or
 * -ENOMEM. */
__attribute__((format(printf, 6, 7))) int spec_problems_add(struct spec_problems *problems, enum spec_severity severity,
							    unsigned line, unsigned column, const char *path,
							    const char *fmt, ...);

/* Counts one that there is no room for and returns true; false when it would be kept. What makes a problem's text asks
 * first, so that a text of a million mistakes costs a million counts. */
bool spec_problems_drop(struct spec_problems *problems, enum spec_severity severity);

/* Into the order of the file. */
void spec_problems_sort(struct spec_problems *problems);

/* The number of kept ones of that severity. */
size_t spec_problems_count(const struct spec_problems *problems, enum spec_severity severity);

/* "app.yml:7:5: services.web.bogus: unknown field ...", one a line, without those of a severity past `last`;
 * "and N more" at the end where some were left out. The severity stands behind the place but for errors. */
void spec_problems_print(const struct spec_problems *problems, const char *file_name, enum spec_severity last,
			 struct strbuf *out);

/* What `up` asks: 0, or -1 with the first flaw or refused field in err (ERR_INVALID_SPEC, ERR_UNSUPPORTED). */
int spec_check_deployable(const struct spec_problems *problems, struct error *err);
