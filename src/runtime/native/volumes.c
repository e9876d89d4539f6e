/* volumes.c - directories that outlive containers: ROOT/volumes/NAME with `meta` and, once filled from an image,
 * `data`. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "runtime/native/native.h"

#define META_LIMIT 4096

/* `meta` is one line: "deployment NAME" or "anonymous"; nothing for what `run` made. */
static int write_meta(int dir_fd, const struct volume_set *set, bool is_anonymous)
{
	autofree char *text = is_anonymous      ? strdup("anonymous\n")
			      : set->deployment ? text_format("deployment %s\n", set->deployment)
						: strdup("");

	if (!text)
		return -ENOMEM;
	return file_create_at(dir_fd, "meta", text, strlen(text), 0600);
}

static int make_volume(struct volume_set *set, const char *name, bool is_anonymous)
{
	struct native *n = set->native;
	autoclose int fd = -1;
	int r;

	if (mkdirat(n->volumes_fd, name, 0711) < 0)
		return errno == EEXIST && !is_anonymous ? 0 : -errno;
	fd = openat(n->volumes_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	r = fd < 0 ? -errno : write_meta(fd, set, is_anonymous);
	if (r == 0)
		r = strv_add(&set->made, name);
	if (r < 0)
		volume_remove(n, name);
	return r;
}

char *volume_provide(void *userdata, const struct container_mount *mount, struct error *err)
{
	struct volume_set *set = userdata;
	bool is_anonymous = mount->type == MOUNT_ANONYMOUS;
	const char *name = mount->source;
	char random_name[ID_HEX_SIZE], *path;
	int r = is_anonymous ? random_id(random_name) : 0;

	if (is_anonymous)
		name = random_name;
	if (r == 0)
		r = make_volume(set, name, is_anonymous);
	if (r < 0) {
		fail_errno(err, r, "volume %s", name);
		return NULL;
	}
	path = text_format("%s/volumes/%s/data", set->native->root_dir, name);
	if (!path)
		fail_oom(err);
	return path;
}

void volume_set_undo(struct volume_set *set)
{
	for (size_t i = 0; i < set->made.count; i++)
		volume_remove(set->native, set->made.items[i]);
}

int volume_remove(struct native *n, const char *name)
{
	return dir_remove_tree(n->volumes_fd, name);
}

char *volume_name_of(const struct native *n, const char *source)
{
	size_t root_len = strlen(n->root_dir);
	const char *name, *end;

	if (strncmp(source, n->root_dir, root_len) != 0 || !text_starts_with(source + root_len, "/volumes/"))
		return NULL;
	name = source + root_len + strlen("/volumes/");
	end = strchr(name, '/');
	return end && strcmp(end, "/data") == 0 && end > name ? strndup(name, (size_t)(end - name)) : NULL;
}

/* Adds the volumes that a container mounts. */
static int add_used(struct native *n, const char *id, struct strv *used, struct error *err)
{
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	AUTO(runtime_config) config = NULL;

	if (container_open(n, id, &c, err) < 0)
		return err->kind == ERR_NOT_FOUND ? 0 : -1;
	config = container_read_config(&c, err);
	if (!config)
		return -1;
	for (size_t i = 0; i < config->n_mounts; i++) {
		char *name = config->mounts[i].source ? volume_name_of(n, config->mounts[i].source) : NULL;

		if (name && strv_add_take(used, name) < 0)
			return fail_oom(err);
	}
	return 0;
}

static int collect_used(struct native *n, struct strv *used, struct error *err)
{
	int fd = openat(n->containers_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		cleanup_close(&fd);
		return fail_errno(err, errno, "containers");
	}
	while (r == 0 && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			r = add_used(n, entry->d_name, used, err);
	closedir(dir);
	return r;
}

static bool belongs_to(struct native *n, const char *name, const char *deployment)
{
	autofree char *path = text_format("%s/meta", name);
	autofree char *wanted = text_format("deployment %s\n", deployment);
	autofree char *text = NULL;

	return path && wanted && file_read_at(n->volumes_fd, path, META_LIMIT, &text, NULL) == 0 &&
	       strcmp(text, wanted) == 0;
}

static int collect_owned(struct native *n, const char *deployment, struct strv *ret, struct error *err)
{
	int fd = openat(n->volumes_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		cleanup_close(&fd);
		return fail_errno(err, errno, "volumes");
	}
	while (r == 0 && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && belongs_to(n, entry->d_name, deployment))
			r = strv_add(ret, entry->d_name);
	closedir(dir);
	return r < 0 ? fail_oom(err) : 0;
}

int native_remove_volumes(struct runtime *rt, const char *deployment, struct error *err)
{
	struct native *n = native_of(rt);
	AUTO_DONE(strv) used = { 0 };
	AUTO_DONE(strv) owned = { 0 };
	struct error scratch = { 0 };

	if (!err)
		err = &scratch;
	if (collect_used(n, &used, err) < 0 || collect_owned(n, deployment, &owned, err) < 0)
		return -1;
	for (size_t i = 0; i < owned.count; i++) {
		int r = strv_contains(&used, owned.items[i]) ? 0 : volume_remove(n, owned.items[i]);

		if (r < 0)
			return fail_errno(err, r, "volume %s", owned.items[i]);
	}
	return 0;
}
