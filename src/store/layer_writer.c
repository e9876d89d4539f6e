/* layer_writer.c - tar entries into a layer's directory. */
#include "store/layer_writer.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/layer_attributes.h"
#include "store/rooted.h"
#include "sys/in_root.h"

#define WHITEOUT_PREFIX ".wh."
#define WHITEOUT_META_PREFIX ".wh..wh."
#define WHITEOUT_OPAQUE ".wh..wh..opq"

struct later_link {
	char *name, *target;
};

struct later_time {
	char *path;
	struct timespec mtime;
};

struct layer_writer {
	int rootfd;
	const int *lowers;
	size_t n_lowers;
	const struct store_limits *limits;
	struct rooted_path path, link_path;
	struct strbuf parent_path; /* of parent_fd: entries come directory by directory, so one is kept open */
	int parent_fd;
	struct later_link *links;
	size_t n_links, links_capacity;
	struct later_time *times;
	size_t n_times, times_capacity;
	struct layer_totals totals;
};

struct layer_writer *layer_writer_new(int rootfd, const int *lowers, size_t n_lowers, const struct store_limits *limits,
				      struct error *err)
{
	struct layer_writer *writer = calloc(1, sizeof(*writer));

	if (!writer) {
		fail_oom(err);
		return NULL;
	}
	writer->rootfd = rootfd;
	writer->lowers = lowers;
	writer->n_lowers = n_lowers;
	writer->limits = limits;
	writer->parent_fd = -1;
	return writer;
}

static void forget_parent(struct layer_writer *writer)
{
	if (writer->parent_fd >= 0)
		close(writer->parent_fd);
	writer->parent_fd = -1;
}

void layer_writer_free(struct layer_writer *writer)
{
	if (!writer)
		return;
	forget_parent(writer);
	for (size_t i = 0; i < writer->n_links; i++) {
		free(writer->links[i].name);
		free(writer->links[i].target);
	}
	for (size_t i = 0; i < writer->n_times; i++)
		free(writer->times[i].path);
	free(writer->links);
	free(writer->times);
	rooted_path_done(&writer->path);
	rooted_path_done(&writer->link_path);
	strbuf_done(&writer->parent_path);
	free(writer);
}

static bool is_whiteout(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(0, 0);
}

/* What the archive's own names and values bring about is the archive's fault; the rest is the machine's. */
static int fail_entry(struct error *err, int r, const char *what)
{
	static const int faults[] = { ENAMETOOLONG, ENOTDIR, ELOOP, EISDIR, EMLINK, EINVAL, ERANGE };

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		if (r == -faults[i])
			return fail_errno_as(err, ERR_INVALID_SPEC, r, "%s", what);
	return fail_errno(err, r, "%s", what);
}

static int set_opaque(int dirfd, const char *name)
{
	autoclose int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : layer_set_opaque(fd);
}

/* A directory where a whiteout stood hides what is below: the whiteout's meaning moves into the opaque mark. */
static int replace_whiteout(int dirfd, const char *name)
{
	if (unlinkat(dirfd, name, 0) < 0 || mkdirat(dirfd, name, 0755) < 0)
		return -errno;
	return set_opaque(dirfd, name);
}

