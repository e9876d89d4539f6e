/* test_digest.c - two ways to one sha256. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "base/digest.h"

static void known_texts_have_known_digests(void **state)
{
	char digest[SHA256_DIGEST_SIZE];

	(void)state;
	digest_of("", 0, digest);
	assert_string_equal(digest, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	digest_of("abc", 3, digest);
	assert_string_equal(digest, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void the_small_way_and_the_library_agree_at_every_length(void **state)
{
	unsigned char data[300];
	char small[SHA256_DIGEST_SIZE], large[SHA256_DIGEST_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)(i * 7 + 3);
	for (size_t len = 0; len <= sizeof(data); len++) {
		struct digest *d = digest_new();

		assert_non_null(d);
		digest_add(d, data, len);
		digest_finish(d, large);
		digest_free(d);
		digest_of(data, len, small);
		assert_string_equal(small, large);
		assert_true(digest_is_valid(small));
	}
}

static void a_digest_is_64_lower_case_digits_behind_its_name(void **state)
{
	(void)state;
	assert_false(digest_is_valid("sha256:abc"));
	assert_false(digest_is_valid("sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	assert_false(digest_is_valid("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_texts_have_known_digests),
		cmocka_unit_test(the_small_way_and_the_library_agree_at_every_length),
		cmocka_unit_test(a_digest_is_64_lower_case_digits_behind_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
