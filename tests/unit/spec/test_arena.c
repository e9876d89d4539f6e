/* test_arena.c - memory that is freed at once. */
#include "support/cmocka_setup.h"

#include <stdint.h>
#include <string.h>

#include "spec/arena.h"

static void memory_is_zeroed_and_aligned(void **state)
{
	AUTO_DONE(arena) a = { 0 };

	(void)state;
	for (size_t size = 0; size < 5000; size = size * 2 + 1) {
		unsigned char *p = arena_alloc(&a, size);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
	}
}

static void texts_are_copied_with_a_nul(void **state)
{
	AUTO_DONE(arena) a = { 0 };

	(void)state;
	assert_string_equal(arena_dup(&a, "hello world", 5), "hello");
	assert_string_equal(arena_dup(&a, "", 0), "");
	assert_string_equal(arena_dup(&a, "x", 1), "x");
}

static void what_cannot_be_is_refused(void **state)
{
	AUTO_DONE(arena) a = { 0 };

	(void)state;
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_null(arena_alloc_array(&a, SIZE_MAX / 2, 3));
	assert_null(arena_dup(&a, "", SIZE_MAX));
	assert_non_null(arena_alloc_array(&a, 0, 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_aligned),
		cmocka_unit_test(texts_are_copied_with_a_nul),
		cmocka_unit_test(what_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
