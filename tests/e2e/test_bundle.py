"""`zlayer bundle` writes a bundle that other runtimes run unchanged."""

import json
import os
import shutil
import subprocess
import uuid

import pytest

from harness.kernel import cgroup_mounts
from harness.specs import job, write_spec
from harness.zlayer import IMAGE


def crun(directory, name):
    """crun refuses the hybrid layout: there it gets a mount namespace without the unified hierarchy."""
    mounts = cgroup_mounts()
    command = ['crun', '--root', os.path.join(directory, 'state'), 'run', '-b', os.path.join(directory, 'bundle'), name]
    if '' in mounts and 'memory' in mounts:
        return ['unshare', '-m', 'sh', '-c', f'umount {mounts[""]} && exec "$@"', 'sh', *command]
    return command


def runc(directory, name):
    return ['runc', '--root', os.path.join(directory, 'state'), 'run', '-b', os.path.join(directory, 'bundle'), name]


@pytest.fixture(params=[crun, runc], ids=['crun', 'runc'])
def other_runtime(request, tmp_path):
    """other_runtime(): runs the bundle below tmp_path and returns what subprocess.run does."""

    def run():
        name = f'zlayer-{uuid.uuid4().hex[:8]}'
        return subprocess.run(
            request.param(str(tmp_path), name), capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
        )

    return run


def write(zlayer, tmp_path, *args, code=0):
    return zlayer('bundle', str(tmp_path / 'bundle'), *args, code=code)


def test_another_runtime_runs_it(zlayer, tmp_path, other_runtime):
    write(
        zlayer,
        tmp_path,
        '--env',
        'A=b',
        '--hostname',
        'bundled',
        '--workdir',
        '/tmp',
        IMAGE,
        'sh',
        '-c',
        'echo $A; hostname; pwd; grep -E "^(CapEff|Seccomp|NoNewPrivs):" /proc/self/status; exit 42',
    )
    ended = other_runtime()
    assert ended.returncode == 42, ended.stderr
    assert ended.stdout.split() == [
        'b',
        'bundled',
        '/tmp',
        'CapEff:',
        '00000000a80425fb',
        'NoNewPrivs:',
        '1',
        'Seccomp:',
        '2',
    ]


def test_it_holds_user_limits_mounts(zlayer, tmp_path, other_runtime):
    (tmp_path / 'data').mkdir()
    (tmp_path / 'data' / 'file').write_text('bound\n')
    write(
        zlayer,
        tmp_path,
        '--user',
        'app',
        '--read-only',
        '-v',
        f'{tmp_path}/data:/data:ro',
        '--ulimit',
        'nofile=100:100',
        IMAGE,
        'sh',
        '-c',
        'id -u; cat /data/file; ulimit -n; touch /x 2>/dev/null || echo refused',
    )
    ended = other_runtime()
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == ['1000', 'bound', '100', 'refused']


def test_another_runtime_leaves_no_control_group(zlayer, tmp_path, other_runtime):
    hierarchy = '/sys/fs/cgroup/pids' if os.path.isdir('/sys/fs/cgroup/pids') else '/sys/fs/cgroup'
    write(zlayer, tmp_path, IMAGE, 'true')
    before = set(os.listdir(hierarchy))
    assert other_runtime().returncode == 0
    assert set(os.listdir(hierarchy)) <= before


def test_the_config_is_of_the_version_it_says(zlayer, tmp_path):
    write(zlayer, tmp_path, IMAGE, 'true')
    config = json.loads((tmp_path / 'bundle' / 'config.json').read_text())
    assert config['ociVersion'].startswith('1.1')
    assert config['process']['args'] == ['true'] and config['root']['path'] == 'rootfs'
    assert 'seccomp' in config['linux'], 'the profile stands in full for other runtimes'


def test_a_directory_with_something_in_it_is_refused(zlayer, tmp_path):
    (tmp_path / 'bundle').mkdir()
    (tmp_path / 'bundle' / 'file').write_text('precious')
    assert zlayer.call('bundle', str(tmp_path / 'bundle'), IMAGE, 'true').code != 0
    assert (tmp_path / 'bundle' / 'file').read_text() == 'precious'


def test_a_bundle_leaves_no_container(zlayer, tmp_path):
    write(zlayer, tmp_path, IMAGE, 'true')
    assert zlayer.names() == []
    shutil.rmtree(tmp_path / 'bundle')


def test_a_read_only_file_of_the_host(zlayer, tmp_path, other_runtime):
    (tmp_path / 'file').write_text('of the host\n')
    write(zlayer, tmp_path, '-v', f'{tmp_path}/file:/etc/motd:ro', IMAGE, 'sh', '-c', 'cat /etc/motd; echo >/etc/motd')
    ended = other_runtime()
    assert ended.stdout == 'of the host\n' and 'Read-only' in ended.stderr


def test_a_service_of_a_spec_can_be_bundled(zlayer, tmp_path, other_runtime):
    path = write_spec(tmp_path, 'bundled', {'job': job('echo $A', env={'A': 'from the spec'})})
    zlayer('bundle', str(tmp_path / 'bundle'), path, 'job')
    ended = other_runtime()
    assert (ended.returncode, ended.stdout) == (0, 'from the spec\n'), ended.stderr


def test_secrets_are_written_into_a_bundle_on_demand_alone(zlayer, tmp_path, other_runtime):
    os.makedirs(os.path.join(zlayer.root_dir, 'secrets'), mode=0o700, exist_ok=True)
    secret = os.path.join(zlayer.root_dir, 'secrets', 'bundled')
    with open(os.open(secret, os.O_CREAT | os.O_WRONLY, 0o600), 'w') as file:
        file.write('the-value')
    try:
        path = write_spec(tmp_path, 'bundled', {'job': job('echo $A', env={'A': '$S:bundled'})})
        ended = zlayer.call('bundle', str(tmp_path / 'bundle'), path, 'job')
        assert ended.code != 0 and '--with-secrets' in ended.stderr and 'the-value' not in ended.stderr
        zlayer('bundle', '--with-secrets', str(tmp_path / 'bundle'), path, 'job')
        assert other_runtime().stdout == 'the-value\n'
        assert (tmp_path / 'bundle' / 'config.json').stat().st_mode & 0o077 == 0
    finally:
        os.unlink(secret)
