"""Row: leaked fd or working directory (CVE-2024-21626)."""

import pytest

from harness.zlayer import IMAGE

NUMBERS = range(3, 16)


def escapes(zlayer, outside, command):
    """True when a program in that working directory reads the host's file."""
    up = '../' * 12
    ended = zlayer.call(
        *command, 'sh', '-c', f'cat {up}{str(outside).lstrip("/")}/secret; cat ./{str(outside).lstrip("/")}/secret; pwd'
    )
    return 'host-secret' in ended.stdout


@pytest.mark.parametrize('place', ['/proc/self/fd/{}', '/proc/1/fd/{}', '/dev/fd/{}'])
def test_no_descriptor_is_a_working_directory_of_run(zlayer, outside, place):
    for number in NUMBERS:
        assert not escapes(zlayer, outside, ['run', '--rm', '-w', place.format(number), IMAGE])


@pytest.mark.parametrize('place', ['/proc/self/fd/{}', '/proc/self/cwd', '/proc/self/root'])
def test_no_descriptor_is_a_working_directory_of_exec(zlayer, outside, place):
    container = zlayer.detached(IMAGE, 'sleep', '100')
    for number in NUMBERS:
        assert not escapes(zlayer, outside, ['exec', '-w', place.format(number), container])


def test_no_descriptor_is_the_working_directory_of_an_image(zlayer, outside, make_image):
    for number in NUMBERS[:6]:
        image = make_image(config={'WorkingDir': f'/proc/self/fd/{number}'})
        assert not escapes(zlayer, outside, ['run', '--rm', image])


def test_a_link_as_working_directory_stays_inside(zlayer, outside, make_image):
    from harness.images import special
    import tarfile

    image = make_image(
        special('cwd', tarfile.SYMTYPE, '/proc/self/fd/8'), special('up', tarfile.SYMTYPE, '../../../..')
    )
    for place in ('/cwd', '/up'):
        assert not escapes(zlayer, outside, ['run', '--rm', '-w', place, image])
