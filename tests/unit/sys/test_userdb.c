/* test_userdb.c - user texts against passwd and group files, hostile ones among them. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "sys/userdb.h"

static const char passwd_file[] = "root:x:0:0:root:/root:/bin/sh\n"
				  "# web:x:99:99::/:/bin/sh\n"
				  "\n"
				  "web:x:33:44:Web, server:/var/www:/sbin/nologin\n"
				  "web:x:34:45::/second:/bin/sh\n"
				  "badid:x:1x:2::/:/bin/sh\n"
				  "noid:x::2::/:/bin/sh\n"
				  "negative:x:-1:2::/:/bin/sh\n"
				  "huge:x:4294967295:2::/:/bin/sh\n"
				  "short:x:50:50\n"
				  "long:x:51:51:::/bin/sh:more\n"
				  "homeless:x:52:53:::/bin/sh\n"
				  "last:x:60:61::/last:/bin/sh";
static const char group_file[] = "root:x:0:root\n"
				 "adm:x:4:root,web\n"
				 "www:x:44:\n"
				 "web-extra:x:7:webby,web2\n"
				 "extra:x:1000:a,web\n"
				 "again:x:1000:web\n"
				 "bad:x:0x5:web\n"
				 "tail:x:9:web,";

struct expected {
	const char *text;
	int r;
	uint32_t uid, gid;
	const char *home, *groups;
};

static const struct expected cases[] = {
	{ NULL, 0, 0, 0, "/root", "0,4" },
	{ "", 0, 0, 0, "/root", "0,4" },
	{ "0", 0, 0, 0, "/root", "0,4" },
	{ "root", 0, 0, 0, "/root", "0,4" },
	{ "web", 0, 33, 44, "/var/www", "44,4,1000,9" },
	{ "33", 0, 33, 44, "/var/www", "44,4,1000,9" },
	{ "34", 0, 34, 45, "/second", "45,4,1000,9" },
	{ "web:adm", 0, 33, 4, "/var/www", "4" },
	{ "web:12", 0, 33, 12, "/var/www", "12" },
	{ "77", 0, 77, 0, "/", "0" },
	{ "77:88", 0, 77, 88, "/", "88" },
	{ "77:www", 0, 77, 44, "/", "44" },
	{ "homeless", 0, 52, 53, "/", "53" },
	{ "last", 0, 60, 61, "/last", "61" },
	{ "4294967294", 0, 4294967294, 0, "/", "0" },
	{ "nobody", -ENOENT, 0, 0, NULL, NULL },
	{ "badid", -ENOENT, 0, 0, NULL, NULL },
	{ "noid", -ENOENT, 0, 0, NULL, NULL },
	{ "negative", -ENOENT, 0, 0, NULL, NULL },
	{ "huge", -ENOENT, 0, 0, NULL, NULL },
	{ "short", -ENOENT, 0, 0, NULL, NULL },
	{ "long", -ENOENT, 0, 0, NULL, NULL },
	{ "#", -ENOENT, 0, 0, NULL, NULL },
	{ "web:nogroup", -ENODATA, 0, 0, NULL, NULL },
	{ "web:bad", -ENODATA, 0, 0, NULL, NULL },
	{ "1x", -EINVAL, 0, 0, NULL, NULL },
	{ "web:1x", -EINVAL, 0, 0, NULL, NULL },
	{ "4294967295", -EINVAL, 0, 0, NULL, NULL },
	{ "4294967296", -EINVAL, 0, 0, NULL, NULL },
	{ "99999999999999999999999", -EINVAL, 0, 0, NULL, NULL },
	{ "-1", -EINVAL, 0, 0, NULL, NULL },
	{ "+1", -ENOENT, 0, 0, NULL, NULL },
	{ " 1", -EINVAL, 0, 0, NULL, NULL },
	{ "1 ", -EINVAL, 0, 0, NULL, NULL },
	{ "0x0", -EINVAL, 0, 0, NULL, NULL },
	{ ":", -EINVAL, 0, 0, NULL, NULL },
	{ "web:", -EINVAL, 0, 0, NULL, NULL },
	{ ":web", -EINVAL, 0, 0, NULL, NULL },
	{ "a:b:c", -EINVAL, 0, 0, NULL, NULL },
	{ "a,b", -EINVAL, 0, 0, NULL, NULL },
	{ "../x", -EINVAL, 0, 0, NULL, NULL },
	{ "a\nb", -EINVAL, 0, 0, NULL, NULL },
};

static void check_user(const struct userdb_user *user, const struct expected *wanted)
{
	char groups[256] = "";

	for (size_t i = 0; i < user->n_groups; i++)
		snprintf(groups + strlen(groups), sizeof(groups) - strlen(groups), "%s%u", i ? "," : "",
			 user->groups[i]);
	assert_int_equal(user->uid, wanted->uid);
	assert_int_equal(user->gid, wanted->gid);
	assert_string_equal(user->home, wanted->home);
	assert_string_equal(groups, wanted->groups);
}

static void user_texts_resolve_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *passwd = strdup(passwd_file), *group = strdup(group_file);
		AUTO_DONE(userdb_user) user = { 0 };
		int r = userdb_resolve_texts(passwd, strlen(passwd_file), group, strlen(group_file), cases[i].text,
					     &user);

		if (r != cases[i].r)
			print_message("case `%s`\n", cases[i].text ? cases[i].text : "NULL");
		assert_int_equal(r, cases[i].r);
		if (r == 0)
			check_user(&user, &cases[i]);
		else
			assert_null(user.home);
	}
}

static void a_line_with_a_nul_in_it_is_passed_over(void **state)
{
	char passwd[] = "evil\0:x:0:0::/:/bin/sh\nevil:x:5:5::/:/bin/sh\n", group[] = "";
	AUTO_DONE(userdb_user) user = { 0 };

	(void)state;
	assert_int_equal(userdb_resolve_texts(passwd, sizeof(passwd) - 1, group, 0, "evil", &user), 0);
	assert_int_equal(user.uid, 5);
}

static void more_groups_than_the_limit_are_refused(void **state)
{
	size_t len = 0, size = 24UL * (USERDB_GROUPS_LIMIT + 2);
	char passwd[] = "a:x:1:1::/:/bin/sh", *group = malloc(size);
	AUTO_DONE(userdb_user) user = { 0 };

	(void)state;
	for (unsigned i = 0; i <= USERDB_GROUPS_LIMIT; i++)
		len += (size_t)snprintf(group + len, size - len, "g:x:%u:a\n", i + 100);
	assert_int_equal(userdb_resolve_texts(passwd, sizeof(passwd) - 1, group, len, "a", &user), -E2BIG);
	free(group);
}

struct root {
	char path[64];
	int fd;
};

static int make_root(void **state)
{
	static struct root root;

	snprintf(root.path, sizeof(root.path), "/tmp/zlayer-userdb-XXXXXX");
	assert_non_null(mkdtemp(root.path));
	root.fd = open(root.path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(root.fd >= 0);
	assert_int_equal(mkdirat(root.fd, "etc", 0755), 0);
	*state = &root;
	return 0;
}

static int remove_root(void **state)
{
	struct root *root = *state;

	dir_remove_tree(AT_FDCWD, root->path);
	close(root->fd);
	return 0;
}

static void files_are_read_inside_the_root(void **state)
{
	struct root *root = *state;
	AUTO_DONE(userdb_user) user = { 0 };

	assert_int_equal(mkdirat(root->fd, "real", 0755), 0);
	assert_int_equal(file_create_at(root->fd, "real/passwd", "in:x:7:8::/home/in:/bin/sh\n", 27, 0644), 0);
	assert_int_equal(symlinkat("/real/passwd", root->fd, "etc/passwd"), 0);
	assert_int_equal(userdb_resolve(root->fd, "in", &user), 0);
	assert_int_equal(user.uid, 7);
	assert_string_equal(user.home, "/home/in");
}

static void a_link_out_of_the_root_leads_nowhere(void **state)
{
	struct root *root = *state;
	AUTO_DONE(userdb_user) user = { 0 };

	/* Resolved from the root's top, this is the root's own missing file, not the host's. */
	assert_int_equal(symlinkat("../../../../../etc/hostname-of-the-host", root->fd, "etc/passwd"), 0);
	assert_int_equal(symlinkat("/proc/self/root/etc/group", root->fd, "etc/group"), 0);
	assert_int_equal(userdb_resolve(root->fd, "root", &user), -ENOENT);
	assert_int_equal(userdb_resolve(root->fd, "5:adm", &user), -ENODATA);
}

