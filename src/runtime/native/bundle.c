/* bundle.c - an OCI bundle for other runtimes: config.json, rootfs/ and the files that it binds. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "runtime/native/native.h"
#include "sys/cgroup.h"
#include "sys/procfs.h"

/* Volumes stand in the bundle itself, numbered: another runtime knows nothing of ours. */
struct bundle_volumes {
	int dirfd;
	unsigned count;
};

static char *provide_in_bundle(void *userdata, const struct container_mount *mount, struct error *err)
{
	struct bundle_volumes *v = userdata;
	char *path = text_format("volumes/%u", v->count++);
	int fd;

	(void)mount;
	if (!path) {
		fail_oom(err);
		return NULL;
	}
	fd = dir_open_make(v->dirfd, path, 0755);
	if (fd < 0) {
		fail_errno(err, fd, "%s", path);
		free(path);
		return NULL;
	}
	close(fd);
	return path;
}

static int open_rootfs(int dirfd, struct error *err)
{
	int fd;

	if (mkdirat(dirfd, "rootfs", 0755) < 0)
		return fail_errno(err, errno, "rootfs");
	fd = openat(dirfd, "rootfs", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? fail_errno(err, errno, "rootfs") : fd;
}

static int write_config(struct native *n, const struct container_config *config, const struct image *image, int dirfd,
			int rootfs_fd, const struct secret_source *secrets, struct error *err)
{
	struct bundle_volumes volumes = { .dirfd = dirfd };
	AUTO_DONE(strbuf) text = { 0 };
	char id[ID_HEX_SIZE];
	autofree char *cgroup = NULL, *hostname = NULL;
	AUTO_DONE(device_list) devices = { 0 };
	struct bundle_context context = {
		.id = id,
		.name = config->name ? config->name : "bundle",
		.image_id = image->id,
		.created_ns = clock_realtime_ns(),
		.root_path = "rootfs",
		.rootfs_fd = &rootfs_fd,
		.has_inline_seccomp = true,
		.has_cgroup_v2 = n->layout == CGROUP_V2,
		.secrets = secrets,
		.host_devices = &devices,
		.volume_path = provide_in_bundle,
		.hosts_path = "hosts",
		.hostname_path = "hostname",
		.resolv_conf_path = "resolv.conf",
		.userdata = &volumes,
	};
	int r = random_id(id);

	if (r == 0 && config->is_privileged)
		r = device_scan(&devices);
	if (r < 0)
		return fail_errno(err, r, "id or devices");
	/* One part: other runtimes remove a container's group alone, and would leave a parent behind. */
	cgroup = text_format("/zlayer-%s", id);
	hostname = runtime_config_hostname(config, id);
	if (!cgroup || !hostname)
		return fail_oom(err);
	context.cgroups_path = cgroup;
	if (network_files_write(dirfd, config, hostname, err) < 0 ||
	    runtime_config_print(config, image->config, &context, &text, err) < 0)
		return -1;
	r = file_create_at(dirfd, "config.json", text.data, text.len, 0600);
	return r < 0 ? fail_errno(err, r, "config.json") : 0;
}

int native_write_bundle(struct runtime *rt, const struct container_config *config, int dirfd,
			const struct secret_source *secrets, struct error *err)
{
	struct native *n = native_of(rt);
	AUTO(image) image = NULL;
	autoclose int rootfs = -1;

	if (config->secret_env.count > 0 && !secrets)
		return fail(err, ERR_PERMISSION_DENIED,
			    "the container uses secrets: their values would stand in config.json (--with-secrets)");
	if (store_get_image(n->store, config->image, &image, err) < 0)
		return -1;
	rootfs = open_rootfs(dirfd, err);
	if (rootfs < 0 || store_copy_rootfs(n->store, image, rootfs, err) < 0)
		return -1;
	return write_config(n, config, image, dirfd, rootfs, secrets, err);
}
