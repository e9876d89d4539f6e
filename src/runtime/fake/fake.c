/* fake.c - the vtable of the runtime in memory. One lock for all; a ticker thread lets time pass for the containers. */
#include "runtime/fake/fake.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/signal_name.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "runtime/backend.h"
#include "runtime/fake/container.h"

struct planned_failure {
	unsigned countdown; /* 0: none */
	enum error_kind kind;
};

struct fake_runtime {
	struct runtime runtime;
	struct virtual_clock *clock; /* NULL: real time */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t ticker; /* of real time */
	bool is_closing, has_ticker_ended;

	struct fake_container *containers; /* oldest first */
	struct fake_container *removed;    /* kept, since a wait may still look at them */
	uint64_t created;
	struct strv volumes; /* DEPLOYMENT/NAME, or NAME alone */

	struct planned_failure failures[N_FAKE_CALLS];
	uint64_t delays_ns[N_FAKE_CALLS];
	struct strv lost_images, calls;
};

static const char *const call_names[N_FAKE_CALLS] = {
	[FAKE_PULL] = "pull",     [FAKE_CREATE] = "create", [FAKE_START] = "start",
	[FAKE_STOP] = "stop",     [FAKE_KILL] = "kill",     [FAKE_WAIT] = "wait",
	[FAKE_REMOVE] = "remove", [FAKE_EXEC] = "exec",     [FAKE_LIST] = "list",
};

static struct fake_runtime *fake_of(struct runtime *rt)
{
	return (struct fake_runtime *)rt;
}

/* ---- time ---- */

static uint64_t now_ns(const struct fake_runtime *fake)
{
	return fake->clock ? virtual_clock_now_ns(fake->clock) : clock_realtime_ns();
}

static void note_change(struct fake_runtime *fake)
{
	pthread_cond_broadcast(&fake->changed);
	if (fake->clock)
		virtual_clock_notify(fake->clock);
}

/* Waits, the lock given up, for that time or any change. */
static void block(struct fake_runtime *fake, uint64_t until_ns)
{
	struct timespec until = { .tv_sec = (time_t)(until_ns / NSEC_PER_SEC),
				  .tv_nsec = (long)(until_ns % NSEC_PER_SEC) };

	if (fake->clock) {
		pthread_mutex_unlock(&fake->lock);
		virtual_clock_sleep(fake->clock, until_ns);
		pthread_mutex_lock(&fake->lock);
	} else if (until_ns == UINT64_MAX) {
		pthread_cond_wait(&fake->changed, &fake->lock);
	} else {
		pthread_cond_timedwait(&fake->changed, &fake->lock, &until);
	}
}

static void remove_from_list(struct fake_runtime *fake, struct fake_container *c)
{
	struct fake_container **link = &fake->containers;

	while (*link != c)
		link = &(*link)->next;
	*link = c->next;
	c->next = fake->removed;
	fake->removed = c;
}

static void settle(struct fake_runtime *fake)
{
	uint64_t now = now_ns(fake);

	for (struct fake_container *c = fake->containers, *next; c; c = next) {
		next = c->next;
		if (!fake_container_advance(c, now))
			continue;
		if (c->has_auto_remove)
			remove_from_list(fake, c);
		note_change(fake);
	}
}

static uint64_t next_event_ns(const struct fake_runtime *fake)
{
	uint64_t next = UINT64_MAX;

	for (struct fake_container *c = fake->containers; c; c = c->next)
		if (fake_container_runs(c) && c->run.wake_ns < next)
			next = c->run.wake_ns;
	return next;
}

static void tick(void *data)
{
	struct fake_runtime *fake = data;

	pthread_mutex_lock(&fake->lock);
	while (!fake->is_closing && !(fake->clock && virtual_clock_is_closing(fake->clock))) {
		settle(fake);
		block(fake, next_event_ns(fake));
	}
	fake->has_ticker_ended = true;
	note_change(fake);
	pthread_mutex_unlock(&fake->lock);
}

static void *ticker_main(void *data)
{
	tick(data);
	return NULL;
}

/* ---- what every call begins with ---- */

static struct fake_container *find(struct fake_runtime *fake, const char *id)
{
	settle(fake);
	for (struct fake_container *c = fake->containers; c; c = c->next)
		if (strcmp(c->id, id) == 0)
			return c;
	return NULL;
}

