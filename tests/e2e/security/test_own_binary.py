"""Row: overwrite of the runtime's own binary through /proc/self/exe (CVE-2019-5736)."""

import glob
import hashlib
import os

from harness.zlayer import IMAGE, wait_until

# Holds every executable that passes by, reading at first, and writes to it once its owner has gone on.
HUNTER = r'''
echo hunting
while [ ! -e /tmp/stop ]; do
	for exe in /proc/[0-9]*/exe; do
		case $(readlink $exe 2>/dev/null) in
		*busybox*|'') continue ;;
		esac
		readlink $exe >>/tmp/seen
		if { exec 9<$exe; } 2>/dev/null; then
			echo opened >>/tmp/seen
			i=0
			while [ $i -lt 50 ]; do
				{ echo '#!/bin/sh' >/proc/self/fd/9; } 2>/dev/null && echo written >>/tmp/seen
				i=$((i + 1))
			done
			exec 9<&-
		fi
	done
done
'''


def digests(zlayer):
    return {
        path: hashlib.sha256(open(path, 'rb').read()).hexdigest()
        for path in sorted(glob.glob(os.path.join(zlayer.bin_dir, '*')))
        if os.path.isfile(path)
    }


def test_a_container_that_hunts_for_the_runtime_writes_nothing(zlayer):
    before = digests(zlayer)
    assert len(before) >= 3
    container = zlayer.detached(IMAGE, 'sh', '-c', HUNTER)
    wait_until(lambda: 'hunting' in zlayer('logs', container).stdout)
    for _ in range(40):
        zlayer('exec', container, 'true')
    zlayer('exec', container, 'touch', '/tmp/stop')
    zlayer('wait', container)
    assert digests(zlayer) == before
    assert 'written' not in zlayer('logs', container).stdout


def test_a_program_whose_interpreter_is_the_runtime_gets_nothing(zlayer, make_image):
    before = digests(zlayer)
    image = make_image(('trap', '#!/proc/self/exe\n', 0o755))
    ended = zlayer.call('run', '--rm', image, '/trap')
    assert ended.code != 0
    container = zlayer.detached(image, 'sleep', '100')
    assert zlayer.call('exec', container, '/trap').code != 0
    assert digests(zlayer) == before


def test_a_library_of_the_image_is_never_loaded_by_us(zlayer, make_image, compiled):
    """LD_PRELOAD and friends of the container's environment are the container's."""
    image = make_image(
        ('evil.so', 'not even a library', 0o755), config={'Env': ['LD_PRELOAD=/evil.so', 'LD_LIBRARY_PATH=/']}
    )
    container = zlayer.detached(image, 'sleep', '100')
    ended = zlayer('exec', '-e', 'LD_PRELOAD=/evil.so', container, 'echo', 'fine')
    assert ended.stdout == 'fine\n' and ended.stderr == ''
