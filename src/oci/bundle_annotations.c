/* bundle_annotations.c - the annotations section: what the runtime-spec has no field for, and the labels. */
#include <string.h>

#include "base/clock.h"
#include "base/signal_name.h"
#include "base/text.h"
#include "oci/bundle_section.h"

static void put_if(struct json_writer *w, const char *key, const char *value)
{
	if (value)
		json_put_text(w, key, value);
}

static int put_prefixed(struct bundle *b, const char *prefix, const char *name, size_t len, const char *value,
			struct error *err)
{
	autofree char *key = text_format("%s%.*s", prefix, (int)len, name);

	if (!key)
		return fail_oom(err);
	json_put_text(&b->w, key, value);
	return 0;
}

/* The image's labels, then the config's, then the agent's own. An image cannot claim those: its labels never drive the
 * agent. */
static int collect_labels(const struct bundle *b, struct strv *labels)
{
	const struct container_config *c = b->config;
	const struct strv *sources[] = { &b->image->labels, &c->labels };
	char replica[16];

	snprintf(replica, sizeof(replica), "%u", c->replica);
	for (size_t s = 0; s < ARRAY_SIZE(sources); s++)
		for (size_t i = 0; i < sources[s]->count; i++) {
			const char *entry = sources[s]->items[i], *equals = strchr(entry, '=');
			autofree char *name = equals ? strndup(entry, (size_t)(equals - entry)) : NULL;

			if (!equals || equals == entry || container_label_is_own(entry, (size_t)(equals - entry)))
				continue;
			if (!name || strv_env_set(labels, name, equals + 1) < 0)
				return -ENOMEM;
		}
	if ((c->deployment && strv_env_set(labels, LABEL_DEPLOYMENT, c->deployment) < 0) ||
	    (c->service && strv_env_set(labels, LABEL_SERVICE, c->service) < 0) ||
	    (c->role && strv_env_set(labels, LABEL_ROLE, c->role) < 0) ||
	    (c->service && strv_env_set(labels, LABEL_REPLICA, replica) < 0))
		return -ENOMEM;
	return 0;
}

static int write_labels(struct bundle *b, struct error *err)
{
	AUTO_DONE(strv) labels = { 0 };

	if (collect_labels(b, &labels) < 0)
		return fail_oom(err);
	for (size_t i = 0; i < labels.count; i++) {
		const char *entry = labels.items[i], *equals = strchr(entry, '=');

		if (put_prefixed(b, ANNOTATION_LABEL_PREFIX, entry, (size_t)(equals - entry), equals + 1, err) < 0)
			return -1;
	}
	return 0;
}

static int write_secrets(struct bundle *b, struct error *err)
{
	if (b->context->secrets)
		return 0;
	for (size_t i = 0; i < b->config->secret_env.count; i++) {
		const char *entry = b->config->secret_env.items[i], *equals = strchr(entry, '=');

		if (put_prefixed(b, ANNOTATION_SECRET_PREFIX, entry, (size_t)(equals - entry), equals + 1, err) < 0)
			return -1;
	}
	return 0;
}

/* "SIGTERM", or "RTMIN+3" as it was typed. */
static int write_stop(struct bundle *b, struct error *err)
{
	const char *text = b->config->stop_signal ? b->config->stop_signal : b->image->stop_signal;
	int signo = text ? signal_from_name(text) : 0;
	char grace[24];

	if (signo < 0)
		return fail(err, ERR_INVALID_SPEC, "stop signal `%s`: unknown", text);
	if (signo > 0)
		json_put_text(&b->w, ANNOTATION_STOP_SIGNAL, signal_to_name(signo) ? signal_to_name(signo) : text);
	if (b->config->stop_grace_ms != GRACE_UNSET) {
		snprintf(grace, sizeof(grace), "%llu", (unsigned long long)b->config->stop_grace_ms);
		json_put_text(&b->w, ANNOTATION_STOP_GRACE, grace);
	}
	return 0;
}

static int write_volumes(struct bundle *b, struct error *err)
{
	for (size_t i = 0; i < b->mounts.count; i++) {
		const struct container_mount *mount = &b->mounts.items[i];
		const char *name = mount->type == MOUNT_VOLUME ? mount->source : "anonymous";

		if (mount->type != MOUNT_VOLUME && mount->type != MOUNT_ANONYMOUS)
			continue;
		if (put_prefixed(b, ANNOTATION_VOLUME_PREFIX, mount->target, strlen(mount->target), name, err) < 0)
			return -1;
	}
	return 0;
}

static const char *network_name(enum network_mode mode)
{
	switch (mode) {
	case NETWORK_HOST:
		return "host";
	case NETWORK_NONE:
		return "none";
	case NETWORK_DEFAULT:
		break;
	}
	return "default";
}

static void write_identity(struct bundle *b)
{
	char created[CLOCK_RFC3339_SIZE];

	clock_format_rfc3339(b->context->created_ns, created);
	put_if(&b->w, ANNOTATION_NAME, b->context->name);
	put_if(&b->w, ANNOTATION_IMAGE, b->config->image);
	put_if(&b->w, ANNOTATION_IMAGE_ID, b->context->image_id);
	json_put_text(&b->w, ANNOTATION_CREATED, created);
}

int bundle_write_annotations(struct bundle *b, struct error *err)
{
	json_open_object(&b->w, "annotations");
	write_identity(b);
	if (!b->context->rootfs_fd)
		put_if(&b->w, ANNOTATION_USER, b->user);
	if (write_stop(b, err) < 0)
		return -1;
	json_put_text(&b->w, ANNOTATION_NETWORK, network_name(b->config->network_mode));
	if (b->config->has_auto_remove)
		json_put_text(&b->w, ANNOTATION_AUTO_REMOVE, "true");
	if (!b->config->is_privileged && !bundle_has_seccomp(b))
		json_put_text(&b->w, ANNOTATION_SECCOMP, "default");
	if (write_secrets(b, err) < 0 || write_labels(b, err) < 0 || write_volumes(b, err) < 0)
		return -1;
	json_close_object(&b->w);
	return 0;
}
