"""Fixtures of the native backend's tests: directories and a cgroup parent of their own, nothing left behind."""

import ctypes
import json
import os
import shutil
import subprocess
import sys
import tempfile

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'support'))
sys.dont_write_bytecode = True

from harness.images import busybox_rootfs, tar_of  # noqa: E402
from harness.kernel import cgroup_mounts, is_alive  # noqa: E402
from harness.leaks import Snapshot  # noqa: E402

BUILD = os.environ['ZLAYER_TEST_BUILD']
TOOL = os.path.join(BUILD, 'tests/component/native/native_tool')
STORE_TOOL = os.path.join(BUILD, 'tests/component/store/store_tool')


class Failed(Exception):
    def __init__(self, answer, output):
        super().__init__(answer['message'])
        self.kind, self.output = answer['error'], output


class Native:
    """One root directory; a call is a run of native_tool and gives its JSON."""

    def __init__(self, directory, parent):
        self.directory, self.cgroup_parent = directory, parent
        self.root_dir, self.runtime_dir = os.path.join(directory, 'root'), os.path.join(directory, 'run')
        self.temporary_dir, self.libexec = os.path.join(directory, 'tmp'), os.path.join(directory, 'libexec')
        os.mkdir(self.temporary_dir)
        os.mkdir(self.libexec)
        os.symlink(os.path.join(BUILD, 'bin/zlayer-store'), os.path.join(self.libexec, 'zlayer-store'))
        self.use_shim(os.path.join(BUILD, 'bin/zlayer-shim'))
        self.made = set()
        self.env = dict(
            os.environ,
            ZLAYER_ROOT_DIR=self.root_dir,
            ZLAYER_RUNTIME_DIR=self.runtime_dir,
            ZLAYER_LIBEXEC_DIR=self.libexec,
            ZLAYER_CGROUP_PARENT=parent,
        )

    def use_shim(self, program):
        link = os.path.join(self.libexec, 'zlayer-shim')
        if os.path.lexists(link):
            os.unlink(link)
        os.symlink(program, link)

    def store(self, *args):
        program = os.path.join(self.libexec, 'zlayer-store')
        done = subprocess.run([STORE_TOOL, self.root_dir, program, *args], capture_output=True, text=True)
        assert done.returncode == 0, done
        return json.loads(done.stdout)

    def bring(self, name, *entries):
        """An image of the given entries of a tar."""
        path = os.path.join(self.temporary_dir, 'image.tar')
        with open(path, 'wb') as file:
            file.write(tar_of(*entries))
        self.store('import', path, name, 'cmd=/bin/sh')
        os.unlink(path)

    def begin(self, *args, **options):
        """The call under way, for wait_for."""
        return subprocess.Popen(
            [TOOL, *map(str, args)],
            env=self.env,
            cwd=self.temporary_dir,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors='replace',
            **options,
        )

    def wait_for(self, call, timeout=60):
        stdout, stderr = call.communicate(timeout=timeout)
        assert call.returncode in (0, 1) and stdout, (call.args, call.returncode, stdout, stderr)
        answer = json.loads(stdout)
        if call.returncode:
            raise Failed(answer, stderr)
        self.output = stderr
        return answer

    def __call__(self, *args, **options):
        return self.wait_for(self.begin(*args, **options))

    def create(self, *argv, image='busybox', **options):
        keys = [f'{key.rstrip("_")}={value}' for key, value in options.items()]
        container = self('create', image, *keys, '--', *argv)
        self.made.add(container)
        return container

    def run(self, *argv, **options):
        container = self.create(*argv, **options)
        self('start', container)
        return container

    def finish(self, *argv, **options):
        """Runs to the end; the record and the container."""
        container = self.run(*argv, **options)
        return self('wait', container), container

    def fails(self, kind, *args):
        with pytest.raises(Failed) as caught:
            self(*args)
        assert caught.value.kind == kind, caught.value
        return str(caught.value)

    def info(self, container):
        return self('info', container)

    def path(self, container, *names):
        return os.path.join(self.root_dir, 'containers', container, *names)

    def run_path(self, container, *names):
        return os.path.join(self.runtime_dir, container, *names)

    def state(self, container):
        with open(self.run_path(container, 'pid'), encoding='ascii') as file:
            return dict(line.rstrip('\n').split(' ', 1) for line in file if ' ' in line)

    def shim(self, container):
        return int(self.state(container)['shim'])

    def log(self, container):
        """{'stdout': bytes, 'stderr': bytes}, entries joined."""
        joined = {b'stdout': b'', b'stderr': b''}
        for name in sorted(os.listdir(self.path(container, 'log'))):
            with open(self.path(container, 'log', name), 'rb') as file:
                for entry in file.read().split(b'\n')[:-1]:
                    _, stream, kind, text = entry.split(b' ', 3)
                    joined[stream] += text + (b'\n' if kind == b'F' else b'')
        return {stream.decode(): text for stream, text in joined.items()}

    def names(self):
        return sorted(os.listdir(os.path.join(self.root_dir, 'names')))

    def shims(self):
        """The shims of containers made here: the id is on their command line."""
        found = set()
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open(f'/proc/{pid}/cmdline', 'rb') as file:
                    words = file.read().decode(errors='replace').split('\0')
            except OSError:
                continue
            if words[0] == 'zlayer-shim' and words[1] in self.made and is_alive(pid):
                found.add(int(pid))
        return found

    def remove_all(self):
        for container in self('list'):
            self('remove', container['id'], 'force=1', 'volumes=1')


def remove_cgroup_parent(parent):
    for mount in set(cgroup_mounts().values()):
        for path, _, _ in os.walk(mount + parent, topdown=False):
            os.rmdir(path)


@pytest.fixture(scope='session', autouse=True)
def own_mount_namespace():
    """So that the mount table which a test compares is changed by nobody else."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x20000) or libc.mount(None, b'/', None, 0x4000 | 1 << 18, None):
        raise OSError(ctypes.get_errno(), 'own mount namespace (run as root)')


@pytest.fixture(scope='session')
def shared_native(own_mount_namespace):
    directory = tempfile.mkdtemp(prefix='zn.')
    native = Native(directory, f'/zlayer-test-{os.getpid()}')
    tar = busybox_rootfs(os.path.join(directory, 'rootfs.tar'))
    native.store('import', tar, 'busybox', 'cmd=/bin/sh')
    yield native
    shutil.rmtree(directory)
    remove_cgroup_parent(native.cgroup_parent)


@pytest.fixture
def native(shared_native):
    """Fails the test when anything is left once its containers are removed."""
    before = Snapshot(shared_native)
    yield shared_native
    shared_native.use_shim(os.path.join(BUILD, 'bin/zlayer-shim'))
    shared_native.remove_all()
    left = before.differences()
    assert not left, 'left behind: ' + '\n'.join(left)
    assert shared_native.shims() == set()
    assert shared_native.names() == []
