/* container.h - containers: create, start, stop, wait, exec, logs, list.
 *
 * `container` is what a user types: an id or the beginning of one, then a name, then the name of a service that has one
 * container. None such is NOT_FOUND; several are CONFLICT, the error listing them. A full id is the fastest.
 *
 * Every call may block, for as long as its sentence says; zl_container_open_wait and zl_log_next never wait for a
 * container.
 */
#pragma once
#include <zlayer/client.h>

ZL_BEGIN_DECLS

#define ZL_ID_SIZE 65 /* 64 hex digits and a NUL */

/* ---- making ---- */

enum zl_mount_type {
	ZL_MOUNT_BIND,      /* source: a path on the host */
	ZL_MOUNT_VOLUME,    /* source: the name of a volume, made where it is missing and filled from the image */
	ZL_MOUNT_ANONYMOUS, /* a volume of the container's own, removed with it */
	ZL_MOUNT_TMPFS,
};

struct zl_mount {
	enum zl_mount_type type;
	const char *source; /* NULL for anonymous and tmpfs */
	const char *target; /* absolute path in the container */
	bool is_read_only;
	uint64_t size_bytes; /* of a tmpfs; 0: half of the memory */
	uint32_t mode;       /* permission bits of a tmpfs' root; 0: 01777 */
};

#define ZL_UNLIMITED UINT64_MAX

struct zl_ulimit {
	const char *name;    /* "nofile" */
	uint64_t soft, hard; /* ZL_UNLIMITED */
};

enum zl_network_mode {
	ZL_NETWORK_DEFAULT, /* a network namespace of its own with loopback alone, until there is networking */
	ZL_NETWORK_HOST,
	ZL_NETWORK_NONE,
};

enum zl_pull_policy { ZL_PULL_IF_NOT_PRESENT, ZL_PULL_ALWAYS, ZL_PULL_NEWER, ZL_PULL_NEVER };

/* Docker's rules: entrypoint replaces the image's ENTRYPOINT and drops its CMD; args replace CMD only. */
struct zl_container_options {
	size_t size;
	const char *name; /* unique on the node; NULL: made up */
	const char *image;
	const char *const *entrypoint; /* NULL: the image's; an empty list: none */
	const char *const *args;
	const char *workdir;       /* NULL: the image's */
	const char *user;          /* "user[:group]", names or numbers; NULL: the image's */
	const char *hostname;      /* NULL: the first 12 digits of the id */
	const char *const *env;    /* "NAME=VALUE", later ones win; values are literal */
	const char *const *labels; /* "NAME=VALUE" */
	const char *const *cap_add, *const *cap_drop;
	bool is_privileged;
	bool has_read_only_rootfs;
	const struct zl_mount *mounts;
	size_t n_mounts;
	const struct zl_ulimit *ulimits;
	size_t n_ulimits;
	double cpus;             /* cores; 0: no limit */
	uint64_t memory_bytes;   /* 0: no limit */
	int64_t pids_limit;      /* 0 or -1: no limit */
	const char *stop_signal; /* "SIGTERM"; NULL: the image's */
	bool has_stop_grace;     /* stop_grace_ms counts; else 10 s */
	uint64_t stop_grace_ms;
	enum zl_network_mode network_mode;
	enum zl_pull_policy pull_policy;
	bool has_auto_remove; /* removed, with its anonymous volumes, once it has ended */
};

/* Fetches the image as pull_policy says and records the container; nothing runs. ret_id: ZL_ID_SIZE bytes. A failure
 * leaves nothing behind. */
ZL_API int zl_container_create(struct zl_client *client, const struct zl_container_options *options, char *ret_id,
			       struct zl_error *err);

/* Returns when its program runs. COMMAND_NOT_FOUND and NOT_EXECUTABLE speak of the program; after a failure the
 * container is as before. */
ZL_API int zl_container_start(struct zl_client *client, const char *container, struct zl_error *err);

/* Writes an OCI bundle (config.json and rootfs/) into `path`, made where it is missing, else empty. name and
 * has_auto_remove have no effect. */
ZL_API int zl_container_write_bundle(struct zl_client *client, const struct zl_container_options *options,
				     const char *path, struct zl_error *err);

/* ---- ending ---- */

#define ZL_GRACE_DEFAULT UINT64_MAX

/* Sends signo (0: the container's stop signal), and SIGKILL to all of it once grace_ms has passed; returns when it has
 * ended. ZL_GRACE_DEFAULT: as the container was made. One that has ended is fine. */
ZL_API int zl_container_stop(struct zl_client *client, const char *container, int signo, uint64_t grace_ms,
			     struct zl_error *err);

/* Sends signo to its first process and returns. One that has ended is fine. */
ZL_API int zl_container_kill(struct zl_client *client, const char *container, int signo, struct zl_error *err);

enum zl_exit_asked_by {
	ZL_EXIT_ASKED_NOBODY, /* it ended by itself, or by a signal from outside */
	ZL_EXIT_ASKED_USER,   /* stop or kill */
};

struct zl_exit {
	bool is_known;   /* false: nobody saw the end; never reported as code 0 */
	int code;        /* 0..255; 128 + signal; -1 when not known */
	int signal;      /* 0: it exited by itself */
	bool oom_killed; /* the kernel ended a process of it for want of memory */
	enum zl_exit_asked_by asked_by;
	uint64_t started_ns, finished_ns;
};

