/* tar_reader.c - from blocks of bytes to tar entries. */
#include "store/tar_reader.h"

#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "store/tar_header.h"

struct tar_reader {
	struct byte_stream *source;
	const struct store_limits *limits;
	const uint8_t *block; /* what is left of the source's current block */
	size_t block_len;
	uint64_t data_left; /* of the current entry, ... */
	unsigned padding;   /* ... and the zeros behind it */
	bool is_at_end;
	uint64_t entries;
	struct tar_header header;
	struct tar_pax pax;          /* for the next entry */
	char *long_name, *long_link; /* the same by GNU's 'L' and 'K' */
	struct tar_entry entry;
};

struct tar_reader *tar_reader_new(struct byte_stream *source, const struct store_limits *limits, struct error *err)
{
	struct tar_reader *reader = calloc(1, sizeof(*reader));

	if (!reader) {
		fail_oom(err);
		return NULL;
	}
	reader->source = source;
	reader->limits = limits;
	return reader;
}

static void forget_extensions(struct tar_reader *reader)
{
	tar_pax_done(&reader->pax);
	free(reader->long_name);
	free(reader->long_link);
	reader->long_name = reader->long_link = NULL;
}

void tar_reader_free(struct tar_reader *reader)
{
	if (!reader)
		return;
	forget_extensions(reader);
	free(reader);
}

static int ends_too_early(struct error *err)
{
	return fail(err, ERR_INVALID_SPEC, "tar: ends too early");
}

/* 1 when at least a byte is there, 0 at the stream's end. */
static int refill(struct tar_reader *reader, struct error *err)
{
	return reader->block_len > 0 ? 1 : byte_stream_next(reader->source, &reader->block, &reader->block_len, err);
}

static void consume(struct tar_reader *reader, size_t n)
{
	reader->block += n;
	reader->block_len -= n;
}

static size_t smaller(uint64_t a, size_t b)
{
	return a < b ? (size_t)a : b;
}

/* Copies len bytes. The count copied, short at the stream's end, or -1. */
static ssize_t copy_bytes(struct tar_reader *reader, void *to, size_t len, struct error *err)
{
	size_t done = 0;

	while (done < len) {
		int r = refill(reader, err);
		size_t n = smaller(len - done, reader->block_len);

		if (r < 0)
			return -1;
		if (r == 0)
			break;
		memcpy((char *)to + done, reader->block, n);
		consume(reader, n);
		done += n;
	}
	return (ssize_t)done;
}

static int skip_bytes(struct tar_reader *reader, uint64_t len, struct error *err)
{
	while (len > 0) {
		int r = refill(reader, err);
		size_t n = smaller(len, reader->block_len);

		if (r <= 0)
			return r < 0 ? -1 : ends_too_early(err);
		consume(reader, n);
		len -= n;
	}
	return 0;
}

static int skip_entry(struct tar_reader *reader, struct error *err)
{
	if (skip_bytes(reader, reader->data_left, err) < 0 || skip_bytes(reader, reader->padding, err) < 0)
		return -1;
	reader->data_left = 0;
	reader->padding = 0;
	return 0;
}

static void expect_data(struct tar_reader *reader, uint64_t size)
{
	reader->data_left = size;
	reader->padding = (unsigned)(-size % TAR_BLOCK);
}

/* 1 and a header, 0 at the archive's end. */
static int read_header(struct tar_reader *reader, struct error *err)
{
	uint8_t block[TAR_BLOCK];
	ssize_t n = copy_bytes(reader, block, sizeof(block), err);

	if (n < 0)
		return -1;
	if (n == 0)
		return 0;
	if (n < TAR_BLOCK)
		return ends_too_early(err);
	if (tar_block_is_zero(block))
		return 0;
	if (++reader->entries > reader->limits->entries)
		return fail(err, ERR_INVALID_SPEC, "tar: more than the limit of %" PRIu64 " entries",
			    reader->limits->entries);
	if (tar_header_parse(block, &reader->header, err) < 0)
		return -1;
	return 1;
}

