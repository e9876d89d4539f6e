/* inspect.c - one container as `docker inspect` shows it: its keys, our facts. */
#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "runtime/native/native.h"
#include "sys/capability.h"

struct view {
	struct json_writer w;
	const struct container_info *info;
	const struct runtime_config *config;
	const char *root_dir;
};

static void put_time(struct json_writer *w, const char *key, uint64_t ns)
{
	char text[CLOCK_RFC3339_SIZE];

	if (ns)
		clock_format_rfc3339(ns, text);
	json_put_text(w, key, ns ? text : "0001-01-01T00:00:00Z");
}

/* Docker's words: created, running, paused, exited. An end that nobody saw has our own word and code -1. */
static const char *docker_status(enum container_status status)
{
	switch (status) {
	case CONTAINER_PENDING:
	case CONTAINER_INITIALIZING:
		return "created";
	case CONTAINER_RUNNING:
	case CONTAINER_STOPPING:
		return "running";
	case CONTAINER_PAUSED:
		return "paused";
	case CONTAINER_EXITED:
		return "exited";
	case CONTAINER_FAILED:
		return "dead";
	case CONTAINER_UNKNOWN:
		return "unknown";
	}
	return "unknown";
}

static void put_state(struct view *v)
{
	const struct container_info *i = v->info;
	bool is_running = i->status == CONTAINER_RUNNING || i->status == CONTAINER_STOPPING;

	json_open_object(&v->w, "State");
	json_put_text(&v->w, "Status", docker_status(i->status));
	json_put_bool(&v->w, "Running", is_running);
	json_put_bool(&v->w, "Paused", i->status == CONTAINER_PAUSED);
	json_put_bool(&v->w, "OOMKilled", i->exit.oom_killed);
	json_put_i64(&v->w, "Pid", i->pid);
	json_put_i64(&v->w, "ExitCode", i->exit.code);
	json_put_bool(&v->w, "ExitKnown", i->status != CONTAINER_UNKNOWN);
	json_put_text(&v->w, "StoppedBy", i->exit.asked_by == EXIT_ASKED_USER ? "user" : "");
	json_put_text(&v->w, "Error", i->reason ? i->reason : "");
	put_time(&v->w, "StartedAt", i->started_ns);
	put_time(&v->w, "FinishedAt", is_running ? 0 : i->exit.finished_ns);
	json_close_object(&v->w);
}

static void put_labels(struct view *v)
{
	json_open_object(&v->w, "Labels");
	for (size_t i = 0; i < v->info->labels.count; i++) {
		char *entry = v->info->labels.items[i], *equals = strchr(entry, '=');

		*equals = '\0';
		json_put_text(&v->w, entry, equals + 1);
		*equals = '=';
	}
	json_close_object(&v->w);
}

/* References, never values: what stands in config.json. */
static void put_env(struct view *v)
{
	json_open_array(&v->w, "Env");
	for (size_t i = 0; i < v->config->env.count; i++)
		json_put_text(&v->w, NULL, v->config->env.items[i]);
	for (size_t i = 0; i < v->config->annotations.count; i++)
		if (text_starts_with(v->config->annotations.items[i], ANNOTATION_SECRET_PREFIX))
			json_put_text(&v->w, NULL, v->config->annotations.items[i] + strlen(ANNOTATION_SECRET_PREFIX));
	json_close_array(&v->w);
}

static void put_config(struct view *v)
{
	const struct runtime_config *c = v->config;
	const char *user = runtime_config_annotation(c, ANNOTATION_USER);
	const char *stop_signal = runtime_config_annotation(c, ANNOTATION_STOP_SIGNAL);

	json_open_object(&v->w, "Config");
	json_put_text(&v->w, "Hostname", c->hostname ? c->hostname : "");
	json_put_text(&v->w, "User", user ? user : "");
	json_put_bool(&v->w, "Tty", c->has_terminal);
	put_env(v);
	json_put_strv(&v->w, "Cmd", &c->args);
	json_put_text(&v->w, "Image", v->info->image);
	json_put_text(&v->w, "WorkingDir", c->cwd);
	put_labels(v);
	json_put_text(&v->w, "StopSignal", stop_signal ? stop_signal : "SIGTERM");
	json_close_object(&v->w);
}

