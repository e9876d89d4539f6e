/* test_runtime_config_parse.c - config.json of other writers is understood; what could harm is refused by name. */
#include "support/cmocka_setup.h"

#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "oci/runtime_config.h"
#include "sys/capability.h"

static struct runtime_config *parse_file(const char *name)
{
	autofree char *path = text_format("%s/%s", getenv("ZLAYER_TEST_DATA"), name), *text = NULL;
	struct runtime_config *config;
	struct error err = { 0 };
	size_t len;

	assert_int_equal(file_read_at(AT_FDCWD, path, RUNTIME_CONFIG_LIMIT, &text, &len), 0);
	config = runtime_config_parse(text, len, &err);
	if (!config)
		print_message("%s\n", err.msg);
	return config;
}

static void what_runc_spec_writes_is_understood(void **state)
{
	AUTO(runtime_config) config = parse_file("runc-spec.json");

	(void)state;
	assert_non_null(config);
	assert_string_equal(config->args.items[0], "sh");
	assert_true(config->has_terminal && config->has_no_new_privileges && config->has_read_only_root);
	assert_true(config->cap_bounding == (CAPABILITY_BIT(CAP_AUDIT_WRITE) | CAPABILITY_BIT(CAP_KILL) |
					     CAPABILITY_BIT(CAP_NET_BIND_SERVICE)));
	assert_int_equal(config->n_rlimits, 1);
	assert_int_equal(config->rlimits[0].hard, 1024);
	assert_string_equal(config->root_path, "rootfs");
	assert_string_equal(config->hostname, "runc");
	assert_int_equal(config->n_mounts, 7);
	assert_string_equal(config->mounts[1].options.items[3], "size=65536k");
	assert_int_equal(config->n_device_rules, 1);
	assert_false(config->device_rules[0].is_allowed);
}

static void what_crun_spec_writes_is_understood(void **state)
{
	AUTO(runtime_config) config = parse_file("crun-spec.json");
	AUTO(runtime_config) rootless = parse_file("runc-spec-rootless.json");

	(void)state;
	assert_non_null(config);
	assert_string_equal(config->cwd, "/");
	assert_true(config->namespaces != 0);
	assert_non_null(rootless);
	assert_true(rootless->namespaces & 0x10000000 /* CLONE_NEWUSER */);
}

