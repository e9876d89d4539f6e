/* config_hash.c - the config as one JSON text, and its digest. A new member adds a line here. */
#include "service/config_hash.h"

#include "base/json_writer.h"

static void print_process(struct json_writer *w, const struct container_config *c)
{
	json_put_text(w, "image", c->image);
	json_put_bool(w, "has_entrypoint", c->has_entrypoint);
	json_put_strv(w, "entrypoint", &c->entrypoint);
	json_put_strv(w, "args", &c->args);
	json_put_text(w, "workdir", c->workdir);
	json_put_text(w, "user", c->user);
	json_put_text(w, "hostname", c->hostname);
	json_put_strv(w, "env", &c->env);
	json_put_strv(w, "secret_env", &c->secret_env);
	json_put_strv(w, "labels", &c->labels);
	json_put_strv(w, "cap_add", &c->cap_add);
	json_put_strv(w, "cap_drop", &c->cap_drop);
	json_put_bool(w, "is_privileged", c->is_privileged);
	json_put_bool(w, "has_read_only_rootfs", c->has_read_only_rootfs);
	json_put_text(w, "stop_signal", c->stop_signal);
	json_put_u64(w, "stop_grace_ms", c->stop_grace_ms);
	json_put_u64(w, "network_mode", c->network_mode);
}

static void print_mounts(struct json_writer *w, const struct container_config *c)
{
	json_open_array(w, "mounts");
	for (size_t i = 0; i < c->n_mounts; i++) {
		const struct container_mount *m = &c->mounts[i];

		json_open_object(w, NULL);
		json_put_u64(w, "type", m->type);
		json_put_text(w, "source", m->source);
		json_put_text(w, "target", m->target);
		json_put_bool(w, "is_read_only", m->is_read_only);
		json_put_u64(w, "size_bytes", m->size_bytes);
		json_put_u64(w, "mode", m->mode);
		json_close_object(w);
	}
	json_close_array(w);
}

static void print_limits(struct json_writer *w, const struct container_config *c)
{
	json_put_double(w, "cpus", c->cpus);
	json_put_u64(w, "memory_bytes", c->memory_bytes);
	json_put_i64(w, "pids_limit", c->pids_limit);
	json_open_object(w, "ulimits");
	for (size_t i = 0; i < c->n_ulimits; i++) {
		json_open_array(w, c->ulimits[i].name);
		json_put_u64(w, NULL, c->ulimits[i].soft);
		json_put_u64(w, NULL, c->ulimits[i].hard);
		json_close_array(w);
	}
	json_close_object(w);
}

int config_hash(const struct container_config *config, char ret[CONFIG_HASH_SIZE], struct error *err)
{
	AUTO_DONE(strbuf) text = { 0 };
	struct json_writer w = { .out = &text };

	json_open_object(&w, NULL);
	print_process(&w, config);
	print_mounts(&w, config);
	print_limits(&w, config);
	json_close_object(&w);
	if (strbuf_status(&text) < 0 || digest_of(text.data, text.len, ret) < 0)
		return fail_oom(err);
	return 0;
}
