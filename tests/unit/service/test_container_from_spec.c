/* test_container_from_spec.c - from a service to a container_config. */
#include "support/spec_text.h"

#include "service/container_from_spec.h"

#define SPEC(body) "version: v1\ndeployment: demo\nservices:\n  web:\n    image: {name: 'nginx:1.27'}\n" body

static struct container_config *make(const char *text, size_t group, struct error *err)
{
	AUTO(spec_deployment) spec = spec_from_text(text);
	const struct spec_service *service = &spec->services.items[0];
	struct replica_options options = {
		.deployment = spec,
		.service = service,
		.group = service->replica_groups.count ? &service->replica_groups.items[group] : NULL,
		.replica = 2,
		.base_dir = "/base",
	};
	struct container_config *config = container_from_spec(&options, NULL, err);

	if (!config && err->kind == ERR_NONE)
		print_error("no config and no error\n");
	return config;
}

static struct container_config *make_good(const char *text, size_t group)
{
	struct error err = { 0 };
	struct container_config *config = make(text, group, &err);

	assert_string_equal(err.msg, "");
	assert_non_null(config);
	return config;
}

static void a_replica_is_named_by_deployment_service_role_and_number(void **state)
{
	AUTO(container_config) plain = make_good(SPEC(""), 0);
	AUTO(container_config)
	grouped = make_good(SPEC("    replica_groups: [{role: reader, count: 2}, {role: writer, count: 1}]\n"), 1);

	(void)state;
	assert_string_equal(plain->name, "demo.web.2");
	assert_string_equal(plain->deployment, "demo");
	assert_string_equal(plain->service, "web");
	assert_null(plain->role);
	assert_int_equal(plain->replica, 2);
	assert_string_equal(plain->image, "nginx:1.27");
	assert_string_equal(grouped->name, "demo.web.writer.2");
	assert_string_equal(grouped->role, "writer");
}

static void everything_of_the_service_that_this_node_knows_is_in_the_config(void **state)
{
	AUTO(container_config)
	c = make_good(SPEC("    command: {entrypoint: [/bin/sh], args: [-c, 'exit 0'], workdir: /srv}\n"
			   "    env: {A: '1', B: two}\n"
			   "    user: '1000:1000'\n"
			   "    hostname: box\n"
			   "    resources: {cpu: 0.5, memory: 64Mi, pids_limit: 50}\n"
			   "    capabilities: [NET_ADMIN]\n"
			   "    cap_drop: [MKNOD]\n"
			   "    privileged: true\n"
			   "    read_only_root_fs: true\n"
			   "    ulimits: {nofile: {soft: 100, hard: 200}, core: {soft: 0}, nproc: {hard: -1}}\n"
			   "    stop_signal: SIGINT\n"
			   "    stop_grace_period: 1500ms\n"
			   "    labels: {team: blue}\n"
			   "    network_mode: none\n"),
		      0);

	(void)state;
	assert_true(c->has_entrypoint);
	assert_string_equal(c->entrypoint.items[0], "/bin/sh");
	assert_string_equal(c->args.items[1], "exit 0");
	assert_string_equal(c->workdir, "/srv");
	assert_string_equal(strv_env_get(&c->env, "B"), "two");
	assert_string_equal(c->user, "1000:1000");
	assert_string_equal(c->hostname, "box");
	assert_true(c->cpus == 0.5);
	assert_int_equal(c->memory_bytes, 64 << 20);
	assert_int_equal(c->pids_limit, 50);
	assert_string_equal(c->cap_add.items[0], "NET_ADMIN");
	assert_string_equal(c->cap_drop.items[0], "MKNOD");
	assert_true(c->is_privileged);
	assert_true(c->has_read_only_rootfs);
	assert_int_equal(c->n_ulimits, 3);
	assert_int_equal(c->ulimits[0].soft, 100);
	assert_int_equal(c->ulimits[0].hard, 200);
	assert_int_equal(c->ulimits[1].hard, 0);
	assert_true(c->ulimits[2].soft == UINT64_MAX);
	assert_string_equal(c->stop_signal, "SIGINT");
	assert_int_equal(c->stop_grace_ms, 1500);
	assert_string_equal(strv_env_get(&c->labels, "team"), "blue");
	assert_int_equal(c->network_mode, NETWORK_NONE);
}

static void what_the_service_does_not_say_is_left_to_the_image(void **state)
{
	AUTO(container_config) c = make_good(SPEC(""), 0);

	(void)state;
	assert_false(c->has_entrypoint);
	assert_int_equal(c->args.count, 0);
	assert_null(c->workdir);
	assert_null(c->user);
	assert_null(c->hostname);
	assert_null(c->stop_signal);
	assert_true(c->stop_grace_ms == GRACE_UNSET);
	assert_true(c->cpus == 0);
	assert_int_equal(c->memory_bytes, 0);
	assert_int_equal(c->pids_limit, 0);
	assert_int_equal(c->network_mode, NETWORK_DEFAULT);
}

