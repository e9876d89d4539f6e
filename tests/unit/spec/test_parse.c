/* test_parse.c - what is said of texts: every problem at once, in the order of the file, with its place and a hint. */
#include "support/cmocka_setup.h"

#include <stdlib.h>
#include <string.h>

#include "spec/spec.h"

#define HEAD "version: v1\ndeployment: app\nservices:\n"
#define WEB HEAD "  web:\n    image: {name: nginx}\n"

/* What spec_problems_print says of a text, without the file's name; yours to free. */
static char *problems_of(const char *text, size_t len)
{
	AUTO(spec_deployment) deployment = NULL;
	AUTO_DONE(spec_problems) problems = { 0 };
	struct strbuf out = { 0 };
	struct error err = { 0 };
	int r = spec_parse(text, len, &deployment, &problems, &err);

	assert_int_equal(r == 0, problems.errors == 0);
	assert_int_equal(r == 0, deployment != NULL);
	spec_problems_print(&problems, "f", SPEC_WARNING, &out);
	return strbuf_status(&out) < 0 || out.len == 0 ? calloc(1, 1) : strbuf_take(&out);
}

static void assert_says(const char *text, const char *expected)
{
	char *said = problems_of(text, strlen(text));

	assert_string_equal(said, expected);
	free(said);
}

static void assert_mentions(const char *text, const char *expected)
{
	char *said = problems_of(text, strlen(text));

	if (!strstr(said, expected))
		fail_msg("of\n%s\nit says\n%s\nand not `%s`", text, said, expected);
	free(said);
}

static void all_problems_are_told_at_once_in_the_order_of_the_file(void **state)
{
	(void)state;
	assert_says(
		"version: v2\n"
		"deployment: -x-\n"
		"services:\n"
		"  web:\n"
		"    image: nginx\n"
		"    volumes: []\n"
		"    endpoints:\n"
		"      - {name: a, protocol: grpc, port: 0}\n"
		"      - {name: b, protocol: tcp, port: 1}\n"
		"      - {name: b, protocol: tcp, port: 70000}\n"
		"    depends:\n"
		"      - {service: nowhere, condition: Healthy}\n"
		"      - {service: neither}\n"
		"  Web:\n"
		"    image: {name: nginx, pull_policy: IfNotPresent}\n",
		"f:1:10: version: unknown version `v2` (v1)\n"
		"f:2:13: deployment: `-x-` is no deployment name (letters, digits and `-`, a letter or digit first)\n"
		"f:5:12: services.web.image: expected a map, found `nginx` (write image: {name: nginx:latest})\n"
		"f:6:5: services.web.volumes: unknown field `volumes`: did you mean `storage`? (a list of {type: bind, "
		"source, target})\n"
		"f:8:29: services.web.endpoints[0].protocol: unknown word `grpc` (did you mean `http`?)\n"
		"f:8:41: services.web.endpoints[0].port: 0 is out of range (1 to 65535)\n"
		"f:10:16: services.web.endpoints[2].name: there is an endpoint `b` already\n"
		"f:10:40: services.web.endpoints[2].port: 70000 is out of range (1 to 65535)\n"
		"f:12:19: services.web.depends[0]: there is no service `nowhere`\n"
		"f:12:39: services.web.depends[0].condition: unknown word `Healthy` (did you mean `healthy`?)\n"
		"f:13:19: services.web.depends[1]: there is no service `neither`\n"
		"f:14:3: services.Web: `Web` is no service name (1 to 63 of a-z, 0-9 and `-`, no `-` first or last)\n"
		"f:15:39: services.Web.image.pull_policy: unknown word `IfNotPresent` (did you mean "
		"`if_not_present`?)\n");
}

