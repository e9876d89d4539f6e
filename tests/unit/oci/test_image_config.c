/* test_image_config.c - what an image says about its container. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "oci/image_config.h"

#define DIFF_ID "sha256:0123456789012345678901234567890123456789012345678901234567890123"
#define ROOTFS "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" DIFF_ID "\"]}"

static struct image_config *parse(const char *json, struct error *err)
{
	return image_config_parse(json, strlen(json), err);
}

static const char full[] =
	"{\"created\":\"2026-01-02T03:04:05Z\",\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{"
	"\"User\":\"1000:50\",\"ExposedPorts\":{\"80/tcp\":{}},\"Env\":[\"A=B\"],\"Entrypoint\":[\"/"
	"e\"],\"Cmd\":[\"c\"],"
	"\"Volumes\":{\"/data\":{},\"/more\":{}},\"WorkingDir\":\"/"
	"w\",\"Labels\":{\"l\":\"v=1\"},\"StopSignal\":\"SIGQUIT\","
	"\"Unknown\":7}," ROOTFS ",\"history\":[{\"comment\":\"old\"},{\"comment\":\"new\"}]}";

static void every_part_is_read(void **state)
{
	AUTO(image_config) config = parse(full, NULL);

	(void)state;
	assert_non_null(config);
	assert_string_equal(config->user, "1000:50");
	assert_string_equal(config->exposed_ports.items[0], "80/tcp");
	assert_string_equal(config->env.items[0], "A=B");
	assert_string_equal(config->entrypoint.items[0], "/e");
	assert_string_equal(config->cmd.items[0], "c");
	assert_int_equal(config->volumes.count, 2);
	assert_string_equal(config->workdir, "/w");
	assert_string_equal(config->labels.items[0], "l=v=1");
	assert_string_equal(config->stop_signal, "SIGQUIT");
	assert_string_equal(config->diff_ids.items[0], DIFF_ID);
	assert_string_equal(config->comment, "new");
}

static void what_is_empty_or_null_is_not_said(void **state)
{
	AUTO(image_config)
	config = parse(
		"{\"config\":{\"User\":\"\",\"WorkingDir\":\"\",\"Cmd\":null,\"Volumes\":null,\"Labels\":null}," ROOTFS
		",\"history\":[]}",
		NULL);

	(void)state;
	assert_non_null(config);
	assert_null(config->user);
	assert_null(config->workdir);
	assert_int_equal(config->cmd.count, 0);
}

static void what_is_no_config_is_refused_by_name(void **state)
{
	static const struct {
		const char *json, *word;
	} cases[] = {
		{ "[]", "object" },
		{ "{}", "rootfs" },
		{ "{\"rootfs\":{\"type\":\"magic\",\"diff_ids\":[]}}", "magic" },
		{ "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:../x\"]}}", "diff_ids[0]" },
		{ "{\"config\":{\"Env\":\"A=B\"}," ROOTFS "}", "config.Env" },
		{ "{\"config\":{\"Env\":[1]}," ROOTFS "}", "config.Env" },
		{ "{\"config\":{\"User\":7}," ROOTFS "}", "config.User" },
		{ "{\"config\":{\"User\":\"a\\u0000b\"}," ROOTFS "}", "NUL" },
		{ "{\"config\":{\"Volumes\":[]}," ROOTFS "}", "config.Volumes" },
		{ "{\"config\":{\"Labels\":{\"a\":1}}," ROOTFS "}", "config.Labels" },
		{ "{" ROOTFS "} x", "image config" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct error err = { 0 };

		assert_null(parse(cases[i].json, &err));
		assert_int_equal(err.kind, ERR_INVALID_SPEC + (i == 2 ? ERR_UNSUPPORTED - ERR_INVALID_SPEC : 0));
		assert_non_null(strstr(err.msg, cases[i].word));
	}
}

static void what_is_printed_is_read_again_and_always_the_same(void **state)
{
	AUTO(image_config) first = parse(full, NULL);
	AUTO_DONE(strbuf) text = { 0 };
	AUTO_DONE(strbuf) again = { 0 };
	AUTO(image_config) second = NULL;

	(void)state;
	assert_non_null(first);
	assert_int_equal(image_config_print(first, &text, NULL), 0);
	second = parse(strbuf_peek(&text), NULL);
	assert_non_null(second);
	assert_int_equal(image_config_print(second, &again, NULL), 0);
	assert_string_equal(strbuf_peek(&text), strbuf_peek(&again));
	assert_true(strv_equal(&first->volumes, &second->volumes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_part_is_read),
		cmocka_unit_test(what_is_empty_or_null_is_not_said),
		cmocka_unit_test(what_is_no_config_is_refused_by_name),
		cmocka_unit_test(what_is_printed_is_read_again_and_always_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
