/* seccomp_profile.c - the default profile: which system calls a container may make, by capability and architecture.
 *
 * Equal in effect to the default profile of moby/profiles seccomp v0.2.3 (in Docker Engine 29.4.3 to 29.8.2). Left out
 * is its condition "kernel 4.8 or later" on ptrace, since the agent runs on nothing older.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "oci/default_capabilities.h"
#include "oci/seccomp_filter.h"

enum arch { AMD64 = 1, ARM64 = 2, RISCV64 = 4, S390X = 8, PPC64LE = 16, LOONGARCH64 = 32 };

#if defined(__x86_64__)
#define THIS_ARCH AMD64
#elif defined(__aarch64__)
#define THIS_ARCH ARM64
#elif defined(__riscv)
#define THIS_ARCH RISCV64
#elif defined(__s390x__)
#define THIS_ARCH S390X
#elif defined(__powerpc64__)
#define THIS_ARCH PPC64LE
#elif defined(__loongarch__)
#define THIS_ARCH LOONGARCH64
#else
#define THIS_ARCH 0
#endif

/* The architecture and those of its kernel's older interfaces. */
static const struct {
	enum arch arch;
	const char *names;
} arch_names[] = {
	{ AMD64, "SCMP_ARCH_X86_64 SCMP_ARCH_X86 SCMP_ARCH_X32" },
	{ ARM64, "SCMP_ARCH_AARCH64 SCMP_ARCH_ARM" },
	{ RISCV64, "SCMP_ARCH_RISCV64" },
	{ S390X, "SCMP_ARCH_S390X SCMP_ARCH_S390" },
	{ PPC64LE, "SCMP_ARCH_PPC64LE" },
	{ LOONGARCH64, "SCMP_ARCH_LOONGARCH64" },
};

static const char always[] =
	"accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod chown chown32 "
	"clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64 "
	"clock_nanosleep clock_nanosleep_time64 close close_range connect copy_file_range creat dup dup2 dup3 "
	"epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old "
	"eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 fadvise64_64 fallocate "
	"fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl fcntl64 fdatasync "
	"fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64 fsync "
	"ftruncate ftruncate64 futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake futimesat "
	"getcpu getcwd getdents getdents64 getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups "
	"getgroups32 getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid "
	"getresgid32 getresuid getresuid32 getrlimit get_robust_list getrusage getsid getsockname getsockopt "
	"get_thread_area gettid gettimeofday getuid getuid32 getxattr getxattrat inotify_add_watch inotify_init "
	"inotify_init1 inotify_rm_watch io_cancel ioctl io_destroy io_getevents io_pgetevents "
	"io_pgetevents_time64 ioprio_get ioprio_set io_setup io_submit ipc kill landlock_add_rule "
	"landlock_create_ruleset landlock_restrict_self lchown lchown32 lgetxattr link linkat listen listmount "
	"listxattr listxattrat llistxattr _llseek lremovexattr lseek lsetxattr lstat lstat64 madvise "
	"map_shadow_stack membarrier memfd_create memfd_secret mincore mkdir mkdirat mknod mknodat mlock mlock2 "
	"mlockall mmap mmap2 mprotect mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 "
	"mq_timedsend mq_timedsend_time64 mq_unlink mremap mseal msgctl msgget msgrcv msgsnd msync munlock "
	"munlockall munmap name_to_handle_at nanosleep newfstatat _newselect open openat openat2 pause pidfd_open "
	"pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll ppoll_time64 prctl pread64 "
	"preadv preadv2 prlimit64 process_mrelease pselect6 pselect6_time64 pwrite64 pwritev pwritev2 read "
	"readahead readlink readlinkat readv recv recvfrom recvmmsg recvmmsg_time64 recvmsg remap_file_pages "
	"removexattr removexattrat rename renameat renameat2 restart_syscall riscv_hwprobe rmdir rseq "
	"rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait "
	"rt_sigtimedwait_time64 rt_tgsigqueueinfo sched_getaffinity sched_getattr sched_getparam "
	"sched_get_priority_max sched_get_priority_min sched_getscheduler sched_rr_get_interval "
	"sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam sched_setscheduler "
	"sched_yield seccomp select semctl semget semop semtimedop semtimedop_time64 send sendfile sendfile64 "
	"sendmmsg sendmsg sendto setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 "
	"setitimer setpgid setpriority setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid "
	"setreuid32 setrlimit set_robust_list setsid setsockopt set_thread_area set_tid_address setuid setuid32 "
	"setxattr setxattrat shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4 sigprocmask "
	"sigreturn socketcall socketpair splice stat stat64 statfs statfs64 statmount statx symlink symlinkat "
	"sync sync_file_range syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun "
	"timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime "
	"timerfd_gettime64 timerfd_settime timerfd_settime64 times tkill truncate truncate64 ugetrlimit umask "
	"uname unlink unlinkat uretprobe utime utimensat utimensat_time64 utimes vfork vmsplice wait4 waitid "
	"waitpid write writev";

/* CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
#define CLONE_NEW_ANY 0x7e020000

/* personality(2): PER_LINUX, PER_LINUX32, UNAME26 with each, and the question which it is. */
#define UNAME26 0x20000
#define PER_LINUX32 0x8
#define PER_QUESTION 0xffffffff

/* Address families: AF_ALG (CVE-2026-31431) and AF_VSOCK (it reaches past the network namespace) are left out. */
#define AF_ALG 38
#define AF_NFC 39
#define AF_VSOCK 40

