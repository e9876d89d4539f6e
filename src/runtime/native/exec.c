/* exec.c - one more program in a running container, by way of its shim. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "runtime/native/native.h"

static int ask_shim(struct container *c, int plan, const struct exec_config *config, int *ret_code, struct error *err)
{
	const int fds[] = { plan, config->stdin_fd, config->stdout_fd, config->stderr_fd };
	struct shim_reply reply;
	autoclose int sock = shim_connect(c, err);

	if (sock < 0 || shim_ask(sock, &(struct shim_request){ .type = SHIM_EXEC }, fds, ARRAY_SIZE(fds), err) < 0)
		return -1;
	if (shim_receive(sock, &reply, err) < 0 || shim_receive(sock, &reply, err) < 0)
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
