/* confine_probe.c - what a program that took over zlayer-store could do: confined like it, it tries, and tells of each
 * attempt in a line "NAME ERRNO" (0: it worked).
 *
 * confine_probe STORE_DIRECTORY LAYOUT_DIRECTORY; a line on stdin ends it, so that it can be looked at from outside.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "base/cleanup.h"
#include "storecli/confine.h"

static int input = -1;

static long open_host_file(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static long climb_out_of_the_root(void)
{
	return open("../../../../../../../../etc/passwd", O_RDONLY | O_CLOEXEC);
}

static long climb_out_of_the_input(void)
{
	return openat(input, "../../../../../../../../etc/passwd", O_RDONLY | O_CLOEXEC);
}

static long write_into_the_input(void)
{
	return openat(input, "made", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static long read_the_input(void)
{
	return openat(input, "index.json", O_RDONLY | O_CLOEXEC);
}

static long write_into_the_store(void)
{
	return open("/tmp/probe", O_RDWR | O_CREAT | O_CLOEXEC, 0755);
}

static long mark_opaque(void)
{
	return setxattr("/tmp/probe", "trusted.overlay.opaque", "y", 1, 0) == 0 ? 0 : -1;
}

static long mark_opaque_by_fd(void)
{
	autoclose int fd = open("/tmp/probe", O_RDWR | O_CLOEXEC);

	return fsetxattr(fd, "trusted.overlay.opaque", "y", 1, 0);
}

static long open_a_device(void)
{
	if (mknodat(AT_FDCWD, "/tmp/disk", S_IFCHR | 0600, makedev(1, 3)) < 0 && errno != EEXIST)
		return 0;
	return open("/tmp/disk", O_RDONLY | O_CLOEXEC);
}

static long execute(void)
{
	char *const argv[] = { (char *)"/tmp/probe", NULL };

	return execve(argv[0], argv, argv + 1);
}

static long make_a_process(void)
{
	long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return pid;
}

static long make_a_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static long mount_something(void)
{
	return mount("none", "/tmp", "tmpfs", 0, NULL);
}

static long open_a_tree(void)
{
	return syscall(SYS_open_tree, AT_FDCWD, "/", 0);
}

static long make_a_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static long map_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? -1 : 0;
}

static long trace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static long kill_the_parent(void)
{
	return kill(getppid(), 0);
}

static long open_by_handle(void)
{
	return syscall(SYS_open_by_handle_at, input, "", 0);
}

static const struct {
	const char *name;
	long (*run)(void);
} attempts[] = {
	{ "read_the_input", read_the_input },
	{ "write_into_the_store", write_into_the_store },
	{ "mark_opaque_by_fd", mark_opaque_by_fd },
	{ "open_host_file", open_host_file },
	{ "climb_out_of_the_root", climb_out_of_the_root },
	{ "climb_out_of_the_input", climb_out_of_the_input },
	{ "write_into_the_input", write_into_the_input },
	{ "mark_opaque_by_path", mark_opaque },
	{ "open_a_device", open_a_device },
	{ "execute", execute },
	{ "make_a_process", make_a_process },
	{ "make_a_socket", make_a_socket },
	{ "mount_something", mount_something },
	{ "open_a_tree", open_a_tree },
	{ "make_a_namespace", make_a_namespace },
	{ "map_code", map_code },
	{ "trace", trace },
	{ "kill_the_parent", kill_the_parent },
	{ "open_by_handle", open_by_handle },
};

int main(int argc, char **argv)
{
	int store = argc == 3 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	struct error err = { 0 };

	input = argc == 3 ? open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (store < 0 || input < 0)
		return 2;
	if (confine(store, input, &err) < 0) {
		printf("confine %s\n", err.msg);
		return 1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(attempts); i++) {
		errno = 0;
		printf("%s %d\n", attempts[i].name, attempts[i].run() < 0 ? errno : 0);
	}
	fflush(stdout);
	return getchar() == EOF;
}
