/* shim.h - one container's parent: what it holds, and the rooms it is divided into. One thread, one loop, no heap
 * growth once the container runs.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "launch/launch.h"
#include "launch/run_state.h"
#include "launch/shim_protocol.h"
#include "shim/pump.h"

#define SHIM_MOST_CONNECTIONS 64
#define SHIM_MOST_EXECS 64

enum connection_wish { WISH_NOTHING, WISH_EXIT, WISH_EXEC };

struct connection {
	int fd; /* -1: free */
	enum connection_wish wish;
};

struct exec_session {
	pid_t pid;      /* 0: free */
	int connection; /* index, -1: its client has gone */
};

enum shim_phase {
	PHASE_STARTING,
	PHASE_RUNNING,
	PHASE_STOPPING, /* somebody asked for its end */
	PHASE_ENDED,    /* the program has ended; what is left in the FIFOs is being moved */
	PHASE_OVER,     /* all told, all cleaned */
};

struct shim {
	enum shim_phase phase;
	bool is_adopted; /* the container is not our child */
	int epoll_fd, signal_fd, stop_timer_fd, retry_timer_fd, listen_fd;
	int container_dir_fd, runtime_dir_fd;
	struct launch launch; /* the cgroup, pid and pidfd */
	struct run_state state;
	struct pump pump;
	struct exit_record record;
	struct connection connections[SHIM_MOST_CONNECTIONS]; /* 0: the starter's */
	struct exec_session execs[SHIM_MOST_EXECS];
};

/* What a descriptor in the epoll set is; connections follow from SOURCE_CONNECTION on. */
enum shim_source {
	SOURCE_SIGNAL,
	SOURCE_STOP_TIMER,
	SOURCE_RETRY_TIMER,
	SOURCE_LISTEN,
	SOURCE_CONTAINER,
	SOURCE_STDOUT,
	SOURCE_STDERR,
	SOURCE_CONNECTION,
};

/* events.c */
int events_open(struct shim *s);
int events_watch(struct shim *s, int fd, uint32_t source);
void events_arm(int timer_fd, uint64_t after_ns);

/* control.c: the one setter of the phase, which never goes back; signals to PID 1; its stop signal now and SIGKILL of
 * the whole tree after grace_ms; SIGKILL of the whole tree at once (PID 1 of a namespace takes everything in it along,
 * the cgroup is for what shares its host's) */
void control_set_phase(struct shim *s, enum shim_phase phase);
int control_signal(struct shim *s, int signo);
void control_stop(struct shim *s, int signo, uint64_t grace_ms);
void control_kill(struct shim *s);

/* start.c: the first request on the starter's connection, answered */
int shim_start(struct shim *s, struct error *err);

/* adopt.c */
int shim_adopt(struct shim *s, struct error *err);

/* server.c */
int server_open(struct shim *s);
void server_accept(struct shim *s);
void server_receive(struct shim *s, int index);
void server_tell_exit(struct shim *s);
void server_tell_exec_exit(struct shim *s, pid_t pid, int status);
int server_reply(struct shim *s, int index, const struct shim_reply *reply);
void server_fail(struct shim *s, int index, const struct error *err);

/* supervise.c: the loop, and how a container ends */
void shim_run(struct shim *s);
