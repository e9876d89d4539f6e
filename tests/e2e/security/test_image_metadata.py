"""Rows: image metadata as instructions; user parse; volume writes by the agent."""

import os
import tarfile

import pytest

from harness.images import special
from harness.zlayer import IMAGE


@pytest.mark.parametrize(
    'user',
    [
        '1x',
        '-1',
        '4294967296',
        '4294967295',
        '0x0',
        'no-such-user',
        'root ',
        ':0',
        '1000:no-such-group',
        '1000:4294967296',
        'a' * 70000,
    ],
)
def test_a_user_that_is_none_never_becomes_root(zlayer, make_image, user):
    image = make_image(config={'User': user})
    ended = zlayer.call('run', '--rm', image, 'id', '-u')
    assert ended.code == 125 and ended.stdout == ''
    assert zlayer.call('run', '--rm', '--user', user, IMAGE, 'id', '-u').stdout == ''


@pytest.mark.parametrize(
    'line',
    [
        'evil:x:4294967296:0::/:/bin/sh',
        'evil:x::0::/:/bin/sh',
        'evil:x:-1:0::/:/bin/sh',
        'evil:x:0x10:0::/:/bin/sh',
        'evil',
        'evil:',
        'evil:x:12junk:0::/:/bin/sh',
    ],
)
def test_a_broken_passwd_line_gives_nobody_an_id(zlayer, make_image, line):
    image = make_image(('etc/passwd', line + '\n'))
    ended = zlayer.call('run', '--rm', '--user', 'evil', image, 'id', '-u')
    assert ended.code == 125 and ended.stdout == ''


def test_passwd_as_a_link_out_or_a_fifo_is_not_read(zlayer, make_image, outside):
    (outside / 'secret').write_text('host-secret\n')
    for entry in (
        special('etc/passwd', tarfile.SYMTYPE, '/../../../../../../etc/shadow'),
        special('etc/passwd', tarfile.FIFOTYPE),
        special('etc/passwd', tarfile.SYMTYPE, str(outside / 'secret')),
    ):
        ended = zlayer.call('run', '--rm', '--user', 'root', make_image(entry), 'true', timeout=30)
        assert ended.code in (0, 125)


def test_labels_do_nothing(zlayer, make_image):
    image = make_image(
        config={
            'Labels': {
                'io.zlayer.secret-env.X': '$S:password',
                'io.zlayer.seccomp': 'unconfined',
                'io.zlayer.user': '0',
                'io.zlayer.network': 'host',
                'io.zlayer.deployment': 'other',
                'com.docker.compose.project': 'x',
            }
        }
    )
    out = zlayer('run', '--rm', image, 'sh', '-c', 'grep Seccomp: /proc/self/status; ls /sys/class/net; env').stdout
    assert 'Seccomp:\t2' in out and 'X=' not in out
    assert out.split('\n')[1] == 'lo'


def test_environment_of_an_image_is_data(zlayer, make_image):
    image = make_image(config={'Env': ['ZLAYER_ROOT_DIR=/tmp', 'A=$E:HOME', 'B=$S:password', 'C=$(id)', 'HOME=/x']})
    rows = zlayer('run', '--rm', image, 'env').lines
    assert 'A=$E:HOME' in rows and 'B=$S:password' in rows and 'C=$(id)' in rows and 'HOME=/x' in rows


@pytest.mark.parametrize(
    'config',
    [
        {'Env': ['X=' + 'x' * (2 << 20)]},
        {'Cmd': ['x'] * 200000},
        {'Volumes': {f'/v{n}': {} for n in range(20000)}},
        {'WorkingDir': '/' + 'w' * 5000},
        {'Cmd': 'not a list'},
        {'Env': [1, 2]},
        {'StopSignal': 'SIGNOTHING'},
    ],
    ids=['env', 'cmd', 'volumes', 'workdir', 'cmd type', 'env type', 'signal'],
)
def test_huge_and_wrong_fields_are_errors(zlayer, tmp_path, base_layer, config):
    from harness.images import Layout

    layout = Layout(tmp_path / 'layout')
    layout.add_image('huge:1', [base_layer], config)
    ended = zlayer.call('image', 'load', layout.directory)
    if ended.code == 0:
        assert zlayer.call('run', '--rm', 'huge:1', *([] if 'Cmd' in config else ['true'])).code in (125, 126, 127)
        zlayer.remove_all()
        zlayer('image', 'rm', 'huge:1')
    else:
        assert ended.code == 1


def test_a_volume_is_filled_from_the_image_and_never_from_the_host(zlayer, make_image, outside):
    image = make_image(
        special('data', tarfile.SYMTYPE, str(outside)),
        special('more', tarfile.SYMTYPE, '../../../../../..' + str(outside)),
    )
    for target in ('/data', '/more'):
        ended = zlayer.call('run', '--rm', '-v', f'fill{target[1:]}:{target}', image, 'sh', '-c', f'cat {target}/*')
        assert 'host-secret' not in ended.stdout
        assert os.listdir(outside) == ['secret']
