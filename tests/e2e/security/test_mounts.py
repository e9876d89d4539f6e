"""Rows: masked paths and devices swapped during set-up; redirected writes to /proc; links in mount targets."""

import os
import tarfile

import pytest

from harness.images import special
from harness.zlayer import IMAGE


@pytest.mark.parametrize(
    'entries',
    [
        [special('dev/null', tarfile.SYMTYPE, '/proc/sys/kernel/core_pattern')],
        [
            special('dev/null', tarfile.SYMTYPE, '../../../../etc/passwd'),
            special('dev/ptmx', tarfile.SYMTYPE, '/etc/passwd'),
        ],
        [('dev/null', 'a plain file')],
    ],
    ids=['sysctl', 'outside', 'file'],
)
def test_an_image_cannot_choose_what_dev_null_is(zlayer, make_image, entries):
    image = make_image(*entries)
    assert zlayer('run', '--rm', image, 'stat', '-c', '%F %t %T', '/dev/null').stdout == 'character special file 1 3\n'
    assert zlayer('run', '--rm', image, 'sh', '-c', 'wc -c </proc/kcore; wc -c </proc/keys').stdout.split() in (
        ['0', '0'],
        ['0'],
    )


@pytest.mark.parametrize('name', ['proc', 'sys', 'dev'])
@pytest.mark.parametrize('target', ['/tmp', '/etc', '../../../../tmp', '/proc/self', '/no/where'])
def test_a_link_in_the_place_of_a_mount_gives_no_unmasked_one(zlayer, make_image, name, target):
    """The image brings /proc, /sys or /dev as a link: refused, or mounted where the name then leads, masks and all."""
    image = make_image(special(name, tarfile.SYMTYPE, target))
    ended = zlayer.call(
        'run',
        '--rm',
        image,
        'sh',
        '-c',
        'grep -E "^(proc|sysfs) " /proc/mounts; echo; head -c1 /proc/kcore | wc -c; '
        'echo 0 2>/dev/null >/proc/sys/kernel/printk && echo WROTE',
    )
    assert 'WROTE' not in ended.stdout
    if ended.code == 0 and name == 'proc' and '/proc/mounts' not in ended.stderr:
        assert '\n0' in ended.stdout


def test_proc_files_are_written_through_the_real_proc_alone(zlayer, make_image):
    """A tmpfs over /proc, and a file where an attribute would be: the label and limits still go to the kernel."""
    ended = zlayer.call('run', '--rm', '--tmpfs', '/proc', IMAGE, 'true')
    assert ended.code in (0, 125)
    container = zlayer.detached(IMAGE, 'sleep', '100')
    assert zlayer('exec', container, 'cat', '/proc/self/oom_score_adj').code == 0


def test_a_volume_with_a_link_does_not_lead_a_mount_outside(zlayer, outside, tmp_path):
    bound = tmp_path / 'bound'
    bound.mkdir()
    (bound / 'marker').write_text('bound\n')
    zlayer(
        'run',
        '--rm',
        '-v',
        'linked:/vol',
        IMAGE,
        'sh',
        '-c',
        f'ln -s {outside} /vol/absolute; ln -s ../../../../../../../../{outside} /vol/relative; '
        'ln -s /proc/self/root /vol/magic',
    )
    for target in (
        '/vol/absolute/inner',
        '/vol/relative/inner',
        f'/vol/magic/{outside}/inner',
        f'/vol/../..{outside}/inner',
    ):
        zlayer.call('run', '--rm', '-v', 'linked:/vol', '-v', f'{bound}:{target}', IMAGE, 'true')
        assert os.listdir(outside) == ['secret']


def test_a_link_swapped_while_containers_start_wins_nothing(zlayer, outside, tmp_path):
    """One container turns a directory into a link and back; others mount below it meanwhile."""
    bound = tmp_path / 'bound'
    bound.mkdir()
    swap = (
        f'mkdir -p /vol/a; ln -sfn {outside} /vol/b; echo go; '
        'while true; do mv /vol/a /vol/c; mv /vol/b /vol/a; mv /vol/a /vol/b; mv /vol/c /vol/a; done'
    )
    swapper = zlayer.detached('-v', 'raced:/vol', IMAGE, 'sh', '-c', swap)
    for _ in range(15):
        zlayer.call('run', '--rm', '-v', 'raced:/vol', '-v', f'{bound}:/vol/a/deep/er', IMAGE, 'true')
        assert os.listdir(outside) == ['secret']
    zlayer('rm', '-f', swapper)


def test_the_hosts_root_is_not_reachable_after_the_start(zlayer, outside):
    script = (
        f'for p in /proc/[0-9]*; do cat $p/root{outside}/secret $p/cwd{outside}/secret; done 2>/dev/null; '
        f'umount -l / 2>/dev/null; ls /..{outside} 2>/dev/null; true'
    )
    assert 'secret' not in zlayer('run', '--rm', IMAGE, 'sh', '-c', script).stdout
    assert 'secret' not in zlayer('run', '--rm', '--cap-add', 'SYS_CHROOT', IMAGE, 'sh', '-c', script).stdout
