/* main.c - zlayer-store: the program that parses archives, spawned by the library (store/store_helper.h) and
 * confined. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json_writer.h"
#include "oci/image_layout.h"
#include "store/store_helper.h"
#include "store/store_import.h"
#include "storecli/confine.h"
#include "storecli/request.h"

/* Each puts its result's members into an open object. */
static int run_import(struct store_job *job, const struct request *request, struct json_writer *result,
		      struct error *err)
{
	autofree char *id = NULL;

	if (store_job_import(job, HELPER_INPUT_FD, &request->options, &id, err) < 0)
		return -1;
	json_put_text(result, "id", id);
	return 0;
}

/* The directory that the layout is in: the input itself, or what its archive has been unpacked into. */
static int open_layout(struct store_job *job, struct error *err)
{
	struct stat st;

	if (fstat(HELPER_INPUT_FD, &st) < 0)
		return fail_errno(err, errno, "input");
	if (!S_ISDIR(st.st_mode))
		return store_job_open_archive(job, HELPER_INPUT_FD, err);
	return fcntl(HELPER_INPUT_FD, F_DUPFD_CLOEXEC, 0);
}

static int run_load(struct store_job *job, const struct request *request, struct json_writer *result, struct error *err)
{
	autoclose int dirfd = open_layout(job, err);
	struct blob_source *source = dirfd < 0 ? NULL : image_layout_open(dirfd, err);
	AUTO_DONE(strv) names = { 0 };
	int r;

	(void)request;
	if (!source)
		return -1;
	r = store_job_load(job, source, &names, err);
	image_layout_free(source);
	if (r < 0)
		return -1;
	json_put_strv(result, "names", &names);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(struct store_job *job, const struct request *request, struct json_writer *result, struct error *err);
} commands[] = {
	{ "import", run_import },
	{ "load", run_load },
};

static int run_command(size_t which, int storefd, const struct request *request, struct strbuf *answer,
		       struct error *err)
{
	struct json_writer w = { .out = answer };
	AUTO_DONE(store_job) job = { .storefd = -1, .lock = -1, .tmpfd = -1 };

	if (store_job_init(&job, storefd, &request->limits, err) < 0)
		return -1;
	json_open_object(&w, NULL);
	json_open_object(&w, "result");
	if (commands[which].run(&job, request, &w, err) < 0)
		return -1;
	json_close_object(&w);
	json_close_object(&w);
	strbuf_add_char(answer, '\n');
	return strbuf_status(answer) < 0 ? fail_oom(err) : 0;
}

static int run(size_t which, struct strbuf *answer, struct error *err)
{
	autoclose int storefd = -1;
	struct request request;
	int r;

	if (confine(HELPER_STORE_FD, HELPER_INPUT_FD, err) < 0 || request_read(HELPER_REQUEST_FD, &request, err) < 0)
		return -1;
	storefd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = storefd < 0 ? fail_errno(err, errno, "store") : run_command(which, storefd, &request, answer, err);
	request_done(&request);
	return r;
}

static void print_error(struct strbuf *answer, const struct error *err)
{
	struct json_writer w = { .out = answer };

	strbuf_reset(answer);
	json_open_object(&w, NULL);
	json_open_object(&w, "error");
	json_put_text(&w, "kind", error_kind_name(err->kind));
	json_put_i64(&w, "errno", err->os_errno);
	json_put_text(&w, "message", err->msg);
	json_close_object(&w);
	json_close_object(&w);
	strbuf_add_char(answer, '\n');
}

#if defined(__SANITIZE_ADDRESS__)
/* The leak check at the end would need ptrace, which the filter does not allow. */
const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

int main(int argc, char **argv)
{
	AUTO_DONE(strbuf) answer = { 0 };
	struct error err = { 0 };
	size_t which = 0;
	int r;

	while (argc == 2 && which < ARRAY_SIZE(commands) && strcmp(commands[which].name, argv[1]) != 0)
		which++;
	if (argc != 2 || which == ARRAY_SIZE(commands)) {
		fprintf(stderr, "zlayer-store: is run by zlayer; it is no command for people\n");
		return 2;
	}
	r = run(which, &answer, &err);
	if (r < 0)
		print_error(&answer, &err);
	if (write_all(HELPER_ANSWER_FD, strbuf_peek(&answer), answer.len) < 0)
		return 1;
	return r < 0 ? 1 : 0;
}
