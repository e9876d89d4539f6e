/* test_probe.c - tcp, http and command checks, against sockets of our own and a container of the fake runtime. */
#include "support/spec_text.h"

#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "runtime/fake/fake.h"
#include "service/probe.h"

static struct runtime *rt;
static char id[ID_HEX_SIZE];

static int set_up(void **state)
{
	AUTO(container_config) config = container_config_new();

	(void)state;
	rt = fake_runtime_new(NULL, NULL);
	config->name = strdup("demo.web.1");
	config->image = strdup("busybox");
	if (runtime_create(rt, config, id, NULL) < 0)
		return -1;
	return runtime_start(rt, id, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	runtime_free(rt);
	return 0;
}

static int check_for(const char *health, const char *endpoints, uint64_t timeout_ms, struct error *err)
{
	autofree char *text =
		text_format("version: v1\ndeployment: demo\nservices:\n  web:\n    image: {name: busybox}\n"
			    "    endpoints: [%s]\n    health: {check: {%s}}\n",
			    endpoints, health);
	AUTO(spec_deployment) spec = spec_from_text(text);
	AUTO(probe) probe = probe_new(&spec->services.items[0], timeout_ms * NSEC_PER_MSEC);

	assert_non_null(probe);
	return probe_run(probe, rt, id, err);
}

/* A server on loopback that gives the answers in turn, one connection each. */
struct server {
	int fd;
	unsigned port;
	pthread_t thread;
	const char *const *answers; /* ends with NULL; "": closes at once */
};

static void *serve(void *data)
{
	const struct server *s = data;

	for (const char *const *answer = s->answers; *answer; answer++) {
		int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
		char request[4096];

		if (**answer && read(fd, request, sizeof(request)) > 0 && write(fd, *answer, strlen(*answer)) < 0)
			break;
		close(fd);
	}
	return NULL;
}

static void begin_serving(struct server *s, const char *const *answers)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);

	s->answers = answers;
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(s->fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(s->fd, 8), 0);
	getsockname(s->fd, (struct sockaddr *)&address, &len);
	s->port = ntohs(address.sin_port);
	pthread_create(&s->thread, NULL, serve, s);
}

static void end_serving(struct server *s)
{
	pthread_join(s->thread, NULL);
	close(s->fd);
}

static void tcp_is_good_when_somebody_listens(void **state)
{
	static const char *const answers[] = { "", NULL };
	struct server server;
	struct error err = { 0 };
	autofree char *health = NULL;

	(void)state;
	begin_serving(&server, answers);
	health = text_format("type: tcp, port: %u", server.port);
	assert_int_equal(check_for(health, "", 5000, &err), 0);
	end_serving(&server);
	assert_int_equal(check_for(health, "", 5000, &err), -1);
	assert_int_equal(err.kind, ERR_NETWORK);
	assert_non_null(strstr(err.msg, "refused"));
}

static void port_0_is_the_first_endpoint_that_speaks_http_else_tcp(void **state)
{
	static const char *const answers[] = { "", "", NULL };
	struct server server;
	autofree char *http = NULL, *tcp = NULL;

	(void)state;
	begin_serving(&server, answers);
	http = text_format("{name: a, protocol: tcp, port: 1}, {name: b, protocol: http, port: 80, target_port: %u}",
			   server.port);
	tcp = text_format("{name: u, protocol: udp, port: 1}, {name: t, protocol: tcp, port: %u}", server.port);
	assert_int_equal(check_for("type: tcp, port: 0", http, 5000, NULL), 0);
	assert_int_equal(check_for("type: tcp, port: 0", tcp, 5000, NULL), 0);
	end_serving(&server);
}

#define ANSWER(status, more) "HTTP/1.1 " status "\r\n" more "Content-Length: 0\r\nConnection: close\r\n\r\n"

static void http_is_good_when_the_status_is_the_one(void **state)
{
	static const char *const answers[] = { ANSWER("200 OK", ""), ANSWER("204 No Content", ""), ANSWER("503 No", ""),
					       NULL };
	struct server server;
	struct error err = { 0 };
	autofree char *plain = NULL, *no_content = NULL;

	(void)state;
	begin_serving(&server, answers);
	plain = text_format("type: http, url: 'http://localhost:%u/health'", server.port);
	no_content = text_format("type: http, url: 'http://127.0.0.1:%u/', expect_status: 204", server.port);
	assert_int_equal(check_for(plain, "", 5000, &err), 0);
	assert_int_equal(check_for(no_content, "", 5000, &err), 0);
	assert_int_equal(check_for(plain, "", 5000, &err), -1);
	assert_int_equal(err.kind, ERR_HEALTH_CHECK_FAILED);
	assert_non_null(strstr(err.msg, "status 503 (200 is wanted)"));
	end_serving(&server);
}

static void http_follows_redirects(void **state)
{
	static const char *const answers[] = { ANSWER("302 Found", "Location: /there\r\n"), ANSWER("200 OK", ""),
					       NULL };
	struct server server;
	autofree char *health = NULL;

	(void)state;
	begin_serving(&server, answers);
	health = text_format("type: http, url: 'http://localhost:%u/'", server.port);
	assert_int_equal(check_for(health, "", 5000, NULL), 0);
	end_serving(&server);
}

static void a_server_that_does_not_answer_is_too_late(void **state)
{
	struct server server;
	struct error err = { 0 };
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	autofree char *health = NULL;

	(void)state;
	server.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(server.fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(server.fd, 8), 0);
	getsockname(server.fd, (struct sockaddr *)&address, &len);
	health = text_format("type: http, url: 'http://localhost:%u/'", ntohs(address.sin_port));
	assert_int_equal(check_for(health, "", 5, &err), -1);
	assert_int_equal(err.kind, ERR_TIMEOUT);
	close(server.fd);
}

static void a_command_is_good_when_it_ends_with_0(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(check_for("type: command, command: 'true'", "", 5000, &err), 0);
	assert_int_equal(check_for("type: command, command: exit 3", "", 5000, &err), -1);
	assert_int_equal(err.kind, ERR_HEALTH_CHECK_FAILED);
	assert_string_equal(err.msg, "`exit 3` ended with 3");
	assert_int_equal(check_for("type: command, command: sleep 100", "", 1, &err), -1);
	assert_int_equal(err.kind, ERR_TIMEOUT);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(tcp_is_good_when_somebody_listens),
		CASE(port_0_is_the_first_endpoint_that_speaks_http_else_tcp),
		CASE(http_is_good_when_the_status_is_the_one),
		CASE(http_follows_redirects),
		CASE(a_server_that_does_not_answer_is_too_late),
		CASE(a_command_is_good_when_it_ends_with_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
