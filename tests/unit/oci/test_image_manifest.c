/* test_image_manifest.c - manifests, indexes and which platform is taken. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "oci/image_manifest.h"

#define D "\"digest\":\"sha256:0123456789012345678901234567890123456789012345678901234567890123\",\"size\":7"
#define CONFIG "\"config\":{\"mediaType\":\"" MEDIA_TYPE_CONFIG "\"," D "}"
#define LAYER(type) "{\"mediaType\":\"" type "\"," D "}"

static struct image_manifest *parse(const char *json, const char *type, struct error *err)
{
	return image_manifest_parse(json, strlen(json), type, err);
}

static void manifests_of_oci_and_docker_are_read(void **state)
{
	static const struct {
		const char *json, *type;
		size_t layers;
	} cases[] = {
		{ "{\"schemaVersion\":2," CONFIG ",\"layers\":[]}", MEDIA_TYPE_MANIFEST, 0 },
		{ "{\"schemaVersion\":2," CONFIG ",\"layers\":[" LAYER(MEDIA_TYPE_LAYER_GZIP) "]}", NULL, 1 },
		{ "{\"schemaVersion\":2," CONFIG
		  ",\"layers\":[" LAYER(MEDIA_TYPE_LAYER_ZSTD) "," LAYER(MEDIA_TYPE_LAYER) "]}",
		  NULL, 2 },
		{ "{\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\","
		  "\"config\":{\"mediaType\":\"application/vnd.docker.container.image.v1+json\"," D "},"
		  "\"layers\":[" LAYER("application/vnd.docker.image.rootfs.diff.tar.gzip") "]}",
		  NULL, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO(image_manifest) manifest = parse(cases[i].json, cases[i].type, NULL);

		assert_non_null(manifest);
		assert_int_equal(manifest->kind, MEDIA_MANIFEST);
		assert_int_equal(manifest->layers.count, cases[i].layers);
		assert_int_equal(manifest->config.size, 7);
	}
}

static void what_is_no_manifest_is_refused_by_name(void **state)
{
	static const struct {
		const char *json, *word;
	} cases[] = {
		{ "[]", "object" },
		{ "{", "too early" },
		{ "{}", "config" },
		{ "{\"schemaVersion\":1}", "schemaVersion" },
		{ "{\"mediaType\":\"text/plain\"}", "text/plain" },
		{ "{" CONFIG ",\"manifests\":[]}", "both" },
		{ "{" CONFIG ",\"layers\":[" LAYER("image/png") "]}", "image/png" },
		{ "{" CONFIG ",\"layers\":[{}]}", "layers[0]: mediaType" },
		{ "{" CONFIG ",\"layers\":[{\"mediaType\":\"" MEDIA_TYPE_LAYER "\",\"digest\":\"md5:1\",\"size\":1}]}",
		  "md5:1" },
		{ "{" CONFIG ",\"layers\":[{\"mediaType\":\"" MEDIA_TYPE_LAYER "\",\"digest\":\"x\",\"size\":-1}]}",
		  "size" },
		{ "{" CONFIG ",\"layers\":{}}", "layers" },
		{ "{\"config\":" LAYER("application/x") "}", "application/x" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct error err = { 0 };

		assert_null(parse(cases[i].json, NULL, &err));
		assert_non_null(strstr(err.msg, cases[i].word));
	}
}

static void a_promised_type_binds(void **state)
{
	(void)state;
	assert_null(parse("{" CONFIG "}", MEDIA_TYPE_INDEX, NULL));
	assert_null(parse("{\"manifests\":[]}", MEDIA_TYPE_MANIFEST, NULL));
	assert_null(parse("{\"mediaType\":\"" MEDIA_TYPE_INDEX "\",\"manifests\":[]}", MEDIA_TYPE_MANIFEST, NULL));
}

#define ENTRY(platform) "{\"mediaType\":\"" MEDIA_TYPE_MANIFEST "\"," D platform "}"
#define PLATFORM(os, arch, more) ",\"platform\":{\"os\":\"" os "\",\"architecture\":\"" arch "\"" more "}"
#define VARIANT(v) ",\"variant\":\"" v "\""

static void the_index_gives_what_suits_the_host_best(void **state)
{
	static const struct {
		const char *entries, *architecture, *variant;
		int picked; /* -1: none */
	} cases[] = {
		{ ENTRY(PLATFORM("linux", "arm64", "")) "," ENTRY(PLATFORM("linux", "amd64", "")), "amd64", NULL, 1 },
		{ ENTRY(PLATFORM("windows", "amd64", "")), "amd64", NULL, -1 },
		{ ENTRY(PLATFORM("unknown", "unknown", "")), "amd64", NULL, -1 },
		{ ENTRY(PLATFORM("linux", "amd64", VARIANT("v3"))) "," ENTRY(PLATFORM("linux", "amd64", "")), "amd64",
		  NULL, 1 },
		{ ENTRY(PLATFORM("linux", "amd64", VARIANT("v3"))), "amd64", NULL, -1 },
		{ ENTRY(PLATFORM("linux", "arm", VARIANT("v6"))) "," ENTRY(PLATFORM("linux", "arm", VARIANT("v7"))),
		  "arm", "v7", 1 },
		{ ENTRY(PLATFORM("linux", "arm", VARIANT("v6"))) "," ENTRY(PLATFORM("linux", "arm", VARIANT("v7"))),
		  "arm", "v6", 0 },
		{ ENTRY(PLATFORM("linux", "arm64", VARIANT("v8"))), "arm64", "v8", 0 },
		{ ENTRY(""), "amd64", NULL, 0 },
		{ "", "amd64", NULL, -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct image_platform host = { (char *)"linux", (char *)cases[i].architecture,
					       (char *)cases[i].variant };
		autofree char *json = text_format("{\"manifests\":[%s]}", cases[i].entries);
		AUTO(image_manifest) index = parse(json, MEDIA_TYPE_INDEX, NULL);
		const struct image_descriptor *picked;
		struct error err = { 0 };

		assert_non_null(index);
		picked = image_index_pick(index, &host, &err);
		assert_ptr_equal(picked, cases[i].picked < 0 ? NULL : &index->manifests.items[cases[i].picked]);
		assert_int_equal(err.kind, picked ? ERR_NONE : ERR_NOT_FOUND);
	}
}

static void what_is_printed_is_read_again(void **state)
{
	AUTO(image_manifest) first = parse("{" CONFIG ",\"layers\":[" LAYER(MEDIA_TYPE_LAYER_GZIP) "]}", NULL, NULL);
	AUTO_DONE(strbuf) text = { 0 };
	AUTO(image_manifest) again = NULL;

	(void)state;
	assert_non_null(first);
	assert_int_equal(image_manifest_print(first, &text, NULL), 0);
	again = parse(strbuf_peek(&text), MEDIA_TYPE_MANIFEST, NULL);
	assert_non_null(again);
	assert_string_equal(again->layers.items[0].media_type, MEDIA_TYPE_LAYER_GZIP);
	assert_string_equal(again->config.digest, first->config.digest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(manifests_of_oci_and_docker_are_read),
		cmocka_unit_test(what_is_no_manifest_is_refused_by_name),
		cmocka_unit_test(a_promised_type_binds),
		cmocka_unit_test(the_index_gives_what_suits_the_host_best),
		cmocka_unit_test(what_is_printed_is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
