/* test_seccomp_filter.c - profiles become programs; what a filtered process may call is asked of the kernel. */
#include "support/cmocka_setup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "oci/default_capabilities.h"
#include "oci/seccomp_filter.h"
#include "sys/seccomp_install.h"

static struct json_object *default_profile(uint64_t bounding)
{
	AUTO_DONE(strbuf) text = { 0 };
	struct json_writer w = { .out = &text };
	struct error err = { 0 };
	struct json_object *profile;

	seccomp_profile_print(&w, NULL, bounding);
	profile = json_parse(text.data, text.len, "profile", &err);
	assert_non_null(profile);
	return profile;
}

static void get(struct json_object *profile, int cache, struct seccomp_filter *ret)
{
	struct error err = { 0 };
	int r = seccomp_filter_get(profile, cache, ret, &err);

	if (r < 0)
		print_message("%s\n", err.msg);
	assert_int_equal(r, 0);
}

static void the_prebuilt_program_is_what_is_compiled_now(void **state)
{
	struct seccomp_filter prebuilt = seccomp_filter_default();
	AUTO_JSON profile = default_profile(CAPABILITIES_DEFAULT);
	AUTO_DONE(seccomp_filter) compiled = { 0 };

	(void)state;
	get(profile, -1, &compiled);
	assert_int_equal(prebuilt.length, compiled.length);
	assert_memory_equal(prebuilt.program, compiled.program, compiled.length * sizeof(*compiled.program));
	assert_null(prebuilt.own);
	assert_true(seccomp_profile_is_default(CAPABILITIES_DEFAULT));
	assert_true(seccomp_profile_is_default(CAPABILITIES_DEFAULT & ~CAPABILITY_BIT(CAP_KILL)));
	assert_false(seccomp_profile_is_default(CAPABILITIES_DEFAULT & ~CAPABILITY_BIT(CAP_SYS_CHROOT)));
	assert_false(seccomp_profile_is_default(CAPABILITIES_DEFAULT | CAPABILITY_BIT(CAP_BPF)));
}

/* What a call gives once the filter is in place. */
enum answer {
	DENIED,  /* EPERM */
	MISSING, /* ENOSYS */
	REACHED, /* neither: the kernel itself answered (or has no such call, where that is said) */
};

struct call {
	const char *what;
	long number, arguments[3];
	enum answer wanted;
	bool may_be_missing; /* newer than some kernels that this runs on */
};

/* In a child that may do nothing but call and write. */
static void make_calls(const struct seccomp_filter *filter, const struct call *calls, size_t n, int fd)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    seccomp_install(filter->program, filter->length, filter->flags) < 0)
		_exit(1);
	for (size_t i = 0; i < n; i++) {
		long r = syscall(calls[i].number, calls[i].arguments[0], calls[i].arguments[1], calls[i].arguments[2],
				 0, 0, 0);
		int answer = r < 0 && errno == EPERM ? DENIED : r < 0 && errno == ENOSYS ? MISSING : REACHED;

		if (write(fd, &answer, sizeof(answer)) != sizeof(answer))
			_exit(2);
	}
	_exit(0);
}

