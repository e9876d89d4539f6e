/* shim_protocol.h - what a shim is asked and what it answers: fixed messages over SOCK_SEQPACKET. One request a
 * connection is under way at a time. The version leads every message: shims outlive upgrades.
 *
 * Over the starter's socket pair (fd 3 of the new shim):
 *   START  fds: plan, container directory, runtime directory      -> STARTED or FAILED; later EXITED
 *   ADOPT  fds: container directory, runtime directory            -> STARTED or FAILED
 * Over the socket `sock` in the runtime directory (mode 0600), and over the starter's pair once started:
 *   WAIT                                                          -> EXITED, when it has ended
 *   SIGNAL signo                                                  -> DONE or FAILED
 *   STOP   signo, grace_ms: SIGKILL when it has not ended by then -> EXITED, when it has ended
 *   EXEC   fds: plan, stdin, stdout, stderr                       -> STARTED or FAILED; then EXEC_EXITED
 *   EXEC_SIGNAL signo, to the program of this connection's EXEC   -> nothing; its EXEC_EXITED follows
 */
#pragma once
#include <stdint.h>

#include "base/error.h"
#include "launch/exit_record.h"

#define SHIM_PROTOCOL_VERSION 1
#define SHIM_CONTROL_FD 3
#define SHIM_SOCKET_NAME "sock"

enum shim_request_type { SHIM_START = 1, SHIM_ADOPT, SHIM_WAIT, SHIM_SIGNAL, SHIM_STOP, SHIM_EXEC, SHIM_EXEC_SIGNAL };
enum shim_reply_type { SHIM_STARTED = 1, SHIM_FAILED, SHIM_EXITED, SHIM_DONE, SHIM_EXEC_EXITED };

struct shim_request {
	uint32_t version, type;
	int32_t signo;
	uint32_t unused;
	uint64_t grace_ms;
};

struct shim_reply {
	uint32_t version, type;
	int32_t pid;               /* STARTED */
	int32_t code;              /* EXEC_EXITED: 0..255, 128 + signal */
	struct exit_record record; /* EXITED */
	struct error error;        /* FAILED */
};
