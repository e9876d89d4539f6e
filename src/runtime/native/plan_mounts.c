/* plan_mounts.c - the mounts section: options as config.json writes them, to attributes, propagation and what is
 * left for the file system itself.
 */
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "runtime/native/native.h"
#include "sys/mount_api.h"

static const struct {
	const char *word;
	uint64_t set, clear;
} attribute_words[] = {
	{ "ro", MOUNT_ATTR_RDONLY, 0 },
	{ "rw", 0, MOUNT_ATTR_RDONLY },
	{ "nosuid", MOUNT_ATTR_NOSUID, 0 },
	{ "suid", 0, MOUNT_ATTR_NOSUID },
	{ "nodev", MOUNT_ATTR_NODEV, 0 },
	{ "dev", 0, MOUNT_ATTR_NODEV },
	{ "noexec", MOUNT_ATTR_NOEXEC, 0 },
	{ "exec", 0, MOUNT_ATTR_NOEXEC },
	{ "noatime", MOUNT_ATTR_NOATIME, 0 },
	{ "strictatime", MOUNT_ATTR_STRICTATIME, 0 },
	{ "relatime", 0, MOUNT_ATTR_NOATIME | MOUNT_ATTR_STRICTATIME },
	{ "nodiratime", MOUNT_ATTR_NODIRATIME, 0 },
	{ "diratime", 0, MOUNT_ATTR_NODIRATIME },
	{ "defaults", 0, 0 },
};

static const struct {
	const char *word;
	uint32_t propagation;
} propagation_words[] = {
	{ "private", MS_PRIVATE }, { "rprivate", MS_PRIVATE }, { "slave", MS_SLAVE },
	{ "rslave", MS_SLAVE },    { "shared", MS_SHARED },    { "rshared", MS_SHARED },
};

static bool read_attribute(struct plan_mount *m, const char *option)
{
	for (size_t i = 0; i < ARRAY_SIZE(attribute_words); i++) {
		if (strcmp(option, attribute_words[i].word) != 0)
			continue;
		m->attributes = (m->attributes & ~attribute_words[i].clear) | attribute_words[i].set;
		return true;
	}
	return false;
}

static bool read_propagation(struct plan_mount *m, const char *option)
{
	for (size_t i = 0; i < ARRAY_SIZE(propagation_words); i++) {
		if (strcmp(option, propagation_words[i].word) != 0)
			continue;
		m->propagation = propagation_words[i].propagation;
		return true;
	}
	return false;
}

static bool read_bind(struct plan_mount *m, const char *option)
{
	if (strcmp(option, "bind") == 0)
		m->kind = PLAN_MOUNT_BIND;
	else if (strcmp(option, "rbind") == 0) {
		m->kind = PLAN_MOUNT_BIND;
		m->flags |= PLAN_MOUNT_RECURSIVE;
	} else {
		return false;
	}
	return true;
}

static int read_options(struct plan_context *p, const struct strv *options, struct plan_mount *m, struct error *err)
{
	AUTO_DONE(strv) rest = { 0 };

	for (size_t i = 0; i < options->count; i++) {
		const char *option = options->items[i];

		if (read_attribute(m, option) || read_propagation(m, option) || read_bind(m, option))
			continue;
		if (strv_add(&rest, option) < 0)
			return fail_oom(err);
	}
	if (m->kind == PLAN_MOUNT_BIND && rest.count > 0)
		return fail(err, ERR_UNSUPPORTED, "option %s of a bind mount", rest.items[0]);
	m->options = plan_add_texts(&p->b, &rest);
	return 0;
}

static bool is_below(const char *path, const char *root)
{
	size_t len = strlen(root);

	return strncmp(path, root, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static void set_source(struct plan_context *p, const struct runtime_mount *from, struct plan_mount *m)
{
	autofree char *volume = volume_name_of(p->native, from->source);
	struct stat st;

	if (volume)
		m->flags |= PLAN_MOUNT_FILL;
	else if (stat(from->source, &st) == 0 && !S_ISDIR(st.st_mode))
		m->flags |= PLAN_MOUNT_IS_FILE;
}

static int convert(struct plan_context *p, const struct runtime_mount *from, struct plan_mount *m, struct error *err)
{
	const char *type = from->type ? from->type : "none";

	*m = (struct plan_mount){ .kind = PLAN_MOUNT_FS };
	if (strcmp(type, "cgroup") == 0 || strcmp(type, "cgroup2") == 0)
		m->kind = PLAN_MOUNT_CGROUP;
	if (strcmp(type, "bind") == 0)
		m->kind = PLAN_MOUNT_BIND;
	if (strcmp(type, "mqueue") == 0)
		m->flags |= PLAN_MOUNT_OPTIONAL;
	if (is_below(from->destination, "/proc") || is_below(from->destination, "/sys"))
		m->flags |= PLAN_MOUNT_NO_LINKS;
	if (read_options(p, &from->options, m, err) < 0)
		return -1;
	if (m->kind == PLAN_MOUNT_BIND && !from->source)
		return fail(err, ERR_INVALID_SPEC, "a bind mount without a source");
	if (m->kind == PLAN_MOUNT_BIND)
		set_source(p, from, m);
	m->target = plan_add_text(&p->b, from->destination);
	m->source = plan_add_text(&p->b, from->source);
	m->fs_type = plan_add_text(&p->b, type);
	return 0;
}

int plan_mounts(struct plan_context *p, struct error *err)
{
	const struct runtime_config *c = p->config;
	autofree struct plan_mount *mounts = calloc(c->n_mounts + 1, sizeof(*mounts));

	if (!mounts)
		return fail_oom(err);
	for (size_t i = 0; i < c->n_mounts; i++)
		if (convert(p, &c->mounts[i], &mounts[i], err) < 0)
			return fail_while(err, "mounts: %s", c->mounts[i].destination);
	p->b.head.mounts = plan_add_array(&p->b, mounts, c->n_mounts, sizeof(*mounts));
	return 0;
}
