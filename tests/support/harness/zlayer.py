"""The programs under test, with state directories and a cgroup parent of their own."""

import json
import os
import subprocess
import time

from .kernel import is_alive, read

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
IMAGE = 'busybox:latest'
SLOW = 4 if 'asan' in os.environ.get('ZLAYER_TEST_BUILD', '') else 1


def build_dir():
    return os.environ.get('ZLAYER_TEST_BUILD', os.path.join(ROOT, 'build'))


def wait_until(condition, timeout=20, what='the condition'):
    """Returns what the condition returns once it is true."""
    end = time.monotonic() + timeout * SLOW
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f'{what}: not within {timeout * SLOW} s'
        time.sleep(0.05)


class Ended:
    """One finished command."""

    def __init__(self, args, code, stdout, stderr):
        self.args, self.code, self.stdout, self.stderr = args, code, stdout, stderr

    @property
    def lines(self):
        return self.stdout.splitlines()

    def __repr__(self):
        command = f'zlayer {" ".join(self.args)}: exit status {self.code}'
        return f'{command}\n--- stdout\n{self.stdout}\n--- stderr\n{self.stderr}'


class Zlayer:
    def __init__(self, directory, cgroup_parent):
        self.directory = str(directory)
        self.root_dir = os.path.join(self.directory, 'root')
        self.runtime_dir = os.path.join(self.directory, 'run')
        self.temporary_dir = os.path.join(self.directory, 'tmp')
        self.cgroup_parent = cgroup_parent
        self.bin_dir = os.path.join(build_dir(), 'bin')
        self.program = os.path.join(self.bin_dir, 'zlayer')
        os.makedirs(self.temporary_dir, exist_ok=True)
        self.env = {
            'PATH': f'{self.bin_dir}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
            'HOME': self.temporary_dir,
            'TMPDIR': self.temporary_dir,
            'LANG': 'C.UTF-8',
            'ZLAYER_ROOT_DIR': self.root_dir,
            'ZLAYER_RUNTIME_DIR': self.runtime_dir,
            'ZLAYER_CGROUP_PARENT': cgroup_parent,
        }
        for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS'):
            if name in os.environ:
                self.env[name] = f'{os.environ[name]}:log_path={self.directory}/sanitizer'

    def call(self, *args, input=None, timeout=60, env=None, cwd=None, binary=False):
        """Runs to the end, whatever the exit status."""
        args = [str(a) for a in args]
        if isinstance(input, str):
            input = input.encode()
        done = subprocess.run(
            [self.program, *args],
            env={**self.env, **(env or {})},
            cwd=cwd or self.temporary_dir,
            timeout=timeout * SLOW,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **({'stdin': subprocess.DEVNULL} if input is None else {'input': input}),
        )
        text = (lambda data: data) if binary else (lambda data: data.decode('utf-8', 'replace'))
        return Ended(args, done.returncode, text(done.stdout), done.stderr.decode('utf-8', 'replace'))

    def __call__(self, *args, code=0, **options):
        """Runs to the end; the exit status must be `code`."""
        ended = self.call(*args, **options)
        assert ended.code == code, ended
        return ended

    def start(self, *args, env=None, cwd=None, **options):
        """Popen, stdout and stderr as pipes of text."""
        return subprocess.Popen(
            [self.program, *map(str, args)],
            env={**self.env, **(env or {})},
            cwd=cwd or self.temporary_dir,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def json(self, *args, **options):
        return json.loads(self(*args, **options).stdout)

    def inspect(self, container):
        (only,) = self.json('inspect', container)
        return only

    def pid(self, container):
        return self.inspect(container)['State']['Pid']

    def detached(self, *args):
        """`run -d`; the id."""
        container = self('run', '-d', *args).stdout.strip()
        assert len(container) == 64, container
        return container

    def containers(self, *args):
        """Every container as `ps` lists it."""
        return self.json('ps', '-a', '--format', 'json', *args)

    def names(self):
        return sorted(c['Names'] for c in self.containers())

    def remove_all(self):
        ids = self.call('ps', '-a', '-q', '--no-trunc').stdout.split()
        if ids:
            self.call('rm', '-f', '-v', *ids)
        return ids

    def container_dir(self, container):
        return os.path.join(self.root_dir, 'containers', container)

    def log_bytes(self, container):
        """The whole log on disk, segment after segment."""
        directory = os.path.join(self.container_dir(container), 'log')
        data = b''
        for name in sorted(os.listdir(directory), key=lambda n: [int(p) if p.isdigit() else -1 for p in n.split('.')]):
            with open(os.path.join(directory, name), 'rb') as file:
                data += file.read()
        return data

    def shim_pid(self, container):
        """Of the shim that looks after it now, the first one or one that adopted it."""
        container = self.inspect(container)['Id']
        for name in os.listdir('/proc'):
            if name.isdigit() and is_alive(name):
                words = read(f'/proc/{name}/cmdline').split('\0')
                if words[0].endswith('zlayer-shim') and container in words:
                    return int(name)
        raise AssertionError(f'no shim of {container}')
