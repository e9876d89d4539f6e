"""Images: import, load, layers, whiteouts, names, and what an image says about its container."""

import hashlib
import json
import os
import tarfile

import pytest

from harness.images import Layout, busybox_rootfs, special, tar_of
from harness.zlayer import IMAGE


@pytest.fixture(scope='module')
def base(tmp_path_factory):
    with open(busybox_rootfs(str(tmp_path_factory.mktemp('base') / 'rootfs.tar')), 'rb') as file:
        return file.read()


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path / 'layout')


@pytest.fixture
def store(make_zlayer):
    """A store of its own for tests that count what is in it."""
    return make_zlayer(image=False)


def load(zlayer, layout):
    return zlayer('image', 'load', layout.directory)


@pytest.mark.parametrize('compression', ['', '+gzip', '+zstd'])
def test_layers_of_every_compression_run(zlayer, layout, base, compression):
    layout.add_image('compressed:1', [base, tar_of(('etc/layer', 'second\n'))], compression=compression)
    load(zlayer, layout)
    assert zlayer('run', '--rm', 'compressed:1', 'cat', '/etc/layer').stdout == 'second\n'


def test_an_image_of_forty_layers_runs(zlayer, layout, base):
    layers = [base] + [tar_of((f'layer/{n:02}', f'{n}\n'), ('newest', f'{n}\n')) for n in range(1, 40)]
    layout.add_image('forty:1', layers)
    load(zlayer, layout)
    out = zlayer(
        'run', '--rm', 'forty:1', 'sh', '-c', 'cat /newest; ls /layer | wc -l; cat /layer/* | sort -n | tail -1'
    ).lines
    assert out == ['39', '39', '39']


def test_whiteouts_take_files_and_directories_away(zlayer, layout, base):
    first = tar_of(('d', None), ('d/gone', 'x'), ('d/kept', 'x'), ('opaque', None), ('opaque/old', 'x'), ('file', 'x'))
    second = tar_of(
        ('d/.wh.gone', ''), ('.wh.file', ''), ('opaque', None), ('opaque/.wh..wh..opq', ''), ('opaque/new', 'x')
    )
    layout.add_image('whiteout:1', [base, first, second])
    load(zlayer, layout)
    assert zlayer('run', '--rm', 'whiteout:1', 'sh', '-c', 'ls d opaque; ls file 2>&1; true').lines == [
        'd:',
        'kept',
        '',
        'opaque:',
        'new',
        'ls: file: No such file or directory',
    ]


def test_links_owners_modes_and_times_are_the_archives(zlayer, layout, base):
    owned = special('owned', tarfile.REGTYPE, mode=0o4750, uid=1000, gid=50, mtime=86400)
    layer = tar_of(
        ('a', 'linked\n'),
        special('b', tarfile.LNKTYPE, 'a'),
        special('c', tarfile.SYMTYPE, 'a'),
        owned,
        special('pipe', tarfile.FIFOTYPE, mode=0o600),
    )
    layout.add_image('links:1', [base, layer])
    load(zlayer, layout)
    out = zlayer(
        'run', '--rm', 'links:1', 'sh', '-c', 'stat -c "%h %a %u %g %Y %F" a owned pipe; cat b; readlink c'
    ).lines
    assert out[0].startswith('2 ') and out[1] == '1 4750 1000 50 86400 regular empty file' and out[2].endswith('fifo')
    assert out[3:] == ['linked', 'a']


def test_an_archive_loads_like_its_directory(zlayer, layout, base, tmp_path):
    layout.add_image('archived:1', [base])
    path = layout.archive(tmp_path / 'image.tar')
    assert 'archived:1' in zlayer('image', 'load', '-i', path).stdout
    assert zlayer('run', '--rm', 'archived:1', 'echo', 'loaded').stdout == 'loaded\n'


