/* process.c - what a program is given before it runs: user, limits, working directory, privileges. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launch/steps.h"
#include "sys/capability.h"
#include "sys/in_root.h"
#include "sys/procfs.h"
#include "sys/seccomp_install.h"

static int numeric_user(const struct plan *plan, int root_fd, struct userdb_user *ret, struct error *err)
{
	size_t count;
	const uint32_t *extra = plan_get_array(plan, plan->extra_gids, sizeof(*extra), &count);
	char text[32];
	int r;

	snprintf(text, sizeof(text), "%u:%u", plan->uid, plan->gid);
	r = userdb_resolve(root_fd, text, ret);
	if (r < 0)
		return fail_errno_as(err, ERR_START_FAILED, r, "%s", text);
	free(ret->groups);
	ret->groups = calloc(count + 1, sizeof(*ret->groups));
	if (!ret->groups)
		return fail_oom(err);
	ret->groups[0] = plan->gid;
	ret->n_groups = count + 1;
	if (count)
		memcpy(ret->groups + 1, extra, count * sizeof(*extra));
	return 0;
}

int resolve_user(const struct plan *plan, int root_fd, struct userdb_user *ret, struct error *err)
{
	const char *text = plan_get_text(plan, plan->user);
	int r;

	if (!*text)
		return numeric_user(plan, root_fd, ret, err);
	r = userdb_resolve(root_fd, text, ret);
	if (r == -ENOENT)
		return fail(err, ERR_START_FAILED, "%s: no such user in the container's /etc/passwd", text);
	if (r == -ENODATA)
		return fail(err, ERR_START_FAILED, "%s: no such group in the container's /etc/group", text);
	if (r == -EINVAL)
		return fail(err, ERR_START_FAILED, "%s: not of the form user[:group]", text);
	return r < 0 ? fail_errno_as(err, ERR_START_FAILED, r, "%s", text) : 0;
}

/* So that the program's user can open /dev/stdout anew. */
int give_stdio(const int stdio[3], const struct userdb_user *user)
{
	for (int i = 0; i < 3; i++) {
		struct stat st;

		if (fstat(stdio[i], &st) < 0)
			return -errno;
		if (S_ISFIFO(st.st_mode) && st.st_uid != user->uid && fchown(stdio[i], user->uid, (gid_t)-1) < 0)
			return -errno;
	}
	return 0;
}

/* A source may be one of 0, 1, 2 itself: all are copied above first. */
int take_stdio(const int stdio[3], struct error *err)
{
	int copies[3];

	for (int i = 0; i < 3; i++) {
		copies[i] = fcntl(stdio[i], F_DUPFD_CLOEXEC, 3);
		if (copies[i] < 0)
			return fail_errno(err, errno, "stdio");
	}
	for (int i = 0; i < 3; i++)
		if (dup2(copies[i], i) < 0)
			return fail_errno(err, errno, "stdio");
	return 0;
}

static int set_oom_score(int score)
{
	autoclose int fd = procfs_open("self/oom_score_adj", O_WRONLY);
	char text[16];
	int n = snprintf(text, sizeof(text), "%d", score);

	if (fd < 0)
		return fd;
	return write(fd, text, (size_t)n) < 0 ? -errno : 0;
}

int set_limits(const struct plan *plan, struct error *err)
{
	int r = 0;

	PLAN_FOR_EACH(plan, rlimits, struct plan_rlimit, limit)
	{
		struct rlimit values = { .rlim_cur = limit->soft, .rlim_max = limit->hard };

		if (setrlimit((int)limit->resource, &values) < 0)
			return fail_errno_as(err, ERR_START_FAILED, errno, "rlimit %u to %llu:%llu", limit->resource,
					     (unsigned long long)limit->soft, (unsigned long long)limit->hard);
	}
	if (plan->flags & PLAN_HAS_OOM_SCORE)
		r = set_oom_score(plan->oom_score_adj);
	return r < 0 ? fail_errno_as(err, ERR_START_FAILED, r, "oom_score_adj") : 0;
}