static void what_people_write_instead_gets_a_hint(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ WEB "    ports: []\n", "did you mean `endpoints`?" },
		{ WEB "    environment: {}\n", "did you mean `env`?" },
		{ WEB "    restart: always\n", "did you mean `restart_policy`?" },
		{ WEB "    replicas: 3\n", "did you mean `scale`? ({mode: fixed, replicas: N})" },
		{ WEB "    min_replicas: 3\n", "did you mean `scale`?" },
		{ WEB "    depends_on: [db]\n", "did you mean `depends`?" },
		{ WEB "    runtime: wasm\n", "did you mean `service_type`?" },
		{ WEB "    enpoints: []\n", "did you mean `endpoints`?" },
		{ WEB "    Hostname: x\n", "did you mean `hostname`?" },
		{ WEB "    command: [a, b]\n", "found a list (write command: {entrypoint: [...], args: [...]})" },
		{ WEB "    command: a b\n", "found `a b` (write command: {" },
		{ WEB "    command: {args: a b}\n", "expected a list, found `a b` (write a list" },
		{ WEB "    env: [A=1]\n", "expected a map, found a list (write a map: {NAME: value})" },
		{ WEB "    depends: [db]\n", "write {service: NAME}" },
		{ WEB "    devices: [/dev/kvm]\n", "write {path: /dev/...}" },
		{ WEB "    port_mappings: ['8080:80']\n", "write {host_port: N, container_port: N}" },
		{ WEB "    restart_policy: always\n", "write {kind: always}" },
		{ WEB "    init: [{action: x}]\n", "write init: {steps: [...]}" },
		{ WEB "    health: {check: {type: exec, command: x}}\n", "did you mean `command`?" },
		{ WEB "    health: {check: {type: none}}\n", "unknown word `none` (tcp, http, command)" },
		{ WEB "    storage: [{type: volume, name: a, target: /b}]\n", "did you mean `named`?" },
		{ WEB "    storage: [{source: /a, target: /b}]\n",
		  "missing field `type` (bind, named, anonymous, tmpfs, s3)" },
		{ WEB "    scale: {min_replicas: 1}\n", "missing field `mode` (adaptive, fixed, manual)" },
		{ WEB "    endpoints: [{name: a, port: 1}]\n",
		  "missing field `protocol` (http, https, tcp, udp, websocket)" },
		{ WEB "    health: {interval: 5s}\n", "missing field `check` (write {type: tcp, port: N})" },
		{ HEAD "  web: {}\n", "missing field `image` (write image: {name: nginx:latest})" },
		{ WEB "    rtype: cron\n    schedule: '*/5 * * * *'\n", "seconds come first: `0 */5 * * * *`" },
		{ WEB "    rtype: cron\n", "a cron service needs a schedule" },
		{ WEB "    schedule: '@daily'\n", "only a cron service has a schedule" },
		{ WEB "    resources: {memory: 512MB}\n", "did you mean the suffix Mi?" },
		{ WEB "    resources: {memory: 512}\n", "digits and Ki, Mi, Gi or Ti: 512Mi" },
		{ WEB "    resources: {cpu: '0.5'}\n", "without quotes (0.5, 2), found the text `0.5`" },
		{ WEB "    stop_grace_period: 30\n", "`30` is no duration: a unit is missing (30s or 30ms)" },
		{ WEB "    tty: yes\n", "true or false, without quotes, found `yes`" },
		{ WEB "    affinity: {pin: id=2}\n", "affinity: !pin \"id=2\"" },
		{ WEB "    platform: {os: linux, arch: x86_64}\n", "did you mean `amd64`?" },
		{ HEAD "  a: &x {image: {name: n}}\n  b:\n    <<: *x\n", "merge keys are not part of the format" },
		{ HEAD "\tweb: {}\n", "indent with spaces, not with tabs" },
		{ "version: v1\ndeployment: app\nservice: {}\n", "did you mean `services`?" },
		{ "version: v1\ndeployment: app\nservices: []\n", "expected a map, found a list (write a map" },
		{ "", "f:1:1: missing field `version`" },
		{ "null\n", "expected a map, found nothing" },
		{ "\xef\xbb\xbfversion: v1\n", "byte-order mark" },
		{ WEB "---\n", "a second document begins here" },
		{ WEB "    tty: true\n    tty: true\n", "f:7:5: services.web.tty: `tty` is given twice" },
		{ WEB "    capabilities: []\n    cap_add: []\n", "given twice (it has two spellings)" },
		{ WEB "    hostname: \"a\\0b\"\n", "NUL" },
		{ WEB "    scale: {mode: fixed, replicas: 4294967296}\n", "out of range (0 to 4294967295)" },
		{ WEB "    scale: {mode: adaptive, min: 3, max: 2}\n", "min 3 is more than max 2" },
		{ WEB "    storage: [{type: tmpfs, target: 5}]\n", "expected a text, in quotes, found the number `5`" },
		{ HEAD "  web:\n    image: {name: *nowhere}\n", "an anchor that was not defined" },
		{ HEAD "  web: &x\n    image: {name: *x}\n", "inside its own anchor" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_mentions(cases[i].text, cases[i].says);
}