/* The whole body of an extension entry, NUL-terminated. */
static int read_body(struct tar_reader *reader, char **ret, struct error *err)
{
	uint64_t size = reader->header.size;
	autofree char *body = NULL;
	ssize_t n;

	if (size > reader->limits->header_bytes)
		return fail(err, ERR_INVALID_SPEC,
			    "tar: extended header of %" PRIu64 " bytes, more than the limit of %" PRIu64, size,
			    reader->limits->header_bytes);
	body = malloc((size_t)size + 1);
	if (!body)
		return fail_oom(err);
	n = copy_bytes(reader, body, (size_t)size, err);
	if (n < (ssize_t)size)
		return n < 0 ? -1 : ends_too_early(err);
	body[size] = '\0';
	expect_data(reader, size);
	reader->data_left = 0;
	*ret = TAKE_PTR(body);
	return skip_entry(reader, err);
}

static int read_pax(struct tar_reader *reader, struct error *err)
{
	autofree char *body = NULL;

	if (read_body(reader, &body, err) < 0)
		return -1;
	return tar_pax_parse(body, (size_t)reader->header.size, reader->limits, &reader->pax, err);
}

/* Checked like any other, then forgotten. */
static int read_global_pax(struct tar_reader *reader, struct error *err)
{
	autofree char *body = NULL;
	AUTO_DONE(tar_pax) ignored = { 0 };

	if (read_body(reader, &body, err) < 0)
		return -1;
	return tar_pax_parse(body, (size_t)reader->header.size, reader->limits, &ignored, err);
}

static int read_long(struct tar_reader *reader, char **to, struct error *err)
{
	autofree char *body = NULL;

	if (read_body(reader, &body, err) < 0)
		return -1;
	free(*to);
	*to = TAKE_PTR(body);
	return 0;
}

static int read_long_name(struct tar_reader *reader, struct error *err)
{
	return read_long(reader, &reader->long_name, err);
}

static int read_long_link(struct tar_reader *reader, struct error *err)
{
	return read_long(reader, &reader->long_link, err);
}

static const struct {
	char flag;
	int (*read)(struct tar_reader *reader, struct error *err);
} extensions[] = {
	{ 'x', read_pax },       { 'X', read_pax },       { 'g', read_global_pax },
	{ 'L', read_long_name }, { 'K', read_long_link },
};

static const struct {
	char flag;
	enum tar_type type;
} types[] = {
	{ '0', TAR_FILE },         { '\0', TAR_FILE },     { '7', TAR_FILE },
	{ '1', TAR_HARD_LINK },    { '2', TAR_SYMLINK },   { '3', TAR_CHAR_DEVICE },
	{ '4', TAR_BLOCK_DEVICE }, { '5', TAR_DIRECTORY }, { '6', TAR_FIFO },
};

static int find_type(const struct tar_reader *reader, enum tar_type *ret, struct error *err)
{
	char flag = reader->header.type;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (types[i].flag == flag) {
			*ret = types[i].type;
			return 0;
		}
	}
	if (flag == 'S')
		return fail(err, ERR_UNSUPPORTED, "tar: %.200s: sparse files are not supported", reader->header.name);
	return fail(err, ERR_UNSUPPORTED, "tar: %.200s: entry type 0x%02x is not known", reader->header.name,
		    (unsigned char)flag);
}

static int set_id(const char *what, const char *name, int64_t value, uint32_t *ret, struct error *err)
{
	if (value < 0 || value >= UINT32_MAX)
		return fail(err, ERR_INVALID_SPEC, "tar: %.200s: %s %" PRId64 " is out of range", name, what, value);
	*ret = (uint32_t)value;
	return 0;
}

static int check_name(const struct tar_reader *reader, const char *what, const char *text, struct error *err)
{
	if (strlen(text) > reader->limits->path_bytes)
		return fail(err, ERR_INVALID_SPEC, "tar: %.64s...: %s longer than the limit of %" PRIu64 " bytes", text,
			    what, reader->limits->path_bytes);
	return 0;
}

static const char *first_of(const char *a, const char *b, const char *c)
{
	return a ? a : b ? b : c;
}

