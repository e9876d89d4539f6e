"""Fixtures of the store's tests: a store of its own for each test, driven through store_tool."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'support'))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

BUILD = os.environ['ZLAYER_TEST_BUILD']


class Failed(Exception):
    def __init__(self, answer):
        super().__init__(answer['message'])
        self.kind = answer['error']


class Store:
    """One store; a call is a run of store_tool and gives its JSON."""

    tool = os.path.join(BUILD, 'tests/component/store/store_tool')
    program = os.path.join(BUILD, 'bin/zlayer-store')

    def __init__(self, directory):
        self.root = os.path.join(directory, 'root')
        self.path = os.path.join(self.root, 'store')
        self.scratch = os.path.join(directory, 'scratch')
        os.mkdir(self.scratch)

    def command(self, *args):
        return [self.tool, self.root, self.program, *map(str, args)]

    def __call__(self, *args, limits=None, **options):
        env = dict(os.environ, **{f'LIMIT_{name}': str(value) for name, value in (limits or {}).items()})
        done = subprocess.run(self.command(*args), env=env, capture_output=True, text=True, **options)
        assert done.returncode in (0, 1) and done.stdout, done
        answer = json.loads(done.stdout)
        if done.returncode:
            raise Failed(answer)
        return answer

    def file(self, data, name='input'):
        path = os.path.join(self.scratch, name)
        with open(path, 'wb') as file:
            file.write(data)
        return path

    def bring(self, data, name='image', *options, **limits):
        """Imports the bytes of a tar; the directory of its only layer."""
        self('import', self.file(data), name, *options, **limits)
        return self('get', name)['layers'][-1]

    def refuses(self, data, *words, kind='InvalidSpec', limits=None):
        """The import fails, says all words, and leaves nothing but an empty store."""
        with pytest.raises(Failed) as caught:
            self('import', self.file(data), 'refused', limits=limits)
        for word in words:
            assert word in str(caught.value)
        assert caught.value.kind == kind
        self.holds_nothing()

    def listing(self, directory):
        return sorted(os.listdir(os.path.join(self.path, directory)))

    def holds_nothing(self):
        assert self('ls') == []
        assert [self.listing(d) for d in ('layers', 'blobs/sha256', 'names', 'images', 'tmp')] == [[]] * 5


@pytest.fixture
def store():
    directory = tempfile.mkdtemp(prefix='zs.')
    yield Store(directory)
    shutil.rmtree(directory)
