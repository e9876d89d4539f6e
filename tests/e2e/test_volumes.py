"""Bind mounts, named and anonymous volumes, tmpfs."""

import os

from harness.zlayer import IMAGE


def test_a_bind_mount_shows_the_hosts_files(zlayer, tmp_path):
    (tmp_path / 'file').write_text('from the host\n')
    assert (
        zlayer('run', '--rm', '-v', f'{tmp_path}:/mnt', IMAGE, 'sh', '-c', 'cat /mnt/file; echo back >/mnt/new').stdout
        == 'from the host\n'
    )
    assert (tmp_path / 'new').read_text() == 'back\n'


def test_a_read_only_bind_mount_is_one(zlayer, tmp_path):
    ended = zlayer('run', '--rm', '-v', f'{tmp_path}:/mnt:ro', IMAGE, 'touch', '/mnt/x', code=1)
    assert 'Read-only' in ended.stderr and os.listdir(tmp_path) == []


def test_a_file_can_be_mounted_on_a_file(zlayer, tmp_path):
    (tmp_path / 'passwd').write_text('someone:x:0:0::/:/bin/sh\n')
    assert zlayer(
        'run', '--rm', '-v', f'{tmp_path}/passwd:/etc/passwd:ro', IMAGE, 'cat', '/etc/passwd'
    ).stdout.startswith('someone')


def test_a_named_volume_outlives_its_containers(zlayer):
    zlayer('run', '--rm', '-v', 'kept:/data', IMAGE, 'sh', '-c', 'echo 1 >/data/file')
    assert zlayer('run', '--rm', '-v', 'kept:/data', IMAGE, 'cat', '/data/file').stdout == '1\n'


def test_a_new_named_volume_is_filled_from_the_image(zlayer):
    assert 'passwd' in zlayer('run', '--rm', '-v', 'filled:/etc', IMAGE, 'ls', '/etc').stdout
    zlayer('run', '--rm', '-v', 'filled:/etc', IMAGE, 'rm', '/etc/passwd')
    assert 'passwd' not in zlayer('run', '--rm', '-v', 'filled:/data', IMAGE, 'ls', '/data').stdout, 'only a new one'


def test_an_anonymous_volume_goes_with_its_container(zlayer):
    def count():
        return sum(len(names) + len(files) for _, names, files in os.walk(os.path.join(zlayer.root_dir, 'volumes')))

    before = count()
    zlayer('run', '--rm', '-v', '/data', IMAGE, 'sh', '-c', 'echo 1 >/data/file')
    assert count() == before


def test_tmpfs_has_the_size_that_was_asked_for(zlayer):
    out = zlayer(
        'run',
        '--rm',
        '--tmpfs',
        '/scratch:size=1m,mode=1777',
        IMAGE,
        'sh',
        '-c',
        'stat -c %a /scratch; head -c 2000000 /dev/zero >/scratch/x; wc -c </scratch/x',
    ).lines
    assert out[0] == '1777' and int(out[1]) <= 1 << 20


def test_a_missing_source_is_an_error_or_made_as_docker_does(zlayer, tmp_path):
    ended = zlayer.call('run', '--rm', '--mount', f'type=bind,source={tmp_path}/missing,target=/mnt', IMAGE, 'true')
    assert ended.code == 125 and 'missing' in ended.stderr


def test_a_target_with_dots_is_refused(zlayer, tmp_path):
    ended = zlayer('run', '--rm', '-v', f'{tmp_path}:/proc/../mnt/../../../inside', IMAGE, 'true', code=125)
    assert '`..`' in ended.stderr and not os.path.exists('/inside')
