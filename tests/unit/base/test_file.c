/* test_file.c - whole files, whole writes, trees that go away. */
#include "support/cmocka_setup.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"

static int dirfd_of_test = -1;
static char directory[] = "/tmp/test_file.XXXXXX";

static int make_directory(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	dirfd_of_test = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dirfd_of_test < 0 ? -1 : 0;
}

static int remove_directory(void **state)
{
	(void)state;
	close(dirfd_of_test);
	return dir_remove_tree(AT_FDCWD, directory);
}

static void replace_leaves_the_new_text_and_no_temporary(void **state)
{
	autofree char *text = NULL;
	size_t len = 0;

	(void)state;
	assert_int_equal(file_replace_at(dirfd_of_test, "f", "one", 3, 0600, FILE_VOLATILE), 0);
	assert_int_equal(file_replace_at(dirfd_of_test, "f", "two!", 4, 0600, FILE_SYNCED), 0);
	assert_int_equal(file_read_at(dirfd_of_test, "f", 4, &text, &len), 0);
	assert_string_equal(text, "two!");
	assert_int_equal(len, 4);
}

static void a_file_past_the_limit_is_refused(void **state)
{
	char *text = NULL;

	(void)state;
	assert_int_equal(file_replace_at(dirfd_of_test, "big", "12345", 5, 0600, FILE_VOLATILE), 0);
	assert_int_equal(file_read_at(dirfd_of_test, "big", 4, &text, NULL), -EFBIG);
	assert_null(text);
}

static void create_refuses_what_stands_there(void **state)
{
	(void)state;
	assert_int_equal(file_create_at(dirfd_of_test, "once", "a", 1, 0600), 0);
	assert_int_equal(file_create_at(dirfd_of_test, "once", "b", 1, 0600), -EEXIST);
}

static void a_fifo_is_not_read(void **state)
{
	char *text = NULL;

	(void)state;
	assert_int_equal(mkfifoat(dirfd_of_test, "fifo", 0600), 0);
	assert_int_equal(file_read_at(dirfd_of_test, "fifo", 10, &text, NULL), -EINVAL);
}

static void a_tree_goes_away_but_not_what_its_links_point_to(void **state)
{
	int fd = dir_open_make(dirfd_of_test, "tree/a/b", 0700);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(file_create_at(dirfd_of_test, "kept", "x", 1, 0600), 0);
	assert_int_equal(symlinkat("../../../kept", fd, "link"), 0);
	assert_int_equal(symlinkat("/", fd, "root"), 0);
	close(fd);
	assert_int_equal(dir_remove_tree(dirfd_of_test, "tree"), 0);
	assert_false(file_exists_at(dirfd_of_test, "tree"));
	assert_true(file_exists_at(dirfd_of_test, "kept"));
	assert_int_equal(dir_remove_tree(dirfd_of_test, "tree"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replace_leaves_the_new_text_and_no_temporary),
		cmocka_unit_test(a_file_past_the_limit_is_refused),
		cmocka_unit_test(create_refuses_what_stands_there),
		cmocka_unit_test(a_fifo_is_not_read),
		cmocka_unit_test(a_tree_goes_away_but_not_what_its_links_point_to),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