static void what_cannot_run_is_valid_but_told(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ WEB "    depends: [{service: web}]\n",
		  "cannot run: services.web.depends[0]: `web` depends on itself" },
		{ HEAD "  a: {image: {name: x}, depends: [{service: b}]}\n"
		       "  b: {image: {name: x}, depends: [{service: c}]}\n"
		       "  c: {image: {name: x}, depends: [{service: a}]}\n",
		  "f:6:45: cannot run: services.c.depends[0]: this dependency on `a` closes a circle" },
		{ HEAD "  a: {image: {name: x}, depends: [{service: b}]}\n"
		       "  b: {image: {name: x}, rtype: cron, schedule: '@daily'}\n",
		  "is a cron service, which is never up" },
		{ WEB "    storage: [{type: named, name: Bad_Name, target: /b}]\n", "is no volume name" },
		{ WEB "    storage: [{type: bind, source: /a, target: b}]\n", "is no absolute path" },
		{ WEB "    storage: [{type: tmpfs, target: /t, size: 50%}]\n", "is no size" },
		{ WEB "    health: {check: {type: http, url: /health}}\n", "names no host" },
		{ WEB "    health: {check: {type: http, url: http:///health}}\n", "names no host" },
		{ WEB "    init: {steps: [{id: a, uses: init.exec}]}\n", "did you mean `init.run`?" },
		{ WEB "    env: {A: '$S:1x'}\n", "does not begin with a letter" },
		{ WEB "    env: {'A=B': x}\n", "is no name of a variable" },
		{ WEB "    resources: {cpu: .nan}\n", "is no limit" },
		{ WEB "    resources: {memory: 18446744073709551615Ti}\n", "more than 64 bits" },
		{ WEB "    replica_groups: [{role: a, count: 1}, {role: a, count: 1}]\n",
		  "there is a group `a` already" },
		{ WEB "    replica_groups: [{role: a, count: 1, resources: {cpu: -1}}]\n", "-1 cores are none" },
		{ "version: v1\ndeployment: abc\nexternals: {e: {backends: [x], endpoints: [{name: a, protocol: tcp, "
		  "port: 1, "
		  "tunnel: {access: {max_ttl: x}}}]}}\n",
		  "`x` is no duration" },
		{ WEB "    stop_signal: SIGNOTHING\n", "unknown signal" },
		{ WEB "    hostname: a_b\n", "is no host name" },
		{ WEB "    ulimits: {nofile: {soft: 2, hard: 1}}\n", "the soft limit is above the hard one" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(spec_deployment) deployment = NULL;
		AUTO_DONE(spec_problems) problems = { 0 };
		struct error err = { 0 };

		assert_mentions(cases[i].text, cases[i].says);
		assert_int_equal(spec_parse(cases[i].text, strlen(cases[i].text), &deployment, &problems, &err), 0);
		assert_int_equal(spec_check_deployable(&problems, &err), -1);
	}
}

static void what_was_probably_not_meant_is_warned_of(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ WEB "    env: {URL: 'postgres://$E:PW@db'}\n", "a reference inside a longer text is not replaced" },
		{ WEB "    storage: [{type: tmpfs, target: /t, mode: 1777}]\n",
		  "1777 is decimal: did you mean 0o1777?" },
		{ WEB "    env: {A: 1, A: 2}\n", "`A` is given twice: the last one counts" },
		{ WEB "    health: {check: {type: tcp, port: 1, url: x}}\n", "unknown field `url` has no effect" },
		{ WEB "    endpoints: [{name: a, protocol: tcp, port: 1, target_role: x}]\n", "there is no group `x`" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_mentions(cases[i].text, cases[i].says);
}

