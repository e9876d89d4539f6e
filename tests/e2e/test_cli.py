"""What every command has in common: help, hints, names, JSON, colours, exit statuses."""

import json
import os
import pty
import re
import subprocess

import pytest

from harness.zlayer import IMAGE, wait_until

COMMANDS = [
    'up',
    'down',
    'ps',
    'run',
    'exec',
    'logs',
    'stop',
    'kill',
    'rm',
    'inspect',
    'wait',
    'image',
    'validate',
    'spec',
    'bundle',
    'info',
    'version',
    'help',
]


@pytest.mark.parametrize('command', COMMANDS)
def test_every_command_has_help(zlayer, command):
    text = zlayer(command, '--help').stdout
    assert text.lower().startswith('usage: zlayer') and len(text.splitlines()) > 2
    assert zlayer('help', command).stdout == text


def test_the_help_names_every_command(zlayer):
    text = zlayer('help').stdout
    assert all(re.search(rf'^\s+{command}\s', text, re.M) for command in COMMANDS)


def test_an_unknown_flag_gets_a_hint(zlayer):
    ended = zlayer('run', '--memroy', '1m', IMAGE, 'true', code=125)
    assert '--memroy' in ended.stderr and '--memory' in ended.stderr
    assert zlayer.call('ps', '--fromat', 'json').code != 0


def test_an_unknown_command_gets_a_hint(zlayer):
    ended = zlayer.call('imagse')
    assert ended.code != 0 and 'image' in ended.stderr


def test_errors_go_to_stderr_in_one_line(zlayer):
    ended = zlayer('inspect', 'nothing-here', code=1)
    assert ended.stderr.count('\n') == 1 and ended.stderr.startswith('zlayer: ')
    assert not ended.stderr.rstrip().endswith('.')


def test_json_is_one_array(zlayer):
    assert zlayer.json('ps', '--format', 'json') == []
    container = zlayer.detached('--name', 'one', IMAGE, 'sleep', '100')
    (row,) = zlayer.json('ps', '--format', 'json')
    assert (
        row['Names'] == 'one'
        and row['State'] == 'running'
        and row['Image'] == IMAGE
        and container.startswith(row['ID'])
    )
    assert isinstance(zlayer.json('image', 'ls', '--format', 'json'), list)
    assert len(zlayer.json('inspect', 'one', container)) == 2


def test_inspect_has_dockers_keys(zlayer):
    container = zlayer.detached('--name', 'keys', '-e', 'A=b', '-l', 'c=d', IMAGE, 'sleep', '100')
    found = zlayer.inspect('keys')
    assert found['Id'] == container and found['Name'].lstrip('/') == 'keys' and found['Image'].startswith('sha256:')
    assert found['State']['Running'] is True and found['State']['Pid'] > 0 and found['State']['StartedAt'] > '2020'
    assert 'A=b' in found['Config']['Env'] and found['Config']['Labels']['c'] == 'd'
    assert found['Config']['Cmd'] == ['sleep', '100'] or found['Args'] == ['100']


def test_ids_prefixes_and_names(zlayer):
    container = zlayer.detached('--name', 'named', IMAGE, 'sleep', '100')
    for name in (container, container[:12], container[:4], 'named'):
        assert zlayer.inspect(name)['Id'] == container


def test_an_ambiguous_prefix_lists_the_candidates(zlayer):
    ids = []
    while len({i[0] for i in ids}) == len(ids):
        ids.append(zlayer('run', '-d', IMAGE, 'true').stdout.strip())
    first = ids[-1][0]
    twins = [i for i in ids if i[0] == first]
    ended = zlayer('inspect', first, code=1)
    assert all(twin[:12] in ended.stderr for twin in twins)


def test_a_name_is_unique(zlayer):
    zlayer('run', '-d', '--name', 'only', IMAGE, 'sleep', '100')
    assert 'only' in zlayer('run', '-d', '--name', 'only', IMAGE, 'sleep', '100', code=125).stderr
    zlayer('rm', '-f', 'only')
    zlayer('run', '-d', '--name', 'only', IMAGE, 'sleep', '100')


@pytest.mark.parametrize('name', ['../x', 'a/b', '', '-x', 'a b', '.', 'x' * 300])
def test_a_name_that_is_no_name_is_refused(zlayer, name):
    assert zlayer.call('run', '-d', f'--name={name}', IMAGE, 'true').code == 125


def test_ps_shows_what_runs_and_a_all(zlayer):
    zlayer('run', '--name', 'ended', IMAGE, 'true')
    zlayer('run', '-d', '--name', 'runs', IMAGE, 'sleep', '100')
    assert 'ended' not in zlayer('ps').stdout and 'runs' in zlayer('ps').stdout
    assert 'ended' in zlayer('ps', '-a').stdout
    quiet = zlayer('ps', '-q', '--no-trunc').lines
    assert len(quiet) == 1 and len(quiet[0]) == 64


def on_terminal(zlayer, args, env=None):
    """Output of a command whose stdout is a terminal."""
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [zlayer.program, *args],
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=slave,
        env={**zlayer.env, 'TERM': 'xterm', **(env or {})},
    )
    os.close(slave)
    out = b''
    while True:
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        out += data
    os.close(master)
    child.wait()
    return out


def test_colours_are_for_terminals_and_no_color_turns_them_off(zlayer, tmp_path):
    from harness.specs import job, write_spec

    path = write_spec(tmp_path, 'colours', {'a': job('echo a'), 'b': job('echo b')})
    try:
        assert b'\033[' in on_terminal(zlayer, ['up', path])
        zlayer('down', path)
        assert b'\033[' not in on_terminal(zlayer, ['up', path], {'NO_COLOR': '1'})
    finally:
        zlayer('down', path)


def test_version_and_info(zlayer):
    assert re.search(r'\d+\.\d+\.\d+', zlayer('version').stdout)
    assert zlayer.root_dir in zlayer('info').stdout
    assert json.loads(zlayer('info', '--format', 'json').stdout)


def test_run_removes_with_rm_even_when_detached(zlayer):
    zlayer('run', '-d', '--rm', IMAGE, 'true')
    wait_until(lambda: zlayer.names() == [], what='it is gone')


def test_the_callers_input_does_not_reach_the_program(zlayer):
    assert zlayer('run', '--rm', IMAGE, 'cat', input='typed\n').stdout == ''


def test_the_environment_is_what_was_given_and_nothing_of_the_callers(zlayer):
    rows = zlayer(
        'run', '--rm', '-e', 'A=b', '-e', 'FROM_CALLER', IMAGE, 'env', env={'FROM_CALLER': 'yes', 'HIDDEN': 'no'}
    ).lines
    assert 'A=b' in rows and 'FROM_CALLER=yes' in rows
    assert not any(row.startswith(('HIDDEN', 'ZLAYER_', 'ASAN')) for row in rows)


def test_output_to_a_full_device_is_an_error(zlayer):
    with open('/dev/full', 'w') as full:
        done = subprocess.run([zlayer.program, 'version'], env=zlayer.env, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode != 0


def test_spec_dump_round_trips(zlayer, tmp_path):
    from harness.specs import job, write_spec

    path = write_spec(tmp_path, 'dumped', {'a': job('echo a', env={'PORT': '80'})})
    for form in ('yaml', 'json'):
        first = zlayer('spec', 'dump', path, '--format', form).stdout
        again = tmp_path / f'again.{form}.yml'
        again.write_text(first)
        assert zlayer('spec', 'dump', again, '--format', form).stdout == first
        zlayer('validate', again)
