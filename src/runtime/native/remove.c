/* remove.c - a container goes: its kernel's leftovers, its directories, its name, and its anonymous volumes when
 * asked. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "runtime/native/native.h"

static bool is_live(enum container_status status)
{
	return status == CONTAINER_RUNNING || status == CONTAINER_STOPPING || status == CONTAINER_PAUSED;
}

static int make_it_end(struct runtime *rt, struct container *c, unsigned flags, struct error *err)
{
	AUTO_DONE(observation) now = { 0 };

	if (container_observe(c, &now, err) < 0)
		return -1;
	if (!is_live(now.status))
		return 0;
	if (!(flags & REMOVE_FORCE))
		return fail(err, ERR_CONFLICT, "it is %s: stop it first, or force the removal",
			    container_status_name(now.status));
	return native_stop(rt, c->id, 0, 0, err);
}

/* Read before the directory goes, removed after. A config.json that cannot be read must not keep a container alive. */
static int collect_anonymous(struct container *c, const struct runtime_config *config, struct strv *ret)
{
	for (size_t i = 0; config && i < config->n_mounts; i++) {
		const struct runtime_mount *m = &config->mounts[i];
		autofree char *key = text_format("%s%s", ANNOTATION_VOLUME_PREFIX, m->destination);
		const char *kind = key ? runtime_config_annotation(config, key) : NULL;
		char *name;

		if (!kind || strcmp(kind, "anonymous") != 0 || !m->source)
			continue;
		name = volume_name_of(c->native, m->source);
		if (name && strv_add_take(ret, name) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* Renamed first: nobody finds it from then on, and a crash leaves a draft for the next list to sweep, and a name. */
static int remove_directory(struct container *c, const char *name, struct error *err)
{
	autofree char *draft = text_format(".%s", c->id);
	int r;

	if (!draft)
		return fail_oom(err);
	if (renameat(c->native->containers_fd, c->id, c->native->containers_fd, draft) < 0 && errno != ENOENT)
		return fail_errno(err, errno, "directory");
	if (name)
		native_release_name(c->native, name, c->id);
	r = dir_remove_tree(c->native->containers_fd, draft);
	return r < 0 ? fail_errno(err, r, "directory") : 0;
}

static int remove_locked(struct container *c, unsigned flags, struct error *err)
{
	AUTO(runtime_config) config = container_read_config(c, NULL);
	AUTO_DONE(strv) volumes = { 0 };
	const char *name = config ? runtime_config_annotation(config, ANNOTATION_NAME) : NULL;

	if (collect_anonymous(c, config, &volumes) < 0)
		return fail_oom(err);
	container_clean_up(c, config ? config->cgroups_path : NULL);
	if (remove_directory(c, name, err) < 0)
		return -1;
	for (size_t i = 0; (flags & REMOVE_VOLUMES) && i < volumes.count; i++)
		volume_remove(c->native, volumes.items[i]);
	return 0;
}

int native_remove(struct runtime *rt, const char *id, unsigned flags, struct error *err)
{
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	struct error mine = { 0 };
	int held, r;

	r = container_open(native_of(rt), id, &c, &mine);
	if (r == 0)
		r = make_it_end(rt, &c, flags, &mine);
	if (r == 0)
		r = container_lock(&c, &mine);
	/* Started by another between the two: the lock is ours now, so look again. */
	if (r == 0)
		r = make_it_end(rt, &c, flags, &mine);
	if (r == 0)
		r = remove_locked(&c, flags, &mine);
	if (r < 0 && mine.kind != ERR_NOT_FOUND) {
		if (err)
			*err = mine;
		return -1;
	}
	held = native_take_held(native_of(rt), id);
	cleanup_close(&held);
	return 0;
}
