/* fuzz_duration.c - any text as a duration and as an amount of memory. */
#include <errno.h>
#include <stdint.h>

#include "base/memory.h"
#include "spec/duration.h"
#include "spec/memory_size.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted prints to a text of the same value. */
static void check_duration(const char *text)
{
	char printed[DURATION_TEXT_SIZE];
	struct error err = { 0 };
	uint64_t ns, again;

	if (duration_parse(text, &ns, &err) < 0) {
		if (err.kind != ERR_INVALID_SPEC)
			abort();
		return;
	}
	duration_format(ns, printed);
	if (duration_parse(printed, &again, NULL) < 0 || again != ns)
		abort();
}

/* What the format takes, a tmpfs takes, to the same number of bytes. */
static void check_size(const char *text)
{
	uint64_t bytes = 0, mounted = 0;
	int r = memory_size_parse(text, &bytes), m = memory_size_parse_mount(text, &mounted);

	if (r != -EINVAL && (m != r || mounted != bytes))
		abort();
	if ((r == 0 && bytes == 0) || (m == 0 && mounted == 0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = memory_dup(data, size);

	if (text) {
		check_duration(text);
		check_size(text);
	}
	free(text);
	return 0;
}
