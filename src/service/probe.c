/* probe.c - tcp, http and command checks. */
#include "service/probe.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "http/client.h"
#include "sys/netns_socket.h"

/* ---- making ---- */

static const struct spec_endpoint *find_endpoint(const struct spec_service *service, bool is_http_like)
{
	for (size_t i = 0; i < service->endpoints.count; i++) {
		const struct spec_endpoint *e = &service->endpoints.items[i];
		bool speaks_http = e->protocol == SPEC_PROTOCOL_HTTP || e->protocol == SPEC_PROTOCOL_HTTPS ||
				   e->protocol == SPEC_PROTOCOL_WEBSOCKET;

		if (is_http_like ? speaks_http : e->protocol == SPEC_PROTOCOL_TCP)
			return e;
	}
	return NULL;
}

static uint16_t default_port(const struct spec_service *service)
{
	const struct spec_endpoint *e = find_endpoint(service, true);

	if (!e)
		e = find_endpoint(service, false);
	if (!e)
		return 8080;
	return (uint16_t)(e->target_port != SPEC_UNSET ? e->target_port : e->port);
}

static char *absolute_url(const struct spec_service *service, const char *url)
{
	const struct spec_endpoint *e = find_endpoint(service, true);

	if (url[0] != '/')
		return strdup(url);
	return text_format("%s://127.0.0.1:%u%s", e && e->protocol == SPEC_PROTOCOL_HTTPS ? "https" : "http",
			   default_port(service), url);
}

static bool fill(struct probe *probe, const struct spec_service *service)
{
	const struct spec_check *check = &service->health.check;

	switch (check->type) {
	case SPEC_CHECK_TCP:
		probe->port = check->tcp.port ? (uint16_t)check->tcp.port : default_port(service);
		return true;
	case SPEC_CHECK_HTTP:
		probe->expect_status = (unsigned)check->http.expect_status;
		probe->url = absolute_url(service, check->http.url);
		return probe->url;
	case SPEC_CHECK_COMMAND:
		probe->command = strdup(check->command.command);
		return probe->command;
	case SPEC_CHECK_UNSET:
		break;
	}
	return false;
}

struct probe *probe_new(const struct spec_service *service, uint64_t timeout_ns)
{
	AUTO(probe) probe = calloc(1, sizeof(*probe));

	if (!probe)
		return NULL;
	probe->type = service->health.check.type;
	probe->timeout_ms = timeout_ns / NSEC_PER_MSEC ? timeout_ns / NSEC_PER_MSEC : 1;
	return fill(probe, service) ? TAKE_PTR(probe) : NULL;
}

void probe_free(struct probe *probe)
{
	if (!probe)
		return;
	free(probe->url);
	free(probe->command);
	free(probe);
}

/* ---- tcp ---- */

static int wait_for_connection(int fd, uint64_t timeout_ms, struct error *err)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLOUT };
	int timeout = timeout_ms < INT32_MAX ? (int)timeout_ms : INT32_MAX, r, status = 0;
	socklen_t len = sizeof(status);

	do
		r = poll(&pollfd, 1, timeout);
	while (r < 0 && errno == EINTR);
	if (r == 0)
		return fail(err, ERR_TIMEOUT, "no connection within %llu ms", (unsigned long long)timeout_ms);
	if (r < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &status, &len) < 0)
		return fail_errno(err, errno, "connect");
	return status ? fail_errno_as(err, ERR_NETWORK, status, "connect") : 0;
}

static int check_tcp(const struct probe *probe, int network, struct error *err)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(probe->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	autoclose int fd = netns_socket(network, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int r = 0;

	if (fd < 0)
		return fail_errno(err, fd, "tcp port %u: socket", probe->port);
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		r = errno == EINPROGRESS ? wait_for_connection(fd, probe->timeout_ms, err)
					 : fail_errno_as(err, ERR_NETWORK, errno, "connect");
	return r < 0 ? fail_while(err, "tcp port %u", probe->port) : 0;
}

/* ---- http ---- */

static int open_socket(void *network, int domain, int type, int protocol)
{
	int fd = netns_socket(*(const int *)network, domain, type, protocol);

	return fd < 0 ? -1 : fd;
}

static int check_http(const struct probe *probe, int network, struct error *err)
{
	struct http_get get = {
		.url = probe->url,
		.timeout_ms = probe->timeout_ms,
		.open_socket = open_socket,
		.data = &network,
		.local_address = "127.0.0.1",
	};
	unsigned status;

	if (http_get_status(&get, &status, err) < 0)
		return -1;
	if (status != probe->expect_status)
		return fail(err, ERR_HEALTH_CHECK_FAILED, "GET %s: status %u (%u is wanted)", probe->url, status,
			    probe->expect_status);
	return 0;
}

/* ---- command ---- */

static int check_command(const struct probe *probe, struct runtime *rt, const char *id, struct error *err)
{
	autoclose int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	char *argv[] = { (char *)"sh", (char *)"-c", probe->command, NULL };
	struct exec_config config = {
		.argv = { .items = argv, .count = 3 },
		.stdin_fd = null,
		.stdout_fd = null,
		.stderr_fd = null,
		.timeout_ms = probe->timeout_ms,
	};
	int code;

	if (null < 0)
		return fail_errno(err, errno, "/dev/null");
	if (runtime_exec(rt, id, &config, &code, err) < 0)
		return -1;
	if (code != 0)
		return fail(err, ERR_HEALTH_CHECK_FAILED, "`%.100s` ended with %d", probe->command, code);
	return 0;
}

int probe_run(const struct probe *probe, struct runtime *rt, const char *id, struct error *err)
{
	autoclose int network = -1;

	if (probe->type == SPEC_CHECK_COMMAND)
		return check_command(probe, rt, id, err);
	if (runtime_open_network(rt, id, &network, err) < 0)
		return -1;
	return probe->type == SPEC_CHECK_TCP ? check_tcp(probe, network, err) : check_http(probe, network, err);
}