#define CAP(name) CAPABILITY_BIT(CAP_##name)
#define WHEN(index, compare, value) .op = compare, .argument = (index), .operand = (value)

struct profile_rule {
	const char *names;
	uint64_t with;    /* only when all of these are in the bounding set */
	uint64_t without; /* only when none of these is */
	int archs;        /* enum arch, or-ed; 0: all */
	int error;        /* 0: allowed; else the errno it gives */
	const char *op;   /* NULL: no condition */
	unsigned argument;
	uint64_t operand;
};

static const struct profile_rule rules[] = {
	{ always },
	{ "process_vm_readv process_vm_writev ptrace" },
	{ "socket", WHEN(0, "LT", AF_ALG) },
	{ "socket", WHEN(0, "EQ", AF_NFC) },
	{ "socket", WHEN(0, "GT", AF_VSOCK) },
	{ "personality", WHEN(0, "EQ", 0) },
	{ "personality", WHEN(0, "EQ", PER_LINUX32) },
	{ "personality", WHEN(0, "EQ", UNAME26) },
	{ "personality", WHEN(0, "EQ", UNAME26 | PER_LINUX32) },
	{ "personality", WHEN(0, "EQ", PER_QUESTION) },
	{ "sync_file_range2 swapcontext", .archs = PPC64LE },
	{ "arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush set_tls", .archs = ARM64 },
	{ "arch_prctl modify_ldt", .archs = AMD64 },
	{ "s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr", .archs = S390X },
	{ "riscv_flush_icache", .archs = RISCV64 },
	{ "open_by_handle_at", .with = CAP(DAC_READ_SEARCH) },
	{ "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr "
	  "lsm_list_modules lsm_set_self_attr mount mount_setattr move_mount open_tree perf_event_open quotactl "
	  "quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare",
	  .with = CAP(SYS_ADMIN) },
	{ "clone", .without = CAP(SYS_ADMIN), .archs = ~S390X, WHEN(0, "MASKED_EQ", CLONE_NEW_ANY) },
	{ "clone", .without = CAP(SYS_ADMIN), .archs = S390X, WHEN(1, "MASKED_EQ", CLONE_NEW_ANY) },
	{ "clone3", .without = CAP(SYS_ADMIN), .error = ENOSYS },
	{ "reboot", .with = CAP(SYS_BOOT) },
	{ "chroot", .with = CAP(SYS_CHROOT) },
	{ "delete_module init_module finit_module", .with = CAP(SYS_MODULE) },
	{ "acct", .with = CAP(SYS_PACCT) },
	{ "kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace", .with = CAP(SYS_PTRACE) },
	{ "iopl ioperm", .with = CAP(SYS_RAWIO) },
	{ "settimeofday stime clock_settime clock_settime64", .with = CAP(SYS_TIME) },
	{ "vhangup", .with = CAP(SYS_TTY_CONFIG) },
	{ "get_mempolicy mbind set_mempolicy set_mempolicy_home_node", .with = CAP(SYS_NICE) },
	{ "syslog", .with = CAP(SYSLOG) },
	{ "bpf", .with = CAP(BPF) },
	{ "perf_event_open", .with = CAP(PERFMON) },
};

static bool applies(const struct profile_rule *rule, uint64_t bounding)
{
	return (rule->archs == 0 || rule->archs & THIS_ARCH) && (rule->with & ~bounding) == 0 &&
	       (rule->without & bounding) == 0;
}

static void put_words(struct json_writer *w, const char *words)
{
	char word[64];

	for (size_t len; *words; words += len + (words[len] == ' ')) {
		len = strcspn(words, " ");
		snprintf(word, sizeof(word), "%.*s", (int)len, words);
		json_put_text(w, NULL, word);
	}
}

static void put_condition(struct json_writer *w, const struct profile_rule *rule)
{
	char op[32];

	if (!rule->op)
		return;
	snprintf(op, sizeof(op), "SCMP_CMP_%s", rule->op);
	json_open_array(w, "args");
	json_open_object(w, NULL);
	json_put_u64(w, "index", rule->argument);
	json_put_u64(w, "value", rule->operand);
	json_put_u64(w, "valueTwo", 0);
	json_put_text(w, "op", op);
	json_close_object(w);
	json_close_array(w);
}

static void put_rule(struct json_writer *w, const struct profile_rule *rule)
{
	json_open_object(w, NULL);
	json_open_array(w, "names");
	put_words(w, rule->names);
	json_close_array(w);
	json_put_text(w, "action", rule->error ? "SCMP_ACT_ERRNO" : "SCMP_ACT_ALLOW");
	if (rule->error)
		json_put_i64(w, "errnoRet", rule->error);
	put_condition(w, rule);
	json_close_object(w);
}

void seccomp_profile_print(struct json_writer *w, const char *key, uint64_t bounding)
{
	json_open_object(w, key);
	json_put_text(w, "defaultAction", "SCMP_ACT_ERRNO");
	json_put_i64(w, "defaultErrnoRet", EPERM);
	json_open_array(w, "architectures");
	for (size_t i = 0; i < ARRAY_SIZE(arch_names); i++)
		if (arch_names[i].arch == THIS_ARCH)
			put_words(w, arch_names[i].names);
	json_close_array(w);
	json_open_array(w, "syscalls");
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (applies(&rules[i], bounding))
			put_rule(w, &rules[i]);
	json_close_array(w);
	json_close_object(w);
}

bool seccomp_profile_is_default(uint64_t bounding)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (applies(&rules[i], bounding) != applies(&rules[i], CAPABILITIES_DEFAULT))
			return false;
	return true;
}
