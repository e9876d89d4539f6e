"""What a default container can do and see, read back from the kernel and not from what was asked for."""

import os
import re

import pytest

from harness.kernel import (
    cgroup_dir,
    cgroup_mounts,
    cpu_cores,
    is_v2,
    memory_limit,
    mount_table,
    pids_limit,
    read,
    status_field,
)
from harness.zlayer import IMAGE, wait_until

DEFAULT_CAPABILITIES = '00000000a80425fb'
MASKED = [
    '/proc/interrupts',
    '/proc/kcore',
    '/proc/keys',
    '/proc/timer_list',
    '/proc/acpi',
    '/proc/scsi',
    '/sys/firmware',
]
READ_ONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']


@pytest.fixture
def running(zlayer):
    return zlayer.detached(IMAGE, 'sleep', '100')


def inside(zlayer, *command, args=()):
    """Output of a program that is the container's first process."""
    return zlayer('run', '--rm', *args, IMAGE, 'sh', '-c', *command).stdout


def test_the_default_capabilities_are_dockers(zlayer, running):
    pid = zlayer.pid(running)
    for name in ('CapPrm', 'CapEff', 'CapBnd'):
        assert status_field(pid, name) == DEFAULT_CAPABILITIES, name
    for name in ('CapInh', 'CapAmb'):
        assert int(status_field(pid, name), 16) == 0, name


def test_seccomp_filters_and_no_new_privileges_hold(zlayer, running):
    pid = zlayer.pid(running)
    assert status_field(pid, 'Seccomp') == '2'
    assert status_field(pid, 'NoNewPrivs') == '1'
    status = zlayer('exec', running, 'cat', '/proc/self/status').stdout
    assert re.search(r'^Seccomp:\s+2$', status, re.M) and re.search(r'^NoNewPrivs:\s+1$', status, re.M)
    assert re.search(rf'^CapEff:\s+{DEFAULT_CAPABILITIES}$', status, re.M), 'exec is no way to more rights'


def test_the_filter_refuses_what_dockers_refuses(zlayer):
    assert 'permitted' in zlayer('run', '--rm', IMAGE, 'unshare', '-U', 'true', code=1).stderr
    assert zlayer.call('run', '--rm', IMAGE, 'mount', '-t', 'tmpfs', 'x', '/tmp').code != 0


def test_the_program_is_process_1_of_its_own_pid_namespace(zlayer):
    assert inside(zlayer, 'echo $$') == '1\n'
    assert inside(zlayer, 'ls -d /proc/[0-9]*').split() in (['/proc/1'], ['/proc/1', '/proc/2'])


@pytest.mark.parametrize('namespace', ['pid', 'ipc', 'uts', 'mnt', 'net', 'cgroup'])
def test_each_namespace_is_an_own_one(zlayer, running, namespace):
    assert os.readlink(f'/proc/{zlayer.pid(running)}/ns/{namespace}') != os.readlink(f'/proc/self/ns/{namespace}')


def test_exec_joins_every_namespace(zlayer, running):
    listing = zlayer(
        'exec',
        running,
        'sh',
        '-c',
        'for n in pid ipc uts mnt net cgroup; do readlink /proc/self/ns/$n; readlink /proc/1/ns/$n; done',
    ).lines
    assert listing[0::2] == listing[1::2] and len(listing) == 12


@pytest.mark.parametrize('path', MASKED)
def test_masked_paths_are_empty(zlayer, path):
    out = inside(zlayer, f'if [ -d {path} ]; then ls -A {path}; elif [ -e {path} ]; then wc -c <{path}; fi')
    assert out.strip() in ('', '0')


@pytest.mark.parametrize('path', READ_ONLY)
def test_read_only_paths_are_read_only_mounts(zlayer, path):
    table = {line.split()[1]: line.split()[3].split(',') for line in inside(zlayer, 'cat /proc/mounts').splitlines()}
    if path in table:
        assert 'ro' in table[path]
    else:
        assert not os.path.exists(path), f'{path} is there on this kernel and is not a mount'


def test_sysctls_cannot_be_written(zlayer):
    assert (
        'Read-only file system'
        in inside(zlayer, 'echo 1 2>&1 >/proc/sys/kernel/sysrq || true; echo 1 >/proc/sys/kernel/sysrq; true')
        or zlayer.call('run', '--rm', IMAGE, 'sh', '-c', 'echo 1 >/proc/sys/kernel/sysrq').code != 0
    )


def test_sysfs_and_the_cgroup_mounts_are_read_only(zlayer):
    for line in inside(zlayer, 'cat /proc/mounts').splitlines():
        _, where, kind, options = line.split()[:4]
        if kind in ('sysfs', 'cgroup', 'cgroup2'):
            assert 'ro' in options.split(','), line


