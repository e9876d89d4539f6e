/* image_layout.c - an OCI image layout in a directory. */
#include "oci/image_layout.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "sys/in_root.h"

struct image_layout {
	struct blob_source source;
	int dirfd;
};

#define LAYOUT_FILE_LIMIT 4096

/* A regular file below the layout. fd or negative errno. */
static int open_file(int dirfd, const char *path, struct stat *ret)
{
	int fd = in_root_open_no_links(dirfd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return fd;
	if (fstat(fd, ret) == 0 && S_ISREG(ret->st_mode))
		return fd;
	close(fd);
	return -EINVAL;
}

static int open_blob(struct blob_source *source, const char *digest, int *ret_fd, uint64_t *ret_size, struct error *err)
{
	struct image_layout *layout = (struct image_layout *)source;
	char path[sizeof("blobs/sha256/") + SHA256_HEX_SIZE];
	struct stat st;
	int fd;

	if (!digest_is_valid(digest))
		return fail(err, ERR_INVALID_SPEC, "`%.80s` is no sha256 digest", digest);
	snprintf(path, sizeof(path), "blobs/sha256/%s", digest + strlen("sha256:"));
	fd = open_file(layout->dirfd, path, &st);
	if (fd == -ENOENT)
		return fail(err, ERR_NOT_FOUND, "blob %s: missing in the layout", digest);
	if (fd == -ELOOP)
		return fail(err, ERR_INVALID_SPEC, "blob %s: is a symlink", digest);
	if (fd == -EINVAL)
		return fail(err, ERR_INVALID_SPEC, "blob %s: is no plain file", digest);
	if (fd < 0)
		return fail_errno(err, fd, "blob %s", digest);
	*ret_fd = fd;
	*ret_size = (uint64_t)st.st_size;
	return 0;
}

static int read_file(int dirfd, const char *name, size_t limit, char **ret, size_t *ret_len, struct error *err)
{
	struct stat st;
	autoclose int fd = open_file(dirfd, name, &st);
	int r = fd < 0 ? fd : fd_read_all(fd, limit, ret, ret_len);

	if (r == -EFBIG)
		return fail(err, ERR_INVALID_SPEC, "%s: larger than %zu bytes", name, limit);
	if (r < 0)
		return fail_errno_as(err, r == -ENOENT ? ERR_NOT_FOUND : ERR_INVALID_SPEC, r, "%s", name);
	return 0;
}

static int read_manifest(struct blob_source *source, const char *reference, char **ret, size_t *ret_len,
			 struct error *err)
{
	struct image_layout *layout = (struct image_layout *)source;

	(void)reference;
	return read_file(layout->dirfd, "index.json", MANIFEST_LIMIT, ret, ret_len, err);
}

static int check_version(int dirfd, struct error *err)
{
	autofree char *text = NULL;
	AUTO_JSON doc = NULL;
	const char *version = NULL;
	size_t len = 0;

	if (read_file(dirfd, "oci-layout", LAYOUT_FILE_LIMIT, &text, &len, err) < 0) {
		if (faccessat(dirfd, "manifest.json", F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return fail(
				err, ERR_UNSUPPORTED,
				"a docker-archive (manifest.json without oci-layout): only OCI layouts and archives "
				"are supported (`skopeo copy docker-archive:FILE oci-archive:NEW` turns it into one)");
		return fail_while(err, "not an OCI layout");
	}
	doc = json_parse(text, len, "oci-layout", err);
	if (!doc || json_get_text(doc, "imageLayoutVersion", "", &version, err) < 0)
		return -1;
	if (!version || strncmp(version, "1.", 2) != 0)
		return fail(err, ERR_UNSUPPORTED, "oci-layout: version `%.40s` is not supported (1.0.0 is)",
			    version ? version : "");
	return 0;
}

struct blob_source *image_layout_open(int dirfd, struct error *err)
{
	struct image_layout *layout;

	if (check_version(dirfd, err) < 0)
		return NULL;
	layout = calloc(1, sizeof(*layout));
	if (!layout) {
		fail_oom(err);
		return NULL;
	}
	*layout = (struct image_layout){ { open_blob, read_manifest }, dirfd };
	return &layout->source;
}

void image_layout_free(struct blob_source *source)
{
	free(source);
}
