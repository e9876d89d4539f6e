"""Fixtures of the end-to-end tests: one image store a run, nothing left behind by any test."""

import ctypes
import os
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
sys.dont_write_bytecode = True
pytest.register_assert_rewrite('harness')

from harness.images import busybox_rootfs  # noqa: E402
from harness.kernel import cgroup_mounts  # noqa: E402
from harness.leaks import Snapshot  # noqa: E402
from harness.zlayer import IMAGE, Zlayer  # noqa: E402


def enter_own_mount_namespace():
    """So that nobody else changes the mount table that a test compares. Shared, as systemd makes it everywhere."""
    CLONE_NEWNS, MS_REC, MS_PRIVATE, MS_SHARED = 0x20000, 0x4000, 1 << 18, 1 << 20
    libc = ctypes.CDLL(None, use_errno=True)
    calls = [lambda: libc.unshare(CLONE_NEWNS)]
    calls += [lambda flags=f: libc.mount(None, b'/', None, MS_REC | flags, None) for f in (MS_PRIVATE, MS_SHARED)]
    if any(call() for call in calls):
        raise OSError(ctypes.get_errno(), 'own mount namespace (run as root)')


def remove_cgroup_parent(parent):
    for mount in set(cgroup_mounts().values()):
        for path, _, _ in os.walk(mount + parent, topdown=False):
            os.rmdir(path)


@pytest.fixture(scope='session')
def rootfs_tar(tmp_path_factory):
    return busybox_rootfs(str(tmp_path_factory.mktemp('image') / 'rootfs.tar'))


@pytest.fixture(scope='session')
def make_zlayer(rootfs_tar):
    """make_zlayer(): a Zlayer with directories of its own that holds the busybox image."""
    enter_own_mount_namespace()
    made = []

    def make(image=True):
        # short: a unix socket's path has its limits, and the directories of pytest are long
        directory = tempfile.mkdtemp(prefix='zl.')
        made.append(Zlayer(directory, f'/zlayer-e2e-{os.getpid()}-{len(made)}'))
        if image:
            made[-1]('image', 'import', rootfs_tar, IMAGE, '--cmd', '/bin/sh')
        return made[-1]

    yield make
    for zlayer in made:
        shutil.rmtree(zlayer.directory)
        remove_cgroup_parent(zlayer.cgroup_parent)


@pytest.fixture(scope='session')
def shared_zlayer(make_zlayer):
    return make_zlayer()


@pytest.fixture
def checked(shared_zlayer):
    """Fails the test when anything is left once it has removed its containers."""
    before = Snapshot(shared_zlayer)
    yield
    shared_zlayer.remove_all()
    left = before.differences()
    assert not left, 'left behind: ' + '\n'.join(left)


@pytest.fixture
def zlayer(shared_zlayer, checked):
    return shared_zlayer


@pytest.fixture
def fresh_zlayer(make_zlayer):
    """Like zlayer, with a store that no other test sees."""
    zlayer = make_zlayer()
    before = Snapshot(zlayer)
    yield zlayer
    zlayer.remove_all()
    left = before.differences()
    assert not left, 'left behind: ' + '\n'.join(left)
