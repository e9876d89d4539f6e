/* container.c - one container's directories, its lock and its name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "runtime/native/native.h"

/* The shim holds the directory too, by the same open file, so closing alone would leave it locked while that lives. */
void container_close(struct container *c)
{
	if (c->is_locked)
		flock(c->dir_fd, LOCK_UN);
	c->is_locked = false;
	cleanup_close(&c->dir_fd);
	cleanup_close(&c->run_fd);
	c->dir_fd = c->run_fd = -1;
}

int container_open(struct native *n, const char *id, struct container *ret, struct error *err)
{
	struct container c = { .native = n, .dir_fd = -1, .run_fd = -1 };

	if (strlen(id) != ID_HEX_LENGTH || !text_is_made_of(id, TEXT_HEX))
		return fail(err, ERR_NOT_FOUND, "container %s: no such id", id);
	memcpy(c.id, id, ID_HEX_SIZE);
	c.dir_fd = openat(n->containers_fd, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (c.dir_fd < 0 && errno == ENOENT)
		return fail(err, ERR_NOT_FOUND, "container %.12s: no such container", id);
	if (c.dir_fd < 0)
		return fail_errno(err, errno, "container %.12s", id);
	c.run_fd = openat(n->run_fd, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	*ret = c;
	return 0;
}

int container_lock(struct container *c, struct error *err)
{
	struct stat st;

	while (flock(c->dir_fd, LOCK_EX) < 0)
		if (errno != EINTR)
			return fail_errno(err, errno, "container %.12s: lock", c->id);
	/* Removed while we waited: the directory has no name any more. */
	if (fstat(c->dir_fd, &st) < 0 || st.st_nlink == 0)
		return fail(err, ERR_NOT_FOUND, "container %.12s: no such container", c->id);
	c->is_locked = true;
	if (c->run_fd < 0)
		c->run_fd = openat(c->native->run_fd, c->id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return 0;
}

int container_reopen(const struct container *c, struct error *err)
{
	int fd = openat(c->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? fail_errno(err, errno, "container %.12s", c->id) : fd;
}

struct runtime_config *container_read_config(const struct container *c, struct error *err)
{
	struct runtime_config *config;
	autofree char *text = NULL;
	size_t len;
	int r = file_read_at(c->dir_fd, "config.json", RUNTIME_CONFIG_LIMIT, &text, &len);

	if (r < 0) {
		fail_errno(err, r, "container %.12s: config.json", c->id);
		return NULL;
	}
	config = runtime_config_parse(text, len, err);
	if (!config)
		fail_while(err, "container %.12s", c->id);
	return config;
}

/* The id that a name's file holds, when a container of that id stands. */
static bool is_held(struct native *n, const char *name)
{
	autofree char *id = NULL;

	return file_read_at(n->names_fd, name, ID_HEX_LENGTH, &id, NULL) == 0 && file_exists_at(n->containers_fd, id);
}

/* A name whose container is gone was left by a crash: it is free. */
int native_claim_name(struct native *n, const char *name, const char *id, struct error *err)
{
	int r = file_create_at(n->names_fd, name, id, ID_HEX_LENGTH, 0600);

	if (r == -EEXIST && is_held(n, name))
		return fail(err, ERR_CONFLICT, "the name %s is in use by another container", name);
	if (r == -EEXIST)
		r = file_replace_at(n->names_fd, name, id, ID_HEX_LENGTH, 0600, FILE_VOLATILE);
	return r < 0 ? fail_errno(err, r, "name %s", name) : 0;
}

void native_release_name(struct native *n, const char *name, const char *id)
{
	autofree char *holder = NULL;

	if (file_read_at(n->names_fd, name, ID_HEX_LENGTH, &holder, NULL) == 0 && strcmp(holder, id) == 0)
		unlinkat(n->names_fd, name, 0);
}

void native_sweep_names(struct native *n)
{
	int fd = openat(n->names_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_type == DT_REG && !is_held(n, entry->d_name))
			unlinkat(n->names_fd, entry->d_name, 0);
	if (dir)
		closedir(dir);
	else
		cleanup_close(&fd);
}

char *native_cgroup_path(const struct native *n, const char *id)
{
	const char *parent = n->cgroup_parent ? n->cgroup_parent : "";

	while (*parent == '/')
		parent++;
	return text_format("%s%szlayer/%s", parent, *parent ? "/" : "", id);
}
