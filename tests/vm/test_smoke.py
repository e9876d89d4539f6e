"""The main job below a kernel that has cgroup v2 alone: one boot, one container life, read back from the v2 files."""

import os
import re
import subprocess

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get('ZLAYER_TEST_BUILD', os.path.join(ROOT, 'build'))
STEPS = [
    'the kernel has cgroup v2 alone',
    'an image is imported',
    'a container runs and its status is returned',
    'limits are what the cgroup v2 files say',
    'the device program denies what mknod allows',
    'exec joins the cgroup',
    'stop ends it within the grace',
    'a deployment comes up and goes down',
    'nothing is left',
]


@pytest.fixture(scope='module')
def boot():
    """What the one boot printed."""
    return subprocess.run(
        [os.path.join(HERE, 'run-in-vm.sh'), '-t', '300', '--', f'bash tests/vm/smoke.sh {BUILD}'],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=360,
    )


@pytest.mark.parametrize('step', STEPS)
def test_step(boot, step):
    shown = f'{boot.stdout}\n{boot.stderr}\nexit status {boot.returncode}'
    assert re.search(rf'^ok: {re.escape(step)}\s*$', boot.stdout, re.M), shown


def test_the_boot_ended_well(boot):
    assert boot.returncode == 0, boot.stdout + boot.stderr
    shown = [row for row in boot.stdout.splitlines() if row.startswith('ok: ')]
    assert len(shown) == len(STEPS), 'each step is told and known here'
