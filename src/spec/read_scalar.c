/* read_scalar.c - the types that one scalar gives: texts, numbers, booleans, sizes, durations, images. */
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "oci/reference.h"
#include "spec/duration.h"
#include "spec/memory_size.h"
#include "spec/reader.h"
#include "spec/scalar.h"
#include "spec/spec.h"

#define BOOL_TAG "tag:yaml.org,2002:bool"
#define INT_TAG "tag:yaml.org,2002:int"
#define FLOAT_TAG "tag:yaml.org,2002:float"
#define NULL_TAG "tag:yaml.org,2002:null"

/* Typed as YAML types it, a plain scalar is a text when it is nothing else. */
static bool is_typed_text(const struct node *node)
{
	bool boolean;
	uint64_t u;
	int64_t i;
	double d;

	if (node_local_tag(node))
		return false;
	if (node->tag)
		return strcmp(node->tag, BOOL_TAG) != 0 && strcmp(node->tag, INT_TAG) != 0 &&
		       strcmp(node->tag, FLOAT_TAG) != 0 && strcmp(node->tag, NULL_TAG) != 0;
	if (!node->is_plain)
		return true;
	return !node_is_null(node) && scalar_parse_bool(node->text, &boolean) < 0 &&
	       scalar_parse_u64(node->text, &u) == -EINVAL && scalar_parse_i64(node->text, &i) == -EINVAL &&
	       (scalar_has_leading_zero(node->text) || scalar_parse_double(node->text, &d) < 0);
}

const char *read_text(struct reader *r, const struct node *node, const struct path *path)
{
	const char *key = path ? path->key : NULL;

	if (node->kind != NODE_SCALAR) {
		reader_expected(r, node, path, "a text", key);
		return NULL;
	}
	if (r->strict && !is_typed_text(node)) {
		reader_expected(r, node, path, "a text, in quotes", NULL);
		return NULL;
	}
	return node->text;
}

/* Quoted numbers and booleans are texts; a block is one too, but for a tag that says otherwise. */
static bool is_untyped(const struct node *node, const char *tag)
{
	if (node->kind != NODE_SCALAR)
		return false;
	return node->is_plain || (node->is_literal && node->tag && strcmp(node->tag, tag) == 0);
}

static bool read_bool(struct reader *r, const struct field *f, const struct node *node, void *member,
		      const struct path *path)
{
	bool value;

	(void)f;
	if (!is_untyped(node, BOOL_TAG) || scalar_parse_bool(node->text, &value) < 0) {
		reader_expected(r, node, path, "true or false, without quotes", path->key);
		return false;
	}
	if (f->type == TYPE_MAYBE)
		*(enum spec_maybe *)member = value ? SPEC_YES : SPEC_NO;
	else
		*(bool *)member = value;
	return true;
}

static const struct range {
	int64_t lowest, highest;
} type_ranges[] = {
	[TYPE_U8] = { 0, UINT8_MAX },
	[TYPE_U16] = { 0, UINT16_MAX },
	[TYPE_U32] = { 0, UINT32_MAX },
	[TYPE_I32] = { INT32_MIN, INT32_MAX },
	[TYPE_I64] = { SPEC_UNSET + 1, INT64_MAX },
};

static bool read_integer(struct reader *r, const struct field *f, const struct node *node, void *member,
			 const struct path *path)
{
	struct range range = type_ranges[f->type];
	bool is_signed = range.lowest < 0;
	int64_t value = 0;
	int e = is_untyped(node, INT_TAG) ? scalar_parse_i64(node->text, &value) : -EINVAL;

	if (f->highest)
		range = (struct range){ f->lowest, f->highest };
	if (e == -EINVAL || (!is_signed && node->text[0] == '-')) {
		reader_expected(r, node, path,
				is_signed ? "a whole number" : "a whole number from 0 on, without quotes", path->key);
		return false;
	}
	if (e == -ERANGE || value < range.lowest || value > range.highest) {
		reader_report(r, SPEC_ERROR, node, path, "%.40s is out of range (%" PRId64 " to %" PRId64 ")",
			      node->text, range.lowest, range.highest);
		return false;
	}
	*(int64_t *)member = value;
	return true;
}

