"""Ending: exit codes, stop, kills of the container, of its shim and of who called, exec, and what they leave."""

import os
import random
import signal
import subprocess
import time

import pytest
from conftest import BUILD, Failed
from harness.kernel import is_alive
from harness.zlayer import wait_until

WRITER = """
i=0
while [ $i -lt 3000 ]; do echo "line $i of some length"; echo "error $i" >&2; i=$((i+1)); done
sleep 1
exit 17
"""


def has_exit_info():
    """Linux 6.15 tells by a pidfd how a process ended that another one reaped."""
    return tuple(map(int, os.uname().release.split('-')[0].split('.')[:2])) >= (6, 15)


def kill_shim(native, container):
    pid = native.shim(container)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(pid), what='the shim is dead')


@pytest.mark.parametrize('code', [0, 1, 42, 126, 127, 255])
def test_the_exit_code_is_the_programs(native, code):
    record, _ = native.finish('sh', '-c', f'exit {code}')
    assert (record['known'], record['code'], record['signal']) == (True, code, 0)


@pytest.mark.parametrize('signo', [6, 9, 11, 15])
def test_a_signal_is_128_and_its_number(native, signo):
    """A namespace's first process has no default action but for SIGKILL: a program of exec is hit by the others."""
    container = native.run('sleep', '100')
    assert native('exec', container, '--', 'sh', '-c', f'kill -{signo} $$') == 128 + signo
    native('kill', container)
    record = native('wait', container)
    assert (record['known'], record['code'], record['signal']) == (True, 137, 9)


def test_kill_sends_its_signal(native):
    container = native.run('sh', '-c', 'trap "exit 33" USR1; echo ready; while :; do sleep 0.05; done')
    wait_until(lambda: native.log(container)['stdout'], what='the trap is set')
    native('kill', container, 'signal=10')
    assert native('wait', container)['code'] == 33
    native('kill', container)


def test_stop_within_its_grace_and_past_it(native):
    container = native.run('sh', '-c', 'trap "exit 3" TERM; echo ready; while :; do sleep 0.05; done')
    wait_until(lambda: native.log(container)['stdout'], what='the trap is set')
    native('stop', container, 'grace=20000')
    assert native('wait', container)['code'] == 3
    container = native.run('sh', '-c', 'trap "" TERM; sleep 100 & sleep 100 & wait')
    pid = native.info(container)['pid']
    native('stop', container, 'grace=300')
    assert native('wait', container)['code'] == 137 and not is_alive(pid)
    native('stop', container)


def test_thirty_waiters_get_the_same_record(native):
    container = native.run('sh', '-c', 'sleep 1; exit 12')
    waits = [native.begin('wait', container) for _ in range(30)]
    records = [native.wait_for(w) for w in waits]
    assert all(r == records[0] for r in records) and records[0]['code'] == 12


@pytest.mark.parametrize('kills', [1, 5])
def test_a_shim_killed_while_the_container_writes_is_replaced_and_no_byte_is_lost(native, kills):
    container = native.run('sh', '-c', WRITER)
    for _ in range(kills):
        if native.info(container)['status'] != 'running':
            break
        try:
            kill_shim(native, container)
        except (ProcessLookupError, FileNotFoundError):
            break
        if native.info(container)['status'] == 'running':
            assert native.state(container)['pid']
        time.sleep(0.02)
    record = native('wait', container)
    assert not record['known'] or record['code'] == 17, record
    assert record['code'] != 0
    if has_exit_info():
        assert record['known']
    log = native.log(container)
    assert log['stdout'].decode() == ''.join(f'line {i} of some length\n' for i in range(3000))
    assert log['stderr'].decode() == ''.join(f'error {i}\n' for i in range(3000))


def test_an_adopted_container_can_be_stopped_and_entered(native):
    container = native.run('sleep', '100')
    kill_shim(native, container)
    assert native('exec', container, '--', 'sh', '-c', 'exit 4') == 4
    kill_shim(native, container)
    native('stop', container, 'grace=0')
    record = native('wait', container)
    assert record['code'] == (137 if record['known'] else -1)


