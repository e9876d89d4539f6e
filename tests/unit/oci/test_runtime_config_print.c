/* test_runtime_config_print.c - config and image become config.json by docker's rules; what is printed parses back. */
#include "support/cmocka_setup.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "oci/runtime_config.h"
#include "sys/capability.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct fixture {
	struct container_config *config;
	struct image_config image;
	struct bundle_context context;
	struct runtime_config *parsed;
	struct error err;
};

static char *volume_path(void *userdata, const struct container_mount *mount, struct error *err)
{
	(void)userdata;
	(void)err;
	return text_format("/volumes/%s", mount->source ? mount->source : "anonymous");
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->config = container_config_new();
	f->config->image = strdup("busybox");
	strv_add(&f->config->args, "true");
	f->context = (struct bundle_context){
		.id = ID,
		.name = "web",
		.image_id = "sha256:1",
		.volume_path = volume_path,
	};
	*state = f;
	return 0;
}

static void image_done(struct image_config *image)
{
	strv_done(&image->entrypoint);
	strv_done(&image->cmd);
	strv_done(&image->env);
	strv_done(&image->volumes);
	strv_done(&image->labels);
	free(image->user);
	free(image->workdir);
	free(image->stop_signal);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	container_config_free(f->config);
	runtime_config_free(f->parsed);
	image_done(&f->image);
	free(f);
	return 0;
}

/* Prints and parses back; the former result is gone. */
static struct runtime_config *print_and_parse(struct fixture *f)
{
	AUTO_DONE(strbuf) out = { 0 };
	int r = runtime_config_print(f->config, &f->image, &f->context, &out, &f->err);

	runtime_config_free(f->parsed);
	f->parsed = r < 0 ? NULL : runtime_config_parse(out.data, out.len, &f->err);
	if (!f->parsed)
		print_message("%s\n", f->err.msg);
	assert_non_null(f->parsed);
	return f->parsed;
}

static void expect_failure(struct fixture *f, enum error_kind kind, const char *part)
{
	AUTO_DONE(strbuf) out = { 0 };

	assert_int_equal(runtime_config_print(f->config, &f->image, &f->context, &out, &f->err), -1);
	assert_int_equal(f->err.kind, kind);
	if (!strstr(f->err.msg, part))
		print_message("%s\n", f->err.msg);
	assert_non_null(strstr(f->err.msg, part));
}

static void fill(struct strv *v, const char *words)
{
	autofree char *copy = strdup(words);
	char *rest = NULL;

	strv_done(v);
	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		strv_add(v, word);
}

static void expect_words(const struct strv *v, const char *words)
{
	AUTO_DONE(strv) wanted = { 0 };

	fill(&wanted, words);
	for (size_t i = 0; i < v->count && !strv_equal(v, &wanted); i++)
		print_message("[%zu] %s\n", i, v->items[i]);
	assert_true(strv_equal(v, &wanted));
}

static void entrypoint_and_args_merge_as_docker_does(void **state)
{
	static const struct {
		const char *image_entrypoint, *image_cmd, *entrypoint, *args, *wanted;
		bool has_entrypoint;
	} cases[] = {
		{ "", "c d", "", "", "c d", false },       { "e f", "c d", "", "", "e f c d", false },
		{ "e f", "c d", "", "x", "e f x", false }, { "e f", "c d", "n", "", "n", true },
		{ "e f", "c d", "n", "", "n", false },     { "e f", "c d", "n", "x y", "n x y", true },
		{ "e f", "c d", "", "x y", "x y", true },  { "", "", "", "x", "x", false },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		fill(&f->image.entrypoint, cases[i].image_entrypoint);
		fill(&f->image.cmd, cases[i].image_cmd);
		fill(&f->config->entrypoint, cases[i].entrypoint);
		fill(&f->config->args, cases[i].args);
		f->config->has_entrypoint = cases[i].has_entrypoint;
		expect_words(&print_and_parse(f)->args, cases[i].wanted);
	}
}

static void no_command_at_all_is_an_error(void **state)
{
	struct fixture *f = *state;

	strv_done(&f->config->args);
	expect_failure(f, ERR_INVALID_SPEC, "command");
	fill(&f->image.cmd, "sh");
	f->config->has_entrypoint = true;
	expect_failure(f, ERR_INVALID_SPEC, "command");
}

