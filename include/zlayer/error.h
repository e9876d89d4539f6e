/* error.h - what went wrong: a kind for programs, a sentence for people. */
#pragma once
#include <zlayer/api.h>

ZL_BEGIN_DECLS

enum zl_error_kind {
	ZL_ERR_NONE,
	ZL_ERR_NOT_FOUND,
	ZL_ERR_COMMAND_NOT_FOUND, /* the container's program does not exist in it */
	ZL_ERR_NOT_EXECUTABLE,    /* it exists and cannot be executed */
	ZL_ERR_PULL_FAILED,
	ZL_ERR_CREATE_FAILED,
	ZL_ERR_START_FAILED,
	ZL_ERR_UNEXPECTED_EXIT,
	ZL_ERR_HEALTH_CHECK_FAILED,
	ZL_ERR_INIT_ACTION_FAILED,
	ZL_ERR_TIMEOUT,
	ZL_ERR_DEPENDENCY_TIMEOUT,
	ZL_ERR_INVALID_SPEC, /* what was asked for makes no sense: a spec, an option */
	ZL_ERR_NETWORK,
	ZL_ERR_CONFIGURATION, /* of this machine: no usable backend, a program that is missing */
	ZL_ERR_INTERNAL,
	ZL_ERR_UNSUPPORTED, /* by this backend, or not yet */
	ZL_ERR_CONFLICT,    /* with something that is there already; an ambiguous name */
	ZL_ERR_PERMISSION_DENIED,
};

/* The caller's memory; nothing in it is to be freed. Programs branch on kind, never on msg. */
struct zl_error {
	enum zl_error_kind kind;
	int os_errno;  /* 0 where the kernel had no part in it */
	char msg[500]; /* one line, lower case, no full stop: "create web.1: mounts: /proc: ..." */
};

/* "NotFound"; a constant. */
ZL_API const char *zl_error_kind_name(enum zl_error_kind kind);

/* What a program like `docker run` exits with: 127 for COMMAND_NOT_FOUND, 126 for NOT_EXECUTABLE, 125 else; 0 for NONE.
 */
ZL_API int zl_error_exit_status(enum zl_error_kind kind);

ZL_END_DECLS
