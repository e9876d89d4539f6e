/* fuzz_cron.c - any text as a cron expression. */
#include <stdint.h>

#include "base/memory.h"
#include "spec/cron.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LAST_SECOND INT64_C(4133980799)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = memory_dup(data, size);
	struct error err = { 0 };
	struct cron cron;
	int64_t now = 0, next;

	if (text && cron_parse(text, &cron, &err) == 0) {
		if (!cron.seconds || !cron.minutes || !cron.hours || !cron.days || !cron.months || !cron.weekdays)
			abort();
		/* Times rise and end. */
		for (int i = 0; i < 3 && cron_next(&cron, now, &next) == 0; i++, now = next)
			if (next <= now || next > LAST_SECOND || !(cron.seconds >> next % 60 & 1))
				abort();
	} else if (text && err.kind == ERR_NONE) {
		abort();
	}
	free(text);
	return 0;
}
