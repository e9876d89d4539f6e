"""Rows: capabilities and ptrace; seccomp; sockets of the agent's own."""

import errno
import os
import stat
import subprocess

import pytest

from harness.kernel import status_field
from harness.zlayer import IMAGE, wait_until

SYSCALL = r'''
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i += 2) {
		errno = 0;
		syscall(atol(argv[i]), strtoul(argv[i + 1], NULL, 0), 0L, 0L, 0L, 0L, 0L);
		printf("%d\n", errno);
	}
}
'''

# number, first argument, errno that the default profile gives
CALLS = [
    ('unshare CLONE_NEWUSER', 272, 0x10000000, errno.EPERM),
    ('mount', 165, 0, errno.EPERM),
    ('keyctl', 250, 0, errno.EPERM),
    ('add_key', 248, 0, errno.EPERM),
    ('bpf', 321, 0, errno.EPERM),
    ('kexec_load', 246, 0, errno.EPERM),
    ('init_module', 175, 0, errno.EPERM),
    ('userfaultfd', 323, 0, errno.EPERM),
    ('perf_event_open', 298, 0, errno.EPERM),
    ('open_by_handle_at', 304, 0, errno.EPERM),
    ('clone3', 435, 0, errno.ENOSYS),
    ('a call of the future', 900, 0, errno.ENOSYS),
]


@pytest.fixture(scope='module')
def syscall_program(compiled, tmp_path_factory):
    directory = tmp_path_factory.mktemp('syscall')
    (directory / 'syscall').write_bytes(compiled(SYSCALL))
    (directory / 'syscall').chmod(0o755)
    return directory


@pytest.mark.parametrize('name,number,argument,expected', CALLS, ids=[c[0] for c in CALLS])
def test_the_default_filter(zlayer, syscall_program, name, number, argument, expected):
    out = zlayer('run', '--rm', '-v', f'{syscall_program}:/t:ro', IMAGE, '/t/syscall', number, argument).stdout
    assert errno.errorcode.get(int(out)) == errno.errorcode[expected]


def test_allowed_calls_are_allowed(zlayer, syscall_program):
    out = zlayer(
        'run', '--rm', '-v', f'{syscall_program}:/t:ro', IMAGE, '/t/syscall', 39, 0, 102, 0, 186, 0, 135, '0xffffffff'
    ).lines
    assert out == ['0', '0', '0', '0']


def test_exec_has_the_same_filter(zlayer, syscall_program):
    container = zlayer.detached('-v', f'{syscall_program}:/t:ro', IMAGE, 'sleep', '100')
    assert zlayer('exec', container, '/t/syscall', 165, 0).lines == [str(errno.EPERM)]


def test_exec_has_no_more_capabilities_than_the_container(zlayer):
    container = zlayer.detached('--cap-drop', 'ALL', IMAGE, 'sleep', '100')
    assert zlayer('exec', container, 'grep', 'Cap', '/proc/self/status').stdout.count('0000000000000000') == 5


def test_set_user_id_programs_gain_nothing(zlayer, make_image, compiled):
    program = compiled('#include <stdio.h>\n#include <unistd.h>\nint main(void) { printf("%d\\n", geteuid()); }')
    image = make_image(('suid', program, 0o4755))
    assert zlayer('run', '--rm', '--user', 'app', image, '/suid').stdout == '1000\n'


def test_the_sockets_and_state_are_roots_alone(zlayer):
    container = zlayer.detached(IMAGE, 'sleep', '100')
    directory = os.path.join(zlayer.runtime_dir, container)
    for path in (directory, zlayer.container_dir(container)):
        assert stat.S_IMODE(os.stat(path).st_mode) & 0o077 == 0, path
    sockets = [name for name in os.listdir(directory) if stat.S_ISSOCK(os.stat(os.path.join(directory, name)).st_mode)]
    assert sockets
    for name in sockets:
        assert stat.S_IMODE(os.stat(os.path.join(directory, name)).st_mode) == 0o600
    for path in (zlayer.root_dir, zlayer.runtime_dir):
        tried = subprocess.run(
            ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', 'find', path, '-name', 'config.json'],
            capture_output=True,
            text=True,
        )
        assert 'config.json' not in tried.stdout


def test_there_is_no_abstract_socket(zlayer):
    """An abstract name would be reachable from every container on the host's network."""
    out = zlayer('run', '--rm', '--network', 'host', IMAGE, 'cat', '/proc/net/unix').stdout
    assert not [row for row in out.splitlines() if '@' in row and 'zlayer' in row]


def test_the_shim_is_no_way_in(zlayer):
    """It is not seen from inside, and holds no descriptor to the container's root."""
    container = zlayer.detached(IMAGE, 'sleep', '100')
    assert 'shim' not in zlayer('exec', container, 'ps').stdout
    shim = zlayer.shim_pid(container)
    links = {os.readlink(f'/proc/{shim}/fd/{fd}') for fd in os.listdir(f'/proc/{shim}/fd')}
    known = (zlayer.root_dir, zlayer.runtime_dir, '/sys/fs/cgroup', '/dev/null', '/proc')
    assert not [link for link in links if link.startswith('/') and not link.startswith(known)]
    assert not [link for link in links if link.endswith(('/upper', '/work'))]
    assert status_field(zlayer.pid(container), 'CapInh') == '0000000000000000'


def test_no_exec_is_ever_seen_with_more_rights_than_the_container_has(zlayer):
    """A container with CAP_SYS_PTRACE could take over whatever it sees: it must see nothing that is worth it."""
    watch = (
        'own=$(grep CapBnd /proc/self/status); echo ready; while :; do for p in /proc/[0-9]*; do '
        'bounding=$(grep CapBnd $p/status 2>/dev/null) && [ "$bounding" != "$own" ] && echo "seen $p $bounding"; '
        'done; done'
    )
    container = zlayer.detached('--cap-add', 'SYS_PTRACE', IMAGE, 'sh', '-c', watch)
    wait_until(lambda: 'ready' in zlayer('logs', container).stdout, what='it watches')
    for _ in range(40):
        assert zlayer('exec', container, 'grep', 'CapBnd', '/proc/self/status').stdout
    assert zlayer('logs', container).lines == ['ready']
