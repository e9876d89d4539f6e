/* create.c - a new container: recorded whole or not at all. It is made under a name that starts with a dot, then
 * renamed. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "runtime/native/native.h"
#include "sys/cgroup.h"

struct creation {
	struct native *native;
	const struct container_config *config;
	struct image *image;
	char id[ID_HEX_SIZE];
	char *name, *draft; /* draft: ".ID", the directory until it is complete */
	int dir_fd, lock_fd;
	struct volume_set volumes;
};

static void creation_done(struct creation *c)
{
	cleanup_close(&c->dir_fd);
	cleanup_close(&c->lock_fd);
	strv_done(&c->volumes.made);
	image_free(c->image);
	free(c->name);
	free(c->draft);
}
DEFINE_AUTO_DONE(creation)

/* Names that nobody chose: the id's first digits, as short as docker shows them. */
static int choose_names(struct creation *c, struct error *err)
{
	int r = random_id(c->id);

	if (r < 0)
		return fail_errno(err, r, "id");
	c->name = c->config->name ? strdup(c->config->name) : strndup(c->id, 12);
	c->draft = text_format(".%s", c->id);
	return c->name && c->draft ? 0 : fail_oom(err);
}

/* Creation is short; one at a time keeps names and directories in step, whatever is killed when. */
static int lock_creations(struct creation *c, struct error *err)
{
	c->lock_fd = openat(c->native->containers_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->lock_fd < 0)
		return fail_errno(err, errno, "containers");
	while (flock(c->lock_fd, LOCK_EX) < 0)
		if (errno != EINTR)
			return fail_errno(err, errno, "containers: lock");
	return 0;
}

static int make_directory(struct creation *c, struct error *err)
{
	static const struct {
		const char *name;
		mode_t mode;
	} directories[] = { { "upper", 0755 }, { "work", 0700 }, { "log", 0750 } };

	if (mkdirat(c->native->containers_fd, c->draft, 0700) < 0)
		return fail_errno(err, errno, "directory");
	c->dir_fd = openat(c->native->containers_fd, c->draft, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (c->dir_fd < 0)
		return fail_errno(err, errno, "directory");
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++)
		if (mkdirat(c->dir_fd, directories[i].name, directories[i].mode) < 0)
			return fail_errno(err, errno, "%s", directories[i].name);
	return 0;
}

/* Without overlayfs under the root directory, the image's files are copied. */
static int copy_root(struct creation *c, struct error *err)
{
	autoclose int fd = -1;

	if (c->native->has_overlay)
		return 0;
	if (mkdirat(c->dir_fd, "rootfs", 0755) < 0)
		return fail_errno(err, errno, "rootfs");
	fd = openat(c->dir_fd, "rootfs", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(err, errno, "rootfs");
	return store_copy_rootfs(c->native->store, c->image, fd, err);
}

static int print_config(struct creation *c, struct strbuf *out, struct error *err)
{
	autofree char *directory = text_format("%s/containers/%s", c->native->root_dir, c->id);
	autofree char *hosts = directory ? text_format("%s/hosts", directory) : NULL;
	autofree char *hostname = directory ? text_format("%s/hostname", directory) : NULL;
	autofree char *resolv_conf = directory ? text_format("%s/resolv.conf", directory) : NULL;
	autofree char *cgroup = native_cgroup_path(c->native, c->id);
	AUTO_DONE(device_list) devices = { 0 };
	int r = c->config->is_privileged ? device_scan(&devices) : 0;
	struct bundle_context context = {
		.id = c->id,
		.name = c->name,
		.image_id = c->image->id,
		.created_ns = clock_realtime_ns(),
		.has_cgroup_v2 = c->native->layout == CGROUP_V2,
		.cgroups_path = cgroup,
		.volume_path = volume_provide,
		.hosts_path = hosts,
		.hostname_path = hostname,
		.resolv_conf_path = resolv_conf,
		.host_devices = &devices,
		.userdata = &c->volumes,
	};

	if (!hosts || !hostname || !resolv_conf || !cgroup)
		return fail_oom(err);
	if (r < 0)
		return fail_errno(err, r, "/dev");
	return runtime_config_print(c->config, c->image->config, &context, out, err);
}

static int write_files(struct creation *c, struct error *err)
{
	AUTO_DONE(strbuf) text = { 0 };
	autofree char *hostname = runtime_config_hostname(c->config, c->id);
	int r;

	if (!hostname)
		return fail_oom(err);
	if (network_files_write(c->dir_fd, c->config, hostname, err) < 0 || print_config(c, &text, err) < 0)
		return -1;
	r = file_create_at(c->dir_fd, "config.json", text.data, text.len, 0600);
	return r < 0 ? fail_errno(err, r, "config.json") : 0;
}

static int publish(struct creation *c, struct error *err)
{
	if (native_claim_name(c->native, c->name, c->id, err) < 0)
		return -1;
	if (renameat(c->native->containers_fd, c->draft, c->native->containers_fd, c->id) == 0)
		return 0;
	fail_errno(err, errno, "directory");
	native_release_name(c->native, c->name, c->id);
	return -1;
}

static int create_locked(struct creation *c, struct error *err)
{
	if (make_directory(c, err) == 0 && write_files(c, err) == 0 && copy_root(c, err) == 0 && publish(c, err) == 0)
		return 0;
	volume_set_undo(&c->volumes);
	dir_remove_tree(c->native->containers_fd, c->draft);
	return -1;
}

int native_create(struct runtime *rt, const struct container_config *config, char ret_id[ID_HEX_SIZE],
		  struct error *err)
{
	struct native *n = native_of(rt);
	AUTO_DONE(creation)
	c = { .native = n,
	      .config = config,
	      .dir_fd = -1,
	      .lock_fd = -1,
	      .volumes = { .native = n, .deployment = config->deployment } };

	if (choose_names(&c, err) < 0 || store_get_image(n->store, config->image, &c.image, err) < 0)
		return -1;
	if (lock_creations(&c, err) < 0 || create_locked(&c, err) < 0)
		return -1;
	memcpy(ret_id, c.id, ID_HEX_SIZE);
	return 0;
}
