/* spec_file.h - the spec that a command is about: the file that was named, or the one of the current directory. */
#pragma once
#include "base/cleanup.h"
#include "base/strbuf.h"
#include "cli/command.h"
#include <zlayer/spec.h>

struct spec_file {
	char *path;
	struct zl_spec *spec;
};
void spec_file_done(struct spec_file *file);
DEFINE_AUTO_DONE(spec_file)

/* Whether an argument means a spec file, where it could be a name too: by its ending, a slash in it, or because it is
 * one. */
bool spec_file_is_meant(const char *argument);

/* Reads it, valid or not; path NULL: found in the current directory. */
int spec_file_read(struct spec_file *ret, const char *path, struct zl_error *err);

/* Reads a valid one; of one that is not, the problems are printed to stderr and err says how many there are. */
int spec_file_load(struct spec_file *ret, const char *path, struct zl_error *err);

/* Problems of these severities, one a line: "app.yml:7:5: services.web.bogus: unknown field". Their number. */
size_t spec_file_add_problems(const struct spec_file *file, enum zl_spec_severity first, enum zl_spec_severity last,
			      struct strbuf *out);
