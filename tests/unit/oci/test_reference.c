/* test_reference.c - image references: how they are completed, and which are none. */
#include "support/cmocka_setup.h"

#include <stdlib.h>
#include <string.h>

#include "oci/reference.h"

#define HEX64 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define A250                                                                                                   \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define T128                                                               \
	"tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt" \
	"tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"

static void references_are_completed_as_docker_does(void **state)
{
	static const struct {
		const char *typed, *full;
		bool has_host;
	} cases[] = {
		{ "nginx", "docker.io/library/nginx:latest", false },
		{ "nginx:1.27", "docker.io/library/nginx:1.27", false },
		{ "me/app", "docker.io/me/app:latest", false },
		{ "docker.io/nginx", "docker.io/library/nginx:latest", true },
		{ "index.docker.io/nginx", "docker.io/library/nginx:latest", true },
		{ "index.docker.io/a/b", "docker.io/a/b:latest", true },
		{ "ghcr.io/org/api:v1", "ghcr.io/org/api:v1", true },
		{ "GHCR.io/org/api", "GHCR.io/org/api:latest", true },
		{ "localhost/foo", "localhost/foo:latest", true },
		{ "localhost:5000/foo/bar:1.0", "localhost:5000/foo/bar:1.0", true },
		{ "localhost:5000", "docker.io/library/localhost:5000", false },
		{ "host:80/x", "host:80/x:latest", true },
		{ "127.0.0.1:5000/x", "127.0.0.1:5000/x:latest", true },
		{ "nginx@sha256:" HEX64, "docker.io/library/nginx@sha256:" HEX64, false },
		{ "nginx:1@sha256:" HEX64, "docker.io/library/nginx:1@sha256:" HEX64, false },
		{ "a.b/c@sha384:" HEX64 "aaaabbbbccccddddaaaabbbbccccdddd",
		  "a.b/c@sha384:" HEX64 "aaaabbbbccccddddaaaabbbbccccdddd", true },
		{ "a@sha512:" HEX64 HEX64, "docker.io/library/a@sha512:" HEX64 HEX64, false },
		{ "123", "docker.io/library/123:latest", false },
		{ "a__b/c.d/e--f", "docker.io/a__b/c.d/e--f:latest", false },
		{ "a:" T128, "docker.io/library/a:" T128, false },
		{ "a:_x.y-z", "docker.io/library/a:_x.y-z", false },
		{ "a/" A250, "docker.io/a/" A250 ":latest", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct image_reference r;
		struct error err = { 0 };
		char *full;

		if (image_reference_parse(cases[i].typed, &r, &err) < 0)
			fail_msg("`%s`: %s", cases[i].typed, err.msg);
		full = image_reference_full_name(&r);
		assert_string_equal(full, cases[i].full);
		assert_string_equal(r.typed, cases[i].typed);
		assert_int_equal(r.has_host, cases[i].has_host);
		free(full);
		image_reference_done(&r);
	}
}

static void others_are_refused_and_say_why(void **state)
{
	static const struct {
		const char *typed, *says;
	} cases[] = {
		{ "", "empty" },
		{ "Nginx", "`Nginx` is no part" },
		{ "Nginx:Latest", "`Nginx` is no part" },
		{ "Foo/bar", "`Foo` is no part" },
		{ "foo/Bar", "`Bar` is no part" },
		{ "file://./a.wasm", "leave the scheme out" },
		{ "https://ghcr.io/a/b", "leave the scheme out" },
		{ "a b", "no part" },
		{ "a//b", "`` is no part" },
		{ "/a", "`` is no part" },
		{ "a/", "`` is no part" },
		{ "a..b", "no part" },
		{ "a___b", "no part" },
		{ "a_-b", "no part" },
		{ "-a", "no part" },
		{ "a-", "no part" },
		{ "a.", "no part" },
		{ ":tag", "`` is no part" },
		{ "a:", "the tag has 0 characters" },
		{ "a:" T128 "t", "the tag has 129 characters" },
		{ "a:.x", "the tag cannot hold `.`" },
		{ "a:-x", "the tag cannot hold `-`" },
		{ "a:x:y", "the tag cannot hold `:`" },
		{ "a:x/y", "`a:x` is no host" },
		{ "nginx@sha256:abc", "the sha256 digest has 3 digits (64)" },
		{ "nginx@sha256:" HEX64 "0", "65 digits" },
		{ "nginx@sha256:g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "no hex digit" },
		{ "nginx@md5:d41d8cd98f00b204e9800998ecf8427e", "the digest is none" },
		{ "nginx@", "the digest is none" },
		{ "[::1]:5000/a", "is no host" },
		{ "-a.b/c", "is no host" },
		{ "a.b:/c", "is no host" },
		{ "a.b:x/c", "is no host" },
		{ "a..b/c", "is no host" },
		{ "localhost:5000/", "`` is no part" },
		{ "ab/" A250 "aaaaaa", "longer than 255" },
		{ "a\n", "no part" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct image_reference r = { 0 };
		struct error err = { 0 };

		if (image_reference_parse(cases[i].typed, &r, &err) == 0)
			fail_msg("`%s` was taken", cases[i].typed);
		if (!strstr(err.msg, cases[i].says))
			fail_msg("`%s` says `%s`, not `%s`", cases[i].typed, err.msg, cases[i].says);
		assert_null(r.block);
	}
}

static void the_longest_text_is_bounded(void **state)
{
	char text[IMAGE_REFERENCE_MAX + 2];
	struct image_reference r = { 0 };
	struct error err = { 0 };

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(image_reference_parse(text, &r, &err), -1);
	assert_non_null(strstr(err.msg, "longer than 1024 bytes"));
}

static void equality_is_of_what_is_meant(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
		{ "nginx", "docker.io/library/nginx:latest", true },
		{ "nginx", "index.docker.io/nginx", true },
		{ "nginx", "nginx:1", false },
		{ "nginx", "localhost/nginx", false },
		{ "nginx@sha256:" HEX64, "nginx", false },
		{ "a@sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", "a@sha256:" HEX64,
		  true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct image_reference a, b;

		assert_int_equal(image_reference_parse(cases[i].a, &a, NULL), 0);
		assert_int_equal(image_reference_parse(cases[i].b, &b, NULL), 0);
		assert_int_equal(image_reference_equal(&a, &b), cases[i].equal);
		image_reference_done(&a);
		image_reference_done(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_completed_as_docker_does),
		cmocka_unit_test(others_are_refused_and_say_why),
		cmocka_unit_test(the_longest_text_is_bounded),
		cmocka_unit_test(equality_is_of_what_is_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
