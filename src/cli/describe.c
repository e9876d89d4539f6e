/* describe.c - containers and images in docker's words. */
#include "cli/describe.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

void short_id(const char *id, char ret[SHORT_ID_SIZE])
{
	if (text_starts_with(id, "sha256:"))
		id += strlen("sha256:");
	snprintf(ret, SHORT_ID_SIZE, "%s", id);
}

/* "3 minutes", without "ago". */
static void duration_text(uint64_t from_ns, uint64_t now_ns, char ret[AGE_TEXT_SIZE])
{
	clock_format_age(now_ns > from_ns ? now_ns - from_ns : 0, ret, AGE_TEXT_SIZE);
	if (text_ends_with(ret, " ago"))
		ret[strlen(ret) - strlen(" ago")] = '\0';
}

void age_text(uint64_t time_ns, uint64_t now_ns, char ret[AGE_TEXT_SIZE])
{
	size_t used;

	*ret = '\0';
	if (time_ns == 0)
		return;
	duration_text(time_ns, now_ns, ret);
	used = strlen(ret);
	snprintf(ret + used, AGE_TEXT_SIZE - used, " ago");
}

static void exited_text(const struct zl_exit *exit, uint64_t now_ns, char ret[STATUS_TEXT_SIZE])
{
	char code[16] = "unknown", age[AGE_TEXT_SIZE];

	if (exit->is_known)
		snprintf(code, sizeof(code), "%d", exit->code);
	age_text(exit->finished_ns, now_ns, age);
	snprintf(ret, STATUS_TEXT_SIZE, "Exited (%s)%s%s", code, *age ? " " : "", age);
}

void status_text(const struct zl_container_info *info, uint64_t now_ns, char ret[STATUS_TEXT_SIZE])
{
	char up[AGE_TEXT_SIZE];

	duration_text(info->started_ns, now_ns, up);
	switch (info->status) {
	case ZL_CONTAINER_PENDING:
		snprintf(ret, STATUS_TEXT_SIZE, "Created");
		break;
	case ZL_CONTAINER_INITIALIZING:
		snprintf(ret, STATUS_TEXT_SIZE, "Starting");
		break;
	case ZL_CONTAINER_RUNNING:
		snprintf(ret, STATUS_TEXT_SIZE, "Up %s", up);
		break;
	case ZL_CONTAINER_PAUSED:
		snprintf(ret, STATUS_TEXT_SIZE, "Up %s (Paused)", up);
		break;
	case ZL_CONTAINER_STOPPING:
		snprintf(ret, STATUS_TEXT_SIZE, "Up %s (Stopping)", up);
		break;
	case ZL_CONTAINER_FAILED:
		snprintf(ret, STATUS_TEXT_SIZE, "Failed%s%.100s", info->reason ? ": " : "",
			 info->reason ? info->reason : "");
		break;
	case ZL_CONTAINER_EXITED:
	case ZL_CONTAINER_UNKNOWN:
		exited_text(&info->exit, now_ns, ret);
		break;
	}
}

void size_text(uint64_t bytes, char ret[SIZE_TEXT_SIZE])
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };
	double value = (double)bytes;
	size_t unit = 0;

	for (; value >= 999.5 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
		value /= 1000;
	snprintf(ret, SIZE_TEXT_SIZE, "%.3g%s", value, units[unit]);
}
