/* error.h - what went wrong: a kind for callers, a sentence for people. Allocates nothing.
 *
 * base, sys and loop return negative errno and no text; every layer above returns -1 (or NULL) and fills
 * `struct error *err`, always the last parameter and always the caller's memory. err may be NULL.
 */
#pragma once
#include <stddef.h>

/*   kind                 name for people and JSON   exit status of run, create, exec; HTTP status */
#define ERROR_KINDS(X)                                        \
	X(NOT_FOUND, "NotFound", 125, 404)                    \
	X(COMMAND_NOT_FOUND, "CommandNotFound", 127, 422)     \
	X(NOT_EXECUTABLE, "NotExecutable", 126, 422)          \
	X(PULL_FAILED, "PullFailed", 125, 502)                \
	X(CREATE_FAILED, "CreateFailed", 125, 500)            \
	X(START_FAILED, "StartFailed", 125, 500)              \
	X(UNEXPECTED_EXIT, "UnexpectedExit", 125, 500)        \
	X(HEALTH_CHECK_FAILED, "HealthCheckFailed", 125, 500) \
	X(INIT_ACTION_FAILED, "InitActionFailed", 125, 500)   \
	X(TIMEOUT, "Timeout", 125, 504)                       \
	X(DEPENDENCY_TIMEOUT, "DependencyTimeout", 125, 504)  \
	X(INVALID_SPEC, "InvalidSpec", 125, 422)              \
	X(NETWORK, "Network", 125, 502)                       \
	X(CONFIGURATION, "Configuration", 125, 500)           \
	X(INTERNAL, "Internal", 125, 500)                     \
	X(UNSUPPORTED, "Unsupported", 125, 501)               \
	X(CONFLICT, "Conflict", 125, 409)                     \
	X(PERMISSION_DENIED, "PermissionDenied", 125, 403)

enum error_kind {
	ERR_NONE,
#define X(kind, name, cli, http) ERR_##kind,
	ERROR_KINDS(X)
#undef X
};

struct error {
	enum error_kind kind;
	int os_errno; /* 0 where the kernel had no part in it */
	char msg[500];
};

/* All return -1, so that a function fails with `return fail(...)`. */
__attribute__((format(printf, 3, 4))) int fail(struct error *err, enum error_kind kind, const char *fmt, ...);

/* r is an errno, positive or negative: ENOENT is NOT_FOUND, EACCES and EPERM PERMISSION_DENIED, ENOMEM and the
 * rest INTERNAL. The text ends with ": " and what strerror says. */
__attribute__((format(printf, 3, 4))) int fail_errno(struct error *err, int r, const char *fmt, ...);

/* The same with a kind that the caller knows better. */
__attribute__((format(printf, 4, 5))) int fail_errno_as(struct error *err, enum error_kind kind, int r, const char *fmt,
							...);

/* Puts what the caller was doing before the message: "pull nginx:1.27: " + "GET manifest: 401". */
__attribute__((format(printf, 2, 3))) int fail_while(struct error *err, const char *fmt, ...);

/* Out of memory, in one word. */
int fail_oom(struct error *err);

const char *error_kind_name(enum error_kind kind);

/* Exit status of `run`, `create` and `exec` for this kind: 125, 126 or 127. */
int error_kind_exit_status(enum error_kind kind);
int error_kind_http_status(enum error_kind kind);