def test_a_wrong_digest_is_refused_and_nothing_stays(store, layout, base):
    descriptor = layout.add_image('tampered:1', [base])
    manifest = json.loads(open(f'{layout.directory}/blobs/sha256/{descriptor["digest"][7:]}').read())
    path = f'{layout.directory}/blobs/sha256/{manifest["layers"][0]["digest"][7:]}'
    data = bytearray(open(path, 'rb').read())
    data[len(data) // 2] ^= 1
    open(path, 'wb').write(data)
    store('image', 'load', layout.directory, code=1)
    assert store.json('image', 'ls', '--format', 'json') == []


def test_a_wrong_diff_id_is_refused(store, layout, base):
    layout.add_image('lying:1', [base], diff_ids=['sha256:' + '0' * 64])
    store('image', 'load', layout.directory, code=1)
    assert store.json('image', 'ls', '--format', 'json') == []


def test_a_layer_cut_short_is_refused(store, layout, base):
    import gzip

    cut = gzip.compress(base)[:-20]
    blob = layout.blob(cut, 'application/vnd.oci.image.layer.v1.tar+gzip')
    config = {
        'architecture': 'amd64',
        'os': 'linux',
        'config': {},
        'rootfs': {'type': 'layers', 'diff_ids': ['sha256:' + hashlib.sha256(base).hexdigest()]},
    }
    manifest = {
        'schemaVersion': 2,
        'config': layout.blob(json.dumps(config).encode(), 'application/vnd.oci.image.config.v1+json'),
        'layers': [blob],
    }
    descriptor = layout.blob(json.dumps(manifest).encode(), 'application/vnd.oci.image.manifest.v1+json')
    descriptor['annotations'] = {'org.opencontainers.image.ref.name': 'cut:1'}
    with open(os.path.join(layout.directory, 'index.json'), 'w') as file:
        json.dump({'schemaVersion': 2, 'manifests': [descriptor]}, file)
    store('image', 'load', layout.directory, code=1)


def test_what_the_image_says_is_what_runs(zlayer, layout, base):
    layout.add_image(
        'configured:1',
        [base, tar_of(('srv', None))],
        {
            'Env': ['FROM=image', 'PATH=/bin'],
            'Entrypoint': ['sh', '-c'],
            'Cmd': ['pwd; id -un; echo $FROM $PATH'],
            'WorkingDir': '/srv/made',
            'User': 'app',
        },
    )
    load(zlayer, layout)
    assert zlayer('run', '--rm', 'configured:1').lines == ['/srv/made', 'app', 'image /bin']
    assert zlayer('run', '--rm', 'configured:1', 'echo $0 args replace CMD only').lines == ['sh args replace CMD only']
    assert (
        zlayer('run', '--rm', '--entrypoint', 'echo', 'configured:1').stdout == '\n'
    ), "an entrypoint drops the image's CMD"
    assert zlayer('run', '--rm', '-e', 'FROM=here', '-w', '/', '-u', '0', 'configured:1').lines == [
        '/',
        'root',
        'here /bin',
    ]


def test_import_sets_what_it_is_told(zlayer, rootfs_tar):
    zlayer(
        'image',
        'import',
        rootfs_tar,
        'made:1',
        '--entrypoint',
        'sh',
        '--entrypoint',
        '-c',
        '--cmd',
        'echo $A; pwd; id -u',
        '--env',
        'A=imported',
        '--workdir',
        '/tmp',
        '--user',
        'app',
    )
    assert zlayer('run', '--rm', 'made:1').lines == ['imported', '/tmp', '1000']


def test_import_reads_standard_input(zlayer, rootfs_tar):
    with open(rootfs_tar, 'rb') as file:
        zlayer('image', 'import', '-', 'piped:1', '--cmd', 'true', input=file.read())
    zlayer('run', '--rm', 'piped:1')


def test_names_ids_and_removal(store, rootfs_tar):
    image = store('image', 'import', rootfs_tar, IMAGE, '--cmd', 'sh').stdout.strip()
    assert image.startswith('sha256:') and len(image) == 71
    store('image', 'tag', IMAGE, 'other:2')
    assert store.json('image', 'inspect', 'other:2')[0]['Id'] == image
    assert store.json('image', 'inspect', image[7:19])[0]['Id'] == image
    store('image', 'rm', IMAGE)
    store('run', '--rm', 'other:2', 'true')
    store('image', 'rm', 'other:2')
    assert store.json('image', 'ls', '--format', 'json') == []
    left = [os.path.join(where, f) for where, _, files in os.walk(os.path.join(store.root_dir, 'store')) for f in files]
    assert not [f for f in left if '/blobs/' in f or '/layers/' in f], left


def test_an_image_in_use_is_kept(zlayer, layout, base):
    layout.add_image('used:1', [base, tar_of(('used', ''))])
    load(zlayer, layout)
    container = zlayer.detached('used:1', 'sleep', '100')
    zlayer('image', 'rm', 'used:1', code=1)
    zlayer('rm', '-f', container)
    zlayer('image', 'rm', 'used:1')


def test_a_layer_shared_by_two_images_is_unpacked_once(store, layout, base):
    layout.add_image('one:1', [base, tar_of(('one', ''))])
    layout.add_image('two:1', [base, tar_of(('two', ''))])
    load(store, layout)
    assert len(os.listdir(os.path.join(store.root_dir, 'store', 'layers'))) == 3


def test_writes_stay_in_their_container(zlayer):
    one = zlayer.detached(IMAGE, 'sh', '-c', 'echo mine >/etc/passwd; rm /bin/vi; sleep 100')
    zlayer('exec', one, 'sh', '-c', 'until [ ! -e /bin/vi ]; do sleep 0.1; done')
    assert 'root:' in zlayer('run', '--rm', IMAGE, 'sh', '-c', 'ls /bin/vi >/dev/null && cat /etc/passwd').stdout


def test_nothing_is_fetched_that_was_not_asked_for(zlayer):
    ended = zlayer('run', '--rm', '--pull', 'never', 'registry.invalid/nothing:1', 'true', code=125)
    assert 'registry.invalid/nothing:1' in ended.stderr


@pytest.mark.parametrize('reference', ['UPPER/case', 'a:b:c', 'x@sha256:1234', '../../etc', 'busybox:', ':tag', ''])
def test_a_malformed_reference_is_refused(zlayer, reference):
    assert zlayer.call('run', '--rm', reference, 'true').code == 125
