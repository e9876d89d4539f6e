/* test_print.c - what is printed reads back to the same deployment, whatever the texts hold; and when two are equal. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "spec/spec.h"
#include "spec/yaml_writer.h"

#define HEAD "version: v1\ndeployment: app\nservices:\n"
#define WEB HEAD "  web:\n    image: {name: nginx}\n"

/* Each kind of value in each of its states. */
static const char rich[] =
	"version: v1\n"
	"deployment: My-App\n"
	"services:\n"
	"  web:\n"
	"    image: {name: 'ghcr.io/a/b:1@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',\n"
	"            source_policy: local_only}\n"
	"    resources: {cpu: 1e-3, memory: 01Gi, pids_limit: -1, oom_kill_disable: false, oom_score_adj: -5,\n"
	"                gpu: {sharing: time-slice, distributed: {}}}\n"
	"    env: {EMPTY: '', NULLISH: 'null', TRUTH: 'true', NUMBER: '1.50', LINES: \"a\\nb\\tc\", QUOTE: 'say \"hi\" "
	"\\ ok',\n"
	"          UNICODE: \"\\u00e4\\u2028\\x85\\U0001F600\", CONTROL: \"\\x01\\x7f\", SPACES: '  x  ', COLON: 'a: "
	"b', HASH: 'a #b',\n"
	"          '': odd, 'a: b': key, '~': tilde, '- x': dash}\n"
	"    command: {entrypoint: [], args: ['-c', 'x: y', '']}\n"
	"    endpoints:\n"
	"      - {name: http, protocol: http, port: 80, target_port: 0, host: '*.example.com', expose: public,\n"
	"         stream: {health_check: {type: udp_probe, request: x}}, tunnel: {access: {max_ttl: 4h}}}\n"
	"    scale: {mode: adaptive, min: 0, max: 3, cooldown: 1h 1ns, targets: {cpu: 150}}\n"
	"    replica_groups:\n"
	"      - {role: a, count: 1, affinity: !pin 'id=2', env: {A: b}, resources: {}, command: {}}\n"
	"    depends: [{service: db, timeout: null, condition: started, on_timeout: warn}]\n"
	"    health: {interval: 1m, check: {type: http, url: 'http://x/', expect_status: 204}}\n"
	"    init:\n"
	"      steps:\n"
	"        - {id: a, uses: init.run, with: {command: x, n: 1.5, big: 18446744073709551615, neg: -3, f: 1.0,\n"
	"           z: null, t: true, l: [1, [], {}], m: {'a b': {c: 'd'}, '': 'true'}, s: '5', nl: \"a\\nb\"}}\n"
	"    devices: [{path: /dev/kvm, mknod: true}]\n"
	"    storage:\n"
	"      - {type: bind, source: ./a, target: /a, readonly: true}\n"
	"      - {type: named, name: data, target: /d, tier: cached, size: 1Gi}\n"
	"      - {type: anonymous, target: /an}\n"
	"      - {type: tmpfs, target: /t, mode: 0o1777, size: 64m}\n"
	"      - {type: s3, bucket: b, target: /s, prefix: p}\n"
	"    port_mappings: [{container_port: 80, host_port: 8080, protocol: udp}]\n"
	"    cap_add: [NET_ADMIN]\n"
	"    node_selector: {labels: {zone: 'a'}}\n"
	"    affinity: !pin zone=a\n"
	"    platform: {os: linux, arch: amd64, osVersion: '10'}\n"
	"    logs: {destination: memory, max_size_bytes: 18446744073709551615}\n"
	"    host_network: true\n"
	"    restart_policy: {kind: on_failure, max_attempts: 3, delay: 5s}\n"
	"    labels: {a: '1'}\n"
	"    user: '1000:1000'\n"
	"    stop_grace_period: 0s\n"
	"    ulimits: {nofile: {soft: 5, hard: 10}}\n"
	"    init_container: false\n"
	"    expose: ['3000', 8080/tcp]\n"
	"    overlay: {mode: dedicated, parent: x}\n"
	"    localhost_reachability: never\n"
	"  db:\n"
	"    image: {name: postgres}\n"
	"    network_mode: !bridge {name: front}\n"
	"    replica_groups: []\n"
	"    scale: {mode: manual}\n"
	"    network: {overlays: {service: {enabled: false}}}\n"
	"    affinity: pack\n"
	"  fn:\n"
	"    image: {name: fn}\n"
	"    network_mode: container:abc\n"
	"    service_type: wasm_http\n"
	"    wasm_http: {idle_timeout: 5m, max_memory: 64Mi, capabilities: {metrics: false}, preopens: [{source: a, "
	"target: b}],\n"
	"                allowed_hosts: [x], secrets: [s], epoch_interval: 10ms, max_fuel: 18446744073709551615}\n"
	"  tick:\n"
	"    image: {name: t}\n"
	"    rtype: cron\n"
	"    schedule: '0 0 3 * * MON-FRI'\n"
	"    scale: {mode: fixed, replicas: 0}\n"
	"    resources: {cpu: .inf}\n"
	"externals:\n"
	"  'any name': {backends: ['10.0.0.1:80'], endpoints: [{name: a, protocol: tcp, port: 1}],\n"
	"               health: {check: {type: command, command: 'true'}}}\n"
	"tunnels: {t: {from: a, to: b, local_port: 1, remote_port: 2, protocol: udp}}\n"
	"api: {enabled: false, jwt_secret: 'x'}\n";

