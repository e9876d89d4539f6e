"""What zlayer-store can do once it is confined, asked of a probe and read back from the kernel."""

import errno
import os
import subprocess

from conftest import BUILD
from harness.images import Layout, tar_of
from test_changes import wait_for_helper

PROBE = os.path.join(BUILD, 'tests/component/store/confine_probe')

ALLOWED = ['read_the_input', 'write_into_the_store', 'mark_opaque_by_fd']
REFUSED = {
    'open_host_file': errno.ENOENT,
    'climb_out_of_the_root': errno.ENOENT,
    'climb_out_of_the_input': errno.ENOENT,
    'write_into_the_input': errno.EROFS,
    'open_a_device': errno.EACCES,
}

# capability(7): chown 0, dac_override 1, fowner 3, fsetid 4, sys_admin 21, mknod 27, setfcap 31
KEPT = sum(1 << n for n in (0, 1, 3, 4, 21, 27, 31))


def status(pid):
    with open(f'/proc/{pid}/status') as file:
        return dict(line.rstrip('\n').split(':\t', 1) for line in file if ':\t' in line)


def check_from_outside(pid, root):
    about = status(pid)
    assert int(about['CapEff'], 16) == int(about['CapPrm'], 16) == KEPT & int(status(os.getpid())['CapEff'], 16)
    assert [int(about[name], 16) for name in ('CapBnd', 'CapInh', 'CapAmb')] == [0, 0, 0]
    assert (about['NoNewPrivs'], about['Seccomp']) == ('1', '2')
    for name in ('mnt', 'net', 'ipc', 'uts', 'cgroup'):
        assert os.readlink(f'/proc/{pid}/ns/{name}') != os.readlink(f'/proc/self/ns/{name}')
    with open(f'/proc/{pid}/mountinfo') as file:
        [mount] = file.read().splitlines()
    assert mount.split()[4] == '/' and {'nosuid', 'nodev', 'noexec'} <= set(mount.split()[5].split(','))
    assert sorted(os.listdir(f'/proc/{pid}/root')) == sorted(os.listdir(root))


def test_a_program_that_took_it_over_could_do_this_and_no_more(store):
    store('import', store.file(tar_of(('f', 'x'))), 'app')
    layout = Layout(os.path.join(store.scratch, 'layout'))
    layout.add_image('x:1', [tar_of()])
    command = [PROBE, store.path, layout.directory]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as probe:
        lines = [probe.stdout.readline().split() for _ in range(19)]
        said = {line[0]: int(line[1]) for line in lines}
        check_from_outside(probe.pid, store.path)
        probe.communicate('\n')
    assert [name for name, number in said.items() if number == 0] == ALLOWED
    for name, number in said.items():
        assert number in (0, REFUSED.get(name, errno.EPERM)), (name, number)


def test_an_import_at_work_is_confined(store):
    fifo = os.path.join(store.scratch, 'fifo')
    os.mkfifo(fifo)
    data = tar_of(('f', os.urandom(3 << 20)))
    with subprocess.Popen(store.command('import', fifo, 'app'), stdout=subprocess.PIPE) as process:
        with open(fifo, 'wb') as feed:
            feed.write(data[:100])
            feed.flush()
            check_from_outside(wait_for_helper(process.pid), store.path)
            feed.write(data[100:])
        assert process.wait() == 0
    assert os.path.getsize(store('get', 'app')['layers'][0] + '/f') == 3 << 20


def test_the_mount_table_of_the_host_is_as_before(store):
    def table():
        with open('/proc/self/mountinfo') as file:
            return file.read()

    before = table()
    store('import', store.file(tar_of(('f', 'x'))), 'app')
    assert table() == before


def test_run_by_hand_it_does_nothing(store):
    done = subprocess.run([store.program], capture_output=True, text=True)
    assert done.returncode == 2 and 'no command for people' in done.stderr
