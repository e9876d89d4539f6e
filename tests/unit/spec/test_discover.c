/* test_discover.c - the spec of a directory when none was named. */
#include "support/cmocka_setup.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "spec/spec.h"

struct place {
	char path[32];
	int fd;
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	snprintf(place->path, sizeof(place->path), "/tmp/spec-discover-XXXXXX");
	if (!mkdtemp(place->path))
		return -1;
	place->fd = open(place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = place;
	return place->fd < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	close(place->fd);
	dir_remove_tree(AT_FDCWD, place->path);
	free(place);
	return 0;
}

static void add(const struct place *place, const char *name)
{
	assert_int_equal(file_create_at(place->fd, name, "", 0, 0600), 0);
}

static void assert_finds(const struct place *place, const char *name)
{
	struct error err = { 0 };
	autofree char *found = NULL;

	if (spec_discover(place->fd, &found, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(found, name);
}

static void well_known_names_come_in_their_order(void **state)
{
	const struct place *place = *state;

	add(place, "shop.zlayer.yml");
	assert_finds(place, "shop.zlayer.yml");
	add(place, "zlayer.yaml");
	assert_finds(place, "zlayer.yaml");
	add(place, "zlayer.yml");
	assert_finds(place, "zlayer.yml");
	add(place, ".zlayer.yaml");
	assert_finds(place, ".zlayer.yaml");
	add(place, ".zlayer.yml");
	assert_finds(place, ".zlayer.yml");
}

static void one_file_of_the_pattern_is_taken(void **state)
{
	const struct place *place = *state;

	add(place, "compose.yml");
	add(place, "notes.txt");
	assert_int_equal(mkdirat(place->fd, "dir.zlayer.yml", 0700), 0);
	add(place, "zlayer.prod.yaml");
	assert_finds(place, "zlayer.prod.yaml");
}

static void none_is_an_error(void **state)
{
	const struct place *place = *state;
	struct error err = { 0 };
	char *found = NULL;

	add(place, "compose.yml");
	assert_int_equal(spec_discover(place->fd, &found, &err), -1);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	assert_null(found);
}

static void several_are_an_error_that_lists_them(void **state)
{
	const struct place *place = *state;
	struct error err = { 0 };
	char *found = NULL;

	add(place, "zlayer.prod.yml");
	add(place, "b.zlayer.yaml");
	add(place, "a.zlayer.yml");
	assert_int_equal(spec_discover(place->fd, &found, &err), -1);
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_non_null(strstr(err.msg, "a.zlayer.yml, b.zlayer.yaml, zlayer.prod.yml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(well_known_names_come_in_their_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_file_of_the_pattern_is_taken, set_up, tear_down),
		cmocka_unit_test_setup_teardown(none_is_an_error, set_up, tear_down),
		cmocka_unit_test_setup_teardown(several_are_an_error_that_lists_them, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
