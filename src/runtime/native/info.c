/* info.c - what is known of a container, and the list of them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "runtime/native/native.h"
#include "sys/procfs.h"

static int dup_annotation(const struct runtime_config *config, const char *name, char **ret)
{
	const char *value = runtime_config_annotation(config, name);

	if (!value)
		return 0;
	*ret = strdup(value);
	return *ret ? 0 : -ENOMEM;
}

static int fill_labels(const struct runtime_config *config, struct container_info *info)
{
	size_t prefix = strlen(ANNOTATION_LABEL_PREFIX);

	for (size_t i = 0; i < config->annotations.count; i++)
		if (text_starts_with(config->annotations.items[i], ANNOTATION_LABEL_PREFIX) &&
		    strv_add(&info->labels, config->annotations.items[i] + prefix) < 0)
			return -ENOMEM;
	return 0;
}

static int fill_command(const struct runtime_config *config, struct container_info *info)
{
	AUTO_DONE(strbuf) text = { 0 };

	for (size_t i = 0; i < config->args.count; i++)
		strbuf_addf(&text, "%s%s", i ? " " : "", config->args.items[i]);
	info->command = strbuf_take(&text);
	return info->command ? 0 : -ENOMEM;
}

static int fill_identity(const struct runtime_config *config, struct container_info *info)
{
	const char *replica = runtime_config_annotation(config, ANNOTATION_LABEL_PREFIX LABEL_REPLICA);
	const char *created = runtime_config_annotation(config, ANNOTATION_CREATED);
	const char *auto_remove = runtime_config_annotation(config, ANNOTATION_AUTO_REMOVE);
	uint32_t number = 0;

	if (dup_annotation(config, ANNOTATION_NAME, &info->name) < 0 ||
	    dup_annotation(config, ANNOTATION_IMAGE, &info->image) < 0 ||
	    dup_annotation(config, ANNOTATION_IMAGE_ID, &info->image_id) < 0 ||
	    dup_annotation(config, ANNOTATION_LABEL_PREFIX LABEL_DEPLOYMENT, &info->deployment) < 0 ||
	    dup_annotation(config, ANNOTATION_LABEL_PREFIX LABEL_SERVICE, &info->service) < 0 ||
	    dup_annotation(config, ANNOTATION_LABEL_PREFIX LABEL_ROLE, &info->role) < 0)
		return -ENOMEM;
	if (replica && parse_u32(replica, &number) == 0)
		info->replica = number;
	if (created)
		clock_parse_rfc3339(created, &info->created_ns);
	info->has_auto_remove = auto_remove && strcmp(auto_remove, "true") == 0;
	return fill_labels(config, info) < 0 ? -ENOMEM : fill_command(config, info);
}

static void fill_observation(const struct observation *now, struct container_info *info)
{
	info->status = now->status;
	info->exit = now->exit;
	if (now->status == CONTAINER_RUNNING || now->status == CONTAINER_STOPPING) {
		info->pid = now->status == CONTAINER_RUNNING ? now->state.pid : 0;
		info->started_ns = now->state.started_ns;
	} else {
		info->started_ns = now->exit.started_ns;
	}
}

struct container_info *container_describe(struct container *c, struct error *err)
{
	AUTO(container_info) info = calloc(1, sizeof(*info));
	AUTO(runtime_config) config = container_read_config(c, err);
	AUTO_DONE(observation) now = { 0 };

	if (!config)
		return NULL;
	if (!info || fill_identity(config, info) < 0) {
		fail_oom(err);
		return NULL;
	}
	if (container_observe(c, &now, err) < 0)
		return NULL;
	memcpy(info->id, c->id, ID_HEX_SIZE);
	fill_observation(&now, info);
	return TAKE_PTR(info);
}

int native_info(struct runtime *rt, const char *id, struct container_info **ret, struct error *err)
{
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	struct container_info *info;

	if (container_open(native_of(rt), id, &c, err) < 0)
		return -1;
	info = container_describe(&c, err);
	if (!info)
		return -1;
	*ret = info;
	return 0;
}

/* A creation or a removal that was killed leaves a draft, and may leave a name; nobody holds the creation lock. */
static void sweep_draft(struct native *n, const char *name)
{
	autoclose int lock = openat(n->containers_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) < 0)
		return;
	native_sweep_names(n);
	dir_remove_tree(n->containers_fd, name);
}

/* One that vanishes while it is looked at is left out. */
static int add_container(struct native *n, const char *id, struct container_list *list, size_t *capacity,
			 struct error *err)
{
	struct container_info *info = NULL;
	struct error mine = { 0 };

	if (native_info(&n->base, id, &info, &mine) < 0) {
		if (mine.kind == ERR_NOT_FOUND)
			return 0;
		if (err)
			*err = mine;
		return -1;
	}
	if (array_reserve((void **)&list->items, capacity, list->count + 1, sizeof(*list->items)) < 0) {
		container_info_free(info);
		return fail_oom(err);
	}
	list->items[list->count++] = info;
	return 0;
}

static int by_creation(const void *a, const void *b)
{
	const struct container_info *x = *(struct container_info *const *)a, *y = *(struct container_info *const *)b;

	if (x->created_ns != y->created_ns)
		return x->created_ns < y->created_ns ? -1 : 1;
	return strcmp(x->id, y->id);
}

int native_list(struct runtime *rt, struct container_list *ret, struct error *err)
{
	struct native *n = native_of(rt);
	AUTO_DONE(container_list) list = { 0 };
	size_t capacity = 0;
	int fd = openat(n->containers_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		cleanup_close(&fd);
		return fail_errno(err, errno, "containers");
	}
	while (r == 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			r = add_container(n, entry->d_name, &list, &capacity, err);
		else if (strlen(entry->d_name) == ID_HEX_LENGTH + 1)
			sweep_draft(n, entry->d_name);
	}
	closedir(dir);
	if (r < 0)
		return -1;
	if (list.count > 0)
		qsort(list.items, list.count, sizeof(*list.items), by_creation);
	*ret = list;
	list = (struct container_list){ 0 };
	return 0;
}

int native_open_network(struct runtime *rt, const char *id, int *ret_fd, struct error *err)
{
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	AUTO_DONE(observation) now = { 0 };
	int fd;

	if (container_open(native_of(rt), id, &c, err) < 0 || container_observe(&c, &now, err) < 0)
		return -1;
	if (now.status != CONTAINER_RUNNING)
		return fail(err, ERR_CONFLICT, "it is not running");
	fd = process_open_namespace(now.state.pid, "net");
	if (fd < 0)
		return fail_errno(err, fd, "network namespace");
	*ret_fd = fd;
	return 0;
}
