"""`zlayer up` makes what the spec says, in order, once; `down` takes it away."""

import glob
import os
import re
import signal
import socket
import subprocess
import time

import pytest

from harness.specs import COUNTER, IDLE, job, service, write_spec
from harness.zlayer import ROOT, SLOW, wait_until

EXAMPLES = sorted(
    glob.glob(os.path.join(ROOT, 'examples', '*.yml')) + glob.glob(os.path.join(ROOT, 'examples', '*', '*.yml'))
)


@pytest.fixture
def deployment(zlayer, tmp_path):
    """deployment(services) writes a spec of the deployment `trial`; whatever it made is taken down at the end."""

    def write(services, name='trial'):
        path = write_spec(tmp_path, name, services, f'{name}.yml')
        written[name] = path
        return path

    written = {}
    yield write
    for name, path in written.items():
        zlayer.call('down', '-v', path)


def states(zlayer):
    return {c['Names']: c['State'] for c in zlayer.containers()}


@pytest.mark.parametrize('path', EXAMPLES, ids=[os.path.relpath(p, ROOT) for p in EXAMPLES])
def test_every_example_is_valid_and_comes_up(zlayer, path):
    zlayer('validate', path)
    try:
        zlayer('up', '-d', path, timeout=120)
        assert zlayer.names()
    finally:
        zlayer('down', '-v', path)
    assert zlayer.names() == []


def test_hello_serves_http(zlayer):
    path = os.path.join(ROOT, 'examples', 'hello', 'zlayer.yml')
    zlayer('up', '-d', path)
    try:
        with socket.create_connection(('127.0.0.1', 18080), timeout=5) as connection:
            connection.sendall(b'GET / HTTP/1.0\r\n\r\n')
            answer = connection.makefile('rb').read()
        assert b' 200 OK' in answer.splitlines()[0] and answer.endswith(b'hello from a container\n')
        assert zlayer('logs', 'greet').stdout == 'hello from a container\n'
    finally:
        zlayer('down', '-v', path)


def test_the_foreground_ends_when_all_has_ended_with_the_first_status_in_file_order(zlayer, deployment):
    path = deployment({'fine': job('echo fine'), 'late': job('sleep 0.5; exit 3'), 'early': job('exit 5')})
    ended = zlayer('up', path, code=3)
    assert 'fine' in ended.stdout


def test_the_foreground_merges_logs_with_a_prefix_a_replica(zlayer, deployment):
    path = deployment({'a': job('echo from a; echo error of a >&2'), 'bb': job('echo from bb')})
    ended = zlayer('up', path)
    assert re.search(r'^\S*\ba\S*\s+\|\s+from a$', ended.stdout, re.M), ended
    assert re.search(r'^\S*\bbb\S*\s+\|\s+from bb$', ended.stdout, re.M), ended
    assert 'error of a' in ended.stdout + ended.stderr
    assert '\033' not in ended.stdout, 'colours are for terminals'


def test_dependencies_start_in_order(zlayer, deployment):
    path = deployment(
        {
            'last': job('cat /proc/uptime', depends=[{'service': 'middle'}]),
            'middle': job('sleep 0.3; cat /proc/uptime', depends=[{'service': 'first', 'condition': 'started'}]),
            'first': service(f'cat /proc/uptime; {IDLE}'),
        }
    )
    zlayer('up', '-d', path)
    stamps = [float(zlayer('logs', name).lines[0].split()[0]) for name in ('first', 'middle', 'last')]
    assert stamps == sorted(stamps)


def test_a_job_that_fails_keeps_its_dependents_from_starting(zlayer, deployment):
    path = deployment(
        {'broken': job('exit 9'), 'after': job('echo never', depends=[{'service': 'broken', 'timeout': '5s'}])}
    )
    ended = zlayer.call('up', path)
    assert ended.code != 0 and 'never' not in ended.stdout
    assert 'broken' in ended.stderr


