/* control.c - stop, kill and wait: the shim does them, the disk remembers. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

#include "base/clock.h"
#include "base/signal_name.h"
#include "base/text.h"
#include "runtime/native/native.h"
#include "sys/cgroup.h"
#include "sys/pidfd.h"

/* The record of a container that does not run. ret_is_ended tells; a pending one has none. */
static int read_end(struct native *n, const char *id, struct exit_record *ret, bool *ret_is_ended, struct error *err)
{
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	AUTO_DONE(observation) now = { 0 };

	if (container_open(n, id, &c, err) < 0 || container_observe(&c, &now, err) < 0)
		return -1;
	*ret_is_ended = now.status == CONTAINER_EXITED || now.status == CONTAINER_UNKNOWN;
	if (*ret_is_ended)
		*ret = now.exit;
	else if (now.status == CONTAINER_PENDING)
		return fail(err, ERR_CONFLICT, "it was never started");
	return 0;
}

static int connect_with(struct native *n, const char *id, const struct shim_request *request, struct error *err)
{
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	autoclose int sock = -1;

	if (container_open(n, id, &c, err) < 0)
		return -1;
	sock = shim_connect(&c, err);
	if (sock < 0 || shim_ask(sock, request, NULL, 0, err) < 0)
		return -1;
	return TAKE_FD(sock);
}

#define SETTLE_PAUSE_NS 5000000
#define SETTLE_MOST_NS (10 * NSEC_PER_SEC)

/* Asks the shim over sock (or a new connection) and reads its record; a shim that died on the way is asked again,
 * through its successor, until there is a record. One that cannot be reached for long is an error. */
static int await_record(struct native *n, const char *id, int sock, const struct shim_request *request,
			struct exit_record *ret, struct error *err)
{
	for (uint64_t reached_ns = clock_monotonic_ns();;) {
		struct shim_reply reply;
		bool is_ended = false;

		if (sock < 0)
			sock = connect_with(n, id, request, err);
		if (sock < 0 && clock_monotonic_ns() - reached_ns > SETTLE_MOST_NS)
			return fail_while(err, "its shim has died, and no other could take its place");
		if (sock >= 0 && shim_receive(sock, &reply, err) == 0 && reply.type == SHIM_EXITED) {
			close(sock);
			*ret = reply.record;
			return 0;
		}
		if (sock >= 0)
			reached_ns = clock_monotonic_ns();
		cleanup_close(&sock);
		sock = -1;
		if (read_end(n, id, ret, &is_ended, err) < 0)
			return -1;
		if (is_ended)
			return 0;
		nanosleep(&(struct timespec){ .tv_nsec = SETTLE_PAUSE_NS }, NULL);
	}
}

int native_wait(struct runtime *rt, const char *id, struct exit_record *ret, struct error *err)
{
	struct native *n = native_of(rt);

	return await_record(n, id, native_take_held(n, id), &(struct shim_request){ .type = SHIM_WAIT }, ret, err);
}

static int always_readable(struct error *err)
{
	int fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);

	return fd < 0 ? fail_errno(err, errno, "eventfd") : fd;
}

int native_open_wait(struct runtime *rt, const char *id, int *ret_fd, struct error *err)
{
	struct native *n = native_of(rt);
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	struct error ignored = { 0 };
	int fd;

	if (container_open(n, id, &c, err) < 0)
		return -1;
	fd = connect_with(n, id, &(struct shim_request){ .type = SHIM_WAIT }, &ignored);
	if (fd < 0)
		fd = always_readable(err);
	if (fd < 0)
		return -1;
	*ret_fd = fd;
	return 0;
}

/* The signal and the grace that the container was made with. */
static int stop_defaults(struct container *c, int *signo, uint64_t *grace_ms, struct error *err)
{
	AUTO(runtime_config) config = NULL;
	const char *name, *grace;

	if (*signo && *grace_ms != GRACE_UNSET)
		return 0;
	config = container_read_config(c, err);
	if (!config)
		return -1;
	name = runtime_config_annotation(config, ANNOTATION_STOP_SIGNAL);
	grace = runtime_config_annotation(config, ANNOTATION_STOP_GRACE);
	if (!*signo)
		*signo = name ? signal_from_name(name) : SIGTERM;
	if (*signo < 0)
		return fail(err, ERR_INVALID_SPEC, "stop signal %s", name);
	if (*grace_ms == GRACE_UNSET && (!grace || parse_u64(grace, grace_ms) < 0))
		*grace_ms = GRACE_DEFAULT_MS;
	return 0;
}

/* Without a shim: its end is not recorded but as unknown, and it ends all the same. */
static int kill_unattended(struct native *n, struct container *c, const struct observation *now, struct error *err)
{
	AUTO_DONE(cgroup) group = { 0 };
	autoclose int pidfd = pidfd_open_checked(now->state.pid, now->state.start_time);
	struct exit_record record;
	bool is_ended = false;

	if (pidfd >= 0)
		pidfd_signal(pidfd, SIGKILL);
	if (now->state.cgroup_path && cgroup_open(now->state.cgroup_path, &group) == 0)
		cgroup_kill(&group);
	for (uint64_t until = clock_monotonic_ns() + SETTLE_MOST_NS; clock_monotonic_ns() < until && !is_ended;) {
		nanosleep(&(struct timespec){ .tv_nsec = SETTLE_PAUSE_NS }, NULL);
		if (read_end(n, c->id, &record, &is_ended, err) < 0)
			return -1;
	}
	return is_ended ? 0 : fail(err, ERR_TIMEOUT, "it does not end, not even by SIGKILL");
}

int native_stop(struct runtime *rt, const char *id, int signo, uint64_t grace_ms, struct error *err)
{
	struct native *n = native_of(rt);
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	AUTO_DONE(observation) now = { 0 };
	struct shim_request request = { .type = SHIM_STOP };
	struct exit_record record;
	struct error mine = { 0 };

	if (container_open(n, id, &c, err) < 0 || container_observe(&c, &now, err) < 0)
		return -1;
	if (now.status == CONTAINER_PENDING || now.status == CONTAINER_EXITED || now.status == CONTAINER_UNKNOWN)
		return 0;
	if (stop_defaults(&c, &signo, &grace_ms, err) < 0)
		return -1;
	request.signo = signo;
	request.grace_ms = grace_ms;
	if (await_record(n, id, -1, &request, &record, &mine) == 0)
		return 0;
	/* Somebody removed it meanwhile (a container of --rm removes itself): it has stopped. */
	if (mine.kind == ERR_NOT_FOUND)
		return 0;
	return kill_unattended(n, &c, &now, err);
}

int native_kill(struct runtime *rt, const char *id, int signo, struct error *err)
{
	struct native *n = native_of(rt);
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	AUTO_DONE(observation) now = { 0 };
	struct shim_request request = { .type = SHIM_SIGNAL, .signo = signo };
	struct shim_reply reply;
	autoclose int sock = -1;

	if (container_open(n, id, &c, err) < 0 || container_observe(&c, &now, err) < 0)
		return -1;
	if (now.status == CONTAINER_PENDING)
		return fail(err, ERR_CONFLICT, "it was never started");
	if (now.status == CONTAINER_EXITED || now.status == CONTAINER_UNKNOWN)
		return 0;
	sock = connect_with(n, id, &request, err);
	if (sock < 0)
		return err && err->kind == ERR_CONFLICT ? 0 : -1;
	return shim_receive(sock, &reply, err);
}