static struct fake_container *find_name(struct fake_runtime *fake, const char *name)
{
	settle(fake);
	for (struct fake_container *c = fake->containers; c; c = c->next)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static int fail_missing(const char *id, struct error *err)
{
	return fail(err, ERR_NOT_FOUND, "container %.12s: there is no such container", id);
}

/* Puts the call on record, lets its time pass, and fails it when a test wants that. subject is an id or a name. */
static int begin_call(struct fake_runtime *fake, enum fake_call call, const char *subject, struct error *err)
{
	struct planned_failure *failure = &fake->failures[call];
	const struct fake_container *c = find(fake, subject);
	bool fails = failure->countdown > 0 && --failure->countdown == 0;
	enum error_kind kind = failure->kind;
	uint64_t until = now_ns(fake) + fake->delays_ns[call];

	strv_addf(&fake->calls, "%s %s%s", call_names[call], c ? c->name : subject, fails ? " failed" : "");
	while (now_ns(fake) < until && !(fake->clock && virtual_clock_is_closing(fake->clock)))
		block(fake, until);
	return fails ? fail(err, kind, "made to fail") : 0;
}

/* begin_call and the container, or NULL with err. */
static struct fake_container *begin_call_on(struct fake_runtime *fake, enum fake_call call, const char *id,
					    struct error *err)
{
	struct fake_container *c;

	if (!find(fake, id)) {
		fail_missing(id, err);
		return NULL;
	}
	if (begin_call(fake, call, id, err) < 0)
		return NULL;
	c = find(fake, id);
	if (!c)
		fail_missing(id, err);
	return c;
}

#define LOCKED(fake) CLEANUP(unlock) struct fake_runtime *locked = lock(fake)

static struct fake_runtime *lock(struct fake_runtime *fake)
{
	pthread_mutex_lock(&fake->lock);
	return fake;
}

static void unlock(struct fake_runtime **fake)
{
	pthread_mutex_unlock(&(*fake)->lock);
}

/* ---- the calls ---- */

static int check_image(const struct fake_runtime *fake, const char *reference, struct error *err)
{
	if (reference && strv_contains(&fake->lost_images, reference))
		return fail(err, ERR_NOT_FOUND, "image %s: there is none", reference);
	return 0;
}

static int pull_image(struct runtime *rt, const char *reference, enum pull_policy policy, struct error *err)
{
	LOCKED(fake_of(rt));

	(void)policy;
	return begin_call(locked, FAKE_PULL, reference, err) < 0 ? -1 : check_image(locked, reference, err);
}

static int add_volumes(struct fake_runtime *fake, const struct fake_container *c)
{
	for (size_t i = 0; i < c->volumes.count; i++) {
		autofree char *entry = text_format("%s/%s", c->deployment ? c->deployment : "", c->volumes.items[i]);

		if (!entry || (!strv_contains(&fake->volumes, entry) && strv_add(&fake->volumes, entry) < 0))
			return -ENOMEM;
	}
	return 0;
}

static int create(struct runtime *rt, const struct container_config *config, char ret_id[ID_HEX_SIZE],
		  struct error *err)
{
	LOCKED(fake_of(rt));
	struct fake_container *c, **end = &locked->containers;

