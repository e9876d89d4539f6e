/* client.h - one GET, for health checks: only the status matters. libcurl is loaded when the first is made, so that
 * programs which make none neither link nor load it.
 */
#pragma once
#include <stdint.h>

#include "base/error.h"

struct http_get {
	const char *url;     /* http or https */
	uint64_t timeout_ms; /* for all of it, redirects included */

	/* Makes each socket, as socket(2) does; -1 when it cannot. NULL: socket itself. */
	int (*open_socket)(void *data, int domain, int type, int protocol);
	void *data;

	/* Where `localhost` and `127.0.0.1` of the URL are: the Host header stays as typed. NULL: here. */
	const char *local_address;
};

/* Follows up to HTTP_REDIRECTS_MAX redirects; *ret_status is the status of the last answer. No proxy, no cookie,
 * no credential; at most HTTP_BODY_MAX bytes of body are read. Certificates are not verified, as Kubernetes'
 * probes do not: the other end is the container that we started, and nothing secret is sent. Any thread. -1:
 * ERR_NETWORK, ERR_TIMEOUT, ERR_INVALID_SPEC for an URL that is none, ERR_CONFIGURATION where libcurl is missing. */
#define HTTP_REDIRECTS_MAX 5
#define HTTP_BODY_MAX (1UL << 20)
int http_get_status(const struct http_get *get, unsigned *ret_status, struct error *err);
