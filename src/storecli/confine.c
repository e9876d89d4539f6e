/* confine.c - the steps of confinement, in order. */
#include "storecli/confine.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "storecli/allowed_calls.h"
#include "sys/mount_api.h"

#define NEVER_HERE (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

struct fds {
	int store, input;
};

/* The parent's end is ours: an import that nobody waits for is not finished. */
static int set_process(const struct fds *fds, struct error *err)
{
	(void)fds;
	umask(0);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail_errno(err, errno, "prctl");
	return 0;
}

/* Lowers both limits; never raises one. */
static int limit(int resource, rlim_t most, struct error *err)
{
	struct rlimit now;

	if (getrlimit(resource, &now) < 0)
		return fail_errno(err, errno, "getrlimit");
	if (now.rlim_max > most)
		now.rlim_max = most;
	now.rlim_cur = now.rlim_max;
	return setrlimit(resource, &now) < 0 ? fail_errno(err, errno, "setrlimit") : 0;
}

#ifdef __SANITIZE_ADDRESS__
#define MOST_MEMORY RLIM_INFINITY /* the sanitizer's shadow is terabytes of address space */
#else
#define MOST_MEMORY (2UL << 30)
#endif

static int set_limits(const struct fds *fds, struct error *err)
{
	(void)fds;
	if (limit(RLIMIT_CORE, 0, err) < 0 || limit(RLIMIT_NOFILE, 1024, err) < 0 ||
	    limit(RLIMIT_AS, MOST_MEMORY, err) < 0)
		return -1;
	return 0;
}

/* The directory behind fd becomes a mount of its own, attached nowhere: ".." ends at it. */
static int shut(int fd, uint64_t flags, struct error *err)
{
	autoclose int tree = mount_clone(fd, "", false);
	int r = tree < 0 ? tree : 0;

	if (r == 0)
		r = mount_set_attributes(tree, "", false, NEVER_HERE | flags, MS_PRIVATE); /* pivot_root wants it */
	if (r < 0)
		return fail_errno(err, r, "mount it on its own");
	return dup3(tree, fd, O_CLOEXEC) < 0 ? fail_errno(err, errno, "dup3") : 0;
}

static int shut_store(const struct fds *fds, struct error *err)
{
	return shut(fds->store, 0, err);
}

static int shut_input(const struct fds *fds, struct error *err)
{
	struct stat st;

	if (fstat(fds->input, &st) < 0)
		return fail_errno(err, errno, "input");
	return S_ISDIR(st.st_mode) ? shut(fds->input, MOUNT_ATTR_RDONLY, err) : 0;
}

static int unshare_namespaces(const struct fds *fds, struct error *err)
{
	(void)fds;
	if (unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWCGROUP) < 0)
		return fail_errno(err, errno, "unshare");
	return 0;
}

/* The store is mounted over the old root and changes places with it; what is mounted from here on stays in here. */
static int enter_store(const struct fds *fds, struct error *err)
{
	autoclose int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r = root < 0 ? -errno : mount_set_attributes(root, "", true, 0, MS_PRIVATE);

	if (r == 0)
		r = mount_attach(fds->store, root);
	if (r == 0 && fchdir(fds->store) < 0)
		r = -errno;
	if (r == 0)
		r = mount_pivot_here();
	if (r < 0)
		return fail_errno(err, r, "make the store the root");
	close(fds->store);
	return 0;
}

static const unsigned kept_capabilities[] = {
	CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID, CAP_MKNOD, CAP_SETFCAP, CAP_SYS_ADMIN,
};

static int drop_capabilities(const struct fds *fds, struct error *err)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };
	uint64_t kept = 0;

	(void)fds;
	for (size_t i = 0; i < ARRAY_SIZE(kept_capabilities); i++)
		kept |= 1ULL << kept_capabilities[i];
	for (unsigned capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0)
			return fail_errno(err, errno, "drop the bounding set");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return fail_errno(err, errno, "clear ambient capabilities");
	for (int i = 0; i < 2; i++)
		data[i].effective = data[i].permitted = (uint32_t)(kept >> (32 * i));
	if (syscall(SYS_capset, &header, data) < 0)
		return fail_errno(err, errno, "capset");
	return 0;
}

static int filter_calls(const struct fds *fds, struct error *err)
{
	int r = allowed_calls_load();

	(void)fds;
	return r < 0 ? fail_errno(err, r, "seccomp") : 0;
}

static const struct {
	const char *name;
	int (*run)(const struct fds *fds, struct error *err);
} steps[] = {
	{ "process", set_process },
	{ "limits", set_limits },
	{ "store", shut_store },
	{ "input", shut_input },
	{ "namespaces", unshare_namespaces },
	{ "root", enter_store },
	{ "capabilities", drop_capabilities },
	{ "system calls", filter_calls },
};

int confine(int store_fd, int input_fd, struct error *err)
{
	const struct fds fds = { store_fd, input_fd };

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (steps[i].run(&fds, err) < 0)
			return fail_while(err, "zlayer-store: confine itself: %s", steps[i].name);
	return 0;
}