static void the_environment_is_defaults_then_image_then_config(void **state)
{
	struct fixture *f = *state;
	struct runtime_config *parsed = print_and_parse(f);

	expect_words(&parsed->env,
		     "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOSTNAME=0123456789ab");
	fill(&f->image.env, "PATH=/img A=1 B=2 =bad broken");
	fill(&f->config->env, "B=3 C=4=5 C=6");
	parsed = print_and_parse(f);
	expect_words(&parsed->env, "PATH=/img HOSTNAME=0123456789ab A=1 B=3 C=6");
	assert_string_equal(parsed->hostname, "0123456789ab");
}

static void hostname_is_the_configs_or_the_hosts_or_the_ids(void **state)
{
	struct fixture *f = *state;
	struct utsname host;

	uname(&host);
	f->config->network_mode = NETWORK_HOST;
	assert_string_equal(print_and_parse(f)->hostname, host.nodename);
	f->config->hostname = strdup("db");
	assert_string_equal(print_and_parse(f)->hostname, "db");
	assert_string_equal(strv_env_get(&f->parsed->env, "HOSTNAME"), "db");
}

static void workdir_is_the_configs_or_the_images_or_the_root(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(print_and_parse(f)->cwd, "/");
	f->image.workdir = strdup("app");
	assert_string_equal(print_and_parse(f)->cwd, "/app");
	f->config->workdir = strdup("/srv");
	assert_string_equal(print_and_parse(f)->cwd, "/srv");
}

static void user_names_wait_for_the_start_in_an_annotation(void **state)
{
	struct fixture *f = *state;

	assert_null(runtime_config_annotation(print_and_parse(f), ANNOTATION_USER));
	f->image.user = strdup("web");
	assert_string_equal(runtime_config_annotation(print_and_parse(f), ANNOTATION_USER), "web");
	f->config->user = strdup("1000:2000");
	assert_string_equal(runtime_config_annotation(print_and_parse(f), ANNOTATION_USER), "1000:2000");
	assert_int_equal(f->parsed->uid, 1000);
	free(f->config->user);
	f->config->user = NULL;
	free(f->image.user);
	f->image.user = strdup("1x");
	expect_failure(f, ERR_INVALID_SPEC, "1x");
}

static void a_given_root_resolves_user_groups_and_home(void **state)
{
	static const char passwd[] = "web:x:33:44::/var/www:/bin/sh\n", group[] = "extra:x:55:web\n";
	struct fixture *f = *state;
	char path[] = "/tmp/zlayer-print-XXXXXX";
	int fd;

	assert_non_null(mkdtemp(path));
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(mkdirat(fd, "etc", 0755), 0);
	assert_int_equal(file_create_at(fd, "etc/passwd", passwd, strlen(passwd), 0644), 0);
	assert_int_equal(file_create_at(fd, "etc/group", group, strlen(group), 0644), 0);
	f->context.rootfs_fd = &fd;
	f->config->user = strdup("web");
	assert_int_equal(print_and_parse(f)->uid, 33);
	assert_int_equal(f->parsed->gid, 44);
	assert_int_equal(f->parsed->n_extra_gids, 2);
	assert_int_equal(f->parsed->extra_gids[1], 55);
	assert_string_equal(strv_env_get(&f->parsed->env, "HOME"), "/var/www");
	assert_null(runtime_config_annotation(f->parsed, ANNOTATION_USER));
	f->config->user[0] = 'x';
	expect_failure(f, ERR_INVALID_SPEC, "no such user");
	close(fd);
	dir_remove_tree(AT_FDCWD, path);
}

#define DEFAULT_14 0xa80425fbULL /* as /proc/PID/status of a docker container has it */

/* One that this process can give and that nobody has by default; the machine may hold some back. */
static int spare_capability(void)
{
	for (int i = 0; i <= capability_last(); i++)
		if (capability_bounding() & ~DEFAULT_14 & CAPABILITY_BIT(i))
			return i;
	return CAP_KILL;
}

