"""Beside the row of leaked working directories: an agent that itself runs in a chroot, as in an installer or a build.

The mount namespace's topmost root is above the agent's then. It must be neither where exec lands nor within reach of a
container that may call chroot(2), as default containers may.
"""
import subprocess

import pytest

from harness.zlayer import IMAGE

ESCAPE = r'''
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	char text[64] = "";
	int top = open("/", O_DIRECTORY), fd;

	mkdir("/below", 0700);
	if (argc < 2 || chroot("/below") < 0 || fchdir(top) < 0)
		return 1;
	for (int i = 0; i < 64; i++)
		if (chdir("..") < 0)
			return 2;
	if (chroot(".") < 0)
		return 3;
	fd = open(argv[1], O_RDONLY);
	if (fd >= 0 && read(fd, text, sizeof(text) - 1) > 0)
		puts(text);
	puts("tried");
}
'''


@pytest.fixture
def chrooted(zlayer, tmp_path):
    """chrooted(*args): zlayer in a chroot that looks like the host's root, but for `outside`."""
    root = tmp_path / 'chroot'
    root.mkdir()

    def call(*args):
        script = f'mount --rbind / {root} && exec chroot {root} "$@"'
        return subprocess.run(
            ['unshare', '-m', '--propagation', 'private', 'sh', '-c', script, 'sh', zlayer.program, *args],
            env=zlayer.env,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return call


def test_a_container_of_a_chrooted_agent_does_not_reach_the_root_above(zlayer, chrooted, make_image, compiled, outside):
    image = make_image(('escape', compiled(ESCAPE), 0o755))
    ended = chrooted('run', '--rm', image, '/escape', f'{outside}/secret')
    assert ended.returncode == 0 and ended.stdout == 'tried\n', ended


def test_exec_lands_in_the_containers_root(zlayer, chrooted, outside):
    ended = chrooted('run', '-d', '--name', 'inner', IMAGE, 'sleep', '100')
    assert ended.returncode == 0, ended
    for call in (chrooted, lambda *a: zlayer.call(*a)):
        ended = call('exec', 'inner', 'sh', '-c', f'readlink /proc/1/exe; cat {outside}/secret; ls /')
        assert ended.stdout.startswith('/bin/busybox\n') and 'host-secret' not in ended.stdout, ended