static void put_cap_list(struct view *v)
{
	json_open_array(&v->w, "Capabilities");
	for (int cap = 0; cap <= capability_last(); cap++)
		if (v->config->cap_bounding & CAPABILITY_BIT(cap))
			json_put_text(&v->w, NULL, capability_name(cap));
	json_close_array(&v->w);
}

static void put_host_config(struct view *v)
{
	const struct runtime_config *c = v->config;
	const char *network = runtime_config_annotation(c, ANNOTATION_NETWORK);

	json_open_object(&v->w, "HostConfig");
	json_put_text(&v->w, "NetworkMode", network ? network : "default");
	json_put_bool(&v->w, "AutoRemove", v->info->has_auto_remove);
	json_put_bool(&v->w, "ReadonlyRootfs", c->has_read_only_root);
	json_put_bool(&v->w, "Privileged", c->masked_paths.count == 0 && !c->has_no_new_privileges);
	json_put_i64(&v->w, "Memory", c->memory_limit);
	json_put_i64(&v->w, "NanoCpus",
		     c->cpu_period_us ? c->cpu_quota_us * 1000000 / (int64_t)c->cpu_period_us * 1000 : 0);
	json_put_i64(&v->w, "PidsLimit", c->pids_limit);
	json_put_text(&v->w, "CgroupPath", c->cgroups_path);
	put_cap_list(v);
	json_close_object(&v->w);
}

static bool is_read_only(const struct runtime_mount *m)
{
	return strv_contains(&m->options, "ro");
}

/* The user's and the agent's binds, volumes and tmpfs; not the kernel's own file systems. */
static void put_mounts(struct view *v)
{
	json_open_array(&v->w, "Mounts");
	for (size_t i = 0; i < v->config->n_mounts; i++) {
		const struct runtime_mount *m = &v->config->mounts[i];
		autofree char *key = text_format("%s%s", ANNOTATION_VOLUME_PREFIX, m->destination);
		const char *volume = key ? runtime_config_annotation(v->config, key) : NULL;

		if (!m->type || strcmp(m->type, "bind") != 0)
			continue;
		json_open_object(&v->w, NULL);
		json_put_text(&v->w, "Type", volume ? "volume" : "bind");
		if (volume)
			json_put_text(&v->w, "Name", volume);
		json_put_text(&v->w, "Source", m->source);
		json_put_text(&v->w, "Destination", m->destination);
		json_put_bool(&v->w, "RW", !is_read_only(m));
		json_close_object(&v->w);
	}
	json_close_array(&v->w);
}

static void put_all(struct view *v)
{
	const struct container_info *i = v->info;
	autofree char *log = text_format("%s/containers/%s/log", v->root_dir, i->id);
	const struct strv *args = &v->config->args;
	struct strv rest = { .items = args->items + 1, .count = args->count ? args->count - 1 : 0 };

	json_open_object(&v->w, NULL);
	json_put_text(&v->w, "Id", i->id);
	json_put_text(&v->w, "Name", i->name);
	put_time(&v->w, "Created", i->created_ns);
	json_put_text(&v->w, "Path", args->count ? args->items[0] : "");
	json_put_strv(&v->w, "Args", &rest);
	put_state(v);
	json_put_text(&v->w, "Image", i->image_id);
	json_put_text(&v->w, "LogPath", log);
	json_put_text(&v->w, "Runtime", "native");
	put_host_config(v);
	put_mounts(v);
	put_config(v);
	json_close_object(&v->w);
}

int native_inspect(struct runtime *rt, const char *id, char **ret, struct error *err)
{
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	AUTO(container_info) info = NULL;
	AUTO(runtime_config) config = NULL;
	AUTO_DONE(strbuf) out = { 0 };
	struct view v;
	char *text;

	if (container_open(native_of(rt), id, &c, err) < 0)
		return -1;
	info = container_describe(&c, err);
	config = info ? container_read_config(&c, err) : NULL;
	if (!config)
		return -1;
	v = (struct view){ .w = { .out = &out }, .info = info, .config = config, .root_dir = native_of(rt)->root_dir };
	put_all(&v);
	text = strbuf_take(&out);
	if (!text)
		return fail_oom(err);
	*ret = text;
	return 0;
}
