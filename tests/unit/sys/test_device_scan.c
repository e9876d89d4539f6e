/* test_device_scan.c - what stands below /dev, without what is a container's own. */
#include "support/cmocka_setup.h"

#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "sys/device_scan.h"

static void each_node_is_listed_once_with_its_numbers(void **state)
{
	AUTO_DONE(device_list) list = { 0 };
	size_t nulls = 0;

	(void)state;
	assert_int_equal(device_scan(&list), 0);
	for (size_t i = 0; i < list.count; i++) {
		const struct device_node *node = &list.items[i];

		assert_true(S_ISCHR(node->mode) || S_ISBLK(node->mode));
		nulls += strcmp(node->path, "/dev/null") == 0 && node->major == 1 && node->minor == 3;
	}
	assert_int_equal(nulls, 1);
}

static void what_is_a_containers_own_is_left_out(void **state)
{
	AUTO_DONE(device_list) list = { 0 };

	(void)state;
	assert_int_equal(device_scan(&list), 0);
	for (size_t i = 0; i < list.count; i++) {
		assert_false(text_starts_with(list.items[i].path, "/dev/pts/"));
		assert_string_not_equal(list.items[i].path, "/dev/console");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_node_is_listed_once_with_its_numbers),
		cmocka_unit_test(what_is_a_containers_own_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
