/* deployment.c - up and down of a whole spec: the service layer's manager behind the public words. */
#include <zlayer/deployment.h>

#include <errno.h>
#include <poll.h>

#include "lib/bundle_directory.h"
#include "lib/client.h"
#include "lib/exit.h"
#include "lib/spec.h"
#include "service/container_from_spec.h"
#include "service/manager.h"

/* ---- events ---- */

#define X(type, name) \
	_Static_assert((int)ZL_EVENT_##type == (int)MANAGER_##type, "the public event " name " has its own number");
MANAGER_EVENTS(X)
#undef X

const char *zl_event_type_name(enum zl_event_type type)
{
	return manager_event_name((enum manager_event_type)type);
}

struct listener {
	zl_event_callback on_event;
	void *userdata;
};

static void tell(void *data, const struct manager_event *event)
{
	const struct listener *listener = data;
	struct zl_event public_event = {
		.type = (enum zl_event_type)event->type,
		.service = event->service,
		.container = event->container_id,
		.name = event->container_name,
		.message = event->message,
	};

	if (event->exit)
		public_event.exit = exit_export(event->exit);
	listener->on_event(listener->userdata, &public_event);
}

static struct manager_options manager_options(struct zl_client *client, struct listener *listener)
{
	return (struct manager_options){
		.runtime = client->runtime,
		.on_event = listener->on_event ? tell : NULL,
		.data = listener,
	};
}

/* ---- up ---- */

struct zl_up {
	struct manager *manager;
	struct listener listener;
};

static int begin(struct zl_client *client, const struct zl_spec *spec, const struct zl_up_options *options,
		 struct zl_up *up, struct error *err)
{
	AUTO_DONE(strv) services = { 0 };
	struct manager_options with;
	struct up_options wanted = {
		.spec = spec->deployment,
		.services = &services,
		.is_detached = options->is_detached,
		.base_dir = spec->base_dir,
	};

	up->listener = (struct listener){ options->on_event, options->userdata };
	if (spec_check_valid(spec, err) < 0 || spec_check_deployable(&spec->problems, err) < 0 ||
	    border_read_strings(&services, options->services, err) < 0 || client_open_runtime(client, err) < 0)
		return -1;
	with = manager_options(client, &up->listener);
	up->manager = manager_up(&with, &wanted, err);
	return up->manager ? 0 : -1;
}

struct zl_up *zl_deployment_up(struct zl_client *client, const struct zl_spec *spec,
			       const struct zl_up_options *options, struct zl_error *err)
{
	struct zl_up *up = calloc(1, sizeof(*up));
	struct zl_up_options given;
	struct error e;

	if (!up)
		fail_oom(&e);
	else if (border_read_options(&given, sizeof(given), options, &e) == 0 &&
		 begin(client, spec, &given, up, &e) == 0)
		return up;
	border_fail(err, &e);
	free(up);
	return NULL;
}

void zl_up_free(struct zl_up *up)
{
	if (!up)
		return;
	manager_free(up->manager);
	free(up);
}

int zl_up_fd(const struct zl_up *up)
{
	return manager_fd(up->manager);
}

int zl_up_dispatch(struct zl_up *up, struct zl_error *err)
{
	struct error e;
	int r = manager_dispatch(up->manager, &e);

	return r < 0 ? border_fail(err, &e) : r;
}

int zl_up_wait(struct zl_up *up, struct zl_error *err)
{
	struct error e;

	return manager_run(up->manager, &e) < 0 ? border_fail(err, &e) : 0;
}

void zl_up_stop(struct zl_up *up)
{
	manager_stop(up->manager);
}

int zl_up_exit_status(const struct zl_up *up)
{
	return manager_exit_status(up->manager);
}

/* ---- down ---- */

static int take_down(struct zl_client *client, const char *deployment, const struct zl_down_options *options,
		     struct error *err)
{
	struct listener listener = { options->on_event, options->userdata };
	struct manager_options with;
	const struct down_options wanted = {
		.deployment = deployment,
		.has_volumes = options->has_volumes,
		.grace_ms = options->has_grace ? options->grace_ms : GRACE_UNSET,
	};
	AUTO(manager) manager = NULL;

	if (client_open_runtime(client, err) < 0)
		return -1;
	with = manager_options(client, &listener);
	manager = manager_down(&with, &wanted, err);
	return manager ? manager_run(manager, err) : -1;
}

int zl_deployment_down(struct zl_client *client, const char *deployment, const struct zl_down_options *options,
		       struct zl_error *err)
{
	struct zl_down_options given;
	struct error e;

	if (border_read_options(&given, sizeof(given), options, &e) < 0 ||
	    take_down(client, deployment, &given, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

/* ---- one replica as a bundle ---- */

static struct container_config *first_replica(const struct zl_spec *spec, const char *service, struct error *err)
{
	struct replica_options options = { .replica = 1, .base_dir = spec->base_dir };

	if (spec_check_valid(spec, err) < 0 || spec_check_deployable(&spec->problems, err) < 0)
		return NULL;
	options.deployment = spec->deployment;
	options.service = spec_find_service(spec->deployment, service);
	if (!options.service) {
		fail(err, ERR_NOT_FOUND, "service %s: deployment %s has none of this name", service,
		     spec->deployment->deployment);
		return NULL;
	}
	if (options.service->replica_groups.count > 0)
		options.group = &options.service->replica_groups.items[0];
	return container_from_spec(&options, NULL, err);
}

int zl_deployment_write_bundle(struct zl_client *client, const struct zl_spec *spec, const char *service,
			       const char *path, bool has_secrets, struct zl_error *err)
{
	struct error e;
	AUTO(container_config) config = first_replica(spec, service, &e);
	autoclose int dirfd = -1;

	if (!config || client_open_runtime(client, &e) < 0 ||
	    runtime_pull_image(client->runtime, config->image, PULL_IF_NOT_PRESENT, &e) < 0)
		return border_fail(err, &e);
	dirfd = bundle_directory_open(path, &e);
	if (dirfd < 0 ||
	    runtime_write_bundle(client->runtime, config, dirfd, has_secrets ? &client->secrets->source : NULL, &e) < 0)
		return border_fail(err, &e);
	return 0;
}
