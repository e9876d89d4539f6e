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

/* The number of files of a directory below tests/data that end so. */
static size_t torture_directory(const char *name, const char *suffix)
{
	autofree char *path = text_format("%s/%s", getenv("ZLAYER_TEST_DATA"), name);
	DIR *directory = opendir(path);
	size_t n = 0;

	assert_non_null(directory);
	for (struct dirent *entry; (entry = readdir(directory));)
		if (entry->d_name[0] != '.' && text_ends_with(entry->d_name, suffix)) {
			torture_file(dirfd(directory), entry->d_name);
			n++;
		}
	closedir(directory);
	return n;
}

static void no_text_is_parsed_wrongly_when_memory_is_out(void **state)
{
	(void)state;
	assert_true(torture_directory("probe", ".yaml") > 200);
}

/* One of them holds each kind of value in each of its states. */
static void nor_are_those_of_the_fuzzer(void **state)
{
	(void)state;
	assert_true(torture_directory("../fuzz/corpus/spec", "") > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_text_is_parsed_wrongly_when_memory_is_out),
		cmocka_unit_test(nor_are_those_of_the_fuzzer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
