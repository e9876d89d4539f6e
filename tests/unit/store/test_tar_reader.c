/* test_tar_reader.c - archives of several entries, in whatever blocks they come. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "base/strbuf.h"
#include "store/tar_reader.h"
#include "support/memory_stream.h"

static const struct store_limits limits = STORE_LIMITS_DEFAULT;

static void add(struct strbuf *tar, char type, const char *name, const char *link, const char *body)
{
	char block[512] = "";
	unsigned sum = 0;
	size_t len = strlen(body);

	snprintf(block, 100, "%s", name);
	snprintf(block + 100, 8, "0000644");
	snprintf(block + 124, 12, "%011o", (unsigned)len);
	block[156] = type;
	snprintf(block + 157, 100, "%s", link);
	memcpy(block + 257, "ustar\00000", 8);
	memset(block + 148, ' ', 8);
	for (unsigned i = 0; i < sizeof(block); i++)
		sum += (unsigned char)block[i];
	snprintf(block + 148, 8, "%06o", sum);
	strbuf_add(tar, block, sizeof(block));
	strbuf_add(tar, body, len);
	memset(block, 0, sizeof(block));
	strbuf_add(tar, block, (512 - len % 512) % 512);
}

static void add_end(struct strbuf *tar)
{
	char zeros[1024] = "";

	strbuf_add(tar, zeros, sizeof(zeros));
}

/* "TYPE NAME>LINK=DATA;" for each entry, or the error. */
static void tell(const struct strbuf *tar, size_t block, const struct store_limits *with, struct strbuf *out)
{
	struct memory_stream source = memory_stream(tar->data, tar->len, block);
	AUTO(tar_reader) reader = tar_reader_new(&source.stream, with, NULL);
	const struct tar_entry *entry = NULL;
	struct error err = { 0 };
	const uint8_t *data;
	size_t len;
	int r;

	strbuf_reset(out);
	while ((r = tar_reader_next(reader, &entry, &err)) > 0) {
		strbuf_addf(out, "%d %s>%s=", entry->type, entry->name, entry->link);
		while ((r = tar_reader_data(reader, &data, &len, &err)) > 0)
			strbuf_add(out, data, len);
		strbuf_add_char(out, ';');
		if (r < 0)
			break;
	}
	if (r < 0)
		strbuf_addf(out, "!%s", err.msg);
}

static void expect(const struct strbuf *tar, const char *text)
{
	static const size_t blocks[] = { 1, 7, 511, 512, 513, 4096, 1 << 20 };
	AUTO_DONE(strbuf) out = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
		tell(tar, blocks[i], &limits, &out);
		assert_string_equal(strbuf_peek(&out), text);
	}
}

static void entries_are_the_same_in_blocks_of_any_size(void **state)
{
	AUTO_DONE(strbuf) tar = { 0 };

	(void)state;
	add(&tar, '0', "one", "", "data");
	add(&tar, '5', "dir/", "", "");
	add(&tar, '2', "sym", "target", "");
	add(&tar, '1', "hard", "one", "");
	add(&tar, '0', "empty", "", "");
	add_end(&tar);
	expect(&tar, "0 one>=data;5 dir/>=;2 sym>target=;1 hard>one=;0 empty>=;");
}

static void extensions_apply_to_the_next_entry_only(void **state)
{
	AUTO_DONE(strbuf) tar = { 0 };

	(void)state;
	add(&tar, 'g', "global", "", "20 path=not/applied\n");
	add(&tar, 'x', "pax", "", "17 path=from/pax\n21 linkpath=pax/link\n");
	add(&tar, '2', "short", "link", "");
	add(&tar, 'L', "././@LongLink", "", "from/gnu");
	add(&tar, 'K', "././@LongLink", "", "gnu/link");
	add(&tar, '1', "short", "link", "");
	add(&tar, '0', "plain", "", "x");
	add_end(&tar);
	expect(&tar, "2 from/pax>pax/link=;1 from/gnu>gnu/link=;0 plain>=x;");
}

static void a_file_with_a_slash_at_the_end_is_a_directory(void **state)
{
	AUTO_DONE(strbuf) tar = { 0 };

	(void)state;
	add(&tar, '\0', "old/", "", "");
	add(&tar, '7', "contiguous", "", "x");
	expect(&tar, "5 old/>=;0 contiguous>=x;");
}

static void what_follows_the_end_is_not_read(void **state)
{
	AUTO_DONE(strbuf) tar = { 0 };

	(void)state;
	add(&tar, '0', "one", "", "");
	add_end(&tar);
	add(&tar, '0', "hidden", "", "");
	expect(&tar, "0 one>=;");
}

static void an_archive_cut_anywhere_gives_no_entry_that_it_did_not_have(void **state)
{
	AUTO_DONE(strbuf) tar = { 0 };
	AUTO_DONE(strbuf) out = { 0 };

	(void)state;
	add(&tar, '0', "one", "", "data");
	add(&tar, '0', "two", "", "more");
	for (; tar.len > 0; tar.len--) {
		tell(&tar, 100, &limits, &out);
		assert_true(tar.len % 512 == 0 ? tar.len % 1024 == 0 || strstr(strbuf_peek(&out), "too early") != NULL
					       : strstr(strbuf_peek(&out), "too early") != NULL);
	}
}

static void limits_are_named(void **state)
{
	struct store_limits small = limits;
	AUTO_DONE(strbuf) tar = { 0 };
	AUTO_DONE(strbuf) out = { 0 };

	(void)state;
	add(&tar, '0', "one", "", "");
	add(&tar, '0', "long-name", "", "");
	add(&tar, '0', "x", "", "1234567890");
	small.entries = 2;
	tell(&tar, 512, &small, &out);
	assert_non_null(strstr(strbuf_peek(&out), "limit of 2 entries"));
	small = limits;
	small.path_bytes = 5;
	tell(&tar, 512, &small, &out);
	assert_non_null(strstr(strbuf_peek(&out), "limit of 5 bytes"));
	small = limits;
	small.layer_bytes = 9;
	tell(&tar, 512, &small, &out);
	assert_non_null(strstr(strbuf_peek(&out), "x: 10 bytes, more than the limit of 9"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_the_same_in_blocks_of_any_size),
		cmocka_unit_test(extensions_apply_to_the_next_entry_only),
		cmocka_unit_test(a_file_with_a_slash_at_the_end_is_a_directory),
		cmocka_unit_test(what_follows_the_end_is_not_read),
		cmocka_unit_test(an_archive_cut_anywhere_gives_no_entry_that_it_did_not_have),
		cmocka_unit_test(limits_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