/* Blocks until it has ended; a second call gives the same. Its log is complete then. */
ZL_API int zl_container_wait(struct zl_client *client, const char *container, struct zl_exit *ret,
			     struct zl_error *err);

/* An fd (the caller's, for close(2)) that becomes readable or hangs up once the container has ended: zl_container_wait
 * does not block then. */
ZL_API int zl_container_open_wait(struct zl_client *client, const char *container, int *ret_fd, struct zl_error *err);

enum zl_remove_flags {
	ZL_REMOVE_FORCE = 1,   /* kill it where it runs, which is CONFLICT else */
	ZL_REMOVE_VOLUMES = 2, /* its anonymous volumes too */
};

ZL_API int zl_container_remove(struct zl_client *client, const char *container, unsigned flags, struct zl_error *err);

/* ---- looking ---- */

enum zl_container_status {
	ZL_CONTAINER_PENDING,      /* created, never started */
	ZL_CONTAINER_INITIALIZING, /* being started */
	ZL_CONTAINER_RUNNING,
	ZL_CONTAINER_PAUSED,
	ZL_CONTAINER_STOPPING,
	ZL_CONTAINER_EXITED,  /* exit is set */
	ZL_CONTAINER_FAILED,  /* could not be started; reason is set */
	ZL_CONTAINER_UNKNOWN, /* ended, and nobody saw how */
};

/* "pending"; a constant. */
ZL_API const char *zl_container_status_name(enum zl_container_status status);

/* A snapshot. Strings that have no value are NULL. */
struct zl_container_info {
	const char *id;
	const char *name;
	const char *image;    /* as typed */
	const char *image_id; /* "sha256:..." */
	const char *command;  /* program and arguments joined by blanks, for display */
	const char *deployment, *service, *role;
	unsigned replica;          /* from 1; 0: none */
	const char *const *labels; /* "NAME=VALUE", ended by NULL; never NULL */
	enum zl_container_status status;
	int pid; /* its first process as the host sees it; 0 when it does not run */
	const char *reason;
	uint64_t created_ns, started_ns;
	struct zl_exit exit;
	bool has_auto_remove;
};

ZL_API struct zl_container_info *zl_container_info_new(struct zl_client *client, const char *container,
						       struct zl_error *err);
ZL_API void zl_container_info_free(struct zl_container_info *info);

/* Members that are NULL do not filter. */
struct zl_container_filter {
	size_t size;
	const char *deployment, *service;
	bool is_running; /* only those that run, start or stop */
};

struct zl_container_list;

/* filter NULL: all. Oldest first. */
ZL_API struct zl_container_list *zl_container_list_new(struct zl_client *client,
						       const struct zl_container_filter *filter, struct zl_error *err);
ZL_API void zl_container_list_free(struct zl_container_list *list);
ZL_API size_t zl_container_list_count(const struct zl_container_list *list);
ZL_API const struct zl_container_info *zl_container_list_get(const struct zl_container_list *list, size_t i);

/* ret_id: ZL_ID_SIZE bytes. */
ZL_API int zl_container_find(struct zl_client *client, const char *container, char *ret_id, struct zl_error *err);

/* One JSON object with the keys of `docker inspect`. Holds no secret's value. */
ZL_API int zl_container_inspect(struct zl_client *client, const char *container, char **ret_json, struct zl_error *err);

/* ---- one more program inside ---- */

struct zl_exec_options {
	size_t size;
	const char *const *argv;
	const char *const *env;     /* added to the container's */
	const char *user, *workdir; /* NULL: the container's */
	bool is_privileged;
	int stdin_fd, stdout_fd, stderr_fd; /* given to the program; as the struct is cleared at first, mind fd 0 */
};

/* Returns when the program has ended, with 0..255 or 128 + signal. */
ZL_API int zl_container_exec(struct zl_client *client, const char *container, const struct zl_exec_options *options,
			     int *ret_code, struct zl_error *err);

/* ---- its output ---- */

enum zl_log_stream { ZL_LOG_STDOUT = 1, ZL_LOG_STDERR = 2 };

struct zl_log_options {
	size_t size;
	unsigned streams;            /* enum zl_log_stream; 0: both */
	bool is_following;           /* goes on until the container has ended and all is read */
	uint64_t since_ns, until_ns; /* 0: no bound */
	bool has_tail;               /* only the last tail_lines lines */
	uint64_t tail_lines;
};

struct zl_log_entry {
	uint64_t time_ns;
	enum zl_log_stream stream;
	const char *text; /* borrowed until the next call; no newline, any bytes */
	size_t length;
	bool is_partial; /* the line goes on in the next entry of this stream */
};

enum zl_log_next {
	ZL_LOG_ENTRY,
	ZL_LOG_WAIT, /* nothing now: poll zl_log_fd, then call again */
	ZL_LOG_END,
};

struct zl_log;

/* options NULL: all there is. */
ZL_API struct zl_log *zl_log_open(struct zl_client *client, const char *container, const struct zl_log_options *options,
				  struct zl_error *err);
ZL_API void zl_log_free(struct zl_log *log);

/* One of enum zl_log_next, or -1. Does not block. */
ZL_API int zl_log_next(struct zl_log *log, struct zl_log_entry *ret, struct zl_error *err);

/* Borrowed; readable when there may be more. -1 where the log is not followed. */
ZL_API int zl_log_fd(const struct zl_log *log);

ZL_END_DECLS
