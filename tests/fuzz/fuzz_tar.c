/* fuzz_tar.c - a tar archive, plain or compressed; the first byte says in which blocks it comes. */
#include <string.h>

#include "store/decompress.h"
#include "store/rooted.h"
#include "store/tar_reader.h"
#include "support/memory_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a bomb may unpack to while it is fuzzed. */
#define MOST_BYTES (4UL << 20)

static void read_entry(struct tar_reader *reader, const struct tar_entry *entry, const struct store_limits *limits)
{
	AUTO_DONE(rooted_path) path = { 0 };
	const uint8_t *block;
	uint64_t got = 0;
	size_t len;
	int r;

	if (!*entry->name || strlen(entry->name) > limits->path_bytes || strlen(entry->link) > limits->path_bytes)
		abort();
	if (entry->mode > 07777 || entry->uid == UINT32_MAX || entry->mtime_ns > 999999999)
		abort();
	if (rooted_path_set(&path, entry->name, limits, NULL) == 0) {
		const char *text = strbuf_peek(&path.text);

		if (*text == '/' || strstr(text, "//") || strcmp(text, "..") == 0 || strncmp(text, "../", 3) == 0 ||
		    strstr(text, "/../") || strchr(path.base, '/'))
			abort();
	}
	while ((r = tar_reader_data(reader, &block, &len, NULL)) > 0)
		got += len;
	if (r == 0 && got != entry->size)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct store_limits limits = STORE_LIMITS_DEFAULT;
	struct memory_stream source = memory_stream(data + (size > 0), size - (size > 0), size > 0 ? data[0] + 1U : 1);
	struct byte_tally tally = { 0 };
	struct byte_tee tee = { &tally, -1, MOST_BYTES, "archive", { 0 } };
	AUTO(byte_stream) stream = NULL;
	AUTO(tar_reader) reader = NULL;
	const struct tar_entry *entry;
	enum compression kind;

	limits.layer_bytes = MOST_BYTES;
	stream = decompress_new(&source.stream, &kind, NULL);
	if (stream)
		stream = byte_stream_tee(stream, &tee, NULL);
	if (!stream)
		return 0;
	reader = tar_reader_new(stream, &limits, NULL);
	while (reader && tar_reader_next(reader, &entry, NULL) > 0)
		read_entry(reader, entry, &limits);
	return 0;
}