static void expect_answers(const struct seccomp_filter *filter, const struct call *calls, size_t n)
{
	int pipe_fds[2], status = -1, answer;
	pid_t pid;

	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		make_calls(filter, calls, n, pipe_fds[1]);
	close(pipe_fds[1]);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(read_full(pipe_fds[0], &answer, sizeof(answer)), sizeof(answer));
		if (answer != (int)calls[i].wanted && !(answer == MISSING && calls[i].may_be_missing))
			print_message("%s: answer %d, wanted %d\n", calls[i].what, answer, (int)calls[i].wanted);
		assert_true(answer == (int)calls[i].wanted || (answer == MISSING && calls[i].may_be_missing));
	}
	close(pipe_fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

#define CALL(name, ...) .what = #name, .number = SYS_##name, .arguments = { __VA_ARGS__ }

static void the_default_filter_lets_through_what_dockers_does(void **state)
{
	static const struct call calls[] = {
		{ CALL(getpid), .wanted = REACHED },
		{ CALL(close, -1), .wanted = REACHED },
		{ CALL(mount), .wanted = DENIED },
		{ CALL(umount2), .wanted = DENIED },
		{ CALL(setns, -1), .wanted = DENIED },
		{ CALL(unshare, 0), .wanted = DENIED },
		{ CALL(clone, CLONE_NEWUSER | SIGCHLD), .wanted = DENIED },
		{ CALL(clone, CLONE_NEWNET), .wanted = DENIED },
		{ CALL(clone3), .wanted = MISSING },
		{ CALL(bpf, -1), .wanted = DENIED },
		{ CALL(perf_event_open), .wanted = DENIED },
		{ CALL(keyctl), .wanted = DENIED },
		{ CALL(add_key), .wanted = DENIED },
		{ CALL(kexec_load), .wanted = DENIED },
		{ CALL(open_by_handle_at, -1), .wanted = DENIED },
		{ CALL(open_tree, -1), .wanted = DENIED },
		{ CALL(io_uring_setup), .wanted = DENIED },
		{ CALL(userfaultfd, -1), .wanted = DENIED },
		{ CALL(pidfd_getfd, -1, -1), .wanted = DENIED },
		{ CALL(process_madvise, -1), .wanted = DENIED },
		{ CALL(settimeofday), .wanted = DENIED },
		{ CALL(mbind), .wanted = DENIED },
		{ CALL(swapon), .wanted = DENIED },
		{ CALL(reboot), .wanted = DENIED },
		{ CALL(personality, 0xffffffff), .wanted = REACHED },
		{ CALL(personality, 0x40000), .wanted = DENIED },
		{ CALL(socket, AF_UNIX, SOCK_STREAM), .wanted = REACHED },
		{ CALL(socket, AF_NETLINK, SOCK_RAW), .wanted = REACHED },
		{ CALL(socket, 38, SOCK_SEQPACKET), .wanted = DENIED },
		{ CALL(socket, 40, SOCK_STREAM), .wanted = DENIED },
		{ CALL(ptrace, PTRACE_PEEKTEXT, -1), .wanted = REACHED },
		{ CALL(chroot), .wanted = REACHED },
		{ CALL(openat2, -1), .wanted = REACHED },
		{ CALL(faccessat2, -1), .wanted = REACHED },
		{ CALL(close_range, -1, 1), .wanted = REACHED },
		{ CALL(memfd_create), .wanted = REACHED },
		{ CALL(landlock_create_ruleset, 1), .wanted = REACHED, .may_be_missing = true },
		{ CALL(seccomp, -1), .wanted = REACHED },
	};
	struct seccomp_filter filter = seccomp_filter_default();

	(void)state;
	expect_answers(&filter, calls, ARRAY_SIZE(calls));
}

static void calls_newer_than_libseccomp_are_decided_by_number(void **state)
{
	static const struct call calls[] = {
		{ "cachestat", 451, { -1 }, REACHED, true },
		{ "fchmodat2", 452, { -1 }, REACHED, true },
		{ "futex_wake", 454, { 0, 0, 0 }, REACHED, true },
		{ "statmount", 457, { 0 }, REACHED, true },
		{ "listmount", 458, { 0 }, REACHED, true },
		{ "lsm_list_modules", 461, { 0, 0, 1 }, DENIED, false },
		{ "mseal", 462, { 0, 0, 1 }, REACHED, true },
		{ "getxattrat", 464, { -1 }, REACHED, true },
		{ "open_tree_attr", 467, { -1 }, MISSING, false },
		{ "file_getattr", 468, { -1 }, MISSING, false },
		{ "one of the future", 600, { 0 }, MISSING, false },
		{ "the largest", 0x7fffffff, { 0 }, MISSING, false },
		{ "none", -1, { 0 }, MISSING, false },
	};
	struct seccomp_filter filter = seccomp_filter_default();

	(void)state;
	expect_answers(&filter, calls, ARRAY_SIZE(calls));
}

#ifdef __x86_64__
static void numbers_of_x32_are_held_against_the_same_list(void **state)
{
	static const struct call calls[] = {
		{ "x32 mount", 0x40000000 | SYS_mount, { 0 }, DENIED, false },
		{ "x32 setns", 0x40000000 | SYS_setns, { -1 }, DENIED, false },
		{ "x32 lsm_list_modules", 0x40000000 | 461, { 0 }, DENIED, false },
		{ "x32 of the future", 0x40000000 | 900, { 0 }, MISSING, false },
	};
	struct seccomp_filter filter = seccomp_filter_default();

	(void)state;
	expect_answers(&filter, calls, ARRAY_SIZE(calls));
}
#endif

static void capabilities_open_what_belongs_to_them(void **state)
{
	static const struct call admin[] = {
		{ CALL(setns, -1), .wanted = REACHED },      { CALL(unshare, 0), .wanted = REACHED },
		{ CALL(clone3), .wanted = REACHED },         { "lsm_list_modules", 461, { 0, 0, 1 }, REACHED, true },
		{ CALL(settimeofday, 1), .wanted = DENIED }, { "one of the future", 600, { 0 }, MISSING, false },
	};
	static const struct call none[] = {
		{ CALL(chroot), .wanted = DENIED },
		{ CALL(setns, -1), .wanted = DENIED },
		{ CALL(getpid), .wanted = REACHED },
	};
	AUTO_JSON with_admin = default_profile(CAPABILITIES_DEFAULT | CAPABILITY_BIT(CAP_SYS_ADMIN));
	AUTO_JSON with_none = default_profile(0);
	AUTO_DONE(seccomp_filter) filter = { 0 };

	(void)state;
	get(with_admin, -1, &filter);
	expect_answers(&filter, admin, ARRAY_SIZE(admin));
	seccomp_filter_done(&filter);
	get(with_none, -1, &filter);
	expect_answers(&filter, none, ARRAY_SIZE(none));
}

static struct json_object *parse(const char *text)
{
	struct error err = { 0 };
	struct json_object *doc = json_parse(text, strlen(text), "profile", &err);

	assert_non_null(doc);
	return doc;
}

static void profiles_of_ones_own_do_what_they_say(void **state)
{
	static const struct call calls[] = {
		{ CALL(getpid), .wanted = DENIED },
		{ CALL(getppid), .wanted = MISSING },
		{ CALL(dup2, -1, 7), .wanted = DENIED }, /* either of two conditions on one argument */
		{ CALL(dup2, -1, 8), .wanted = DENIED },
		{ CALL(dup2, -1, 9), .wanted = REACHED },
		{ CALL(dup3, -1, 7, 1), .wanted = DENIED }, /* all of two conditions */
		{ CALL(dup3, -1, 7, 0), .wanted = REACHED },
		{ CALL(lseek, -1, 0x15), .wanted = DENIED },
		{ CALL(lseek, -1, 0x25), .wanted = REACHED },
		{ "mseal", 462, { 0, 0, 1 }, DENIED, false },
		{ "one of the future",
		  600,
		  { 0 },
		  MISSING,
		  false }, /* the kernel says so: the default lets it through */
	};
	AUTO_JSON profile = parse(
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],\"syscalls\":["
		"{\"names\":[\"getpid\",\"mseal\"],\"action\":\"SCMP_ACT_ERRNO\"},"
		"{\"names\":[\"getppid\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38},"
		"{\"names\":[\"dup2\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":["
		"{\"index\":1,\"value\":7,\"op\":\"SCMP_CMP_EQ\"},{\"index\":1,\"value\":8,\"op\":\"SCMP_CMP_EQ\"}]},"
		"{\"names\":[\"dup3\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":["
		"{\"index\":1,\"value\":7,\"op\":\"SCMP_CMP_EQ\"},{\"index\":2,\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]},"
		"{\"names\":[\"lseek\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":["
		"{\"index\":1,\"value\":240,\"valueTwo\":16,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}");
	AUTO_DONE(seccomp_filter) filter = { 0 };

	(void)state;
	get(profile, -1, &filter);
	assert_int_equal(filter.flags, SECCOMP_FILTER_FLAG_LOG);
	expect_answers(&filter, calls, ARRAY_SIZE(calls));
}

#define RULE(members) "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{" members "}]}"
#define NAMED(members) RULE("\"names\":[\"dup2\"],\"action\":\"SCMP_ACT_ALLOW\"," members)

static void what_is_wrong_in_a_profile_is_named(void **state)
{
	static const struct {
		const char *profile;
		enum error_kind kind;
		const char *wanted;
	} cases[] = {
		{ "{}", ERR_INVALID_SPEC, "linux.seccomp.defaultAction: missing" },
		{ "{\"defaultAction\":\"ALLOW\"}", ERR_INVALID_SPEC, "unknown action `ALLOW`" },
		{ "{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}", ERR_UNSUPPORTED, "listener" },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":4096}", ERR_INVALID_SPEC,
		  "defaultErrnoRet" },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_VAX\"]}", ERR_INVALID_SPEC,
		  "architectures[0]" },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"x86\"]}", ERR_INVALID_SPEC,
		  "architectures[0]" },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_PPC\"]}", ERR_INVALID_SPEC,
		  "architectures[0]" },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"flags\":[\"X\"]}", ERR_UNSUPPORTED, "flags[0]" },
		{ RULE("\"action\":\"SCMP_ACT_ALLOW\""), ERR_INVALID_SPEC, "syscalls[0].names" },
		{ RULE("\"names\":[\"dup\"]"), ERR_INVALID_SPEC, "syscalls[0].action: missing" },
		{ NAMED("\"args\":[{}]"), ERR_INVALID_SPEC, "syscalls[0].args[0].op" },
		{ NAMED("\"args\":[{\"index\":6,\"op\":\"SCMP_CMP_EQ\"}]"), ERR_INVALID_SPEC, "args[0].index" },
		{ NAMED("\"args\":[{\"op\":\"SCMP_CMP_EQ\"}]"), ERR_INVALID_SPEC, "args[0].index: missing" },
		{ NAMED("\"args\":[{\"index\":0,\"value\":-1,\"op\":\"SCMP_CMP_EQ\"}]"), ERR_INVALID_SPEC,
		  "args[0].value" },
		{ NAMED("\"args\":[{\"index\":0,\"op\":\"==\"}]"), ERR_INVALID_SPEC, "unknown operator" },
		{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"no_such_call\"],"
		  "\"action\":\"SCMP_ACT_ERRNO\"}]}",
		  ERR_UNSUPPORTED, "no_such_call" },
		{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mseal\"],"
		  "\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":0,\"op\":\"SCMP_CMP_EQ\"}]}]}",
		  ERR_UNSUPPORTED, "mseal" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO_JSON profile = parse(cases[i].profile);
		struct seccomp_filter filter = { 0 };
		struct error err = { 0 };
		int r = seccomp_filter_get(profile, -1, &filter, &err);

		if (r == 0 || err.kind != cases[i].kind || !strstr(err.msg, cases[i].wanted))
			print_message("%s\n-> %s\n", cases[i].profile, err.msg);
		assert_int_equal(r, -1);
		assert_int_equal(err.kind, cases[i].kind);
		assert_non_null(strstr(err.msg, cases[i].wanted));
		assert_null(filter.own);
	}
}

