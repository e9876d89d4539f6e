"""Whoever dies, the containers live on, no line of their logs is lost or doubled, and no exit is made up."""

import os
import signal
import subprocess
import time

import pytest

from harness.kernel import is_alive, read
from harness.specs import COUNTER, service, write_spec
from harness.zlayer import IMAGE, SLOW, wait_until


@pytest.fixture
def four(zlayer, tmp_path):
    """Path of a spec of four replicas, taken down at the end."""
    path = write_spec(tmp_path, 'crash', {'w': service(COUNTER, replicas=4)})
    yield path
    zlayer.call('down', '-v', path)


def running_pids(zlayer):
    return {c['Names']: zlayer.pid(c['ID']) for c in zlayer.containers() if c['State'] == 'running'}


def assert_whole(lines):
    """line 1, line 2 ... without gap or double."""
    numbers = [line for line in lines if line.startswith('line')]
    assert numbers == [f'line {n}' for n in range(1, len(numbers) + 1)]


def test_up_killed_leaves_the_replicas_running_and_up_takes_them_over(zlayer, four):
    up = zlayer.start('up', four)
    wait_until(lambda: len(running_pids(zlayer)) == 4, what='four replicas run')
    up.kill()
    up.communicate()
    pids = running_pids(zlayer)
    assert len(pids) == 4 and all(map(is_alive, pids.values()))

    again = zlayer.start('up', four)
    wait_until(lambda: again.poll() is not None or len(zlayer('logs', 'crash.w.1').lines) > 20, what='the log goes on')
    assert again.poll() is None and running_pids(zlayer) == pids
    again.send_signal(signal.SIGINT)
    again.communicate(timeout=40 * SLOW)
    for name in pids:
        if name in zlayer.names():
            assert zlayer.inspect(name)['State']['ExitCode'] == 0
            lines = zlayer('logs', name).lines
            assert_whole(lines)
            assert lines[-1] == 'stopped'
    zlayer('down', four)
    assert zlayer.names() == []


def test_exits_while_nobody_looks_are_recorded(zlayer, tmp_path):
    path = write_spec(tmp_path, 'crash', {'w': service('sleep 1; echo bye; exit 23', replicas=4)})
    up = zlayer.start('up', path)
    wait_until(lambda: len(running_pids(zlayer)) == 4, what='four replicas run')
    up.kill()
    up.communicate()
    for number in range(1, 5):
        assert zlayer('wait', f'crash.w.{number}').lines == ['23']
        assert zlayer('logs', f'crash.w.{number}').lines == ['bye']
    zlayer('down', path)


@pytest.mark.parametrize('command', ['run', 'up'])
@pytest.mark.parametrize('delay', [0.002, 0.005, 0.01, 0.02, 0.05])
def test_a_start_killed_at_any_instant_leaves_what_rm_and_down_clean(zlayer, tmp_path, command, delay):
    path = write_spec(tmp_path, 'crash', {'w': service(COUNTER, replicas=2)})
    args = ['up', '-d', path] if command == 'up' else ['run', '-d', IMAGE, 'sh', '-c', COUNTER]
    child = zlayer.start(*args, start_new_session=True)
    time.sleep(delay)
    child.kill()
    child.communicate()
    zlayer('ps', '-a')
    if command == 'up':
        zlayer('down', path)
    zlayer.remove_all()
    assert zlayer.names() == []