static void what_this_node_does_not_do_is_named(void **state)
{
	(void)state;
	assert_says(
		WEB "    rtype: cron\n"
		    "    schedule: '@daily'\n"
		    "    resources: {cpu: 1, cpu_shares: 5, gpu: {count: 2}}\n"
		    "    storage: [{type: s3, bucket: b, target: /b}]\n"
		    "    restart_policy: {kind: always}\n"
		    "    network_mode: bridge:front\n"
		    "    pid_mode: host\n"
		    "    ipc_mode: private\n"
		    "    env: {A: '$S:a', B: '$S:shop:prod/a'}\n",
		"f:6:5: services.web.rtype: not in effect on this node: cron services are not started on this node "
		"yet\n"
		"f:8:25: services.web.resources.cpu_shares: not in effect on this node: cpu weights are not set yet\n"
		"f:8:40: services.web.resources.gpu: not in effect on this node: this node hands out no GPUs\n"
		"f:9:22: services.web.storage[0].type: not in effect on this node: this node mounts no s3 buckets\n"
		"f:10:22: services.web.restart_policy.kind: not in effect on this node: containers are not restarted "
		"yet\n"
		"f:11:5: services.web.network_mode: not in effect on this node: containers are not joined to networks "
		"yet\n"
		"f:12:5: services.web.pid_mode: not in effect on this node: a container has its own pid namespace\n"
		"f:14:25: services.web.env.B: not in effect on this node: it keeps no secrets of environments\n");
}

static void a_default_that_is_written_out_is_no_news(void **state)
{
	(void)state;
	assert_says(WEB "    rtype: service\n"
			"    tty: false\n"
			"    devices: []\n"
			"    node_mode: shared\n"
			"    service_type: standard\n"
			"    network: {join: {mode: token}}\n"
			"    errors: {on_panic: {action: restart}}\n"
			"    lifecycle: {delete_on_exit: false}\n"
			"    network_mode: default\n"
			"api: {enabled: true}\n",
		    "");
}

static void parsed_values_mean_what_they_say(void **state)
{
	static const char text[] = WEB "    resources: {cpu: 0.5, memory: 512Mi, pids_limit: 100}\n"
				       "    host_network: true\n"
				       "    stop_grace_period: 1m 5s\n"
				       "    ulimits: {nofile: {soft: 1024}, core: {hard: 0}, nproc: {}}\n"
				       "    command: {entrypoint: []}\n"
				       "    storage: [{type: tmpfs, target: /t, size: 64Mi, mode: 0o1777}]\n"
				       "    scale: {mode: adaptive, min: 2, max: 4}\n"
				       "    env: {A: 1, B: x, A: 3}\n";
	AUTO(spec_deployment) d = NULL;
	AUTO_DONE(spec_problems) problems = { 0 };
	const struct spec_service *s;

	(void)state;
	assert_int_equal(spec_parse(text, sizeof(text) - 1, &d, &problems, NULL), 0);
	s = spec_find_service(d, "web");
	assert_non_null(s);
	assert_null(spec_find_service(d, "we"));
	assert_string_equal(s->image.name.path, "library/nginx");
	assert_true(s->resources.cpu == 0.5);
	assert_int_equal(s->resources.memory.bytes, 512 << 20);
	assert_int_equal(s->resources.pids_limit, 100);
	assert_true(s->resources.cpu_shares == SPEC_UNSET);
	assert_int_equal(s->network_mode.kind, SPEC_NETWORK_HOST);
	assert_int_equal(s->stop_grace_period, 65 * SPEC_SECOND);
	assert_int_equal(s->ulimits.count, 3);
	assert_string_equal(s->ulimits.items[0].name, "nofile");
	assert_int_equal(s->ulimits.items[0].hard, 1024);
	assert_int_equal(s->ulimits.items[1].soft, 0);
	assert_int_equal(s->ulimits.items[2].hard, 0);
	assert_true(s->command.entrypoint.is_set);
	assert_false(s->command.args.is_set);
	assert_int_equal(s->storage.items[0].type, SPEC_STORAGE_TMPFS);
	assert_int_equal(s->storage.items[0].tmpfs.mode, 01777);
	assert_int_equal(s->storage.items[0].tmpfs.size.bytes, 64 << 20);
	assert_int_equal(s->scale.adaptive.min, 2);
	assert_true(s->scale.adaptive.cooldown == SPEC_NO_DURATION);
	assert_int_equal(s->env.count, 2);
	assert_string_equal(s->env.items[0].value, "3");
	assert_int_equal(s->health.check.type, SPEC_CHECK_TCP);
	assert_int_equal(s->health.start_grace, 5 * SPEC_SECOND);
	assert_string_equal(spec_rtype_word(s->rtype), "service");
}

