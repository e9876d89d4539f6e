/* layer_attributes.c - owner, mode, time and extended attributes. */
#include "store/layer_attributes.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "base/text.h"
#include "sys/in_root.h"

/* First match decides. trusted.* steers overlayfs, security.selinux and the like are the host's policy. */
static const struct {
	const char *prefix;
	bool is_kept;
} namespaces[] = {
	{ "user.overlay.", false },           { "user.", true },
	{ "security.capability", true },      { "system.posix_acl_access", true },
	{ "system.posix_acl_default", true },
};

static bool is_kept(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		if (text_starts_with(name, namespaces[i].prefix))
			return namespaces[i].is_kept;
	return false;
}

/* A file system without user attributes or ACLs loses them; one without file capabilities would lose function. */
static int set_xattrs(int fd, const struct tar_entry *entry)
{
	for (size_t i = 0; i < entry->n_xattrs; i++) {
		const struct tar_xattr *xattr = &entry->xattrs[i];

		if (!is_kept(xattr->name))
			continue;
		if (fsetxattr(fd, xattr->name, xattr->value, xattr->len, 0) < 0 &&
		    (errno != EOPNOTSUPP || text_starts_with(xattr->name, "security.")))
			return -errno;
	}
	return 0;
}

int layer_set_attributes(int fd, const struct tar_entry *entry)
{
	struct timespec time = { .tv_sec = entry->mtime, .tv_nsec = entry->mtime_ns };
	struct timespec times[2] = { time, time };
	int r;

	if (fchown(fd, entry->uid, entry->gid) < 0 || fchmod(fd, entry->mode) < 0)
		return -errno;
	r = set_xattrs(fd, entry);
	if (r < 0)
		return r;
	return futimens(fd, times) < 0 ? -errno : 0;
}

int layer_set_attributes_at(int dirfd, const char *name, const struct tar_entry *entry)
{
	struct timespec time = { .tv_sec = entry->mtime, .tv_nsec = entry->mtime_ns };
	struct timespec times[2] = { time, time };

	if (fchownat(dirfd, name, entry->uid, entry->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (entry->type != TAR_SYMLINK && fchmodat(dirfd, name, entry->mode, 0) < 0)
		return -errno;
	return utimensat(dirfd, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

int layer_inherit_attributes(int fd, const char *path, const int *lowers, size_t n_lowers)
{
	while (n_lowers-- > 0) {
		autoclose int lower = in_root_open_no_links(lowers[n_lowers], path, O_PATH | O_NOFOLLOW);
		struct stat st;

		if (lower == -ENOENT)
			continue;
		if (lower < 0 || fstat(lower, &st) < 0 || !S_ISDIR(st.st_mode))
			return 0;
		if (fchown(fd, st.st_uid, st.st_gid) < 0 || fchmod(fd, st.st_mode & 07777) < 0)
			return -errno;
		return 0;
	}
	return 0;
}

int layer_set_opaque(int dirfd)
{
	return fsetxattr(dirfd, "trusted.overlay.opaque", "y", 1, 0) < 0 ? -errno : 0;
}
