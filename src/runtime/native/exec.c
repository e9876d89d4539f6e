/* exec.c - one more program in a running container, by way of its shim. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <time.h>

#include "base/clock.h"
#include "runtime/native/native.h"

/* Waits for the program's end, at most as long as it may take. 1 when it came, 0 when time is up. */
static int await_end(int sock, uint64_t timeout_ms)
{
	struct pollfd end = { .fd = sock, .events = POLLIN };
	uint64_t until = clock_monotonic_ns() + timeout_ms * NSEC_PER_MSEC;

	if (timeout_ms == 0)
		return 1;
	for (uint64_t now = clock_monotonic_ns(); now < until; now = clock_monotonic_ns()) {
		struct timespec left = { .tv_sec = (time_t)((until - now) / NSEC_PER_SEC),
					 .tv_nsec = (long)((until - now) % NSEC_PER_SEC) };

		if (ppoll(&end, 1, &left, NULL) > 0)
			return 1;
	}
	return 0;
}

static int kill_program(int sock, struct error *err)
{
	struct shim_request request = { .type = SHIM_EXEC_SIGNAL, .signo = SIGKILL };
	struct shim_reply reply;

	if (shim_ask(sock, &request, NULL, 0, err) < 0 || shim_receive(sock, &reply, err) < 0)
		return -1;
	return fail(err, ERR_TIMEOUT, "it took too long and was killed");
}

static int ask_shim(struct container *c, int plan, const struct exec_config *config, int *ret_code, struct error *err)
{
	const int fds[] = { plan, config->stdin_fd, config->stdout_fd, config->stderr_fd };
	struct shim_reply reply;
	autoclose int sock = shim_connect(c, err);

	if (sock < 0 || shim_ask(sock, &(struct shim_request){ .type = SHIM_EXEC }, fds, ARRAY_SIZE(fds), err) < 0 ||
	    shim_receive(sock, &reply, err) < 0)
		return -1;
	if (!await_end(sock, config->timeout_ms))
		return kill_program(sock, err);
	if (shim_receive(sock, &reply, err) < 0)
		return -1;
	*ret_code = reply.code;
	return 0;
}

int native_exec(struct runtime *rt, const char *id, const struct exec_config *config, int *ret_code, struct error *err)
{
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	AUTO_DONE(observation) now = { 0 };
	AUTO(runtime_config) recorded = NULL;
	autoclose int plan = -1;

	if (config->argv.count == 0)
		return fail(err, ERR_INVALID_SPEC, "no program to run");
	if (container_open(native_of(rt), id, &c, err) < 0 || container_observe(&c, &now, err) < 0)
		return -1;
	if (now.status != CONTAINER_RUNNING)
		return fail(err, ERR_CONFLICT, "it is not running");
	recorded = container_read_config(&c, err);
	if (!recorded)
		return -1;
	plan = plan_for_exec(&c, recorded, &now.state, config, err);
	return plan < 0 ? -1 : ask_shim(&c, plan, config, ret_code, err);
}
