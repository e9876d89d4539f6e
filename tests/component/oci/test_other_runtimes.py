"""What runtime_config_print writes runs unchanged under crun and runc, and means there what it says."""

import json
import os
import shutil
import subprocess
import uuid

import pytest

PRINT_CONFIG = os.path.join(os.environ['ZLAYER_TEST_BUILD'], 'tests/component/oci/print_config')
DEFAULT_CAPABILITIES = 'a80425fb'


def cgroup_mounts():
    """{controllers: mount point}; the unified hierarchy under ''."""
    found = {}
    with open('/proc/self/mounts', encoding='utf-8') as lines:
        for line in lines:
            _, point, kind, options = line.split()[:4]
            if kind == 'cgroup2':
                found[''] = point
            elif kind == 'cgroup':
                found.update({option: point for option in options.split(',')})
    return found


MOUNTS = cgroup_mounts()
NAME_PREFIX = f'zlayer-test-{os.getpid()}-'
HAS_V1 = 'memory' in MOUNTS


def without_unified(command):
    """crun refuses the hybrid layout: there it gets a mount namespace without the unified hierarchy."""
    if HAS_V1 and '' in MOUNTS:
        return ['unshare', '-m', 'sh', '-c', f'umount {MOUNTS[""]} && exec "$@"', 'sh', *command]
    return command


@pytest.fixture(scope='module')
def rootfs(tmp_path_factory):
    root = tmp_path_factory.mktemp('rootfs')
    root.chmod(0o755)
    for name in ('bin', 'dev', 'etc', 'home/web', 'mnt', 'proc', 'sys', 'tmp', 'usr/bin', 'usr/sbin', 'sbin'):
        (root / name).mkdir(parents=True)
    shutil.copy2('/bin/busybox', root / 'bin/busybox')
    for applet in subprocess.run(['/bin/busybox', '--list'], capture_output=True, text=True, check=True).stdout.split():
        if applet != 'busybox':
            (root / 'bin' / applet).symlink_to('busybox')
    (root / 'etc/passwd').write_text('root:x:0:0:root:/root:/bin/sh\nweb:x:33:44::/home/web:/bin/sh\n')
    (root / 'etc/group').write_text('root:x:0:\nextra:x:55:web\n')
    return root


@pytest.fixture(params=['crun', 'runc'])
def run(request, rootfs, tmp_path):
    """run(script, *keys): runs a shell script in a container and returns what subprocess.run does."""

    def run(script, *keys):
        name = f'{NAME_PREFIX}{uuid.uuid4().hex[:8]}'
        bundle = tmp_path / name
        bundle.mkdir()
        keys = (*keys, 'cgroup_v2=1') if not HAS_V1 else keys
        config = subprocess.run(
            [PRINT_CONFIG, str(rootfs), f'/{name}', *keys, '--', 'sh', '-c', script],
            capture_output=True, text=True, check=True,
        ).stdout
        (bundle / 'config.json').write_text(config)
        command = [request.param, '--root', str(tmp_path / 'state'), 'run', '-b', str(bundle), name]
        return subprocess.run(
            without_unified(command) if request.param == 'crun' else command,
            capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
        )

    return run


def lines(ended, code=0):
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended.stdout.splitlines()


def test_output_and_exit_code(run):
    ended = run('echo out; echo err >&2; exit 42')
    assert (ended.returncode, ended.stdout, ended.stderr) == (42, 'out\n', 'err\n')


def test_environment_hostname_and_workdir(run):
    got = lines(run('hostname; pwd; env | sort', 'hostname=bundled', 'workdir=/tmp', 'env=A=b c'))
    assert got[:2] == ['bundled', '/tmp']
    assert {'A=b c', 'HOME=/root', 'HOSTNAME=bundled'} <= set(got)
    assert 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' in got


STATUS = 'grep -E "^(Cap|NoNewPrivs|Seccomp:)" /proc/self/status'


def status(ended):
    return {key: value.strip().lstrip('0') for key, value in (line.split(':') for line in lines(ended))}


def test_rights_of_root(run):
    got = status(run(STATUS))
    assert got['CapEff'] == got['CapPrm'] == got['CapBnd'] == DEFAULT_CAPABILITIES
    assert got['CapInh'] == got['CapAmb'] == ''
    assert (got['NoNewPrivs'], got['Seccomp']) == ('1', '2')


def test_rights_of_a_user(run):
    got = status(run(STATUS, 'user=web'))
    assert got['CapEff'] == got['CapPrm'] == got['CapInh'] == got['CapAmb'] == ''
    assert got['CapBnd'] == DEFAULT_CAPABILITIES


def test_capabilities_added_and_dropped(run):
    assert status(run(STATUS, 'cap_drop=ALL', 'cap_add=kill'))['CapEff'] == '20'
    assert status(run(STATUS, 'cap_drop=NET_RAW'))['CapEff'] == 'a80405fb'


def test_user_groups_and_home(run):
    got = lines(run('id -u; id -g; id -G; echo $HOME', 'user=web'))
    assert got == ['33', '44', '44 55', '/home/web']
    assert lines(run('id -u; id -g; echo $HOME', 'user=1234:99')) == ['1234', '99', '/']


