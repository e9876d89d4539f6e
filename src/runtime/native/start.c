/* start.c - starting a container: the plan goes to a new shim, which answers when the program runs. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "runtime/native/native.h"

static int refuse_running(struct container *c, struct error *err)
{
	AUTO_DONE(observation) now = { 0 };

	if (container_observe(c, &now, err) < 0)
		return -1;
	switch (now.status) {
	case CONTAINER_PENDING:
	case CONTAINER_EXITED:
	case CONTAINER_FAILED:
	case CONTAINER_UNKNOWN:
		return 0;
	case CONTAINER_INITIALIZING:
	case CONTAINER_RUNNING:
	case CONTAINER_PAUSED:
	case CONTAINER_STOPPING:
		break;
	}
	return fail(err, ERR_CONFLICT, "it is %s", container_status_name(now.status));
}

/* From here on a crash leaves a container that was started; the former record is put by, in case this start fails. */
static int begin(struct container *c, struct error *err)
{
	int r;

	container_clean_up(c, NULL);
	if (mkdirat(c->native->run_fd, c->id, 0700) < 0)
		return fail_errno(err, errno, "runtime directory");
	c->run_fd = openat(c->native->run_fd, c->id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (c->run_fd < 0)
		return fail_errno(err, errno, "runtime directory");
	if (renameat(c->dir_fd, "exit", c->dir_fd, "exit.former") < 0 && errno != ENOENT)
		return fail_errno(err, errno, "exit record");
	r = file_create_at(c->dir_fd, "started", "", 0, 0600);
	return r < 0 && r != -EEXIST ? fail_errno(err, r, "started") : 0;
}

static void take_back(struct container *c)
{
	container_clean_up(c, NULL);
	unlinkat(c->dir_fd, "exit", 0);
	if (renameat(c->dir_fd, "exit.former", c->dir_fd, "exit") < 0)
		unlinkat(c->dir_fd, "started", 0);
}

static int start_shim(struct container *c, const struct runtime_config *config, struct error *err)
{
	autoclose int plan = plan_for_start(c, config, err);
	autoclose int dir = plan < 0 ? -1 : container_reopen(c, err);
	const int fds[] = { plan, dir, c->run_fd };
	struct shim_reply reply;
	autoclose int sock = -1;

	if (dir < 0)
		return -1;
	sock = shim_spawn(c->native, c->id, &(struct shim_request){ .type = SHIM_START }, fds, ARRAY_SIZE(fds), err);
	if (sock < 0 || shim_receive(sock, &reply, err) < 0)
		return -1;
	return TAKE_FD(sock);
}

static bool removes_itself(const struct runtime_config *config)
{
	const char *word = runtime_config_annotation(config, ANNOTATION_AUTO_REMOVE);

	return word && strcmp(word, "true") == 0;
}

int native_start(struct runtime *rt, const char *id, struct error *err)
{
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	AUTO(runtime_config) config = NULL;
	int sock;

	if (container_open(native_of(rt), id, &c, err) < 0 || container_lock(&c, err) < 0 ||
	    refuse_running(&c, err) < 0)
		return -1;
	config = container_read_config(&c, err);
	if (!config || begin(&c, err) < 0)
		return -1;
	sock = start_shim(&c, config, err);
	if (sock < 0) {
		take_back(&c);
		return -1;
	}
	unlinkat(c.dir_fd, "exit.former", 0);
	if (removes_itself(config))
		native_hold(native_of(rt), id, sock);
	else
		close(sock);
	return 0;
}
