/* runtime_config_print.c - config.json from a container_config and an image's config. */
#include <string.h>
#include <sys/utsname.h>

#include "oci/bundle_section.h"

#define OCI_VERSION "1.1.0"
#define SHORT_ID_LENGTH 12

/* Docker gives a container on the host's network the host's name. */
char *runtime_config_hostname(const struct container_config *config, const char *id)
{
	struct utsname host;

	if (config->hostname)
		return strdup(config->hostname);
	if (config->network_mode == NETWORK_HOST && uname(&host) == 0)
		return strdup(host.nodename);
	return strndup(id, SHORT_ID_LENGTH);
}

static int write_root(struct bundle *b, struct error *err)
{
	(void)err;
	json_open_object(&b->w, "root");
	if (b->context->root_path)
		json_put_text(&b->w, "path", b->context->root_path);
	json_put_bool(&b->w, "readonly", b->config->has_read_only_rootfs);
	json_close_object(&b->w);
	json_put_text(&b->w, "hostname", b->hostname);
	return 0;
}

static int write_document(struct bundle *b, struct error *err)
{
	static int (*const sections[])(struct bundle *, struct error *) = {
		bundle_write_process, write_root, bundle_write_mounts, bundle_write_annotations, bundle_write_linux,
	};

	json_open_object(&b->w, NULL);
	json_put_text(&b->w, "ociVersion", OCI_VERSION);
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		if (sections[i](b, err) < 0)
			return -1;
	json_close_object(&b->w);
	return 0;
}

static const char *first_said(const char *config, const char *image)
{
	return config ? config : image && *image ? image : NULL;
}

int runtime_config_print(const struct container_config *config, const struct image_config *image,
			 const struct bundle_context *context, struct strbuf *out, struct error *err)
{
	autofree char *hostname = runtime_config_hostname(config, context->id);
	struct bundle b = {
		.config = config,
		.image = image,
		.context = context,
		.w = { .out = out, .pretty = context->has_inline_seccomp },
		.user = first_said(config->user, image->user),
		.hostname = hostname,
	};

	int r;

	if (!hostname)
		return fail_oom(err);
	if (container_config_check(config, err) < 0 || bundle_capabilities(config, &b.capabilities, err) < 0)
		return -1;
	r = bundle_mounts_collect(&b, err);
	if (r == 0)
		r = write_document(&b, err);
	bundle_mounts_done(&b.mounts);
	if (r < 0)
		return -1;
	return strbuf_status(out) < 0 ? fail_errno(err, strbuf_status(out), "config.json") : 0;
}
