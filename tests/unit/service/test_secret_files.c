/* test_secret_files.c - where secrets are looked for, and which files are refused. */
#include "support/cmocka_setup.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "service/secret_files.h"

static char root[64];
static int root_fd;
static struct secret_files *files;

static int set_up(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/secret-files-XXXXXX");
	if (!mkdtemp(root))
		return -1;
	root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mkdirat(root_fd, "secrets", 0700);
	mkdirat(root_fd, "secrets/demo", 0700);
	mkdirat(root_fd, "secrets/demo/db", 0700);
	files = secret_files_new(root);
	return files ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	secret_files_free(files);
	close(root_fd);
	return dir_remove_tree(AT_FDCWD, root);
}

static void write_secret_bytes(const char *path, const void *bytes, size_t len, mode_t mode)
{
	assert_int_equal(file_create_at(root_fd, path, bytes, len, 0600), 0);
	assert_int_equal(fchmodat(root_fd, path, mode, 0), 0);
}

static void write_secret(const char *path, const char *text)
{
	write_secret_bytes(path, text, strlen(text), 0600);
}

static int resolve(const char *deployment, const char *reference, struct secret_value *ret, struct error *err)
{
	return files->source.resolve(&files->source, deployment, reference, ret, err);
}

static void assert_secret(const char *deployment, const char *reference, const char *wanted)
{
	struct secret_value value = { 0 };
	struct error err = { 0 };

	if (resolve(deployment, reference, &value, &err) < 0)
		print_error("%s\n", err.msg);
	assert_int_equal(err.kind, ERR_NONE);
	assert_string_equal(value.bytes, wanted);
	assert_int_equal(value.len, strlen(wanted));
	secret_value_done(&value);
}

/* The message names the secret, and never holds what stands in the file. */
static void assert_refused(const char *reference, enum error_kind kind)
{
	struct secret_value value = { 0 };
	struct error err = { 0 };

	assert_int_equal(resolve("demo", reference, &value, &err), -1);
	assert_int_equal(err.kind, kind);
	assert_non_null(strstr(err.msg, reference));
	assert_null(strstr(err.msg, "tell-nobody"));
	assert_null(value.bytes);
}

static void the_deployments_own_secret_comes_before_the_shared_one(void **state)
{
	(void)state;
	write_secret("secrets/shared", "of all");
	write_secret("secrets/both", "of all");
	write_secret("secrets/demo/both", "of demo");
	assert_secret("demo", "$S:shared", "of all");
	assert_secret("demo", "$S:both", "of demo");
	assert_secret("other", "$S:both", "of all");
	assert_secret(NULL, "$S:both", "of all");
}

static void a_services_secret_is_in_its_directory_alone(void **state)
{
	(void)state;
	write_secret("secrets/demo/db/password", "of db");
	write_secret("secrets/demo/plain", "of demo");
	assert_secret("demo", "$S:@db/password", "of db");
	assert_refused("$S:password", ERR_NOT_FOUND);
	assert_refused("$S:@db/plain", ERR_NOT_FOUND);
	assert_refused("$S:@web/password", ERR_NOT_FOUND);
	/* The name of a scope is no secret. */
	assert_refused("$S:db", ERR_NOT_FOUND);
}

static void one_newline_at_the_end_is_not_part_of_the_value(void **state)
{
	(void)state;
	write_secret("secrets/one", "value\n");
	write_secret("secrets/two", "value\n\n");
	write_secret("secrets/empty", "");
	assert_secret("demo", "$S:one", "value");
	assert_secret("demo", "$S:two", "value\n");
	assert_secret("demo", "$S:empty", "");
}

static void a_field_is_taken_out_of_a_json_object(void **state)
{
	static const struct {
		const char *reference, *value;
	} cases[] = {
		{ "$S:json/text", "a \"b\"" },  { "$S:json/number", "12345678901234567890" },
		{ "$S:json/real", "1.5" },      { "$S:json/yes", "true" },
		{ "$S:json/none", "" },         { "$S:json/list", "[1,\"x/y\"]" },
		{ "$S:json/map", "{\"a\":1}" },
	};

	(void)state;
	write_secret("secrets/json",
		     "{\"text\": \"a \\\"b\\\"\", \"number\": 12345678901234567890, \"real\": 1.5, \"yes\": true,"
		     " \"none\": null, \"list\": [1, \"x/y\"], \"map\": {\"a\": 1}}\n");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_secret("demo", cases[i].reference, cases[i].value);
	assert_refused("$S:json/missing", ERR_NOT_FOUND);
}

