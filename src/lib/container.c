/* container.c - the verbs of one container: each finds it, and asks the backend. */
#include <zlayer/container.h>

#include "lib/bundle_directory.h"
#include "lib/client.h"
#include "lib/container_options.h"
#include "lib/exit.h"

_Static_assert(ZL_ID_SIZE == ID_HEX_SIZE, "the public size of an id");

/* ---- making ---- */

/* The policy is no part of a container_config: it matters once, here. */
static int pull(struct zl_client *client, const char *image, enum zl_pull_policy policy, struct error *err)
{
	static const enum pull_policy policies[] = {
		[ZL_PULL_IF_NOT_PRESENT] = PULL_IF_NOT_PRESENT,
		[ZL_PULL_ALWAYS] = PULL_ALWAYS,
		[ZL_PULL_NEWER] = PULL_NEWER,
		[ZL_PULL_NEVER] = PULL_NEVER,
	};

	if ((unsigned)policy >= ARRAY_SIZE(policies))
		return fail(err, ERR_INVALID_SPEC, "pull policy %d: there is none such", (int)policy);
	return runtime_pull_image(client->runtime, image, policies[policy], err);
}

/* What create and write_bundle begin with: the options understood, the image there. NULL on failure. */
static struct container_config *prepare(struct zl_client *client, const struct zl_container_options *options,
					struct error *err)
{
	AUTO(container_config) config = NULL;
	struct zl_container_options given;

	if (border_read_options(&given, sizeof(given), options, err) < 0)
		return NULL;
	config = container_options_convert(&given, err);
	if (!config || client_open_runtime(client, err) < 0 || pull(client, given.image, given.pull_policy, err) < 0)
		return NULL;
	return TAKE_PTR(config);
}

int zl_container_create(struct zl_client *client, const struct zl_container_options *options, char *ret_id,
			struct zl_error *err)
{
	struct error e;
	AUTO(container_config) config = prepare(client, options, &e);

	if (!config || runtime_create(client->runtime, config, ret_id, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

int zl_container_start(struct zl_client *client, const char *container, struct zl_error *err)
{
	char id[ID_HEX_SIZE];
	struct error e;

	if (client_find(client, container, id, &e) < 0 || runtime_start(client->runtime, id, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

int zl_container_write_bundle(struct zl_client *client, const struct zl_container_options *options, const char *path,
			      struct zl_error *err)
{
	struct error e;
	AUTO(container_config) config = prepare(client, options, &e);
	autoclose int dirfd = config ? bundle_directory_open(path, &e) : -1;

	if (dirfd < 0 || runtime_write_bundle(client->runtime, config, dirfd, NULL, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

/* ---- ending ---- */

int zl_container_stop(struct zl_client *client, const char *container, int signo, uint64_t grace_ms,
		      struct zl_error *err)
{
	char id[ID_HEX_SIZE];
	struct error e;

	if (client_find(client, container, id, &e) < 0 ||
	    runtime_stop(client->runtime, id, signo, grace_ms == ZL_GRACE_DEFAULT ? GRACE_UNSET : grace_ms, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

int zl_container_kill(struct zl_client *client, const char *container, int signo, struct zl_error *err)
{
	char id[ID_HEX_SIZE];
	struct error e;

	if (client_find(client, container, id, &e) < 0 || runtime_kill(client->runtime, id, signo, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

int zl_container_wait(struct zl_client *client, const char *container, struct zl_exit *ret, struct zl_error *err)
{
	char id[ID_HEX_SIZE];
	struct exit_record record;
	struct error e;

	if (client_find(client, container, id, &e) < 0 || runtime_wait(client->runtime, id, &record, &e) < 0)
		return border_fail(err, &e);
	*ret = exit_export(&record);
	return 0;
}

int zl_container_open_wait(struct zl_client *client, const char *container, int *ret_fd, struct zl_error *err)
{
	char id[ID_HEX_SIZE];
	struct error e;

	if (client_find(client, container, id, &e) < 0 || runtime_open_wait(client->runtime, id, ret_fd, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

_Static_assert((int)ZL_REMOVE_FORCE == (int)REMOVE_FORCE && (int)ZL_REMOVE_VOLUMES == (int)REMOVE_VOLUMES,
	       "the public flags of remove");

int zl_container_remove(struct zl_client *client, const char *container, unsigned flags, struct zl_error *err)
{
	char id[ID_HEX_SIZE];
	struct error e;

	if (client_find(client, container, id, &e) < 0 || runtime_remove(client->runtime, id, flags, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

/* ---- looking, and one more program ---- */

int zl_container_find(struct zl_client *client, const char *container, char *ret_id, struct zl_error *err)
{
	struct error e;

	return client_find(client, container, ret_id, &e) < 0 ? border_fail(err, &e) : 0;
}

int zl_container_inspect(struct zl_client *client, const char *container, char **ret_json, struct zl_error *err)
{
	char id[ID_HEX_SIZE];
	struct error e;

	if (client_find(client, container, id, &e) < 0 || runtime_inspect(client->runtime, id, ret_json, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

static int convert_exec(const struct zl_exec_options *options, struct exec_config *ret, struct error *err)
{
	*ret = (struct exec_config){
		.user = options->user,
		.workdir = options->workdir,
		.is_privileged = options->is_privileged,
		.stdin_fd = options->stdin_fd,
		.stdout_fd = options->stdout_fd,
		.stderr_fd = options->stderr_fd,
	};
	if (!options->argv || !options->argv[0])
		return fail(err, ERR_INVALID_SPEC, "exec: there is no command");
	if (options->user && !*options->user)
		return fail(err, ERR_INVALID_SPEC, "exec: user: an empty text names nobody");
	if (border_read_strings(&ret->argv, options->argv, err) < 0)
		return -1;
	return border_read_strings(&ret->env, options->env, err);
}

int zl_container_exec(struct zl_client *client, const char *container, const struct zl_exec_options *options,
		      int *ret_code, struct zl_error *err)
{
	struct zl_exec_options given;
	struct exec_config config = { 0 };
	char id[ID_HEX_SIZE];
	struct error e;
	int r = -1;

	if (border_read_options(&given, sizeof(given), options, &e) == 0 && convert_exec(&given, &config, &e) == 0 &&
	    client_find(client, container, id, &e) == 0)
		r = runtime_exec(client->runtime, id, &config, ret_code, &e);
	strv_done(&config.argv);
	strv_done(&config.env);
	return r < 0 ? border_fail(err, &e) : 0;
}
