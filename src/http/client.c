/* client.c - one GET by libcurl. */
#include "http/client.h"

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "base/strbuf.h"
#include "http/curl_library.h"

struct transfer {
	const struct curl_library *curl;
	const struct http_get *get;
	CURL *easy;
	struct curl_slist *connect_to;
	size_t body_bytes;
	char message[CURL_ERROR_SIZE];
};

static size_t take_body(char *data, size_t size, size_t count, void *userdata)
{
	struct transfer *t = userdata;

	(void)data;
	t->body_bytes += size * count;
	return t->body_bytes > HTTP_BODY_MAX ? 0 : size * count;
}

static curl_socket_t open_socket(void *userdata, curlsocktype purpose, struct curl_sockaddr *address)
{
	const struct http_get *get = userdata;
	int fd;

	(void)purpose;
	if (get->open_socket)
		fd = get->open_socket(get->data, address->family, address->socktype, address->protocol);
	else
		fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static const char *const local_names[] = { "localhost", "127.0.0.1" };

/* "localhost::10.0.0.7:": that name, any port, goes there. */
static int add_connect_to(struct transfer *t)
{
	const char *address = t->get->local_address ? t->get->local_address : "127.0.0.1";

	for (size_t i = 0; i < ARRAY_SIZE(local_names); i++) {
		autofree char *entry = text_format("%s::%s:", local_names[i], address);
		struct curl_slist *longer = entry ? t->curl->slist_append(t->connect_to, entry) : NULL;

		if (!longer)
			return -1;
		t->connect_to = longer;
	}
	return 0;
}

#define SET(t, option, value) ((t)->curl->easy_setopt((t)->easy, option, value) == CURLE_OK)

static bool set_options(struct transfer *t)
{
	return SET(t, CURLOPT_URL, t->get->url) && SET(t, CURLOPT_ERRORBUFFER, t->message) &&
	       SET(t, CURLOPT_PROTOCOLS_STR, "http,https") && SET(t, CURLOPT_REDIR_PROTOCOLS_STR, "http,https") &&
	       SET(t, CURLOPT_NOSIGNAL, 1L) && SET(t, CURLOPT_PROXY, "") &&
	       SET(t, CURLOPT_TIMEOUT_MS, (long)t->get->timeout_ms) && SET(t, CURLOPT_FOLLOWLOCATION, 1L) &&
	       SET(t, CURLOPT_MAXREDIRS, (long)HTTP_REDIRECTS_MAX) && SET(t, CURLOPT_SSL_VERIFYPEER, 0L) &&
	       SET(t, CURLOPT_SSL_VERIFYHOST, 0L) && SET(t, CURLOPT_USERAGENT, "zlayer-health") &&
	       SET(t, CURLOPT_WRITEFUNCTION, take_body) && SET(t, CURLOPT_WRITEDATA, t) &&
	       SET(t, CURLOPT_OPENSOCKETFUNCTION, open_socket) && SET(t, CURLOPT_OPENSOCKETDATA, t->get) &&
	       SET(t, CURLOPT_CONNECT_TO, t->connect_to);
}

static int fail_transfer(const struct transfer *t, CURLcode code, struct error *err)
{
	const char *text = *t->message ? t->message : t->curl->easy_strerror(code);

	if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
		return fail(err, ERR_INVALID_SPEC, "GET %s: %s", t->get->url, text);
	if (code == CURLE_OPERATION_TIMEDOUT)
		return fail(err, ERR_TIMEOUT, "GET %s: no answer within %llu ms", t->get->url,
			    (unsigned long long)t->get->timeout_ms);
	return fail(err, ERR_NETWORK, "GET %s: %s", t->get->url, text);
}

static int perform(struct transfer *t, unsigned *ret_status, struct error *err)
{
	long status = 0;
	CURLcode code;

	if (add_connect_to(t) < 0 || !set_options(t))
		return fail(err, ERR_INTERNAL, "GET %s: libcurl takes no options", t->get->url);
	code = t->curl->easy_perform(t->easy);
	/* A body cut short by us is an answer all the same. */
	if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && t->body_bytes > HTTP_BODY_MAX))
		return fail_transfer(t, code, err);
	t->curl->easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	*ret_status = (unsigned)status;
	return 0;
}

int http_get_status(const struct http_get *get, unsigned *ret_status, struct error *err)
{
	struct transfer t = { .curl = curl_library_get(err), .get = get };
	int r;

	if (!t.curl)
		return -1;
	t.easy = t.curl->easy_init();
	if (!t.easy)
		return fail_oom(err);
	r = perform(&t, ret_status, err);
	t.curl->easy_cleanup(t.easy);
	t.curl->slist_free_all(t.connect_to);
	return r;
}
