/* store_helper.c - spawning zlayer-store and reading its answer. */
#include "store/store_helper.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/signal_name.h"
#include "store/store_internal.h"

#define ANSWER_LIMIT (16UL << 20)

/* fds that will stand in the child as 0, 1, 3 and 4; kept above those here, so that no dup2 hits another's source. */
struct child_fds {
	int request, answer, store, input;
};

#define FIRST_FREE_FD 10

static void child_fds_done(struct child_fds *fds)
{
	cleanup_close(&fds->request);
	cleanup_close(&fds->answer);
	cleanup_close(&fds->store);
	cleanup_close(&fds->input);
}

static int move_up(int *fd)
{
	int moved = fcntl(*fd, F_DUPFD_CLOEXEC, FIRST_FREE_FD);

	if (moved < 0)
		return -errno;
	close(*fd);
	*fd = moved;
	return 0;
}

static int make_request_fd(const struct strbuf *request)
{
	autoclose int fd = memfd_create("zlayer-store-request", MFD_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	r = write_all(fd, strbuf_peek(request), request->len);
	if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
		r = -errno;
	if (r == 0)
		r = move_up(&fd);
	return r < 0 ? r : TAKE_FD(fd);
}

/* *ret_answer is our end of the answer's pipe. */
static int prepare_fds(const struct store *store, const struct strbuf *request, int input_fd, struct child_fds *fds,
		       int *ret_answer)
{
	int ends[2], r;

	*fds = (struct child_fds){ make_request_fd(request), -1, fcntl(store->fd, F_DUPFD_CLOEXEC, FIRST_FREE_FD),
				   fcntl(input_fd, F_DUPFD_CLOEXEC, FIRST_FREE_FD) };
	if (fds->request < 0)
		return fds->request;
	if (fds->store < 0 || fds->input < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	fds->answer = ends[1];
	r = move_up(&fds->answer);
	if (r < 0) {
		close(ends[0]);
		return r;
	}
	*ret_answer = ends[0];
	return 0;
}

static int add_actions(posix_spawn_file_actions_t *actions, const struct child_fds *fds)
{
	int r = posix_spawn_file_actions_adddup2(actions, fds->request, HELPER_REQUEST_FD);

	if (r == 0)
		r = posix_spawn_file_actions_adddup2(actions, fds->answer, HELPER_ANSWER_FD);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(actions, fds->store, HELPER_STORE_FD);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(actions, fds->input, HELPER_INPUT_FD);
	if (r == 0)
		r = posix_spawn_file_actions_addclosefrom_np(actions, HELPER_INPUT_FD + 1);
	return -r;
}

/* No signal blocked or ignored, whatever the caller has made of them. */
static int set_signals(posix_spawnattr_t *attributes)
{
	sigset_t none, all;
	int r;

	sigemptyset(&none);
	sigfillset(&all);
	r = posix_spawnattr_setsigmask(attributes, &none);
	if (r == 0)
		r = posix_spawnattr_setsigdefault(attributes, &all);
	if (r == 0)
		r = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	return -r;
}

static int spawn(const char *program, const char *command, const struct child_fds *fds, pid_t *ret)
{
	char *argv[] = { (char *)"zlayer-store", (char *)command, NULL }, *environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int r;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return -ENOMEM;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return -ENOMEM;
	}
	r = add_actions(&actions, fds);
	if (r == 0)
		r = set_signals(&attributes);
	if (r == 0)
		r = -posix_spawn(ret, program, &actions, &attributes, argv, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return r;
}

static enum error_kind kind_of_name(const char *name)
{
	for (int kind = ERR_NONE + 1; kind <= ERR_PERMISSION_DENIED; kind++)
		if (strcmp(error_kind_name((enum error_kind)kind), name) == 0)
			return (enum error_kind)kind;
	return ERR_INTERNAL;
}

static int take_error(struct json_object *object, struct error *err)
{
	const char *kind = "", *message = "no reason given";
	int64_t number = 0;

	json_get_text(object, "kind", "", &kind, NULL);
	json_get_text(object, "message", "", &message, NULL);
	json_get_i64(object, "errno", "", &number, NULL);
	fail(err, kind_of_name(kind), "%s", message);
	if (err)
		err->os_errno = (int)number;
	return -1;
}

/* The last line decides; those before tell of progress. 1 and a result, 0 when there is no such line, -1. */
static int read_answer(char *text, size_t len, struct json_object **ret, struct error *err)
{
	AUTO_JSON line = NULL;
	struct json_object *result = NULL;
	char *last;

	while (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	last = strrchr(text, '\n');
	last = last ? last + 1 : text;
	line = len > 0 ? json_parse(last, strlen(last), "answer", NULL) : NULL;
	if (!line)
		return 0;
	if (json_member(line, "error"))
		return take_error(json_member(line, "error"), err);
	result = json_member(line, "result");
	if (!result)
		return 0;
	*ret = json_object_get(result);
	return 1;
}

static int fail_silent(int status, struct error *err)
{
	if (WIFSIGNALED(status)) {
		const char *name = signal_to_name(WTERMSIG(status));

		return fail(err, ERR_INTERNAL, "zlayer-store: killed by %s", name ? name : "a signal");
	}
	return fail(err, ERR_INTERNAL, "zlayer-store: ended with %d and gave no answer", WEXITSTATUS(status));
}

/* An embedder that ignores SIGCHLD leaves nothing to wait for: then the answer alone says how it went. */
static int wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 0;
	return status;
}

static int run(struct store *store, const char *command, const struct strbuf *request, int input_fd,
	       struct json_object **ret, struct error *err)
{
	struct child_fds fds = { -1, -1, -1, -1 };
	autoclose int answer = -1;
	autofree char *text = NULL;
	size_t len = 0;
	pid_t pid = -1;
	int r, status;

	r = prepare_fds(store, request, input_fd, &fds, &answer);
	if (r == 0)
		r = spawn(store->program, command, &fds, &pid);
	child_fds_done(&fds);
	if (r < 0)
		return fail_errno_as(err, ERR_INTERNAL, r, "run %s", store->program);
	r = fd_read_all(answer, ANSWER_LIMIT, &text, &len);
	if (r < 0)
		kill(pid, SIGKILL);
	status = wait_for(pid);
	if (r < 0)
		return fail_errno(err, r, "zlayer-store: answer");
	r = read_answer(text, len, ret, err);
	if (r == 0)
		return fail_silent(status, err);
	return r < 0 ? -1 : 0;
}

int store_helper_run(struct store *store, const char *command, const struct strbuf *request, int input_fd,
		     struct json_object **ret, struct error *err)
{
	if (!store->program)
		return fail(err, ERR_CONFIGURATION, "the store was opened without zlayer-store: it can be read only");
	if (strbuf_status(request) < 0)
		return fail_oom(err);
	return run(store, command, request, input_fd, ret, err);
}