static void an_allowed_call_that_nobody_knows_is_skipped(void **state)
{
	AUTO_JSON profile = parse(RULE("\"names\":[\"no_such_call\",\"getpid\"],\"action\":\"SCMP_ACT_ALLOW\""));
	AUTO_DONE(seccomp_filter) filter = { 0 };

	(void)state;
	get(profile, -1, &filter);
	assert_true(filter.length > 0);
}

struct cache {
	char path[64];
	int fd;
	struct json_object *profile;
	struct seccomp_filter first;
};

static int make_cache(void **state)
{
	static struct cache cache;

	snprintf(cache.path, sizeof(cache.path), "/tmp/zlayer-seccomp-XXXXXX");
	assert_non_null(mkdtemp(cache.path));
	cache.fd = open(cache.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cache.profile = parse(RULE("\"names\":[\"getpid\"],\"action\":\"SCMP_ACT_ALLOW\""));
	get(cache.profile, cache.fd, &cache.first);
	*state = &cache;
	return 0;
}

static int remove_cache(void **state)
{
	struct cache *cache = *state;

	seccomp_filter_done(&cache->first);
	json_object_put(cache->profile);
	close(cache->fd);
	dir_remove_tree(AT_FDCWD, cache->path);
	return 0;
}

/* The only file in the cache; the caller's. */
static char *cached_file(struct cache *cache)
{
	char *found = NULL;
	DIR *dir = opendir(cache->path);
	struct dirent *entry;

	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.') {
			assert_null(found);
			found = text_format("%s/%s", cache->path, entry->d_name);
		}
	closedir(dir);
	assert_non_null(found);
	return found;
}

