/* fuzz_seccomp_profile.c - any JSON as linux.seccomp. */
#include <stdint.h>

#include "base/json.h"
#include "oci/seccomp_filter.h"

/* libseccomp takes milliseconds for a large profile: a hunt learns more from many small ones. */
#define INPUT_LIMIT 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	AUTO_JSON profile = size <= INPUT_LIMIT ? json_parse((const char *)data, size, "profile", &err) : NULL;
	AUTO_DONE(seccomp_filter) filter = { 0 };

	if (!profile || seccomp_filter_compile(profile, &filter, &err) < 0)
		return 0;
	if (filter.length == 0 || filter.length > BPF_MAXINSNS)
		abort();
	return 0;
}
