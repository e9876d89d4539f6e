/* userdb.h - "user[:group]" looked up in the /etc/passwd and /etc/group of a container's root. Libc alone, no resolver
 * modules, nothing of the root is run: the files are data. Negative errno.
 *
 * Rules as docker's (moby/sys/user, GetExecUser), but strict: what starts with a digit is a number and nothing else, a
 * line that is not well formed is skipped (docker reads a bad uid in it as 0), ids are 0 to 4294967294.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

/* Each of the two files may be this long; longer is -EFBIG. */
#define USERDB_FILE_LIMIT (1UL << 20)

/* Groups that one user may have; more is -E2BIG. (The kernel takes 65536.) */
#define USERDB_GROUPS_LIMIT 4096

struct userdb_user {
	uint32_t uid, gid;
	uint32_t *groups; /* gid first, then the supplementary ones, in the file's order, each once */
	size_t n_groups;
	char *home; /* "/" where no entry of passwd says */
};

void userdb_user_done(struct userdb_user *user);
DEFINE_AUTO_DONE(userdb_user)

/* Whether text has the form "user[:group]": each a number, or a name of at most 255 printable bytes without blank, ':',
 * ',' or '/', that does not start with a digit or '-'. */
bool userdb_is_valid(const char *text);

/* root_fd: the container's root directory (O_PATH will do); paths and links are resolved inside it (in_root.h),
 * regular files only. A missing file is an empty one. text NULL or "": uid 0. A name must be found; a number need not
 * be: then its gid is 0, as docker has it. Without an explicit group, the groups that list the user's name are the
 * supplementary ones; with one there are none.
 *
 * 0, -EINVAL (not of the form), -ENOENT (no such user), -ENODATA (no such group), -EFBIG, -E2BIG, -ENOMEM, -ENOTSUP
 * (one of the files is no regular file), or what opening and reading them gave. */
int userdb_resolve(int root_fd, const char *text, struct userdb_user *ret);

/* The same over the texts of the two files, NUL-terminated; both are taken apart in place. */
int userdb_resolve_texts(char *passwd, size_t passwd_len, char *group, size_t group_len, const char *text,
			 struct userdb_user *ret);
