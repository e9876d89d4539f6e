/* container.c - the life of one fake container. */
#include "runtime/fake/container.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/json_writer.h"
#include "base/memory.h"

static int copy_text(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return from && !*to ? -ENOMEM : 0;
}

static int append(struct strv *to, const struct strv *from)
{
	for (size_t i = 0; i < from->count; i++)
		if (strv_add(to, from->items[i]) < 0)
			return -ENOMEM;
	return 0;
}

static int copy_volumes(struct strv *to, const struct container_config *config)
{
	for (size_t i = 0; i < config->n_mounts; i++)
		if (config->mounts[i].type == MOUNT_VOLUME && strv_add(to, config->mounts[i].source) < 0)
			return -ENOMEM;
	return 0;
}

static int copy_config(struct fake_container *c, const struct container_config *config)
{
	c->replica = config->replica;
	c->stop_grace_ms = config->stop_grace_ms == GRACE_UNSET ? GRACE_DEFAULT_MS : config->stop_grace_ms;
	c->has_auto_remove = config->has_auto_remove;
	if (copy_text(&c->name, config->name) < 0 || copy_text(&c->image, config->image) < 0 ||
	    copy_text(&c->deployment, config->deployment) < 0 || copy_text(&c->service, config->service) < 0 ||
	    copy_text(&c->role, config->role) < 0 || copy_text(&c->stop_signal, config->stop_signal) < 0)
		return -ENOMEM;
	if (append(&c->argv, &config->entrypoint) < 0 || append(&c->argv, &config->args) < 0 ||
	    append(&c->env, &config->env) < 0 || append(&c->secret_env, &config->secret_env) < 0 ||
	    append(&c->labels, &config->labels) < 0)
		return -ENOMEM;
	return copy_volumes(&c->volumes, config);
}

/* Digits that look like a digest's: the same in each run, and prefixes differ. */
static int make_id(uint64_t number, char ret[ID_HEX_SIZE])
{
	char digest[SHA256_DIGEST_SIZE];

	if (digest_of(&number, sizeof(number), digest) < 0)
		return -ENOMEM;
	memcpy(ret, digest + strlen("sha256:"), ID_HEX_SIZE);
	return 0;
}

struct fake_container *fake_container_new(const struct container_config *config, uint64_t number, uint64_t now_ns,
					  pthread_mutex_t *lock)
{
	struct fake_container *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->status = CONTAINER_PENDING;
	c->created_ns = now_ns;
	c->log = fake_log_new(lock);
	if (c->log && make_id(number, c->id) == 0 && copy_config(c, config) == 0 &&
	    (c->name || (c->name = text_format("fake-%llu", (unsigned long long)number))))
		return c;
	fake_container_free(c);
	return NULL;
}

/* The other ends hang up. */
static void close_watchers(struct fake_container *c)
{
	while (c->n_watchers > 0)
		close(c->watchers[--c->n_watchers]);
}

void fake_container_free(struct fake_container *c)
{
	if (!c)
		return;
	close_watchers(c);
	free(c->watchers);
	free(c->name);
	free(c->image);
	free(c->deployment);
	free(c->service);
	free(c->role);
	free(c->stop_signal);
	strv_done(&c->argv);
	strv_done(&c->env);
	strv_done(&c->secret_env);
	strv_done(&c->labels);
	strv_done(&c->volumes);
	strv_done(&c->running_env);
	script_done(&c->script);
	fake_log_unref(c->log);
	free(c);
}

bool fake_container_runs(const struct fake_container *c)
{
	return c->status == CONTAINER_RUNNING || c->status == CONTAINER_STOPPING;
}

static int add_secret(const struct fake_container *c, const struct secret_source *secrets, const char *entry,
		      struct strv *env, struct error *err)
{
	const char *equals = strchr(entry, '=');
	struct secret_value value = { 0 };
	int r;

	if (!secrets)
		return fail(err, ERR_CONFIGURATION, "secret of %.*s: there is no source of secrets",
			    (int)(equals - entry), entry);
	if (secrets->resolve(secrets, c->deployment, equals + 1, &value, err) < 0)
		return -1;
	r = strv_addf(env, "%.*s=%s", (int)(equals - entry), entry, value.bytes);
	secret_value_done(&value);
	return r < 0 ? fail_oom(err) : 0;
}

static int make_env(const struct fake_container *c, const struct secret_source *secrets, struct strv *ret,
		    struct error *err)
{
	AUTO_DONE(strv) env = { 0 };

	if (append(&env, &c->env) < 0)
		return fail_oom(err);
	for (size_t i = 0; i < c->secret_env.count; i++)
		if (add_secret(c, secrets, c->secret_env.items[i], &env, err) < 0)
			return -1;
	*ret = env;
	env = (struct strv){ 0 };
	return 0;
}

int fake_container_begin(struct fake_container *c, const struct secret_source *secrets, uint64_t now_ns,
			 struct error *err)
{
	AUTO_DONE(script) script = { 0 };
	AUTO_DONE(strv) env = { 0 };