def test_the_filter_holds(run):
    assert lines(run('unshare -U true 2>/dev/null || echo refused')) == ['refused']
    assert lines(run('mount -t tmpfs none /mnt 2>/dev/null || echo refused')) == ['refused']
    assert lines(run('mount -t tmpfs none /mnt && echo done', 'cap_add=SYS_ADMIN')) == ['done']


def test_hidden_and_read_only_paths(run):
    got = lines(run(
        'cat /proc/kcore | wc -c; cat /proc/interrupts | wc -c; ls /sys/firmware | wc -l;'
        'echo 1 2>/dev/null >/proc/sys/kernel/domainname || echo refused;'
        'echo h 2>/dev/null >/proc/sysrq-trigger || echo refused;'
        f'mkdir /sys/fs/cgroup/{"memory/" if HAS_V1 else ""}x 2>/dev/null || echo refused'
    ))
    assert got == ['0', '0', '0', 'refused', 'refused', 'refused']


def test_privileged_lifts_them(run):
    got = lines(run(f'{STATUS}; cat /proc/interrupts | wc -l; test -c /dev/fuse && echo fuse', 'privileged=1'))
    assert not os.path.exists('/dev/fuse') or got.pop() == 'fuse'
    with open('/proc/self/status', encoding='utf-8') as own:
        bounding = next(line.split()[1].lstrip('0') for line in own if line.startswith('CapBnd'))
    values = {key: value.strip().lstrip('0') for key, value in (line.split(':') for line in got[:-1])}
    assert values['CapEff'] == bounding
    assert (values['NoNewPrivs'], values['Seccomp']) == ('', '')
    assert int(got[-1]) > 0


def test_read_only_root(run):
    assert lines(run('touch /x 2>/dev/null || echo refused; touch /tmp/x && echo written', 'read_only=1',
                     'tmpfs=/tmp:1048576')) == ['refused', 'written']


def test_mounts(run, tmp_path):
    shared = tmp_path / 'shared'
    scratch = f'/scratch-{uuid.uuid4().hex[:8]}'  # runc gives an existing target its former mode
    (shared / 'rw').mkdir(parents=True)
    (shared / 'file').write_text('from outside\n')
    got = lines(run(
        'cat /data/file; touch /data/x 2>/dev/null || echo refused; touch /data/rw/y && echo written;'
        f'df -k {scratch} | tail -1 | tr -s " " | cut -d" " -f2; stat -c %a {scratch};'
        'grep -c " /data" /proc/self/mounts',
        f'bind={shared}:/data/rw', f'bind={shared}:/data:ro', f'tmpfs={scratch}:2097152',
    ))
    assert got == ['from outside', 'refused', 'written', '2048', '1777', '2']
    assert (shared / 'y').exists()


def test_a_read_only_bind_is_so_all_the_way_down(run, tmp_path):
    below = tmp_path / 'shared/below'
    below.mkdir(parents=True)
    subprocess.run(['mount', '-t', 'tmpfs', 'none', str(below)], check=True)
    try:
        got = lines(run('touch /data/below/x 2>/dev/null || echo refused', f'bind={tmp_path / "shared"}:/data:ro'))
    finally:
        subprocess.run(['umount', str(below)], check=True)
    assert got == ['refused']


def test_devices(run):
    got = lines(run(
        'echo x >/dev/null && head -c 4 /dev/zero | wc -c && head -c 4 /dev/urandom | wc -c;'
        'mknod /tmp/disk b 8 0 && (head -c 1 /tmp/disk 2>/dev/null || echo refused); rm -f /tmp/disk;'
        'df -k /dev/shm | tail -1 | tr -s " " | cut -d" " -f2'
    ))
    assert got == ['4', '4', 'refused', '65536']


def test_limits(run):
    files = 'memory.max cpu.max pids.max'
    if HAS_V1:
        files = 'memory/memory.limit_in_bytes cpu/cpu.cfs_quota_us pids/pids.max'
    script = f'cd /sys/fs/cgroup; cat {files}; ulimit -n'
    got = lines(run(script, 'memory=67108864', 'centicpus=50', 'pids=50', 'nofile=512'))
    assert got == (['67108864', '50000', '50', '512'] if HAS_V1 else ['67108864', '50000 100000', '50', '512'])


def test_namespaces(run):
    script = 'for n in pid ipc uts mnt net cgroup; do readlink /proc/self/ns/$n; done; echo $$'
    got = lines(run(script))
    host = [os.readlink(f'/proc/self/ns/{n}') for n in ('pid', 'ipc', 'uts', 'mnt', 'net', 'cgroup')]
    assert not set(got) & set(host)
    assert got[-1] == '1'
    assert lines(run(script, 'host_network=1'))[4] == host[4]


def test_nothing_is_left(run):
    assert run('true').returncode == 0
    left = [os.path.join(point, name) for point in set(MOUNTS.values()) for name in os.listdir(point)
            if name.startswith(NAME_PREFIX)]
    assert left == []


def test_the_json_is_what_the_spec_asks_for(rootfs):
    text = subprocess.run([PRINT_CONFIG, str(rootfs), '/x', 'label=a=b', '--', 'true'], capture_output=True, text=True,
                          check=True).stdout
    config = json.loads(text)
    assert config['ociVersion'] == '1.1.0'
    assert config['annotations']['io.zlayer.label.a'] == 'b'
    assert config['linux']['seccomp']['defaultErrnoRet'] == 1
