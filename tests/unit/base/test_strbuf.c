/* test_strbuf.c - a growing text with a limit. */
#include "support/cmocka_setup.h"

#include <errno.h>

#include "base/strbuf.h"

static void pieces_join(void **state)
{
	AUTO_DONE(strbuf) b = { 0 };

	(void)state;
	assert_string_equal(strbuf_peek(&b), "");
	strbuf_add_text(&b, "a");
	strbuf_addf(&b, "%d-%s", 12, "z");
	strbuf_add_char(&b, '!');
	assert_string_equal(strbuf_peek(&b), "a12-z!");
	assert_int_equal(b.len, 6);
}

static void the_limit_is_a_failure_that_sticks(void **state)
{
	AUTO_DONE(strbuf) b = { .limit = 4 };

	(void)state;
	assert_int_equal(strbuf_add_text(&b, "1234"), 0);
	assert_int_equal(strbuf_add_text(&b, "5"), -EFBIG);
	assert_int_equal(strbuf_add_text(&b, ""), -EFBIG);
	assert_null(strbuf_take(&b));
}

static void take_moves_the_text_out(void **state)
{
	AUTO_DONE(strbuf) b = { 0 };
	autofree char *text = NULL;

	(void)state;
	strbuf_add_text(&b, "x");
	text = strbuf_take(&b);
	assert_string_equal(text, "x");
	assert_int_equal(b.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_join),
		cmocka_unit_test(the_limit_is_a_failure_that_sticks),
		cmocka_unit_test(take_moves_the_text_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
