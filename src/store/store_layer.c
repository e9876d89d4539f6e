/* store_layer.c - from a blob to an unpacked layer. */
#include "store/store_layer.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "store/byte_pipeline.h"
#include "store/layer_writer.h"
#include "store/store_blob.h"
#include "store/store_layout.h"
#include "store/tar_reader.h"

/* Everything between the blob and the tree. */
struct layer_work {
	struct store_job *job;
	const struct layer_request *request;
	char *blob_name; /* in the job's directory; NULL: the store has the blob */
	int blob_fd;
	char *name; /* of the layer in the job's directory; NULL: the store has the layer */
	int layer_fd, root_fd;
	int *lower_fds;
	size_t n_lowers;
	struct byte_tally blob, grown, tar;
	struct byte_stream *stream; /* of tar bytes */
	int stop[2];                /* a pipe that tells the stream's thread that nobody wants more */
	enum compression compression;
	struct layer_totals totals;
};

static void layer_work_done(struct layer_work *work)
{
	byte_stream_free(work->stream);
	byte_tally_done(&work->blob);
	byte_tally_done(&work->tar);
	for (size_t i = 0; i < work->n_lowers; i++)
		cleanup_close(&work->lower_fds[i]);
	free(work->lower_fds);
	cleanup_close(&work->stop[0]);
	cleanup_close(&work->stop[1]);
	cleanup_close(&work->root_fd);
	cleanup_close(&work->layer_fd);
	cleanup_close(&work->blob_fd);
	free(work->name);
	free(work->blob_name);
}
DEFINE_AUTO_DONE(layer_work)

bool store_has_layer(const struct store_job *job, const char *diff_id, uint64_t *ret_size)
{
	autofree char *path = text_format(STORE_LAYERS "/%s/" STORE_LAYER_SIZE, DIGEST_HEX(diff_id)), *text = NULL;

	return path && file_read_at(job->storefd, path, 32, &text, NULL) == 0 && parse_u64(text, ret_size) == 0;
}

/* Ahead, in a thread: the blob is read, hashed, kept, decompressed and its growth watched. Here: the tar is hashed, and
 * taken apart by whoever reads the stream. */
static int open_stream(struct layer_work *work, struct error *err)
{
	const struct store_limits *limits = &work->job->limits;
	struct byte_tee keep = { &work->blob, work->blob_fd, limits->blob_bytes, "blob", { 0 } };
	struct byte_tee watch = { &work->grown,
				  -1,
				  limits->layer_bytes,
				  "layer",
				  { &work->blob, limits->expansion_ratio, limits->expansion_free } };
	struct byte_tee hash = { &work->tar, -1, UINT64_MAX, "layer", { 0 } };
	struct byte_stream *stream;

	if (pipe2(work->stop, O_CLOEXEC) < 0)
		return fail_errno(err, errno, "pipe");
	if (byte_tally_init(&work->blob, err) < 0 || byte_tally_init(&work->tar, err) < 0)
		return -1;
	stream = byte_stream_from_fd(work->request->fd, work->stop[0], err);
	if (stream)
		stream = byte_stream_tee(stream, &keep, err);
	if (stream)
		stream = decompress_new(stream, &work->compression, err);
	if (stream)
		stream = byte_stream_tee(stream, &watch, err);
	if (stream)
		stream = byte_pipeline_new(stream, work->stop[1], err);
	if (stream)
		stream = byte_stream_tee(stream, &hash, err);
	work->stream = stream;
	return stream ? 0 : -1;
}

static int make_layer_directory(struct layer_work *work, struct error *err)
{
	struct store_job *job = work->job;

	work->name = text_format("layer.%u", job->counter++);
	if (!work->name)
		return fail_oom(err);
	work->layer_fd = dir_open_make(job->tmpfd, work->name, 0700);
	if (work->layer_fd < 0)
		return fail_errno(err, work->layer_fd, "store: create a layer");
	work->root_fd = dir_open_make(work->layer_fd, STORE_LAYER_ROOT, 0755);
	if (work->root_fd < 0)
		return fail_errno(err, work->root_fd, "store: create a layer");
	return 0;
}

