/* bundle_mounts.c - the mounts section: docker's default ones, then volumes, binds and tmpfs, parents before children.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "oci/bundle_section.h"

struct default_mount {
	const char *destination, *type, *source, *options;
};

/* moby, daemon/pkg/oci/defaults.go; " rw" is what a privileged container has in place of " ro". */
static const struct default_mount default_mounts[] = {
	{ "/proc", "proc", "proc", "nosuid noexec nodev" },
	{ "/dev", "tmpfs", "tmpfs", "nosuid strictatime mode=755 size=65536k" },
	{ "/dev/pts", "devpts", "devpts", "nosuid noexec newinstance ptmxmode=0666 mode=0620 gid=5" },
	{ "/sys", "sysfs", "sysfs", "nosuid noexec nodev ro" },
	{ "/sys/fs/cgroup", "cgroup", "cgroup", "nosuid noexec nodev relatime ro" },
	{ "/dev/mqueue", "mqueue", "mqueue", "nosuid noexec nodev" },
	{ "/dev/shm", "tmpfs", "shm", "nosuid noexec nodev mode=1777 size=65536k" },
};

void bundle_mounts_done(struct bundle_mounts *mounts)
{
	free(mounts->items);
	strv_done(&mounts->targets);
}

static bool has_target(const struct bundle_mounts *mounts, const char *target)
{
	for (size_t i = 0; i < mounts->count; i++)
		if (strcmp(mounts->items[i].target, target) == 0)
			return true;
	return false;
}