class TestShimKilled:
    @pytest.fixture
    def container(self, zlayer):
        container = zlayer.detached(IMAGE, 'sh', '-c', COUNTER)
        wait_until(lambda: len(zlayer('logs', container).lines) > 3, what='it writes')
        return container

    def kill_shim(self, zlayer, container):
        shim = zlayer.shim_pid(container)
        os.kill(shim, signal.SIGKILL)
        wait_until(lambda: not is_alive(shim), what='the shim is dead')
        return shim

    def test_the_container_goes_on_and_its_log_is_completed(self, zlayer, container):
        pid = zlayer.pid(container)
        self.kill_shim(zlayer, container)
        time.sleep(0.5)
        assert is_alive(pid)
        before = len(zlayer('logs', container).lines)
        wait_until(lambda: len(zlayer('logs', container).lines) > before + 3, what='the log goes on')
        assert_whole(zlayer('logs', container).lines)
        assert zlayer.pid(container) == pid and zlayer.shim_pid(container)

    def test_it_is_adopted_by_hand(self, zlayer, container):
        """zlayer-shim --adopt ID, before any other command looks."""
        pid = zlayer.pid(container)
        self.kill_shim(zlayer, container)
        shim = subprocess.Popen([os.path.join(zlayer.bin_dir, 'zlayer-shim'), '--adopt', container], env=zlayer.env)
        second = subprocess.run(
            [os.path.join(zlayer.bin_dir, 'zlayer-shim'), '--adopt', 'f' * 64],
            env=zlayer.env,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.returncode == 1 and 'No such file' in second.stderr
        state = os.path.join(zlayer.runtime_dir, container, 'pid')
        wait_until(lambda: f'shim {shim.pid}\n' in read(state), what='it is the shim now')
        zlayer('stop', container)
        assert shim.wait(timeout=20 * SLOW) == 0
        assert not is_alive(pid)
        assert_whole(zlayer('logs', container).lines)

    def test_exec_works_again(self, zlayer, container):
        self.kill_shim(zlayer, container)
        assert zlayer('exec', container, 'echo', 'inside').stdout == 'inside\n'

    def test_it_can_be_stopped_and_its_exit_is_known_or_unknown_never_made_up(self, zlayer, container):
        self.kill_shim(zlayer, container)
        zlayer('stop', container)
        state = zlayer.inspect(container)['State']
        assert state['Running'] is False
        assert (state['Status'], state['ExitCode']) == ('exited', 0) or (
            state['Status'] == 'unknown' and state['ExitCode'] != 0
        )
        lines = zlayer('logs', container).lines
        assert_whole(lines)
        assert lines[-1] == 'stopped'

    def test_it_can_be_killed_and_removed(self, zlayer, container):
        self.kill_shim(zlayer, container)
        zlayer('rm', '-f', container)
        assert zlayer.names() == []

    def test_an_exit_that_nobody_saw_is_unknown(self, zlayer, container):
        pid = zlayer.pid(container)
        self.kill_shim(zlayer, container)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(pid), what='the program is dead')
        state = zlayer.inspect(container)['State']
        assert state['Status'] == 'unknown' and state['ExitCode'] != 0
        ended = zlayer.call('wait', container)
        assert ended.stdout.strip() != '0'
        row = [c for c in zlayer.containers() if c['ID'] == container or container.startswith(c['ID'])][0]
        assert row['State'] == 'unknown'
        assert_whole(zlayer('logs', container).lines)

    def test_several_times_in_a_row(self, zlayer, container):
        for _ in range(3):
            self.kill_shim(zlayer, container)
            zlayer('exec', container, 'true')
            before = len(zlayer('logs', container).lines)
            wait_until(lambda: len(zlayer('logs', container).lines) > before, what='the log goes on')
        zlayer('stop', container)
        assert_whole(zlayer('logs', container).lines)

    def test_binary_output_is_complete_byte_by_byte(self, zlayer):
        script = (
            'until [ -e /tmp/go ]; do sleep 0.1; done; '
            "n=0; while [ $n -lt 2000 ]; do n=$((n+1)); printf '%d\\000\\n' $n; done; sleep 1000"
        )
        container = zlayer.detached(IMAGE, 'sh', '-c', script)
        zlayer('exec', container, 'touch', '/tmp/go')
        time.sleep(0.02)
        self.kill_shim(zlayer, container)
        expected = b''.join(b'%d\x00\n' % n for n in range(1, 2001))
        wait_until(lambda: zlayer('logs', container, binary=True).stdout == expected, what='the log is complete')


def test_a_foreign_boot_id_means_not_running(zlayer):
    """As after a reboot: what the runtime directory holds is of another boot."""
    container = zlayer.detached(IMAGE, 'sh', '-c', COUNTER)
    pid = zlayer.pid(container)
    shim = zlayer.shim_pid(container)
    path = os.path.join(zlayer.runtime_dir, container, 'pid')
    with open(path, encoding='ascii') as file:
        text = file.read()
    with open('/proc/sys/kernel/random/boot_id', encoding='ascii') as file:
        boot_id = file.read().strip()
    assert boot_id in text or boot_id.replace('-', '') in text
    os.kill(shim, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    other = '0' * 8 + boot_id[8:]
    with open(path, 'w', encoding='ascii') as file:
        file.write(text.replace(boot_id, other).replace(boot_id.replace('-', ''), other.replace('-', '')))
    state = zlayer.inspect(container)['State']
    assert (state['Status'], state['Running']) == ('unknown', False)


def test_a_pid_that_was_given_to_another_process_is_not_taken_for_it(zlayer):
    container = zlayer.detached(IMAGE, 'sleep', '1000')
    pid, shim = zlayer.pid(container), zlayer.shim_pid(container)
    os.kill(shim, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    path = os.path.join(zlayer.runtime_dir, container, 'pid')
    text = open(path, encoding='ascii').read()
    assert str(pid) in text.split()[0:2] or str(pid) in text
    with open(path, 'w', encoding='ascii') as file:
        file.write(text.replace(str(pid), str(os.getpid()), 1))
    assert zlayer.inspect(container)['State']['Running'] is False
    zlayer('rm', '-f', container)
    assert is_alive(os.getpid())


def test_a_container_whose_shim_cannot_be_replaced_is_removed_all_the_same(zlayer, tmp_path):
    container = zlayer.detached(IMAGE, 'sleep', '1000')
    pid = zlayer.pid(container)
    os.kill(zlayer.shim_pid(container), signal.SIGKILL)
    without_shim = {'ZLAYER_LIBEXEC_DIR': str(tmp_path)}
    zlayer('rm', '-f', container, env=without_shim)
    assert not is_alive(pid)
    assert zlayer.names() == []
