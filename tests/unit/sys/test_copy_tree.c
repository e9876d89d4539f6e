/* test_copy_tree.c - a tree is copied with all that it is, and nothing outside of it is touched. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "sys/copy_tree.h"

static char directory[32];
static int top, from, to;

static int set_up(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/test-copy-XXXXXX");
	top = mkdtemp(directory) ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	from = dir_open_make(top, "from", 0755);
	to = dir_open_make(top, "to", 0700);
	return from < 0 || to < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(from);
	close(to);
	close(top);
	return dir_remove_tree(AT_FDCWD, directory);
}

static struct stat look(int dirfd, const char *path)
{
	struct stat st;

	if (fstatat(dirfd, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	return st;
}

static void modes_owners_and_times_are_kept(void **state)
{
	static const mode_t modes[] = { 0, 0400, 0644, 0755, 04755, 02755, 06777, 01777 };
	const struct timespec times[2] = { { 1000000000, 123 }, { 1100000000, 456 } };
	char name[16];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		snprintf(name, sizeof(name), "f%o", modes[i]);
		assert_int_equal(file_create_at(from, name, "text", 4, 0600), 0);
		assert_int_equal(fchownat(from, name, 1000 + (uid_t)i, 2000, 0), 0);
		assert_int_equal(fchmodat(from, name, modes[i], 0), 0);
		assert_int_equal(utimensat(from, name, times, 0), 0);
	}
	assert_int_equal(fchmod(from, 01711), 0);
	assert_int_equal(copy_tree(from, to), 0);
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		struct stat st;

		snprintf(name, sizeof(name), "f%o", modes[i]);
		st = look(to, name);
		assert_int_equal(st.st_mode, S_IFREG | modes[i]);
		assert_int_equal(st.st_uid, 1000 + i);
		assert_int_equal(st.st_gid, 2000);
		assert_int_equal(st.st_mtim.tv_sec, 1100000000);
		assert_int_equal(st.st_mtim.tv_nsec, 456);
	}
	assert_int_equal(look(top, "to").st_mode & 07777, 01711);
}

static void links_and_nodes_are_copied_as_what_they_are(void **state)
{
	char target[32] = "";

	(void)state;
	assert_int_equal(file_create_at(top, "outside", "secret", 6, 0600), 0);
	assert_int_equal(symlinkat("../outside", from, "link"), 0);
	assert_int_equal(symlinkat("/", from, "root"), 0);
	assert_int_equal(mknodat(from, "fifo", S_IFIFO | 0640, 0), 0);
	assert_int_equal(mknodat(from, "null", S_IFCHR | 0666, makedev(1, 3)), 0);
	assert_int_equal(mknodat(from, "socket", S_IFSOCK | 0600, 0), 0);
	assert_int_equal(copy_tree(from, to), 0);
	assert_int_equal(readlinkat(to, "link", target, sizeof(target) - 1), 10);
	assert_string_equal(target, "../outside");
	assert_true(S_ISLNK(look(to, "root").st_mode));
	assert_true(S_ISFIFO(look(to, "fifo").st_mode));
	assert_int_equal(look(to, "null").st_rdev, makedev(1, 3));
	assert_false(file_exists_at(to, "socket"));
}

static void sparse_files_stay_sparse(void **state)
{
	int fd = openat(from, "sparse", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct stat st;
	char text[4] = "";

	(void)state;
	assert_int_equal(pwrite(fd, "mid", 3, 50 << 20), 3);
	assert_int_equal(ftruncate(fd, 100 << 20), 0);
	close(fd);
	assert_int_equal(copy_tree(from, to), 0);
	st = look(to, "sparse");
	assert_int_equal(st.st_size, 100 << 20);
	assert_true(st.st_blocks < 2048);
	fd = openat(to, "sparse", O_RDONLY | O_CLOEXEC);
	assert_int_equal(pread(fd, text, 3, 50 << 20), 3);
	assert_string_equal(text, "mid");
	close(fd);
}

static void extended_attributes_come_along_but_overlayfs_own(void **state)
{
	int fd;
	char value[8] = "";

	(void)state;
	assert_int_equal(file_create_at(from, "f", "", 0, 0600), 0);
	fd = openat(from, "f", O_RDONLY | O_CLOEXEC);
	if (fsetxattr(fd, "trusted.kept", "abc", 3, 0) < 0) {
		close(fd);
		skip();
	}
	fsetxattr(fd, "trusted.overlay.opaque", "y", 1, 0);
	close(fd);
	assert_int_equal(copy_tree(from, to), 0);
	fd = openat(to, "f", O_RDONLY | O_CLOEXEC);
	assert_int_equal(fgetxattr(fd, "trusted.kept", value, sizeof(value)), 3);
	assert_int_equal(fgetxattr(fd, "trusted.overlay.opaque", value, sizeof(value)), -1);
	close(fd);
}

static void a_tree_too_deep_is_an_error(void **state)
{
	int at = dup(from);

	(void)state;
	for (int i = 0; i < 300; i++) {
		int next = dir_open_make(at, "d", 0755);

		close(at);
		at = next;
		assert_true(at >= 0);
	}
	close(at);
	assert_int_equal(copy_tree(from, to), -ELOOP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(modes_owners_and_times_are_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(links_and_nodes_are_copied_as_what_they_are, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sparse_files_stay_sparse, set_up, tear_down),
		cmocka_unit_test_setup_teardown(extended_attributes_come_along_but_overlayfs_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_tree_too_deep_is_an_error, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