/* A document whose sections may be replaced: NULL is the default one. */
static char *document(const char *process, const char *rest)
{
	return text_format("{\"ociVersion\":\"1.0.2\",\"process\":{\"args\":[\"sh\"],\"cwd\":\"/\"%s%s}%s%s}",
			   process ? "," : "", process ? process : "", rest ? "," : "", rest ? rest : "");
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *process, *rest, *wanted;
	} cases[] = {
		{ "\"cwd\":\"tmp\"", NULL, "process.cwd: `tmp` is no absolute path" },
		{ "\"cwd\":\"/a\\u0000b\"", NULL, "process.cwd: a NUL inside" },
		{ "\"args\":[]", NULL, "process.args: at least one" },
		{ "\"args\":[1]", NULL, "process.args: a list of strings" },
		{ "\"env\":[\"A\"]", NULL, "process.env[0]: NAME=VALUE" },
		{ "\"user\":{\"uid\":-1}", NULL, "process.user.uid: -1 is not in 0 to" },
		{ "\"user\":{\"uid\":4294967295}", NULL, "process.user.uid: 4294967295 is not" },
		{ "\"user\":{\"gid\":\"0\"}", NULL, "process.user.gid: an integer" },
		{ "\"user\":{\"uid\":1.5}", NULL, "process.user.uid: an integer" },
		{ "\"user\":{\"umask\":512}", NULL, "process.user.umask: 512" },
		{ "\"user\":{\"additionalGids\":[5,-1]}", NULL, "process.user.additionalGids[1]" },
		{ "\"capabilities\":{\"effective\":[\"CAP_X\"]}", NULL, "process.capabilities.effective[0]: unknown" },
		{ "\"rlimits\":[{\"type\":\"RLIMIT_X\",\"soft\":1,\"hard\":1}]", NULL, "process.rlimits[0].type" },
		{ "\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"soft\":2,\"hard\":1}]", NULL, "process.rlimits[0]: soft" },
		{ "\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"soft\":2}]", NULL, "process.rlimits[0]: soft and hard" },
		{ "\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"soft\":1,\"hard\":1},"
		  "{\"type\":\"RLIMIT_CORE\",\"soft\":1,\"hard\":1}]",
		  NULL, "process.rlimits[1].type: `RLIMIT_CORE` is given twice" },
		{ "\"oomScoreAdj\":1001", NULL, "process.oomScoreAdj" },
		{ NULL, "\"root\":{\"path\":\"\"}", "root.path: empty" },
		{ NULL, "\"mounts\":{}", "mounts: a list" },
		{ NULL, "\"mounts\":[{\"type\":\"proc\"}]", "mounts[0].destination: missing" },
		{ NULL, "\"mounts\":[{\"destination\":\"proc\"}]", "mounts[0].destination: `proc` is no absolute" },
		{ NULL, "\"mounts\":[null]", "mounts[0]: an object" },
		{ NULL, "\"annotations\":{\"a\":1}", "annotations.a: a string" },
		{ NULL, "\"annotations\":{\"\":\"x\"}", "annotations: a name is empty" },
		{ NULL, "\"linux\":{\"namespaces\":[{\"type\":\"net\"}]}", "linux.namespaces[0].type: unknown" },
		{ NULL, "\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"pid\",\"path\":\"/x\"}]}",
		  "linux.namespaces[1].type: `pid` is given twice" },
		{ NULL, "\"linux\":{\"namespaces\":[{\"type\":\"pid\",\"path\":\"x\"}]}", "linux.namespaces[0].path" },
		{ NULL, "\"linux\":{\"devices\":[{\"type\":\"c\",\"major\":1}]}", "linux.devices[0].path: missing" },
		{ NULL, "\"linux\":{\"devices\":[{\"path\":\"/x\",\"type\":\"z\"}]}", "linux.devices[0].type" },
		{ NULL, "\"linux\":{\"devices\":[{\"path\":\"/x\",\"type\":\"c\",\"major\":4096}]}",
		  "linux.devices[0].major" },
		{ NULL, "\"linux\":{\"resources\":{\"devices\":[{\"allow\":true,\"access\":\"rx\"}]}}",
		  "linux.resources.devices[0].access" },
		{ NULL, "\"linux\":{\"resources\":{\"devices\":[{\"allow\":1}]}}", "linux.resources.devices[0].allow" },
		{ NULL, "\"linux\":{\"resources\":{\"memory\":{\"limit\":-2}}}", "linux.resources.memory.limit" },
		{ NULL, "\"linux\":{\"maskedPaths\":[\"proc\"]}", "linux.maskedPaths[0]" },
		{ NULL, "\"linux\":{\"rootfsPropagation\":\"none\"}", "linux.rootfsPropagation" },
		{ NULL, "\"linux\":{\"sysctl\":{\"../x\":\"1\"}}", "linux.sysctl" },
		{ NULL, "\"linux\":{\"sysctl\":{\"net..x\":\"1\"}}", "linux.sysctl" },
		{ NULL, "\"linux\":{\"sysctl\":{\"kernel shm\":\"1\"}}", "linux.sysctl" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *text = document(cases[i].process, cases[i].rest);
		struct error err = { 0 };
		AUTO(runtime_config) config = runtime_config_parse(text, strlen(text), &err);

		if (config || !strstr(err.msg, cases[i].wanted))
			print_message("%s\n-> %s\n", text, err.msg);
		assert_null(config);
		assert_int_equal(err.kind, ERR_INVALID_SPEC);
		assert_non_null(strstr(err.msg, cases[i].wanted));
	}
}

