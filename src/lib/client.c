/* client.c - a client: where things are on this node, opened when they are needed. */
#include "lib/client.h"

#include <string.h>

#include "base/log.h"
#include "base/strbuf.h"
#include "base/text.h"

const char *zl_version(void)
{
	return ZLAYER_VERSION;
}

/* ---- the log, which is the process's and not a client's ---- */

static zl_log_sink user_sink;

static void pass_on(enum log_level level, const char *message)
{
	user_sink((enum zl_log_level)level, message);
}

void zl_log_set(zl_log_sink sink, enum zl_log_level level)
{
	user_sink = sink;
	log_set_sink(sink ? pass_on : NULL);
	log_set_level((enum log_level)level);
}

/* ---- making ---- */

/* secure_getenv: a set-user-id program's caller must not choose what it executes. */
static int settle(char **ret, const char *given, const char *variable, const char *initial, struct error *err)
{
	const char *value = given ? given : secure_getenv(variable);

	if (!value || !*value)
		value = initial;
	if (!value)
		return 0;
	*ret = strdup(value);
	return *ret ? 0 : fail_oom(err);
}

static int check_directory(const char *what, const char *path, struct error *err)
{
	if (*path != '/')
		return fail(err, ERR_CONFIGURATION, "%s directory %s: an absolute path is wanted", what, path);
	return 0;
}

static int settle_all(struct zl_client *client, const struct zl_client_options *options, struct error *err)
{
	if (settle(&client->backend, options->runtime, "ZLAYER_RUNTIME", "auto", err) < 0 ||
	    settle(&client->root_dir, options->root_dir, "ZLAYER_ROOT_DIR", "/var/lib/zlayer", err) < 0 ||
	    settle(&client->runtime_dir, options->runtime_dir, "ZLAYER_RUNTIME_DIR", "/var/run/zlayer", err) < 0 ||
	    settle(&client->libexec_dir, options->libexec_dir, "ZLAYER_LIBEXEC_DIR", ZLAYER_LIBEXEC_DIR, err) < 0 ||
	    settle(&client->cgroup_parent, options->cgroup_parent, "ZLAYER_CGROUP_PARENT", NULL, err) < 0)
		return -1;
	if (check_directory("root", client->root_dir, err) < 0 ||
	    check_directory("runtime", client->runtime_dir, err) < 0 ||
	    check_directory("libexec", client->libexec_dir, err) < 0)
		return -1;
	return 0;
}

struct zl_client *zl_client_new(const struct zl_client_options *options, struct zl_error *err)
{
	struct zl_client *client = calloc(1, sizeof(*client));
	struct zl_client_options given;
	struct error e;

	if (!client) {
		fail_oom(&e);
		border_fail(err, &e);
		return NULL;
	}
	if (border_read_options(&given, sizeof(given), options, &e) < 0 || settle_all(client, &given, &e) < 0) {
		border_fail(err, &e);
		zl_client_free(client);
		return NULL;
	}
	return client;
}

void zl_client_free(struct zl_client *client)
{
	if (!client)
		return;
	runtime_free(client->runtime);
	store_free(client->store);
	secret_files_free(client->secrets);
	free(client->backend);
	free(client->root_dir);
	free(client->runtime_dir);
	free(client->libexec_dir);
	free(client->cgroup_parent);
	free(client);
}

/* ---- opening ---- */

int client_open_runtime(struct zl_client *client, struct error *err)
{
	struct runtime_options options = {
		.backend = client->backend,
		.root_dir = client->root_dir,
		.runtime_dir = client->runtime_dir,
		.libexec_dir = client->libexec_dir,
		.cgroup_parent = client->cgroup_parent,
	};

	if (client->runtime)
		return 0;
	if (!client->secrets)
		client->secrets = secret_files_new(client->root_dir);
	if (!client->secrets)
		return fail_oom(err);
	options.secrets = &client->secrets->source;
	client->runtime = runtime_open(&options, err);
	return client->runtime ? 0 : -1;
}

int client_open_store(struct zl_client *client, struct error *err)
{
	autofree char *program = text_format("%s/zlayer-store", client->libexec_dir);

	if (client->store)
		return 0;
	if (!program)
		return fail_oom(err);
	client->store = store_open(client->root_dir, program, err);
	return client->store ? 0 : -1;
}

int client_find(struct zl_client *client, const char *container, char ret_id[ID_HEX_SIZE], struct error *err)
{
	if (client_open_runtime(client, err) < 0)
		return -1;
	if (strlen(container) != ID_HEX_LENGTH || !text_is_made_of(container, TEXT_HEX))
		return runtime_find(client->runtime, container, ret_id, err);
	memcpy(ret_id, container, ID_HEX_SIZE);
	return 0;
}

int zl_client_open_runtime(struct zl_client *client, struct zl_error *err)
{
	struct error e;

	return client_open_runtime(client, &e) < 0 ? border_fail(err, &e) : 0;
}

/* ---- asking ---- */

const char *zl_client_runtime_name(const struct zl_client *client)
{
	return client->runtime ? client->runtime->ops->name : NULL;
}

const char *zl_client_root_dir(const struct zl_client *client)
{
	return client->root_dir;
}

const char *zl_client_runtime_dir(const struct zl_client *client)
{
	return client->runtime_dir;
}

const char *zl_client_libexec_dir(const struct zl_client *client)
{
	return client->libexec_dir;
}
