/* seccomp_filter.c - the prebuilt program, and the cache of those that libseccomp made. */
#include "oci/seccomp_filter.h"

#include <fcntl.h>
#include <seccomp.h>
#include <string.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "oci/seccomp_default.h"

struct seccomp_filter seccomp_filter_default(void)
{
	return (struct seccomp_filter){ .program = seccomp_default_program, .length = seccomp_default_length };
}

/* Rises when what is compiled from one profile changes. */
#define COMPILER_VERSION 1

#define CACHE_MAGIC "zlayer-seccomp-1"

/* Stands before the instructions. Of this machine alone: nothing is converted. */
struct cache_header {
	char magic[16];
	uint32_t flags, length; /* of the instructions */
	char program_digest[SHA256_DIGEST_SIZE + 8];
};

#define CACHE_FILE_LIMIT (sizeof(struct cache_header) + BPF_MAXINSNS * sizeof(struct sock_filter))

/* "seccomp-" and the hash of all that the program depends on. *ret is the caller's. */
static int cache_name(struct json_object *profile, char **ret)
{
	const struct scmp_version *version = seccomp_version();
	const char *text = json_object_to_json_string_ext(profile, JSON_C_TO_STRING_PLAIN);
	char digest[SHA256_DIGEST_SIZE];
	autofree char *material = NULL;
	int r;

	if (!text || !version)
		return -ENOMEM;
	material = text_format("%d %u.%u.%u %x %s", COMPILER_VERSION, version->major, version->minor, version->micro,
			       seccomp_arch_native(), text);
	if (!material)
		return -ENOMEM;
	r = digest_of(material, strlen(material), digest);
	if (r < 0)
		return r;
	*ret = text_format("seccomp-%s", digest + strlen("sha256:"));
	return *ret ? 0 : -ENOMEM;
}

/* A filter that others could write is none. */
static int read_private(int dirfd, const char *name, char **ret, size_t *ret_len)
{
	autoclose int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return -EPERM;
	return fd_read_all(fd, CACHE_FILE_LIMIT, ret, ret_len);
}

static bool is_intact(const struct cache_header *header, const char *program, size_t size)
{
	char digest[SHA256_DIGEST_SIZE];

	return memcmp(header->magic, CACHE_MAGIC, sizeof(header->magic)) == 0 && header->length > 0 &&
	       size == (size_t)header->length * sizeof(struct sock_filter) && digest_of(program, size, digest) == 0 &&
	       memcmp(header->program_digest, digest, sizeof(digest)) == 0;
}

static int cache_read(int dirfd, const char *name, struct seccomp_filter *ret)
{
	struct cache_header header;
	autofree char *data = NULL;
	size_t len;
	int r = read_private(dirfd, name, &data, &len);

	if (r < 0)
		return r;
	if (len < sizeof(header))
		return -EBADMSG;
	memcpy(&header, data, sizeof(header));
	if (!is_intact(&header, data + sizeof(header), len - sizeof(header)))
		return -EBADMSG;
	ret->own = malloc(len - sizeof(header));
	if (!ret->own)
		return -ENOMEM;
	memcpy(ret->own, data + sizeof(header), len - sizeof(header));
	ret->program = ret->own;
	ret->length = header.length;
	ret->flags = header.flags;
	return 0;
}

static void cache_write(int dirfd, const char *name, const struct seccomp_filter *filter)
{
	size_t size = filter->length * sizeof(*filter->program);
	struct cache_header header = { .flags = filter->flags, .length = (uint32_t)filter->length };
	autofree char *data = malloc(sizeof(header) + size);

	memcpy(header.magic, CACHE_MAGIC, sizeof(header.magic));
	if (!data || digest_of(filter->program, size, header.program_digest) < 0)
		return;
	memcpy(data, &header, sizeof(header));
	memcpy(data + sizeof(header), filter->program, size);
	(void)file_replace_at(dirfd, name, data, sizeof(header) + size, 0600, FILE_VOLATILE);
}

int seccomp_filter_get(struct json_object *profile, int cache_dirfd, struct seccomp_filter *ret, struct error *err)
{
	AUTO_DONE(seccomp_filter) filter = { 0 };
	autofree char *name = NULL;

	if (cache_dirfd >= 0 && cache_name(profile, &name) < 0)
		return fail_oom(err);
	if (!name || cache_read(cache_dirfd, name, &filter) < 0) {
		if (seccomp_filter_compile(profile, &filter, err) < 0)
			return -1;
		if (name)
			cache_write(cache_dirfd, name, &filter);
	}
	*ret = filter;
	filter = (struct seccomp_filter){ 0 };
	return 0;
}
