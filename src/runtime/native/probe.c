/* probe.c - whether this host can run containers natively: each thing that it lacks, with its remedy. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>

#include "runtime/native/native.h"
#include "sys/capability.h"
#include "sys/cgroup.h"
#include "sys/mount_api.h"
#include "sys/procfs.h"

static bool has_root(void)
{
	return geteuid() == 0 && (capability_bounding() & CAPABILITY_BIT(CAP_SYS_ADMIN));
}

static bool has_call(long number)
{
	return syscall(number, -1, NULL, 0, 0, 0) == 0 || errno != ENOSYS;
}

static bool has_mount_calls(void)
{
	return has_call(SYS_open_tree) && has_call(SYS_mount_setattr) && has_call(SYS_openat2) &&
	       has_call(SYS_clone3) && has_call(SYS_close_range);
}

/* EINVAL for unknown types, EPERM for want of rights: a descriptor is the proof. */
static bool can_mount(void)
{
	autoclose int fd = mount_fs_open("tmpfs");

	return fd >= 0;
}

static bool has_cgroups(void)
{
	return cgroup_layout_get() >= 0;
}

static bool has_procfs(void)
{
	return procfs_get() >= 0;
}

static const struct {
	bool (*is_there)(void);
	const char *text;
} needs[] = {
	{ has_root, "root with CAP_SYS_ADMIN: run as root" },
	{ has_mount_calls, "Linux 5.12 or later: a newer kernel" },
	{ has_procfs, "procfs at /proc: mount it" },
	{ can_mount, "the right to mount: CAP_SYS_ADMIN in the initial user namespace" },
	{ has_cgroups, "a cgroup file system at /sys/fs/cgroup: mount cgroup2 there" },
};

int native_probe(const struct runtime_options *options, struct strv *ret_missing)
{
	(void)options;
	for (size_t i = 0; i < ARRAY_SIZE(needs); i++)
		if (!needs[i].is_there() && strv_add(ret_missing, needs[i].text) < 0)
			return -ENOMEM;
	return 0;
}
