/* observe.c - what is true of a container now, from the disk and the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

#include "base/clock.h"
#include "base/file.h"
#include "runtime/native/native.h"
#include "sys/cgroup.h"
#include "sys/pidfd.h"

void observation_done(struct observation *o)
{
	run_state_done(&o->state);
}

/* A shim takes the control group away before the last file of RUN/ID: where that directory is empty or missing,
 * nothing is left. */
void container_clean_up(struct container *c, const char *cgroup_path)
{
	bool is_clean = unlinkat(c->native->run_fd, c->id, AT_REMOVEDIR) == 0 || errno == ENOENT;
	autofree char *path = NULL;

	cleanup_close(&c->run_fd);
	c->run_fd = -1;
	if (is_clean)
		return;
	path = cgroup_path ? strdup(cgroup_path) : native_cgroup_path(c->native, c->id);
	if (path)
		cgroup_remove(path);
	dir_remove_tree(c->native->run_fd, c->id);
}

static bool read_exit(const struct container *c, struct exit_record *ret)
{
	autofree char *text = NULL;

	return file_read_at(c->dir_fd, "exit", EXIT_RECORD_TEXT_SIZE, &text, NULL) == 0 &&
	       exit_record_parse(text, ret) == 0;
}

/* Writes down that nobody saw the end, unless somebody has written it meanwhile. */
static void record_unknown(struct container *c, const char *cgroup_path, uint64_t started_ns, struct exit_record *ret)
{
	char text[EXIT_RECORD_TEXT_SIZE];
	size_t len;

	if (!read_exit(c, ret)) {
		*ret = (struct exit_record){ .code = -1, .started_ns = started_ns, .finished_ns = clock_realtime_ns() };
		len = exit_record_print(ret, text);
		file_replace_at(c->dir_fd, "exit", text, len, 0640, FILE_VOLATILE);
	}
	container_clean_up(c, cgroup_path);
}

/* Its shim and its program are gone and nobody wrote how. The lock keeps a start that is under way from being taken
 * for a dead one: -EBUSY. */
static int settle(struct container *c, const char *cgroup_path, uint64_t started_ns, struct exit_record *ret)
{
	if (c->is_locked) {
		record_unknown(c, cgroup_path, started_ns, ret);
		return 0;
	}
	if (flock(c->dir_fd, LOCK_EX | LOCK_NB) < 0)
		return -EBUSY;
	record_unknown(c, cgroup_path, started_ns, ret);
	flock(c->dir_fd, LOCK_UN);
	return 0;
}

static enum container_status ended_status(const struct exit_record *record)
{
	return record->is_known ? CONTAINER_EXITED : CONTAINER_UNKNOWN;
}

/* RUN/ID/pid stands and is of this boot. */
static int observe_state(struct container *c, struct observation *o)
{
	if (process_is_alive(o->state.pid, o->state.start_time)) {
		o->status = CONTAINER_RUNNING;
		shim_ensure(c, &o->state);
		return 0;
	}
	/* Its shim is writing the last of it down, and takes the control group away: no start may come in between. */
	if (process_is_alive(o->state.shim_pid, o->state.shim_start_time)) {
		o->status = CONTAINER_STOPPING;
		return 0;
	}
	if (read_exit(c, &o->exit)) {
		o->status = ended_status(&o->exit);
		return 0;
	}
	if (settle(c, o->state.cgroup_path, o->state.started_ns, &o->exit) < 0) {
		o->status = CONTAINER_INITIALIZING;
		return 0;
	}
	o->status = ended_status(&o->exit);
	return 0;
}

/* No record of who runs it. It was started: in another boot, or its starter was killed before the program ran. */
static int observe_without_state(struct container *c, struct observation *o)
{
	if (read_exit(c, &o->exit)) {
		o->status = ended_status(&o->exit);
		return 0;
	}
	o->status = CONTAINER_PENDING;
	if (!file_exists_at(c->dir_fd, "started"))
		return 0;
	if (settle(c, NULL, 0, &o->exit) < 0)
		o->status = CONTAINER_INITIALIZING;
	else
		o->status = ended_status(&o->exit);
	return 0;
}

int container_observe(struct container *c, struct observation *ret, struct error *err)
{
	int r;

	*ret = (struct observation){ .status = CONTAINER_PENDING };
	r = c->run_fd < 0 ? -ENOENT : run_state_read(c->run_fd, &ret->state);
	if (r == 0)
		return observe_state(c, ret);
	if (r == -ENOENT || r == -ESTALE)
		return observe_without_state(c, ret);
	return fail_errno(err, r, "container %.12s: state", c->id);
}