static void a_group_overrides_what_it_names_and_nothing_else(void **state)
{
	AUTO(container_config)
	c = make_good(SPEC("    command: {entrypoint: [/bin/sh], args: [a], workdir: /srv}\n"
			   "    env: {A: '1', B: '2'}\n"
			   "    resources: {cpu: 1, memory: 64Mi}\n"
			   "    replica_groups:\n"
			   "    - role: big\n"
			   "      count: 2\n"
			   "      image: {name: other}\n"
			   "      env: {B: big}\n"
			   "      command: {args: [b, c]}\n"
			   "      resources: {memory: 1Gi}\n"),
		      0);

	(void)state;
	assert_string_equal(c->image, "other");
	assert_string_equal(c->entrypoint.items[0], "/bin/sh");
	assert_int_equal(c->args.count, 2);
	assert_string_equal(c->workdir, "/srv");
	assert_string_equal(strv_env_get(&c->env, "A"), "1");
	assert_string_equal(strv_env_get(&c->env, "B"), "big");
	assert_true(c->cpus == 1);
	assert_int_equal(c->memory_bytes, 1 << 30);
}

static void storage_becomes_mounts(void **state)
{
	AUTO(container_config)
	c = make_good(SPEC("    storage:\n"
			   "    - {type: bind, source: /host, target: /abs, readonly: true}\n"
			   "    - {type: bind, source: conf/x, target: /rel}\n"
			   "    - {type: named, name: data, target: /data}\n"
			   "    - {type: anonymous, target: /anon}\n"
			   "    - {type: tmpfs, target: /tmp, size: 16Mi, mode: 0o1777}\n"
			   "    - {type: tmpfs, target: /run}\n"),
		      0);

	(void)state;
	assert_int_equal(c->n_mounts, 6);
	assert_string_equal(c->mounts[0].source, "/host");
	assert_true(c->mounts[0].is_read_only);
	assert_string_equal(c->mounts[1].source, "/base/conf/x");
	assert_false(c->mounts[1].is_read_only);
	assert_int_equal(c->mounts[2].type, MOUNT_VOLUME);
	assert_string_equal(c->mounts[2].source, "demo_data");
	assert_int_equal(c->mounts[3].type, MOUNT_ANONYMOUS);
	assert_int_equal(c->mounts[4].size_bytes, 16 << 20);
	assert_int_equal(c->mounts[4].mode, 01777);
	assert_int_equal(c->mounts[5].size_bytes, 0);
	assert_int_equal(c->mounts[5].mode, 01777);
}

static void two_mounts_at_one_target_are_an_error_that_says_where(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_null(make(SPEC("    storage: [{type: anonymous, target: /a}, {type: tmpfs, target: /a}]\n"), 0, &err));
	assert_int_equal(err.kind, ERR_INVALID_SPEC);
	assert_non_null(strstr(err.msg, "service web: storage[1]: mount /a"));
}

static const char *hash_of(const struct container_config *c)
{
	return strv_env_get(&c->labels, LABEL_CONFIG_HASH);
}

static void a_change_of_the_config_changes_the_hash_and_a_change_around_it_does_not(void **state)
{
	static const char other_depends[] = SPEC("    depends: [{service: db}]\n  db:\n    image: {name: db}\n");
	static const char other_health[] = SPEC("    health: {check: {type: tcp, port: 80}}\n");
	static const char other_scale[] = SPEC("    scale: {mode: fixed, replicas: 7}\n");
	AUTO(container_config) plain = make_good(SPEC(""), 0);
	AUTO(container_config) changed = make_good(SPEC("    env: {A: '1'}\n"), 0);
	AUTO(container_config) depends = make_good(other_depends, 0);
	AUTO(container_config) health = make_good(other_health, 0);
	AUTO(container_config) scale = make_good(other_scale, 0);

	(void)state;
	assert_string_not_equal(hash_of(plain), hash_of(changed));
	assert_string_equal(hash_of(plain), hash_of(depends));
	assert_string_equal(hash_of(plain), hash_of(health));
	assert_string_equal(hash_of(plain), hash_of(scale));
	assert_string_equal(strv_env_get(&depends->labels, LABEL_DEPENDS), "db");
	assert_string_equal(strv_env_get(&plain->labels, LABEL_DEPENDS), "");
}

static void a_label_of_the_user_cannot_pass_for_ours(void **state)
{
	AUTO(container_config) c = make_good(SPEC("    labels: {zlayer.config-hash: x, zlayer.depends: y}\n"), 0);

	(void)state;
	assert_string_not_equal(hash_of(c), "x");
	assert_string_equal(strv_env_get(&c->labels, LABEL_DEPENDS), "");
}

static void a_secret_stays_a_reference(void **state)
{
	AUTO(container_config) c = make_good(SPEC("    env: {TOKEN: '$S:token'}\n"), 0);

	(void)state;
	assert_int_equal(c->env.count, 0);
	assert_string_equal(c->secret_env.items[0], "TOKEN=$S:token");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_replica_is_named_by_deployment_service_role_and_number),
		cmocka_unit_test(everything_of_the_service_that_this_node_knows_is_in_the_config),
		cmocka_unit_test(what_the_service_does_not_say_is_left_to_the_image),
		cmocka_unit_test(a_group_overrides_what_it_names_and_nothing_else),
		cmocka_unit_test(storage_becomes_mounts),
		cmocka_unit_test(two_mounts_at_one_target_are_an_error_that_says_where),
		cmocka_unit_test(a_change_of_the_config_changes_the_hash_and_a_change_around_it_does_not),
		cmocka_unit_test(a_label_of_the_user_cannot_pass_for_ours),
		cmocka_unit_test(a_secret_stays_a_reference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
