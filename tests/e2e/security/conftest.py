"""Fixtures of the security tests: hostile images, and a place outside of every container that nobody may reach."""

import os
import subprocess

import pytest

from harness.images import Layout, busybox_rootfs, tar_of


@pytest.fixture(scope='session')
def base_layer(tmp_path_factory):
    with open(busybox_rootfs(str(tmp_path_factory.mktemp('base') / 'rootfs.tar')), 'rb') as file:
        return file.read()


@pytest.fixture
def make_image(zlayer, tmp_path, base_layer):
    """make_image(*entries, config=...) loads busybox plus a layer of tar entries; its name. Removed at the end."""
    made = []

    def make(*entries, config=None):
        name = f'hostile:{len(made)}'
        layout = Layout(tmp_path / f'layout{len(made)}')
        layout.add_image(name, [base_layer, tar_of(*entries)], config)
        zlayer('image', 'load', layout.directory)
        made.append(name)
        return name

    yield make
    zlayer.remove_all()
    for name in made:
        zlayer.call('image', 'rm', '-f', name)


@pytest.fixture
def outside(tmp_path):
    """A directory of the host with a file that no container may read and beside which none may write."""
    directory = tmp_path / 'outside'
    directory.mkdir()
    (directory / 'secret').write_text('host-secret\n')
    yield directory
    assert os.listdir(directory) == ['secret'] and (directory / 'secret').read_text() == 'host-secret\n'


@pytest.fixture(scope='session')
def compiled(tmp_path_factory):
    """compiled(source): bytes of a static program."""

    def build(source):
        directory = tmp_path_factory.mktemp('program')
        (directory / 'program.c').write_text(source)
        subprocess.run(['gcc', '-static', '-O1', '-o', directory / 'program', directory / 'program.c'], check=True)
        return (directory / 'program').read_bytes()

    return build
