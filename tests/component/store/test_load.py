"""Images from OCI layouts and archives."""

import gzip
import json
import os
import shutil
import tarfile

import pytest
from conftest import Failed
from harness.images import Layout, special, tar_of
from tree import tree

CONFIG = 'application/vnd.oci.image.config.v1+json'
MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
INDEX = 'application/vnd.oci.image.index.v1+json'


@pytest.fixture
def layout(store):
    return Layout(os.path.join(store.scratch, 'layout'))


def rewrite(layout, **index):
    with open(layout.directory + '/index.json', 'w') as file:
        json.dump({'schemaVersion': 2, **index}, file)


def nest(layout, descriptors, **fields):
    data = json.dumps({'schemaVersion': 2, 'mediaType': INDEX, 'manifests': descriptors}).encode()
    return {**layout.blob(data, INDEX), **fields}


def named(name):
    return {'annotations': {'org.opencontainers.image.ref.name': name}}


def refuses(store, layout, *words, kind='InvalidSpec', limits=None):
    with pytest.raises(Failed) as caught:
        store('load', layout.directory, limits=limits)
    for word in words:
        assert word in str(caught.value)
    assert caught.value.kind == kind
    assert store('ls') == [] and store.listing('tmp') == []


def mount_overlay(layers, at):
    """The kernel's own opinion of layers."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    fs = libc.syscall(430, b'overlay', 1)
    for layer in reversed(layers):
        assert libc.syscall(431, fs, 1, b'lowerdir+', layer.encode(), 0) == 0, ctypes.get_errno()
    assert libc.syscall(431, fs, 6, None, None, 0) == 0, os.strerror(ctypes.get_errno())
    mount = libc.syscall(432, fs, 1, 0)
    os.close(fs)
    assert mount >= 0
    return mount


def merged(store, name, at='copy'):
    """The tree that `copy` makes of an image, after it was found equal to what overlayfs shows."""
    target = os.path.join(store.scratch, at)
    os.mkdir(target)
    store('copy', name, target)
    layers = store('get', name)['layers']
    if len(layers) > 1:
        mount = mount_overlay(layers, target)
        kernel = {path: about[0] for path, about in tree(f'/proc/self/fd/{mount}').items()}
        os.close(mount)
        assert kernel == {path: about[0] for path, about in tree(target).items()}
    return target


FIRST = tar_of(
    ('etc', None),
    ('etc/a', 'one'),
    ('etc/b', 'one'),
    ('dir/x', 'x'),
    ('dir/y', 'y'),
    ('opaque/old', 'x'),
    ('opaque/sub/old', 'x'),
    ('swapped/in', 'x'),
    ('file', 'x'),
    special('h1', tarfile.SYMTYPE, 'etc'),
)
SECOND = tar_of(
    ('etc/.wh.a', ''),
    ('etc/b', 'two'),
    ('.wh.dir', ''),
    ('dir/z', 'z'),
    ('opaque/new', 'n'),
    ('opaque/.wh..wh..opq', ''),
    ('swapped', 'a file'),
    ('.wh.file', ''),
    ('file/now', 'a directory'),
    ('.wh..wh.plnk', None),
    ('.wh..wh.plnk/99.1', ''),
    special('h1', tarfile.DIRTYPE, mode=0o700),
    ('l1', 'linked'),
    special('l2', tarfile.LNKTYPE, 'l1'),
)


@pytest.mark.parametrize('compression', ['', '+gzip', '+zstd'])
def test_layers_merge_as_the_specification_says(store, layout, compression):
    layout.add_image('merged:1', [FIRST, SECOND], compression=compression)
    assert store('load', layout.directory) == ['docker.io/library/merged:1']
    root = merged(store, 'merged:1')
    assert sorted(tree(root)) == [
        'dir', 'dir/z', 'etc', 'etc/b', 'file', 'file/now', 'h1', 'l1', 'l2', 'opaque', 'opaque/new', 'swapped',
    ]  # fmt: skip
    assert open(root + '/etc/b').read() == 'two' and os.path.isdir(root + '/h1')
    assert os.path.samefile(root + '/l1', root + '/l2')


@pytest.mark.parametrize('whiteout_first', [True, False])
def test_a_whiteout_hides_the_layers_below_and_nothing_of_its_own(store, layout, whiteout_first):
    """layer.md: whiteouts apply to lower layers only, wherever in the archive they stand."""
    entries = [('.wh.d', ''), ('.wh.f', ''), ('d/new', 'x'), ('f', 'new')]
    second = tar_of(*(entries if whiteout_first else entries[::-1]))
    layout.add_image('i:1', [tar_of(('d/old', 'x'), ('f', 'old')), second])
    store('load', layout.directory)
    assert sorted(tree(merged(store, 'i:1'))) == ['d', 'd/new', 'f']


def test_a_directory_that_a_layer_leaves_out_keeps_its_mode_and_owner(store, layout):
    base = tar_of(special('tmp', tarfile.DIRTYPE, mode=0o1777, uid=7), special('tmp/in', tarfile.DIRTYPE, mode=0o700))
    layout.add_image('i:1', [base, tar_of(('tmp/in/f', 'x'))])
    store('load', layout.directory)
    st = os.stat(merged(store, 'i:1') + '/tmp')
    assert (st.st_mode & 0o7777, st.st_uid) == (0o1777, 7)


def test_an_image_of_forty_layers_and_one_twice(store, layout):
    layers = [tar_of((f'l/{n:02}', str(n)), ('newest', str(n))) for n in range(40)]
    layout.add_image('forty:1', layers)
    layout.add_image('twice:1', [layers[0], layers[1], layers[0]])
    store('load', layout.directory)
    assert open(merged(store, 'forty:1') + '/newest').read() == '39'
    image = store('get', 'twice:1')
    assert (len(image['diff_ids']), len(image['layers'])) == (3, 2)
    assert open(merged(store, 'twice:1', 'other') + '/newest').read() == '0'
    assert len(store.listing('layers')) == 40


def test_an_archive_is_its_directory(store, layout):
    layout.add_image('archived:1', [FIRST], compression='+gzip')
    path = layout.archive(os.path.join(store.scratch, 'a.tar'))
    assert store('load', path) == ['docker.io/library/archived:1']
    with open(path, 'rb') as file:
        assert store('load', '-', stdin=file) == ['docker.io/library/archived:1']
    with open(path, 'rb') as file, gzip.open(path + '.gz', 'wb') as packed:
        shutil.copyfileobj(file, packed)
    assert store('load', path + '.gz') == ['docker.io/library/archived:1']
    assert store.listing('tmp') == []


def test_a_docker_archive_is_named_for_what_it_is(store):
    data = tar_of(('manifest.json', '[]'), ('repositories', '{}'))
    with pytest.raises(Failed) as caught:
        store('load', store.file(data))
    assert 'docker-archive' in str(caught.value) and caught.value.kind == 'Unsupported'


def test_what_is_no_layout_says_so(store, layout):
    os.unlink(layout.directory + '/oci-layout')
    refuses(store, layout, 'not an OCI layout', 'oci-layout', kind='NotFound')
    with open(layout.directory + '/oci-layout', 'w') as file:
        file.write('{"imageLayoutVersion":"9.0.0"}')
    refuses(store, layout, '9.0.0', kind='Unsupported')


def test_the_index_gives_the_platform_of_the_host(store, layout):
    other = {**layout.add_image('x', [FIRST]), 'platform': {'os': 'linux', 'architecture': 's390x'}}
    wrong_os = {**other, 'platform': {'os': 'windows', 'architecture': 'amd64'}}
    attestation = {**other, 'platform': {'os': 'unknown', 'architecture': 'unknown'}}
    ours = {**layout.add_image('x', [SECOND]), 'platform': {'os': 'linux', 'architecture': 'amd64'}}
    newer = {**other, 'platform': {'os': 'linux', 'architecture': 'amd64', 'variant': 'v4'}}
    for item in (other, wrong_os, attestation, ours, newer):
        item.pop('annotations', None)
    rewrite(layout, manifests=[nest(layout, [attestation, other, wrong_os, newer, ours], **named('multi:1'))])
    assert store('load', layout.directory) == ['docker.io/library/multi:1']
    assert len(store('ls')) == 1 and store('get', 'multi:1')['manifest'] == ours['digest']
    rewrite(layout, manifests=[nest(layout, [other, wrong_os], **named('none:1'))])
    with pytest.raises(Failed) as caught:
        store('load', layout.directory)
    assert 'linux/amd64' in str(caught.value) and 'linux/s390x' in str(caught.value)
    rewrite(layout, manifests=[other, {**ours, **named('flat:1')}])
    assert store('load', layout.directory) == ['docker.io/library/flat:1']


def test_indexes_inside_indexes_have_a_limit(store, layout):
    inner = layout.add_image('x', [FIRST])
    for _ in range(3):
        inner = nest(layout, [inner])
    rewrite(layout, manifests=[{**inner, **named('nested:1')}])
    assert store('load', layout.directory) == ['docker.io/library/nested:1']
    store('rm', 'nested:1')
    for _ in range(3):
        inner = nest(layout, [inner])
    rewrite(layout, manifests=[inner])
    refuses(store, layout, 'index inside an index', '4')
    rewrite(layout, manifests=[inner] * 2000)
    refuses(store, layout, limits={'index_depth': 1})


def test_names_are_the_archives_text_only_where_they_are_names(store, layout):
    first = layout.add_image('x', [FIRST])
    rewrite(layout, manifests=[{**first, 'annotations': {'org.opencontainers.image.ref.name': 'Not A Name'}}])
    [id] = store('load', layout.directory)
    assert id.startswith('sha256:') and store('get', id)['names'] == []
    both = {'org.opencontainers.image.ref.name': '1.0', 'io.containerd.image.name': 'quay.io/a/b:1.0'}
    rewrite(layout, manifests=[{**first, 'annotations': both}])
    assert store('load', layout.directory) == ['quay.io/a/b:1.0']


def damage(path):
    with open(path, 'r+b') as file:
        file.seek(os.path.getsize(path) // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))


@pytest.mark.parametrize('what', ['manifest', 'config', 'layer'])
@pytest.mark.parametrize('how', ['changed', 'longer', 'shorter', 'missing', 'a symlink', 'a directory'])
def test_every_blob_is_what_its_digest_says(store, layout, what, how):
    descriptor = layout.add_image('x:1', [FIRST], compression='+gzip')
    blob = lambda d: f'{layout.directory}/blobs/sha256/{d["digest"][7:]}'
    manifest = json.load(open(blob(descriptor)))
    path = blob({'manifest': descriptor, 'config': manifest['config'], 'layer': manifest['layers'][0]}[what])
    kind = 'InvalidSpec'
    if how == 'changed':
        damage(path)
        words = ['expected sha256:' + os.path.basename(path), 'got sha256:']
    elif how == 'longer':
        with open(path, 'ab') as file:
            file.write(b' ')
        words = ['expected']
    elif how == 'shorter':
        os.truncate(path, os.path.getsize(path) - 1)
        words = []
    elif how == 'missing':
        os.unlink(path)
        words, kind = [os.path.basename(path), 'missing'], 'NotFound'
    elif how == 'a symlink':
        os.rename(path, path + '.real')
        os.symlink(os.path.basename(path) + '.real', path)
        words = ['symlink']
    else:
        os.unlink(path)
        os.mkdir(path)
        words, kind = [], 'InvalidSpec'
    refuses(store, layout, *words, kind=kind)


def test_a_blob_that_unpacks_to_something_else_is_refused(store, layout):
    layout.add_image('x:1', [FIRST], diff_ids=['sha256:' + '0' * 64])
    refuses(store, layout, 'diff id', 'expected sha256:' + '0' * 64, 'got sha256:')


def test_a_known_layer_does_not_make_a_wrong_blob_right(store, layout):
    import hashlib

    layout.add_image('good:1', [FIRST])
    store('load', layout.directory)
    bad = Layout(os.path.join(store.scratch, 'bad'))
    bad.add_image('bad:1', [SECOND], diff_ids=['sha256:' + hashlib.sha256(FIRST).hexdigest()])
    with pytest.raises(Failed) as caught:
        store('load', bad.directory)
    assert 'diff id' in str(caught.value)
    assert len(store.listing('blobs/sha256')) == 5 or len(store('ls')) == 1


@pytest.mark.parametrize(
    'change, words, kind',
    [
        (lambda m: m['layers'][0].update(mediaType='application/x-rpm'), ['layer', 'application/x-rpm'], 'Unsupported'),
        (lambda m: m['config'].update(mediaType='application/vnd.unknown'), ['config', 'vnd.unknown'], 'Unsupported'),
        (lambda m: m.update(mediaType='text/plain'), ['text/plain'], 'Unsupported'),
        (lambda m: m.update(mediaType=INDEX), ['media type'], 'InvalidSpec'),
        (lambda m: m.update(manifests=[]), ['both'], 'InvalidSpec'),
        (lambda m: m.update(schemaVersion=1), ['schemaVersion'], 'Unsupported'),
        (lambda m: m['layers'].append(m['layers'][0]), ['2 layers', '1 diff ids'], 'InvalidSpec'),
        (lambda m: m['layers'][0].update(digest='sha256:../../../x'), ['digest'], 'InvalidSpec'),
        (lambda m: m['layers'][0].update(size=-1), ['size'], 'InvalidSpec'),
        (lambda m: m.pop('config'), ['config'], 'InvalidSpec'),
        (lambda m: m['layers'].__setitem__(slice(None), m['layers'] * 300), ['300', '256'], 'InvalidSpec'),
    ],
    ids=range(11),
)
def test_manifests_that_lie(store, layout, change, words, kind):
    descriptor = layout.add_image('x:1', [FIRST])
    manifest = json.load(open(f'{layout.directory}/blobs/sha256/{descriptor["digest"][7:]}'))
    if words == ['300', '256']:
        rootfs = {'type': 'layers', 'diff_ids': ['sha256:' + '0' * 64] * 300}
        config = {'os': 'linux', 'architecture': 'amd64', 'rootfs': rootfs}
        manifest['config'] = layout.blob(json.dumps(config).encode(), CONFIG)
    change(manifest)
    rewrite(layout, manifests=[layout.blob(json.dumps(manifest).encode(), MANIFEST)])
    refuses(store, layout, *words, kind=kind)


def test_an_image_for_another_system_is_refused(store, layout):
    config = {'os': 'windows', 'architecture': 'amd64', 'rootfs': {'type': 'layers', 'diff_ids': []}}
    manifest = {'schemaVersion': 2, 'config': layout.blob(json.dumps(config).encode(), CONFIG), 'layers': []}
    rewrite(layout, manifests=[layout.blob(json.dumps(manifest).encode(), MANIFEST)])
    refuses(store, layout, 'windows', kind='Unsupported')


def test_an_archive_takes_no_file_but_a_layouts(store, layout):
    layout.add_image('x:1', [FIRST])
    path = os.path.join(store.scratch, 'a.tar')
    with tarfile.open(path, 'w') as tar:
        tar.add(layout.directory, arcname='./')
        tar.addfile(special('blobs/evil', tarfile.SYMTYPE, '/etc'))
        tar.addfile(special('blobs/sha256/' + '0' * 64, tarfile.SYMTYPE, '/etc/passwd'))
    with pytest.raises(Failed) as caught:
        store('load', path)
    assert 'plain file' in str(caught.value)