static void what_is_no_config_is_refused(void **state)
{
	static const char *const bad[] = { "",
					   "[]",
					   "{}",
					   "null",
					   "{\"ociVersion\":\"2.0\",\"process\":{\"args\":[\"a\"],\"cwd\":\"/\"}}",
					   "{\"ociVersion\":\"1.0.2\"}",
					   "{\"ociVersion\":\"1.0.2\",\"process\":[]}" };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_null(runtime_config_parse(bad[i], strlen(bad[i]), &err));
}

static struct runtime_config *parse(const char *process, const char *rest)
{
	autofree char *text = document(process, rest);
	struct error err = { 0 };
	struct runtime_config *config = runtime_config_parse(text, strlen(text), &err);

	if (!config)
		print_message("%s\n", err.msg);
	assert_non_null(config);
	return config;
}

static void what_is_not_said_has_the_specs_default(void **state)
{
	AUTO(runtime_config) config = parse(NULL, "\"future\":{\"x\":1}");

	(void)state;
	assert_int_equal(config->uid, 0);
	assert_false(config->has_terminal || config->has_no_new_privileges || config->has_umask ||
		     config->has_oom_score_adj || config->has_read_only_root);
	assert_null(config->root_propagation);
	assert_null(config->seccomp);
	assert_int_equal(config->namespaces, 0);
}

static void devices_and_their_rules_are_read(void **state)
{
	AUTO(runtime_config)
	config = parse(
		NULL,
		"\"linux\":{\"devices\":[{\"path\":\"/dev/fuse\",\"type\":\"u\",\"major\":10,\"minor\":229,"
		"\"fileMode\":8630,\"uid\":1,\"gid\":2},{\"path\":\"/p\",\"type\":\"p\"}],\"resources\":{"
		"\"devices\":[{\"allow\":false},{\"allow\":true,\"type\":\"b\",\"major\":8,\"access\":\"rw\"}]}}");

	(void)state;
	assert_int_equal(config->n_devices, 2);
	assert_int_equal(config->devices[0].type, 'c');
	assert_int_equal(config->devices[0].minor, 229);
	assert_int_equal(config->devices[0].mode, 0666);
	assert_int_equal(config->devices[1].mode, 0666);
	assert_int_equal(config->n_device_rules, 2);
	assert_int_equal(config->device_rules[0].type, 'a');
	assert_int_equal(config->device_rules[0].access, DEVICE_READ | DEVICE_WRITE | DEVICE_MKNOD);
	assert_int_equal(config->device_rules[1].minor, -1);
	assert_int_equal(config->device_rules[1].access, DEVICE_READ | DEVICE_WRITE);
}

static void joined_namespaces_keep_their_path(void **state)
{
	AUTO(runtime_config)
	config = parse(
		NULL,
		"\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"network\",\"path\":\"/proc/1/ns/net\"}],"
		"\"sysctl\":{\"net.ipv4.ip_forward\":\"1\"}}");

	(void)state;
	assert_int_equal(config->namespaces, 0x20000000);
	assert_string_equal(config->joined_namespaces.items[0], "network=/proc/1/ns/net");
	assert_string_equal(config->sysctls.items[0], "net.ipv4.ip_forward=1");
}

static void an_annotation_cannot_pass_for_another(void **state)
{
	AUTO(runtime_config)
	config = parse(NULL, "\"annotations\":{\"io.zlayer.user=root\":\"x\",\"io.zlayer.name\":\"a=b\"}");

	(void)state;
	assert_null(runtime_config_annotation(config, ANNOTATION_USER));
	assert_string_equal(runtime_config_annotation(config, ANNOTATION_NAME), "a=b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_runc_spec_writes_is_understood),
		cmocka_unit_test(what_crun_spec_writes_is_understood),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(what_is_no_config_is_refused),
		cmocka_unit_test(what_is_not_said_has_the_specs_default),
		cmocka_unit_test(devices_and_their_rules_are_read),
		cmocka_unit_test(joined_namespaces_keep_their_path),
		cmocka_unit_test(an_annotation_cannot_pass_for_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
