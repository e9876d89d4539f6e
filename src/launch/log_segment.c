/* log_segment.c - names and line heads of log segments. */
#include "launch/log_segment.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

void log_segment_name(uint32_t number, char ret[LOG_SEGMENT_NAME_SIZE])
{
	snprintf(ret, LOG_SEGMENT_NAME_SIZE, "%08u.log", number);
}

uint32_t log_segment_number(const char *name)
{
	char digits[LOG_SEGMENT_NAME_SIZE];
	const char *dot = strchr(name, '.');
	uint32_t number = 0;

	if (!dot || strcmp(dot, ".log") != 0 || dot - name < 8 || dot - name > 10)
		return 0;
	snprintf(digits, sizeof(digits), "%.*s", (int)(dot - name), name);
	return parse_u32(digits, &number) == 0 ? number : 0;
}

void log_prefix_format(uint64_t time_ns, int is_stderr, int is_partial, char ret[LOG_PREFIX_SIZE])
{
	clock_format_rfc3339(time_ns, ret);
	memcpy(ret + CLOCK_RFC3339_SIZE - 1, is_stderr ? " stderr " : " stdout ", 8);
	ret[LOG_PREFIX_LENGTH - 2] = is_partial ? 'P' : 'F';
	ret[LOG_PREFIX_LENGTH - 1] = ' ';
	ret[LOG_PREFIX_LENGTH] = '\0';
}
