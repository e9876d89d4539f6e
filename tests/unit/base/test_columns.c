/* test_columns.c - tables line up and cannot be broken by their cells. */
#include "support/cmocka_setup.h"

#include "base/columns.h"

static void cells_line_up_and_control_characters_do_not_print(void **state)
{
	AUTO_DONE(columns) c = { .width = 2 };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	columns_add(&c, (const char *const[]){ "NAME", "STATUS" });
	columns_add(&c, (const char *const[]){ "long-name", "up\033[2J" });
	columns_add(&c, (const char *const[]){ "x", NULL });
	columns_print(&c, out);
	fclose(out);
	assert_string_equal(text, "NAME        STATUS\nlong-name   up?[2J\nx           \n");
	free(text);
}

static void a_letter_is_one_column_wide_whatever_its_bytes(void **state)
{
	AUTO_DONE(columns) c = { .width = 2 };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	columns_add(&c, (const char *const[]){ "\"sh …\"", "Up" });
	columns_add(&c, (const char *const[]){ "\"sleep\"", "Up" });
	columns_print(&c, out);
	fclose(out);
	assert_string_equal(text, "\"sh …\"    Up\n\"sleep\"   Up\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_line_up_and_control_characters_do_not_print),
		cmocka_unit_test(a_letter_is_one_column_wide_whatever_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
