/* test_pump.c - what goes into the FIFOs comes out of the log: every byte once, whatever is killed when. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "launch/log_segment.h"
#include "shim/pump.h"

/* A container's two directories, and the ends of its FIFOs that the program would have. */
struct place {
	char path[32];
	int dir, container, run, ends[2];
	struct strbuf written[2]; /* what went in */
	struct pump pump;
	uint64_t random;
};

static uint64_t next_random(struct place *at)
{
	at->random ^= at->random << 13;
	at->random ^= at->random >> 7;
	at->random ^= at->random << 17;
	return at->random;
}

static void open_ends(struct place *at)
{
	static const char *const names[] = { "stdout", "stderr" };

	for (int i = 0; i < 2; i++) {
		at->ends[i] = openat(at->run, names[i], O_RDWR | O_NONBLOCK | O_CLOEXEC);
		assert_true(at->ends[i] >= 0);
	}
}

static void open_directories(struct place *at)
{
	at->dir = open(at->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	at->container = dir_open_make(at->dir, "container", 0700);
	at->run = dir_open_make(at->dir, "run", 0700);
	assert_true(at->container >= 0 && at->run >= 0);
}

static void open_place(struct place *at, uint64_t segment_bytes, uint32_t most_segments)
{
	*at = (struct place){ .path = "/tmp/test-pump-XXXXXX", .random = 88172645463325252ULL };
	assert_non_null(mkdtemp(at->path));
	open_directories(at);
	assert_int_equal(pump_open_new(&at->pump, at->container, at->run, segment_bytes, most_segments), 0);
	open_ends(at);
}

static void close_place(struct place *at)
{
	pump_close(&at->pump);
	for (int i = 0; i < 2; i++) {
		close(at->ends[i]);
		strbuf_done(&at->written[i]);
	}
	close(at->container);
	close(at->run);
	close(at->dir);
	assert_int_equal(dir_remove_tree(AT_FDCWD, at->path), 0);
}

/* As much as the FIFO takes, as the program would write it. */
static void put(struct place *at, int stream, const void *data, size_t len)
{
	ssize_t n = write(at->ends[stream], data, len);

	assert_true(n > 0 || errno == EAGAIN);
	if (n > 0)
		assert_int_equal(strbuf_add(&at->written[stream], data, (size_t)n), 0);
}

static void put_text(struct place *at, int stream, const char *text)
{
	put(at, stream, text, strlen(text));
}

static char *read_segment(struct place *at, uint32_t number, size_t *ret_len)
{
	char name[LOG_SEGMENT_NAME_SIZE], path[32], *text = NULL;

	log_segment_name(number, name);
	snprintf(path, sizeof(path), "log/%s", name);
	*ret_len = 0;
	return file_read_at(at->container, path, 256UL << 20, &text, ret_len) < 0 ? NULL : text;
}

/* One entry of the log, which must be whole and well formed; its text goes to its stream. */
static const char *join_entry(const char *entry, const char *end, struct strbuf joined[2])
{
	const char *newline = memchr(entry, '\n', (size_t)(end - entry)), *stream = entry + CLOCK_RFC3339_SIZE - 1;
	char time[CLOCK_RFC3339_SIZE];
	uint64_t time_ns;
	int index;

	assert_non_null(newline);
	assert_true(newline - entry >= (long)LOG_PREFIX_LENGTH);
	snprintf(time, sizeof(time), "%.*s", CLOCK_RFC3339_SIZE - 1, entry);
	assert_int_equal(clock_parse_rfc3339(time, &time_ns), 0);
	index = memcmp(stream, " stderr ", 8) == 0;
	assert_true(index || memcmp(stream, " stdout ", 8) == 0);
	assert_true(stream[8] == 'F' || stream[8] == 'P');
	assert_int_equal(stream[9], ' ');
	strbuf_add(&joined[index], stream + 10, (size_t)(newline - stream - 10));
	if (stream[8] == 'F')
		strbuf_add(&joined[index], "\n", 1);
	return newline + 1;
}

/* The streams as a reader of the log puts them together, over all segments from `first` on; the number of the last. */
static uint32_t join_log(struct place *at, uint32_t first, struct strbuf joined[2])
{
	size_t len;
	char *text;

	for (;; first++) {
		text = read_segment(at, first, &len);
		if (!text)
			return first - 1;
		for (const char *p = text; p < text + len;)
			p = join_entry(p, text + len, joined);
		free(text);
	}
}

static void assert_joined(struct place *at, uint32_t first)
{
	struct strbuf joined[2] = { 0 };

	join_log(at, first, joined);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(joined[i].len, at->written[i].len);
		assert_memory_equal(strbuf_peek(&joined[i]), strbuf_peek(&at->written[i]), joined[i].len);
		strbuf_done(&joined[i]);
	}
}