static int make_missing_directory(struct layer_writer *writer, int dirfd, const char *name, const char *path)
{
	autoclose int fd = -1;
	struct stat st;

	if (mkdirat(dirfd, name, 0755) == 0) {
		fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		return fd < 0 ? -errno : layer_inherit_attributes(fd, path, writer->lowers, writer->n_lowers);
	}
	if (errno != EEXIST || fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return is_whiteout(&st) ? replace_whiteout(dirfd, name) : -ENOTDIR;
}

/* Opens the directory `path`, making what is missing of it. fd or negative errno. */
static int open_made(struct layer_writer *writer, char *path)
{
	int fd = in_root_open(writer->rootfd, path, O_RDONLY | O_DIRECTORY), r;
	char *slash = strrchr(path, '/');
	autoclose int above = -1;

	if (fd >= 0 || (fd != -ENOENT && fd != -ENOTDIR))
		return fd;
	if (slash)
		*slash = '\0';
	above = slash ? open_made(writer, path) : in_root_open(writer->rootfd, "", O_RDONLY | O_DIRECTORY);
	if (slash)
		*slash = '/';
	if (above < 0)
		return above;
	r = make_missing_directory(writer, above, slash ? slash + 1 : path, path);
	return r < 0 ? r : in_root_open(writer->rootfd, path, O_RDONLY | O_DIRECTORY);
}

/* The directory that the current entry goes into, borrowed: writer->parent_fd. */
static int open_parent(struct layer_writer *writer, struct error *err)
{
	const struct rooted_path *path = &writer->path;
	int fd;

	if (writer->parent_fd >= 0 && writer->parent_path.len == path->parent_len &&
	    memcmp(strbuf_peek(&writer->parent_path), strbuf_peek(&path->text), path->parent_len) == 0)
		return 0;
	forget_parent(writer);
	strbuf_reset(&writer->parent_path);
	strbuf_add(&writer->parent_path, strbuf_peek(&path->text), path->parent_len);
	if (strbuf_add_text(&writer->parent_path, "") < 0)
		return fail_oom(err);
	fd = path->parent_len == 0 ? in_root_open(writer->rootfd, "", O_RDONLY | O_DIRECTORY)
				   : open_made(writer, writer->parent_path.data);
	if (fd < 0)
		return fail_entry(err, fd, "its directory");
	writer->parent_fd = fd;
	return 0;
}

/* What stands in the way of an entry goes, as a whole. */
static int clear_place(struct layer_writer *writer)
{
	return dir_remove_tree(writer->parent_fd, writer->path.base);
}

static int write_data(struct tar_reader *reader, int fd, struct error *err)
{
	const uint8_t *data;
	size_t len;
	int r;

	while ((r = tar_reader_data(reader, &data, &len, err)) > 0) {
		r = write_all(fd, data, len);
		if (r < 0)
			return fail_errno(err, r, "write");
	}
	return r;
}

static int open_new_file(struct layer_writer *writer)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(writer->parent_fd, writer->path.base, flags, 0600), r;

	if (fd < 0 && errno == EEXIST) {
		r = clear_place(writer);
		if (r < 0)
			return r;
		fd = openat(writer->parent_fd, writer->path.base, flags, 0600);
	}
	return fd < 0 ? -errno : fd;
}

static int make_file(struct layer_writer *writer, struct tar_reader *reader, const struct tar_entry *entry,
		     struct error *err)
{
	autoclose int fd = open_new_file(writer);
	int r;

	if (fd < 0)
		return fail_entry(err, fd, "create");
	if (write_data(reader, fd, err) < 0)
		return -1;
	writer->totals.size_bytes += entry->size;
	r = layer_set_attributes(fd, entry);
	return r < 0 ? fail_entry(err, r, "set attributes") : 0;
}

