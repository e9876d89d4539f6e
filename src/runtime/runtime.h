/* runtime.h - the contract between the service layer and whatever runs containers.
 *
 * Id         64 lower-case hex digits, given by create and never used again. Names are unique on a node.
 * Threads    create, start and remove of one container are made one after the other. Everything else may run at once,
 *            on any thread: a second stop or kill while a stop waits, exec, wait, info, logs.
 * Blocking   Every call may block but open_wait and logs_next; nothing is called from the loop's thread but those.
 * Twice      stop and kill of an ended container and remove of a missing one succeed. create of an existing name is
 *            ERR_CONFLICT. start of a container that runs is ERR_CONFLICT; start of one that ended starts it again.
 * Failure    create: nothing is left in the kernel or on disk. start: the container is as before the call, state
 *            pending or exited, and can be started again; the error's kind says COMMAND_NOT_FOUND, NOT_EXECUTABLE or
 *            START_FAILED.
 * Exit       The record is written before wait returns (and synced right after), and the log is complete. A second wait
 *            gives the same record. An end that nobody saw has is_known false, never code 0.
 * Missing    A call on an id that does not exist fails with ERR_NOT_FOUND, remove excepted.
 * Death      A backend may be killed at any instruction. list() afterwards names what exists; remove() cleans each.
 * Features   A call whose feature bit is not set fails with ERR_UNSUPPORTED and does nothing.
 *
 * Callers use the wrappers (runtime_start), never ops. What is not in tests/component/runtime_contract is not promised.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/random.h"
#include "base/strv.h"
#include "launch/exit_record.h"
#include "oci/container_config.h"
#include "oci/secret_source.h"

enum container_status {
	CONTAINER_PENDING,      /* created, never started */
	CONTAINER_INITIALIZING, /* being started */
	CONTAINER_RUNNING,
	CONTAINER_PAUSED,
	CONTAINER_STOPPING,
	CONTAINER_EXITED,  /* exit is set */
	CONTAINER_FAILED,  /* could not be started; reason is set */
	CONTAINER_UNKNOWN, /* ended, and nobody saw how */
};

/* "pending" ... "unknown". */
const char *container_status_name(enum container_status status);

struct container_info {
	char id[ID_HEX_SIZE];
	char *name;
	char *image;                       /* reference as typed */
	char *image_id;                    /* "sha256:..." */
	char *command;                     /* the program and its arguments, joined by blanks, for display */
	char *deployment, *service, *role; /* NULL where there is none */
	unsigned replica;
	struct strv labels; /* NAME=VALUE, the agent's own among them */
	enum container_status status;
	int pid;                         /* of the container's PID 1 as the host sees it; 0 when it does not run */
	char *reason;                    /* of FAILED; NULL else */
	uint64_t created_ns, started_ns; /* realtime; started_ns 0 when never */
	struct exit_record exit;         /* of EXITED and UNKNOWN */
	bool has_auto_remove;
};
void container_info_free(struct container_info *info);
DEFINE_AUTO(container_info)

struct container_list {
	struct container_info **items; /* oldest first */
	size_t count;
};
void container_list_done(struct container_list *list);
DEFINE_AUTO_DONE(container_list)

struct exec_config {
	struct strv argv;
	struct strv env;            /* added to the container's */
	const char *user, *workdir; /* NULL: the container's */
	bool is_privileged;
	int stdin_fd, stdout_fd, stderr_fd; /* borrowed, passed on to the program */
	uint64_t timeout_ms;                /* 0: none; then the program is killed and exec fails with ERR_TIMEOUT */
};

enum log_stream { LOG_STDOUT = 1, LOG_STDERR = 2 };

struct log_options {
	unsigned streams;            /* LOG_STDOUT | LOG_STDERR */
	bool is_following;           /* goes on until the container has ended and all is read */
	uint64_t since_ns, until_ns; /* realtime; 0: no bound */
	int64_t tail_lines;          /* -1: all */
};

