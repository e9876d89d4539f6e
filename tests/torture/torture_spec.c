/* torture_spec.c - spec/ when memory is out: every text of tests/data/probe with each allocation failing. */
#include "support/cmocka_setup.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "spec/problem.h"
#include "spec/spec.h"
#include "support/alloc_fail.h"

struct text {
	char *data;
	size_t len;
	char *printed; /* what the first run, without failure, had to say */
};

/* A success says exactly what the first run said: no problem is made up, none is lost. */
static int parse_and_print(void *data)
{
	struct text *text = data;
	AUTO(spec_deployment) deployment = NULL;
	AUTO_DONE(spec_problems) problems = { 0 };
	AUTO_DONE(strbuf) out = { 0 };
	struct error err = { 0 };

	if (spec_parse(text->data, text->len, &deployment, &problems, &err) == 0) {
		spec_print_yaml(deployment, &out);
		spec_print_json(deployment, &out);
	} else if (err.kind != ERR_INVALID_SPEC) {
		return -1;
	}
	spec_problems_print(&problems, "file", SPEC_WARNING, &out);
	if (strbuf_status(&out) < 0)
		return -1;
	if (!text->printed)
		text->printed = strbuf_take(&out);
	else
		assert_string_equal(strbuf_peek(&out), text->printed);
	return 0;
}

static void torture_file(int dirfd, const char *name)
{
	struct text text = { 0 };

	assert_int_equal(file_read_at(dirfd, name, 1 << 20, &text.data, &text.len), 0);
	alloc_fail_each(parse_and_print, &text);
	free(text.data);
	free(text.printed);
}

static void no_text_is_parsed_wrongly_when_memory_is_out(void **state)
{
	autofree char *path = text_format("%s/probe", getenv("ZLAYER_TEST_DATA"));
	DIR *directory = opendir(path);
	size_t n = 0;

	(void)state;
	assert_non_null(directory);
	for (struct dirent *entry; (entry = readdir(directory));)
		if (text_ends_with(entry->d_name, ".yaml")) {
			torture_file(dirfd(directory), entry->d_name);
			n++;
		}
	closedir(directory);
	assert_true(n > 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_text_is_parsed_wrongly_when_memory_is_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
