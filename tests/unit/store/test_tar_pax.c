/* test_tar_pax.c - records of pax headers, and the names they give. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "store/rooted.h"
#include "store/tar_pax.h"

static const struct store_limits limits = STORE_LIMITS_DEFAULT;

static int parse(const char *text, struct tar_pax *pax, struct error *err)
{
	return tar_pax_parse(text, strlen(text), &limits, pax, err);
}

static void records_are_read_and_later_ones_win(void **state)
{
	AUTO_DONE(tar_pax) pax = { 0 };

	(void)state;
	assert_int_equal(
		parse("10 path=a\n10 path=b\n13 linkpath=c\n11 uid=700\n10 size=99\n14 comment=hi\n", &pax, NULL), -1);
	tar_pax_done(&pax);
	assert_int_equal(
		parse("10 path=a\n10 path=b\n14 linkpath=c\n11 uid=700\n12 size=999\n14 comment=hi\n", &pax, NULL), 0);
	assert_string_equal(pax.path, "b");
	assert_string_equal(pax.link_path, "c");
	assert_true(pax.has_uid && pax.has_size && !pax.has_gid && !pax.has_mtime);
	assert_int_equal(pax.uid, 700);
	assert_int_equal(pax.size, 999);
}

static void times_have_fractions_and_signs(void **state)
{
	static const struct {
		const char *record;
		int64_t seconds;
		uint32_t ns;
	} cases[] = {
		{ "12 mtime=12\n", 12, 0 },
		{ "15 mtime=1.250\n", 1, 250000000 },
		{ "15 mtime=-1.25\n", -2, 750000000 },
		{ "15 mtime=-0.50\n", -1, 500000000 },
		{ "23 mtime=1.12345678999\n", 1, 123456789 },
		{ "12 mtime=1.\n", 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO_DONE(tar_pax) pax = { 0 };

		assert_int_equal(parse(cases[i].record, &pax, NULL), 0);
		assert_int_equal(pax.mtime, cases[i].seconds);
		assert_int_equal(pax.mtime_ns, cases[i].ns);
	}
}

static void what_is_no_record_is_refused(void **state)
{
	static const char *const cases[] = {
		"path=a\n",      "8 path=a\n",        "11 path=a\n", "10 path=a",      "0 \n",          "4 =\n",
		"3 \n",          "6 ab\n\n",          "x",           "10 path=a\n7",   "7 size=1",      "11 size=1x\n",
		"12 size= 12\n", "99999999999 a=b\n", "-1 a=b\n",    "15 mtime=1e9\n", "12 mtime=.5\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO_DONE(tar_pax) pax = { 0 };
		struct error err = { 0 };

		assert_int_equal(parse(cases[i], &pax, &err), -1);
		assert_int_equal(err.kind, ERR_INVALID_SPEC);
	}
}

static void an_empty_value_says_nothing(void **state)
{
	AUTO_DONE(tar_pax) pax = { 0 };

	(void)state;
	assert_int_equal(parse("8 path=\n8 size=\n9 mtime=\n", &pax, NULL), 0);
	assert_null(pax.path);
	assert_false(pax.has_size || pax.has_mtime);
}

static void attributes_hold_any_bytes(void **state)
{
	static const char record[] = "25 SCHILY.xattr.user.a=\0\n26 SCHILY.xattr.user.a=\n=\n";
	AUTO_DONE(tar_pax) pax = { 0 };

	(void)state;
	assert_int_equal(tar_pax_parse(record, sizeof(record) - 1, &limits, &pax, NULL), 0);
	assert_int_equal(pax.n_xattrs, 1);
	assert_string_equal(pax.xattrs[0].name, "user.a");
	assert_int_equal(pax.xattrs[0].len, 2);
	assert_memory_equal(pax.xattrs[0].value, "\n=", 2);
}

static void sparse_files_are_noticed(void **state)
{
	AUTO_DONE(tar_pax) pax = { 0 };

	(void)state;
	assert_int_equal(parse("22 GNU.sparse.major=1\n", &pax, NULL), 0);
	assert_true(pax.is_sparse);
}

static void names_become_clean_paths(void **state)
{
	static const struct {
		const char *name, *path, *base; /* path NULL: refused */
	} cases[] = {
		{ "a", "a", "a" },
		{ "./a/b/", "a/b", "b" },
		{ "/a//./b", "a/b", "b" },
		{ "", "", "" },
		{ "./", "", "" },
		{ "/", "", "" },
		{ "..a/...", "..a/...", "..." },
		{ "..", NULL, NULL },
		{ "a/../b", NULL, NULL },
		{ "a/..", NULL, NULL },
		{ "/..", NULL, NULL },
	};
	AUTO_DONE(rooted_path) path = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int r = rooted_path_set(&path, cases[i].name, &limits, NULL);

		assert_int_equal(r, cases[i].path ? 0 : -1);
		if (!cases[i].path)
			continue;
		assert_string_equal(strbuf_peek(&path.text), cases[i].path);
		assert_string_equal(path.base, cases[i].base);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read_and_later_ones_win),
		cmocka_unit_test(times_have_fractions_and_signs),
		cmocka_unit_test(what_is_no_record_is_refused),
		cmocka_unit_test(an_empty_value_says_nothing),
		cmocka_unit_test(attributes_hold_any_bytes),
		cmocka_unit_test(sparse_files_are_noticed),
		cmocka_unit_test(names_become_clean_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
