/* spec_text.h - a deployment from the text in a test. */
#pragma once
#include "support/cmocka_setup.h"

#include <string.h>

#include "spec/spec.h"

/* Fails the test, printing the problems, when the text is no valid spec. */
static inline struct spec_deployment *spec_from_text(const char *text)
{
	AUTO_DONE(spec_problems) problems = { 0 };
	AUTO_DONE(strbuf) out = { 0 };
	struct spec_deployment *spec = NULL;
	struct error err = { 0 };

	if (spec_parse(text, strlen(text), &spec, &problems, &err) < 0) {
		spec_problems_print(&problems, "test.yml", SPEC_WARNING, &out);
		print_error("%s\n%s\n", err.msg, strbuf_peek(&out));
	}
	assert_non_null(spec);
	return spec;
}
