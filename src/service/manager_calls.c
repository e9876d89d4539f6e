/* manager_calls.c - the runtime's calls, each on a thread of its own. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "service/manager_private.h"

static void run_call(void *data)
{
	struct call *call = data;

	call->result = call->run(call, call->manager->runtime);
}

static void unlink_call(struct call *call)
{
	*call->link = call->next;
	if (call->next)
		call->next->link = call->link;
}

static void finish_call(void *data)
{
	struct call *call = data;
	struct manager *m = call->manager;

	unlink_call(call);
	if (!call->is_probe)
		m->n_calls--;
	call->done(call);
	free(call);
	manager_settle(m);
}

static void link_call(struct manager *m, struct call *call)
{
	call->next = m->calls;
	call->link = &m->calls;
	if (m->calls)
		m->calls->link = &call->next;
	m->calls = call;
}

void manager_start_call(struct manager *m, const struct call *call)
{
	struct call *copy = malloc(sizeof(*copy)), failed = *call;
	int r = copy ? 0 : -ENOMEM;

	if (copy) {
		*copy = *call;
		copy->manager = m;
		copy->fd = -1;
		r = loop_start_work(m->loop, run_call, finish_call, copy);
	}
	if (r == 0) {
		link_call(m, copy);
		m->n_calls += !copy->is_probe;
		return;
	}
	free(copy);
	failed.manager = m;
	failed.fd = -1;
	failed.result = fail_errno(&failed.error, r, "thread");
	failed.done(&failed);
}

void manager_free_calls(struct manager *m)
{
	while (m->calls) {
		struct call *call = m->calls;

		m->calls = call->next;
		if (call->fd >= 0)
			close(call->fd);
		free(call);
	}
}

/* ---- killing what a call waits for ---- */

static void ignore(struct call *call)
{
	(void)call; /* the call that stops it politely says how that ended */
}

void manager_kill_calls(struct manager *m)
{
	for (struct call *call = m->calls; call; call = call->next) {
		struct call kill = { .run = call_stop, .done = ignore, .signo = SIGKILL, .grace_ms = 0 };

		if (!call->ends_container || call->is_killed)
			continue;
		call->is_killed = true;
		memcpy(kill.id, call->id, ID_HEX_SIZE);
		manager_start_call(m, &kill);
	}
}

/* ---- on the call's thread: nothing of the manager may change ---- */

static const struct replica *replica_of(const struct call *call)
{
	const struct manager *m = call->manager;

	return call->unit ? call->unit->replica : &m->replicas.items[m->plan.actions[call->action].replica];
}

int call_pull(struct call *call, struct runtime *rt)
{
	const struct replica *replica = replica_of(call);

	return runtime_pull_image(rt, replica->config->image, replica->pull_policy, &call->error);
}

int call_stop(struct call *call, struct runtime *rt)
{
	return runtime_stop(rt, call->id, call->signo, call->grace_ms, &call->error);
}

/* One that was removed by somebody else meanwhile is what was wanted. */
int call_remove(struct call *call, struct runtime *rt)
{
	struct error err = { 0 };

	if (runtime_stop(rt, call->id, 0, call->grace_ms, &err) < 0 && err.kind != ERR_NOT_FOUND) {
		call->error = err;
		return -1;
	}
	return runtime_remove(rt, call->id, REMOVE_FORCE | REMOVE_VOLUMES, &call->error);
}

int call_make(struct call *call, struct runtime *rt)
{
	if (call->id[0] && call_remove(call, rt) < 0)
		return -1;
	return runtime_create(rt, replica_of(call)->config, call->new_id, &call->error);
}

int call_start(struct call *call, struct runtime *rt)
{
	if (runtime_start(rt, call->id, &call->error) < 0)
		return -1;
	if (runtime_open_wait(rt, call->id, &call->fd, &call->error) == 0)
		return 0;
	runtime_stop(rt, call->id, SIGKILL, 0, NULL); /* as before the call */
	return -1;
}

int call_read_exit(struct call *call, struct runtime *rt)
{
	return runtime_wait(rt, call->id, &call->exit, &call->error);
}

int call_remove_volumes(struct call *call, struct runtime *rt)
{
	return runtime_remove_volumes(rt, call->manager->deployment, &call->error);
}

int call_probe(struct call *call, struct runtime *rt)
{
	return probe_run(call->unit->probe, rt, call->id, &call->error);
}
