/* exit_record.h - how a container ended: written once, by the shim, before anyone is told. Text, one `key value` a
 * line. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who asked for the end. */
enum exit_asked_by {
	EXIT_ASKED_NOBODY, /* the program ended by itself, or by a signal from outside */
	EXIT_ASKED_USER,   /* stop or kill */
};

struct exit_record {
	bool is_known;   /* false: the end was seen by nobody; never reported as 0 */
	int code;        /* 0..255; 128 + signal when a signal ended it; -1 when not known */
	int signal;      /* 0: exited by itself */
	bool oom_killed; /* the kernel's OOM killer took a process of the container */
	enum exit_asked_by asked_by;
	uint64_t started_ns, finished_ns; /* realtime */
};

/* Longest text of a record with its NUL. */
#define EXIT_RECORD_TEXT_SIZE 256

/* The text, its length returned. */
size_t exit_record_print(const struct exit_record *record, char ret[EXIT_RECORD_TEXT_SIZE]);

/* 0 or -EINVAL. Unknown keys are skipped: a newer shim may write more. */
int exit_record_parse(const char *text, struct exit_record *ret);
