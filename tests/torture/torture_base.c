/* torture_base.c - base/ when memory is out: every growing thing says so, and is as before. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/columns.h"
#include "base/file.h"
#include "base/hashmap.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "support/alloc_fail.h"

static int grow_text(void *data)
{
	AUTO_DONE(strbuf) text = { 0 };
	autofree char *taken = NULL;

	(void)data;
	for (int i = 0; i < 200; i++)
		strbuf_addf(&text, "%d bottles of %s\n", i, "beer");
	if (strbuf_status(&text) < 0) {
		assert_int_equal(strbuf_status(&text), -ENOMEM);
		assert_null(strbuf_take(&text));
		return -1;
	}
	taken = strbuf_take(&text);
	assert_int_equal(strlen(taken), 3890);
	return 0;
}

static void a_text_that_cannot_grow_says_so(void **state)
{
	(void)state;
	alloc_fail_each(grow_text, NULL);
}

static int grow_list(void *data)
{
	AUTO_DONE(strv) list = { 0 };
	AUTO_DONE(strv) copy = { 0 };

	(void)data;
	for (size_t i = 0; i < 30; i++) {
		int r = i % 2 ? strv_addf(&list, "N%zu=%zu", i, i) : strv_add(&list, "A=b");

		if (r < 0) {
			assert_int_equal(list.count, i);
			assert_true(!list.items || !list.items[list.count]);
			return r;
		}
	}
	if (strv_env_set(&list, "N3", "changed") < 0 || strv_env_set(&list, "NEW", "x") < 0 ||
	    strv_copy(&copy, &list) < 0)
		return -1;
	assert_true(strv_equal(&copy, &list));
	return 0;
}

static void a_list_that_cannot_grow_is_as_before(void **state)
{
	(void)state;
	alloc_fail_each(grow_list, NULL);
}

static int grow_map(void *data)
{
	static char keys[100][8];
	AUTO_DONE(hashmap) map = { 0 };

	(void)data;
	for (size_t i = 0; i < 100; i++) {
		snprintf(keys[i], sizeof(keys[i]), "k%zu", i);
		if (hashmap_put(&map, keys[i], keys[i]) < 0) {
			assert_int_equal(map.count, i);
			for (size_t k = 0; k < i; k++)
				assert_ptr_equal(hashmap_get(&map, keys[k]), keys[k]);
			return -1;
		}
	}
	return 0;
}

static void a_map_that_cannot_grow_is_as_before(void **state)
{
	(void)state;
	alloc_fail_each(grow_map, NULL);
}

/* The reader's library keeps silent about some failures; what it gives then must still be found out. */
static int read_json(void *data)
{
	static const char text[] =
		"{\"name\": \"web\", \"long\": \"a text that does not fit into a small buffer at all\", "
		"\"count\": 18446744073709551615, \"list\": [\"a\", \"b\", \"c\"], \"deep\": {\"x\": {\"y\": [1, 2]}}}";
	AUTO_JSON document = json_parse(text, sizeof(text) - 1, "test", NULL);
	AUTO_DONE(strv) list = { 0 };
	autofree char *name = NULL;
	uint64_t count = 0;

	(void)data;
	if (!document || json_get_dup(document, "name", "test", &name, NULL) < 0 ||
	    json_get_strv(document, "list", "test", &list, NULL) < 0 ||
	    json_get_u64(document, "count", "test", &count, NULL) < 0)
		return -1;
	assert_string_equal(name, "web");
	assert_int_equal(list.count, 3);
	assert_true(count == UINT64_MAX);
	return 0;
}

static void json_that_cannot_be_held_is_an_error(void **state)
{
	(void)state;
	alloc_fail_each(read_json, NULL);
}

static int write_json(void *data)
{
	AUTO_DONE(strbuf) out = { 0 };
	struct json_writer w = { .out = &out, .pretty = true };

	(void)data;
	json_open_object(&w, NULL);
	for (int i = 0; i < 50; i++) {
		json_open_array(&w, "list");
		json_put_text(&w, NULL, "text \"quoted\" \x01");
		json_put_double(&w, NULL, 0.5);
		json_close_array(&w);
	}
	json_close_object(&w);
	return strbuf_status(&out);
}

static void json_that_cannot_be_written_says_so(void **state)
{
	(void)state;
	alloc_fail_each(write_json, NULL);
}

static int print_columns(void *data)
{
	AUTO_DONE(columns) table = { .width = 2 };

	(void)data;
	for (int i = 0; i < 20; i++)
		if (columns_add(&table, (const char *const[]){ "cell", NULL }) < 0)
			return -1;
	return 0;
}

static void a_table_that_cannot_grow_says_so(void **state)
{
	(void)state;
	alloc_fail_each(print_columns, NULL);
}

static int use_files(void *data)
{
	int dirfd = *(int *)data;
	autofree char *text = NULL;
	size_t len;
	int r;

	r = file_replace_at(dirfd, "file", "content", 7, 0600, FILE_VOLATILE);
	if (r == 0)
		r = file_read_at(dirfd, "file", 100, &text, &len);
	if (r == 0)
		r = dir_remove_tree(dirfd, "file");
	return r;
}

static void files_that_cannot_be_read_say_so(void **state)
{
	char path[] = "/tmp/torture.XXXXXX";
	int dirfd;

	(void)state;
	assert_non_null(mkdtemp(path));
	dirfd = open(path, O_DIRECTORY | O_CLOEXEC);
	assert_true(dirfd >= 0);
	alloc_fail_each(use_files, &dirfd);
	close(dirfd);
	assert_int_equal(rmdir(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_that_cannot_grow_says_so),
		cmocka_unit_test(a_list_that_cannot_grow_is_as_before),
		cmocka_unit_test(a_map_that_cannot_grow_is_as_before),
		cmocka_unit_test(json_that_cannot_be_held_is_an_error),
		cmocka_unit_test(json_that_cannot_be_written_says_so),
		cmocka_unit_test(a_table_that_cannot_grow_says_so),
		cmocka_unit_test(files_that_cannot_be_read_say_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