static void the_log_holds_what_was_written(void **state)
{
	static const char *const texts[] = {
		"one line\n",         "\n",           "\n\n\n", "a line", " in pieces", "\n", "no newline at the end",
		"\r\n\t\v\x1b[31m\n", "P F stdout\n",
	};
	struct place at;

	(void)state;
	open_place(&at, 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		put_text(&at, 0, texts[i]);
		put_text(&at, 1, texts[ARRAY_SIZE(texts) - 1 - i]);
		assert_int_equal(pump_step(&at.pump, (int)(i % 2)), 1);
	}
	assert_int_equal(pump_drain(&at.pump), 0);
	assert_int_equal(pump_step(&at.pump, 0), 0);
	assert_joined(&at, 1);
	close_place(&at);
}

static void every_byte_may_be_logged(void **state)
{
	char bytes[3 * 256];
	struct place at;

	(void)state;
	open_place(&at, 0, 0);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * (i < 256 ? 1 : 7));
	for (int stream = 0; stream < 2; stream++)
		for (size_t start = 0; start < 256; start += 17) {
			put(&at, stream, bytes + start, sizeof(bytes) - start);
			assert_int_equal(pump_drain(&at.pump), 0);
		}
	assert_joined(&at, 1);
	close_place(&at);
}

static void a_line_of_any_length_is_one_line(void **state)
{
	static const size_t lengths[] = { 1, 2, 100, 4095, 4096, 4097, 65535, 65536, 65537, 131072, 299999 };
	static char line[300000];
	struct place at;

	(void)state;
	open_place(&at, 64UL << 20, 0);
	memset(line, 'x', sizeof(line));
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		size_t len = lengths[i];

		line[len - 1] = '\n';
		for (size_t done = 0; done < len;) {
			size_t before = at.written[0].len;

			put(&at, 0, line + done, len - done);
			done += at.written[0].len - before;
			assert_int_equal(pump_drain(&at.pump), 0);
		}
		line[len - 1] = 'x';
	}
	assert_joined(&at, 1);
	close_place(&at);
}

static void a_full_segment_is_followed_by_the_next_and_the_oldest_goes(void **state)
{
	struct place at;
	size_t len;

	(void)state;
	open_place(&at, 1000, 3);
	for (int i = 0; i < 200; i++) {
		put_text(&at, i % 2, "a line of some length, so that segments are filled before long\n");
		assert_int_equal(pump_drain(&at.pump), 0);
	}
	for (uint32_t number = 1, kept = 0; number < 100; number++) {
		autofree char *text = read_segment(&at, number, &len);

		kept += text != NULL;
		assert_true(len < 1000 + 200);
		assert_true(kept <= 3);
		if (!text && kept) {
			assert_int_equal(kept, 3);
			break;
		}
	}
	close_place(&at);
}

static void a_pump_that_starts_again_goes_on_in_a_new_segment(void **state)
{
	struct place at;
	struct strbuf joined[2] = { 0 };

	(void)state;
	open_place(&at, 0, 0);
	put_text(&at, 0, "first life\n");
	assert_int_equal(pump_drain(&at.pump), 0);
	pump_close(&at.pump);
	for (int i = 0; i < 2; i++)
		close(at.ends[i]);
	assert_int_equal(dir_remove_tree(at.dir, "run"), 0);
	at.run = (close(at.run), dir_open_make(at.dir, "run", 0700));
	assert_int_equal(pump_open_new(&at.pump, at.container, at.run, 0, 0), 0);
	open_ends(&at);
	put_text(&at, 0, "second life\n");
	assert_int_equal(pump_drain(&at.pump), 0);
	assert_int_equal(join_log(&at, 1, joined), 2);
	assert_string_equal(strbuf_peek(&joined[0]), "first life\nsecond life\n");
	strbuf_done(&joined[0]);
	close_place(&at);
}

