"""What the kernel says about a container, read on the host's side."""

import os


def read(path):
    with open(path, encoding='utf-8', errors='replace') as file:
        return file.read()


def is_alive(pid):
    """A zombie counts as dead: whoever is PID 1 may reap late."""
    try:
        return read(f'/proc/{pid}/stat').rsplit(')', 1)[1].split()[0] not in 'ZX'
    except (FileNotFoundError, ProcessLookupError):
        return False


def cgroup_mounts():
    """{controller: mount point} of v1 hierarchies, '' for the unified one."""
    mounts = {}
    for line in read('/proc/self/mounts').splitlines():
        _, where, kind, options = line.split()[:4]
        if kind == 'cgroup2':
            mounts[''] = where
        elif kind == 'cgroup':
            for option in options.split(','):
                mounts[option.removeprefix('name=')] = where
    return mounts


def is_v2(controller='memory'):
    return controller not in cgroup_mounts()


def cgroup_dir(pid, controller):
    """The directory that holds the controller's files of a process."""
    mounts = cgroup_mounts()
    wanted = controller if controller in mounts else ''
    for line in read(f'/proc/{pid}/cgroup').splitlines():
        _, controllers, path = line.split(':', 2)
        if wanted in [c.removeprefix('name=') for c in controllers.split(',')]:
            return mounts[wanted] + path
    raise AssertionError(f'{controller} is in no cgroup of {pid}')


def memory_limit(pid):
    directory = cgroup_dir(pid, 'memory')
    return int(read(os.path.join(directory, 'memory.max' if is_v2() else 'memory.limit_in_bytes')))


def cpu_cores(pid):
    directory = cgroup_dir(pid, 'cpu')
    if is_v2('cpu'):
        quota, period = read(os.path.join(directory, 'cpu.max')).split()
    else:
        quota, period = (read(os.path.join(directory, f'cpu.cfs_{what}_us')) for what in ('quota', 'period'))
    return int(quota) / int(period)


def pids_limit(pid):
    return int(read(os.path.join(cgroup_dir(pid, 'pids'), 'pids.max')))


def status_field(pid, name):
    for line in read(f'/proc/{pid}/status').splitlines():
        if line.startswith(name + ':'):
            return line.split(':', 1)[1].strip()
    raise AssertionError(f'no {name} in the status of {pid}')


def mount_table():
    return read('/proc/self/mountinfo')
