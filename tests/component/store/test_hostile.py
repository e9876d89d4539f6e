"""Archives by people who mean harm: each is refused by name, or does no more than it may."""

import gzip
import io
import os
import subprocess
import tarfile

import pytest
from harness.images import special, tar_of


@pytest.mark.parametrize('name', ['../evil', 'a/../../evil', '..', 'a/..', '/../evil', './../evil'])
def test_a_name_that_climbs_is_refused(store, name):
    store.refuses(tar_of((name, 'x')), name)


def test_an_absolute_name_stays_below_the_root(store):
    root = store.bring(tar_of(('/etc/passwd', 'mine')))
    assert open(root + '/etc/passwd').read() == 'mine'


@pytest.mark.parametrize('target', ['/', '/etc', '../../../../../../../etc', '/proc/self/root/etc', '.'])
def test_writing_through_a_symlink_stays_below_the_root(store, target):
    victim = os.path.join(store.scratch, 'victim')
    os.mkdir(victim)
    data = tar_of(special('way', tarfile.SYMTYPE, target), ('way/zlayer-escaped', 'x'))
    try:
        root = store.bring(data)
        assert [p for p, _, files in os.walk(root) if 'zlayer-escaped' in files]
    except Exception as error:
        assert 'way' in str(error)
    assert not os.path.exists('/etc/zlayer-escaped') and not os.path.exists('/zlayer-escaped')


def test_writing_over_a_symlink_replaces_it(store):
    outside = store.file(b'safe', 'outside')
    root = store.bring(tar_of(special('f', tarfile.SYMTYPE, outside), ('f', 'new')))
    assert open(outside).read() == 'safe' and not os.path.islink(root + '/f')


@pytest.mark.parametrize('target', ['../../etc/passwd', '/../etc/passwd'])
def test_a_hard_link_that_climbs_is_refused(store, target):
    store.refuses(tar_of(special('l', tarfile.LNKTYPE, target)), 'entry l', target)


def test_a_hard_link_to_the_host_finds_nothing(store):
    store.refuses(tar_of(special('l', tarfile.LNKTYPE, '/etc/passwd')), '/etc/passwd, which is not in the layer')


def test_a_hard_link_through_a_symlink_stays_below_the_root(store):
    data = tar_of(special('way', tarfile.SYMTYPE, '/etc'), special('l', tarfile.LNKTYPE, 'way/passwd'))
    store.refuses(data, 'way/passwd, which is not in the layer')


def test_a_hard_link_to_a_directory_or_itself(store):
    store.refuses(tar_of(('d', None), special('l', tarfile.LNKTYPE, 'd')), 'hard link to d')
    store.refuses(tar_of(special('l', tarfile.LNKTYPE, 'l')), 'not in the layer')


def test_whiteouts_do_not_climb(store):
    for name in ('.wh...', '.wh..', '.wh.', 'd/.wh...'):
        store.refuses(tar_of((name, '')), 'whiteout')


def test_a_device_that_would_be_a_whiteout_is_refused(store):
    store.refuses(tar_of(special('w', tarfile.CHRTYPE)), 'entry w', '0/0')


def test_overlay_attributes_of_the_archive_have_no_effect(store):
    info = special('d', tarfile.DIRTYPE, mode=0o755)
    info.pax_headers = {'SCHILY.xattr.trusted.overlay.opaque': 'y'}
    assert os.listxattr(store.bring(tar_of(info)) + '/d') == []


def test_devices_are_where_the_archive_has_them_and_cannot_be_opened_by_unpacking(store):
    data = tar_of(special('etc/passwd', tarfile.CHRTYPE, mode=0o666, devmajor=1, devminor=5), ('etc/passwd', 'text'))
    assert open(store.bring(data) + '/etc/passwd').read() == 'text'


def header(**fields):
    """A header that tarfile itself would not write."""
    info = tarfile.TarInfo('f')
    block = bytearray(info.tobuf(tarfile.USTAR_FORMAT))
    for at, data in fields.values():
        block[at : at + len(data)] = data
    block[148:156] = b' ' * 8
    block[148:156] = b'%06o\0 ' % sum(block)
    return bytes(block)


END = bytes(1024)


@pytest.mark.parametrize(
    'data, words, kind',
    [
        (header(size=(124, b'77777777777')) + END, ['too early'], 'InvalidSpec'),
        (header(size=(124, b'\x80' + b'\xff' * 11)) + END, ['size'], 'InvalidSpec'),
        (header(size=(124, b'\xff' * 12)) + END, ['size', 'out of range'], 'InvalidSpec'),
        (header(size=(124, b'12x4567890 ')) + END, ['size', 'octal'], 'InvalidSpec'),
        (header(uid=(108, b'\x80\0\0\1\0\0\0\0')) + END, ['owner', 'out of range'], 'InvalidSpec'),
        (header(type=(156, b'S')) + END, ['sparse'], 'Unsupported'),
        (header(type=(156, b'Z')) + END, ['0x5a'], 'Unsupported'),
        (header(name=(0, b'\0')) + END, ['without a name'], 'InvalidSpec'),
        (header(type=(156, b'2')) + END, ['without a target'], 'InvalidSpec'),
        (b'not a tar archive at all, but longer than one block'.ljust(2048, b'.'), ['checksum'], 'InvalidSpec'),
        (header()[:300], ['too early'], 'InvalidSpec'),
    ],
    ids=range(11),
)
def test_headers_that_lie(store, data, words, kind):
    store.refuses(data, *words, kind=kind)


