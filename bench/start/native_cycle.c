/* native_cycle.c - create, start, wait, remove of one container by the library, once a newline on standard input. */
#include <stdio.h>
#include <unistd.h>

#include <zlayer/zlayer.h>

static int cycle(struct zl_client *client, const char *image, struct zl_error *err)
{
	const char *args[] = { "true", NULL };
	struct zl_container_options options = { .size = sizeof(options), .image = image, .args = args };
	struct zl_exit ended;
	char id[ZL_ID_SIZE];

	if (zl_container_create(client, &options, id, err) < 0 || zl_container_start(client, id, err) < 0 ||
	    zl_container_wait(client, id, &ended, err) < 0 || zl_container_remove(client, id, 0, err) < 0)
		return -1;
	return ended.code;
}

int main(int argc, char **argv)
{
	struct zl_error err;
	struct zl_client *client = argc == 2 ? zl_client_new(NULL, &err) : NULL;
	char asked;

	if (!client)
		return 2;
	while (read(STDIN_FILENO, &asked, 1) == 1) {
		if (cycle(client, argv[1], &err) != 0) {
			fprintf(stderr, "native_cycle: %s\n", err.msg);
			break;
		}
		if (write(STDOUT_FILENO, &asked, 1) != 1)
			break;
	}
	zl_client_free(client);
	return 0;
}