static void missing_files_are_empty_ones(void **state)
{
	struct root *root = *state;
	AUTO_DONE(userdb_user) user = { 0 };

	assert_int_equal(userdb_resolve(root->fd, NULL, &user), 0);
	assert_int_equal(user.uid, 0);
	assert_string_equal(user.home, "/");
	userdb_user_done(&user);
	assert_int_equal(userdb_resolve(root->fd, "1000", &user), 0);
	assert_int_equal(userdb_resolve(root->fd, "root", &user), -ENOENT);
}

static void only_regular_files_of_a_sane_size_are_read(void **state)
{
	struct root *root = *state;
	AUTO_DONE(userdb_user) user = { 0 };
	int fd;

	assert_int_equal(mkfifoat(root->fd, "etc/passwd", 0644), 0);
	assert_int_equal(userdb_resolve(root->fd, "root", &user), -ENOTSUP);
	assert_int_equal(unlinkat(root->fd, "etc/passwd", 0), 0);
	fd = openat(root->fd, "etc/passwd", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(ftruncate(fd, USERDB_FILE_LIMIT + 1), 0);
	close(fd);
	assert_int_equal(userdb_resolve(root->fd, "root", &user), -EFBIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(user_texts_resolve_as_the_table_says),
		cmocka_unit_test(a_line_with_a_nul_in_it_is_passed_over),
		cmocka_unit_test(more_groups_than_the_limit_are_refused),
		cmocka_unit_test_setup_teardown(files_are_read_inside_the_root, make_root, remove_root),
		cmocka_unit_test_setup_teardown(a_link_out_of_the_root_leads_nowhere, make_root, remove_root),
		cmocka_unit_test_setup_teardown(missing_files_are_empty_ones, make_root, remove_root),
		cmocka_unit_test_setup_teardown(only_regular_files_of_a_sane_size_are_read, make_root, remove_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