	if (begin_call(locked, FAKE_CREATE, config->name ? config->name : "", err) < 0 ||
	    check_image(locked, config->image, err) < 0)
		return -1;
	if (config->name && find_name(locked, config->name))
		return fail(err, ERR_CONFLICT, "the name is taken");
	c = fake_container_new(config, ++locked->created, now_ns(locked), &locked->lock);
	if (!c)
		return fail_oom(err);
	if (add_volumes(locked, c) < 0) {
		fake_container_free(c);
		return fail_oom(err);
	}
	while (*end)
		end = &(*end)->next;
	*end = c;
	memcpy(ret_id, c->id, ID_HEX_SIZE);
	return 0;
}

static int start(struct runtime *rt, const char *id, struct error *err)
{
	LOCKED(fake_of(rt));
	struct fake_container *c = begin_call_on(locked, FAKE_START, id, err);

	if (!c)
		return -1;
	if (fake_container_runs(c))
		return fail(err, ERR_CONFLICT, "it runs already");
	if (fake_container_begin(c, rt->secrets, now_ns(locked), err) < 0)
		return -1;
	settle(locked);
	note_change(locked);
	return 0;
}

static int stop_signal_of(const struct fake_container *c)
{
	int signo = c->stop_signal ? signal_from_name(c->stop_signal) : SIGTERM;

	return signo > 0 ? signo : SIGTERM;
}

static void send_signal(struct fake_runtime *fake, struct fake_container *c, int signo)
{
	fake_container_signal(c, signo, now_ns(fake));
	if (!fake_container_runs(c) && c->has_auto_remove)
		remove_from_list(fake, c);
	note_change(fake);
}

static int stop(struct runtime *rt, const char *id, int signo, uint64_t grace_ms, struct error *err)
{
	LOCKED(fake_of(rt));
	struct fake_container *c = begin_call_on(locked, FAKE_STOP, id, err);
	uint64_t until;

	if (!c || !fake_container_runs(c))
		return c ? 0 : -1;
	if (grace_ms == GRACE_UNSET)
		grace_ms = c->stop_grace_ms;
	until = now_ns(locked) + grace_ms * NSEC_PER_MSEC;
	c->status = CONTAINER_STOPPING;
	c->is_stop_asked = true;
	if (grace_ms > 0)
		send_signal(locked, c, signo ? signo : stop_signal_of(c));
	while (fake_container_runs(c)) {
		if (now_ns(locked) >= until)
			send_signal(locked, c, SIGKILL);
		else
			block(locked, until);
		settle(locked);
	}
	return 0;
}

static int kill_container(struct runtime *rt, const char *id, int signo, struct error *err)
{
	LOCKED(fake_of(rt));
	struct fake_container *c = begin_call_on(locked, FAKE_KILL, id, err);

	if (!c || !fake_container_runs(c))
		return c ? 0 : -1;
	if (signo < 1 || signo >= NSIG)
		return fail(err, ERR_INVALID_SPEC, "%d is no signal", signo);
	c->is_stop_asked = true;
	send_signal(locked, c, signo);
	if (fake_container_runs(c))
		c->is_stop_asked = c->status == CONTAINER_STOPPING;
	return 0;
}

static int wait_for(struct runtime *rt, const char *id, struct exit_record *ret, struct error *err)
{
	LOCKED(fake_of(rt));
	struct fake_container *c = begin_call_on(locked, FAKE_WAIT, id, err);

	if (!c)
		return -1;
	while (fake_container_runs(c)) {
		block(locked, UINT64_MAX);
		settle(locked);
	}
	*ret = c->exit;
	if (c->status == CONTAINER_PENDING)
		ret->code = -1;
	return 0;
}

static int open_wait(struct runtime *rt, const char *id, int *ret_fd, struct error *err)
{
	LOCKED(fake_of(rt));
	struct fake_container *c = find(locked, id);
	int fd;

	if (!c)
		return fail_missing(id, err);
	fd = fake_container_watch(c);
	if (fd < 0)
		return fail_errno(err, fd, "pipe");
	*ret_fd = fd;
	return 0;
}

static int remove_container(struct runtime *rt, const char *id, unsigned flags, struct error *err)
{
	LOCKED(fake_of(rt));
	struct fake_container *c = find(locked, id);

	if (!c)
		return 0;
	if (begin_call(locked, FAKE_REMOVE, id, err) < 0)
		return -1;
	c = find(locked, id);
	if (!c)
		return 0;
	if (fake_container_runs(c) && !(flags & REMOVE_FORCE))
		return fail(err, ERR_CONFLICT, "it runs");
	c->is_stop_asked = true;
	fake_container_signal(c, SIGKILL, now_ns(locked));
	remove_from_list(locked, c);
	note_change(locked);
	return 0;
}

static void write_to_fd(void *data, uint64_t time_ns, enum log_stream stream, const char *text)
{
	const struct exec_config *config = data;
	autofree char *line = text_format("%s\n", text);

	(void)time_ns;
	if (line && write(stream == LOG_STDOUT ? config->stdout_fd : config->stderr_fd, line, strlen(line)) < 0)
		errno = 0; /* nobody reads it */
}

/* Until the program, its time or the container ends. */
static void run_program(struct fake_runtime *fake, const struct fake_container *c, struct script_run *run,
			const struct exec_config *config, uint64_t until)
{
	for (;;) {
		uint64_t now = now_ns(fake);

		script_advance(run, now, write_to_fd, (void *)config);
		if (run->has_ended || now >= until || !fake_container_runs(c))
			break;
		block(fake, run->wake_ns < until ? run->wake_ns : until);
		settle(fake);
	}
}

static int exec(struct runtime *rt, const char *id, const struct exec_config *config, int *ret_code, struct error *err)
{
	LOCKED(fake_of(rt));
	struct fake_container *c = begin_call_on(locked, FAKE_EXEC, id, err);
	AUTO_DONE(script) script = { 0 };
	struct script_run run;
	uint64_t now = now_ns(locked);

	if (!c)
		return -1;
	if (!fake_container_runs(c))
		return fail(err, ERR_CONFLICT, "it does not run");
	if (script_parse(&config->argv, &script, err) < 0)
		return -1;
	script_begin(&run, &script, config->env.count ? &config->env : &c->running_env, now);
	run.container_started_ns = c->started_ns;
	run_program(locked, c, &run, config,
		    config->timeout_ms ? now + config->timeout_ms * NSEC_PER_MSEC : UINT64_MAX);
	if (!run.has_ended && fake_container_runs(c))
		return fail(err, ERR_TIMEOUT, "it did not end within %llu ms", (unsigned long long)config->timeout_ms);
	*ret_code = run.has_ended ? run.code : 128 + SIGKILL;
	return 0;
}

static int open_logs(struct runtime *rt, const char *id, const struct log_options *options, struct log_reader **ret,
		     struct error *err)
{
	LOCKED(fake_of(rt));
	struct fake_container *c = find(locked, id);