static size_t depth(const char *path)
{
	size_t n = 0;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

/* Insertion keeps the order of equals, and there are few. */
static void sort_by_depth(struct bundle_mounts *mounts)
{
	for (size_t i = 1; i < mounts->count; i++) {
		struct container_mount moving = mounts->items[i];
		size_t j = i;

		for (; j > 0 && depth(mounts->items[j - 1].target) > depth(moving.target); j--)
			mounts->items[j] = mounts->items[j - 1];
		mounts->items[j] = moving;
	}
}

static int add_image_volume(struct bundle_mounts *mounts, const char *path, struct error *err)
{
	autofree char *target = container_path_clean(path);

	if (!target)
		return errno == EINVAL
			       ? fail(err, ERR_INVALID_SPEC, "image: volume `%s`: an absolute path is wanted", path)
			       : fail_oom(err);
	if (has_target(mounts, target))
		return 0;
	mounts->items[mounts->count] = (struct container_mount){ .type = MOUNT_ANONYMOUS, .target = target };
	if (container_mount_check(&mounts->items[mounts->count], err) < 0)
		return fail_while(err, "image");
	if (strv_add_take(&mounts->targets, TAKE_PTR(target)) < 0)
		return fail_oom(err);
	mounts->count++;
	return 0;
}

int bundle_mounts_collect(struct bundle *b, struct error *err)
{
	struct bundle_mounts *mounts = &b->mounts;

	mounts->items = calloc(b->config->n_mounts + b->image->volumes.count + 1, sizeof(*mounts->items));
	if (!mounts->items)
		return fail_oom(err);
	for (size_t i = 0; i < b->config->n_mounts; i++)
		mounts->items[mounts->count++] = b->config->mounts[i];
	for (size_t i = 0; i < b->image->volumes.count; i++)
		if (add_image_volume(mounts, b->image->volumes.items[i], err) < 0)
			return -1;
	sort_by_depth(mounts);
	return 0;
}

static void open_mount(struct json_writer *w, const char *destination, const char *type, const char *source)
{
	json_open_object(w, NULL);
	json_put_text(w, "destination", destination);
	json_put_text(w, "type", type);
	json_put_text(w, "source", source);
	json_open_array(w, "options");
}

static void close_mount(struct json_writer *w)
{
	json_close_array(w);
	json_close_object(w);
}

static int write_default(struct bundle *b, const struct default_mount *mount)
{
	bool is_cgroup2 = strcmp(mount->type, "cgroup") == 0 && b->context->has_cgroup_v2;
	autofree char *options = strdup(mount->options);
	char *rest = NULL;

	if (!options)
		return -ENOMEM;
	open_mount(&b->w, mount->destination, is_cgroup2 ? "cgroup2" : mount->type, mount->source);
	for (char *option = strtok_r(options, " ", &rest); option; option = strtok_r(NULL, " ", &rest))
		json_put_text(&b->w, NULL, b->config->is_privileged && strcmp(option, "ro") == 0 ? "rw" : option);
	close_mount(&b->w);
	return 0;
}

/* A mount of the user's takes the place of the default one, and /dev takes those below it along. */
static bool is_replaced(const struct default_mount *mount, const struct bundle_mounts *mounts)
{
	return has_target(mounts, mount->destination) ||
	       (text_starts_with(mount->destination, "/dev/") && has_target(mounts, "/dev"));
}

static int write_defaults(struct bundle *b, struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(default_mounts); i++)
		if (!is_replaced(&default_mounts[i], &b->mounts) && write_default(b, &default_mounts[i]) < 0)
			return fail_oom(err);
	return 0;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* "ro" of a recursive bind is recursive for the agent; other runtimes need "rro" for that (Linux 5.12), or mounts
 * below stay writable. A file has none below, and crun takes "rro" for directories alone. */
static const char *access_word(const struct bundle *b, const char *source, bool is_read_only)
{
	if (!is_read_only)
		return "rw";
	return b->context->has_inline_seccomp && is_directory(source) ? "rro" : "ro";
}

static void write_bind(struct bundle *b, const char *source, const char *target, bool is_read_only)
{
	open_mount(&b->w, target, "bind", source);
	json_put_text(&b->w, NULL, "rbind");
	json_put_text(&b->w, NULL, "rprivate");
	json_put_text(&b->w, NULL, access_word(b, source, is_read_only));
	close_mount(&b->w);
}

/* There is nothing below a file of the agent's own. */
static void write_file_bind(struct bundle *b, const char *source, const char *target, bool is_read_only)
{
	open_mount(&b->w, target, "bind", source);
	json_put_text(&b->w, NULL, "bind");
	json_put_text(&b->w, NULL, "rprivate");
	json_put_text(&b->w, NULL, is_read_only ? "ro" : "rw");
	close_mount(&b->w);
}

/* /etc/hosts and kin, as docker binds them: writable unless the root is not. */
static void write_network_files(struct bundle *b)
{
	const struct bundle_context *context = b->context;
	const struct {
		const char *source, *target;
	} files[] = {
		{ context->resolv_conf_path, "/etc/resolv.conf" },
		{ context->hostname_path, "/etc/hostname" },
		{ context->hosts_path, "/etc/hosts" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (files[i].source && !has_target(&b->mounts, files[i].target))
			write_file_bind(b, files[i].source, files[i].target, b->config->has_read_only_rootfs);
}

static void write_tmpfs(struct bundle *b, const struct container_mount *mount)
{
	char option[40];

	open_mount(&b->w, mount->target, "tmpfs", "tmpfs");
	json_put_text(&b->w, NULL, "nosuid");
	json_put_text(&b->w, NULL, "nodev");
	json_put_text(&b->w, NULL, mount->is_read_only ? "ro" : "rw");
	snprintf(option, sizeof(option), "mode=%o", mount->mode);
	json_put_text(&b->w, NULL, option);
	if (mount->size_bytes) {
		snprintf(option, sizeof(option), "size=%llu", (unsigned long long)mount->size_bytes);
		json_put_text(&b->w, NULL, option);
	}
	close_mount(&b->w);
}

static int write_volume(struct bundle *b, const struct container_mount *mount, struct error *err)
{
	autofree char *path = NULL;

	if (!b->context->volume_path)
		return fail(err, ERR_UNSUPPORTED, "mount %s: no volumes here", mount->target);
	path = b->context->volume_path(b->context->userdata, mount, err);
	if (!path)
		return fail_while(err, "mount %s", mount->target);
	write_bind(b, path, mount->target, mount->is_read_only);
	return 0;
}

static int write_user_mount(struct bundle *b, const struct container_mount *mount, struct error *err)
{
	switch (mount->type) {
	case MOUNT_BIND:
		write_bind(b, mount->source, mount->target, mount->is_read_only);
		return 0;
	case MOUNT_VOLUME:
	case MOUNT_ANONYMOUS:
		return write_volume(b, mount, err);
	case MOUNT_TMPFS:
		write_tmpfs(b, mount);
		return 0;
	}
	return fail(err, ERR_INTERNAL, "mount %s: type %d", mount->target, (int)mount->type);
}

int bundle_write_mounts(struct bundle *b, struct error *err)
{
	json_open_array(&b->w, "mounts");
	if (write_defaults(b, err) < 0)
		return -1;
	write_network_files(b);
	for (size_t i = 0; i < b->mounts.count; i++)
		if (write_user_mount(b, &b->mounts.items[i], err) < 0)
			return -1;
	json_close_array(&b->w);
	return 0;
}
