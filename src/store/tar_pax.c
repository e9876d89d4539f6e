/* tar_pax.c - pax records: the table of keys that matter, each with its reader. */
#include "store/tar_pax.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"

void tar_pax_done(struct tar_pax *pax)
{
	for (size_t i = 0; i < pax->n_xattrs; i++) {
		free(pax->xattrs[i].name);
		free(pax->xattrs[i].value);
	}
	free(pax->xattrs);
	free(pax->path);
	free(pax->link_path);
	*pax = (struct tar_pax){ 0 };
}

/* value is NUL-terminated beyond len. */
struct record {
	const char *key, *value;
	size_t len;
};

static int bad_record(struct error *err, const char *key, const char *why)
{
	return fail(err, ERR_INVALID_SPEC, "pax header: %.64s: %s", key, why);
}

static int set_text(char **to, const struct record *record, const struct store_limits *limits, struct error *err)
{
	char *copy;

	if (memchr(record->value, '\0', record->len))
		return bad_record(err, record->key, "a NUL inside");
	if (record->len > limits->path_bytes)
		return fail(err, ERR_INVALID_SPEC, "pax header: %s: longer than the limit of %" PRIu64 " bytes",
			    record->key, limits->path_bytes);
	copy = memory_dup(record->value, record->len);
	if (!copy)
		return fail_oom(err);
	free(*to);
	*to = copy;
	return 0;
}

static int read_path(struct tar_pax *pax, const struct record *record, const struct store_limits *limits,
		     struct error *err)
{
	return set_text(&pax->path, record, limits, err);
}

static int read_link_path(struct tar_pax *pax, const struct record *record, const struct store_limits *limits,
			  struct error *err)
{
	return set_text(&pax->link_path, record, limits, err);
}

static int read_u63(const struct record *record, int64_t *ret, struct error *err)
{
	uint64_t value = 0;

	if (strlen(record->value) != record->len || parse_u64(record->value, &value) < 0 || value > INT64_MAX)
		return bad_record(err, record->key, "not a number in range");
	*ret = (int64_t)value;
	return 0;
}

static int read_size(struct tar_pax *pax, const struct record *record, const struct store_limits *limits,
		     struct error *err)
{
	int64_t value = 0;

	(void)limits;
	if (read_u63(record, &value, err) < 0)
		return -1;
	pax->size = (uint64_t)value;
	pax->has_size = true;
	return 0;
}

static int read_uid(struct tar_pax *pax, const struct record *record, const struct store_limits *limits,
		    struct error *err)
{
	(void)limits;
	pax->has_uid = true;
	return read_u63(record, &pax->uid, err);
}

static int read_gid(struct tar_pax *pax, const struct record *record, const struct store_limits *limits,
		    struct error *err)
{
	(void)limits;
	pax->has_gid = true;
	return read_u63(record, &pax->gid, err);
}

/* The digits behind the point as nanoseconds; what is finer is cut off. */
static int read_fraction(const char *digits, uint32_t *ret)
{
	uint32_t ns = 0, unit = 100000000;

	for (; *digits; digits++) {
		if (*digits < '0' || *digits > '9')
			return -EINVAL;
		ns += (uint32_t)(*digits - '0') * unit;
		unit /= 10;
	}
	*ret = ns;
	return 0;
}

/* "-1.25" is one second and a quarter before the epoch: -2 s and 750 ms as timespec has it. */
static int read_mtime(struct tar_pax *pax, const struct record *record, const struct store_limits *limits,
		      struct error *err)
{
	char whole[24] = "";
	const char *point = strchr(record->value, '.');
	size_t len = point ? (size_t)(point - record->value) : record->len;
	int64_t seconds = 0;
	uint32_t ns = 0;

	(void)limits;
	if (strlen(record->value) != record->len || len >= sizeof(whole))
		return bad_record(err, record->key, "not a time");
	memcpy(whole, record->value, len);
	if (parse_i64(whole, &seconds) < 0 || (point && read_fraction(point + 1, &ns) < 0) || seconds == INT64_MIN)
		return bad_record(err, record->key, "not a time");
	if (whole[0] == '-' && ns > 0) {
		seconds--;
		ns = (uint32_t)NSEC_PER_SEC - ns;
	}
	pax->mtime = seconds;
	pax->mtime_ns = ns;
	pax->has_mtime = true;
	return 0;
}

static int read_sparse(struct tar_pax *pax, const struct record *record, const struct store_limits *limits,
		       struct error *err)
{
	(void)record;
	(void)limits;
	(void)err;
	pax->is_sparse = true;
	return 0;
}

static struct tar_xattr *find_xattr(struct tar_pax *pax, const char *name)
{
	for (size_t i = 0; i < pax->n_xattrs; i++)
		if (strcmp(pax->xattrs[i].name, name) == 0)
			return &pax->xattrs[i];
	return NULL;
}