	return c ? fake_log_open(c->log, options, ret, err) : fail_missing(id, err);
}

static int info(struct runtime *rt, const char *id, struct container_info **ret, struct error *err)
{
	LOCKED(fake_of(rt));
	struct fake_container *c = find(locked, id);
	struct container_info *found;

	if (!c)
		return fail_missing(id, err);
	found = fake_container_info(c);
	if (!found)
		return fail_oom(err);
	*ret = found;
	return 0;
}

static int list(struct runtime *rt, struct container_list *ret, struct error *err)
{
	LOCKED(fake_of(rt));
	AUTO_DONE(container_list) found = { 0 };
	size_t capacity = 0;

	if (begin_call(locked, FAKE_LIST, "", err) < 0)
		return -1;
	settle(locked);
	for (struct fake_container *c = locked->containers; c; c = c->next) {
		if (array_reserve((void **)&found.items, &capacity, found.count + 1, sizeof(*found.items)) < 0)
			return fail_oom(err);
		found.items[found.count] = fake_container_info(c);
		if (!found.items[found.count])
			return fail_oom(err);
		found.count++;
	}
	*ret = found;
	found = (struct container_list){ 0 };
	return 0;
}

static int inspect(struct runtime *rt, const char *id, char **ret, struct error *err)
{
	LOCKED(fake_of(rt));
	struct fake_container *c = find(locked, id);
	char *text;

	if (!c)
		return fail_missing(id, err);
	text = fake_container_inspect(c);
	if (!text)
		return fail_oom(err);
	*ret = text;
	return 0;
}

static int open_network(struct runtime *rt, const char *id, int *ret_fd, struct error *err)
{
	LOCKED(fake_of(rt));

	if (!find(locked, id))
		return fail_missing(id, err);
	*ret_fd = -1;
	return 0;
}

static bool is_volume_used(const struct fake_runtime *fake, const char *entry)
{
	for (const struct fake_container *c = fake->containers; c; c = c->next)
		if (strv_contains(&c->volumes, strchr(entry, '/') + 1))
			return true;
	return false;
}

static int remove_volumes(struct runtime *rt, const char *deployment, struct error *err)
{
	LOCKED(fake_of(rt));
	AUTO_DONE(strv) kept = { 0 };
	size_t len = strlen(deployment);

	for (size_t i = 0; i < locked->volumes.count; i++) {
		const char *entry = locked->volumes.items[i];
		bool is_theirs = strncmp(entry, deployment, len) == 0 && entry[len] == '/';

		if ((!is_theirs || is_volume_used(locked, entry)) && strv_add(&kept, entry) < 0)
			return fail_oom(err);
	}
	strv_done(&locked->volumes);
	locked->volumes = kept;
	kept = (struct strv){ 0 };
	return 0;
}

/* ---- making and ending ---- */

static void free_containers(struct fake_container *c)
{
	while (c) {
		struct fake_container *next = c->next;

		fake_container_free(c);
		c = next;
	}
}

static void end_ticker(struct fake_runtime *fake)
{
	pthread_mutex_lock(&fake->lock);
	fake->is_closing = true;
	note_change(fake);
	while (fake->clock && !fake->has_ticker_ended)
		block(fake, UINT64_MAX);
	pthread_mutex_unlock(&fake->lock);
	if (!fake->clock)
		pthread_join(fake->ticker, NULL);
}

static void close_fake(struct runtime *rt)
{
	struct fake_runtime *fake = fake_of(rt);

	end_ticker(fake);
	free_containers(fake->containers);
	free_containers(fake->removed);
	strv_done(&fake->volumes);
	strv_done(&fake->lost_images);
	strv_done(&fake->calls);
	pthread_cond_destroy(&fake->changed);
	pthread_mutex_destroy(&fake->lock);
	free(fake);
}

static const struct runtime_ops fake_ops = {
	.name = "fake",
	.features = RUNTIME_EXEC | RUNTIME_LOGS | RUNTIME_VOLUMES,
	.close = close_fake,
	.pull_image = pull_image,
	.create = create,
	.start = start,
	.stop = stop,
	.kill = kill_container,
	.wait = wait_for,
	.open_wait = open_wait,
	.remove = remove_container,
	.exec = exec,
	.open_logs = open_logs,
	.info = info,
	.list = list,
	.inspect = inspect,
	.open_network = open_network,
	.remove_volumes = remove_volumes,
};

struct runtime *fake_runtime_new(struct virtual_clock *clock, struct error *err)
{
	struct fake_runtime *fake = calloc(1, sizeof(*fake));
	int r;