/* ---- verdicts that the probe texts do not reach ---- */

static void tags_and_styles_decide_what_a_scalar_is(void **state)
{
	static const char *const valid[] = {
		WEB "    rtype: !job\n",
		WEB "    rtype: \"job\"\n",
		WEB "    user: !!str\n",
		WEB "    user: ~\n",
		WEB "    user: !!int 5\n",
		WEB "    tty: !!bool true\n",
		WEB "    affinity: !pin 5\n",
		WEB "    affinity: !spread\n",
		WEB "    affinity: ~\n",
		WEB "    network_mode: !bridge {name: x}\n",
		WEB "    network_mode: !bridge {}\n",
		WEB "    network_mode: !container {id: abc}\n",
		WEB "    network_mode: 'bridge:'\n",
		WEB "    network_mode: !host\n",
		WEB "    endpoints:\n",
		WEB "    health: {check: {type: tcp, port: 0b1}}\n",
		WEB "    health: {interval: null, check: {type: tcp, port: 1}}\n",
		WEB "    storage: [{type: bind, source: '123', target: /b}]\n",
		WEB "    storage: [{type: tmpfs, target: /b, size: ~}]\n",
		WEB "    resources:\n",
		WEB "    wasm: ~\n",
		"{version: v1, deployment: null}\n",
		"version: v1\ndeployment: abc\napi: {bind: null, jwt_secret: null}\n",
	};
	static const char *const invalid[] = {
		WEB "    rtype: !job x\n",
		WEB "    rtype: null\n",
		WEB "    rtype: [job]\n",
		WEB "    tty: null\n",
		WEB "    tty: 'true'\n",
		WEB "    affinity: pin\n",
		WEB "    affinity: !pin {a: b}\n",
		WEB "    network_mode: null\n",
		WEB "    network_mode: 5\n",
		WEB "    network_mode: bridge2\n",
		WEB "    network_mode: 'container:'\n",
		WEB "    network_mode: {bridge: {name: x}}\n",
		WEB "    network_mode: !bridge\n",
		WEB "    network_mode: !bridge {name: 5}\n",
		WEB "    network_mode: !container {}\n",
		WEB "    resources: null\n",
		WEB "    endpoints: null\n",
		WEB "    endpoints: ~\n",
		WEB "    env: null\n",
		WEB "    scale:\n",
		WEB "    scale: !fixed {replicas: 1}\n",
		WEB "    scale: {mode: fixed, replicas: '1'}\n",
		WEB "    scale: {mode: fixed}\n",
		WEB "    scale: {mode: adaptive, min: 1, max: 2, targets: }\n",
		WEB "    health: {check: }\n",
		WEB "    storage: [{type: bind, source: 1.5, target: /b}]\n",
		WEB "    storage: [{type: bind, source: ~, target: /b}]\n",
		WEB "    storage: [{type: bind, source: true, target: /b}]\n",
		WEB "    storage: [{type: bind, type: bind, source: /a, target: /b}]\n",
		WEB "    wasm: {}\n",
		WEB "    service_type: wasm_http\n    wasm: {idle_timeout: null}\n",
		WEB "    service_type: wasm_http\n    wasm: {capabilities: {}}\n",
		WEB "    service_type: wasm_http\n    wasm: {max_memory: 1}\n",
		WEB "    service_type: wasm_http\n    wasm: {min_instances: 11}\n",
		WEB "    service_type: wasm_http\n    wasm: {preopens: [{source: '', target: a}]}\n",
		WEB "    service_type: wasm_http\n    wasm: {}\n    endpoints: [{name: a, protocol: tcp, port: 1}]\n",
		WEB "    endpoints: [{name: a, protocol: tcp, port: 1, tunnel: {access: {max_ttl: 4}}}]\n",
		"version: v1\ndeployment: abc\ntunnels: {t: {from: a, to: b, local_port: 0, remote_port: 1}}\n",
		"version: v1\ndeployment: abc\nexternals: {e: {backends: []}}\n",
		"version: v1\ndeployment: ab\n",
		"[]\n",
		"~\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
		AUTO(spec_deployment) d = NULL;
		AUTO_DONE(spec_problems) problems = { 0 };
		struct error err = { 0 };

		if (spec_parse(valid[i], strlen(valid[i]), &d, &problems, &err) < 0)
			fail_msg("%s\n%s", valid[i], err.msg);
	}
	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
		AUTO(spec_deployment) d = NULL;
		AUTO_DONE(spec_problems) problems = { 0 };

		if (spec_parse(invalid[i], strlen(invalid[i]), &d, &problems, NULL) == 0)
			fail_msg("taken:\n%s", invalid[i]);
	}
}

