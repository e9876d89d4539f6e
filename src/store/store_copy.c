/* store_copy.c - an image's layers merged into one plain tree: each layer in turn, lowest first, over what is there. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "base/file.h"
#include "base/hashmap.h"
#include "base/text.h"
#include "store/store.h"
#include "sys/in_root.h"

/* One layer on its way into the target. */
struct copy {
	int target;           /* the root of the tree */
	struct strbuf path;   /* of the entry at hand, from there */
	struct hashmap links; /* inode number -> path in the target, for files with more than one name */
	struct strv texts;    /* that links borrows, keys and paths in turn */
};

static void copy_done(struct copy *copy)
{
	hashmap_done(&copy->links);
	strv_done(&copy->texts);
	strbuf_done(&copy->path);
}
DEFINE_AUTO_DONE(copy)

static int copy_xattr(int from, int to, const char *name)
{
	char value[XATTR_SIZE_MAX];
	ssize_t len;

	if (text_starts_with(name, "trusted."))
		return 0;
	len = fgetxattr(from, name, value, sizeof(value));
	if (len < 0)
		return -errno;
	if (fsetxattr(to, name, value, (size_t)len, 0) < 0 &&
	    (errno != EOPNOTSUPP || text_starts_with(name, "security.capability")))
		return -errno;
	return 0;
}

static int copy_xattrs(int from, int to)
{
	char names[XATTR_LIST_MAX];
	ssize_t len = flistxattr(from, names, sizeof(names));
	int r = 0;

	if (len < 0)
		return errno == EOPNOTSUPP ? 0 : -errno;
	for (const char *name = names; r == 0 && name < names + len; name += strlen(name) + 1)
		r = copy_xattr(from, to, name);
	return r;
}

/* Owner before mode before attributes: chown clears setuid and security.capability. */
static int copy_attributes(int from, int to, const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	int r;

	if (fchown(to, st->st_uid, st->st_gid) < 0 || fchmod(to, st->st_mode & 07777) < 0)
		return -errno;
	r = copy_xattrs(from, to);
	if (r < 0)
		return r;
	return futimens(to, times) < 0 ? -errno : 0;
}

static int copy_by_hand(int from, int to)
{
	char block[64 << 10];
	ssize_t n;

	while ((n = read_full(from, block, sizeof(block))) > 0) {
		int r = write_all(to, block, (size_t)n);

		if (r < 0)
			return r;
	}
	return (int)n;
}

/* The kernel shares the blocks where the file system can; another file system or an old kernel means by hand. */
static int copy_data(int from, int to)
{
	ssize_t n;

	do
		n = copy_file_range(from, NULL, to, NULL, 1 << 30, 0);
	while (n > 0);
	return n == 0 ? 0 : copy_by_hand(from, to);
}

