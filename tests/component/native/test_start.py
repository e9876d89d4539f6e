"""Starting: every step made to fail in turn, hostile images, limits, volumes, and starts that compete."""

import os
import re
import subprocess
import tarfile

import pytest
from conftest import BUILD, Failed
from harness.images import special
from harness.kernel import is_alive, status_field
from harness.leaks import Snapshot

BUSYBOX = subprocess.run(['sh', '-c', 'command -v busybox'], capture_output=True, text=True).stdout.strip()
PARENT_STEPS = ['cgroup', 'root file system', 'user', 'volumes', 'mounts', None]
CHILD_STEPS = [
    'cgroup',
    'hostname',
    'limits',
    'masked paths',
    'root file system',
    'mounts',
    'devices',
    'masked paths',
    'network',
    'working directory',
    'root file system',
    'stdio',
    'start',
    'privileges',
    'exec',
]


@pytest.fixture
def faulty(native):
    native.use_shim(os.path.join(BUILD, 'tests/component/native/faulty-shim'))
    return native


def set_fault(native, container, text):
    with open(native.path(container, 'fault'), 'w', encoding='ascii') as file:
        file.write(text)


def snapshot_of_files(native, container):
    return sorted(name for name in os.listdir(native.path(container)) if name != 'fault')


@pytest.mark.parametrize('side, steps', [('parent', PARENT_STEPS), ('child', CHILD_STEPS)])
def test_a_step_that_fails_names_itself_and_leaves_nothing(faulty, side, steps):
    container = faulty.create('true', volume='fault-volume:/etc', memory=64 << 20)
    before, files = Snapshot(faulty), snapshot_of_files(faulty, container)
    for number, name in enumerate(steps):
        set_fault(faulty, container, f'{side} {number}')
        message = faulty.fails('StartFailed', 'start', container)
        assert message.endswith(f'{name}: made to fail' if name else 'made to fail'), (number, message)
        assert faulty.info(container)['status'] == 'pending'
        assert faulty.shims() == set() and before.differences() == [], (number, name)
        assert snapshot_of_files(faulty, container) == files
    os.unlink(faulty.path(container, 'fault'))
    faulty('start', container)
    assert faulty('wait', container)['code'] == 0


def test_the_table_of_steps_is_all_of_them(faulty):
    for side, steps in (('parent', PARENT_STEPS), ('child', CHILD_STEPS)):
        container = faulty.create('true')
        set_fault(faulty, container, f'{side} {len(steps)}')
        faulty('start', container)
        assert faulty('wait', container)['code'] == 0


def test_a_failed_restart_keeps_the_former_record_and_log(faulty):
    record, container = faulty.finish('sh', '-c', 'echo one; exit 7')
    set_fault(faulty, container, 'child 4')
    faulty.fails('StartFailed', 'start', container)
    assert faulty('wait', container) == record and faulty.info(container)['status'] == 'exited'
    assert faulty.log(container)['stdout'] == b'one\n'


def test_a_container_restarted_appends_to_its_log_and_gets_a_new_record(native):
    record, container = native.finish('sh', '-c', 'echo life; [ ! -e /x ] || exit 9; touch /x; exit 8')
    native('start', container)
    again = native('wait', container)
    assert (record['code'], again['code']) == (8, 9) and again['started'] > record['finished']
    assert native.log(container)['stdout'] == b'life\nlife\n'


@pytest.mark.parametrize(
    'argv, kind',
    [
        (['/nowhere'], 'CommandNotFound'),
        (['nowhere'], 'CommandNotFound'),
        (['/etc/passwd/x'], 'CommandNotFound'),
        (['/etc/passwd'], 'NotExecutable'),
        (['/bin'], 'NotExecutable'),
    ],
)
def test_a_program_that_cannot_be_run_says_why(native, argv, kind):
    container = native.create(*argv)
    native.fails(kind, 'start', container)
    assert native.info(container)['status'] == 'pending'


def test_of_two_starts_at_once_one_wins(native):
    for _ in range(5):
        container = native.create('sleep', '100')
        calls = [native.begin('start', container) for _ in range(4)]
        kinds = []
        for call in calls:
            try:
                native.wait_for(call)
                kinds.append(None)
            except Failed as failed:
                kinds.append(failed.kind)
        assert sorted(kinds, key=str) == ['Conflict'] * 3 + [None], kinds
        assert native.info(container)['status'] == 'running'
        native('remove', container, 'force=1')