static void capabilities_follow_dockers_rules(void **state)
{
	uint64_t all = capability_bounding(), spare = CAPABILITY_BIT(spare_capability());
	uint64_t usual = DEFAULT_14 & all, kill_bit = CAPABILITY_BIT(CAP_KILL);
	const struct {
		const char *add, *drop;
		uint64_t wanted;
	} cases[] = {
		{ "", "", usual },
		{ capability_name(spare_capability()), "", usual | spare },
		{ "", "kill", usual & ~kill_bit },
		{ capability_name(spare_capability()) + 4, "ALL", spare },
		{ "", "all", 0 },
		{ "ALL", "", all },
		{ "ALL", "cap_kill", all & ~kill_bit },
		{ "ALL", "ALL", all },
		{ "KILL", "KILL", usual },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		fill(&f->config->cap_add, cases[i].add);
		fill(&f->config->cap_drop, cases[i].drop);
		assert_true(print_and_parse(f)->cap_bounding == cases[i].wanted);
		assert_true(f->parsed->cap_permitted == cases[i].wanted);
		assert_true(f->parsed->cap_effective == cases[i].wanted);
		assert_true(f->parsed->cap_inheritable == 0 && f->parsed->cap_ambient == 0);
		assert_true(f->parsed->has_no_new_privileges);
	}
}

static void a_capability_that_cannot_be_given_is_an_error(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i <= CAP_LAST_CAP; i++)
		if (!(capability_bounding() & CAPABILITY_BIT(i))) {
			fill(&f->config->cap_add, capability_name(i));
			expect_failure(f, ERR_INVALID_SPEC, "cannot give");
		}
	fill(&f->config->cap_add, "NO_SUCH");
	expect_failure(f, ERR_INVALID_SPEC, "unknown");
}

static void privileged_lifts_what_it_should_and_nothing_else(void **state)
{
	char path[] = "/dev/fuse";
	struct device_node fuse = { .path = path, .mode = S_IFCHR | 0666, .major = 10, .minor = 229 };
	const struct device_list devices = { &fuse, 1, 1 };
	struct fixture *f = *state;
	struct runtime_config *parsed;

	f->context.host_devices = &devices;
	assert_int_equal(print_and_parse(f)->n_devices, 0);
	f->config->is_privileged = true;
	parsed = print_and_parse(f);
	assert_true(parsed->cap_bounding == capability_bounding());
	assert_false(parsed->has_no_new_privileges);
	assert_int_equal(parsed->masked_paths.count + parsed->read_only_paths.count, 0);
	assert_int_equal(parsed->n_device_rules, 1);
	assert_true(parsed->device_rules[0].is_allowed);
	assert_int_equal(parsed->device_rules[0].type, 'a');
	assert_null(parsed->seccomp);
	assert_null(runtime_config_annotation(parsed, ANNOTATION_SECCOMP));
	assert_int_equal(parsed->n_devices, 1);
	assert_string_equal(parsed->devices[0].path, "/dev/fuse");
	assert_int_equal(parsed->devices[0].minor, 229);
	for (size_t i = 0; i < parsed->n_mounts; i++)
		assert_false(strv_contains(&parsed->mounts[i].options, "ro"));
}

static void a_default_container_is_closed(void **state)
{
	struct fixture *f = *state;
	struct runtime_config *parsed = print_and_parse(f);

	assert_true(strv_contains(&parsed->masked_paths, "/proc/kcore"));
	assert_true(strv_contains(&parsed->masked_paths, "/proc/interrupts"));
	assert_true(strv_contains(&parsed->read_only_paths, "/proc/sysrq-trigger"));
	assert_false(parsed->device_rules[0].is_allowed);
	assert_int_equal(parsed->device_rules[0].access, DEVICE_READ | DEVICE_WRITE | DEVICE_MKNOD);
	assert_int_equal(parsed->n_device_rules, 11);
	assert_int_equal(parsed->device_rules[1].access, DEVICE_MKNOD);
	assert_int_equal(parsed->device_rules[3].major, 1);
	assert_int_equal(parsed->device_rules[10].minor, -1);
	assert_true(parsed->has_no_new_privileges);
	assert_int_equal(parsed->n_devices, 0);
	assert_false(parsed->has_terminal);
	assert_string_equal(runtime_config_annotation(parsed, ANNOTATION_SECCOMP), "default");
	assert_null(parsed->root_path);
}

