/* test_name.c - which texts may be names. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "spec/name.h"

#define L63 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg"

static void names_that_become_paths_are_labels(void **state)
{
	static const char *const good[] = { "a", "web", "web-1", "1", "123", "a--b", L63 };
	static const char *const bad[] = { "",   "-a", "a-",  "A",    "a_b",      "a.b",   "a/b",
					   "..", ".",  "a b", "a\nb", "\xc3\xa4", "a\x7f", L63 "a" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!name_is_dns_label(good[i]))
			fail_msg("`%s` was refused", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (name_is_dns_label(bad[i]))
			fail_msg("`%s` was taken", bad[i]);
}

static void roles_begin_with_a_letter_and_are_short(void **state)
{
	(void)state;
	assert_true(name_is_role("a") && name_is_role("primary") && name_is_role("read-2"));
	assert_true(name_is_role("abcdefghijklmnopqrstuvwxyz0123"));
	assert_false(name_is_role("abcdefghijklmnopqrstuvwxyz01234"));
	assert_false(name_is_role("") || name_is_role("1a") || name_is_role("a-") || name_is_role("-a") ||
		     name_is_role("A") || name_is_role("a_b"));
}

static void host_names_are_labels_joined_by_dots(void **state)
{
	(void)state;
	assert_true(name_is_hostname("web") && name_is_hostname("Web-1.example.com") && name_is_hostname("1"));
	assert_false(name_is_hostname("") || name_is_hostname(".a") || name_is_hostname("a.") ||
		     name_is_hostname("a..b") || name_is_hostname("-a") || name_is_hostname("a-.b") ||
		     name_is_hostname("a.-b") || name_is_hostname("a_b") || name_is_hostname(L63 "aa"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_become_paths_are_labels),
		cmocka_unit_test(roles_begin_with_a_letter_and_are_short),
		cmocka_unit_test(host_names_are_labels_joined_by_dots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