/* What chdir left behind a mount, or came from outside, does not begin with '/' (getcwd says "(unreachable)"). */
static bool is_inside(void)
{
	char path[PATH_MAX];

	return syscall(SYS_getcwd, path, sizeof(path)) > 0 && path[0] == '/';
}

int enter_working_directory(const struct plan *plan, const struct userdb_user *user, struct error *err)
{
	const char *cwd = plan->cwd ? plan_get_text(plan, plan->cwd) : "/";
	autoclose int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	autoclose int fd = in_root_open(root, cwd, O_PATH | O_DIRECTORY);

	(void)user;
	if (fd == -ENOENT)
		fd = in_root_make_dir(root, cwd);
	if (fd < 0)
		return fail_errno_as(err, ERR_START_FAILED, fd, "%s", cwd);
	if (fchdir(fd) < 0)
		return fail_errno_as(err, ERR_START_FAILED, errno, "%s", cwd);
	return is_inside() ? 0 : fail(err, ERR_START_FAILED, "%s: outside the container's root", cwd);
}

static int drop_bounding(uint64_t kept)
{
	int last = capability_last();

	for (int cap = 0; cap <= last; cap++)
		if (!(kept & CAPABILITY_BIT(cap)) && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0 && errno != EINVAL)
			return -errno;
	return 0;
}

static int become(const struct userdb_user *user)
{
	if (setgroups(user->n_groups, user->groups) < 0)
		return -errno;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return -errno;
	if (syscall(SYS_setresgid, user->gid, user->gid, user->gid) < 0 ||
	    syscall(SYS_setresuid, user->uid, user->uid, user->uid) < 0)
		return -errno;
	return prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0 ? -errno : 0;
}

static int set_capabilities(const struct plan *plan, uint64_t possible)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };
	uint64_t permitted = plan->caps[PLAN_CAP_PERMITTED] & possible;
	uint64_t effective = plan->caps[PLAN_CAP_EFFECTIVE] & permitted;
	uint64_t inheritable = plan->caps[PLAN_CAP_INHERITABLE] & possible;

	for (int half = 0; half < 2; half++) {
		data[half].effective = (uint32_t)(effective >> (32 * half));
		data[half].permitted = (uint32_t)(permitted >> (32 * half));
		data[half].inheritable = (uint32_t)(inheritable >> (32 * half));
	}
	return syscall(SYS_capset, &head, data) < 0 ? -errno : 0;
}

static int set_ambient(uint64_t wanted)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return -errno;
	for (int cap = 0; cap < 64; cap++)
		if ((wanted & CAPABILITY_BIT(cap)) && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			return -errno;
	return 0;
}

static int load_seccomp(const struct plan *plan)
{
	size_t count;
	const struct sock_filter *filter = plan_get_array(plan, plan->seccomp, sizeof(*filter), &count);

	return count == 0 ? 0 : seccomp_install(filter, count, plan->seccomp_flags);
}

/* Without no_new_privileges the kernel takes a filter from CAP_SYS_ADMIN alone: then it goes first, else last. */
int drop_privileges(const struct plan *plan, const struct userdb_user *user, struct error *err)
{
	bool has_no_new_privileges = plan->flags & PLAN_NO_NEW_PRIVILEGES;
	uint64_t possible = capability_bounding();
	int r;

	if (has_no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail_errno(err, errno, "no_new_privs");
	r = has_no_new_privileges ? 0 : load_seccomp(plan);
	if (r < 0)
		return fail_errno_as(err, ERR_START_FAILED, r, "seccomp");
	r = drop_bounding(plan->caps[PLAN_CAP_BOUNDING]);
	if (r == 0)
		r = become(user);
	if (r < 0)
		return fail_errno_as(err, ERR_START_FAILED, r, "user %u:%u", user->uid, user->gid);
	r = set_capabilities(plan, possible);
	if (r == 0)
		r = set_ambient(plan->caps[PLAN_CAP_AMBIENT] & possible);
	if (r < 0)
		return fail_errno_as(err, ERR_START_FAILED, r, "capabilities");
	r = has_no_new_privileges ? load_seccomp(plan) : 0;
	return r < 0 ? fail_errno_as(err, ERR_START_FAILED, r, "seccomp") : 0;
}