def test_no_mount_of_the_host_is_seen(zlayer, running):
    """Plain files of the host are mounted at three places, its /dev/null over what is masked; nothing else of it."""
    places = {}
    for line in read(f'/proc/{zlayer.pid(running)}/mountinfo').splitlines():
        places.setdefault(line.split(' - ')[1].split()[0], []).append(line.split()[4])
    own = {'overlay', 'proc', 'tmpfs', 'devpts', 'mqueue', 'sysfs', 'cgroup', 'cgroup2'}
    of_host = {kind: targets for kind, targets in places.items() if kind not in own}
    masks = of_host.pop('devtmpfs', [])
    assert set(masks) <= set(MASKED)
    assert {t for targets in of_host.values() for t in targets} <= {'/etc/hosts', '/etc/hostname', '/etc/resolv.conf'}
    assert places['overlay'] == ['/']


def test_the_hosts_mount_table_is_unchanged_while_containers_run(zlayer):
    before = mount_table()
    for _ in range(3):
        zlayer.detached(IMAGE, 'sleep', '100')
    assert mount_table() == before


def test_no_fd_is_leaked(zlayer, running):
    fds = os.listdir(f'/proc/{zlayer.pid(running)}/fd')
    assert sorted(fds) == ['0', '1', '2']
    listing = zlayer('exec', running, 'ls', '/proc/self/fd').stdout.split()
    assert listing == ['0', '1', '2', '3'], 'the fourth is that of ls'


def test_fds_of_the_caller_do_not_come_in(zlayer, tmp_path):
    with open(tmp_path / 'secret', 'w') as file:
        os.set_inheritable(file.fileno(), True)
        run = zlayer.start('run', '--rm', IMAGE, 'ls', '-l', '/proc/self/fd', pass_fds=[file.fileno()])
        out, _ = run.communicate(timeout=60)
    assert run.returncode == 0 and str(tmp_path) not in out
    assert [row.split()[8] for row in out.splitlines()[1:]] == ['0', '1', '2', '3'], 'the last is that of ls'


def test_devices_are_the_default_ones(zlayer):
    names = set(inside(zlayer, 'ls /dev').split())
    assert {
        'null',
        'zero',
        'full',
        'random',
        'urandom',
        'tty',
        'pts',
        'ptmx',
        'shm',
        'mqueue',
        'fd',
        'stdin',
        'stdout',
        'stderr',
    } <= names
    assert not names & {'sda', 'vda', 'mem', 'kmsg', 'kvm', 'fuse', 'loop0'}


def test_the_device_cgroup_denies_what_mknod_allows(zlayer):
    script = (
        'mknod /tmp/mem c 1 1 && mknod /tmp/null c 1 3 && echo x >/tmp/null && echo null works; '
        'head -c1 /tmp/mem 2>&1; mknod /tmp/disk b 8 0; head -c1 /tmp/disk 2>&1; true'
    )
    out = inside(zlayer, script)
    assert 'null works' in out and out.count('not permitted') == 2, out


def test_standard_devices_work(zlayer):
    assert inside(
        zlayer, 'head -c4 /dev/zero | od -An -tx1; head -c8 /dev/urandom | wc -c; echo x >/dev/null && echo ok'
    ).split() == ['00', '00', '00', '00', '8', 'ok']
    assert zlayer('run', '--rm', IMAGE, 'sh', '-c', 'echo x >/dev/full', code=1).stderr


def test_the_hosts_cgroup_path_is_hidden(zlayer, running):
    for line in zlayer('exec', running, 'cat', '/proc/1/cgroup').lines:
        assert line.split(':', 2)[2] == '/', line
    assert 'zlayer-e2e' not in zlayer('exec', running, 'cat', '/proc/self/cgroup', '/proc/1/mountinfo').stdout


def test_limits_are_what_the_cgroup_files_say(zlayer):
    container = zlayer.detached('--memory', '48m', '--cpus', '0.5', '--pids-limit', '23', IMAGE, 'sleep', '100')
    pid = zlayer.pid(container)
    assert (memory_limit(pid), cpu_cores(pid), pids_limit(pid)) == (48 << 20, 0.5, 23)
    host = zlayer.inspect(container)['HostConfig']
    assert (host['Memory'], host['NanoCpus'], host['PidsLimit']) == (48 << 20, 500000000, 23)


def test_the_pids_limit_holds(zlayer):
    ended = zlayer.call(
        'run', '--rm', '--pids-limit', '5', IMAGE, 'sh', '-c', 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait'
    )
    assert 'fork' in ended.stderr and ended.code != 0