static struct spec_deployment *parse(const char *text)
{
	AUTO_DONE(spec_problems) problems = { 0 };
	struct spec_deployment *deployment = NULL;
	struct error err = { 0 };

	if (spec_parse(text, strlen(text), &deployment, &problems, &err) < 0)
		fail_msg("%s\n%s", err.msg, text);
	return deployment;
}

static void what_is_printed_reads_back_to_the_same(void **state)
{
	AUTO(spec_deployment) first = parse(rich);
	AUTO(spec_deployment) second = NULL;
	AUTO_DONE(strbuf) printed = { 0 };
	AUTO_DONE(strbuf) again = { 0 };

	(void)state;
	assert_int_equal(spec_print_yaml(first, &printed), 0);
	second = parse(printed.data);
	assert_true(spec_deployment_equal(first, second));
	assert_int_equal(spec_print_yaml(second, &again), 0);
	assert_string_equal(printed.data, again.data);
}

static void the_yaml_is_what_a_person_would_write(void **state)
{
	AUTO(spec_deployment)
	d = parse(HEAD "  web:\n"
		       "    image: {name: 'nginx:1'}\n"
		       "    env: {A: '1', B: x}\n"
		       "    command: {args: [-v]}\n"
		       "    storage: [{type: bind, source: /a, target: /b}]\n");
	AUTO_DONE(strbuf) out = { 0 };

	(void)state;
	assert_int_equal(spec_print_yaml(d, &out), 0);
	assert_non_null(strstr(out.data, "version: v1\n"
					 "deployment: app\n"
					 "services:\n"
					 "  web:\n"
					 "    rtype: service\n"
					 "    image:\n"
					 "      name: nginx:1\n"
					 "      pull_policy: if_not_present\n"));
	assert_non_null(strstr(out.data, "    env:\n"
					 "      A: \"1\"\n"
					 "      B: x\n"
					 "    command:\n"
					 "      args:\n"
					 "        - \"-v\"\n"));
	assert_non_null(strstr(out.data, "    storage:\n"
					 "      - type: bind\n"
					 "        source: /a\n"
					 "        target: /b\n"
					 "        readonly: false\n"));
}

