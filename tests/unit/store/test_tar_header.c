/* test_tar_header.c - one block of a tar archive. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "store/tar_header.h"

static void set_sum(uint8_t *block)
{
	unsigned sum = 0;

	memset(block + 148, ' ', 8);
	for (unsigned i = 0; i < TAR_BLOCK; i++)
		sum += block[i];
	snprintf((char *)block + 148, 8, "%06o", sum);
}

/* A header of a plain file "f", with some bytes put over it. */
static void make(uint8_t *block, unsigned offset, const void *data, size_t len)
{
	memset(block, 0, TAR_BLOCK);
	memcpy(block, "f", 1);
	memcpy(block + 100, "0000644", 7);
	memcpy(block + 108, "0001750", 7);
	memcpy(block + 116, "0000144", 7);
	memcpy(block + 124, "00000000017", 11);
	memcpy(block + 136, "14732321530", 11);
	block[156] = '0';
	memcpy(block + 257, "ustar\00000", 8);
	memcpy(block + offset, data, len);
	set_sum(block);
}

static void a_plain_header_is_read(void **state)
{
	uint8_t block[TAR_BLOCK];
	struct tar_header header;

	(void)state;
	make(block, 0, "", 0);
	assert_int_equal(tar_header_parse(block, &header, NULL), 0);
	assert_string_equal(header.name, "f");
	assert_int_equal(header.mode, 0644);
	assert_int_equal(header.uid, 1000);
	assert_int_equal(header.gid, 100);
	assert_int_equal(header.size, 15);
	assert_int_equal(header.type, '0');
}

static void sizes_come_in_octal_and_in_binary(void **state)
{
	static const struct {
		const char *field; /* 12 bytes */
		int64_t size;      /* -1: refused */
	} cases[] = {
		{ "00000000000\0", 0 },
		{ "77777777777\0", 077777777777 },
		{ "777777777777", 0777777777777 },
		{ "         17 ", 15 },
		{ "17\0\0\0\0\0\0\0\0\0\0", 15 },
		{ "\0\0\0\0\0\0\0\0\0\0\0\0", 0 },
		{ "\200\0\0\0\0\0\0\0\0\0\0\17", 15 },
		{ "\200\0\0\0\177\377\377\377\377\377\377\377", INT64_MAX },
		{ "\200\0\0\0\200\0\0\0\0\0\0\0", -1 },
		{ "\200\0\0\1\0\0\0\0\0\0\0\0", -1 },
		{ "\277\377\377\377\377\377\377\377\377\377\377\377", -1 },
		{ "\377\377\377\377\377\377\377\377\377\377\377\377", -1 },
		{ "0000000008\0\0", -1 },
		{ "-0000000001\0", -1 },
		{ "00000 00017\0", -1 },
		{ "0x000000017\0", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t block[TAR_BLOCK];
		struct tar_header header = { .size = 99 };
		struct error err = { 0 };
		int r;

		make(block, 124, cases[i].field, 12);
		r = tar_header_parse(block, &header, &err);
		if (cases[i].size < 0) {
			assert_int_equal(r, -1);
			assert_int_equal(err.kind, ERR_INVALID_SPEC);
			assert_non_null(strstr(err.msg, "size"));
			continue;
		}
		assert_int_equal(r, 0);
		assert_int_equal(header.size, (uint64_t)cases[i].size);
	}
}

static void a_time_before_the_epoch_is_negative_in_binary(void **state)
{
	uint8_t block[TAR_BLOCK];
	struct tar_header header;

	(void)state;
	make(block, 136, "\377\377\377\377\377\377\377\377\377\377\377\376", 12);
	assert_int_equal(tar_header_parse(block, &header, NULL), 0);
	assert_int_equal(header.mtime, -2);
}

static void only_posix_archives_have_a_prefix(void **state)
{
	static const struct {
		const char *magic, *name;
	} cases[] = { { "ustar\00000", "dir/f" }, { "ustar  \0", "f" }, { "\0\0\0\0\0\0\0\0", "f" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t block[TAR_BLOCK];
		struct tar_header header;

		make(block, 345, "dir", 3);
		memcpy(block + 257, cases[i].magic, 8);
		set_sum(block);
		assert_int_equal(tar_header_parse(block, &header, NULL), 0);
		assert_string_equal(header.name, cases[i].name);
	}
}

static void the_longest_names_fit(void **state)
{
	uint8_t block[TAR_BLOCK];
	struct tar_header header;
	char name[100], prefix[155];

	(void)state;
	memset(name, 'n', sizeof(name));
	memset(prefix, 'p', sizeof(prefix));
	make(block, 0, name, sizeof(name));
	memcpy(block + 345, prefix, sizeof(prefix));
	memcpy(block + 157, name, sizeof(name));
	set_sum(block);
	assert_int_equal(tar_header_parse(block, &header, NULL), 0);
	assert_int_equal(strlen(header.name), 256);
	assert_int_equal(strlen(header.link), 100);
}

static void any_changed_byte_is_noticed(void **state)
{
	uint8_t block[TAR_BLOCK];
	struct tar_header header;

	(void)state;
	for (unsigned i = 0; i < TAR_BLOCK; i++) {
		if (i >= 148 && i < 156)
			continue;
		make(block, 0, "", 0);
		block[i] ^= 1;
		assert_int_equal(tar_header_parse(block, &header, NULL), -1);
	}
}

static void a_sum_of_signed_bytes_counts_too(void **state)
{
	uint8_t block[TAR_BLOCK];
	struct tar_header header;
	int sum = 0;

	(void)state;
	make(block, 0, "\344", 1);
	memset(block + 148, ' ', 8);
	for (unsigned i = 0; i < TAR_BLOCK; i++)
		sum += (int8_t)block[i];
	snprintf((char *)block + 148, 8, "%06o", (unsigned)sum);
	assert_int_equal(tar_header_parse(block, &header, NULL), 0);
}

static void only_zeros_are_zero(void **state)
{
	uint8_t block[TAR_BLOCK] = { 0 };

	(void)state;
	assert_true(tar_block_is_zero(block));
	block[511] = 1;
	assert_false(tar_block_is_zero(block));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_header_is_read),
		cmocka_unit_test(sizes_come_in_octal_and_in_binary),
		cmocka_unit_test(a_time_before_the_epoch_is_negative_in_binary),
		cmocka_unit_test(only_posix_archives_have_a_prefix),
		cmocka_unit_test(the_longest_names_fit),
		cmocka_unit_test(any_changed_byte_is_noticed),
		cmocka_unit_test(a_sum_of_signed_bytes_counts_too),
		cmocka_unit_test(only_zeros_are_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
