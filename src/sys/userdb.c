/* userdb.c - "user[:group]" looked up in the /etc/passwd and /etc/group of a container's root. */
#include "sys/userdb.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "sys/in_root.h"

#define NAME_LIMIT 255
#define PASSWD_FIELDS 7
#define GROUP_FIELDS 4

void userdb_user_done(struct userdb_user *user)
{
	free(user->groups);
	free(user->home);
	*user = (struct userdb_user){ 0 };
}

/* One half of the text: a number or a name. */
struct party {
	char name[NAME_LIMIT + 1]; /* "" for a number */
	uint32_t id;
};

static int parse_id(const char *text, uint32_t *ret)
{
	uint32_t id;
	int r = parse_u32(text, &id);

	/* (uid_t)-1 means "leave it" to the kernel. */
	if (r < 0 || id == UINT32_MAX)
		return -EINVAL;
	*ret = id;
	return 0;
}

static bool is_name(const char *text)
{
	if (*text == '-')
		return false;
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		if (*p <= ' ' || *p == 0x7f || *p == ':' || *p == ',' || *p == '/')
			return false;
	return true;
}

static int parse_party(const char *text, size_t len, struct party *ret)
{
	if (len == 0 || len > NAME_LIMIT)
		return -EINVAL;
	memcpy(ret->name, text, len);
	ret->name[len] = '\0';
	if (ret->name[0] < '0' || ret->name[0] > '9')
		return is_name(ret->name) ? 0 : -EINVAL;
	if (parse_id(ret->name, &ret->id) < 0)
		return -EINVAL;
	ret->name[0] = '\0';
	return 0;
}

/* *ret_has_group says whether there is a second half. */
static int parse_text(const char *text, struct party *ret_user, struct party *ret_group, bool *ret_has_group)
{
	const char *colon = strchr(text, ':');

	*ret_has_group = colon != NULL;
	if (colon && parse_party(colon + 1, strlen(colon + 1), ret_group) < 0)
		return -EINVAL;
	return parse_party(text, colon ? (size_t)(colon - text) : strlen(text), ret_user);
}

bool userdb_is_valid(const char *text)
{
	struct party user = { 0 }, group = { 0 };
	bool has_group;

	return parse_text(text, &user, &group, &has_group) == 0;
}

/* What is left of a text that is taken apart line by line. */
struct lines {
	char *next, *end;
};

/* The next line cut into exactly n fields at its colons; false at the end. Comments, lines with another number of
 * fields and lines with a NUL are passed over. */
static bool next_entry(struct lines *lines, char **fields, size_t n)
{
	while (lines->next < lines->end) {
		char *line = lines->next, *newline = memchr(line, '\n', (size_t)(lines->end - line));
		char *stop = newline ? newline : lines->end;
		size_t count = 0;

		lines->next = stop + 1;
		*stop = '\0';
		if (*line == '#' || strlen(line) != (size_t)(stop - line))
			continue;
		for (char *p = line; p && count <= n; count++) {
			char *colon = strchr(p, ':');

			if (colon)
				*colon = '\0';
			if (count < n)
				fields[count] = p;
			p = colon ? colon + 1 : NULL;
		}
		if (count == n)
			return true;
	}
	return false;
}

/* Finds the user's entry; *ret_name points into passwd, or stays NULL when a number has none. */
static int find_user(struct lines passwd, const struct party *wanted, struct userdb_user *user, const char **ret_name)
{
	char *field[PASSWD_FIELDS];
	uint32_t uid, gid;

	while (next_entry(&passwd, field, PASSWD_FIELDS)) {
		if (parse_id(field[2], &uid) < 0 || parse_id(field[3], &gid) < 0)
			continue;
		if (wanted->name[0] ? strcmp(field[0], wanted->name) != 0 : uid != wanted->id)
			continue;
		user->uid = uid;
		user->gid = gid;
		user->home = strdup(*field[5] ? field[5] : "/");
		*ret_name = field[0];
		return user->home ? 0 : -ENOMEM;
	}
	if (wanted->name[0])
		return -ENOENT;
	user->uid = wanted->id;
	user->home = strdup("/");
	return user->home ? 0 : -ENOMEM;
}