static void texts_are_quoted_unless_nothing_can_mistake_them(void **state)
{
	static const struct {
		const char *text, *written;
	} cases[] = {
		{ "nginx:latest", "nginx:latest" },
		{ "/var/lib", "/var/lib" },
		{ "a", "a" },
		{ "", "\"\"" },
		{ "5", "\"5\"" },
		{ "null", "\"null\"" },
		{ "True", "\"True\"" },
		{ "y", "\"y\"" },
		{ ".inf", "\".inf\"" },
		{ "a: b", "\"a: b\"" },
		{ "a:", "\"a:\"" },
		{ "-", "\"-\"" },
		{ "a\nb\t\"\\", "\"a\\nb\\t\\\"\\\\\"" },
		{ "\x01\x7f", "\"\\u0001\\u007F\"" },
		{ "\xc3\xa4", "\"\xc3\xa4\"" },
		{ "\xc2\x85", "\"\\u0085\"" },
		{ "\xe2\x80\xa8", "\"\\u2028\"" },
		{ "\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"" },
		{ "\xff", "\"\xef\xbf\xbd\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO_DONE(strbuf) out = { 0 };

		yaml_write_text(&out, cases[i].text);
		assert_string_equal(strbuf_peek(&out), cases[i].written);
	}
}

static void equality_is_of_what_is_meant(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
		{ WEB, WEB, true },
		{ WEB, HEAD "  web: {image: {name: 'docker.io/library/nginx:latest'}, tty: false}\n", true },
		{ WEB, HEAD "  web: {image: {name: 'nginx:1'}}\n", false },
		{ WEB "    env: {A: 1, B: 2}\n", WEB "    env: {B: 2, A: 1}\n", true },
		{ WEB "    env: {A: 1, B: 2}\n", WEB "    env: {A: 1, C: 2}\n", false },
		{ WEB "    expose: [a, b]\n", WEB "    expose: [b, a]\n", false },
		{ WEB "    resources: {memory: 1Gi}\n", WEB "    resources: {memory: 1024Mi}\n", true },
		{ WEB "    resources: {memory: 1Gi}\n", WEB, false },
		{ WEB "    resources: {cpu: .nan}\n", WEB "    resources: {cpu: .nan}\n", true },
		{ WEB "    host_network: true\n", WEB "    network_mode: host\n", true },
		{ WEB "    command: {entrypoint: []}\n", WEB, false },
		{ WEB "    stop_grace_period: 60s\n", WEB "    stop_grace_period: 1m\n", true },
		{ WEB "    scale: {mode: fixed, replicas: 1}\n", WEB "    scale: {mode: manual}\n", false },
		{ WEB "    platform: {os: linux, arch: amd64}\n", WEB, false },
		{ WEB "    init: {steps: [{id: a, uses: b, with: {x: 1, y: [2]}}]}\n",
		  WEB "    init: {steps: [{id: a, uses: b, with: {y: [2], x: 1}}]}\n", true },
		{ WEB "    init: {steps: [{id: a, uses: b, with: {x: 1}}]}\n",
		  WEB "    init: {steps: [{id: a, uses: b, with: {x: '1'}}]}\n", false },
		{ HEAD "  a: {image: {name: x}}\n  b: {image: {name: y}}\n",
		  HEAD "  b: {image: {name: y}}\n  a: {image: {name: x}}\n", true },
		{ HEAD "  a: {image: {name: x}}\n", HEAD "  b: {image: {name: x}}\n", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO(spec_deployment) a = parse(cases[i].a);
		AUTO(spec_deployment) b = parse(cases[i].b);

		if (spec_deployment_equal(a, b) != cases[i].equal || spec_deployment_equal(b, a) != cases[i].equal)
			fail_msg("%s\nand\n%s", cases[i].a, cases[i].b);
	}
}

static void a_service_alone_prints_as_json(void **state)
{
	AUTO(spec_deployment) d = parse(WEB);
	AUTO_DONE(strbuf) out = { 0 };

	(void)state;
	assert_int_equal(spec_print_service_json(&d->services.items[0], &out), 0);
	assert_non_null(strstr(out.data, "{\"rtype\":\"service\",\"image\":{\"name\":\"nginx\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_printed_reads_back_to_the_same),
		cmocka_unit_test(the_yaml_is_what_a_person_would_write),
		cmocka_unit_test(texts_are_quoted_unless_nothing_can_mistake_them),
		cmocka_unit_test(equality_is_of_what_is_meant),
		cmocka_unit_test(a_service_alone_prints_as_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
