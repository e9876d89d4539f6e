/* deploy.c - every service of a spec is deployed, in the order of the file; what runs is listed, then taken down. */
#include <stdio.h>

#include <zlayer/zlayer.h>

static void on_event(void *userdata, const struct zl_event *event)
{
	(void)userdata;
	printf("%s: %s%s%s\n",
	       event->name      ? event->name
	       : event->service ? event->service
				: "-",
	       zl_event_type_name(event->type), event->message ? ": " : "", event->message ? event->message : "");
}

/* Returns when the service is up: it runs, and its health check, if it has one, has passed. */
static int deploy_service(struct zl_client *client, const struct zl_spec *spec, const char *service,
			  struct zl_error *err)
{
	const char *const services[] = { service, NULL };
	struct zl_up_options options = { .size = sizeof(options) };
	struct zl_up *up;
	int r;

	options.services = services;
	options.is_detached = true;
	options.on_event = on_event;
	up = zl_deployment_up(client, spec, &options, err);
	if (!up)
		return -1;
	r = zl_up_wait(up, err);
	zl_up_free(up);
	return r;
}

static int deploy(struct zl_client *client, const struct zl_spec *spec, struct zl_error *err)
{
	if (zl_spec_check_deployable(spec, err) < 0)
		return -1;
	for (size_t i = 0; i < zl_spec_service_count(spec); i++)
		if (deploy_service(client, spec, zl_spec_get_service(spec, i), err) < 0)
			return -1;
	return 0;
}

static int list(struct zl_client *client, const char *deployment, struct zl_error *err)
{
	struct zl_container_filter filter = { .size = sizeof(filter) };
	struct zl_container_list *containers;

	filter.deployment = deployment;
	containers = zl_container_list_new(client, &filter, err);
	if (!containers)
		return -1;
	for (size_t i = 0; i < zl_container_list_count(containers); i++) {
		const struct zl_container_info *info = zl_container_list_get(containers, i);

		printf("%.12s %s %s\n", info->id, info->name, zl_container_status_name(info->status));
	}
	zl_container_list_free(containers);
	return 0;
}

int main(int argc, char **argv)
{
	struct zl_down_options down = { .size = sizeof(down) };
	struct zl_error err = { .msg = "usage: deploy FILE" };
	struct zl_client *client = zl_client_new(NULL, &err);
	struct zl_spec *spec = argc == 2 && client ? zl_spec_load(argv[1], &err) : NULL;
	int r = -1;

	down.on_event = on_event;
	if (spec)
		r = deploy(client, spec, &err);
	if (r == 0)
		r = list(client, zl_spec_deployment(spec), &err);
	if (r == 0)
		r = zl_deployment_down(client, zl_spec_deployment(spec), &down, &err);
	if (r < 0)
		fprintf(stderr, "deploy: %s\n", err.msg);
	zl_spec_free(spec);
	zl_client_free(client);
	return r < 0;
}