static void other_capabilities_bring_their_own_filter_along(void **state)
{
	struct fixture *f = *state;

	fill(&f->config->cap_drop, "KILL");
	assert_null(print_and_parse(f)->seccomp);
	assert_string_equal(runtime_config_annotation(f->parsed, ANNOTATION_SECCOMP), "default");
	fill(&f->config->cap_drop, "SYS_CHROOT");
	assert_non_null(print_and_parse(f)->seccomp);
	assert_null(runtime_config_annotation(f->parsed, ANNOTATION_SECCOMP));
	strv_done(&f->config->cap_drop);
	f->context.has_inline_seccomp = true;
	assert_non_null(print_and_parse(f)->seccomp);
	assert_null(runtime_config_annotation(f->parsed, ANNOTATION_SECCOMP));
}

static const struct runtime_mount *find_mount(const struct runtime_config *parsed, const char *destination)
{
	for (size_t i = 0; i < parsed->n_mounts; i++)
		if (strcmp(parsed->mounts[i].destination, destination) == 0)
			return &parsed->mounts[i];
	return NULL;
}

static void expect_mount(struct fixture *f, const char *destination, const char *type, const char *source,
			 const char *options)
{
	const struct runtime_mount *mount = find_mount(f->parsed, destination);

	assert_non_null(mount);
	assert_string_equal(mount->type, type);
	assert_string_equal(mount->source, source);
	expect_words(&mount->options, options);
}

static void mounts_are_the_defaults_then_the_users_parents_first(void **state)
{
	struct fixture *f = *state;
	struct container_mount *mount;

	container_config_add_mount(f->config, MOUNT_BIND, "/h", "/data/sub", &mount, &f->err);
	mount->is_read_only = true;
	container_config_add_mount(f->config, MOUNT_TMPFS, NULL, "/run", &mount, &f->err);
	mount->size_bytes = 1048576;
	mount->mode = 0700;
	container_config_add_mount(f->config, MOUNT_VOLUME, "v1", "/data", NULL, &f->err);
	f->context.hosts_path = "/state/hosts";
	print_and_parse(f);
	expect_mount(f, "/proc", "proc", "proc", "nosuid noexec nodev");
	expect_mount(f, "/sys", "sysfs", "sysfs", "nosuid noexec nodev ro");
	expect_mount(f, "/sys/fs/cgroup", "cgroup", "cgroup", "nosuid noexec nodev relatime ro");
	expect_mount(f, "/dev/shm", "tmpfs", "shm", "nosuid noexec nodev mode=1777 size=65536k");
	expect_mount(f, "/etc/hosts", "bind", "/state/hosts", "bind rprivate rw");
	expect_mount(f, "/data", "bind", "/volumes/v1", "rbind rprivate rw");
	expect_mount(f, "/data/sub", "bind", "/h", "rbind rprivate ro");
	expect_mount(f, "/run", "tmpfs", "tmpfs", "nosuid nodev rw mode=700 size=1048576");
	assert_true(find_mount(f->parsed, "/data") < find_mount(f->parsed, "/data/sub"));
	assert_string_equal(f->parsed->mounts[0].destination, "/proc");
	assert_string_equal(runtime_config_annotation(f->parsed, ANNOTATION_VOLUME_PREFIX "/data"), "v1");
	f->context.has_cgroup_v2 = true;
	print_and_parse(f);
	expect_mount(f, "/sys/fs/cgroup", "cgroup2", "cgroup", "nosuid noexec nodev relatime ro");
}

static void a_users_mount_takes_the_place_of_a_default_one(void **state)
{
	struct fixture *f = *state;

	container_config_add_mount(f->config, MOUNT_BIND, "/h", "/dev", NULL, &f->err);
	container_config_add_mount(f->config, MOUNT_BIND, "/my/hosts", "/etc/hosts", NULL, &f->err);
	f->context.hosts_path = "/state/hosts";
	print_and_parse(f);
	expect_mount(f, "/dev", "bind", "/h", "rbind rprivate rw");
	expect_mount(f, "/etc/hosts", "bind", "/my/hosts", "rbind rprivate rw");
	assert_null(find_mount(f->parsed, "/dev/shm"));
	assert_null(find_mount(f->parsed, "/dev/pts"));
}