static void a_field_of_what_is_no_json_object_is_refused_without_its_text(void **state)
{
	(void)state;
	write_secret("secrets/plain", "tell-nobody");
	write_secret("secrets/list", "[\"tell-nobody\"]");
	write_secret("secrets/nul", "{\"field\": \"tell-nobody\\u0000\"}");
	assert_refused("$S:plain/field", ERR_CONFIGURATION);
	assert_refused("$S:list/field", ERR_CONFIGURATION);
	assert_refused("$S:nul/field", ERR_CONFIGURATION);
}

static void files_that_others_may_touch_are_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0644, 0601 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		autofree char *name = text_format("mode%zu", i), *path = text_format("secrets/%s", name);
		autofree char *reference = text_format("$S:%s", name);

		write_secret_bytes(path, "tell-nobody", 11, modes[i]);
		assert_refused(reference, ERR_PERMISSION_DENIED);
	}
	write_secret("secrets/demo/good", "x");
	assert_int_equal(fchmodat(root_fd, "secrets/demo", 0777, 0), 0);
	assert_refused("$S:good", ERR_PERMISSION_DENIED);
}

static void files_of_somebody_else_are_refused(void **state)
{
	(void)state;
	write_secret("secrets/foreign", "tell-nobody");
	if (fchownat(root_fd, "secrets/foreign", 12345, 12345, 0) < 0)
		skip(); /* only root gives files away */
	assert_refused("$S:foreign", ERR_PERMISSION_DENIED);
}

static void links_and_other_kinds_of_files_are_refused(void **state)
{
	(void)state;
	write_secret("secrets/target", "tell-nobody");
	assert_int_equal(symlinkat("target", root_fd, "secrets/link"), 0);
	assert_int_equal(mkfifoat(root_fd, "secrets/fifo", 0600), 0);
	assert_int_equal(symlinkat("demo", root_fd, "secrets/linked"), 0);
	assert_refused("$S:link", ERR_CONFIGURATION);
	assert_refused("$S:fifo", ERR_CONFIGURATION);
	write_secret("secrets/demo/inner", "tell-nobody");
	assert_int_equal(resolve("linked", "$S:inner", &(struct secret_value){ 0 }, NULL), -1);
}

static void a_nul_and_too_much_are_refused(void **state)
{
	autofree char *much = malloc(SECRET_SIZE_LIMIT + 1);

	(void)state;
	memset(much, 'x', SECRET_SIZE_LIMIT + 1);
	write_secret_bytes("secrets/nul", "tell\0nobody", 11, 0600);
	write_secret_bytes("secrets/much", much, SECRET_SIZE_LIMIT + 1, 0600);
	write_secret_bytes("secrets/most", much, SECRET_SIZE_LIMIT, 0600);
	assert_refused("$S:nul", ERR_CONFIGURATION);
	assert_refused("$S:much", ERR_CONFIGURATION);
	much[SECRET_SIZE_LIMIT] = '\0';
	assert_secret("demo", "$S:most", much);
}

static void references_that_leave_the_directory_do_not_exist(void **state)
{
	struct secret_value value = { 0 };

	(void)state;
	write_secret("outside", "tell-nobody");
	assert_refused("$S:../outside", ERR_INVALID_SPEC);
	assert_refused("$S:@../outside", ERR_INVALID_SPEC);
	assert_refused("$S:.", ERR_INVALID_SPEC);
	assert_refused("plain text", ERR_INVALID_SPEC);
	assert_int_equal(resolve("..", "$S:outside", &value, NULL), -1);
	assert_int_equal(resolve("a/../..", "$S:outside", &value, NULL), -1);
}

static void secrets_of_environments_are_said_not_to_be_here(void **state)
{
	(void)state;
	assert_refused("$S::prod/name", ERR_UNSUPPORTED);
	assert_refused("$S:project:prod/name", ERR_UNSUPPORTED);
}

static void without_the_directory_there_is_no_secret(void **state)
{
	AUTO(secret_files) none = secret_files_new("/nonexistent/root");
	struct secret_value value = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(none->source.resolve(&none->source, "demo", "$S:name", &value, &err), -1);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_deployments_own_secret_comes_before_the_shared_one),
		CASE(a_services_secret_is_in_its_directory_alone),
		CASE(one_newline_at_the_end_is_not_part_of_the_value),
		CASE(a_field_is_taken_out_of_a_json_object),
		CASE(a_field_of_what_is_no_json_object_is_refused_without_its_text),
		CASE(files_that_others_may_touch_are_refused),
		CASE(files_of_somebody_else_are_refused),
		CASE(links_and_other_kinds_of_files_are_refused),
		CASE(a_nul_and_too_much_are_refused),
		CASE(references_that_leave_the_directory_do_not_exist),
		CASE(secrets_of_environments_are_said_not_to_be_here),
		CASE(without_the_directory_there_is_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