	if (!fake) {
		fail_oom(err);
		return NULL;
	}
	fake->runtime.ops = &fake_ops;
	fake->clock = clock;
	pthread_mutex_init(&fake->lock, NULL);
	pthread_cond_init(&fake->changed, NULL);
	r = clock ? virtual_clock_start(clock, tick, fake) : -pthread_create(&fake->ticker, NULL, ticker_main, fake);
	if (r < 0) {
		pthread_cond_destroy(&fake->changed);
		pthread_mutex_destroy(&fake->lock);
		free(fake);
		fail_errno(err, r, "thread");
		return NULL;
	}
	return &fake->runtime;
}

static struct runtime *open_fake(const struct runtime_options *options, struct error *err)
{
	(void)options;
	return fake_runtime_new(NULL, err);
}

const struct runtime_backend fake_backend = { .name = "fake", .open = open_fake };

/* ---- a test's hands ---- */

void fake_fail_call(struct runtime *rt, enum fake_call call, unsigned nth, enum error_kind kind)
{
	LOCKED(fake_of(rt));

	locked->failures[call] = (struct planned_failure){ nth, kind };
}

void fake_delay_call(struct runtime *rt, enum fake_call call, uint64_t delay_ms)
{
	LOCKED(fake_of(rt));

	locked->delays_ns[call] = delay_ms * NSEC_PER_MSEC;
}

void fake_lose_image(struct runtime *rt, const char *reference)
{
	LOCKED(fake_of(rt));

	strv_add(&locked->lost_images, reference);
}

const struct strv *fake_calls(const struct runtime *rt)
{
	return &((const struct fake_runtime *)rt)->calls;
}

void fake_forget_calls(struct runtime *rt)
{
	LOCKED(fake_of(rt));

	strv_done(&locked->calls);
}

int fake_signal(struct runtime *rt, const char *name, int signo)
{
	LOCKED(fake_of(rt));
	struct fake_container *c = find_name(locked, name);

	if (!c || !fake_container_runs(c))
		return -ESRCH;
	send_signal(locked, c, signo);
	return 0;
}

int fake_lose_exit(struct runtime *rt, const char *name)
{
	LOCKED(fake_of(rt));
	struct fake_container *c = find_name(locked, name);

	if (!c || !fake_container_runs(c))
		return -ESRCH;
	fake_container_lose(c);
	note_change(locked);
	return 0;
}
