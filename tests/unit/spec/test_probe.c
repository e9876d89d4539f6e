/* test_probe.c - the verdict and the parse of every text of tests/data/probe, as the reference parser gave them.
 *
 * Arguments: the directory of the texts, and the document whose section "Deliberate differences" lists, as `NAME.yaml`
 * at the beginning of a row, the texts that are valid there and refused here.
 */
#include "support/cmocka_setup.h"

#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "spec/spec.h"

static const char *probe_dir, *document;

static char *read_whole(const char *path)
{
	char *text = NULL;

	if (file_read_at(AT_FDCWD, path, 1 << 24, &text, NULL) < 0)
		fail_msg("%s cannot be read", path);
	return text;
}

static bool is_listed(const char *differences, const char *name)
{
	autofree char *row = text_format("\n| `%s`", name);

	return strstr(differences, row);
}

static void check_parse(const char *name, const struct spec_deployment *deployment)
{
	autofree char *path = text_format("%s/expected/%.*s.json", probe_dir, (int)(strlen(name) - 5), name);
	AUTO_DONE(strbuf) printed = { 0 };
	struct json_object *ours, *theirs;

	if (!file_exists_at(AT_FDCWD, path))
		return;
	theirs = json_object_from_file(path);
	assert_non_null(theirs);
	assert_int_equal(spec_print_json(deployment, &printed), 0);
	ours = json_tokener_parse(strbuf_peek(&printed));
	if (!json_object_equal(ours, theirs))
		fail_msg("%s: the parse differs:\n%s", name, strbuf_peek(&printed));
	json_object_put(ours);
	json_object_put(theirs);
}

/* What is printed as YAML is the same deployment. */
static void check_round_trip(const char *name, const struct spec_deployment *deployment)
{
	AUTO(spec_deployment) again = NULL;
	AUTO_DONE(spec_problems) problems = { 0 };
	AUTO_DONE(strbuf) printed = { 0 };
	struct error err = { 0 };

	assert_int_equal(spec_print_yaml(deployment, &printed), 0);
	if (spec_parse(printed.data, printed.len, &again, &problems, &err) < 0)
		fail_msg("%s: printed, it is refused: %s\n%s", name, err.msg, printed.data);
	if (!spec_deployment_equal(deployment, again))
		fail_msg("%s: printed, it is another one:\n%s", name, printed.data);
}

static void check_text(const char *name, bool should_be_valid)
{
	AUTO(spec_deployment) deployment = NULL;
	AUTO_DONE(spec_problems) problems = { 0 };
	AUTO_DONE(strbuf) said = { 0 };
	autofree char *path = text_format("%s/%s", probe_dir, name);
	struct error err = { 0 };
	int r = spec_read_file(path, &deployment, &problems, &err);

	spec_problems_print(&problems, name, SPEC_WARNING, &said);
	if ((r == 0) != should_be_valid)
		fail_msg("%s should be %s: %s\n%s", name, should_be_valid ? "valid" : "invalid", err.msg,
			 strbuf_peek(&said));
	if (r < 0) {
		assert_int_equal(err.kind, ERR_INVALID_SPEC);
		assert_true(problems.errors > 0);
		return;
	}
	check_parse(name, deployment);
	check_round_trip(name, deployment);
}

static void every_text_has_the_verdict_and_the_parse_of_the_reference(void **state)
{
	autofree char *list_path = text_format("%s/PROBE.tsv", probe_dir);
	autofree char *list = read_whole(list_path), *differences = read_whole(document);
	char *section = strstr(differences, "\n## Deliberate differences"), *rest = list, *line;
	size_t count = 0;

	(void)state;
	assert_non_null(section);
	strsep(&rest, "\n");
	while ((line = strsep(&rest, "\n")) && *line) {
		const char *name = strsep(&line, "\t"), *verdict = strsep(&line, "\t");

		check_text(name, strcmp(verdict, "valid") == 0 && !is_listed(section, name));
		count++;
	}
	assert_int_equal(count, 284);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_text_has_the_verdict_and_the_parse_of_the_reference),
	};

	if (argc != 3)
		return 2;
	probe_dir = argv[1];
	document = argv[2];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
