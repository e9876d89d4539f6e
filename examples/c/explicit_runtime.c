/* explicit_runtime.c - the backend that is named, or a clear error; one program is run in it. */
#include <stdio.h>

#include <zlayer/zlayer.h>

static int print_output(struct zl_client *client, const char *id, struct zl_error *err)
{
	struct zl_log *log = zl_log_open(client, id, NULL, err);
	struct zl_log_entry entry;
	int r = -1;

	if (!log)
		return -1;
	while ((r = zl_log_next(log, &entry, err)) == ZL_LOG_ENTRY)
		printf("%.*s\n", (int)entry.length, entry.text);
	zl_log_free(log);
	return r < 0 ? -1 : 0;
}

static int run(struct zl_client *client, const char *image, struct zl_error *err)
{
	static const char *const args[] = { "echo", "hello from a container", NULL };
	struct zl_container_options options = { .size = sizeof(options) };
	struct zl_exit ended;
	char id[ZL_ID_SIZE];

	options.image = image;
	options.args = args;
	options.memory_bytes = 64 << 20;
	if (zl_container_create(client, &options, id, err) < 0)
		return -1;
	if (zl_container_start(client, id, err) < 0 || zl_container_wait(client, id, &ended, err) < 0 ||
	    print_output(client, id, err) < 0) {
		zl_container_remove(client, id, ZL_REMOVE_FORCE, NULL);
		return -1;
	}
	printf("exit code %d\n", ended.code);
	return zl_container_remove(client, id, ZL_REMOVE_VOLUMES, err);
}

int main(int argc, char **argv)
{
	struct zl_client_options options = { .size = sizeof(options) };
	struct zl_error err;
	struct zl_client *client;
	int r;

	if (argc != 3) {
		fprintf(stderr, "usage: explicit_runtime RUNTIME IMAGE\n");
		return 2;
	}
	options.runtime = argv[1]; /* "native", also called "youki" */
	client = zl_client_new(&options, &err);
	r = client ? run(client, argv[2], &err) : -1;
	if (r < 0)
		fprintf(stderr, "explicit_runtime: %s: %s\n", zl_error_kind_name(err.kind), err.msg);
	zl_client_free(client);
	return r < 0;
}
