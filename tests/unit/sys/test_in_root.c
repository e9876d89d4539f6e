/* test_in_root.c - no path of a container leads out of its root, and what has to be made is made inside. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "sys/in_root.h"

/* outside/secret stands beside the root, whose links all try to reach it. */
struct place {
	char path[32];
	int top, root;
};

static int set_up(void **state)
{
	static const char *const links[][2] = {
		{ "root/absolute", "/outside" },
		{ "root/up", "../outside" },
		{ "root/far", "../../../../outside" },
		{ "root/d/up", "../../outside" },
		{ "root/self", "self" },
		{ "root/proc", "/proc/self/root" },
		{ "root/nowhere", "/made/there" },
		{ "root/dangling", "nowhere/too" },
		{ "root/loop", "loop2" },
		{ "root/loop2", "loop" },
		{ "root/to-d", "/d" },
	};
	struct place *at = calloc(1, sizeof(*at));

	snprintf(at->path, sizeof(at->path), "/tmp/test-in-root-XXXXXX");
	assert_non_null(mkdtemp(at->path));
	at->top = open(at->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	at->root = dir_open_make(at->top, "root", 0755);
	assert_true(at->root >= 0);
	close(dir_open_make(at->top, "outside", 0755));
	close(dir_open_make(at->top, "root/d", 0755));
	assert_int_equal(file_create_at(at->top, "outside/secret", "secret", 6, 0600), 0);
	assert_int_equal(file_create_at(at->top, "root/file", "inside", 6, 0600), 0);
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		assert_int_equal(symlinkat(links[i][1], at->top, links[i][0]), 0);
	*state = at;
	return 0;
}

static int tear_down(void **state)
{
	struct place *at = *state;

	close(at->root);
	close(at->top);
	assert_int_equal(dir_remove_tree(AT_FDCWD, at->path), 0);
	free(at);
	return 0;
}

static void no_link_leads_out(void **state)
{
	static const struct {
		const char *path;
		int expected; /* 0: it opens */
	} cases[] = {
		{ "file", 0 },
		{ "/file", 0 },
		{ "/../../file", 0 },
		{ "d/../../../file", 0 },
		{ "to-d/../file", 0 },
		{ "", 0 },
		{ "/", 0 },
		{ "absolute/secret", -ENOENT },
		{ "up/secret", -ENOENT },
		{ "far/secret", -ENOENT },
		{ "d/up/secret", -ENOENT },
		{ "proc/etc/passwd", -ELOOP },
		{ "../outside/secret", -ENOENT },
		{ "self", -ELOOP },
		{ "loop/x", -ELOOP },
		{ "file/x", -ENOTDIR },
	};
	const struct place *at = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autoclose int fd = in_root_open(at->root, cases[i].path, O_RDONLY);

		if (cases[i].expected == 0 ? fd < 0 : fd != cases[i].expected)
			fail_msg("%s: %d", cases[i].path, fd);
		if (fd >= 0)
			assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	}
}

static void a_magic_link_is_none(void **state)
{
	autoclose int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_int_equal(in_root_open(proc, "self/root", O_PATH), -ELOOP);
	assert_int_equal(in_root_open(proc, "self/fd/0", O_PATH), -ELOOP);
	assert_int_equal(in_root_open(proc, "self/cwd/etc", O_PATH), -ELOOP);
}

static void without_links_every_link_is_refused(void **state)
{
	static const char *const refused[] = { "to-d", "to-d/x", "absolute", "d/up" };
	const struct place *at = *state;
	autoclose int fd = in_root_open_no_links(at->root, "d", O_PATH);

	assert_true(fd >= 0);
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		assert_int_equal(in_root_open_no_links(at->root, refused[i], O_PATH), -ELOOP);
}

static bool stands(const struct place *at, const char *path)
{
	return file_exists_at(at->top, path);
}

static void directories_are_made_inside(void **state)
{
	static const struct {
		const char *path, *made; /* made: seen from the top */
		int expected;
	} cases[] = {
		{ "a/b/c", "root/a/b/c", 0 },
		{ "/x//y/", "root/x/y", 0 },
		{ "../../e", "root/e", 0 },
		{ "to-d/new", "root/d/new", 0 },
		{ "absolute/new", "root/outside/new", 0 },
		{ "far/newer", "root/outside/newer", 0 },
		{ "nowhere/deep", "root/made/there/deep", 0 },
		{ "dangling/deep", "root/made/there/too/deep", 0 },
		{ "d", "root/d", 0 },
		{ "file/x", NULL, -ENOTDIR },
		{ "file", NULL, -ENOTDIR },
		{ "loop/x", NULL, -ELOOP },
		{ "self", NULL, -ELOOP },
	};
	const struct place *at = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autoclose int fd = in_root_make_dir(at->root, cases[i].path);

		if (cases[i].expected == 0 ? fd < 0 : fd != cases[i].expected)
			fail_msg("%s: %d", cases[i].path, fd);
		if (cases[i].made && !stands(at, cases[i].made))
			fail_msg("%s: made elsewhere", cases[i].path);
	}
	assert_false(stands(at, "outside/new") || stands(at, "outside/newer") || stands(at, "e"));
}

static void a_path_too_long_is_an_error(void **state)
{
	const struct place *at = *state;
	AUTO_DONE(strbuf) path = { 0 };

	for (int i = 0; i < 3000; i++)
		strbuf_add_text(&path, "x/");
	assert_int_equal(in_root_make_dir(at->root, strbuf_peek(&path)), -ENAMETOOLONG);
}

static void files_are_made_inside(void **state)
{
	const struct place *at = *state;
	struct stat st;

	close(in_root_make_file(at->root, "/new/dir/file"));
	assert_true(stands(at, "root/new/dir/file"));
	close(in_root_make_file(at->root, "absolute/file"));
	assert_false(stands(at, "outside/file"));
	close(in_root_make_file(at->root, "file"));
	assert_int_equal(fstatat(at->top, "root/file", &st, 0), 0);
	assert_int_equal(st.st_size, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_link_leads_out, set_up, tear_down),
		cmocka_unit_test(a_magic_link_is_none),
		cmocka_unit_test_setup_teardown(without_links_every_link_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(directories_are_made_inside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_path_too_long_is_an_error, set_up, tear_down),
		cmocka_unit_test_setup_teardown(files_are_made_inside, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
