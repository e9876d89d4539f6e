/* reference.c - image references as people type them. */
#include "oci/reference.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

#define PATH_MAX_LENGTH 255
#define TAG_MAX_LENGTH 128

/* A part of the text: [start, end). */
struct part {
	const char *start, *end;
};

struct parts {
	struct part host, path, tag, digest; /* start is NULL where there is none */
};

static bool is_lower(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_alphanumeric(char c)
{
	return is_lower(c) || (c >= 'A' && c <= 'Z');
}

static size_t part_length(struct part p)
{
	return (size_t)(p.end - p.start);
}

static bool part_is(struct part p, const char *text)
{
	return p.start && part_length(p) == strlen(text) && memcmp(p.start, text, part_length(p)) == 0;
}

/* domain-component: letters, digits and inner '-'; joined by '.', then ':' and digits. */
static bool is_host(struct part h)
{
	const char *colon = memchr(h.start, ':', part_length(h)), *end = colon ? colon : h.end;

	for (const char *p = h.start; p < end; p++) {
		bool at_edge = p == h.start || p + 1 == end || p[-1] == '.' || p[1] == '.';

		if (!is_alphanumeric(*p) && (at_edge || (*p != '-' && *p != '.')))
			return false;
	}
	for (const char *p = colon ? colon + 1 : h.end; p < h.end; p++)
		if (*p < '0' || *p > '9')
			return false;
	return h.start < end && (!colon || colon + 1 < h.end);
}

/* What may stand between two runs of [a-z0-9]: '.', '_', '__' or any number of '-'. Its length, 0 when it is none. */
static size_t separator_length(const char *p, const char *end)
{
	size_t n = 0;

	if (*p == '-')
		while (p + n < end && p[n] == '-')
			n++;
	else if (*p == '.')
		n = 1;
	else if (*p == '_')
		n = p + 1 < end && p[1] == '_' ? 2 : 1;
	return n;
}

static bool is_path_component(struct part c)
{
	const char *p = c.start;

	while (p < c.end && is_lower(*p)) {
		size_t n;

		while (p < c.end && is_lower(*p))
			p++;
		if (p == c.end)
			return true;
		n = separator_length(p, c.end);
		if (n == 0)
			return false;
		p += n;
	}
	return false;
}

static int check_path(struct part path, struct error *err)
{
	for (const char *p = path.start; p <= path.end;) {
		const char *slash = memchr(p, '/', (size_t)(path.end - p));
		struct part c = { p, slash ? slash : path.end };

		if (!is_path_component(c))
			return fail(
				err, ERR_INVALID_SPEC,
				"`%.*s` is no part of an image's name (lower-case letters and digits, with . _ or - "
				"between them)",
				(int)(part_length(c) > 100 ? 100 : part_length(c)), c.start);
		p = c.end + 1;
	}
	return 0;
}

static int check_tag(struct part tag, struct error *err)
{
	size_t len = part_length(tag);

	if (len == 0 || len > TAG_MAX_LENGTH)
		return fail(err, ERR_INVALID_SPEC, "the tag has %zu characters (1 to %d)", len, TAG_MAX_LENGTH);
	for (const char *p = tag.start; p < tag.end; p++)
		if (!is_alphanumeric(*p) && *p != '_' && (p == tag.start || (*p != '.' && *p != '-')))
			return fail(err, ERR_INVALID_SPEC, "the tag cannot hold `%c` there (letters, digits, _ . -)",
				    *p);
	return 0;
}

static int check_digest(struct part digest, struct error *err)
{
	static const struct {
		const char *algorithm;
		size_t digits;
	} known[] = { { "sha256:", 64 }, { "sha384:", 96 }, { "sha512:", 128 } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = strlen(known[i].algorithm);

		if (part_length(digest) < n || memcmp(digest.start, known[i].algorithm, n) != 0)
			continue;
		if (part_length(digest) != n + known[i].digits)
			return fail(err, ERR_INVALID_SPEC, "the %.6s digest has %zu digits (%zu)", known[i].algorithm,
				    part_length(digest) - n, known[i].digits);
		for (const char *p = digest.start + n; p < digest.end; p++)
			if (!strchr("0123456789abcdefABCDEF", *p))
				return fail(err, ERR_INVALID_SPEC, "`%c` is no hex digit of a digest", *p);
		return 0;
	}
	return fail(err, ERR_INVALID_SPEC, "the digest is none (sha256:, sha384: or sha512: and hex digits)");
}

/* The first component is a host when it has a '.' or ':' or is localhost; there is a path behind it then. */
static void split_host(const char *text, struct parts *ret)
{
	const char *slash = strchr(text, '/');
	struct part first = { text, slash };

	if (slash && !memchr(text, '@', part_length(first)) &&
	    (memchr(text, '.', part_length(first)) || memchr(text, ':', part_length(first)) ||
	     part_is(first, "localhost")))
		ret->host = first;
}

static void split(const char *text, struct parts *ret)
{
	const char *at = strchr(text, '@'), *end = text + strlen(text), *colon;

	*ret = (struct parts){ 0 };
	split_host(text, ret);
	ret->path = (struct part){ ret->host.start ? ret->host.end + 1 : text, at ? at : end };
	if (at)
		ret->digest = (struct part){ at + 1, end };
	colon = memchr(ret->path.start, ':', part_length(ret->path));
	if (colon) {
		ret->tag = (struct part){ colon + 1, ret->path.end };
		ret->path.end = colon;
	}
}

static int check(const char *text, const struct parts *p, struct error *err)
{
	const char *scheme = strstr(text, "://");

	if (scheme)
		return fail(err, ERR_INVALID_SPEC, "`%.*s` names an address, not an image (leave the scheme out)",
			    (int)(scheme + 3 - text > 100 ? 100 : scheme + 3 - text), text);
	if (!*text)
		return fail(err, ERR_INVALID_SPEC, "the image's name is empty");
	if (strlen(text) > IMAGE_REFERENCE_MAX)
		return fail(err, ERR_INVALID_SPEC, "the image's name is longer than %d bytes", IMAGE_REFERENCE_MAX);
	if (p->host.start && !is_host(p->host))
		return fail(err, ERR_INVALID_SPEC, "`%.*s` is no host (name[:port])",
			    (int)(part_length(p->host) > 100 ? 100 : part_length(p->host)), p->host.start);
	if (check_path(p->path, err) < 0 || (p->tag.start && check_tag(p->tag, err) < 0))
		return -1;
	return p->digest.start ? check_digest(p->digest, err) : 0;
}

static const char *copy(char **room, const char *text, size_t len)
{
	char *start = *room;

	memcpy(start, text, len);
	start[len] = '\0';
	*room += len + 1;
	return start;
}

static const char *copy_part(char **room, struct part p)
{
	return p.start ? copy(room, p.start, part_length(p)) : NULL;
}

static void fill_in(const char *text, const struct parts *p, char *room, struct image_reference *ret)
{
	bool is_docker = !p->host.start || part_is(p->host, "docker.io") || part_is(p->host, "index.docker.io");

	*ret = (struct image_reference){ .has_host = p->host.start != NULL };
	ret->typed = copy(&room, text, strlen(text));
	ret->host = is_docker ? "docker.io" : copy_part(&room, p->host);
	ret->path = room;
	if (is_docker && !memchr(p->path.start, '/', part_length(p->path))) {
		copy(&room, "library/", 8);
		room--;
	}
	copy_part(&room, p->path);
	ret->tag = p->tag.start || p->digest.start ? copy_part(&room, p->tag) : "latest";
	ret->digest = copy_part(&room, p->digest);
	for (char *c = p->digest.start ? (char *)ret->digest : room; c < room; c++)
		if (*c >= 'A' && *c <= 'F')
			*c |= 0x20;
}

int image_reference_parse_into(const char *text, char *room, struct image_reference *ret, struct error *err)
{
	struct parts p;

	split(text, &p);
	if (check(text, &p, err) < 0)
		return -1;
	fill_in(text, &p, room, ret);
	if (strlen(ret->path) > PATH_MAX_LENGTH)
		return fail(err, ERR_INVALID_SPEC, "the image's path is longer than %d characters", PATH_MAX_LENGTH);
	return 0;
}

int image_reference_parse(const char *text, struct image_reference *ret, struct error *err)
{
	char *room = malloc(IMAGE_REFERENCE_ROOM(strlen(text)));

	if (!room)
		return fail_oom(err);
	if (image_reference_parse_into(text, room, ret, err) < 0) {
		free(room);
		return -1;
	}
	ret->block = room;
	return 0;
}

void image_reference_done(struct image_reference *reference)
{
	free(reference->block);
	*reference = (struct image_reference){ 0 };
}

static bool text_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool image_reference_equal(const struct image_reference *a, const struct image_reference *b)
{
	return text_equal(a->host, b->host) && text_equal(a->path, b->path) && text_equal(a->tag, b->tag) &&
	       text_equal(a->digest, b->digest);
}

char *image_reference_full_name(const struct image_reference *r)
{
	return text_format("%s/%s%s%s%s%s", r->host, r->path, r->tag ? ":" : "", r->tag ? r->tag : "",
			   r->digest ? "@" : "", r->digest ? r->digest : "");
}