/* ---- limits ---- */

static void deep_nesting_is_refused(void **state)
{
	AUTO_DONE(strbuf) text = { 0 };

	(void)state;
	strbuf_add_text(&text, WEB "    init: {steps: [{id: a, uses: init.run, with: {a: ");
	for (int i = 0; i < 200; i++)
		strbuf_add_char(&text, '[');
	for (int i = 0; i < 200; i++)
		strbuf_add_char(&text, ']');
	strbuf_add_text(&text, "}}]}\n");
	assert_mentions(text.data, "nested too deeply (at most 128 levels)");
}

static void aliases_that_blow_up_are_refused(void **state)
{
	AUTO_DONE(strbuf) text = { 0 };

	(void)state;
	strbuf_add_text(
		&text,
		WEB "    init: {steps: [{id: a, uses: init.run, with: {\n      a0: &a0 [x, x, x, x, x, x, x, x, x, x]");
	for (int i = 1; i < 12; i++) {
		strbuf_addf(&text, ",\n      a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			strbuf_addf(&text, "%s*a%d", k ? ", " : "", i - 1);
		strbuf_add_text(&text, "]");
	}
	strbuf_add_text(&text, "}}]}\n");
	assert_mentions(text.data, "aliases blow this text up");
}

static void chains_of_aliases_do_not_evade_the_depth(void **state)
{
	AUTO_DONE(strbuf) text = { 0 };

	(void)state;
	strbuf_add_text(&text, WEB "    init: {steps: [{id: a, uses: init.run, with: {\n      a0: &a0 [x]");
	for (int i = 1; i < 300; i++)
		strbuf_addf(&text, ",\n      a%d: &a%d [*a%d]", i, i, i - 1);
	strbuf_add_text(&text, "}}]}\n");
	assert_mentions(text.data, "nested too deeply");
}

static void a_text_that_is_too_long_is_not_looked_at(void **state)
{
	size_t len = SPEC_TEXT_MAX + 1;
	char *text = malloc(len), *said;

	(void)state;
	memset(text, ' ', len);
	said = problems_of(text, len);
	assert_string_equal(said, "f:1:1: the text is longer than 16 MiB\n");
	free(said);
	free(text);
}

static void bytes_that_are_no_utf8_are_refused_with_their_place(void **state)
{
	(void)state;
	assert_mentions(WEB "    user: \xff\n", "f:6:11: ");
}

static void many_problems_are_cut_off(void **state)
{
	AUTO_DONE(strbuf) text = { 0 };

	(void)state;
	strbuf_add_text(&text, HEAD);
	for (int i = 0; i < 200; i++)
		strbuf_addf(&text, "  s%d: {}\n", i);
	assert_mentions(text.data, "f: and 100 more\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_problems_are_told_at_once_in_the_order_of_the_file),
		cmocka_unit_test(what_people_write_instead_gets_a_hint),
		cmocka_unit_test(what_cannot_run_is_valid_but_told),
		cmocka_unit_test(what_was_probably_not_meant_is_warned_of),
		cmocka_unit_test(what_this_node_does_not_do_is_named),
		cmocka_unit_test(a_default_that_is_written_out_is_no_news),
		cmocka_unit_test(parsed_values_mean_what_they_say),
		cmocka_unit_test(tags_and_styles_decide_what_a_scalar_is),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(aliases_that_blow_up_are_refused),
		cmocka_unit_test(chains_of_aliases_do_not_evade_the_depth),
		cmocka_unit_test(a_text_that_is_too_long_is_not_looked_at),
		cmocka_unit_test(bytes_that_are_no_utf8_are_refused_with_their_place),
		cmocka_unit_test(many_problems_are_cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