static void volumes_of_the_image_become_anonymous_ones(void **state)
{
	struct fixture *f = *state;

	fill(&f->image.volumes, "/data/ /cache");
	container_config_add_mount(f->config, MOUNT_VOLUME, "v1", "/data", NULL, &f->err);
	print_and_parse(f);
	expect_mount(f, "/data", "bind", "/volumes/v1", "rbind rprivate rw");
	expect_mount(f, "/cache", "bind", "/volumes/anonymous", "rbind rprivate rw");
	assert_string_equal(runtime_config_annotation(f->parsed, ANNOTATION_VOLUME_PREFIX "/cache"), "anonymous");
	assert_null(runtime_config_annotation(f->parsed, ANNOTATION_VOLUME_PREFIX "/data/"));
	fill(&f->image.volumes, "/../etc");
	expect_failure(f, ERR_INVALID_SPEC, "volume");
}

static void a_read_only_root_makes_the_agents_files_read_only_too(void **state)
{
	struct fixture *f = *state;

	f->config->has_read_only_rootfs = true;
	f->context.resolv_conf_path = "/state/resolv.conf";
	f->context.root_path = "rootfs";
	print_and_parse(f);
	assert_true(f->parsed->has_read_only_root);
	assert_string_equal(f->parsed->root_path, "rootfs");
	expect_mount(f, "/etc/resolv.conf", "bind", "/state/resolv.conf", "bind rprivate ro");
}

static void limits_come_back_exactly(void **state)
{
	struct fixture *f = *state;
	struct runtime_config *parsed = print_and_parse(f);

	assert_int_equal(parsed->memory_limit + parsed->cpu_quota_us + parsed->pids_limit, 0);
	f->config->cpus = 0.29;
	f->config->memory_bytes = INT64_MAX;
	f->config->pids_limit = 100;
	container_config_add_ulimit(f->config, "nofile", 1024, UINT64_MAX, &f->err);
	parsed = print_and_parse(f);
	assert_int_equal(parsed->cpu_quota_us, 29000);
	assert_int_equal(parsed->cpu_period_us, 100000);
	assert_true(parsed->memory_limit == INT64_MAX);
	assert_int_equal(parsed->pids_limit, 100);
	assert_int_equal(parsed->n_rlimits, 1);
	assert_int_equal(parsed->rlimits[0].soft, 1024);
	assert_true(parsed->rlimits[0].hard == UINT64_MAX);
}

static void namespaces_are_all_but_the_network_on_host(void **state)
{
	struct fixture *f = *state;
	unsigned long with_network = print_and_parse(f)->namespaces;

	f->config->network_mode = NETWORK_HOST;
	assert_int_equal(with_network & ~print_and_parse(f)->namespaces, 0x40000000 /* CLONE_NEWNET */);
	assert_int_equal(f->parsed->namespaces, 0x2e020000 /* NEWPID NEWIPC NEWUTS NEWNS NEWCGROUP */);
	assert_string_equal(runtime_config_annotation(f->parsed, ANNOTATION_NETWORK), "host");
}

static void labels_are_merged_and_the_agents_own_cannot_be_claimed(void **state)
{
	struct fixture *f = *state;

	fill(&f->image.labels, "a=image b=image zlayer.deployment=evil zlayer.service=evil zlayer.replica=9");
	fill(&f->config->labels, "b=config");
	print_and_parse(f);
	assert_string_equal(runtime_config_annotation(f->parsed, ANNOTATION_LABEL_PREFIX "a"), "image");
	assert_string_equal(runtime_config_annotation(f->parsed, ANNOTATION_LABEL_PREFIX "b"), "config");
	assert_null(runtime_config_annotation(f->parsed, ANNOTATION_LABEL_PREFIX LABEL_DEPLOYMENT));
	f->config->deployment = strdup("shop");
	f->config->service = strdup("web");
	f->config->replica = 2;
	print_and_parse(f);
	assert_string_equal(runtime_config_annotation(f->parsed, ANNOTATION_LABEL_PREFIX LABEL_DEPLOYMENT), "shop");
	assert_string_equal(runtime_config_annotation(f->parsed, ANNOTATION_LABEL_PREFIX LABEL_SERVICE), "web");
	assert_string_equal(runtime_config_annotation(f->parsed, ANNOTATION_LABEL_PREFIX LABEL_REPLICA), "2");
}

