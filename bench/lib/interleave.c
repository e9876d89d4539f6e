/* interleave.c - times commands in turn, round after round, so that a slow minute of the machine falls on all alike.
 *
 *   interleave [-n ROUNDS] [-w WARMUPS] NAME COMMAND [ARGUMENT]... [:: NAME COMMAND [ARGUMENT]...]...
 *
 * A command is spawned, waited for, and timed from spawn to reaping; its output is thrown away, and another exit status
 * than 0 ends the run. One that begins with @ is spawned once: each time it gets a newline it does its work and answers
 * with one. Prints minimum, median, nine-of-ten in milliseconds, and the ratio of medians to the first command's.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

struct contender {
	const char *name;
	char **argv;
	bool is_lasting; /* spawned once */
	int to_fd, from_fd;
	pid_t pid;
	double *samples_ms;
};

static void die(const char *what, const char *name)
{
	fprintf(stderr, "interleave: %s: %s: %s\n", name, what, strerror(errno));
	exit(1);
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static pid_t spawn(const struct contender *c, const posix_spawn_file_actions_t *actions)
{
	pid_t pid;

	errno = posix_spawnp(&pid, c->argv[0], actions, NULL, c->argv, environ);
	if (errno)
		die("spawn", c->name);
	return pid;
}

static void run_once(const struct contender *c, const posix_spawn_file_actions_t *quiet)
{
	pid_t pid = spawn(c, quiet);
	int status;

	if (waitpid(pid, &status, 0) < 0)
		die("wait", c->name);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "interleave: %s: wait status 0x%x\n", c->name, (unsigned)status);
		exit(1);
	}
}

static void start_lasting(struct contender *c)
{
	posix_spawn_file_actions_t actions;
	int to[2], from[2];

	if (pipe2(to, O_CLOEXEC) < 0 || pipe2(from, O_CLOEXEC) < 0)
		die("pipe", c->name);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
	c->pid = spawn(c, &actions);
	posix_spawn_file_actions_destroy(&actions);
	close(to[0]);
	close(from[1]);
	c->to_fd = to[1];
	c->from_fd = from[0];
}

static void ask_lasting(const struct contender *c)
{
	char answer;

	if (write(c->to_fd, "\n", 1) != 1 || read(c->from_fd, &answer, 1) != 1)
		die("ended early", c->name);
}

static double time_one(const struct contender *c, const posix_spawn_file_actions_t *quiet)
{
	double begin = now_ms();

	if (c->is_lasting)
		ask_lasting(c);
	else
		run_once(c, quiet);
	return now_ms() - begin;
}

/* Cuts argv at the "::" words. */
static size_t read_contenders(char **argv, struct contender *ret, size_t rounds)
{
	size_t n = 0;

	while (*argv) {
		struct contender *c = &ret[n++];

		c->name = *argv++;
		c->argv = argv;
		while (*argv && strcmp(*argv, "::") != 0)
			argv++;
		if (argv == c->argv) {
			errno = EINVAL;
			die("no command", c->name);
		}
		if (*argv)
			*argv++ = NULL;
		c->is_lasting = c->argv[0][0] == '@';
		if (c->is_lasting)
			c->argv[0]++;
		c->samples_ms = calloc(rounds, sizeof(*c->samples_ms));
		if (!c->samples_ms)
			die("memory", c->name);
	}
	return n;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print_table(struct contender *contenders, size_t n, size_t rounds)
{
	double first = 0;

	printf("%-28s %9s %9s %9s %7s\n", "ms", "min", "median", "p90", "ratio");
	for (size_t i = 0; i < n; i++) {
		double *samples = contenders[i].samples_ms;

		qsort(samples, rounds, sizeof(*samples), compare);
		if (i == 0)
			first = samples[rounds / 2];
		printf("%-28s %9.2f %9.2f %9.2f %7.2f\n", contenders[i].name, samples[0], samples[rounds / 2],
		       samples[rounds * 9 / 10], samples[rounds / 2] / first);
	}
}

static size_t read_number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || end == text || value == 0 || value > 1000000) {
		errno = EINVAL;
		die("not a number", text);
	}
	return value;
}

int main(int argc, char **argv)
{
	size_t rounds = 50, warmups = 3, n;
	struct contender *contenders;
	posix_spawn_file_actions_t quiet;
	int option;

	while ((option = getopt(argc, argv, "+n:w:")) != -1)
		if (option == 'n')
			rounds = read_number(optarg);
		else if (option == 'w')
			warmups = read_number(optarg);
		else
			return 2;
	contenders = calloc((size_t)argc, sizeof(*contenders));
	if (!contenders)
		die("memory", argv[0]);
	n = read_contenders(argv + optind, contenders, rounds);
	if (n == 0)
		return 2;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; i < n; i++)
		if (contenders[i].is_lasting)
			start_lasting(&contenders[i]);
	for (size_t round = 0; round < warmups + rounds; round++)
		for (size_t k = 0; k < n; k++) {
			struct contender *c = &contenders[(round + k) % n];
			double ms = time_one(c, &quiet);

			if (round >= warmups)
				c->samples_ms[round - warmups] = ms;
		}
	print_table(contenders, n, rounds);
	for (size_t i = 0; i < n; i++)
		if (contenders[i].is_lasting) {
			close(contenders[i].to_fd);
			waitpid(contenders[i].pid, NULL, 0);
		}
	posix_spawn_file_actions_destroy(&quiet);
	return 0;
}
