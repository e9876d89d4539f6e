"""Finds what a container left behind: processes, cgroups, mounts, files outside the state directories."""

import os
import subprocess
import time

from .kernel import cgroup_mounts, is_alive, mount_table

DEFAULT_DIRECTORIES = ('/var/lib/zlayer', '/run/zlayer')


def is_ours(zlayer, pid):
    """Whether it is in a container's cgroup, holds a file of the state directories, or was told of them."""
    with open(f'/proc/{pid}/cgroup', 'rb') as groups:
        if f':{zlayer.cgroup_parent}/'.encode() in groups.read():
            return True
    with open(f'/proc/{pid}/environ', 'rb') as environment, open(f'/proc/{pid}/cmdline', 'rb') as arguments:
        if zlayer.directory.encode() in environment.read() + arguments.read():
            return True
    return any(os.readlink(link.path).startswith(zlayer.directory) for link in os.scandir(f'/proc/{pid}/fd'))


def processes(zlayer):
    found = set()
    for name in os.listdir('/proc'):
        try:
            if name.isdigit() and int(name) != os.getpid() and is_ours(zlayer, name) and is_alive(name):
                found.add(int(name))
        except OSError:
            continue  # it has ended meanwhile
    return found


def cgroups(zlayer):
    """Of containers; the directory that holds them all goes with the last one, and a test of its own asks for that."""
    kept = {zlayer.cgroup_parent, zlayer.cgroup_parent + '/zlayer'}
    return sorted(
        path
        for mount in set(cgroup_mounts().values())
        for path, _, _ in os.walk(mount + zlayer.cgroup_parent)
        if path.removeprefix(mount) not in kept
    )


def files(zlayer):
    """Entries of the runtime directory and of containers/, of TMPDIR, and of places that were never ours to use."""
    found = []
    for directory in (zlayer.temporary_dir, zlayer.runtime_dir, os.path.join(zlayer.root_dir, 'containers')):
        if os.path.isdir(directory):
            found += [os.path.join(directory, name) for name in os.listdir(directory)]
    found += [os.path.join('/dev/shm', name) for name in os.listdir('/dev/shm') if 'zlayer' in name]
    return set(found)


def describe(pids):
    return subprocess.run(
        ['ps', '-o', 'pid,ppid,stat,args', '-p', ','.join(map(str, pids))], capture_output=True, text=True
    ).stdout


def sanitizer_reports(zlayer):
    """{name: text} of the errors that the sanitizers found. A child on a stack of its own gets a mere warning."""
    reports = {}
    for name in os.listdir(zlayer.directory):
        if name.startswith('sanitizer'):
            with open(os.path.join(zlayer.directory, name), encoding='utf-8', errors='replace') as file:
                text = file.read()
            if 'ERROR: ' in text or 'runtime error: ' in text:
                reports[name] = text
    return reports


class Snapshot:
    def __init__(self, zlayer):
        self.zlayer = zlayer
        self.processes, self.cgroups, self.files = processes(zlayer), cgroups(zlayer), files(zlayer)
        self.mounts, self.reports = mount_table(), sanitizer_reports(zlayer)
        self.defaults = [d for d in DEFAULT_DIRECTORIES if os.path.exists(d)]

    def differences(self):
        """Texts that say what is there now and was not; an end that is under way gets two seconds."""
        for _ in range(20):
            found = self.compare()
            if not found:
                return []
            time.sleep(0.1)
        return found

    def compare(self):
        now = Snapshot(self.zlayer)
        found = []
        if now.processes - self.processes:
            found.append('processes:\n' + describe(now.processes - self.processes))
        if set(now.cgroups) - set(self.cgroups):
            found.append(f'cgroups: {sorted(set(now.cgroups) - set(self.cgroups))}')
        if now.files - self.files:
            found.append(f'files: {sorted(now.files - self.files)}')
        if now.mounts != self.mounts:
            found.append('mounts: ' + '\n'.join(set(now.mounts.splitlines()) ^ set(self.mounts.splitlines())))
        found += [f'{name}:\n{text}' for name, text in now.reports.items() if name not in self.reports]
        if set(now.defaults) - set(self.defaults):
            found.append(f'default directories: {now.defaults}')
        return found
