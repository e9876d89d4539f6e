/* test_json.c - JSON written reads back; reading names the field that is wrong. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "base/json.h"
#include "base/json_writer.h"

static void what_is_written_reads_back(void **state)
{
	AUTO_DONE(strbuf) out = { 0 };
	struct json_writer w = { .out = &out };
	struct error err = { 0 };
	AUTO_JSON doc = NULL;
	uint64_t u = 0;
	const char *text = NULL;

	(void)state;
	json_open_object(&w, NULL);
	json_put_u64(&w, "max", UINT64_MAX);
	json_put_text(&w, "t", "quote \" tab \t nul-free \x01 \xc3\xa9 bad \xff");
	json_open_array(&w, "list");
	json_put_double(&w, NULL, 0.5);
	json_put_double(&w, NULL, 2);
	json_put_bool(&w, NULL, true);
	json_close_array(&w);
	json_open_object(&w, "empty");
	json_close_object(&w);
	json_close_object(&w);
	assert_string_equal(strbuf_peek(&out),
			    "{\"max\":18446744073709551615,\"t\":\"quote \\\" tab \\t nul-free \\u0001 \xc3\xa9 bad "
			    "\xef\xbf\xbd\",\"list\":[0.5,2.0,true],\"empty\":{}}");
	doc = json_parse(out.data, out.len, "test", &err);
	assert_non_null(doc);
	assert_int_equal(json_get_u64(doc, "max", "", &u, &err), 0);
	assert_true(u == UINT64_MAX);
	assert_int_equal(json_get_text(doc, "t", "", &text, &err), 0);
	assert_non_null(strstr(text, "\xc3\xa9"));
}

static void the_pretty_form_is_jqs(void **state)
{
	AUTO_DONE(strbuf) out = { 0 };
	struct json_writer w = { .out = &out, .pretty = true };

	(void)state;
	json_open_object(&w, NULL);
	json_put_u64(&w, "a", 1);
	json_open_array(&w, "b");
	json_put_null(&w, NULL);
	json_close_array(&w);
	json_open_array(&w, "c");
	json_close_array(&w);
	json_close_object(&w);
	assert_string_equal(strbuf_peek(&out), "{\n  \"a\": 1,\n  \"b\": [\n    null\n  ],\n  \"c\": []\n}");
}

static void a_member_of_the_wrong_type_is_named(void **state)
{
	static const char text[] = "{\"a\": {\"b\": 1}, \"list\": [\"x\", 2]}";
	struct error err = { 0 };
	AUTO_JSON doc = json_parse(text, sizeof(text) - 1, "test", &err);
	AUTO_DONE(strv) list = { 0 };
	const char *ret = "untouched";

	(void)state;
	assert_int_equal(json_get_text(json_member(doc, "a"), "b", "a", &ret, &err), -1);
	assert_string_equal(err.msg, "a.b: a string is wanted, not int");
	assert_string_equal(ret, "untouched");
	assert_int_equal(json_get_strv(doc, "list", "", &list, &err), -1);
	assert_int_equal(json_get_text(doc, "missing", "", &ret, &err), 0);
	assert_string_equal(ret, "untouched");
}

static void hostile_texts_are_refused(void **state)
{
	static const char *const bad[] = { "", "{", "[1,]", "{} x", "\"\xff\"", "{\"a\":1,}", "nul" };
	struct error err = { 0 };
	char deep[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_null(json_parse(bad[i], strlen(bad[i]), "bad", &err));
	memset(deep, '[', sizeof(deep));
	assert_null(json_parse(deep, sizeof(deep), "deep", &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(the_pretty_form_is_jqs),
		cmocka_unit_test(a_member_of_the_wrong_type_is_named),
		cmocka_unit_test(hostile_texts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