static void stopping_is_kept_in_annotations(void **state)
{
	struct fixture *f = *state;

	assert_null(runtime_config_annotation(print_and_parse(f), ANNOTATION_STOP_SIGNAL));
	f->image.stop_signal = strdup("quit");
	f->config->stop_grace_ms = 1500;
	print_and_parse(f);
	assert_string_equal(runtime_config_annotation(f->parsed, ANNOTATION_STOP_SIGNAL), "SIGQUIT");
	assert_string_equal(runtime_config_annotation(f->parsed, ANNOTATION_STOP_GRACE), "1500");
	f->config->stop_signal = strdup("RTMIN+3");
	assert_string_equal(runtime_config_annotation(print_and_parse(f), ANNOTATION_STOP_SIGNAL), "RTMIN+3");
	free(f->config->stop_signal);
	f->config->stop_signal = NULL;
	f->image.stop_signal[0] = 'z';
	expect_failure(f, ERR_INVALID_SPEC, "stop signal");
}

static int resolve_secret(const struct secret_source *source, const char *deployment, const char *reference,
			  struct secret_value *ret, struct error *err)
{
	(void)source;
	(void)deployment;
	if (strcmp(reference, "$S:token") != 0)
		return fail(err, ERR_NOT_FOUND, "secret %s: not found", reference);
	*ret = (struct secret_value){ strdup("hunter2"), 7 };
	return 0;
}

static void secrets_stay_references_unless_they_are_asked_for(void **state)
{
	struct secret_source source = { resolve_secret };
	struct fixture *f = *state;
	AUTO_DONE(strbuf) out = { 0 };

	fill(&f->config->secret_env, "TOKEN=$S:token");
	assert_int_equal(runtime_config_print(f->config, &f->image, &f->context, &out, &f->err), 0);
	assert_null(strstr(out.data, "hunter2"));
	assert_string_equal(runtime_config_annotation(print_and_parse(f), ANNOTATION_SECRET_PREFIX "TOKEN"),
			    "$S:token");
	assert_null(strv_env_get(&f->parsed->env, "TOKEN"));
	f->context.secrets = &source;
	assert_string_equal(strv_env_get(&print_and_parse(f)->env, "TOKEN"), "hunter2");
	assert_null(runtime_config_annotation(f->parsed, ANNOTATION_SECRET_PREFIX "TOKEN"));
	fill(&f->config->secret_env, "TOKEN=$S:other");
	expect_failure(f, ERR_NOT_FOUND, "$S:other");
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(entrypoint_and_args_merge_as_docker_does),
		T(no_command_at_all_is_an_error),
		T(the_environment_is_defaults_then_image_then_config),
		T(hostname_is_the_configs_or_the_hosts_or_the_ids),
		T(workdir_is_the_configs_or_the_images_or_the_root),
		T(user_names_wait_for_the_start_in_an_annotation),
		T(a_given_root_resolves_user_groups_and_home),
		T(capabilities_follow_dockers_rules),
		T(a_capability_that_cannot_be_given_is_an_error),
		T(privileged_lifts_what_it_should_and_nothing_else),
		T(a_default_container_is_closed),
		T(other_capabilities_bring_their_own_filter_along),
		T(mounts_are_the_defaults_then_the_users_parents_first),
		T(a_users_mount_takes_the_place_of_a_default_one),
		T(volumes_of_the_image_become_anonymous_ones),
		T(a_read_only_root_makes_the_agents_files_read_only_too),
		T(limits_come_back_exactly),
		T(namespaces_are_all_but_the_network_on_host),
		T(labels_are_merged_and_the_agents_own_cannot_be_claimed),
		T(stopping_is_kept_in_annotations),
		T(secrets_stay_references_unless_they_are_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
