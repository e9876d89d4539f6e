"""Every shell snippet of README.md runs as it is printed there, from the root of the tree, in the order of the page."""

import os
import re
import shutil
import subprocess

import pytest

from harness.zlayer import ROOT

# These build and test; they are what runs this test.
SET_UP = ('./tools/quickstart', './tools/test')


def snippets():
    with open(os.path.join(ROOT, 'README.md'), encoding='utf-8') as file:
        return re.findall(r'^```(?:sh|bash|console)\n(.*?)^```', file.read(), re.S | re.M)


def tour():
    return [s for s in snippets() if not any(line.split()[:1] and line.split()[0] in SET_UP for line in s.splitlines())]


def test_the_set_up_commands_are_there():
    for command in SET_UP:
        assert os.access(os.path.join(ROOT, command), os.X_OK)
        assert any(command in s for s in snippets())


def test_the_tour_runs_as_printed(fresh_zlayer, tmp_path):
    if not tour():
        pytest.fail('README.md has no tour')
    # The tree is linked, so that files which a snippet writes land elsewhere.
    for name in os.listdir(ROOT):
        if name not in ('build', '.git'):
            os.symlink(os.path.join(ROOT, name), tmp_path / name)
    os.makedirs(tmp_path / 'build')
    os.symlink(fresh_zlayer.bin_dir, tmp_path / 'build' / 'bin')
    script = 'set -e\n' + '\n'.join(tour())
    done = subprocess.run(
        ['bash', '-c', script], cwd=tmp_path, env=fresh_zlayer.env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f'{script}\n--- stdout\n{done.stdout}\n--- stderr\n{done.stderr}'
    assert fresh_zlayer.names() == [], 'the tour cleans up behind itself'
    shutil.rmtree(tmp_path / 'build')
