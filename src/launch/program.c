/* program.c - the last step: the program is found as a shell would find it, and executed. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "launch/steps.h"

static char **texts_of(const struct plan *plan, struct plan_array array, size_t extra)
{
	size_t count;
	const plan_text *texts = plan_get_array(plan, array, sizeof(*texts), &count);
	char **items = calloc(count + extra + 1, sizeof(*items));

	for (size_t i = 0; items && i < count; i++)
		items[i] = (char *)plan_get_text(plan, texts[i]);
	return items;
}

static const char *find_variable(char *const *env, const char *name)
{
	size_t len = strlen(name);

	for (; *env; env++)
		if (strncmp(*env, name, len) == 0 && (*env)[len] == '=')
			return *env + len + 1;
	return NULL;
}

/* HOME comes from the user's entry where the image and the config do not say. */
static char **environment_of(const struct plan *plan, const struct userdb_user *user)
{
	char **env = texts_of(plan, plan->env, 1);
	char *home = NULL;
	size_t n = 0;

	if (!env || find_variable(env, "HOME"))
		return env;
	if (asprintf(&home, "HOME=%s", user->home) < 0)
		return NULL;
	while (env[n])
		n++;
	env[n] = home;
	return env;
}

/* Tries each directory of PATH; what is there but may not be executed is remembered, as execvp does. */
static int search_path(char **argv, char **env)
{
	const char *path = find_variable(env, "PATH");
	char *directories =
		strdup(path && *path ? path : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	char *rest = directories, *directory, full[PATH_MAX];
	int best = -ENOENT;

	while (directories && (directory = strsep(&rest, ":"))) {
		int n = snprintf(full, sizeof(full), "%s/%s", *directory ? directory : ".", argv[0]);

		if (n < 0 || (size_t)n >= sizeof(full))
			continue;
		execve(full, argv, env);
		if (errno != ENOENT && errno != ENOTDIR)
			best = -errno;
	}
	return directories ? best : -ENOMEM;
}

static int fail_program(struct error *err, int r, const char *program)
{
	if (r == -ENOENT || r == -ENOTDIR)
		return fail_errno_as(err, ERR_COMMAND_NOT_FOUND, r, "%s", program);
	return fail_errno_as(err, r == -ENOMEM ? ERR_START_FAILED : ERR_NOT_EXECUTABLE, r, "%s", program);
}

/* The shim reads its signals from a descriptor and ignores SIGPIPE, and who started it may have ignored more (a shell
 * does so for what it runs in the background): nothing of it is for the program to inherit. */
static void reset_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int signo = 1; signo < 32; signo++)
		signal(signo, SIG_DFL);
}

int run_program(const struct plan *plan, const struct userdb_user *user, struct error *err)
{
	char **argv = texts_of(plan, plan->argv, 0);
	char **env = environment_of(plan, user);

	if (!argv || !env)
		return fail_oom(err);
	if (!argv[0] || !*argv[0])
		return fail(err, ERR_COMMAND_NOT_FOUND, "no program to run");
	reset_signals();
	umask(plan->flags & PLAN_HAS_UMASK ? plan->umask : 0022);
	if (!strchr(argv[0], '/'))
		return fail_program(err, search_path(argv, env), argv[0]);
	execve(argv[0], argv, env);
	return fail_program(err, -errno, argv[0]);
}
