/* rooted.c - paths of an archive below one directory. */
#include "store/rooted.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void rooted_path_done(struct rooted_path *path)
{
	strbuf_done(&path->text);
}

static int add_component(struct rooted_path *path, const char *name, const char *component, size_t len,
			 struct error *err)
{
	if (len == 2 && memcmp(component, "..", 2) == 0)
		return fail(err, ERR_INVALID_SPEC, "%.300s: `..` in a name leads out of the layer", name);
	path->parent_len = path->text.len;
	if (path->text.len > 0)
		strbuf_add_char(&path->text, '/');
	return strbuf_add(&path->text, component, len) < 0 ? fail_oom(err) : 0;
}

int rooted_path_set(struct rooted_path *path, const char *name, const struct store_limits *limits, struct error *err)
{
	uint64_t depth = 0;

	strbuf_reset(&path->text);
	path->parent_len = 0;
	for (const char *p = name, *end; *p; p = *end ? end + 1 : end) {
		size_t len;

		end = strchrnul(p, '/');
		len = (size_t)(end - p);
		if (len == 0 || (len == 1 && *p == '.'))
			continue;
		if (++depth > limits->path_depth)
			return fail(err, ERR_INVALID_SPEC, "%.64s...: deeper than the limit of %" PRIu64 " directories",
				    name, limits->path_depth);
		if (add_component(path, name, p, len, err) < 0)
			return -1;
	}
	path->base = strbuf_peek(&path->text) + path->parent_len + (path->parent_len > 0);
	return 0;
}

static int open_how(int rootfd, const char *path, int flags, uint64_t resolve)
{
	struct open_how how = { .flags = (uint64_t)(unsigned)(flags | O_CLOEXEC), .resolve = resolve };
	long fd;

	/* EAGAIN: a rename elsewhere made the kernel unsure of "..". */
	do
		fd = syscall(SYS_openat2, rootfd, *path ? path : ".", &how, sizeof(how));
	while (fd < 0 && (errno == EINTR || errno == EAGAIN));
	return fd < 0 ? -errno : (int)fd;
}

int rooted_open(int rootfd, const char *path, int flags)
{
	return open_how(rootfd, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV);
}

int rooted_open_plain(int rootfd, const char *path, int flags)
{
	return open_how(rootfd, path, flags, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
}
