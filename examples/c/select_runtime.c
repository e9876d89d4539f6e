/* select_runtime.c - the best backend that this machine has, chosen by the library. */
#include <stdio.h>

#include <zlayer/zlayer.h>

int main(void)
{
	struct zl_client_options options = { .size = sizeof(options) };
	struct zl_error err;
	struct zl_client *client;

	options.runtime = "auto"; /* the default, unless ZLAYER_RUNTIME says otherwise */
	client = zl_client_new(&options, &err);
	if (!client || zl_client_open_runtime(client, &err) < 0) {
		fprintf(stderr, "select_runtime: %s: %s\n", zl_error_kind_name(err.kind), err.msg);
		zl_client_free(client);
		return 1;
	}
	printf("containers are run by %s\n", zl_client_runtime_name(client));
	zl_client_free(client);
	return 0;
}
