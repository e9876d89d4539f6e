/* fuzz_spec.c - any text as a deployment spec. */
#include <stdint.h>
#include <string.h>

#include "spec/spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted, printed and read again is the same deployment, and prints the same. */
static void check_round_trip(const struct spec_deployment *deployment)
{
	AUTO(spec_deployment) again = NULL;
	AUTO_DONE(spec_problems) problems = { 0 };
	AUTO_DONE(strbuf) printed = { 0 };
	AUTO_DONE(strbuf) twice = { 0 };
	AUTO_DONE(strbuf) json = { 0 };

	if (spec_print_yaml(deployment, &printed) < 0 || spec_print_json(deployment, &json) < 0)
		return;
	if (spec_parse(printed.data, printed.len, &again, &problems, NULL) < 0)
		abort();
	if (!spec_deployment_equal(deployment, again) || spec_print_yaml(again, &twice) < 0)
		abort();
	if (strcmp(printed.data, twice.data) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(spec_deployment) deployment = NULL;
	AUTO_DONE(spec_problems) problems = { 0 };
	AUTO_DONE(strbuf) said = { 0 };
	struct error err = { 0 };
	int r = spec_parse((const char *)data, size, &deployment, &problems, &err);

	/* What is refused is said, with a place in the text. */
	if ((r == 0) != (problems.errors == 0) || (r == 0) != (deployment != NULL))
		abort();
	for (size_t i = 0; i < problems.count; i++)
		if (problems.items[i].line == 0 || problems.items[i].column == 0 ||
		    (i > 0 && problems.items[i].line < problems.items[i - 1].line))
			abort();
	spec_problems_print(&problems, "f", SPEC_WARNING, &said);
	if (deployment)
		check_round_trip(deployment);
	return 0;
}