struct log_entry {
	uint64_t time_ns;
	enum log_stream stream;
	const char *text; /* borrowed until the next call; no newline */
	size_t len;
	bool is_partial; /* the line goes on in the next entry of this stream */
};

enum log_next {
	LOG_NEXT_ENTRY,
	LOG_NEXT_WAIT, /* nothing now: poll fd, then call again */
	LOG_NEXT_END,
};

/* A reader of one container's log. */
struct log_reader {
	const struct log_reader_ops *ops;
	int fd; /* readable when there may be more; -1 when it does not follow */
};
struct log_reader_ops {
	/* One of enum log_next, or -1. Does not block. */
	int (*next)(struct log_reader *reader, struct log_entry *ret, struct error *err);
	void (*close)(struct log_reader *reader);
};

enum pull_policy { PULL_IF_NOT_PRESENT, PULL_ALWAYS, PULL_NEWER, PULL_NEVER };

enum runtime_feature {
	RUNTIME_EXEC = 1 << 0,
	RUNTIME_LOGS = 1 << 1,
	RUNTIME_VOLUMES = 1 << 2,
};

enum remove_flags {
	REMOVE_FORCE = 1 << 0,   /* kill it when it runs, instead of ERR_CONFLICT */
	REMOVE_VOLUMES = 1 << 1, /* anonymous volumes too */
};

struct runtime;

struct runtime_ops {
	const char *name;  /* "native" */
	uint64_t features; /* enum runtime_feature */

	void (*close)(struct runtime *rt);

	/* Makes sure that the image is there, as the policy says. The error names it. */
	int (*pull_image)(struct runtime *rt, const char *reference, enum pull_policy policy, struct error *err);

	/* Records the container, state pending; nothing runs. config is borrowed for the call. ret_id gets its id. */
	int (*create)(struct runtime *rt, const struct container_config *config, char ret_id[ID_HEX_SIZE],
		      struct error *err);

	/* Returns when the program runs (exec succeeded), or says which step failed. */
	int (*start)(struct runtime *rt, const char *id, struct error *err);

	/* signo (0: the container's stop signal) now; SIGKILL of the whole tree once grace_ms has passed (0: at once;
	 * GRACE_UNSET: the container's). Returns when it has ended. */
	int (*stop)(struct runtime *rt, const char *id, int signo, uint64_t grace_ms, struct error *err);

	/* Sends signo to the container's PID 1. Does not wait. */
	int (*kill)(struct runtime *rt, const char *id, int signo, struct error *err);

	/* Blocks until it has ended. */
	int (*wait)(struct runtime *rt, const char *id, struct exit_record *ret, struct error *err);

	/* *ret_fd (the caller's) becomes readable or hangs up once the container has ended; wait does not block then.
	 * At once readable for one that has ended or never ran. */
	int (*open_wait)(struct runtime *rt, const char *id, int *ret_fd, struct error *err);

	int (*remove)(struct runtime *rt, const char *id, unsigned flags, struct error *err);

	/* Runs one more program in a running container; returns when it has ended. *ret_code is 0..255, 128 + signal. A
	 * program that cannot be started is an error of kind COMMAND_NOT_FOUND or NOT_EXECUTABLE. */
	int (*exec)(struct runtime *rt, const char *id, const struct exec_config *config, int *ret_code,
		    struct error *err);

	int (*open_logs)(struct runtime *rt, const char *id, const struct log_options *options, struct log_reader **ret,
			 struct error *err);

	int (*info)(struct runtime *rt, const char *id, struct container_info **ret, struct error *err);
	int (*list)(struct runtime *rt, struct container_list *ret, struct error *err);

	/* One JSON object with the keys of `docker inspect`; *ret is the caller's. */
	int (*inspect)(struct runtime *rt, const char *id, char **ret, struct error *err);

	/* The container's network namespace as an fd of the caller's, for health checks; -1 in *ret_fd: the host's. */
	int (*open_network)(struct runtime *rt, const char *id, int *ret_fd, struct error *err);

