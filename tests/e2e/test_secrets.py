"""A secret's value reaches the program that names it, and no other place."""

import os
import subprocess

import pytest

from harness.specs import IDLE, job, service, write_spec
from harness.zlayer import wait_until

VALUE = 'correct-horse-battery-staple'


@pytest.fixture
def secret(zlayer):
    directory = os.path.join(zlayer.root_dir, 'secrets')
    os.makedirs(directory, mode=0o700, exist_ok=True)
    path = os.path.join(directory, 'password')
    with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), 'w') as file:
        file.write(VALUE)
    yield path
    os.unlink(path)


@pytest.fixture
def deployment(zlayer, tmp_path):
    def write(services):
        return write_spec(tmp_path, 'secretive', services)

    yield write
    zlayer.call('down', '-v', 'secretive')


def test_the_program_gets_the_value(zlayer, secret, deployment):
    assert (
        f'| {VALUE}' in zlayer('up', deployment({'j': job('echo $PASSWORD', env={'PASSWORD': '$S:password'})})).stdout
    )


def test_the_value_is_in_no_file_command_line_or_listing(zlayer, secret, deployment):
    zlayer('up', '-d', deployment({'s': service(IDLE, env={'PASSWORD': '$S:password'})}))
    pid = zlayer.pid('s')
    with open(f'/proc/{pid}/environ', 'rb') as file:
        assert VALUE.encode() in file.read()
    for directory in (zlayer.root_dir, zlayer.runtime_dir):
        found = subprocess.run(
            ['grep', '-rlsF', '--devices=skip', VALUE, directory], capture_output=True, text=True
        ).stdout.split()
        assert [path for path in found if path != secret] == []
    for command in (['inspect', 's'], ['ps', '-a', '--no-trunc'], ['logs', 's'], ['ps', '-a', '--format', 'json']):
        ended = zlayer(*command)
        assert VALUE not in ended.stdout + ended.stderr
    assert VALUE not in subprocess.run(['ps', 'axww', '-o', 'args'], capture_output=True, text=True).stdout
    shim = zlayer.shim_pid('s')
    with open(f'/proc/{shim}/environ', 'rb') as file:
        assert VALUE.encode() not in file.read()


def test_a_missing_secret_fails_and_names_it(zlayer, deployment):
    ended = zlayer('up', deployment({'j': job('env', env={'X': '$S:nothing-like-it'})}), code=125)
    assert 'nothing-like-it' in ended.stderr
    assert '$S:' not in zlayer.call('logs', 'j').stdout


def test_a_field_of_a_json_secret(zlayer, secret, deployment):
    with open(secret, 'w') as file:
        file.write('{"user": "alice", "port": 5432}')
    out = zlayer(
        'up', deployment({'j': job('echo $U:$P', env={'U': '$S:password/user', 'P': '$S:password/port'})})
    ).stdout
    assert 'alice:5432' in out


def test_a_file_that_others_can_read_is_refused(zlayer, secret, deployment):
    os.chmod(secret, 0o644)
    ended = zlayer('up', deployment({'j': job('env', env={'X': '$S:password'})}), code=125)
    assert VALUE not in ended.stdout + ended.stderr and 'password' in ended.stderr


def test_a_changed_secret_is_read_at_each_start(zlayer, secret, deployment):
    path = deployment({'j': job('echo $X; exit 1', env={'X': '$S:password'})})
    assert VALUE in zlayer('up', path, code=1).stdout
    with open(secret, 'w') as file:
        file.write('another one')
    assert 'another one' in zlayer('up', path, code=1).stdout


def test_traversal_in_a_name_is_refused(zlayer, secret, deployment):
    for name in ('../password', '/etc/passwd', '..'):
        assert zlayer.call('up', deployment({'j': job('env', env={'X': f'$S:{name}'})})).code in (1, 125)


def test_nothing_of_a_secret_stays_when_all_is_down(zlayer, secret, deployment):
    path = deployment({'s': service(IDLE, env={'PASSWORD': '$S:password'})})
    zlayer('up', '-d', path)
    wait_until(lambda: zlayer.pid('s'))
    zlayer('down', '-v', path)
    found = subprocess.run(
        ['grep', '-rlsF', '--devices=skip', VALUE, zlayer.root_dir, zlayer.runtime_dir], capture_output=True, text=True
    ).stdout.split()
    assert found == [secret]
