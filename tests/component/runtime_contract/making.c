/* making.c - create, start, images, secrets. */
#include <string.h>

#include "base/text.h"
#include "cases.h"
#include "steps.h"

void create_gives_an_id_of_64_hex_digits_and_nothing_runs(void **state)
{
	AUTO(container_info) info = NULL;
	char id[ID_HEX_SIZE];

	(void)state;
	create("c", "exit 0", id);
	assert_int_equal(strlen(id), ID_HEX_LENGTH);
	assert_true(text_is_made_of(id, TEXT_HEX));
	info = info_of(id);
	assert_int_equal(info->status, CONTAINER_PENDING);
	assert_int_equal(info->pid, 0);
	assert_int_equal(info->started_ns, 0);
	assert_true(info->created_ns > 0);
	assert_string_equal(info->name, "c");
	assert_string_equal(info->image, "busybox");
}

void an_id_is_never_used_again(void **state)
{
	char first[ID_HEX_SIZE], second[ID_HEX_SIZE];

	(void)state;
	create("c", "exit 0", first);
	assert_int_equal(runtime_remove(rt, first, 0, NULL), 0);
	create("c", "exit 0", second);
	assert_string_not_equal(first, second);
}

void create_of_an_existing_name_is_a_conflict_and_leaves_nothing(void **state)
{
	AUTO(container_config) config = config_of("c", "exit 0");
	char id[ID_HEX_SIZE], other[ID_HEX_SIZE] = "";
	struct error err = { 0 };

	(void)state;
	create("c", "exit 0", id);
	assert_int_equal(runtime_create(rt, config, other, &err), -1);
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_string_equal(other, "");
	assert_int_equal(count_containers(), 1);
}

void create_from_a_missing_image_is_not_found_and_leaves_nothing(void **state)
{
	AUTO(container_config) config = config_of("c", "exit 0");
	char id[ID_HEX_SIZE] = "";
	struct error err = { 0 };

	(void)state;
	free(config->image);
	config->image = strdup("missing:image");
	assert_int_equal(runtime_create(rt, config, id, &err), -1);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	assert_int_equal(count_containers(), 0);
	create("c", "exit 0", id); /* the name was not taken */
}

void a_config_that_is_not_valid_is_refused(void **state)
{
	AUTO(container_config) config = config_of("bad/name", "exit 0");
	char id[ID_HEX_SIZE];
	struct error err = { 0 };

	(void)state;
	assert_int_equal(runtime_create(rt, config, id, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID_SPEC);
	assert_int_equal(count_containers(), 0);
}

void pulling_an_image_that_is_there_succeeds_and_one_that_is_nowhere_is_not_found(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(runtime_pull_image(rt, "busybox", PULL_IF_NOT_PRESENT, &err), 0);
	assert_int_equal(runtime_pull_image(rt, "busybox", PULL_NEVER, &err), 0);
	assert_int_equal(runtime_pull_image(rt, "missing:image", PULL_NEVER, &err), -1);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	assert_non_null(strstr(err.msg, "missing:image"));
}

void start_returns_when_the_program_runs(void **state)
{
	AUTO(container_info) info = NULL;
	char id[ID_HEX_SIZE];

	(void)state;
	run("c", LASTING, id);
	info = info_of(id);
	assert_int_equal(info->status, CONTAINER_RUNNING);
	assert_true(info->pid > 0);
	assert_true(info->started_ns >= info->created_ns);
}

void start_of_a_container_that_runs_is_a_conflict(void **state)
{
	char id[ID_HEX_SIZE];
	struct error err = { 0 };

	(void)state;
	run("c", LASTING, id);
	assert_int_equal(runtime_start(rt, id, &err), -1);
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_int_equal(status_of(id), CONTAINER_RUNNING);
}

void start_of_one_that_ended_starts_it_again(void **state)
{
	char id[ID_HEX_SIZE];
	struct exit_record first, second;

	(void)state;
	run("c", "exit 5", id);
	first = wait_for(id);
	start(id);
	second = wait_for(id);
	assert_int_equal(second.code, 5);
	assert_true(second.started_ns >= first.finished_ns);
	assert_int_equal(status_of(id), CONTAINER_EXITED);
}

void a_program_that_is_missing_or_not_executable_is_told_and_the_container_is_as_before(void **state)
{
	static const struct {
		const char *name, *program;
		enum error_kind kind;
	} cases[] = {
		{ "a", "/bin/nothing", ERR_COMMAND_NOT_FOUND },
		{ "b", "nothing", ERR_COMMAND_NOT_FOUND },
		{ "c", "/etc/passwd", ERR_NOT_EXECUTABLE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO(container_config) config = config_of(cases[i].name, NULL);
		char id[ID_HEX_SIZE];

		strv_add(&config->args, cases[i].program);
		create_config(config, id);
		for (unsigned time = 0; time < 2; time++) {
			struct error err = { 0 };

			assert_int_equal(runtime_start(rt, id, &err), -1);
			assert_int_equal(err.kind, cases[i].kind);
			assert_non_null(strstr(err.msg, cases[i].name));
			assert_int_equal(status_of(id), CONTAINER_PENDING);
		}
	}
}

static void create_with_secret(const char *reference, char ret_id[ID_HEX_SIZE])
{
	AUTO(container_config) config = config_of("c", "echo $TOKEN");

	strv_addf(&config->secret_env, "TOKEN=%s", reference);
	create_config(config, ret_id);
}

static const struct log_options whole_log = { .streams = LOG_STDOUT | LOG_STDERR, .tail_lines = -1 };

void a_secret_is_fetched_at_each_start_and_never_shown(void **state)
{
	AUTO_DONE(strbuf) log = { 0 };
	autofree char *shown = NULL;
	char id[ID_HEX_SIZE];
	struct error err = { 0 };

	(void)state;
	create_with_secret("$S:token", id);
	assert_int_equal(secret_asked, 0);
	start(id);
	wait_for(id);
	assert_int_equal(runtime_inspect(rt, id, &shown, &err), 0);
	assert_null(strstr(shown, "tell-nobody"));
	secret_token = "another";
	start(id);
	wait_for(id);
	read_log(id, &whole_log, &log);
	assert_string_equal(strbuf_peek(&log), "1:tell-nobody|1:another|");
}

void a_secret_that_is_missing_fails_the_start_and_the_container_is_as_before(void **state)
{
	char id[ID_HEX_SIZE];
	struct error err = { 0 };

	(void)state;
	create_with_secret("$S:nothing", id);
	assert_int_equal(runtime_start(rt, id, &err), -1);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	assert_non_null(strstr(err.msg, "$S:nothing"));
	assert_int_equal(status_of(id), CONTAINER_PENDING);
}

void without_a_source_of_secrets_a_reference_fails_the_start(void **state)
{
	char id[ID_HEX_SIZE];
	struct error err = { 0 };

	(void)state;
	create_with_secret("$S:token", id);
	rt->secrets = NULL;
	assert_int_equal(runtime_start(rt, id, &err), -1);
	assert_int_not_equal(err.kind, ERR_NONE);
	assert_int_equal(status_of(id), CONTAINER_PENDING);
}
