/* script.h - what a fake container runs: a few words of shell, enough to say when it ends and how. Pure: time is an
 * argument.
 *
 * `sh -c TEXT`, or one command as it is; statements end with `;` or a newline:
 *   echo WORDS [>&2]     one line of log; $NAME alone is a variable of the container
 *   sleep SECONDS|infinity   also written `sleep N & wait`; a signal that is trapped ends it
 *   exit N, true, false, :
 *   kill -NAME $$        dies of that signal
 *   trap 'exit N' NAME, trap 'echo WORDS' NAME, trap '' NAME
 *   alive SECONDS        ends with 1 unless the container has run that long: for health checks (of this runtime alone)
 * Without a trap HUP, INT, QUIT and TERM end it, with 128 + signal. No words at all: it sleeps for ever.
 */
#pragma once
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/strv.h"
#include "runtime/runtime.h"

enum script_verb {
	SCRIPT_ECHO,
	SCRIPT_SLEEP,
	SCRIPT_EXIT,
	SCRIPT_STATUS, /* true, false: number is what a later end without exit gives */
	SCRIPT_KILL,
	SCRIPT_TRAP,
	SCRIPT_ALIVE,
	SCRIPT_MISSING, /* not a word of ours: 127, as sh says */
};

struct script_statement {
	enum script_verb verb;
	char *text;       /* of ECHO and MISSING; of a TRAP that writes */
	uint64_t time_ns; /* of SLEEP and ALIVE */
	int number;       /* of EXIT, STATUS and TRAP: the code; of KILL: the signal */
	int signo;        /* of TRAP */
	bool to_stderr;
};

struct script {
	struct script_statement *items;
	size_t count, capacity;
};

/* A program that is not `sh` or a word of ours fails with COMMAND_NOT_FOUND, a file of /etc with NOT_EXECUTABLE: as a
 * start of a real container does. */
int script_parse(const struct strv *argv, struct script *ret, struct error *err);
void script_done(struct script *script);
DEFINE_AUTO_DONE(script)

#define SCRIPT_DEFAULT_ACTION (-1)
#define SCRIPT_IGNORE (-2)

typedef void (*script_output)(void *data, uint64_t time_ns, enum log_stream stream, const char *text);

struct script_run {
	const struct script *script;
	const struct strv *env;
	uint64_t container_started_ns; /* what `alive` counts from */
	uint64_t wake_ns;              /* when the next statement runs; UINT64_MAX: never */
	size_t next;
	int status;                   /* of the last statement */
	const char *trap_texts[NSIG]; /* of the traps that write */
	int traps[NSIG];              /* 0..255: exits so; else one of the two above */
	bool has_ended;
	int code, signal; /* once it has ended: as in struct exit_record */
	uint64_t ended_ns;
};

void script_begin(struct script_run *run, const struct script *script, const struct strv *env, uint64_t now_ns);

/* Runs every statement whose time has come. */
void script_advance(struct script_run *run, uint64_t now_ns, script_output output, void *data);

/* A signal from outside. SIGKILL always ends it. What its trap writes, or NULL. */
const char *script_signal(struct script_run *run, int signo, uint64_t now_ns);
