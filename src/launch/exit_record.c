/* exit_record.c - the text form of an exit record. */
#include "launch/exit_record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char *const askers[] = { [EXIT_ASKED_NOBODY] = "nobody", [EXIT_ASKED_USER] = "user" };

size_t exit_record_print(const struct exit_record *record, char ret[EXIT_RECORD_TEXT_SIZE])
{
	int n = snprintf(
		ret, EXIT_RECORD_TEXT_SIZE,
		"version 1\nknown %d\ncode %d\nsignal %d\noom %d\nasked %s\nstarted %llu\nfinished %llu\nend\n",
		record->is_known, record->code, record->signal, record->oom_killed, askers[record->asked_by],
		(unsigned long long)record->started_ns, (unsigned long long)record->finished_ns);

	return (size_t)n;
}

static int set_number(struct exit_record *record, const char *key, int64_t number)
{
	if (strcmp(key, "known") == 0)
		record->is_known = number != 0;
	else if (strcmp(key, "code") == 0)
		record->code = number >= 0 && number <= 255 ? (int)number : -1;
	else if (strcmp(key, "signal") == 0)
		record->signal = (int)number;
	else if (strcmp(key, "oom") == 0)
		record->oom_killed = number != 0;
	else if (strcmp(key, "started") == 0)
		record->started_ns = (uint64_t)number;
	else if (strcmp(key, "finished") == 0)
		record->finished_ns = (uint64_t)number;
	return 0;
}

static int set_member(struct exit_record *record, const char *key, const char *value)
{
	int64_t number;

	if (strcmp(key, "asked") == 0) {
		record->asked_by = strcmp(value, "user") == 0 ? EXIT_ASKED_USER : EXIT_ASKED_NOBODY;
		return 0;
	}
	return parse_i64(value, &number) < 0 ? 0 : set_number(record, key, number);
}

/* The last line is `end`: a record that was cut is none. */
int exit_record_parse(const char *text, struct exit_record *ret)
{
	struct exit_record record = { .code = -1 };
	char key[24], value[48];
	int length, r = -EINVAL;

	while (sscanf(text, "%23[a-z]%n", key, &length) == 1) {
		text += length;
		if (strcmp(key, "end") == 0 && *text == '\n') {
			r = 0;
			break;
		}
		if (sscanf(text, " %47[^\n]%n", value, &length) != 1)
			break;
		text += length;
		text += *text == '\n';
		set_member(&record, key, value);
	}
	if (r == 0)
		*ret = record;
	return r;
}