/* The container may read its own FIFO between the look and the read: here, all of it or some. */
static void what_the_program_takes_back_is_not_logged(void **state)
{
	char taken[64];
	struct place at;

	(void)state;
	open_place(&at, 0, 0);
	put_text(&at, 0, "to be logged\n");
	assert_int_equal(pump_drain(&at.pump), 0);
	assert_int_equal(write(at.ends[0], "taken back\n", 11), 11);
	assert_int_equal(read(at.ends[0], taken, sizeof(taken)), 11);
	assert_int_equal(pump_step(&at.pump, 0), 0);
	put_text(&at, 0, "logged too\n");
	assert_int_equal(pump_drain(&at.pump), 0);
	assert_joined(&at, 1);
	close_place(&at);
}

static void a_full_disk_delays_the_log_and_loses_nothing(void **state)
{
	static char filler[1 << 16];
	struct place at = { .path = "/tmp/test-pump-XXXXXX" };
	char line[100];
	int fd, failures = 0;

	(void)state;
	assert_non_null(mkdtemp(at.path));
	if (mount("tmpfs", at.path, "tmpfs", 0, "size=512k") < 0)
		skip();
	open_directories(&at);
	assert_int_equal(pump_open_new(&at.pump, at.container, at.run, 2000, 1000), 0);
	open_ends(&at);
	fd = openat(at.dir, "filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	for (int i = 0; i < 300; i++) {
		while (i == 50 && (write(fd, filler, sizeof(filler)) > 0 || write(fd, filler, 1024) > 0))
			;
		snprintf(line, sizeof(line), "line %d of %d\n", i, i % 2);
		put_text(&at, i % 2, line);
		failures += pump_drain(&at.pump) < 0;
		if (i == 250)
			assert_int_equal(ftruncate(fd, 0), 0);
	}
	close(fd);
	assert_true(failures > 100);
	assert_int_equal(pump_drain(&at.pump), 0);
	assert_joined(&at, 1);
	pump_close(&at.pump);
	for (int i = 0; i < 2; i++) {
		close(at.ends[i]);
		strbuf_done(&at.written[i]);
	}
	close(at.container);
	close(at.run);
	close(at.dir);
	assert_int_equal(umount2(at.path, MNT_DETACH), 0);
	rmdir(at.path);
}

/* Some bytes, now and then with a newline, now and then many. */
static void put_something(struct place *at)
{
	static char bytes[40000];
	uint64_t random = next_random(at);
	size_t len = random % 64 == 0 ? 1 + random % sizeof(bytes) : 1 + random % 120;

	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(next_random(at) % 16 == 0 ? '\n' : 'a' + (char)((i + at->written[0].len) % 26));
	put(at, (int)(random >> 32 & 1), bytes, len);
}

/* The life of one shim: the log is taken up where the former left it, then moved for as long as it lasts. */
static void be_a_pump(struct place *at, bool is_traced)
{
	struct pump p;

	signal(SIGALRM, SIG_DFL);
	if (is_traced && (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 || raise(SIGSTOP) != 0))
		_exit(3);
	if (pump_open_again(&p, at->container, at->run) < 0)
		_exit(4);
	do {
		struct pollfd fds[2] = { { p.fifos[0], POLLIN, 0 }, { p.fifos[1], POLLIN, 0 } };

		if (!is_traced)
			poll(fds, 2, -1);
		if (pump_resume(&p) < 0 || pump_step(&p, 0) < 0 || pump_step(&p, 1) < 0)
			_exit(5);
	} while (!is_traced);
	syscall(SYS_exit_group, 0);
}

