/* parse.c - reading and checking a spec of many services, beside libyaml's bare events of the same text.
 *
 *   bench/spec_parse [SERVICES] [ROUNDS]
 *
 * Both run in turn, round after round, in one process. Prints medians, their ratio, and the peak memory of each, which
 * is read from a process of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <yaml.h>

#include "base/clock.h"
#include "base/text.h"
#include "spec/spec.h"

/* As people write them: an image, variables, an endpoint, a health check, limits, a mount. */
static void add_service(struct strbuf *out, unsigned i)
{
	strbuf_addf(out,
		    "  service-%u:\n"
		    "    image:\n"
		    "      name: registry.example.com/team/service-%u:1.%u\n"
		    "    env:\n"
		    "      LOG_LEVEL: info\n"
		    "      DATABASE_URL: postgres://db-%u.internal:5432/app\n"
		    "      TOKEN: $S:token-%u\n"
		    "    command:\n"
		    "      args: [\"--port\", \"8080\", \"--workers\", \"4\"]\n"
		    "    resources:\n"
		    "      cpu: 0.5\n"
		    "      memory: 512Mi\n"
		    "    endpoints:\n"
		    "      - name: http\n"
		    "        protocol: http\n"
		    "        port: 8080\n"
		    "    scale:\n"
		    "      mode: fixed\n"
		    "      replicas: 2\n"
		    "    health:\n"
		    "      interval: 10s\n"
		    "      check:\n"
		    "        type: http\n"
		    "        url: http://localhost:8080/health\n"
		    "    storage:\n"
		    "      - type: named\n"
		    "        name: data-%u\n"
		    "        target: /var/lib/data\n"
		    "    stop_grace_period: 30s\n",
		    i, i % 100, i, i % 16, i, i);
	if (i > 0)
		strbuf_addf(out, "    depends:\n      - service: service-%u\n", i / 2);
}

static void generate(unsigned services, struct strbuf *out)
{
	strbuf_add_text(out, "version: v1\ndeployment: bench\nservices:\n");
	for (unsigned i = 0; i < services; i++)
		add_service(out, i);
	if (strbuf_status(out) < 0)
		exit(1);
}

static void read_events(const struct strbuf *text)
{
	yaml_parser_t parser;
	yaml_event_t event;
	bool is_end = false;

	if (!yaml_parser_initialize(&parser))
		exit(1);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text->data, text->len);
	while (!is_end) {
		if (!yaml_parser_parse(&parser, &event))
			exit(1);
		is_end = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
}

static void read_spec(const struct strbuf *text)
{
	AUTO(spec_deployment) deployment = NULL;
	AUTO_DONE(spec_problems) problems = { 0 };
	struct error err = { 0 };

	if (spec_parse(text->data, text->len, &deployment, &problems, &err) < 0) {
		fprintf(stderr, "%s\n", err.msg);
		exit(1);
	}
}

/* Megabytes beyond what the text itself takes. */
static double peak_mb(void (*read)(const struct strbuf *text), const struct strbuf *text)
{
	struct rusage usage;
	pid_t pid = fork();

	if (pid == 0) {
		read(text);
		_exit(0);
	}
	wait4(pid, NULL, 0, &usage);
	return (double)usage.ru_maxrss / 1024 - (double)text->len / 1048576;
}

static double time_ms(void (*read)(const struct strbuf *text), const struct strbuf *text)
{
	uint64_t start = clock_monotonic_ns();

	read(text);
	return (double)(clock_monotonic_ns() - start) / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *samples, unsigned n)
{
	qsort(samples, n, sizeof(*samples), compare);
	return samples[n / 2];
}

int main(int argc, char **argv)
{
	AUTO_DONE(strbuf) text = { 0 };
	uint32_t services = 10000, rounds = 15;
	double *events, *parses, ratio;

	if ((argc > 1 && parse_u32(argv[1], &services) < 0) || (argc > 2 && parse_u32(argv[2], &rounds) < 0) || !rounds)
		return 2;
	generate(services, &text);
	events = calloc(rounds, sizeof(double));
	parses = calloc(rounds, sizeof(double));
	if (!events || !parses)
		return 1;
	printf("%u services, %.1f MB of text\n", services, (double)text.len / 1e6);
	printf("peak memory: events %.1f MiB, parse and check %.1f MiB\n", peak_mb(read_events, &text),
	       peak_mb(read_spec, &text));
	for (uint32_t i = 0; i < rounds; i++) {
		events[i] = time_ms(read_events, &text);
		parses[i] = time_ms(read_spec, &text);
	}
	ratio = median(parses, rounds) / median(events, rounds);
	printf("median of %u: events %.1f ms, parse and check %.1f ms, ratio %.2f\n", rounds, median(events, rounds),
	       median(parses, rounds), ratio);
	free(events);
	free(parses);
	return 0;
}