static void check_again(struct cache *cache)
{
	AUTO_DONE(seccomp_filter) again = { 0 };

	get(cache->profile, cache->fd, &again);
	assert_int_equal(again.length, cache->first.length);
	assert_memory_equal(again.program, cache->first.program, again.length * sizeof(*again.program));
}

static void a_compiled_program_is_kept_for_its_owner_alone(void **state)
{
	struct cache *cache = *state;
	autofree char *file = cached_file(cache);
	struct stat before, after;

	assert_int_equal(stat(file, &before), 0);
	assert_int_equal(before.st_mode & 0777, 0600);
	check_again(cache);
	assert_int_equal(stat(file, &after), 0);
	assert_true(before.st_ino == after.st_ino);
}

static void a_damaged_or_open_file_is_made_anew(void **state)
{
	static const off_t places[] = { 0, 20, 30, -1 };
	struct cache *cache = *state;
	autofree char *file = cached_file(cache);
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		autoclose int fd = open(file, O_RDWR | O_CLOEXEC);
		off_t size = lseek(fd, 0, SEEK_END);
		off_t at = places[i] < 0 ? size - 1 : places[i];
		char byte;

		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= 1;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		check_again(cache);
	}
	assert_int_equal(truncate(file, 10), 0);
	check_again(cache);
	assert_int_equal(chmod(file, 0666), 0);
	check_again(cache);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_prebuilt_program_is_what_is_compiled_now),
		cmocka_unit_test(the_default_filter_lets_through_what_dockers_does),
		cmocka_unit_test(calls_newer_than_libseccomp_are_decided_by_number),
#ifdef __x86_64__
		cmocka_unit_test(numbers_of_x32_are_held_against_the_same_list),
#endif
		cmocka_unit_test(capabilities_open_what_belongs_to_them),
		cmocka_unit_test(profiles_of_ones_own_do_what_they_say),
		cmocka_unit_test(what_is_wrong_in_a_profile_is_named),
		cmocka_unit_test(an_allowed_call_that_nobody_knows_is_skipped),
		cmocka_unit_test_setup_teardown(a_compiled_program_is_kept_for_its_owner_alone, make_cache,
						remove_cache),
		cmocka_unit_test_setup_teardown(a_damaged_or_open_file_is_made_anew, make_cache, remove_cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
