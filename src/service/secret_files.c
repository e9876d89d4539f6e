/* secret_files.c - secrets read from files, by fd from the directory down, links never followed. */
#include "service/secret_files.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "spec/env_reference.h"

#define FOR_OTHERS 077
#define OTHERS_WRITE 022

static char *copy_part(struct env_reference_part part)
{
	return strndup(part.text ? part.text : "", part.len);
}

static bool is_trusted_owner(uid_t uid)
{
	return uid == 0 || uid == geteuid();
}

static int check_directory(int fd, const char *name, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail_errno(err, errno, "%s", name);
	if (!is_trusted_owner(st.st_uid))
		return fail(err, ERR_PERMISSION_DENIED, "%s belongs to uid %u (root or the agent's own is wanted)",
			    name, st.st_uid);
	if (st.st_mode & OTHERS_WRITE)
		return fail(err, ERR_PERMISSION_DENIED, "%s may be written by others (chmod go-w)", name);
	return 0;
}

/* Below dirfd; name "" is dirfd itself, opened anew. -ENOENT where there is none, in *ret_fd -1. */
static int open_directory(int dirfd, const char *name, int *ret_fd, struct error *err)
{
	int fd = openat(dirfd, *name ? name : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	*ret_fd = -1;
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0)
		return fail_errno(err, errno, "%s", name);
	if (check_directory(fd, name, err) < 0) {
		close(fd);
		return -1;
	}
	*ret_fd = fd;
	return 0;
}

static int check_file(int fd, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail_errno(err, errno, "stat");
	if (!S_ISREG(st.st_mode))
		return fail(err, ERR_CONFIGURATION, "no regular file");
	if (!is_trusted_owner(st.st_uid))
		return fail(err, ERR_PERMISSION_DENIED,
			    "the file belongs to uid %u (root or the agent's own is wanted)", st.st_uid);
	if (st.st_mode & FOR_OTHERS)
		return fail(err, ERR_PERMISSION_DENIED, "the file's mode is %04o (0600 is wanted)", st.st_mode & 07777);
	if (st.st_size > (off_t)SECRET_SIZE_LIMIT)
		return fail(err, ERR_CONFIGURATION, "more than %lu bytes", SECRET_SIZE_LIMIT);
	return 0;
}

static int check_content(const struct secret_value *value, struct error *err)
{
	if (value->len > SECRET_SIZE_LIMIT)
		return fail(err, ERR_CONFIGURATION, "more than %lu bytes", SECRET_SIZE_LIMIT);
	if (memchr(value->bytes, '\0', value->len))
		return fail(err, ERR_CONFIGURATION, "a NUL inside");
	return 0;
}

/* One buffer of full size at once: a growing one would leave copies behind. */
static int read_value(int fd, struct secret_value *ret, struct error *err)
{
	struct secret_value value = { .bytes = malloc(SECRET_SIZE_LIMIT + 2) };
	ssize_t n = value.bytes ? read_full(fd, value.bytes, SECRET_SIZE_LIMIT + 1) : -ENOMEM;

	value.len = n > 0 ? (size_t)n : 0;
	if (n < 0 || check_content(&value, err) < 0) {
		secret_value_done(&value);
		return n < 0 ? fail_errno(err, (int)n, "read") : -1;
	}
	if (value.len > 0 && value.bytes[value.len - 1] == '\n')
		value.len--;
	value.bytes[value.len] = '\0';
	*ret = value;
	return 0;
}

/* 1: read; 0: there is no such file. */
static int read_file(int dirfd, const char *name, struct secret_value *ret, struct error *err)
{
	autoclose int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 && errno == ELOOP)
		return fail(err, ERR_CONFIGURATION, "a symbolic link");
	if (fd < 0)
		return fail_errno(err, errno, "open");
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) /* the scope of a deployment or service of this name */
		return 0;
	return check_file(fd, err) < 0 || read_value(fd, ret, err) < 0 ? -1 : 1;
}