	if (make_env(c, secrets, &env, err) < 0 || script_parse(&c->argv, &script, err) < 0)
		return -1;
	script_done(&c->script);
	strv_done(&c->running_env);
	c->script = script;
	c->running_env = env;
	script = (struct script){ 0 };
	env = (struct strv){ 0 };
	script_begin(&c->run, &c->script, &c->running_env, now_ns);
	fake_log_set_complete(c->log, false);
	c->status = CONTAINER_RUNNING;
	c->started_ns = now_ns;
	c->is_stop_asked = false;
	c->exit = (struct exit_record){ 0 };
	return 0;
}

static void finish(struct fake_container *c, enum container_status status, const struct exit_record *record)
{
	c->status = status;
	c->exit = *record;
	fake_log_set_complete(c->log, true);
	close_watchers(c);
}

static void write_log(void *data, uint64_t time_ns, enum log_stream stream, const char *text)
{
	fake_log_add(((struct fake_container *)data)->log, time_ns, stream, text);
}

bool fake_container_advance(struct fake_container *c, uint64_t now_ns)
{
	if (!fake_container_runs(c))
		return false;
	script_advance(&c->run, now_ns, write_log, c);
	if (!c->run.has_ended)
		return false;
	finish(c, CONTAINER_EXITED,
	       &(struct exit_record){
		       .is_known = true,
		       .code = c->run.code,
		       .signal = c->run.signal,
		       .asked_by = c->is_stop_asked ? EXIT_ASKED_USER : EXIT_ASKED_NOBODY,
		       .started_ns = c->started_ns,
		       .finished_ns = c->run.ended_ns,
	       });
	return true;
}

void fake_container_signal(struct fake_container *c, int signo, uint64_t now_ns)
{
	const char *text;

	fake_container_advance(c, now_ns);
	if (!fake_container_runs(c))
		return;
	text = script_signal(&c->run, signo, now_ns);
	if (text)
		fake_log_add(c->log, now_ns, LOG_STDOUT, text);
	fake_container_advance(c, now_ns);
}

void fake_container_lose(struct fake_container *c)
{
	finish(c, CONTAINER_UNKNOWN,
	       &(struct exit_record){ .is_known = false, .code = -1, .started_ns = c->started_ns });
}

int fake_container_watch(struct fake_container *c)
{
	int ends[2];

	if (array_reserve((void **)&c->watchers, &c->watchers_capacity, c->n_watchers + 1, sizeof(int)) < 0)
		return -ENOMEM;
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	c->watchers[c->n_watchers++] = ends[1];
	if (!fake_container_runs(c))
		close_watchers(c);
	return ends[0];
}

/* The agent's own, as every backend gives them. */
static int add_own_labels(const struct fake_container *c, struct strv *labels)
{
	if (c->deployment && strv_addf(labels, LABEL_DEPLOYMENT "=%s", c->deployment) < 0)
		return -ENOMEM;
	if (c->service && (strv_addf(labels, LABEL_SERVICE "=%s", c->service) < 0 ||
			   strv_addf(labels, LABEL_REPLICA "=%u", c->replica) < 0))
		return -ENOMEM;
	return c->role ? strv_addf(labels, LABEL_ROLE "=%s", c->role) : 0;
}

static int fill_info(const struct fake_container *c, struct container_info *info)
{
	AUTO_DONE(strbuf) command = { 0 };

	for (size_t i = 0; i < c->argv.count; i++)
		strbuf_addf(&command, "%s%s", i ? " " : "", c->argv.items[i]);
	info->command = strbuf_take(&command);
	if (!info->command || append(&info->labels, &c->labels) < 0 || add_own_labels(c, &info->labels) < 0 ||
	    copy_text(&info->name, c->name) < 0 || copy_text(&info->image, c->image) < 0 ||
	    copy_text(&info->deployment, c->deployment) < 0 || copy_text(&info->service, c->service) < 0 ||
	    copy_text(&info->role, c->role) < 0)
		return -ENOMEM;
	return copy_text(&info->image_id, "sha256:0000000000000000000000000000000000000000000000000000000000000000");
}

struct container_info *fake_container_info(const struct fake_container *c)
{
	AUTO(container_info) info = calloc(1, sizeof(*info));

	if (!info || fill_info(c, info) < 0)
		return NULL;
	memcpy(info->id, c->id, ID_HEX_SIZE);
	info->replica = c->replica;
	info->status = c->status;
	info->pid = fake_container_runs(c) ? 1 : 0;
	info->created_ns = c->created_ns;
	info->started_ns = c->started_ns;
	info->exit = c->exit;
	info->has_auto_remove = c->has_auto_remove;
	return TAKE_PTR(info);
}

char *fake_container_inspect(const struct fake_container *c)
{
	struct strbuf text = { 0 };
	struct json_writer w = { .out = &text, .pretty = true };

	json_open_object(&w, NULL);
	json_put_text(&w, "Id", c->id);
	json_put_text(&w, "Name", c->name);
	json_open_object(&w, "State");
	json_put_text(&w, "Status", container_status_name(c->status));
	json_put_bool(&w, "Running", fake_container_runs(c));
	json_put_i64(&w, "ExitCode", c->exit.code);
	json_close_object(&w);
	json_open_object(&w, "Config");
	json_put_text(&w, "Image", c->image);
	json_put_strv(&w, "Cmd", &c->argv);
	json_put_strv(&w, "Env", &c->env);
	json_close_object(&w);
	json_close_object(&w);
	return strbuf_take(&text);
}