/* 0, or negative errno. What is there and no directory gives way. */
static int make_directory_there(struct layer_writer *writer)
{
	int dirfd = writer->parent_fd, r;
	const char *name = writer->path.base;
	struct stat st;

	if (mkdirat(dirfd, name, 0700) == 0)
		return 0;
	if (errno != EEXIST || fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return 0;
	if (is_whiteout(&st))
		return replace_whiteout(dirfd, name);
	r = clear_place(writer);
	return r < 0 ? r : mkdirat(dirfd, name, 0700) < 0 ? -errno : 0;
}

static int remember_time(struct layer_writer *writer, const struct tar_entry *entry)
{
	char *path;

	if (array_reserve((void **)&writer->times, &writer->times_capacity, writer->n_times + 1,
			  sizeof(*writer->times)) < 0)
		return -ENOMEM;
	path = strdup(strbuf_peek(&writer->path.text));
	if (!path)
		return -ENOMEM;
	writer->times[writer->n_times++] =
		(struct later_time){ path, { .tv_sec = entry->mtime, .tv_nsec = entry->mtime_ns } };
	return 0;
}

static int make_directory(struct layer_writer *writer, struct tar_reader *reader, const struct tar_entry *entry,
			  struct error *err)
{
	autoclose int fd = -1;
	int r = make_directory_there(writer);

	(void)reader;
	if (r < 0)
		return fail_entry(err, r, "create directory");
	fd = openat(writer->parent_fd, writer->path.base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(err, errno, "open directory");
	r = layer_set_attributes(fd, entry);
	if (r == 0)
		r = remember_time(writer, entry);
	return r < 0 ? fail_entry(err, r, "set attributes") : 0;
}

static int make_symlink(struct layer_writer *writer, struct tar_reader *reader, const struct tar_entry *entry,
			struct error *err)
{
	int r = symlinkat(entry->link, writer->parent_fd, writer->path.base) < 0 ? -errno : 0;

	(void)reader;
	if (r == -EEXIST) {
		r = clear_place(writer);
		if (r == 0 && symlinkat(entry->link, writer->parent_fd, writer->path.base) < 0)
			r = -errno;
	}
	if (r == 0)
		r = layer_set_attributes_at(writer->parent_fd, writer->path.base, entry);
	return r < 0 ? fail_entry(err, r, "create symlink") : 0;
}

static mode_t node_mode(const struct tar_entry *entry)
{
	switch (entry->type) {
	case TAR_CHAR_DEVICE:
		return S_IFCHR;
	case TAR_BLOCK_DEVICE:
		return S_IFBLK;
	case TAR_FIFO:
		return S_IFIFO;
	case TAR_FILE:
	case TAR_HARD_LINK:
	case TAR_SYMLINK:
	case TAR_DIRECTORY:
		break;
	}
	return 0;
}

static int make_node(struct layer_writer *writer, struct tar_reader *reader, const struct tar_entry *entry,
		     struct error *err)
{
	dev_t device = makedev(entry->device_major, entry->device_minor);
	mode_t mode = node_mode(entry);
	int r;

	(void)reader;
	if (mode == S_IFCHR && device == makedev(0, 0))
		return fail(err, ERR_INVALID_SPEC, "character device 0/0 is overlayfs' own mark for a removed file");
	r = mknodat(writer->parent_fd, writer->path.base, mode, device) < 0 ? -errno : 0;
	if (r == -EEXIST) {
		r = clear_place(writer);
		if (r == 0 && mknodat(writer->parent_fd, writer->path.base, mode, device) < 0)
			r = -errno;
	}
	if (r == 0)
		r = layer_set_attributes_at(writer->parent_fd, writer->path.base, entry);
	return r < 0 ? fail_entry(err, r, "create device or fifo") : 0;
}

/* 0, -ENOENT when the target is not there (yet), or another negative errno. */
static int link_to(struct layer_writer *writer, const struct rooted_path *target, bool is_replacing)
{
	autofree char *parent = strndup(strbuf_peek(&target->text), target->parent_len);
	autoclose int fd = parent ? in_root_open(writer->rootfd, parent, O_PATH | O_DIRECTORY) : -ENOMEM;
	struct stat st, there;

	if (fd < 0)
		return fd == -ENOTDIR ? -ENOENT : fd;
	if (fstatat(fd, target->base, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (is_whiteout(&st))
		return -ENOENT;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (fstatat(writer->parent_fd, writer->path.base, &there, AT_SYMLINK_NOFOLLOW) == 0) {
		int r = 0;

		if (there.st_ino == st.st_ino || (!is_replacing && !is_whiteout(&there)))
			return 0;
		r = clear_place(writer);
		if (r < 0)
			return r;
	}
	return linkat(fd, target->base, writer->parent_fd, writer->path.base, 0) < 0 ? -errno : 0;
}

static int remember_link(struct layer_writer *writer, const struct tar_entry *entry)
{
	struct later_link link;

	if (array_reserve((void **)&writer->links, &writer->links_capacity, writer->n_links + 1,
			  sizeof(*writer->links)) < 0)
		return -ENOMEM;
	link = (struct later_link){ strdup(entry->name), strdup(entry->link) };
	if (!link.name || !link.target) {
		free(link.name);
		free(link.target);
		return -ENOMEM;
	}
	writer->links[writer->n_links++] = link;
	return 0;
}

static int make_hard_link(struct layer_writer *writer, struct tar_reader *reader, const struct tar_entry *entry,
			  struct error *err)
{
	int r;

	(void)reader;
	if (rooted_path_set(&writer->link_path, entry->link, writer->limits, err) < 0)
		return fail_while(err, "hard link to");
	r = link_to(writer, &writer->link_path, true);
	if (r == -ENOENT) {
		/* What is found here at the end came later than the link and stays. */
		r = clear_place(writer);
		if (r == 0)
			r = remember_link(writer, entry);
	}
	return r < 0 ? fail_errno_as(err, ERR_INVALID_SPEC, r, "hard link to %.200s", entry->link) : 0;
}

static int (*const makers[])(struct layer_writer *writer, struct tar_reader *reader, const struct tar_entry *entry,
			     struct error *err) = {
	[TAR_FILE] = make_file,        [TAR_HARD_LINK] = make_hard_link, [TAR_SYMLINK] = make_symlink,
	[TAR_CHAR_DEVICE] = make_node, [TAR_BLOCK_DEVICE] = make_node,   [TAR_DIRECTORY] = make_directory,
	[TAR_FIFO] = make_node,
};

/* Hides what the layers below have. What this layer itself has under the name stays (layer.md, "Whiteouts"). */
static int make_whiteout(struct layer_writer *writer, const char *name, struct error *err)
{
	struct stat st;
	int r = 0;

	if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return fail(err, ERR_INVALID_SPEC, "whiteout of no name");
	if (mknodat(writer->parent_fd, name, S_IFCHR, makedev(0, 0)) == 0)
		return 0;
	if (errno != EEXIST || fstatat(writer->parent_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_entry(err, -errno, "create whiteout");
	if (S_ISDIR(st.st_mode))
		r = set_opaque(writer->parent_fd, name);
	return r < 0 ? fail_entry(err, r, "mark opaque") : 0;
}

static int add_mark(struct layer_writer *writer, struct error *err)
{
	const char *base = writer->path.base;
	int r;

	if (strcmp(base, WHITEOUT_OPAQUE) == 0) {
		r = layer_set_opaque(writer->parent_fd);
		return r < 0 ? fail_entry(err, r, "mark opaque") : 0;
	}
	/* The other names of this kind are aufs' own notes. */
	if (text_starts_with(base, WHITEOUT_META_PREFIX))
		return 0;
	return make_whiteout(writer, base + strlen(WHITEOUT_PREFIX), err);
}

static int set_root_attributes(struct layer_writer *writer, const struct tar_entry *entry, struct error *err)
{
	int r;

	if (entry->type != TAR_DIRECTORY)
		return fail(err, ERR_INVALID_SPEC, "the root of a layer must be a directory");
	r = layer_set_attributes(writer->rootfd, entry);
	if (r == 0)
		r = remember_time(writer, entry);
	return r < 0 ? fail_entry(err, r, "set attributes") : 0;
}

/* A whiteout has no content, so nothing can be in it. */
static bool is_inside_mark(const struct rooted_path *path)
{
	const char *text = strbuf_peek(&path->text), *mark = text_starts_with(text, WHITEOUT_PREFIX) ? text : NULL;

	if (!mark)
		mark = strstr(text, "/" WHITEOUT_PREFIX);
	return mark && (size_t)(mark - text) < path->parent_len;
}

static int add_entry(struct layer_writer *writer, struct tar_reader *reader, const struct tar_entry *entry,
		     struct error *err)
{
	struct rooted_path *path = &writer->path;

	if (entry->mtime > writer->totals.newest_mtime)
		writer->totals.newest_mtime = entry->mtime;
	if (rooted_path_set(path, entry->name, writer->limits, err) < 0)
		return -1;
	if (path->base[0] == '\0')
		return set_root_attributes(writer, entry, err);
	if (is_inside_mark(path))
		return 0;
	if (open_parent(writer, err) < 0)
		return -1;
	if (text_starts_with(path->base, WHITEOUT_PREFIX))
		return add_mark(writer, err);
	return makers[entry->type](writer, reader, entry, err);
}

int layer_writer_add(struct layer_writer *writer, struct tar_reader *reader, const struct tar_entry *entry,
		     struct error *err)
{
	if (add_entry(writer, reader, entry, err) < 0)
		return fail_while(err, "entry %.200s", entry->name);
	return 0;
}

static int link_later(struct layer_writer *writer, const struct later_link *link, struct error *err)
{
	int r;

	if (rooted_path_set(&writer->path, link->name, writer->limits, err) < 0 ||
	    rooted_path_set(&writer->link_path, link->target, writer->limits, err) < 0 || open_parent(writer, err) < 0)
		return -1;
	r = link_to(writer, &writer->link_path, false);
	if (r == -ENOENT)
		return fail(err, ERR_INVALID_SPEC, "hard link to %.200s, which is not in the layer", link->target);
	return r < 0 ? fail_errno_as(err, ERR_INVALID_SPEC, r, "hard link to %.200s", link->target) : 0;
}

/* A directory may have been replaced since: then there is nothing to set. */
static int set_time_later(struct layer_writer *writer, const struct later_time *later)
{
	struct timespec times[2] = { later->mtime, later->mtime };
	autoclose int fd = in_root_open_no_links(writer->rootfd, later->path, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP ? 0 : fd;
	return futimens(fd, times) < 0 ? -errno : 0;
}

int layer_writer_finish(struct layer_writer *writer, struct layer_totals *ret, struct error *err)
{
	for (size_t i = 0; i < writer->n_links; i++)
		if (link_later(writer, &writer->links[i], err) < 0)
			return fail_while(err, "entry %.200s", writer->links[i].name);
	forget_parent(writer);
	for (size_t i = 0; i < writer->n_times; i++) {
		int r = set_time_later(writer, &writer->times[i]);

		if (r < 0)
			return fail_errno(err, r, "set time of %.200s", writer->times[i].path);
	}
	*ret = writer->totals;
	return 0;
}
