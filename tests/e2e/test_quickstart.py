"""README's first command shows what it says it shows, and leaves nothing but the image."""

import os
import subprocess

from harness.leaks import Snapshot
from harness.zlayer import ROOT, Zlayer


def test_quickstart_runs_again_and_again(make_zlayer):
    zlayer: Zlayer = make_zlayer(image=False)
    before = Snapshot(zlayer)
    for _ in range(2):
        done = subprocess.run(
            [os.path.join(ROOT, 'tools', 'quickstart')], env=zlayer.env, capture_output=True, text=True, timeout=300
        )
        shown = done.stdout + done.stderr
        assert done.returncode == 0, shown
        assert done.stdout.count('hello from a container\n') == 2, shown
        assert '\n67108864\n' in done.stdout and 'web' in done.stdout, shown
        assert not before.differences()
        assert zlayer.names() == []
        assert len(zlayer.json('image', 'ls', '--format', 'json')) == 1
