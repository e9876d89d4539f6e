/* curl_library.c - dlopen, once. */
#include "http/curl_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/cleanup.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct curl_library library;
static bool is_loaded;

static const char *const file_names[] = { "libcurl.so.4", "libcurl-gnutls.so.4" };

static bool find_functions(void *handle)
{
#define X(name)                                                                \
	library.name = (__typeof__(library.name))dlsym(handle, "curl_" #name); \
	if (!library.name)                                                     \
		return false;
	CURL_FUNCTIONS(X)
#undef X
	return true;
}

static void load(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(file_names) && !is_loaded; i++) {
		void *handle = dlopen(file_names[i], RTLD_NOW | RTLD_LOCAL);

		is_loaded = handle && find_functions(handle) && library.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
	}
}

const struct curl_library *curl_library_get(struct error *err)
{
	pthread_once(&once, load);
	if (is_loaded)
		return &library;
	fail(err, ERR_CONFIGURATION, "libcurl.so.4 is not installed (Debian's package: libcurl4)");
	return NULL;
}