static int find_group(struct lines groups, const struct party *wanted, uint32_t *ret)
{
	char *field[GROUP_FIELDS];

	if (!wanted->name[0]) {
		*ret = wanted->id;
		return 0;
	}
	while (next_entry(&groups, field, GROUP_FIELDS))
		if (strcmp(field[0], wanted->name) == 0 && parse_id(field[2], ret) == 0)
			return 0;
	return -ENODATA;
}

static int add_group(struct userdb_user *user, size_t *capacity, uint32_t gid)
{
	for (size_t i = 0; i < user->n_groups; i++)
		if (user->groups[i] == gid)
			return 0;
	if (user->n_groups == USERDB_GROUPS_LIMIT)
		return -E2BIG;
	if (array_reserve((void **)&user->groups, capacity, user->n_groups + 1, sizeof(*user->groups)) < 0)
		return -ENOMEM;
	user->groups[user->n_groups++] = gid;
	return 0;
}

static bool list_has(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = list; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
		if (strncmp(p, name, len) == 0 && (p[len] == ',' || p[len] == '\0'))
			return true;
	return false;
}

static int add_memberships(struct lines groups, const char *name, struct userdb_user *user, size_t *capacity)
{
	char *field[GROUP_FIELDS];
	uint32_t gid;
	int r = 0;

	while (r == 0 && next_entry(&groups, field, GROUP_FIELDS))
		if (list_has(field[3], name) && parse_id(field[2], &gid) == 0)
			r = add_group(user, capacity, gid);
	return r;
}

int userdb_resolve_texts(char *passwd, size_t passwd_len, char *group, size_t group_len, const char *text,
			 struct userdb_user *ret)
{
	struct lines users = { passwd, passwd + passwd_len }, groups = { group, group + group_len };
	struct party wanted = { 0 }, wanted_group = { 0 };
	AUTO_DONE(userdb_user) user = { 0 };
	const char *name = NULL;
	bool has_group = false;
	size_t capacity = 0;
	int r = 0;

	if (text && *text)
		r = parse_text(text, &wanted, &wanted_group, &has_group);
	if (r == 0)
		r = find_user(users, &wanted, &user, &name);
	if (r == 0 && has_group)
		r = find_group(groups, &wanted_group, &user.gid);
	if (r == 0)
		r = add_group(&user, &capacity, user.gid);
	if (r == 0 && !has_group && name && *name)
		r = add_memberships(groups, name, &user, &capacity);
	if (r < 0)
		return r;
	*ret = user;
	user = (struct userdb_user){ 0 };
	return 0;
}

static int read_in_root(int root_fd, const char *path, char **ret, size_t *ret_len)
{
	autoclose int fd = in_root_open(root_fd, path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd == -ENOENT || fd == -ENOTDIR) {
		*ret_len = 0;
		*ret = strdup("");
		return *ret ? 0 : -ENOMEM;
	}
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -ENOTSUP;
	return fd_read_all(fd, USERDB_FILE_LIMIT, ret, ret_len);
}

int userdb_resolve(int root_fd, const char *text, struct userdb_user *ret)
{
	autofree char *passwd = NULL, *group = NULL;
	size_t passwd_len, group_len;
	int r;

	if (text && *text && !userdb_is_valid(text))
		return -EINVAL;
	r = read_in_root(root_fd, "/etc/passwd", &passwd, &passwd_len);
	if (r == 0)
		r = read_in_root(root_fd, "/etc/group", &group, &group_len);
	if (r < 0)
		return r;
	return userdb_resolve_texts(passwd, passwd_len, group, group_len, text, ret);
}
