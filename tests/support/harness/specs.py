"""Deployment specs for the tests, written as YAML's subset that JSON is."""

import json
import os


def service(command, **fields):
    """A service of one replica that runs a shell command."""
    return {
        'image': {'name': 'busybox:latest', 'pull_policy': 'never'},
        'command': {'entrypoint': ['sh', '-c', command]},
        'scale': {'mode': 'fixed', 'replicas': fields.pop('replicas', 1)},
        **fields,
    }


def job(command, **fields):
    made = service(command, rtype='job', **fields)
    del made['scale']
    return made


def write_spec(directory, deployment, services, name='zlayer.yml'):
    path = os.path.join(str(directory), name)
    with open(path, 'w', encoding='utf-8') as file:
        json.dump({'version': 'v1', 'deployment': deployment, 'services': services}, file, indent=1)
    return path


# Ends at once on TERM; says a number every tenth of a second.
COUNTER = "trap 'echo stopped; exit 0' TERM; n=0; while true; do n=$((n+1)); echo line $n; sleep 0.1 & wait $!; done"
# Like it, silent.
IDLE = "trap 'exit 0' TERM; while true; do sleep 1 & wait $!; done"