def test_a_dependency_that_is_never_healthy_times_out(zlayer, deployment):
    check = {'type': 'command', 'command': 'false'}
    health = {'start_grace': '0s', 'interval': '200ms', 'timeout': '1s', 'retries': 1, 'check': check}
    path = deployment(
        {
            'sick': service(IDLE, health=health),
            'after': job('echo never', depends=[{'service': 'sick', 'condition': 'healthy', 'timeout': '2s'}]),
        }
    )
    ended = zlayer.call('up', '-d', path)
    assert ended.code != 0 and 'sick' in ended.stderr


def test_on_timeout_warn_goes_on(zlayer, deployment):
    check = {'type': 'tcp', 'port': 1}
    health = {'start_grace': '0s', 'interval': '200ms', 'timeout': '1s', 'check': check}
    path = deployment(
        {
            'sick': service(IDLE, health=health, network_mode='host'),
            'after': job('echo went on', depends=[{'service': 'sick', 'timeout': '1s', 'on_timeout': 'warn'}]),
        }
    )
    zlayer.call('up', '-d', path)
    wait_until(lambda: 'went on' in zlayer.call('logs', 'after').stdout)


@pytest.mark.parametrize('kind', ['tcp', 'http', 'command'])
def test_healthy_means_that_the_check_passed(zlayer, deployment, kind):
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    check = {
        'tcp': {'type': 'tcp', 'port': port},
        'http': {'type': 'http', 'url': f'http://127.0.0.1:{port}/', 'expect_status': 404},
        'command': {'type': 'command', 'command': 'test -e /tmp/up'},
    }[kind]
    path = deployment(
        {
            'server': service(
                f'sleep 1; touch /tmp/up; cat /proc/uptime; httpd -f -p 127.0.0.1:{port} -h /var',
                network_mode='host',
                stop_grace_period='0s',
                health={'start_grace': '0s', 'interval': '200ms', 'timeout': '1s', 'check': check},
            ),
            'client': job(
                'cat /proc/uptime', depends=[{'service': 'server', 'condition': 'healthy', 'timeout': '20s'}]
            ),
        }
    )
    zlayer('up', '-d', path)
    assert float(zlayer('logs', 'server').lines[0].split()[0]) < float(zlayer('logs', 'client').lines[0].split()[0])


def test_a_check_works_inside_an_own_network_namespace(zlayer, deployment):
    path = deployment(
        {
            'server': service(
                'httpd -f -p 127.0.0.1:8080 -h /var',
                network_mode='none',
                stop_grace_period='0s',
                health={'start_grace': '0s', 'interval': '200ms', 'check': {'type': 'tcp', 'port': 8080}},
            ),
            'client': job('true', depends=[{'service': 'server', 'condition': 'healthy', 'timeout': '20s'}]),
        }
    )
    zlayer('up', '-d', path)


def test_replicas_are_numbered_and_named(zlayer, deployment):
    zlayer('up', '-d', deployment({'w': service(IDLE, replicas=4)}))
    assert zlayer.names() == ['trial.w.1', 'trial.w.2', 'trial.w.3', 'trial.w.4']


def test_replica_groups_carry_their_role(zlayer, deployment):
    groups = [{'role': 'primary', 'count': 1}, {'role': 'replica', 'count': 2, 'env': {'ROLE': 'second'}}]
    zlayer('up', '-d', deployment({'db': service(f'echo "$ROLE"; {IDLE}', replica_groups=groups)}))
    assert zlayer.names() == ['trial.db.primary.1', 'trial.db.replica.1', 'trial.db.replica.2']
    wait_until(lambda: zlayer('logs', 'trial.db.replica.2').stdout == 'second\n')


def test_up_again_takes_over_and_reruns_no_finished_job(zlayer, deployment):
    path = deployment({'w': service(IDLE, replicas=2), 'j': job('cat /proc/uptime')})
    zlayer('up', '-d', path)
    wait_until(lambda: states(zlayer).get('trial.j.1') == 'exited')
    before = {c['Names']: c['ID'] for c in zlayer.containers()}
    pids = {name: zlayer.pid(name) for name in ('trial.w.1', 'trial.w.2')}
    zlayer('up', '-d', path)
    assert {c['Names']: c['ID'] for c in zlayer.containers()} == before
    assert {name: zlayer.pid(name) for name in pids} == pids
    assert len(zlayer('logs', 'j').lines) == 1


