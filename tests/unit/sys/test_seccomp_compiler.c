/* test_seccomp_compiler.c - rules by name become a program that the kernel takes. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "sys/seccomp_compiler.h"
#include "sys/seccomp_install.h"

#define EPERM_ACTION (SECCOMP_RET_ERRNO | EPERM)

static void names_and_architectures_are_known_or_refused(void **state)
{
	AUTO(seccomp_compiler) compiler = seccomp_compiler_new(EPERM_ACTION);
	struct seccomp_condition condition = { .op = SECCOMP_EQUAL };

	(void)state;
	assert_non_null(compiler);
	assert_int_equal(seccomp_compiler_add_arch(compiler, "SCMP_ARCH_"), -EINVAL);
	assert_int_equal(seccomp_compiler_add_arch(compiler, "SCMP_ARCH_NATIVE"), -EINVAL);
	assert_int_equal(seccomp_compiler_add_arch(compiler, "X86_64"), -EINVAL);
	assert_int_equal(seccomp_compiler_add_arch(compiler, "SCMP_ARCH_S390X"), -EINVAL);
	assert_int_equal(seccomp_compiler_add_rule(compiler, "getpid", SECCOMP_RET_ALLOW, NULL, 0), 0);
	assert_int_equal(seccomp_compiler_add_rule(compiler, "getppid", EPERM_ACTION, NULL, 0), 0);
	assert_int_equal(seccomp_compiler_add_rule(compiler, "no_such", SECCOMP_RET_ALLOW, NULL, 0), -ENOENT);
	assert_int_equal(seccomp_compiler_add_rule(compiler, "mseal", SECCOMP_RET_ALLOW, &condition, 1), -EOPNOTSUPP);
	assert_int_equal(seccomp_compiler_add_rule(compiler, "mseal", SECCOMP_RET_ALLOW, NULL, 0), 0);
}

/* The exit status of a child that filters itself and then makes one call: its errno. */
static int errno_of(const struct sock_filter *program, size_t length, long number)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || seccomp_install(program, length, 0) < 0)
			_exit(200);
		syscall(SYS_exit_group, syscall(number, -1, -1, -1, -1) < 0 ? errno : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void calls_past_the_newest_named_are_missing_not_forbidden(void **state)
{
	AUTO(seccomp_compiler) compiler = seccomp_compiler_new(EPERM_ACTION);
	struct sock_filter *program = NULL;
	size_t length = 0;

	(void)state;
	assert_int_equal(seccomp_compiler_add_rule(compiler, "exit_group", SECCOMP_RET_ALLOW, NULL, 0), 0);
	assert_int_equal(seccomp_compiler_add_rule(compiler, "faccessat2", SECCOMP_RET_ALLOW, NULL, 0), 0);
	assert_int_equal(seccomp_compiler_finish(compiler, &program, &length), 0);
	assert_int_equal(errno_of(program, length, SYS_close), EPERM);
	assert_int_equal(errno_of(program, length, SYS_faccessat2), EINVAL);
	assert_int_equal(errno_of(program, length, SYS_faccessat2 - 1), EPERM);
	assert_int_equal(errno_of(program, length, SYS_faccessat2 + 1), ENOSYS);
	free(program);
}

static void a_default_that_lets_through_makes_nothing_missing(void **state)
{
	AUTO(seccomp_compiler) compiler = seccomp_compiler_new(SECCOMP_RET_ALLOW);
	struct sock_filter *program = NULL;
	size_t length = 0;

	(void)state;
	assert_int_equal(seccomp_compiler_add_rule(compiler, "close", EPERM_ACTION, NULL, 0), 0);
	assert_int_equal(seccomp_compiler_finish(compiler, &program, &length), 0);
	assert_int_equal(errno_of(program, length, SYS_close), EPERM);
	assert_int_equal(errno_of(program, length, SYS_faccessat2), EINVAL);
	free(program);
}

static void what_is_no_program_is_refused(void **state)
{
	static const struct sock_filter allow = { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW };

	(void)state;
	assert_int_equal(seccomp_install(&allow, 0, 0), -EINVAL);
	assert_int_equal(seccomp_install(&allow, BPF_MAXINSNS + 1, 0), -EINVAL);
	assert_int_equal(seccomp_install(&allow, 1, 1U << 31), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_architectures_are_known_or_refused),
		cmocka_unit_test(calls_past_the_newest_named_are_missing_not_forbidden),
		cmocka_unit_test(a_default_that_lets_through_makes_nothing_missing),
		cmocka_unit_test(what_is_no_program_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
