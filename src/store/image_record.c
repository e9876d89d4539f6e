/* image_record.c - image records, by two tables of fields. */
#include "store/image_record.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

void image_free(struct image *image)
{
	if (!image)
		return;
	free(image->id);
	free(image->manifest_digest);
	strv_done(&image->names);
	strv_done(&image->layer_dirs);
	image_config_free(image->config);
	free(image);
}

void image_list_done(struct image_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		image_free(list->items[i]);
	free(list->items);
	*list = (struct image_list){ 0 };
}

enum field_type { FIELD_TEXT, FIELD_U64, FIELD_LIST };

struct field {
	const char *key;
	enum field_type type;
	size_t offset;
	bool is_config; /* of image->config, else of the image */
};

#define IMAGE(key, type, member)                                 \
	{                                                        \
		key, type, offsetof(struct image, member), false \
	}
#define CONFIG(key, type, member)                                      \
	{                                                              \
		key, type, offsetof(struct image_config, member), true \
	}

static const struct field fields[] = {
	IMAGE("id", FIELD_TEXT, id),
	IMAGE("manifest", FIELD_TEXT, manifest_digest),
	IMAGE("size", FIELD_U64, size_bytes),
	IMAGE("created-ns", FIELD_U64, created_ns),
	CONFIG("architecture", FIELD_TEXT, architecture),
	CONFIG("os", FIELD_TEXT, os),
	CONFIG("created", FIELD_TEXT, created),
	CONFIG("entrypoint", FIELD_LIST, entrypoint),
	CONFIG("cmd", FIELD_LIST, cmd),
	CONFIG("env", FIELD_LIST, env),
	CONFIG("workdir", FIELD_TEXT, workdir),
	CONFIG("user", FIELD_TEXT, user),
	CONFIG("stop-signal", FIELD_TEXT, stop_signal),
	CONFIG("volume", FIELD_LIST, volumes),
	CONFIG("exposed-port", FIELD_LIST, exposed_ports),
	CONFIG("label", FIELD_LIST, labels),
	CONFIG("diff-id", FIELD_LIST, diff_ids),
	CONFIG("comment", FIELD_TEXT, comment),
};

#define HEAD "zlayer-image=1"
#define TAIL "end="
#define BLOB_KEY "blob"

static void put(struct strbuf *out, const char *key, const char *value)
{
	strbuf_addf(out, "%s=%s", key, value);
	strbuf_add_char(out, '\0');
}

static void put_list(struct strbuf *out, const char *key, const struct strv *values)
{
	for (size_t i = 0; i < values->count; i++)
		put(out, key, values->items[i]);
}

static void put_field(struct strbuf *out, const struct field *field, const void *base)
{
	const void *member = (const char *)base + field->offset;

	switch (field->type) {
	case FIELD_TEXT:
		if (*(char *const *)member)
			put(out, field->key, *(char *const *)member);
		break;
	case FIELD_U64:
		strbuf_addf(out, "%s=%" PRIu64, field->key, *(const uint64_t *)member);
		strbuf_add_char(out, '\0');
		break;
	case FIELD_LIST:
		put_list(out, field->key, member);
		break;
	}
}

int image_record_print(const struct image *image, const struct strv *blobs, struct strbuf *out, struct error *err)
{
	strbuf_add(out, HEAD, sizeof(HEAD));
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		put_field(out, &fields[i], fields[i].is_config ? (const void *)image->config : image);
	put_list(out, BLOB_KEY, blobs);
	strbuf_add(out, TAIL, sizeof(TAIL));
	return strbuf_status(out) < 0 ? fail_oom(err) : 0;
}

static int set_text(char **to, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	free(*to);
	*to = copy;
	return 0;
}

static int set_field(const struct field *field, void *base, const char *value)
{
	void *member = (char *)base + field->offset;

	switch (field->type) {
	case FIELD_TEXT:
		return set_text(member, value);
	case FIELD_U64:
		return parse_u64(value, member);
	case FIELD_LIST:
		return strv_add(member, value);
	}
	return -EINVAL;
}

/* Fields mostly come in the table's order: the search goes on where the last one was found. */
static int read_field(struct image *image, const char *text, size_t *hint)
{
	size_t key_len = strcspn(text, "=");

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		size_t at = (*hint + i) % ARRAY_SIZE(fields);

		if (strncmp(fields[at].key, text, key_len) != 0 || fields[at].key[key_len] != '\0')
			continue;
		*hint = at;
		return set_field(&fields[at], fields[at].is_config ? (void *)image->config : image, text + key_len + 1);
	}
	return 0;
}

static struct image *new_image(void)
{
	AUTO(image) image = calloc(1, sizeof(*image));

	if (!image)
		return NULL;
	image->config = calloc(1, sizeof(*image->config));
	return image->config ? TAKE_PTR(image) : NULL;
}

static int read_fields(const char *data, size_t len, struct image *image, struct strv *blobs)
{
	size_t hint = 0;

	for (const char *p = data, *end = data + len; p < end; p += strlen(p) + 1) {
		int r = 0;

		if (!strchr(p, '='))
			return -EINVAL;
		if (text_starts_with(p, BLOB_KEY "="))
			r = blobs ? strv_add(blobs, p + sizeof(BLOB_KEY)) : 0;
		else
			r = read_field(image, p, &hint);
		if (r < 0)
			return r;
	}
	return image->id && image->manifest_digest ? 0 : -EINVAL;
}

static bool is_whole(const char *data, size_t len)
{
	return len >= sizeof(HEAD) + sizeof(TAIL) && memcmp(data, HEAD, sizeof(HEAD)) == 0 &&
	       memcmp(data + len - sizeof(TAIL), TAIL, sizeof(TAIL)) == 0;
}

int image_record_parse(const char *data, size_t len, struct image **ret, struct strv *ret_blobs, struct error *err)
{
	AUTO(image) image = NULL;
	int r;

	if (!is_whole(data, len))
		return fail(err, ERR_INTERNAL, "image record: damaged, or of another version");
	image = new_image();
	r = image ? read_fields(data, len, image, ret_blobs) : -ENOMEM;
	if (r == -ENOMEM)
		return fail_oom(err);
	if (r < 0)
		return fail(err, ERR_INTERNAL, "image record: damaged");
	*ret = TAKE_PTR(image);
	return 0;
}
