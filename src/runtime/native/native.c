/* native.c - the built-in Linux backend: opening it, and its table. */
#include "runtime/native/native.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/statfs.h>

#include "base/file.h"
#include "sys/cgroup.h"

static void native_close(struct runtime *rt)
{
	struct native *n = native_of(rt);

	for (size_t i = 0; i < n->n_held; i++)
		close(n->held[i].fd);
	free(n->held);
	cleanup_close(&n->shim_fd);
	cleanup_close(&n->run_fd);
	cleanup_close(&n->volumes_fd);
	cleanup_close(&n->names_fd);
	cleanup_close(&n->containers_fd);
	cleanup_close(&n->root_fd);
	store_free(n->store);
	pthread_mutex_destroy(&n->lock);
	free(n->root_dir);
	free(n->run_dir);
	free(n->libexec_dir);
	free(n->cgroup_parent);
	free(n->shim_program);
	free(n);
}

/* Pulling is another part's; what is not here has to be brought in by hand. */
int native_pull_image(struct runtime *rt, const char *reference, enum pull_policy policy, struct error *err)
{
	AUTO(image) image = NULL;

	if (policy == PULL_ALWAYS)
		return fail(err, ERR_UNSUPPORTED,
			    "%s: pulling from a registry is not available; bring it in with "
			    "`zlayer image load` or `zlayer image import`",
			    reference);
	return store_get_image(native_of(rt)->store, reference, &image, err);
}

static const struct runtime_ops native_ops = {
	.name = "native",
	.features = RUNTIME_EXEC | RUNTIME_LOGS | RUNTIME_VOLUMES,
	.close = native_close,
	.pull_image = native_pull_image,
	.create = native_create,
	.start = native_start,
	.stop = native_stop,
	.kill = native_kill,
	.wait = native_wait,
	.open_wait = native_open_wait,
	.remove = native_remove,
	.exec = native_exec,
	.open_logs = native_open_logs,
	.info = native_info,
	.list = native_list,
	.inspect = native_inspect,
	.open_network = native_open_network,
	.write_bundle = native_write_bundle,
	.remove_volumes = native_remove_volumes,
};

/* Absolute: it ends in mounts, in the shim's plan and in what users read. */
static char *absolute_path(const char *path)
{
	autofree char *here = NULL;

	if (path[0] == '/')
		return strdup(path);
	here = getcwd(NULL, 0);
	return here ? text_format("%s/%s", here, path) : NULL;
}

static int copy_options(struct native *n, const struct runtime_options *options, struct error *err)
{
	const char *libexec = options->libexec_dir ? options->libexec_dir : LIBEXEC_DIR;

	n->root_dir = absolute_path(options->root_dir);
	n->run_dir = absolute_path(options->runtime_dir);
	n->libexec_dir = absolute_path(libexec);
	n->shim_program = text_format("%s/zlayer-shim", libexec);
	if (options->cgroup_parent) {
		n->cgroup_parent = strdup(options->cgroup_parent);
		if (!n->cgroup_parent)
			return fail_oom(err);
	}
	return n->root_dir && n->run_dir && n->libexec_dir && n->shim_program ? 0 : fail_oom(err);
}

static int open_dir(int dirfd, const char *path, int *ret, struct error *err)
{
	int fd = dir_open_make(dirfd, path, 0700);

	if (fd < 0)
		return fail_errno(err, fd, "%s", path);
	*ret = fd;
	return 0;
}

static int open_dirs(struct native *n, struct error *err)
{
	if (open_dir(AT_FDCWD, n->root_dir, &n->root_fd, err) < 0 ||
	    open_dir(AT_FDCWD, n->run_dir, &n->run_fd, err) < 0)
		return -1;
	if (open_dir(n->root_fd, "containers", &n->containers_fd, err) < 0 ||
	    open_dir(n->root_fd, "names", &n->names_fd, err) < 0 ||
	    open_dir(n->root_fd, "volumes", &n->volumes_fd, err) < 0)
		return fail_while(err, "%s", n->root_dir);
	return 0;
}

static int open_store(struct native *n, struct error *err)
{
	autofree char *program = text_format("%s/zlayer-store", n->libexec_dir);

	if (!program)
		return fail_oom(err);
	n->store = store_open(n->root_dir, program, err);
	return n->store ? 0 : -1;
}

/* overlayfs takes no upper directory on these. */
static bool takes_overlay(int root_fd)
{
	static const unsigned long refusing[] = { OVERLAYFS_SUPER_MAGIC, NFS_SUPER_MAGIC, V9FS_MAGIC,
						  MSDOS_SUPER_MAGIC };
	const char *wish = getenv("ZLAYER_SNAPSHOTTER");
	struct statfs fs;

	if (wish && strcmp(wish, "copy") == 0)
		return false;
	if (fstatfs(root_fd, &fs) < 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(refusing); i++)
		if ((unsigned long)fs.f_type == refusing[i])
			return false;
	return true;
}

static struct runtime *native_open(const struct runtime_options *options, struct error *err)
{
	struct native *n = calloc(1, sizeof(*n));

	if (!n) {
		fail_oom(err);
		return NULL;
	}
	n->base.ops = &native_ops;
	n->root_fd = n->run_fd = n->containers_fd = n->names_fd = n->volumes_fd = n->shim_fd = -1;
	pthread_mutex_init(&n->lock, NULL);
	n->layout = cgroup_layout_get();
	if (copy_options(n, options, err) < 0 || open_dirs(n, err) < 0 || open_store(n, err) < 0) {
		native_close(&n->base);
		return NULL;
	}
	n->has_overlay = takes_overlay(n->root_fd);
	return &n->base;
}

const struct runtime_backend native_backend = {
	.name = "native",
	.alias = "youki",
	.open = native_open,
	.probe = native_probe,
};
