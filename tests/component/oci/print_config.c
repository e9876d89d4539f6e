/* print_config.c - for test_other_runtimes.py: prints the config.json of a container that its arguments describe.
 *
 * usage: print_config ROOTFS CGROUP [KEY=VALUE...] -- ARGUMENT...
 */
#include <fcntl.h>
#include <string.h>

#include "base/text.h"
#include "oci/runtime_config.h"

struct parts {
	struct container_config *config;
	struct image_config image;
	struct bundle_context context;
	struct error err;
};

static int set_text(char **member, const char *value)
{
	free(*member);
	*member = strdup(value);
	return *member ? 0 : -1;
}

/* SOURCE:TARGET[:ro] */
static int add_bind(struct parts *p, const char *value)
{
	struct container_mount *mount = NULL;
	autofree char *source = strdup(value);
	char *target = strchr(source, ':'), *mode;

	*target++ = '\0';
	mode = strchr(target, ':');
	if (mode)
		*mode = '\0';
	if (container_config_add_mount(p->config, MOUNT_BIND, source, target, &mount, &p->err) < 0)
		return -1;
	mount->is_read_only = mode != NULL;
	return 0;
}

/* TARGET:BYTES */
static int add_tmpfs(struct parts *p, const char *value)
{
	struct container_mount *mount = NULL;
	autofree char *target = strdup(value);
	char *size = strchr(target, ':');

	*size++ = '\0';
	if (container_config_add_mount(p->config, MOUNT_TMPFS, NULL, target, &mount, &p->err) < 0)
		return -1;
	return parse_u64(size, &mount->size_bytes);
}

static int set_number(struct parts *p, const char *key, uint64_t number)
{
	struct container_config *c = p->config;

	if (strcmp(key, "nofile") == 0)
		return container_config_add_ulimit(c, "nofile", number, number, &p->err);
	if (strcmp(key, "memory") == 0)
		c->memory_bytes = number;
	else if (strcmp(key, "centicpus") == 0)
		c->cpus = (double)number / 100;
	else if (strcmp(key, "pids") == 0)
		c->pids_limit = (int64_t)number;
	else if (strcmp(key, "privileged") == 0)
		c->is_privileged = true;
	else if (strcmp(key, "read_only") == 0)
		c->has_read_only_rootfs = true;
	else if (strcmp(key, "cgroup_v2") == 0)
		p->context.has_cgroup_v2 = true;
	else if (strcmp(key, "host_network") == 0)
		c->network_mode = NETWORK_HOST;
	else
		return -1;
	return 0;
}

static int set(struct parts *p, const char *key, const char *value)
{
	struct container_config *c = p->config;
	const struct {
		const char *key;
		char **text;
		struct strv *list;
	} members[] = {
		{ "user", &c->user, NULL },    { "hostname", &c->hostname, NULL }, { "workdir", &c->workdir, NULL },
		{ "env", NULL, &c->env },      { "cap_add", NULL, &c->cap_add },   { "cap_drop", NULL, &c->cap_drop },
		{ "label", NULL, &c->labels },
	};
	uint64_t number = 0;

	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (strcmp(key, members[i].key) == 0)
			return members[i].text ? set_text(members[i].text, value) : strv_add(members[i].list, value);
	if (strcmp(key, "bind") == 0)
		return add_bind(p, value);
	if (strcmp(key, "tmpfs") == 0)
		return add_tmpfs(p, value);
	return parse_u64(value, &number) < 0 ? -1 : set_number(p, key, number);
}

static int read_arguments(struct parts *p, int argc, char **argv)
{
	int i = 3;

	for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
		char *value = strchr(argv[i], '=');

		if (!value)
			return -1;
		*value++ = '\0';
		if (set(p, argv[i], value) < 0)
			return -1;
	}
	for (i++; i < argc; i++)
		if (strv_add(&p->config->args, argv[i]) < 0)
			return -1;
	return 0;
}

int main(int argc, char **argv)
{
	AUTO(container_config) config = container_config_new();
	AUTO_DONE(strbuf) out = { 0 };
	AUTO_DONE(device_list) devices = { 0 };
	autoclose int root = argc > 3 ? open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	struct parts p = {
		.config = config,
		.context = {
			.id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
			.name = "test", .root_path = argv[1], .cgroups_path = argv[2], .rootfs_fd = &root,
			.has_inline_seccomp = true, .host_devices = &devices,
		},
	};

	if (root < 0 || device_scan(&devices) < 0 || !config || set_text(&config->image, "test") < 0 ||
	    read_arguments(&p, argc, argv) < 0 ||
	    runtime_config_print(config, &p.image, &p.context, &out, &p.err) < 0) {
		fprintf(stderr, "print_config: %s\n", p.err.msg);
		return 1;
	}
	puts(out.data);
	return 0;
}
