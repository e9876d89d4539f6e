/* torture_userdb.c - out of memory while a user is looked up. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "support/alloc_fail.h"
#include "sys/userdb.h"

static int look_up(void *userdata)
{
	AUTO_DONE(userdb_user) user = { 0 };
	char passwd[] = "web:x:1:2::/home:/bin/sh\n", group[] = "a:x:3:web\nb:x:4:web\n";
	int r = userdb_resolve_texts(passwd, strlen(passwd), group, strlen(group), "web", &user);

	(void)userdata;
	if (r == 0)
		return user.n_groups == 3 ? 0 : -1;
	assert_int_equal(r, -ENOMEM);
	assert_null(user.home);
	return -1;
}

static int look_up_in_root(void *userdata)
{
	AUTO_DONE(userdb_user) user = { 0 };
	int r = userdb_resolve(*(int *)userdata, "root", &user);

	if (r < 0)
		assert_int_equal(r, -ENOMEM);
	return r < 0 ? -1 : 0;
}

static void every_allocation_of_a_look_up_may_fail(void **state)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_int_equal(alloc_fail_each(look_up, NULL), 2);
	assert_true(alloc_fail_each(look_up_in_root, &root) >= 4);
	close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_of_a_look_up_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
