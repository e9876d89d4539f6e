/* test_image_record.c - the record of an image comes back as it was written, or not at all. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "store/image_record.h"

static struct image *make(void)
{
	struct image *image = calloc(1, sizeof(*image));

	assert_non_null(image);
	image->config = calloc(1, sizeof(*image->config));
	assert_non_null(image->config);
	image->id = strdup("sha256:1");
	image->manifest_digest = strdup("sha256:2");
	image->size_bytes = UINT64_MAX;
	image->created_ns = 7;
	image->config->user = strdup("1:2");
	strv_add(&image->config->env, "A=line one\nline two");
	strv_add(&image->config->env, "EMPTY=");
	strv_add(&image->config->cmd, "");
	strv_add(&image->config->diff_ids, "sha256:3");
	strv_add(&image->config->labels, "end=no");
	return image;
}

static void print(struct strbuf *out)
{
	AUTO(image) image = make();
	AUTO_DONE(strv) blobs = { 0 };

	strv_add(&blobs, "sha256:4");
	assert_int_equal(image_record_print(image, &blobs, out, NULL), 0);
}

static void what_was_written_is_read(void **state)
{
	AUTO_DONE(strbuf) text = { 0 };
	AUTO_DONE(strv) blobs = { 0 };
	AUTO(image) image = NULL;

	(void)state;
	print(&text);
	assert_int_equal(image_record_parse(text.data, text.len, &image, &blobs, NULL), 0);
	assert_string_equal(image->id, "sha256:1");
	assert_int_equal(image->size_bytes, UINT64_MAX);
	assert_int_equal(image->created_ns, 7);
	assert_string_equal(image->config->user, "1:2");
	assert_null(image->config->workdir);
	assert_int_equal(image->config->env.count, 2);
	assert_string_equal(image->config->env.items[0], "A=line one\nline two");
	assert_string_equal(image->config->cmd.items[0], "");
	assert_string_equal(image->config->labels.items[0], "end=no");
	assert_string_equal(blobs.items[0], "sha256:4");
}

static void a_torn_record_is_none(void **state)
{
	AUTO_DONE(strbuf) text = { 0 };
	struct image *image = NULL;

	(void)state;
	print(&text);
	for (size_t len = 0; len < text.len; len++) {
		struct error err = { 0 };

		assert_int_equal(image_record_parse(text.data, len, &image, NULL, &err), -1);
		assert_int_equal(err.kind, ERR_INTERNAL);
		assert_null(image);
	}
}

static void unknown_fields_are_passed_over(void **state)
{
	static const char record[] = "zlayer-image=1\0id=sha256:1\0idx=9\0manifest=sha256:2\0newer=thing\0end=";
	AUTO(image) image = NULL;

	(void)state;
	assert_int_equal(image_record_parse(record, sizeof(record), &image, NULL, NULL), 0);
	assert_string_equal(image->id, "sha256:1");
}

static void damage_is_an_error(void **state)
{
	static const struct {
		const char *data;
		size_t len;
	} cases[] = {
#define CASE(text) { text, sizeof(text) }
		CASE("zlayer-image=1\0id=a\0end="),
		CASE("zlayer-image=1\0id=a\0manifest=b\0size=-1\0end="),
		CASE("zlayer-image=1\0id=a\0manifest=b\0nothing\0end="),
		CASE("zlayer-image=2\0id=a\0manifest=b\0end="),
#undef CASE
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct image *image = NULL;

		assert_int_equal(image_record_parse(cases[i].data, cases[i].len, &image, NULL, NULL), -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(a_torn_record_is_none),
		cmocka_unit_test(unknown_fields_are_passed_over),
		cmocka_unit_test(damage_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
