/* plan_root.c - the root section: the layers of the image, what is masked in it, and the nodes of /dev. */
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "runtime/native/native.h"

/* The runtime-spec's default devices; what else /dev holds are links and mounts. */
static const struct {
	const char *path;
	uint32_t major, minor;
} default_devices[] = {
	{ "/dev/null", 1, 3 },   { "/dev/zero", 1, 5 },    { "/dev/full", 1, 7 },
	{ "/dev/random", 1, 8 }, { "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
};

static uint32_t mode_of(const struct runtime_device *d)
{
	return d->mode | (d->type == 'b' ? S_IFBLK : d->type == 'p' ? S_IFIFO : S_IFCHR);
}

static int plan_devices(struct plan_context *p, struct error *err)
{
	const struct runtime_config *c = p->config;
	size_t n = 0;
	autofree struct plan_device *devices = calloc(ARRAY_SIZE(default_devices) + c->n_devices, sizeof(*devices));

	if (!devices)
		return fail_oom(err);
	for (size_t i = 0; i < ARRAY_SIZE(default_devices); i++)
		devices[n++] = (struct plan_device){ .path = plan_add_text(&p->b, default_devices[i].path),
						     .mode = S_IFCHR | 0666,
						     .major = default_devices[i].major,
						     .minor = default_devices[i].minor };
	for (size_t i = 0; i < c->n_devices; i++)
		devices[n++] = (struct plan_device){ .path = plan_add_text(&p->b, c->devices[i].path),
						     .mode = mode_of(&c->devices[i]),
						     .major = c->devices[i].major,
						     .minor = c->devices[i].minor,
						     .uid = c->devices[i].uid,
						     .gid = c->devices[i].gid };
	p->b.head.devices = plan_add_array(&p->b, devices, n, sizeof(*devices));
	return 0;
}

static int plan_layers(struct plan_context *p, struct error *err)
{
	const char *id = runtime_config_annotation(p->config, ANNOTATION_IMAGE_ID);
	AUTO(image) image = NULL;
	AUTO_DONE(strv) dirs = { 0 };

	if (!id)
		return fail(err, ERR_INVALID_SPEC, "config.json: annotation %s is missing", ANNOTATION_IMAGE_ID);
	if (store_get_image(p->native->store, id, &image, err) < 0)
		return -1;
	for (size_t i = image->layer_dirs.count; i-- > 0;)
		if (strv_add(&dirs, image->layer_dirs.items[i]) < 0)
			return fail_oom(err);
	p->b.head.lower_dirs = plan_add_texts(&p->b, &dirs);
	return 0;
}

static int plan_directory(struct plan_context *p, struct error *err)
{
	autofree char *dir = text_format("%s/containers/%s/rootfs", p->native->root_dir, p->container->id);

	if (!dir)
		return fail_oom(err);
	p->b.head.root_dir = plan_add_text(&p->b, dir);
	return 0;
}

int plan_root(struct plan_context *p, struct error *err)
{
	const struct runtime_config *c = p->config;
	struct plan *head = &p->b.head;

	if (plan_devices(p, err) < 0)
		return -1;
	head->masked_paths = plan_add_texts(&p->b, &c->masked_paths);
	head->read_only_paths = plan_add_texts(&p->b, &c->read_only_paths);
	head->hostname = plan_add_text(&p->b, c->hostname);
	if (c->has_read_only_root)
		head->flags |= PLAN_READ_ONLY_ROOT;
	return file_exists_at(p->container->dir_fd, "rootfs") ? plan_directory(p, err) : plan_layers(p, err);
}
