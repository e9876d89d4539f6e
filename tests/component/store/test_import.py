"""Images from rootfs tars: what is unpacked is what the archive says."""

import gzip
import hashlib
import io
import os
import random
import stat
import struct
import subprocess
import tarfile

import pytest
from harness.images import special, tar_of
from tree import extract_by_libarchive, tree


def capability_xattr(bits):
    """security.capability of revision 2, effective: linux/capability.h, struct vfs_cap_data."""
    return struct.pack('<IIIII', 0x02000001, bits, 0, 0, 0)


def rich_tar(format=tarfile.PAX_FORMAT):
    """Everything that a layer may have in it."""
    buffer = io.BytesIO()
    rng = random.Random(7)
    with tarfile.open(fileobj=buffer, mode='w', format=format) as tar:

        def add(name, kind=tarfile.REGTYPE, data=b'', **fields):
            info = special(name, kind, **fields)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))

        add('usr', tarfile.DIRTYPE, mode=0o755, mtime=1000)
        add('usr/bin', tarfile.DIRTYPE, mode=0o751, uid=3, gid=4, mtime=2000)
        add('usr/bin/su', data=b'#!', mode=0o4755, mtime=3000)
        add('usr/bin/sgid', data=b'#!', mode=0o2711, uid=1, gid=2, mtime=3001)
        add('tmp', tarfile.DIRTYPE, mode=0o1777, mtime=5)
        add('usr/lib', tarfile.SYMTYPE, target='/lib64', uid=8, gid=9, mtime=77)
        add('usr/share', tarfile.SYMTYPE, target='../../../../etc', mtime=78)
        add('pipe', tarfile.FIFOTYPE, mode=0o620, uid=5, gid=6, mtime=99)
        add('null', tarfile.CHRTYPE, mode=0o666, devmajor=1, devminor=3, mtime=9)
        add('disk', tarfile.BLKTYPE, mode=0o660, devmajor=259, devminor=4097, mtime=9)
        add('big', data=rng.randbytes(3 << 20), mode=0o600, mtime=1 << 33 if format != tarfile.USTAR_FORMAT else 1)
        add('empty', mode=0o000, mtime=0)
        add('hard', tarfile.LNKTYPE, target='usr/bin/su', mode=0o4755, mtime=3000)
        add('hard-symlink', tarfile.LNKTYPE, target='usr/lib', mode=0o777, uid=8, gid=9, mtime=77)
        if format != tarfile.USTAR_FORMAT:
            deep = '/'.join(['d' * 60] * 8)
            add(deep + '/' + 'n' * 120, data=b'deep', mode=0o644, uid=70000, gid=3000000, mtime=4)
            add('long-link', tarfile.SYMTYPE, target='t' * 300, mtime=4)
        add('sp ace\n\xfc', data=b'odd', mode=0o644, mtime=6)
    return buffer.getvalue()


FORMATS = {'pax': tarfile.PAX_FORMAT, 'gnu': tarfile.GNU_FORMAT, 'ustar': tarfile.USTAR_FORMAT}


@pytest.mark.parametrize('format', FORMATS)
def test_a_tree_is_unpacked_as_libarchive_unpacks_it(store, format):
    data = rich_tar(FORMATS[format])
    expected = os.path.join(store.scratch, 'expected')
    os.mkdir(expected)
    extract_by_libarchive(store.file(data, 'oracle.tar'), expected)
    assert tree(store.bring(data)) == tree(expected)


def test_the_times_of_directories_survive_what_is_put_into_them(store):
    last = special('.', tarfile.DIRTYPE, mode=0o711, mtime=4321)
    data = tar_of(special('a', tarfile.DIRTYPE, mode=0o755, mtime=1234), ('a/b', 'x'), last)
    root = store.bring(data)
    assert os.stat(root + '/a').st_mtime == 1234
    assert (os.stat(root).st_mtime, stat.S_IMODE(os.stat(root).st_mode)) == (4321, 0o711)


@pytest.mark.parametrize('packed', ['plain', 'gzip', 'gzip members', 'zstd', 'zstd frames'])
def test_every_compression_gives_the_same_layer(store, packed):
    data = rich_tar()
    half = len(data) // 3
    zstd = lambda part: subprocess.run(['zstd', '-qc'], input=part, stdout=subprocess.PIPE, check=True).stdout
    made = {
        'plain': lambda: data,
        'gzip': lambda: gzip.compress(data),
        'gzip members': lambda: gzip.compress(data[:half]) + gzip.compress(b'') + gzip.compress(data[half:]),
        'zstd': lambda: zstd(data),
        'zstd frames': lambda: zstd(data[:half]) + zstd(data[half:]),
    }[packed]()
    root = store.bring(made)
    assert hashlib.sha256(data).hexdigest() in root
    assert store.listing('tmp') == []
    assert hashlib.sha256(made).hexdigest() in store.listing('blobs/sha256')