def test_a_container_killed_with_its_shim_ended_unknown(native):
    container = native.run('sleep', '100')
    shim, pid = native.shim(container), native.info(container)['pid']
    os.kill(shim, signal.SIGSTOP)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(pid), what='the container is dead')
    os.kill(shim, signal.SIGKILL)
    record = native('wait', container)
    assert (record['known'], record['code']) == (False, -1)
    assert native.info(container)['status'] == 'unknown'
    native('start', container)
    native('stop', container, 'grace=0')


def test_a_shim_rests_while_the_disk_is_full(native):
    container = native.create('sh', '-c', 'echo first; read x </tmp/go; yes | head -c 2000000; sleep 100')
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=200k', 'log', native.path(container, 'log')], check=True)
    try:
        native('start', container)
        shim = native.shim(container)
        wait_until(lambda: native.log(container)['stdout'], what='the first line')
        native('exec', container, '--', 'sh', '-c', 'mkfifo /tmp/go 2>/dev/null; exit 0')
        native('stop', container, 'grace=0')
        native('start', container)
        shim = native.shim(container)
        native('exec', container, '--', 'sh', '-c', 'echo >/tmp/go')
        time.sleep(0.5)

        def ticks():
            with open(f'/proc/{shim}/stat', encoding='ascii') as file:
                fields = file.read().rsplit(')', 1)[1].split()
            return int(fields[11]) + int(fields[12])

        before = ticks()
        time.sleep(1)
        assert ticks() - before < 30
        assert native('exec', container, '--', 'true') == 0
        native('stop', container, 'grace=0')
    finally:
        subprocess.run(['umount', native.path(container, 'log')], check=True)


def check_consistent(native):
    """Every container is listed in a state that can be true, and each can be removed."""
    for info in native('list'):
        assert info['status'] in ('pending', 'initializing', 'running', 'stopping', 'exited', 'unknown'), info
        if info['status'] == 'exited':
            assert info['exit']['known'] and info['exit']['code'] in (0, 5, 137), info
        native('remove', info['id'], 'force=1', 'volumes=1')
    assert native('list') == []
    assert native.names() == []
    assert os.listdir(os.path.join(native.root_dir, 'containers')) == []
    assert os.listdir(native.runtime_dir) == []


def kill_somewhere(native, chance, most, *args):
    """Runs the call, killed after a random time; True when it came to its end."""
    call = native.begin(*args)
    time.sleep(chance.random() * most)
    call.kill()
    call.communicate()
    return call.returncode == 0


@pytest.mark.parametrize('seed', range(4))
def test_who_calls_may_be_killed_at_any_moment(native, seed):
    chance = random.Random(seed)
    for number in range(30):
        kill_somewhere(native, chance, 0.008, 'create', 'busybox', f'name=k{number}', '--', 'sleep', '100')
        container = native.create('sh', '-c', 'sleep 100', name='victim')
        kill_somewhere(native, chance, 0.03, 'start', container)
        what = chance.choice(['exec', 'remove', 'stop', 'shim', 'nothing'])
        if what == 'shim':
            for pid in native.shims():
                os.kill(pid, signal.SIGKILL)
        elif what == 'exec':
            kill_somewhere(native, chance, 0.02, 'exec', container, '--', 'sh', '-c', 'sleep 0.01')
        elif what == 'remove':
            kill_somewhere(native, chance, 0.02, 'remove', container, 'force=1')
        elif what == 'stop':
            kill_somewhere(native, chance, 0.02, 'stop', container, 'grace=0')
        passing = ('initializing', 'stopping')
        wait_until(lambda: all(i['status'] not in passing for i in native('list')), what='it settles')
        check_consistent(native)


@pytest.mark.parametrize('seed', range(3))
def test_the_shim_may_be_killed_at_any_moment_of_a_start(native, seed):
    chance = random.Random(100 + seed)
    for _ in range(20):
        container = native.create('sh', '-c', 'exit 5')
        start = native.begin('start', container)
        end = time.monotonic() + 0.02 * chance.random()
        while time.monotonic() < end:
            pass
        for pid in native.shims():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            native.wait_for(start)
        except Failed as failed:
            assert failed.kind in ('UnexpectedExit', 'StartFailed'), failed
            assert native.info(container)['status'] == 'pending'
        check_consistent(native)


