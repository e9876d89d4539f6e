/* store_archive.c - the tar of an OCI layout, taken apart into a directory. Only the files that a layout has are
 * taken. */
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "store/byte_stream.h"
#include "store/decompress.h"
#include "store/rooted.h"
#include "store/store_import.h"
#include "store/tar_reader.h"

#define BLOBS "blobs/sha256/"

/* manifest.json tells a docker-archive from a broken layout. */
static bool is_layout_file(const char *path)
{
	const char *hex = path + strlen(BLOBS);

	if (strcmp(path, "oci-layout") == 0 || strcmp(path, "index.json") == 0 || strcmp(path, "manifest.json") == 0)
		return true;
	return text_starts_with(path, BLOBS) && strlen(hex) == 64 && text_is_made_of(hex, TEXT_HEX);
}

static int take_file(int dirfd, struct tar_reader *reader, const char *path, struct error *err)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	autoclose int fd = openat(dirfd, path, flags, 0600);
	const uint8_t *data;
	size_t len;
	int r;

	if (fd < 0 && errno == EEXIST && unlinkat(dirfd, path, 0) == 0)
		fd = openat(dirfd, path, flags, 0600);
	if (fd < 0)
		return fail_errno(err, errno, "%s", path);
	while ((r = tar_reader_data(reader, &data, &len, err)) > 0) {
		r = write_all(fd, data, len);
		if (r < 0)
			return fail_errno(err, r, "%s", path);
	}
	return r;
}

static int take_entries(int dirfd, struct tar_reader *reader, const struct store_limits *limits, struct error *err)
{
	AUTO_DONE(rooted_path) path = { 0 };
	const struct tar_entry *entry = NULL;
	int r;

	while ((r = tar_reader_next(reader, &entry, err)) > 0) {
		if (rooted_path_set(&path, entry->name, limits, err) < 0)
			return -1;
		if (!is_layout_file(strbuf_peek(&path.text)))
			continue;
		if (entry->type != TAR_FILE)
			return fail(err, ERR_INVALID_SPEC, "%s: is not a plain file", strbuf_peek(&path.text));
		if (take_file(dirfd, reader, strbuf_peek(&path.text), err) < 0)
			return -1;
	}
	return r < 0 ? -1 : tar_reader_drain(reader, err);
}

static struct byte_stream *open_archive(struct store_job *job, int fd, struct byte_tally *came, struct byte_tally *tar,
					struct error *err)
{
	const struct store_limits *limits = &job->limits;
	struct byte_tee in = { came, -1, limits->blob_bytes, "archive", { 0 } };
	struct byte_tee out = {
		tar, -1, limits->layer_bytes, "archive", { came, limits->expansion_ratio, limits->expansion_free }
	};
	struct byte_stream *stream = byte_stream_from_fd(fd, -1, err);
	enum compression ignored;

	if (stream)
		stream = byte_stream_tee(stream, &in, err);
	if (stream)
		stream = decompress_new(stream, &ignored, err);
	if (stream)
		stream = byte_stream_tee(stream, &out, err);
	return stream;
}

static int take_archive(struct store_job *job, int dirfd, int fd, struct error *err)
{
	struct byte_tally came = { 0 }, tar = { 0 }; /* nobody asks for an archive's digest */
	AUTO(byte_stream) stream = open_archive(job, fd, &came, &tar, err);
	AUTO(tar_reader) reader = NULL;

	if (!stream)
		return -1;
	reader = tar_reader_new(stream, &job->limits, err);
	return reader ? take_entries(dirfd, reader, &job->limits, err) : -1;
}

int store_job_open_archive(struct store_job *job, int fd, struct error *err)
{
	autoclose int dirfd = dir_open_make(job->tmpfd, "archive", 0700);
	autoclose int blobs = dirfd < 0 ? -1 : dir_open_make(dirfd, BLOBS, 0700);

	if (dirfd < 0 || blobs < 0)
		return fail_errno(err, dirfd < 0 ? dirfd : blobs, "store: unpack the archive");
	if (take_archive(job, dirfd, fd, err) < 0)
		return fail_while(err, "archive");
	return TAKE_FD(dirfd);
}