def pax(records, name='f'):
    """An extended header of these very bytes, then an empty file."""
    body = records.ljust(-(-len(records) // 512) * 512, b'\0')
    return header(type=(156, b'x'), size=(124, b'%011o' % len(records))) + body + header() + END


def record(key, value):
    rest = b' ' + key + b'=' + value + b'\n'
    length = len(rest) + 1
    while len(b'%d' % length) + len(rest) != length:
        length = len(b'%d' % length) + len(rest)
    return b'%d' % length + rest


@pytest.mark.parametrize(
    'records, words',
    [
        (b'99 path=x\n', ['byte 0']),
        (b'5 a\n\n', ['without a key']),
        (b'path=x\n', ['byte 0']),
        (record(b'path', b'a\0b'), ['path', 'NUL']),
        (record(b'path', b'../../up'), ['`..`']),
        (record(b'path', b'x' * 5000), ['path', '4095']),
        (record(b'size', b'-1'), ['size']),
        (record(b'size', b'99999999999999999999'), ['size']),
        (record(b'uid', b'4294967295'), ['owner']),
        (record(b'mtime', b'soon'), ['mtime']),
        (b''.join(record(b'SCHILY.xattr.user.n%d' % n, b'v') for n in range(70)), ['64 extended attributes']),
        (record(b'SCHILY.xattr.user.big', b'v' * 70000), ['65536']),
        (record(b'comment', b'c' * (2 << 20)), ['1048576']),
        (record(b'path', b'/'.join([b'd'] * 400)), ['256 directories']),
    ],
    ids=range(14),
)
def test_pax_records_that_lie_or_are_too_much(store, records, words):
    store.refuses(pax(records), *words)


def test_a_name_too_long_for_the_file_system_is_named(store):
    store.refuses(pax(record(b'path', b'n' * 300)), 'nnnn', 'too long')


def test_truncated_and_damaged_compression(store):
    data = gzip.compress(tar_of(('f', os.urandom(300000))))
    store.refuses(data[:-9], 'gzip', 'too early')
    store.refuses(data[: len(data) // 2], 'gzip', 'too early')
    store.refuses(data[:-6] + bytes([data[-6] ^ 1]) + data[-5:], 'gzip', 'checksum')
    store.refuses(data + b'garbage', 'gzip', 'something else')
    store.refuses(b'\x1f\x8b\x08junkjunkjunkjunk', 'gzip')
    packed = subprocess.run(['zstd', '-qc'], input=tar_of(('f', os.urandom(300000))), stdout=subprocess.PIPE).stdout
    store.refuses(packed[:-9], 'zstd', 'too early')
    store.refuses(packed + b'garbage', 'zstd')


def test_limits_are_named(store):
    zeros = tar_of(('zeros', bytes(8 << 20)))
    store.refuses(gzip.compress(zeros), '10 times', limits={'expansion_ratio': 10, 'expansion_free': 1 << 20})
    store.refuses(zeros, 'zeros', '1048576', limits={'layer_bytes': 1 << 20})
    store.refuses(tar_of(*[(f'f{n}', bytes(4096)) for n in range(9)]), 'layer', '9000', limits={'layer_bytes': 9000})
    store.refuses(gzip.compress(os.urandom(1 << 20)), 'blob', '65536', limits={'blob_bytes': 65536})
    store.refuses(tar_of(*[(f'f{n}', '') for n in range(20)]), '10 entries', limits={'entries': 10})


def test_a_bomb_meets_the_limit(store):
    buffer = io.BytesIO()
    info = tarfile.TarInfo('bomb')
    info.size = 1 << 30
    with gzip.GzipFile(fileobj=buffer, mode='wb', compresslevel=9) as file:
        file.write(info.tobuf(tarfile.GNU_FORMAT))
        for _ in range(64):
            file.write(bytes(1 << 20))
    store.refuses(buffer.getvalue(), 'expands more than 256 times', limits={'expansion_free': 16 << 20})


def test_a_file_larger_than_any_layer_is_refused_before_it_is_read(store):
    info = tarfile.TarInfo('huge')
    info.size = 1 << 50
    store.refuses(info.tobuf(tarfile.GNU_FORMAT) + bytes(512), 'huge', 'limit of 137438953472')


def test_an_entry_below_what_is_no_directory_is_refused(store):
    store.refuses(tar_of(('f', 'x'), ('f/below', 'x')), 'entry f/below')


def test_nothing_of_a_refused_archive_harms_the_image_of_before(store):
    root = store.bring(tar_of(('f', 'good')), 'kept')
    with pytest.raises(Exception):
        store.bring(tar_of(('g', 'x'), ('../up', 'x')), 'kept')
    assert store('get', 'kept')['layers'] == [root] and store.listing('tmp') == []