static int open_lowers(struct layer_work *work, struct error *err)
{
	const struct strv *lowers = work->request->lowers;

	if (!lowers)
		return 0;
	work->lower_fds = calloc(lowers->count + 1, sizeof(int));
	if (!work->lower_fds)
		return fail_oom(err);
	for (size_t i = 0; i < lowers->count; i++) {
		autofree char *path = text_format(STORE_LAYERS "/%s/" STORE_LAYER_ROOT, DIGEST_HEX(lowers->items[i]));
		int fd = path ? openat(work->job->storefd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

		if (fd < 0)
			return fail_errno(err, path ? errno : ENOMEM, "layer %s", lowers->items[i]);
		work->lower_fds[work->n_lowers++] = fd;
	}
	return 0;
}

static int unpack(struct layer_work *work, struct error *err)
{
	const struct store_limits *limits = &work->job->limits;
	AUTO(tar_reader) reader = tar_reader_new(work->stream, limits, err);
	AUTO(layer_writer) writer = NULL;
	const struct tar_entry *entry = NULL;
	int r;

	if (!reader)
		return -1;
	writer = layer_writer_new(work->root_fd, work->lower_fds, work->n_lowers, limits, err);
	if (!writer)
		return -1;
	while ((r = tar_reader_next(reader, &entry, err)) > 0)
		if (layer_writer_add(writer, reader, entry, err) < 0)
			return -1;
	if (r < 0 || layer_writer_finish(writer, &work->totals, err) < 0)
		return -1;
	return tar_reader_drain(reader, err);
}

static int verify(struct layer_work *work, struct layer_result *result, struct error *err)
{
	const struct layer_request *request = work->request;

	digest_finish(work->blob.digest, result->blob_digest);
	digest_finish(work->tar.digest, result->diff_id);
	if (request->blob_size != UINT64_MAX && request->blob_size != work->blob.bytes)
		return fail(err, ERR_INVALID_SPEC,
			    "blob: size does not match: expected %" PRIu64 " bytes, got %" PRIu64, request->blob_size,
			    work->blob.bytes);
	if (request->blob_digest && store_check_digest("blob", request->blob_digest, result->blob_digest, err) < 0)
		return -1;
	if (request->diff_id && store_check_digest("diff id", request->diff_id, result->diff_id, err) < 0)
		return -1;
	result->compression = work->compression;
	result->blob_size = work->blob.bytes;
	result->size_bytes = work->totals.size_bytes;
	result->newest_mtime = work->totals.newest_mtime;
	return 0;
}

static int publish_layer(struct layer_work *work, const struct layer_result *result, struct error *err)
{
	autofree char *path = text_format(STORE_LAYERS "/%s", DIGEST_HEX(result->diff_id));
	autofree char *size = text_format("%" PRIu64, result->size_bytes);
	int r;

	if (!path || !size)
		return fail_oom(err);
	r = file_create_at(work->layer_fd, STORE_LAYER_SIZE, size, strlen(size), 0600);
	if (r < 0)
		return fail_errno(err, r, "store: write a layer's size");
	return store_job_publish(work->job, work->name, path, err);
}

static int publish_blob(struct layer_work *work, const struct layer_result *result, struct error *err)
{
	autofree char *path = store_blob_path(result->blob_digest);

	if (!path)
		return fail_oom(err);
	return store_job_publish(work->job, work->blob_name, path, err);
}

/* When the layer is there but this blob is not, the bytes are read all the same: a blob is kept only when it is
 * what the manifest and the config say. */
static int do_work(struct layer_work *work, bool has_layer, struct layer_result *result, struct error *err)
{
	if (!has_layer && (make_layer_directory(work, err) < 0 || open_lowers(work, err) < 0))
		return -1;
	if (open_stream(work, err) < 0)
		return -1;
	if ((has_layer ? byte_stream_drain(work->stream, err) : unpack(work, err)) < 0)
		return -1;
	return verify(work, result, err);
}

/* A damaged blob often fails before its end, as damaged gzip or tar. That it is not what was asked for says more, so
 * it is hashed whole, where it can be read again. */
static int explain_failure(const struct layer_request *request, struct error *err)
{
	AUTO_DONE(byte_tally) tally = { 0 };
	struct byte_tee hash = { &tally, -1, UINT64_MAX, "blob", { 0 } };
	AUTO(byte_stream) stream = NULL;
	char got[SHA256_DIGEST_SIZE];

	if (!request->blob_digest || lseek(request->fd, 0, SEEK_SET) < 0 || byte_tally_init(&tally, NULL) < 0)
		return -1;
	stream = byte_stream_from_fd(request->fd, -1, NULL);
	if (stream)
		stream = byte_stream_tee(stream, &hash, NULL);
	if (!stream || byte_stream_drain(stream, NULL) < 0)
		return -1;
	digest_finish(tally.digest, got);
	return strcmp(got, request->blob_digest) == 0 ? -1 : store_check_digest("blob", request->blob_digest, got, err);
}

int store_add_layer(struct store_job *job, const struct layer_request *request, struct layer_result *ret,
		    struct error *err)
{
	AUTO_DONE(layer_work)
	work = { .job = job, .request = request, .blob_fd = -1, .layer_fd = -1, .root_fd = -1, .stop = { -1, -1 } };
	struct layer_result result = { 0 };
	uint64_t size = 0;
	bool has_layer = request->diff_id && store_has_layer(job, request->diff_id, &size);
	bool has_blob = request->blob_digest && store_has_blob(job, request->blob_digest);

	if (!has_blob) {
		work.blob_fd = store_job_create(job, &work.blob_name, err);
		if (work.blob_fd < 0)
			return -1;
	}
	if (do_work(&work, has_layer, &result, err) < 0)
		return explain_failure(request, err);
	if (has_layer)
		result.size_bytes = size;
	else if (publish_layer(&work, &result, err) < 0)
		return -1;
	if (!has_blob && publish_blob(&work, &result, err) < 0)
		return -1;
	*ret = result;
	return 0;
}