def test_a_job_that_failed_is_run_again(zlayer, deployment, tmp_path):
    (tmp_path / 'shared').mkdir()
    storage = [{'type': 'bind', 'source': str(tmp_path / 'shared'), 'target': '/s'}]
    path = deployment({'j': job('echo x >>/s/runs; test $(wc -l </s/runs) = 2', storage=storage)})
    zlayer('up', path, code=1)
    zlayer('up', path)
    zlayer('up', path)
    assert (tmp_path / 'shared' / 'runs').read_text() == 'x\nx\n'


@pytest.mark.parametrize(
    'change',
    [
        {'env': {'NEW': 'value'}},
        {'resources': {'memory': '32Mi'}},
        {'labels': {'a': 'b'}},
        {'hostname': 'other'},
        {'user': '1000'},
        {'command': {'entrypoint': ['sleep', '1000']}},
        {'cap_drop': ['ALL']},
        {'read_only_root_fs': True},
    ],
)
def test_what_changed_is_recreated_and_the_rest_is_not(zlayer, deployment, change):
    deployment({'changes': service(IDLE, stop_grace_period='0s'), 'stays': service(IDLE)})
    path = deployment({'changes': service(IDLE, stop_grace_period='0s'), 'stays': service(IDLE)})
    zlayer('up', '-d', path)
    before = {c['Names']: c['ID'] for c in zlayer.containers()}
    deployment({'changes': {**service(IDLE, stop_grace_period='0s'), **change}, 'stays': service(IDLE)})
    zlayer('up', '-d', path)
    after = {c['Names']: c['ID'] for c in zlayer.containers()}
    assert after['trial.stays.1'] == before['trial.stays.1'] and after['trial.changes.1'] != before['trial.changes.1']
    assert set(after) == set(before)


def test_fewer_and_more_replicas(zlayer, deployment):
    path = deployment({'w': service(IDLE, replicas=3)})
    zlayer('up', '-d', path)
    first = zlayer.inspect('trial.w.1')['Id']
    deployment({'w': service(IDLE, replicas=1)})
    zlayer('up', '-d', path)
    assert zlayer.names() == ['trial.w.1']
    deployment({'w': service(IDLE, replicas=2)})
    zlayer('up', '-d', path)
    assert zlayer.names() == ['trial.w.1', 'trial.w.2'] and zlayer.inspect('trial.w.1')['Id'] == first


def test_a_service_that_left_the_spec_goes(zlayer, deployment):
    path = deployment({'a': service(IDLE), 'b': service(IDLE)})
    zlayer('up', '-d', path)
    deployment({'a': service(IDLE)})
    zlayer('up', '-d', path)
    assert zlayer.names() == ['trial.a.1']


def test_only_the_named_services_and_what_they_need(zlayer, deployment):
    path = deployment(
        {'a': service(IDLE), 'b': service(IDLE, depends=[{'service': 'a', 'condition': 'started'}]), 'c': service(IDLE)}
    )
    zlayer('up', '-d', path, 'b')
    assert zlayer.names() == ['trial.a.1', 'trial.b.1']


def test_two_deployments_with_the_same_service_names_do_not_meet(zlayer, deployment):
    one, two = deployment({'w': service(IDLE)}, 'one'), deployment({'w': service(IDLE)}, 'two')
    zlayer('up', '-d', one)
    zlayer('up', '-d', two)
    assert zlayer.names() == ['one.w.1', 'two.w.1']
    assert 'one.w.1' in zlayer('logs', 'w', code=1).stderr, 'an ambiguous name lists the candidates'
    zlayer('down', one)
    assert zlayer.names() == ['two.w.1']


def test_down_by_name_of_the_deployment(zlayer, deployment):
    zlayer('up', '-d', deployment({'w': service(IDLE)}))
    zlayer('down', 'trial')
    assert zlayer.names() == []
    zlayer('down', 'trial'), 'a second time is fine'


def test_down_keeps_volumes_and_v_takes_them(zlayer, deployment):
    path = deployment(
        {'j': job('cat /d/x 2>/dev/null; echo kept >/d/x', storage=[{'type': 'named', 'name': 'vol', 'target': '/d'}])}
    )
    zlayer('up', path)
    zlayer('down', path)
    assert 'kept' in zlayer('up', path).stdout
    zlayer('down', '-v', path)
    assert 'kept' not in zlayer('up', path).stdout