def test_exec_gives_codes_and_takes_user_directory_and_environment(native):
    container = native.run('sleep', '100')
    assert [native('exec', container, '--', 'sh', '-c', f'exit {n}') for n in (0, 1, 42, 255)] == [0, 1, 42, 255]
    assert native('exec', container, '--', 'sh', '-c', 'kill -9 $$') == 137
    native.fails('CommandNotFound', 'exec', container, '--', 'nowhere')
    native.fails('NotExecutable', 'exec', container, '--', '/etc')
    native.fails('StartFailed', 'exec', container, 'user=1x', '--', 'true')
    script = 'id -u; id -g; pwd; echo $A'
    native('exec', container, 'user=1000:1001', 'workdir=/tmp', 'env=A=b', '--', 'sh', '-c', script)
    assert native.output.splitlines() == ['1000', '1001', '/tmp', 'b']


def test_exec_leaks_no_descriptor_with_many_connections_open(native):
    container = native.run('sleep', '100')
    waits = [native.begin('wait', container) for _ in range(50)]
    shim = native.shim(container)
    wait_until(lambda: len(os.listdir(f'/proc/{shim}/fd')) > 64, what='all of them wait')
    for _ in range(3):
        assert native('exec', container, '--', 'sh', '-c', 'ls /proc/self/fd | grep -v "^3$"; pwd') == 0
        assert native.output.split() == ['0', '1', '2', '/'], native.output
    native('stop', container, 'grace=0')
    assert {native.wait_for(w)['code'] for w in waits} == {137}


def test_exec_while_the_container_ends(native):
    for number in range(10):
        container = native.run('sh', '-c', f'sleep 0.0{number}; exit 6')
        calls = [native.begin('exec', container, '--', 'sh', '-c', 'sleep 100') for _ in range(4)]
        for call in calls:
            try:
                assert native.wait_for(call) == 137
            except Failed as failed:
                assert failed.kind in ('Conflict', 'StartFailed', 'UnexpectedExit', 'NotFound'), failed
        assert native('wait', container)['code'] == 6


def test_groups_that_the_container_made_go_with_it(native):
    container = native.run('sleep', '100')
    with open(f'/proc/{native.info(container)["pid"]}/cgroup', encoding='ascii') as file:
        (path,) = [line.strip().split(':', 2)[2] for line in file if ':pids:' in line]
    os.makedirs(f'/sys/fs/cgroup/pids{path}/inner/most')
    sleeper = subprocess.Popen(['sleep', '100'])
    with open(f'/sys/fs/cgroup/pids{path}/inner/most/cgroup.procs', 'w', encoding='ascii') as file:
        file.write(str(sleeper.pid))
    native('stop', container, 'grace=0')
    assert not os.path.exists(f'/sys/fs/cgroup/pids{path}')
    assert sleeper.wait(timeout=10) == -9


def test_a_removal_and_a_list_at_once(native):
    for _ in range(10):
        container = native.create('true')
        removal = native.begin('remove', container)
        lists = [native.begin('list') for _ in range(3)]
        native.wait_for(removal)
        for each in lists:
            native.wait_for(each)


def test_the_shims_program_cannot_be_written_from_inside(native):
    """CVE-2019-5736: nothing in the container reaches the shim's file, which is read-only even for the host."""
    container = native.run('sleep', '100')
    exe = f'/proc/{native.shim(container)}/exe'
    with pytest.raises(OSError) as caught:
        os.close(os.open(exe, os.O_WRONLY))
    assert caught.value.errno in (30, 26)
    before = os.stat(os.path.join(BUILD, 'bin/zlayer-shim')).st_mtime_ns
    native('exec', container, '--', 'sh', '-c', 'for p in /proc/[0-9]*; do echo x >$p/exe; done 2>/dev/null; exit 0')
    assert os.stat(os.path.join(BUILD, 'bin/zlayer-shim')).st_mtime_ns == before


def test_a_program_of_exec_holds_nothing_for_who_may_trace_it(native):
    """CVE-2016-9962: with SYS_PTRACE a container looks into what joins it; no path of the host is to be found there."""
    look = 'for p in /proc/[0-9]*; do [ $p = /proc/1 ] || ls -l $p/fd $p/cwd $p/root; done'
    container = native.run('sh', '-c', f'while :; do {look}; done 2>/dev/null', cap_add='SYS_PTRACE')
    for _ in range(20):
        assert native('exec', container, '--', 'true') == 0
    native('stop', container, 'grace=0')
    text = native.log(container)['stdout'].decode()
    assert text and native.directory not in text and '/sys/fs/cgroup' not in text