static int check_entry(const struct tar_reader *reader, const struct tar_entry *entry, struct error *err)
{
	bool is_link = entry->type == TAR_HARD_LINK || entry->type == TAR_SYMLINK;

	if (reader->pax.is_sparse)
		return fail(err, ERR_UNSUPPORTED, "tar: %.200s: sparse files are not supported", entry->name);
	if (entry->name[0] == '\0')
		return fail(err, ERR_INVALID_SPEC, "tar: an entry without a name");
	if (is_link && entry->link[0] == '\0')
		return fail(err, ERR_INVALID_SPEC, "tar: %.200s: a link without a target", entry->name);
	if (entry->size > reader->limits->layer_bytes)
		return fail(err, ERR_INVALID_SPEC, "tar: %.200s: %" PRIu64 " bytes, more than the limit of %" PRIu64,
			    entry->name, entry->size, reader->limits->layer_bytes);
	if (check_name(reader, "name", entry->name, err) < 0 || check_name(reader, "link target", entry->link, err) < 0)
		return -1;
	return 0;
}

/* Header and extensions together. */
static int build_entry(struct tar_reader *reader, struct error *err)
{
	const struct tar_header *header = &reader->header;
	const struct tar_pax *pax = &reader->pax;
	struct tar_entry entry = {
		.name = first_of(pax->path, reader->long_name, header->name),
		.link = first_of(pax->link_path, reader->long_link, header->link),
		.mode = header->mode & 07777,
		.mtime = pax->has_mtime ? pax->mtime : header->mtime,
		.mtime_ns = pax->has_mtime ? pax->mtime_ns : 0,
		.device_major = header->device_major,
		.device_minor = header->device_minor,
		.xattrs = pax->xattrs,
		.n_xattrs = pax->n_xattrs,
	};

	if (find_type(reader, &entry.type, err) < 0)
		return -1;
	if (set_id("owner", entry.name, pax->has_uid ? pax->uid : header->uid, &entry.uid, err) < 0 ||
	    set_id("group", entry.name, pax->has_gid ? pax->gid : header->gid, &entry.gid, err) < 0)
		return -1;
	/* Before ustar, a directory was a file whose name ends with a slash. */
	if (entry.type == TAR_FILE && text_ends_with(entry.name, "/"))
		entry.type = TAR_DIRECTORY;
	if (entry.type != TAR_HARD_LINK && entry.type != TAR_SYMLINK)
		entry.link = "";
	if (entry.type == TAR_FILE)
		entry.size = pax->has_size ? pax->size : header->size;
	if (check_entry(reader, &entry, err) < 0)
		return -1;
	reader->entry = entry;
	expect_data(reader, entry.size);
	return 0;
}

static int read_extension(struct tar_reader *reader, bool *ret_is_one, struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(extensions); i++) {
		if (extensions[i].flag != reader->header.type)
			continue;
		*ret_is_one = true;
		return extensions[i].read(reader, err);
	}
	*ret_is_one = false;
	return 0;
}

int tar_reader_next(struct tar_reader *reader, const struct tar_entry **ret, struct error *err)
{
	bool is_extension = true;

	if (reader->is_at_end)
		return 0;
	if (skip_entry(reader, err) < 0)
		return -1;
	forget_extensions(reader);
	while (is_extension) {
		int r = read_header(reader, err);

		if (r <= 0) {
			reader->is_at_end = r == 0;
			return r;
		}
		if (read_extension(reader, &is_extension, err) < 0)
			return -1;
	}
	if (build_entry(reader, err) < 0)
		return -1;
	*ret = &reader->entry;
	return 1;
}

int tar_reader_data(struct tar_reader *reader, const uint8_t **ret, size_t *ret_len, struct error *err)
{
	size_t n;
	int r;

	if (reader->data_left == 0)
		return 0;
	r = refill(reader, err);
	if (r <= 0)
		return r < 0 ? -1 : ends_too_early(err);
	n = smaller(reader->data_left, reader->block_len);
	*ret = reader->block;
	*ret_len = n;
	consume(reader, n);
	reader->data_left -= n;
	return 1;
}

int tar_reader_drain(struct tar_reader *reader, struct error *err)
{
	reader->block_len = 0;
	return byte_stream_drain(reader->source, err);
}