def test_many_gzip_members_of_any_length(store):
    """As pigz and stargz write them; the reader must not lose bytes between two members."""
    rng = random.Random(3)
    data = tar_of(('f', rng.randbytes(200000)))
    parts, at = [], 0
    while at < len(data):
        step = rng.choice([1, 7, 100, 5000])
        parts.append(gzip.compress(data[at : at + step], compresslevel=rng.choice([0, 1, 9])))
        at += step
    assert hashlib.sha256(data).hexdigest() in store.bring(b''.join(parts))


def test_extended_attributes_are_kept_by_namespace(store):
    info = special('f', tarfile.REGTYPE, mode=0o755)
    info.pax_headers = {
        'SCHILY.xattr.user.note': 'kept',
        'SCHILY.xattr.user.overlay.opaque': 'y',
        'SCHILY.xattr.trusted.overlay.redirect': '/etc',
        'SCHILY.xattr.security.selinux': 'system_u',
        'SCHILY.xattr.security.capability': capability_xattr(1 << 10).decode('latin-1'),
    }
    root = store.bring(tar_of(info))
    assert {n: os.getxattr(root + '/f', n) for n in os.listxattr(root + '/f')} == {
        'user.note': b'kept',
        'security.capability': capability_xattr(1 << 10),
    }


def test_a_hard_link_may_come_before_its_target(store):
    root = store.bring(tar_of(special('early', tarfile.LNKTYPE, 'd/late'), ('d/late', 'x')))
    assert os.path.samefile(root + '/early', root + '/d/late')


def test_a_later_entry_takes_the_place_of_an_earlier_one(store):
    data = tar_of(
        ('a', 'old'),
        special('b', tarfile.LNKTYPE, 'a'),
        ('a', 'new'),
        ('dir/in', 'x'),
        ('dir', 'a file now'),
        ('file', 'x'),
        ('file', None),
        ('kept/one', '1'),
        ('kept', None),
        ('kept/two', '2'),
    )
    root = store.bring(data)
    read = lambda name: open(os.path.join(root, name)).read()
    assert (read('a'), read('b'), read('dir')) == ('new', 'old', 'a file now')
    assert os.path.isdir(root + '/file') and sorted(os.listdir(root + '/kept')) == ['one', 'two']


def test_parents_that_the_archive_leaves_out_are_made(store):
    root = store.bring(tar_of(('a/b/c/d', 'x')))
    assert stat.S_IMODE(os.stat(root + '/a/b').st_mode) == 0o755


def test_options_make_the_config_and_the_same_input_the_same_image(store):
    data = tar_of(('f', 'x'))
    options = ['entrypoint=/bin/sh', 'entrypoint=-c', 'cmd=echo', 'env=A=B=C', 'workdir=/w', 'user=1:2', 'message=hi']
    first = store('import', store.file(data), 'one', *options)
    again = store('import', store.file(data), 'two:tag', *options)
    other = store('import', store.file(data), 'other', 'user=2')
    image = store('get', 'two:tag')
    assert first == again == image['id'] != other
    assert image['names'] == ['docker.io/library/one:latest', 'docker.io/library/two:tag']
    assert (image['entrypoint'], image['cmd'], image['env']) == (['/bin/sh', '-c'], ['echo'], ['A=B=C'])
    assert (image['workdir'], image['user'], image['comment']) == ('/w', '1:2', 'hi')
    assert len(store.listing('layers')) == 1


def test_the_image_is_as_old_as_its_newest_entry(store):
    store.bring(tar_of(special('a', tarfile.REGTYPE, mtime=86400), special('b', tarfile.REGTYPE, mtime=5)))
    assert store('get', 'image')['created_ns'] == 86400 * 10**9


def test_an_empty_archive_is_an_empty_image(store):
    assert os.listdir(store.bring(tar_of())) == []


def test_an_archive_comes_through_a_pipe(store):
    data = rich_tar()
    with subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cat:
        command = store.command('import', '/dev/stdin', 'piped')
        done = subprocess.Popen(command, stdin=cat.stdout, stdout=subprocess.PIPE)
        cat.stdin.write(data)
        cat.stdin.close()
        assert done.communicate()[0] and done.returncode == 0
    assert hashlib.sha256(data).hexdigest() in store('get', 'piped')['layers'][0]


def test_a_refused_archive_does_not_wait_for_the_rest_of_a_slow_pipe(store):
    fifo = os.path.join(store.scratch, 'fifo')
    os.mkfifo(fifo)
    with subprocess.Popen(store.command('import', fifo), stdout=subprocess.PIPE, text=True) as process:
        feed = os.open(fifo, os.O_WRONLY)
        data = tar_of(('f', bytes(600 << 10)), ('../up', 'x'), ('g', bytes(1 << 20)))
        for at in range(0, 640 << 10, 4096):
            os.write(feed, data[at : at + 4096])
        os.write(feed, data[640 << 10 : (1 << 20) + 4096])
        assert '../up' in process.stdout.read() and process.wait() == 1
        os.close(feed)
    assert store.listing('tmp') == []