static struct tar_xattr *add_xattr(struct tar_pax *pax, const char *name)
{
	struct tar_xattr *xattr;
	char *copy;

	if (array_reserve((void **)&pax->xattrs, &pax->xattrs_capacity, pax->n_xattrs + 1, sizeof(*pax->xattrs)) < 0)
		return NULL;
	copy = strdup(name);
	if (!copy)
		return NULL;
	xattr = &pax->xattrs[pax->n_xattrs++];
	*xattr = (struct tar_xattr){ .name = copy };
	return xattr;
}

#define XATTR_PREFIX "SCHILY.xattr."
#define LONGEST_XATTR_NAME 255 /* XATTR_NAME_MAX */

static int read_xattr(struct tar_pax *pax, const struct record *record, const struct store_limits *limits,
		      struct error *err)
{
	const char *name = record->key + strlen(XATTR_PREFIX);
	struct tar_xattr *xattr = find_xattr(pax, name);
	uint8_t *value;

	if (*name == '\0' || strlen(name) > LONGEST_XATTR_NAME)
		return bad_record(err, record->key, "not an attribute's name");
	if (record->len > limits->xattr_bytes)
		return fail(err, ERR_INVALID_SPEC, "pax header: %.64s: larger than the limit of %" PRIu64 " bytes",
			    record->key, limits->xattr_bytes);
	if (!xattr && pax->n_xattrs >= limits->xattrs)
		return fail(err, ERR_INVALID_SPEC, "pax header: more than the limit of %" PRIu64 " extended attributes",
			    limits->xattrs);
	value = memory_dup(record->value, record->len);
	if (value && !xattr)
		xattr = add_xattr(pax, name);
	if (!value || !xattr) {
		free(value);
		return fail_oom(err);
	}
	free(xattr->value);
	xattr->value = value;
	xattr->len = record->len;
	return 0;
}

static const struct {
	const char *key; /* one that ends with a point stands for all keys that begin so */
	int (*read)(struct tar_pax *pax, const struct record *record, const struct store_limits *limits,
		    struct error *err);
} keys[] = {
	{ "path", read_path },        { "linkpath", read_link_path },
	{ "size", read_size },        { "uid", read_uid },
	{ "gid", read_gid },          { "mtime", read_mtime },
	{ XATTR_PREFIX, read_xattr }, { "GNU.sparse.", read_sparse },
};

static bool key_matches(const char *wanted, const char *key)
{
	return text_ends_with(wanted, ".") ? text_starts_with(key, wanted) : strcmp(wanted, key) == 0;
}

/* An empty value takes back what a global header said; those are not in effect here, so nothing is to be done. */
static int read_record(struct tar_pax *pax, const struct record *record, const struct store_limits *limits,
		       struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!key_matches(keys[i].key, record->key))
			continue;
		if (record->len == 0 && keys[i].read != read_xattr)
			return 0;
		return keys[i].read(pax, record, limits, err);
	}
	return 0;
}

/* The record's length counts its own digits, the blank and the newline. */
static int read_length(const char *data, size_t len, size_t *ret_digits, size_t *ret_length)
{
	size_t digits = 0, length = 0;

	while (digits < len && digits < 10 && data[digits] >= '0' && data[digits] <= '9')
		length = length * 10 + (size_t)(data[digits++] - '0');
	if (digits == 0 || digits >= len || data[digits] != ' ' || length > len || length < digits + 3 ||
	    data[length - 1] != '\n')
		return -EINVAL;
	*ret_digits = digits;
	*ret_length = length;
	return 0;
}

static int parse_record(char *data, size_t length, size_t digits, struct tar_pax *pax,
			const struct store_limits *limits, struct error *err)
{
	char *key = data + digits + 1, *end = data + length - 1;
	char *equals = memchr(key, '=', (size_t)(end - key));

	if (!equals || equals == key || memchr(key, '\0', (size_t)(equals - key)))
		return fail(err, ERR_INVALID_SPEC, "pax header: a record without a key");
	*equals = '\0';
	*end = '\0';
	return read_record(pax, &(struct record){ key, equals + 1, (size_t)(end - equals - 1) }, limits, err);
}

int tar_pax_parse(const char *data, size_t len, const struct store_limits *limits, struct tar_pax *pax,
		  struct error *err)
{
	autofree char *copy = memory_dup(data, len);
	size_t at = 0, digits = 0, length = 0;

	if (!copy)
		return fail_oom(err);
	for (; at < len; at += length) {
		if (read_length(copy + at, len - at, &digits, &length) < 0)
			return fail(err, ERR_INVALID_SPEC, "pax header: byte %zu: not a record", at);
		if (parse_record(copy + at, length, digits, pax, limits, err) < 0)
			return -1;
	}
	return 0;
}
