"""Row: layer unpack: traversal, hard links out, device nodes, bombs."""

import gzip
import os
import tarfile

import pytest

from harness.images import Layout, special, tar_of

UP = '../' * 16


def attacks(outside):
    """(name, tar entries): each tries to write into `outside`, or to bring its file in."""
    inner = str(outside).lstrip('/')
    secret = f'{inner}/secret'
    return {
        'dots': [(f'{UP}{inner}/new', 'x')],
        'dots inside': [(f'a/../{UP}{inner}/new', 'x')],
        'absolute': [(f'/{inner}/new', 'x')],
        'link then file': [special('d', tarfile.SYMTYPE, str(outside)), ('d/new', 'x')],
        'relative link then file': [special('d', tarfile.SYMTYPE, UP + inner), ('d/new', 'x')],
        'two links then file': [
            special('a', tarfile.SYMTYPE, 'b'),
            special('b', tarfile.SYMTYPE, str(outside)),
            ('a/new', 'x'),
        ],
        'link then directory': [special('d', tarfile.SYMTYPE, str(outside)), ('d', None), ('d/new', 'x')],
        'file over a link': [special('f', tarfile.SYMTYPE, str(outside) + '/new'), ('f', 'x')],
        'hard link out': [special('h', tarfile.LNKTYPE, '/' + secret), ('h', 'overwritten')],
        'hard link by dots': [special('h', tarfile.LNKTYPE, UP + secret), ('h', 'overwritten')],
        'hard link through a link': [
            special('d', tarfile.SYMTYPE, str(outside)),
            special('h', tarfile.LNKTYPE, 'd/secret'),
            ('h', 'overwritten'),
        ],
        'hard link to a link': [
            special('l', tarfile.SYMTYPE, str(outside) + '/secret'),
            special('h', tarfile.LNKTYPE, 'l'),
            ('h', 'over'),
        ],
        'whiteout by link': [special('d', tarfile.SYMTYPE, str(outside)), ('d/.wh.secret', '')],
        'whiteout of dots': [('.wh...', '')],
        'whiteout of nothing': [('.wh.', '')],
        'opaque through a link': [special('d', tarfile.SYMTYPE, str(outside)), ('d/.wh..wh..opq', '')],
        'device through a link': [
            special('d', tarfile.SYMTYPE, str(outside)),
            special('d/new', tarfile.CHRTYPE, devmajor=1, devminor=3),
        ],
        'fifo through a link': [special('d', tarfile.SYMTYPE, str(outside)), special('d/new', tarfile.FIFOTYPE)],
        'the root itself a link': [special('.', tarfile.SYMTYPE, str(outside)), ('new', 'x')],
        'empty name': [('', 'x')],
    }


@pytest.mark.parametrize('name', attacks('/x'))
def test_nothing_is_written_or_read_outside(zlayer, outside, tmp_path, base_layer, name):
    layout = Layout(tmp_path / 'layout')
    layout.add_image('attack:1', [base_layer, tar_of(*attacks(outside)[name])])
    ended = zlayer.call('image', 'load', layout.directory)
    assert os.listdir(outside) == ['secret'] and (outside / 'secret').read_text() == 'host-secret\n'
    if ended.code == 0:
        found = zlayer.call('run', '--rm', 'attack:1', 'sh', '-c', 'cat /h /f /d/secret 2>/dev/null; true')
        assert 'host-secret' not in found.stdout
        zlayer('image', 'rm', 'attack:1')
    else:
        assert ended.code == 1 and ended.stderr


@pytest.mark.parametrize('name', attacks('/x'))
def test_the_same_by_import(zlayer, outside, tmp_path, name):
    path = tmp_path / 'rootfs.tar'
    path.write_bytes(tar_of(*attacks(outside)[name]))
    ended = zlayer.call('image', 'import', path, 'attack:2')
    assert ended.code in (0, 1)
    if ended.code == 0:
        zlayer('image', 'rm', 'attack:2')


def test_a_bomb_ends_at_the_ratio(zlayer, tmp_path):
    """A file of 16 GiB of zeros: 16 MiB of archive, made of one gzip member again and again."""
    info = tarfile.TarInfo('bomb')
    info.size = 16 << 30
    member = gzip.compress(bytes(64 << 20), mtime=0)
    path = tmp_path / 'bomb.tar.gz'
    path.write_bytes(gzip.compress(info.tobuf(tarfile.PAX_FORMAT), mtime=0) + member * 256 + gzip.compress(bytes(1024)))
    assert zlayer('image', 'import', path, 'bomb:1', code=1, timeout=300).stderr
    left = [os.path.join(where, f) for where, _, files in os.walk(zlayer.root_dir) for f in files]
    assert not [f for f in left if os.path.getsize(f) > 64 << 20]


@pytest.mark.parametrize(
    'entries',
    [
        [('/'.join(['d'] * 3000), 'deep')],
        [('n' * 5000, 'long')],
        [special('x', tarfile.REGTYPE, pax_headers={'SCHILY.xattr.user.big': 'x' * 1000000})],
        [special('x', tarfile.REGTYPE, pax_headers={f'SCHILY.xattr.user.n{i}': 'x' for i in range(5000)})],
        [special('x', tarfile.SYMTYPE, 'y' * 5000)],
    ],
    ids=['depth', 'name', 'xattr size', 'xattr count', 'link target'],
)
def test_absurd_entries_are_refused(zlayer, tmp_path, entries):
    path = tmp_path / 'rootfs.tar'
    path.write_bytes(tar_of(*entries))
    assert zlayer('image', 'import', path, 'absurd:1', code=1).stderr


def test_a_truncated_or_damaged_archive_is_refused(zlayer, tmp_path, base_layer):
    for name, data in {
        'cut': base_layer[: len(base_layer) // 2],
        'noise': os.urandom(100000),
        'no tar': b'hello\n' * 1000,
        'sum': base_layer[:148] + b'0000000\0' + base_layer[156:],
    }.items():
        path = tmp_path / 'bad.tar'
        path.write_bytes(data)
        assert zlayer.call('image', 'import', path, 'bad:1').code == 1, name


def test_attributes_of_overlayfs_are_not_the_images_to_set(zlayer, tmp_path, base_layer):
    """A layer that brings overlayfs' own attributes could hide or redirect what is below."""
    entry = special(
        'etc',
        tarfile.DIRTYPE,
        mode=0o755,
        pax_headers={'SCHILY.xattr.trusted.overlay.opaque': 'y', 'SCHILY.xattr.trusted.overlay.redirect': '/root'},
    )
    layout = Layout(tmp_path / 'layout')
    layout.add_image('overlay:1', [base_layer, tar_of(entry)])
    if zlayer.call('image', 'load', layout.directory).code == 0:
        assert 'passwd' in zlayer('run', '--rm', 'overlay:1', 'ls', '/etc').stdout
        zlayer('image', 'rm', 'overlay:1')