def test_the_program_inherits_no_signal_that_its_starter_ignored(native):
    container = native.create('grep', '-E', '^Sig(Ign|Blk)', '/proc/self/status')
    subprocess.run(
        ['sh', '-c', 'trap "" INT QUIT HUP USR1; exec "$@"', '-', *native.begin('list').args[:1], 'start', container],
        env=native.env,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    native('wait', container)
    assert re.findall(rb':\s+(\w+)', native.log(container)['stdout']) == [b'0' * 16] * 2


def test_a_limit_of_one_mebibyte_is_enough_to_start(native):
    record, _ = native.finish('true', memory=1 << 20)
    assert record['code'] == 0


def test_a_fork_bomb_stays_within_its_limit(native):
    container = native.run('sh', '-c', 'f() { f | f & }; f; sleep 100', pids=30)
    with open(f'/proc/{native.info(container)["pid"]}/cgroup', encoding='ascii') as file:
        (path,) = [line.strip().split(':', 2)[2] for line in file if ':pids:' in line] or [None]
    with open(f'/sys/fs/cgroup/pids{path}/pids.current', encoding='ascii') as file:
        assert int(file.read()) <= 30
    native('stop', container, 'grace=0')
    assert native('wait', container)['code'] == 137


def image(native, name, *entries):
    with open(BUSYBOX, 'rb') as file:
        program = ('bin/busybox', file.read(), 0o755)
    links = [special(f'bin/{n}', tarfile.SYMTYPE, 'busybox') for n in ('sh', 'ls', 'cat', 'pwd', 'true')]
    native.bring(name, ('bin', None), program, *links, *entries)


@pytest.mark.parametrize('name', ['proc', 'sys'])
@pytest.mark.parametrize('target', ['/tmp', '/etc', '..', '/proc/self'])
def test_an_image_does_not_choose_where_proc_and_sys_go(native, name, target):
    image(native, 'linked', ('tmp', None), ('etc', None), special(name, tarfile.SYMTYPE, target))
    container = native.create('true', image='linked')
    native.fails('StartFailed', 'start', container)


def test_dev_as_a_link_stays_inside(native):
    image(native, 'linked-dev', ('other', None), special('dev', tarfile.SYMTYPE, '/../../other'))
    record, container = native.finish('sh', '-c', 'ls /other; cat /dev/null', image='linked-dev')
    assert record['code'] == 0 and b'null\n' in native.log(container)['stdout']


@pytest.mark.parametrize(
    'entry',
    [
        special('etc/passwd', tarfile.SYMTYPE, '/../../../../etc/shadow'),
        special('etc/passwd', tarfile.FIFOTYPE),
        special('etc/passwd', tarfile.SYMTYPE, '/proc/self/environ'),
        special('etc/passwd', tarfile.SYMTYPE, 'passwd'),
        ('etc/passwd', 'x:x:0:0::/:\n' * 200000),
        ('etc/passwd', '\0' * 1000),
    ],
    ids=['link out', 'fifo', 'link to proc', 'loop', 'long', 'nul'],
)
def test_a_hostile_passwd_is_an_error_and_nothing_else(native, entry):
    image(native, 'hostile-passwd', ('etc', None), ('proc', None), entry)
    container = native.create('true', image='hostile-passwd', user='somebody')
    native.fails('StartFailed', 'start', container)


def test_the_working_directory_is_reached_inside_the_root(native):
    image(native, 'workdir', ('real', None), special('link', tarfile.SYMTYPE, '/../../real'))
    for workdir, there in (('/link', b'/real\n'), ('/link/new/one', b'/real/new/one\n'), ('/proc/self', None)):
        container = native.create('pwd', image='workdir', workdir=workdir)
        native('start', container)
        native('wait', container)
        assert there is None or native.log(container)['stdout'] == there
    for number in range(3, 20):
        container = native.create('pwd', image='workdir', workdir=f'/proc/self/fd/{number}')
        native.fails('StartFailed', 'start', container)


@pytest.mark.parametrize('target', ['/link', '/link/deeper', '/up/x'])
def test_the_target_of_a_volume_stays_inside(native, target, tmp_path):
    image(
        native,
        'volume-link',
        ('real', None),
        special('link', tarfile.SYMTYPE, '/../../real'),
        special('up', tarfile.SYMTYPE, '../../../../../../..' + str(tmp_path)),
    )
    script = f'echo here >{target}/file'
    record, container = native.finish('sh', '-c', script, image='volume-link', volume=f'vt:{target}')
    assert record['code'] == 0 and os.listdir(tmp_path) == []
    with open(os.path.join(native.root_dir, 'volumes/vt/data/file'), encoding='ascii') as file:
        assert file.read() == 'here\n'
    native('remove', container)
    subprocess.run(['rm', '-r', os.path.join(native.root_dir, 'volumes/vt')], check=True)


def test_what_is_masked_shows_nothing_of_the_host(native):
    script = 'cat /proc/kcore /proc/timer_list; ls -A /proc/scsi /proc/acpi /sys/firmware'
    _, container = native.finish('sh', '-c', script)
    out = native.log(container)
    assert not [line for line in out['stdout'].splitlines() if line and not line.endswith(b':')], out


def test_a_volume_is_filled_once_from_the_image_and_by_one_of_two(native):
    files = ('data/file', 'from the image\n'), ('data/deep', None), ('data/deep/x', 'y', 0o4755)
    image(native, 'filled', ('data', None), *files)
    volume = os.path.join(native.root_dir, 'volumes/fill')
    containers = [
        native.create('sh', '-c', 'cat /data/file', image='filled', volume='fill:/data')
        for _ in range(2)
    ]
    calls = [native.begin('start', c) for c in containers]
    for call in calls:
        native.wait_for(call)
    for container in containers:
        native('wait', container)
    with open(os.path.join(volume, 'data/file'), encoding='ascii') as file:
        assert file.read() == 'from the image\n'
    assert os.stat(os.path.join(volume, 'data/deep/x')).st_mode & 0o7777 == 0o4755
    assert sorted(os.listdir(volume)) == ['data', 'meta']
    subprocess.run(['rm', '-r', volume], check=True)


def test_a_volume_that_did_not_fit_is_filled_later(native):
    image(native, 'large', ('data', None), ('data/file', b'x' * 3000000))
    volume = os.path.join(native.root_dir, 'volumes/small')
    container = native.create('true', image='large', volume='small:/data')
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'small', volume], check=True)
    try:
        assert 'volumes: /data' in native.fails('StartFailed', 'start', container)
        assert not os.path.exists(os.path.join(volume, 'data'))
        subprocess.run(['mount', '-o', 'remount,size=10m', volume], check=True)
        native('start', container)
        assert native('wait', container)['code'] == 0
        assert os.path.getsize(os.path.join(volume, 'data/file')) == 3000000
    finally:
        subprocess.run(['umount', volume], check=True)
    subprocess.run(['rm', '-r', volume], check=True)


def test_two_hundred_one_after_the_other_and_thirty_at_once_leave_nothing(native):
    for number in range(200):
        record, container = native.finish('sh', '-c', f'echo {number}; exit {number}')
        assert record['code'] == number
        native('remove', container)
    containers = [native.create('sh', '-c', 'sleep 0.2; exit 5') for _ in range(30)]
    for call in [native.begin('start', c) for c in containers]:
        native.wait_for(call)
    waits = [native.begin('wait', c) for c in containers]
    assert [native.wait_for(w)['code'] for w in waits] == [5] * 30
    for call in [native.begin('remove', c) for c in containers]:
        native.wait_for(call)
    assert native('list') == [] and os.listdir(native.runtime_dir) == []


def test_the_process_has_what_a_container_has_and_no_more(native):
    container = native.run('sleep', '100')
    pid = native.info(container)['pid']
    assert status_field(pid, 'NoNewPrivs') == '1' and status_field(pid, 'Seccomp') == '2'
    assert status_field(pid, 'CapInh') == status_field(pid, 'CapAmb') == '0' * 16
    assert sorted(os.listdir(f'/proc/{pid}/fd')) == ['0', '1', '2'] and is_alive(pid)
