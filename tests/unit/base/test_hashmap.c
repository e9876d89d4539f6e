/* test_hashmap.c - many keys, each found again. */
#include "support/cmocka_setup.h"

#include <errno.h>

#include "base/hashmap.h"
#include "base/strv.h"

static void a_thousand_keys_are_found_again(void **state)
{
	AUTO_DONE(hashmap) map = { 0 };
	AUTO_DONE(strv) keys = { 0 };

	(void)state;
	assert_null(hashmap_get(&map, "absent"));
	for (int i = 0; i < 1000; i++) {
		strv_addf(&keys, "key-%d", i);
		assert_int_equal(hashmap_put(&map, keys.items[i], keys.items[i]), 0);
	}
	for (int i = 0; i < 1000; i++)
		assert_ptr_equal(hashmap_get(&map, keys.items[i]), keys.items[i]);
	assert_null(hashmap_get(&map, "key-1000"));
	assert_int_equal(hashmap_put(&map, "key-7", NULL), -EEXIST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thousand_keys_are_found_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