static pid_t fork_pump(struct place *at, bool is_traced)
{
	pid_t pid = fork();

	if (pid == 0)
		be_a_pump(at, is_traced);
	assert_true(pid > 0);
	return pid;
}

static void kill_pump(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

static void finish(struct place *at)
{
	assert_int_equal(pump_open_again(&at->pump, at->container, at->run), 0);
	assert_int_equal(pump_drain(&at->pump), 0);
	assert_joined(at, 1);
	close_place(at);
}

#define MOMENTS 1000

static void a_pump_killed_at_any_moment_neither_loses_nor_doubles_a_byte(void **state)
{
	struct place at;

	(void)state;
	open_place(&at, 20000, 100000);
	pump_close(&at.pump);
	for (int i = 0; i < MOMENTS; i++) {
		pid_t pid = fork_pump(&at, false);
		uint64_t until = clock_monotonic_ns() + 100000 + next_random(&at) % 1500000;

		while (clock_monotonic_ns() < until)
			put_something(&at);
		kill_pump(pid);
	}
	finish(&at);
}

/* Lets the pump go on so many times, by PTRACE_SINGLESTEP (to the next instruction) or PTRACE_SYSCALL (to the next
 * system call or its end), and kills it there, unless it has ended before. How many times it went on. */
static uint64_t run_traced(struct place *at, int how, uint64_t most)
{
	pid_t pid = fork_pump(at, true);
	uint64_t count = 0;
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSTOPPED(status));
	for (; count < most && WIFSTOPPED(status); count++) {
		assert_int_equal(ptrace(how, pid, NULL, NULL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
	}
	if (WIFSTOPPED(status))
		kill_pump(pid);
	else
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	return count;
}

static void put_a_little(struct place *at)
{
	char text[64];

	snprintf(text, sizeof(text), "%llu\npiece", (unsigned long long)next_random(at));
	put_text(at, (int)(next_random(at) % 2), text);
}

/* Each once; with a chunk of either stream, and with a segment that is full. */
static void a_pump_killed_at_any_system_call_neither_loses_nor_doubles_a_byte(void **state)
{
	struct place at;

	(void)state;
	open_place(&at, 400, 100000);
	pump_close(&at.pump);
	for (int round = 0; round < 4; round++) {
		uint64_t length = 1;

		for (uint64_t i = 1; i <= length; i++) {
			put_a_little(&at);
			put_a_little(&at);
			length = run_traced(&at, PTRACE_SYSCALL, i) < i ? 0 : i + 1;
		}
	}
	finish(&at);
}

/* Stepping costs more than ten microseconds an instruction: as many lives as fit into a few seconds. */
#define STEPPING_NS (6 * NSEC_PER_SEC)

static void a_pump_killed_at_any_instruction_neither_loses_nor_doubles_a_byte(void **state)
{
	uint64_t until = clock_monotonic_ns() + STEPPING_NS, length;
	struct place at;

	(void)state;
	open_place(&at, 3000, 100000);
	pump_close(&at.pump);
	put_a_little(&at);
	length = run_traced(&at, PTRACE_SINGLESTEP, UINT64_MAX);
	do {
		put_a_little(&at);
		run_traced(&at, PTRACE_SINGLESTEP, next_random(&at) % length);
	} while (clock_monotonic_ns() < until);
	finish(&at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_log_holds_what_was_written),
		cmocka_unit_test(every_byte_may_be_logged),
		cmocka_unit_test(a_line_of_any_length_is_one_line),
		cmocka_unit_test(a_full_segment_is_followed_by_the_next_and_the_oldest_goes),
		cmocka_unit_test(a_pump_that_starts_again_goes_on_in_a_new_segment),
		cmocka_unit_test(what_the_program_takes_back_is_not_logged),
		cmocka_unit_test(a_full_disk_delays_the_log_and_loses_nothing),
		cmocka_unit_test(a_pump_killed_at_any_moment_neither_loses_nor_doubles_a_byte),
		cmocka_unit_test(a_pump_killed_at_any_system_call_neither_loses_nor_doubles_a_byte),
		cmocka_unit_test(a_pump_killed_at_any_instruction_neither_loses_nor_doubles_a_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