static bool read_u64(struct reader *r, const struct field *f, const struct node *node, void *member,
		     const struct path *path)
{
	int e = is_untyped(node, INT_TAG) ? scalar_parse_u64(node->text, member) : -EINVAL;

	(void)f;
	if (e == -ERANGE)
		reader_report(r, SPEC_ERROR, node, path, "%.40s is out of range (0 to 18446744073709551615)",
			      node->text);
	else if (e < 0)
		reader_expected(r, node, path, "a whole number from 0 on, without quotes", path->key);
	return e == 0;
}

static bool read_cores(struct reader *r, const struct field *f, const struct node *node, void *member,
		       const struct path *path)
{
	(void)f;
	if (is_untyped(node, FLOAT_TAG) && scalar_parse_double(node->text, member) == 0)
		return true;
	reader_expected(r, node, path, "a number of cores, without quotes (0.5, 2)", path->key);
	return false;
}

static bool read_plain_text(struct reader *r, const struct field *f, const struct node *node, void *member,
			    const struct path *path)
{
	const char *text = read_text(r, node, path);

	(void)f;
	if (text)
		*(const char **)member = text;
	return text != NULL;
}

/* The text alone; what it means is the field's rule to find out. */
static bool read_size(struct reader *r, const struct field *f, const struct node *node, void *member,
		      const struct path *path)
{
	struct spec_size *size = member;

	(void)f;
	size->text = read_text(r, node, path);
	return size->text != NULL;
}

static bool read_duration(struct reader *r, const struct field *f, const struct node *node, void *member,
			  const struct path *path)
{
	const char *text = read_text(r, node, path);
	struct error err = { 0 };

	(void)f;
	if (!text)
		return false;
	if (duration_parse(text, member, &err) == 0)
		return true;
	reader_report(r, SPEC_ERROR, node, path, "`%.60s` is no duration: %s", text, err.msg);
	return false;
}

static bool read_image(struct reader *r, const struct field *f, const struct node *node, void *member,
		       const struct path *path)
{
	const char *text = read_text(r, node, path);
	struct error err = { 0 };
	char *room;

	(void)f;
	if (!text)
		return false;
	if (node->count > IMAGE_REFERENCE_MAX) {
		reader_report(r, SPEC_ERROR, node, path, "the image's name is longer than %d bytes",
			      IMAGE_REFERENCE_MAX);
		return false;
	}
	room = reader_alloc(r, 1, IMAGE_REFERENCE_ROOM(node->count));
	if (!room)
		return false;
	if (image_reference_parse_into(text, room, member, &err) == 0)
		return true;
	reader_report(r, SPEC_ERROR, node, path, "`%.100s` is no image reference: %s", text, err.msg);
	return false;
}

typedef bool (*scalar_reader)(struct reader *r, const struct field *f, const struct node *node, void *member,
			      const struct path *path);

static const scalar_reader readers[] = {
	[TYPE_TEXT] = read_plain_text, [TYPE_BOOL] = read_bool,   [TYPE_MAYBE] = read_bool,
	[TYPE_U8] = read_integer,      [TYPE_U16] = read_integer, [TYPE_U32] = read_integer,
	[TYPE_I32] = read_integer,     [TYPE_I64] = read_integer, [TYPE_U64] = read_u64,
	[TYPE_CORES] = read_cores,     [TYPE_SIZE] = read_size,   [TYPE_DURATION] = read_duration,
	[TYPE_PERIOD] = read_duration, [TYPE_IMAGE] = read_image,
};

bool read_scalar(struct reader *r, const struct field *field, const struct node *node, void *member,
		 const struct path *path)
{
	return readers[field->type](r, field, node, member, path);
}
