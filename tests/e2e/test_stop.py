"""stop asks, waits for the grace, then kills the whole tree; kill sends one signal."""

import time

import pytest

from harness.kernel import cgroup_dir, is_alive, read
from harness.zlayer import IMAGE, SLOW, wait_until

OBEYS = "trap 'echo stopping; exit 7' TERM; echo ready; while true; do sleep 0.1; done"
DEAF = "trap '' TERM; echo ready; while true; do sleep 0.1; done"


def ready(zlayer, *args):
    container = zlayer.detached(*args)
    wait_until(lambda: 'ready' in zlayer('logs', container).stdout, what='the program is ready')
    return container


def test_a_program_that_obeys_ends_within_the_grace(zlayer):
    container = ready(zlayer, IMAGE, 'sh', '-c', OBEYS)
    begin = time.monotonic()
    zlayer('stop', '-t', '30', container)
    assert time.monotonic() - begin < 10 * SLOW
    assert zlayer.inspect(container)['State']['ExitCode'] == 7
    assert zlayer('logs', container).lines == ['ready', 'stopping']


def test_a_deaf_program_is_killed_once_the_grace_is_over(zlayer):
    container = ready(zlayer, IMAGE, 'sh', '-c', DEAF)
    begin = time.monotonic()
    zlayer('stop', '-t', '1', container)
    assert time.monotonic() - begin >= 1
    assert zlayer.inspect(container)['State']['ExitCode'] == 137


def test_no_grace_kills_at_once(zlayer):
    container = ready(zlayer, IMAGE, 'sh', '-c', DEAF)
    zlayer('stop', '-t', '0', container)
    assert zlayer.inspect(container)['State']['ExitCode'] == 137


def test_the_whole_tree_goes(zlayer):
    container = ready(
        zlayer, IMAGE, 'sh', '-c', "trap '' TERM; setsid sh -c 'trap \"\" TERM HUP; sleep 1000; true' & " + DEAF
    )
    pids = read(f'{cgroup_dir(zlayer.pid(container), "pids")}/cgroup.procs').split()
    assert len(pids) >= 3
    zlayer('stop', '-t', '0', container)
    wait_until(lambda: not any(map(is_alive, pids)), what='the tree is gone')


@pytest.mark.parametrize('signal', ['USR1', 'SIGUSR1', '10'])
def test_the_stop_signal_is_the_containers(zlayer, signal):
    program = "trap 'exit 21' USR1; echo ready; while true; do sleep 0.1; done"
    container = ready(zlayer, '--stop-signal', signal, IMAGE, 'sh', '-c', program)
    zlayer('stop', '-t', '30', container)
    assert zlayer.inspect(container)['State']['ExitCode'] == 21


def test_stopping_twice_is_fine(zlayer):
    container = ready(zlayer, IMAGE, 'sh', '-c', OBEYS)
    zlayer('stop', container)
    zlayer('stop', container)
    assert zlayer.inspect(container)['State']['ExitCode'] == 7


def test_stop_takes_several_and_names_what_is_missing(zlayer):
    one, two = (ready(zlayer, IMAGE, 'sh', '-c', OBEYS) for _ in range(2))
    ended = zlayer('stop', one, 'no-such-container', two, code=1)
    assert 'no-such-container' in ended.stderr
    assert [zlayer.inspect(c)['State']['Status'] for c in (one, two)] == ['exited', 'exited']


def test_kill_sends_the_named_signal(zlayer):
    program = "trap 'echo got it' HUP; echo ready; while true; do sleep 0.1; done"
    container = ready(zlayer, IMAGE, 'sh', '-c', program)
    zlayer('kill', '-s', 'HUP', container)
    wait_until(lambda: 'got it' in zlayer('logs', container).stdout, what='the trap ran')
    assert zlayer.inspect(container)['State']['Running'] is True


def test_an_unknown_signal_is_refused(zlayer):
    container = zlayer.detached(IMAGE, 'sleep', '100')
    for signal in ('NOSUCH', '0x9', '99', '-1'):
        assert zlayer.call('kill', '-s', signal, container).code != 0
    assert zlayer.inspect(container)['State']['Running'] is True


def test_rm_refuses_what_runs_and_force_takes_it(zlayer):
    container = zlayer.detached(IMAGE, 'sleep', '100')
    zlayer('rm', container, code=1)
    zlayer('rm', '-f', container)
    assert zlayer.names() == []


def test_a_foreground_run_passes_signals_on(zlayer):
    run = zlayer.start('run', '--rm', IMAGE, 'sh', '-c', OBEYS)
    assert run.stdout.readline() == 'ready\n'
    run.terminate()
    assert run.wait(20 * SLOW) == 7
    assert run.stdout.read() == 'stopping\n'


def test_only_who_asks_for_the_end_is_named_by_it(zlayer):
    """A signal that is a message to the program does not make its end the user's wish."""
    trap = 'trap "echo told" USR1; echo ready; while :; do sleep 0.1; [ -e /tmp/end ] && exit 4; done'
    for signal_name, then, by in (('USR1', ('exec', 'touch', '/tmp/end'), ''), ('KILL', None, 'user')):
        container = zlayer.detached(IMAGE, 'sh', '-c', trap)
        wait_until(lambda: 'ready' in zlayer('logs', container).stdout, what='it runs')
        zlayer('kill', '-s', signal_name, container)
        if then:
            zlayer(then[0], container, *then[1:])
        zlayer('wait', container)
        assert zlayer.inspect(container)['State']['StoppedBy'] == by
