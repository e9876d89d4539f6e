/* curl_library.h - libcurl's functions, found at run time. */
#pragma once
#include <curl/curl.h>

#include "base/error.h"

#define CURL_FUNCTIONS(X) \
	X(global_init)    \
	X(easy_init)      \
	X(easy_setopt)    \
	X(easy_perform)   \
	X(easy_getinfo)   \
	X(easy_strerror)  \
	X(easy_cleanup)   \
	X(slist_append)   \
	X(slist_free_all)

struct curl_library {
#define X(name) __typeof__(&curl_##name) name;
	CURL_FUNCTIONS(X)
#undef X
};

/* Loaded once a process, never unloaded. NULL with ERR_CONFIGURATION where there is none. Any thread. */
const struct curl_library *curl_library_get(struct error *err);