def test_the_memory_limit_holds_and_the_oom_kill_is_told(zlayer):
    container = zlayer.detached('--memory', '16m', IMAGE, 'sh', '-c', 'x=$(tail /dev/zero); echo survived')
    zlayer('wait', container)
    state = zlayer.inspect(container)['State']
    assert state['OOMKilled'] is True


def test_a_container_of_one_mebibyte_starts(zlayer):
    assert zlayer('run', '--rm', '--memory', '1m', IMAGE, 'echo', 'small').stdout == 'small\n'


def test_a_privileged_container_is_one(zlayer):
    container = zlayer.detached('--privileged', IMAGE, 'sleep', '100')
    pid = zlayer.pid(container)
    assert status_field(pid, 'CapEff') == status_field('self', 'CapBnd')
    assert (status_field(pid, 'Seccomp'), status_field(pid, 'NoNewPrivs')) == ('0', '0')


def test_capabilities_are_added_to_and_dropped_from_the_default_set(zlayer):
    def effective(*args):
        return int(
            re.search(r'^CapEff:\s+(\w+)$', inside(zlayer, 'cat /proc/self/status', args=args), re.M).group(1), 16
        )

    default = int(DEFAULT_CAPABILITIES, 16)
    assert effective('--cap-add', 'SYS_PTRACE') == default | 1 << 19
    assert effective('--cap-add', 'CAP_SYS_PTRACE') == default | 1 << 19
    assert effective('--cap-drop', 'CHOWN') == default & ~1
    assert effective('--cap-drop', 'ALL') == 0
    assert effective('--cap-drop', 'ALL', '--cap-add', 'KILL') == 1 << 5


def test_an_unknown_capability_is_refused(zlayer):
    assert 'FLYING' in zlayer('run', '--rm', '--cap-add', 'FLYING', IMAGE, 'true', code=125).stderr


def test_another_user_has_no_capabilities(zlayer):
    out = inside(zlayer, 'id -u; id -G; grep CapEff /proc/self/status; echo $HOME', args=('--user', 'app'))
    assert out.split() == ['1000', '1000', '50', 'CapEff:', '0000000000000000', '/home/app']


def test_a_read_only_root_is_read_only_and_its_volumes_are_not(zlayer):
    out = inside(zlayer, 'touch /x 2>&1; touch /scratch/x && echo written', args=('--read-only', '--tmpfs', '/scratch'))
    assert 'Read-only file system' in out and 'written' in out


def test_ulimits_are_what_was_asked_for(zlayer):
    assert inside(zlayer, 'ulimit -Sn; ulimit -Hn', args=('--ulimit', 'nofile=123:456')).split() == ['123', '456']


def test_each_container_has_its_own_host_name(zlayer):
    assert inside(
        zlayer, 'hostname; cat /etc/hostname; grep -c named-so /etc/hosts', args=('--hostname', 'named-so')
    ).split() == ['named-so', 'named-so', '1']


def test_no_network_has_loopback_alone(zlayer):
    assert inside(zlayer, 'ls /sys/class/net', args=('--network', 'none')).split() == ['lo']
    assert 'UP' in inside(zlayer, 'ip link show lo', args=('--network', 'none'))


def test_the_hosts_network_is_shared_on_demand(zlayer):
    container = zlayer.detached('--network', 'host', IMAGE, 'sleep', '100')
    assert os.readlink(f'/proc/{zlayer.pid(container)}/ns/net') == os.readlink('/proc/self/ns/net')


def test_the_oom_score_and_the_parent_death_signal_are_not_inherited(zlayer, running):
    pid = zlayer.pid(running)
    assert read(f'/proc/{pid}/oom_score_adj').strip() == read('/proc/self/oom_score_adj').strip()
    assert int(status_field(pid, 'SigBlk'), 16) == 0
    assert int(status_field(pid, 'SigIgn'), 16) == 0


def test_the_cgroup_of_the_container_is_below_the_parent(zlayer, running):
    assert cgroup_dir(zlayer.pid(running), 'pids').endswith(f'{zlayer.cgroup_parent}/zlayer/{running}')
    assert is_v2('pids') or os.path.isdir(cgroup_dir(zlayer.pid(running), 'devices'))


def test_no_cgroup_is_left_once_the_last_container_is_gone(zlayer):
    zlayer('run', '--rm', IMAGE, 'true')
    left = [mount + zlayer.cgroup_parent + '/zlayer' for mount in set(cgroup_mounts().values())]
    wait_until(lambda: not any(map(os.path.exists, left)), timeout=5, what='no cgroup is left')
