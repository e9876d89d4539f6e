/* test_byte_stream.c - what tees, decompressors and the thread between them make of a stream. */
#include "support/cmocka_setup.h"

#include <isa-l/igzip_lib.h>
#include <string.h>
#include <zstd.h>

#include "base/strbuf.h"
#include "store/byte_pipeline.h"
#include "store/decompress.h"
#include "support/memory_stream.h"

/* Text that is neither all alike nor too long. */
static void make_text(struct strbuf *text, size_t lines)
{
	for (size_t i = 0; i < lines; i++)
		strbuf_addf(text, "line %zu of many, %zx\n", i, i * 2654435761U);
}

static void gzip(const struct strbuf *text, struct strbuf *out)
{
	struct isal_zstream stream;
	size_t room = text->len + 4096;
	autofree uint8_t *buffer = malloc(room);

	assert_non_null(buffer);
	isal_deflate_stateless_init(&stream);
	stream.gzip_flag = IGZIP_GZIP;
	stream.end_of_stream = 1;
	stream.next_in = (uint8_t *)text->data;
	stream.avail_in = (uint32_t)text->len;
	stream.next_out = buffer;
	stream.avail_out = (uint32_t)room;
	assert_int_equal(isal_deflate_stateless(&stream), COMP_OK);
	strbuf_add(out, buffer, stream.total_out);
}

static void zstd(const struct strbuf *text, struct strbuf *out)
{
	size_t room = ZSTD_compressBound(text->len);
	autofree uint8_t *buffer = malloc(room);

	assert_non_null(buffer);
	strbuf_add(out, buffer, ZSTD_compress(buffer, room, text->data, text->len, 1));
}

/* All of a stream, or -1. */
static int collect(struct byte_stream *stream, struct strbuf *out, struct error *err)
{
	const uint8_t *block;
	size_t len;
	int r;

	while ((r = byte_stream_next(stream, &block, &len, err)) > 0) {
		assert_true(len > 0);
		strbuf_add(out, block, len);
	}
	return r;
}

static int unpack(const struct strbuf *packed, size_t block, struct strbuf *out, struct error *err)
{
	struct memory_stream source = memory_stream(packed->data, packed->len, block);
	enum compression kind;
	AUTO(byte_stream) stream = decompress_new(&source.stream, &kind, err);

	return stream ? collect(stream, out, err) : -1;
}

static void check_compressed(void (*compress)(const struct strbuf *, struct strbuf *))
{
	AUTO_DONE(strbuf) first = { 0 };
	AUTO_DONE(strbuf) text = { 0 };
	AUTO_DONE(strbuf) packed = { 0 };

	make_text(&first, 3);
	make_text(&text, 40000);
	compress(&first, &packed);
	compress(&text, &packed);
	strbuf_add(&first, text.data, text.len);
	for (size_t block = 4; block < 300000; block = block * 5 + 1) {
		AUTO_DONE(strbuf) out = { 0 };

		assert_int_equal(unpack(&packed, block, &out, NULL), 0);
		assert_int_equal(out.len, first.len);
		assert_memory_equal(out.data, first.data, out.len);
	}
	for (size_t cut = 1; cut < packed.len; cut += cut < 40 ? 1 : 7919) {
		AUTO_DONE(strbuf) out = { 0 };
		struct strbuf part = { .data = packed.data, .len = packed.len - cut };
		struct error err = { 0 };

		assert_int_equal(unpack(&part, 1000, &out, &err), -1);
		assert_non_null(strstr(err.msg, "too early"));
	}
}

static void members_of_gzip_follow_each_other(void **state)
{
	(void)state;
	check_compressed(gzip);
}

static void frames_of_zstd_follow_each_other(void **state)
{
	(void)state;
	check_compressed(zstd);
}

static void anything_else_passes(void **state)
{
	static const char *const cases[] = { "", "x", "\x1f", "plain text" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct strbuf text = { .data = (char *)cases[i], .len = strlen(cases[i]) };
		AUTO_DONE(strbuf) out = { 0 };

		assert_int_equal(unpack(&text, 3, &out, NULL), 0);
		assert_string_equal(strbuf_peek(&out), cases[i]);
	}
}

static void a_thread_ahead_changes_nothing(void **state)
{
	AUTO_DONE(strbuf) text = { 0 };

	(void)state;
	make_text(&text, 50000);
	for (size_t block = 1000; block < 600000; block *= 8) {
		struct memory_stream source = memory_stream(text.data, text.len, block);
		AUTO(byte_stream) stream = byte_pipeline_new(&source.stream, -1, NULL);
		AUTO_DONE(strbuf) out = { 0 };

		assert_int_equal(collect(stream, &out, NULL), 0);
		assert_int_equal(out.len, text.len);
		assert_memory_equal(out.data, text.data, out.len);
		assert_int_equal(collect(stream, &out, NULL), 0);
	}
}

static void an_error_comes_through_the_thread_in_its_place(void **state)
{
	struct memory_stream source = memory_stream("abc", 3, 1);
	AUTO_DONE(strbuf) out = { 0 };
	AUTO(byte_stream) stream = NULL;
	struct error err = { 0 };

	(void)state;
	source.fails_at_end = true;
	stream = byte_pipeline_new(&source.stream, -1, NULL);
	assert_int_equal(collect(stream, &out, &err), -1);
	assert_string_equal(strbuf_peek(&out), "abc");
	assert_int_equal(err.kind, ERR_NETWORK);
}

static void a_thread_that_nobody_reads_ends(void **state)
{
	struct memory_stream source = memory_stream("abcdefghijklmnopqrstuvwxyz", 26, 1);

	(void)state;
	byte_stream_free(byte_pipeline_new(&source.stream, -1, NULL));
}

static void a_tee_counts_hashes_and_limits(void **state)
{
	AUTO_DONE(byte_tally) tally = { 0 };
	struct memory_stream source = memory_stream("abc", 3, 2);
	char digest[SHA256_DIGEST_SIZE];
	AUTO(byte_stream) stream = NULL;
	struct byte_tee tee = { &tally, -1, 3, "thing", { 0 } };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(byte_tally_init(&tally, NULL), 0);
	stream = byte_stream_tee(&source.stream, &tee, NULL);
	assert_int_equal(byte_stream_drain(stream, NULL), 0);
	digest_finish(tally.digest, digest);
	assert_int_equal(tally.bytes, 3);
	assert_string_equal(digest, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	source = memory_stream("abcd", 4, 2);
	assert_int_equal(byte_stream_drain(stream, &err), -1);
	assert_non_null(strstr(err.msg, "thing: larger than the limit of 3 bytes"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_of_gzip_follow_each_other),
		cmocka_unit_test(frames_of_zstd_follow_each_other),
		cmocka_unit_test(anything_else_passes),
		cmocka_unit_test(a_thread_ahead_changes_nothing),
		cmocka_unit_test(an_error_comes_through_the_thread_in_its_place),
		cmocka_unit_test(a_thread_that_nobody_reads_ends),
		cmocka_unit_test(a_tee_counts_hashes_and_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
