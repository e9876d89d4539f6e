"""exec runs one more program in a container, as the same user, in the same place, with the caller's own descriptors."""

import os
import threading
import time

import pytest

from harness.kernel import is_alive
from harness.zlayer import IMAGE, SLOW, wait_until


@pytest.fixture
def running(zlayer):
    return zlayer.detached('-e', 'COLOUR=green', '-w', '/tmp', IMAGE, 'sleep', '1000')


def test_output_and_status_pass_through(zlayer, running):
    ended = zlayer('exec', running, 'sh', '-c', 'echo out; echo err >&2; exit 3', code=3)
    assert (ended.stdout, ended.stderr) == ('out\n', 'err\n')


def test_binary_output_is_byte_exact(zlayer, running):
    ended = zlayer('exec', running, 'sh', '-c', "printf '\\000\\377\\r\\n\\n'; printf x", binary=True)
    assert ended.stdout == b'\x00\xff\r\n\nx'


def test_input_is_passed_on_with_i_alone(zlayer, running):
    assert zlayer('exec', '-i', running, 'cat', input='typed\n').stdout == 'typed\n'
    assert zlayer('exec', running, 'cat', input='typed\n').stdout == ''


def test_a_megabyte_goes_through_both_ways(zlayer, running):
    data = os.urandom(1 << 20)
    assert zlayer('exec', '-i', running, 'cat', input=data, binary=True).stdout == data


def test_the_environment_is_the_containers_and_more(zlayer, running):
    out = zlayer('exec', '-e', 'SIZE=large', '-e', 'COLOUR=blue', running, 'env').lines
    assert 'SIZE=large' in out and 'COLOUR=blue' in out and 'COLOUR=green' not in out
    assert any(line.startswith('PATH=') for line in out)
    assert not any(line.startswith('ZLAYER_') for line in out)


def test_workdir_and_user(zlayer, running):
    assert zlayer('exec', running, 'pwd').stdout == '/tmp\n'
    assert zlayer('exec', '-w', '/etc', running, 'pwd').stdout == '/etc\n'
    assert zlayer('exec', '-u', 'app', running, 'id', '-un').stdout == 'app\n'
    assert zlayer('exec', '-u', '1000:50', running, 'sh', '-c', 'id -u; id -g').lines == ['1000', '50']


@pytest.mark.parametrize('user', ['1x', ':', '4294967296', '-1', 'nobody-here', '0 ', '1000:', '1000:no-such-group'])
def test_junk_for_a_user_is_an_error_and_never_root(zlayer, running, user):
    ended = zlayer.call('exec', '-u', user, running, 'id', '-u')
    assert ended.code != 0 and '0' not in ended.stdout.split(), ended


def test_it_lives_in_the_containers_cgroup(zlayer, running):
    exec_ = zlayer.start('exec', running, 'sh', '-c', 'echo in; sleep 1000')
    assert exec_.stdout.readline() == 'in\n'
    assert (
        zlayer(
            'exec',
            running,
            'sh',
            '-c',
            'cat /proc/1/cgroup >/tmp/one; cat /proc/self/cgroup | cmp - /tmp/one && echo same',
        ).stdout
        == 'same\n'
    )
    zlayer('kill', running)
    assert exec_.wait(20 * SLOW) == 137


def test_a_container_that_does_not_run_is_refused(zlayer):
    container = zlayer.detached(IMAGE, 'true')
    zlayer('wait', container)
    assert (
        'not running' in zlayer('exec', container, 'true', code=125).stderr
        or zlayer.call('exec', container, 'true').code == 1
    )


def test_many_at_once(zlayer, running):
    codes = {}

    def one(number):
        codes[number] = zlayer.call('exec', running, 'sh', '-c', f'echo {number}; exit {number}')

    threads = [threading.Thread(target=one, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {n: (e.code, e.stdout) for n, e in codes.items()} == {n: (n, f'{n}\n') for n in range(16)}


def test_a_client_that_dies_does_not_harm_the_container(zlayer, running):
    client = zlayer.start('exec', running, 'sh', '-c', 'echo in; sleep 1000')
    assert client.stdout.readline() == 'in\n'
    client.kill()
    client.wait()
    assert zlayer('exec', running, 'echo', 'fine').stdout == 'fine\n'


def test_children_that_outlive_their_exec_are_reaped(zlayer, running):
    zlayer('exec', running, 'sh', '-c', 'sleep 0.2 & exit 0')
    time.sleep(0.5)
    stats = zlayer('exec', running, 'sh', '-c', "cat /proc/[0-9]*/stat 2>/dev/null | awk '{print $3}'").stdout.split()
    assert 'Z' not in stats or stats.count('Z') <= 1, 'sleep as process 1 reaps nothing: the one orphan is its own'


def test_the_first_process_is_untouched(zlayer, running):
    pid = zlayer.pid(running)
    for _ in range(5):
        zlayer('exec', running, 'true')
    assert zlayer.pid(running) == pid and is_alive(pid)


def test_names_work_as_well_as_ids(zlayer):
    zlayer('run', '-d', '--name', 'named', IMAGE, 'sleep', '100')
    wait_until(lambda: zlayer.call('exec', 'named', 'true').code == 0)
