/* tar_header.c - the fields of a tar header, read strictly. Offsets: POSIX pax(1), "ustar Interchange Format". */
#include "store/tar_header.h"

#include <string.h>

struct field {
	const char *name;
	unsigned offset, size;
};

static const struct field field_name = { "name", 0, 100 };
static const struct field field_mode = { "mode", 100, 8 };
static const struct field field_uid = { "uid", 108, 8 };
static const struct field field_gid = { "gid", 116, 8 };
static const struct field field_size = { "size", 124, 12 };
static const struct field field_mtime = { "mtime", 136, 12 };
static const struct field field_checksum = { "checksum", 148, 8 };
static const struct field field_link = { "linkname", 157, 100 };
static const struct field field_major = { "devmajor", 329, 8 };
static const struct field field_minor = { "devminor", 337, 8 };
static const struct field field_prefix = { "prefix", 345, 155 };

#define TYPE_OFFSET 156
#define MAGIC_OFFSET 257

bool tar_block_is_zero(const uint8_t block[TAR_BLOCK])
{
	static const uint8_t zeros[TAR_BLOCK];

	return memcmp(block, zeros, TAR_BLOCK) == 0;
}

static int bad_field(struct error *err, const struct field *field, const char *why)
{
	return fail(err, ERR_INVALID_SPEC, "tar header: %s: %s", field->name, why);
}

/* GNU's form for what octal cannot hold: the top bit set, then a two's complement number, highest byte first. */
static int read_binary(const uint8_t *p, const struct field *field, int64_t *ret, struct error *err)
{
	bool is_negative = p[0] & 0x40;
	uint64_t value = is_negative ? ~0ULL : 0;

	for (unsigned i = 0; i < field->size; i++) {
		uint8_t byte = i == 0 ? (uint8_t)((p[0] & 0x7f) | (is_negative ? 0x80 : 0)) : p[i];
		uint8_t pushed_out = (uint8_t)(value >> 56);

		if (pushed_out != (is_negative ? 0xff : 0))
			return bad_field(err, field, "number too large");
		value = value << 8 | byte;
	}
	if ((int64_t)value < 0 && !is_negative)
		return bad_field(err, field, "number too large");
	*ret = (int64_t)value;
	return 0;
}

/* Octal digits between blanks and NULs; an empty field is 0, as writers leave the device numbers of plain files. */
static int read_number(const uint8_t *block, const struct field *field, int64_t *ret, struct error *err)
{
	const uint8_t *p = block + field->offset, *end = p + field->size;
	int64_t value = 0;

	if (*p & 0x80)
		return read_binary(p, field, ret, err);
	while (p < end && (*p == ' ' || *p == '\0'))
		p++;
	for (; p < end && *p >= '0' && *p <= '7'; p++)
		value = value << 3 | (*p - '0');
	for (; p < end; p++)
		if (*p != ' ' && *p != '\0')
			return bad_field(err, field, "not an octal number");
	*ret = value;
	return 0;
}

static int read_bounded(const uint8_t *block, const struct field *field, int64_t most, int64_t *ret, struct error *err)
{
	int64_t value = 0;

	if (read_number(block, field, &value, err) < 0)
		return -1;
	if (value < 0 || value > most)
		return bad_field(err, field, "out of range");
	*ret = value;
	return 0;
}

/* Some old writers added signed bytes; both sums count. */
static int check_sum(const uint8_t *block, struct error *err)
{
	int64_t wanted = 0, plain = 0, with_sign = 0;

	if (read_number(block, &field_checksum, &wanted, err) < 0)
		return -1;
	for (unsigned i = 0; i < TAR_BLOCK; i++) {
		bool is_sum = i >= field_checksum.offset && i < field_checksum.offset + field_checksum.size;

		plain += is_sum ? ' ' : block[i];
		with_sign += is_sum ? ' ' : (int8_t)block[i];
	}
	if (wanted != plain && wanted != with_sign)
		return fail(err, ERR_INVALID_SPEC,
			    "tar header: checksum does not match (damaged, or not a tar archive)");
	return 0;
}

static size_t copy_text(const uint8_t *block, const struct field *field, char *to)
{
	size_t len = strnlen((const char *)block + field->offset, field->size);

	memcpy(to, block + field->offset, len);
	to[len] = '\0';
	return len;
}

/* Only POSIX archives have a prefix; GNU keeps times there. */
static void read_name(const uint8_t *block, struct tar_header *header)
{
	size_t len = 0;

	if (memcmp(block + MAGIC_OFFSET, "ustar", 6) == 0 && block[field_prefix.offset]) {
		len = copy_text(block, &field_prefix, header->name);
		header->name[len++] = '/';
	}
	copy_text(block, &field_name, header->name + len);
}

int tar_header_parse(const uint8_t block[TAR_BLOCK], struct tar_header *ret, struct error *err)
{
	struct tar_header header = { .type = (char)block[TYPE_OFFSET] };
	int64_t mode = 0, size = 0, major = 0, minor = 0;

	if (check_sum(block, err) < 0)
		return -1;
	if (read_bounded(block, &field_mode, INT32_MAX, &mode, err) < 0 ||
	    read_number(block, &field_uid, &header.uid, err) < 0 ||
	    read_number(block, &field_gid, &header.gid, err) < 0 ||
	    read_bounded(block, &field_size, INT64_MAX, &size, err) < 0 ||
	    read_number(block, &field_mtime, &header.mtime, err) < 0)
		return -1;
	if (header.type == '3' || header.type == '4')
		if (read_bounded(block, &field_major, 0xfff, &major, err) < 0 ||
		    read_bounded(block, &field_minor, 0xfffff, &minor, err) < 0)
			return -1;
	header.mode = (uint32_t)mode;
	header.size = (uint64_t)size;
	header.device_major = (uint32_t)major;
	header.device_minor = (uint32_t)minor;
	read_name(block, &header);
	copy_text(block, &field_link, header.link);
	*ret = header;
	return 0;
}
