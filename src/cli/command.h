/* command.h - what a command of `zlayer` is: a name, a table of options, a function. Help texts, usage errors, manual
 * pages and completion are made from it and from nothing else.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include <zlayer/client.h>

/* Reads the argument of an option into target, which lies in the command's flags; value is NULL where an option without
 * argument stands alone. value lives as long as the flags do. -1 with err, which says what would be right; the option's
 * name is put before it. */
typedef int (*option_reader)(void *target, const char *value, struct zl_error *err);

/* A table of them ends with a row without name. */
struct command_option {
	const char *name;     /* "memory", typed --memory */
	char letter;          /* 'm', typed -m; 0: none */
	const char *argument; /* "BYTES"; NULL: it takes none (but =true and =false) */
	const char *help;     /* NULL: an option of docker's that is not available yet */
	option_reader read;
	size_t offset; /* of the reader's target in the flags */
};

enum command_group { GROUP_DEPLOYMENTS, GROUP_CONTAINERS, GROUP_IMAGES, GROUP_OTHER, GROUP_HIDDEN };

struct call; /* of a command, below */

struct command {
	const char *name;
	const char *synopsis;    /* what follows the name: "[OPTION]... CONTAINER..." */
	const char *summary;     /* one line, no full stop */
	const char *description; /* paragraphs; NULL: the summary says it all */
	enum command_group group;
	const struct command_option *const *options; /* tables, ended by NULL; NULL: no options */
	const struct command *const *subcommands;    /* ended by NULL; then run is NULL */
	int min_args, max_args;                      /* max -1: any number */
	int options_end_after;                       /* so many arguments: the rest is another program's; 0: never */
	bool has_docker_exit_status;                 /* 125, 126, 127 for its errors, instead of 1 */
	size_t flags_size;
	void (*init)(void *flags); /* sets defaults other than zero; may be NULL */
	void (*done)(void *flags); /* frees what readers made; may be NULL */

	/* The exit status, or -1 with err. */
	int (*run)(struct call *call, struct zl_error *err);
};

struct call {
	struct zl_client *client;
	const struct command *command;
	const void *flags;
	char **args; /* ended by NULL */
	int n_args;
};

/* Exit status of a usage error and of `run`, `exec` and `up` for errors of their own: docker's. */
#define EXIT_OWN_ERROR 125

extern const struct command *const commands[]; /* ended by NULL */

/* NULL when there is none. */
const struct command *command_find(const struct command *const *table, const char *name);

/* Fills err with ZL_ERR_INVALID_SPEC and returns -1: what the user typed makes no sense. */
__attribute__((format(printf, 2, 3))) int usage_error(struct zl_error *err, const char *fmt, ...);

/* The same with a kind and an errno (0: none), whose text is appended. */
__attribute__((format(printf, 4, 5))) int command_error(struct zl_error *err, enum zl_error_kind kind, int os_errno,
							const char *fmt, ...);
int memory_error(struct zl_error *err);

/* Puts what was being done before the message. */
__attribute__((format(printf, 2, 3))) int error_while(struct zl_error *err, const char *fmt, ...);