static int copy_file(int from_dir, int to_dir, const char *name, const struct stat *st)
{
	autoclose int from = openat(from_dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOATIME);
	autoclose int to =
		from < 0 ? -1 : openat(to_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int r;

	if (from < 0 || to < 0)
		return -errno;
	r = copy_data(from, to);
	return r < 0 ? r : copy_attributes(from, to, st);
}

static int copy_symlink(int from_dir, int to_dir, const char *name)
{
	char target[PATH_MAX];
	ssize_t len = readlinkat(from_dir, name, target, sizeof(target) - 1);

	if (len < 0)
		return -errno;
	target[len] = '\0';
	return symlinkat(target, to_dir, name) < 0 ? -errno : 0;
}

/* Symlinks, devices, fifos. */
static int copy_special(int from_dir, int to_dir, const char *name, const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	int r = 0;

	if (S_ISLNK(st->st_mode))
		r = copy_symlink(from_dir, to_dir, name);
	else if (mknodat(to_dir, name, st->st_mode & S_IFMT, st->st_rdev) < 0)
		r = -errno;
	if (r < 0)
		return r;
	if (fchownat(to_dir, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (!S_ISLNK(st->st_mode) && fchmodat(to_dir, name, st->st_mode & 07777, 0) < 0)
		return -errno;
	return utimensat(to_dir, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

/* The path is one of this layer's, so its directories are directories in the target too. */
static int link_to(const struct copy *copy, const char *path, int to_dir, const char *name)
{
	const char *slash = strrchr(path, '/');
	autofree char *parent = strndup(path, slash ? (size_t)(slash - path) : 0);
	autoclose int fd = parent ? in_root_open_no_links(copy->target, parent, O_PATH | O_DIRECTORY) : -ENOMEM;

	if (fd < 0)
		return fd;
	return linkat(fd, slash ? slash + 1 : path, to_dir, name, 0) < 0 ? -errno : 0;
}

static int remember_link(struct copy *copy, const char *inode)
{
	if (strv_add(&copy->texts, inode) < 0 || strv_add(&copy->texts, strbuf_peek(&copy->path)) < 0)
		return -ENOMEM;
	return hashmap_put(&copy->links, copy->texts.items[copy->texts.count - 2],
			   copy->texts.items[copy->texts.count - 1]);
}

static int copy_plain(struct copy *copy, int from_dir, int to_dir, const char *name, const struct stat *st)
{
	char inode[24];
	const char *first;
	int r;

	snprintf(inode, sizeof(inode), "%llu", (unsigned long long)st->st_ino);
	first = st->st_nlink > 1 ? hashmap_get(&copy->links, inode) : NULL;
	if (first)
		return link_to(copy, first, to_dir, name);
	r = S_ISREG(st->st_mode) ? copy_file(from_dir, to_dir, name, st) : copy_special(from_dir, to_dir, name, st);
	if (r == 0 && st->st_nlink > 1)
		r = remember_link(copy, inode);
	return r;
}

static int copy_directory(struct copy *copy, int from, int to);

static bool is_opaque(int dirfd)
{
	char value = 0;

	return fgetxattr(dirfd, "trusted.overlay.opaque", &value, 1) == 1 && value == 'y';
}

static int merge_directory(struct copy *copy, int from_dir, int to_dir, const char *name, const struct stat *st)
{
	autoclose int from = openat(from_dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	autoclose int to = -1;
	struct stat there;
	int r = 0;

	if (from < 0)
		return -errno;
	if (fstatat(to_dir, name, &there, AT_SYMLINK_NOFOLLOW) == 0 && (!S_ISDIR(there.st_mode) || is_opaque(from)))
		r = dir_remove_tree(to_dir, name);
	if (r < 0)
		return r;
	if (mkdirat(to_dir, name, 0700) < 0 && errno != EEXIST)
		return -errno;
	to = openat(to_dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (to < 0)
		return -errno;
	r = copy_directory(copy, from, to);
	return r < 0 ? r : copy_attributes(from, to, st);
}

static int copy_entry(struct copy *copy, int from_dir, int to_dir, const char *name)
{
	struct stat st;
	int r;

	if (fstatat(from_dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return merge_directory(copy, from_dir, to_dir, name, &st);
	r = dir_remove_tree(to_dir, name);
	if (r < 0 || (S_ISCHR(st.st_mode) && st.st_rdev == makedev(0, 0)))
		return r;
	return copy_plain(copy, from_dir, to_dir, name, &st);
}

/* Leaves copy->path at the entry that failed. */
static int copy_named(struct copy *copy, int from_dir, int to_dir, const char *name)
{
	size_t len = copy->path.len;
	int r;

	strbuf_addf(&copy->path, "%s%s", len > 0 ? "/" : "", name);
	r = strbuf_status(&copy->path);
	if (r == 0)
		r = copy_entry(copy, from_dir, to_dir, name);
	if (r < 0)
		return r;
	copy->path.len = len;
	copy->path.data[len] = '\0';
	return 0;
}

static int copy_directory(struct copy *copy, int from, int to)
{
	int fd = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		r = -errno;
		cleanup_close(&fd);
		return r;
	}
	while (r == 0 && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = copy_named(copy, from, to, entry->d_name);
	closedir(dir);
	return r;
}

static int copy_layer(const char *path, int target, struct error *err)
{
	AUTO_DONE(copy) copy = { .target = target };
	autoclose int from = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	int r;

	if (from < 0 || fstat(from, &st) < 0)
		return fail_errno(err, errno, "layer %s", path);
	r = copy_directory(&copy, from, target);
	if (r == 0)
		r = copy_attributes(from, target, &st);
	return r < 0 ? fail_errno(err, r, "copy /%.300s", strbuf_peek(&copy.path)) : 0;
}

int store_copy_rootfs(struct store *store, const struct image *image, int target_dirfd, struct error *err)
{
	(void)store;
	for (size_t i = 0; i < image->layer_dirs.count; i++)
		if (copy_layer(image->layer_dirs.items[i], target_dirfd, err) < 0)
			return fail_while(err, "image %.19s", image->id);
	return 0;
}