def test_one_interrupt_stops_in_reverse_order(zlayer, deployment):
    says_when = "trap 'cat /proc/uptime; exit 0' TERM; while true; do sleep 1 & wait $!; done"
    path = deployment(
        {'base': service(says_when), 'top': service(says_when, depends=[{'service': 'base', 'condition': 'started'}])}
    )
    up = zlayer.start('up', path)
    wait_until(lambda: list(states(zlayer).values()) == ['running'] * 2, what='both run')
    time.sleep(0.5)
    up.send_signal(signal.SIGINT)
    up.communicate(timeout=40 * SLOW)
    assert set(states(zlayer).values()) <= {'exited'}
    if zlayer.names():
        base, top = (float(zlayer('logs', name).lines[-1].split()[0]) for name in ('base', 'top'))
        assert top < base


def test_a_second_interrupt_kills(zlayer, deployment):
    path = deployment({'deaf': service("trap '' TERM INT; while true; do sleep 1; done", stop_grace_period='1000s')})
    up = zlayer.start('up', path)
    wait_until(lambda: list(states(zlayer).values()) == ['running'], what='it runs')
    up.send_signal(signal.SIGINT)
    time.sleep(1)
    assert up.poll() is None
    up.send_signal(signal.SIGINT)
    up.communicate(timeout=20 * SLOW)
    assert set(states(zlayer).values()) <= {'exited'}


def test_detached_leaves_the_containers_to_their_shims(zlayer, deployment):
    zlayer('up', '-d', deployment({'w': service(COUNTER)}))
    first = len(zlayer('logs', 'w').lines)
    wait_until(lambda: len(zlayer('logs', 'w').lines) > first, what='the log goes on')


def test_an_unset_environment_reference_fails_and_names_it(zlayer, deployment):
    path = deployment({'j': job('env', env={'X': '$E:ZL_TEST_UNSET'})})
    ended = zlayer('up', path, code=125)
    assert 'ZL_TEST_UNSET' in ended.stderr and zlayer.names() == []
    assert 'X=from outside' in zlayer('up', path, env={'ZL_TEST_UNSET': 'from outside'}).stdout


def test_an_invalid_spec_tells_every_problem_at_its_place(zlayer, tmp_path):
    path = tmp_path / 'bad.yml'
    path.write_text(
        'version: v1\ndeployment: t\nservices:\n  a:\n    image: {name: "busybox"}\n    volumes: []\n'
        '    resources: {memory: 3 parrots}\n'
    )
    ended = zlayer('validate', path, code=1)
    rows = [row for row in (ended.stdout + ended.stderr).splitlines() if 'bad.yml:' in row]
    assert len(rows) == 3, ended
    assert re.search(r'bad\.yml:2:\d+: deployment: ', rows[0]) and re.search(
        r'bad\.yml:6:5: services\.a.*storage', rows[1]
    )
    assert re.search(r'bad\.yml:7:\d+: services\.a\.resources\.memory: ', rows[2])
    assert zlayer('up', path, code=125).stderr


def test_the_spec_is_found_without_an_argument(zlayer, tmp_path):
    write_spec(tmp_path, 'found', {'j': job('echo found it')}, 'zlayer.yml')
    try:
        assert 'found it' in zlayer('up', cwd=str(tmp_path)).stdout
    finally:
        zlayer('down', '-v', cwd=str(tmp_path))
    assert zlayer('validate', cwd='/proc', code=125).stderr


def test_what_is_not_in_effect_is_said(zlayer, tmp_path):
    path = write_spec(tmp_path, 'said', {'a': service(IDLE, node_mode='dedicated')})
    assert 'node_mode' in ''.join((lambda e: (e.stdout, e.stderr))(zlayer('validate', path)))


def test_the_programs_are_the_ones_of_the_build(zlayer):
    assert subprocess.run(['zlayer', 'version'], env=zlayer.env, capture_output=True, text=True).stdout.strip()