	/* Writes a complete OCI bundle (config.json and rootfs/) into an existing empty directory. Secrets are
	 * refused unless secrets is given. */
	int (*write_bundle)(struct runtime *rt, const struct container_config *config, int dirfd,
			    const struct secret_source *secrets, struct error *err);

	/* Named volumes whose deployment label is `deployment`, removed unless a container uses them. */
	int (*remove_volumes)(struct runtime *rt, const char *deployment, struct error *err);
};

struct runtime {
	const struct runtime_ops *ops;
	const struct secret_source *secrets; /* borrowed; NULL: $S: references fail */
};

struct runtime_options {
	const char *backend;                 /* "auto", "native" (alias "youki"), "fake" ...; NULL: auto */
	const char *root_dir;                /* ZLAYER_ROOT_DIR, "/var/lib/zlayer" */
	const char *runtime_dir;             /* ZLAYER_RUNTIME_DIR, "/var/run/zlayer" */
	const char *libexec_dir;             /* where zlayer-shim and zlayer-store stand */
	const char *cgroup_parent;           /* ZLAYER_CGROUP_PARENT; NULL: the root */
	const struct secret_source *secrets; /* borrowed for the life of the runtime */
};

/* Fills members that are NULL: from the environment (ZLAYER_RUNTIME, _ROOT_DIR, _RUNTIME_DIR, _LIBEXEC_DIR,
 * _CGROUP_PARENT), else with the default; libexec_dir and cgroup_parent have none. The texts are borrowed from the
 * environment. */
void runtime_options_fill(struct runtime_options *options);

/* Opens the backend that options name, or that selection finds. Members left NULL are filled as above; options NULL:
 * all of them. NULL on failure: with auto, the error names each thing that was missing and its remedy. */
struct runtime *runtime_open(const struct runtime_options *options, struct error *err);
void runtime_free(struct runtime *rt);
DEFINE_AUTO(runtime)

int runtime_pull_image(struct runtime *rt, const char *reference, enum pull_policy policy, struct error *err);
int runtime_create(struct runtime *rt, const struct container_config *config, char ret_id[ID_HEX_SIZE],
		   struct error *err);
int runtime_start(struct runtime *rt, const char *id, struct error *err);
int runtime_stop(struct runtime *rt, const char *id, int signo, uint64_t grace_ms, struct error *err);
int runtime_kill(struct runtime *rt, const char *id, int signo, struct error *err);
int runtime_wait(struct runtime *rt, const char *id, struct exit_record *ret, struct error *err);
int runtime_open_wait(struct runtime *rt, const char *id, int *ret_fd, struct error *err);
int runtime_remove(struct runtime *rt, const char *id, unsigned flags, struct error *err);
int runtime_exec(struct runtime *rt, const char *id, const struct exec_config *config, int *ret_code,
		 struct error *err);
int runtime_open_logs(struct runtime *rt, const char *id, const struct log_options *options, struct log_reader **ret,
		      struct error *err);
int runtime_info(struct runtime *rt, const char *id, struct container_info **ret, struct error *err);
int runtime_list(struct runtime *rt, struct container_list *ret, struct error *err);
int runtime_inspect(struct runtime *rt, const char *id, char **ret, struct error *err);
int runtime_open_network(struct runtime *rt, const char *id, int *ret_fd, struct error *err);
int runtime_write_bundle(struct runtime *rt, const struct container_config *config, int dirfd,
			 const struct secret_source *secrets, struct error *err);
int runtime_remove_volumes(struct runtime *rt, const char *deployment, struct error *err);

int log_reader_next(struct log_reader *reader, struct log_entry *ret, struct error *err);
void log_reader_free(struct log_reader *reader);
DEFINE_AUTO(log_reader)

/* What a user types where a container is wanted: an id or its prefix of at least 12 digits, then a name, then a
 * shorter prefix of an id, then a service (its only container). ERR_NOT_FOUND; ERR_CONFLICT lists the candidates.
 * ret_id gets the id. */
int runtime_find(struct runtime *rt, const char *text, char ret_id[ID_HEX_SIZE], struct error *err);