/* 1: read; 0: none in this scope. The directories stand one in the other. */
static int read_scope(const char *root_dir, const char *const *directories, const char *name, struct secret_value *ret,
		      struct error *err)
{
	autoclose int fd = open(root_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return fail_errno(err, errno, "%s", root_dir);
	for (; *directories; directories++) {
		int inner;

		if (open_directory(fd, *directories, &inner, err) < 0)
			return -1;
		if (inner < 0)
			return 0;
		close(fd);
		fd = inner;
	}
	return read_file(fd, name, ret, err);
}

/* A deployment's own name is checked by the spec; what `run` starts has none. */
static int find_secret(const struct secret_files *files, const char *deployment, const struct env_reference *reference,
		       struct secret_value *ret, struct error *err)
{
	autofree char *name = copy_part(reference->name), *service = copy_part(reference->service);
	const char *const shared[] = { "secrets", NULL };
	const char *const scoped[] = { "secrets", deployment, *service ? service : NULL, NULL };
	int r = 0;

	if (!name || !service)
		return fail_oom(err);
	if (deployment && *deployment && !strchr(deployment, '/') && deployment[0] != '.')
		r = read_scope(files->root_dir, scoped, name, ret, err);
	if (r == 0 && !*service)
		r = read_scope(files->root_dir, shared, name, ret, err);
	if (r == 0)
		return fail(err, ERR_NOT_FOUND, "there is no such secret (a file of mode 0600 in %s/secrets/%s%s%s)",
			    files->root_dir, deployment ? deployment : "", *service ? "/" : "", service);
	return r < 0 ? -1 : 0;
}

static const char *text_of_member(struct json_object *member)
{
	switch (json_object_get_type(member)) {
	case json_type_null:
		return "";
	case json_type_string:
		return json_object_get_string(member);
	case json_type_boolean:
	case json_type_double:
	case json_type_int:
	case json_type_object:
	case json_type_array:
		break;
	}
	return json_object_to_json_string_ext(member, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

/* Puts the field's value in the place of the whole. json-c's copies are not ours to wipe; they are freed at once. */
static int pick_field(struct secret_value *value, struct env_reference_part part, struct error *err)
{
	autofree char *field = copy_part(part);
	AUTO_JSON document = NULL;
	struct secret_value picked = { 0 };
	struct json_object *member;

	if (!field)
		return fail_oom(err);
	document = json_parse(value->bytes, value->len, "value", NULL); /* its error would tell where in the value */
	if (!json_object_is_type(document, json_type_object))
		return fail(err, ERR_CONFIGURATION, "its value is no JSON object, so it has no field %s", field);
	if (!json_object_object_get_ex(document, field, &member))
		return fail(err, ERR_NOT_FOUND, "its JSON object has no field %s", field);
	if (json_object_is_type(member, json_type_string) &&
	    strlen(json_object_get_string(member)) != (size_t)json_object_get_string_len(member))
		return fail(err, ERR_CONFIGURATION, "field %s: a NUL inside", field);
	picked.bytes = strdup(text_of_member(member));
	if (!picked.bytes)
		return fail_oom(err);
	picked.len = strlen(picked.bytes);
	secret_value_done(value);
	*value = picked;
	return 0;
}

static int resolve(const struct secret_source *source, const char *deployment, const char *text,
		   struct secret_value *ret, struct error *err)
{
	const struct secret_files *files = (const struct secret_files *)source;
	struct env_reference reference;
	struct secret_value value = { 0 };

	if (env_reference_parse(text, &reference, err) < 0)
		return fail_while(err, "secret %s", text);
	if (reference.kind != ENV_SECRET)
		return fail(err, ERR_INVALID_SPEC, "secret %s: this is no reference to a secret", text);
	if (reference.environment.len > 0)
		return fail(err, ERR_UNSUPPORTED, "secret %s: secrets of environments are not kept on this node", text);
	if (find_secret(files, deployment, &reference, &value, err) < 0)
		return fail_while(err, "secret %s", text);
	if (reference.field.len > 0 && pick_field(&value, reference.field, err) < 0) {
		secret_value_done(&value);
		return fail_while(err, "secret %s", text);
	}
	*ret = value;
	return 0;
}

struct secret_files *secret_files_new(const char *root_dir)
{
	struct secret_files *files = calloc(1, sizeof(*files));

	if (!files)
		return NULL;
	files->source.resolve = resolve;
	files->root_dir = strdup(root_dir);
	if (!files->root_dir) {
		free(files);
		return NULL;
	}
	return files;
}

void secret_files_free(struct secret_files *files)
{
	if (!files)
		return;
	free(files->root_dir);
	free(files);
}
