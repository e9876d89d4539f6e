"""Names, removal, and many at once."""

import os
import random
import shutil
import signal
import subprocess
import time

import pytest
from conftest import Failed
from harness.images import Layout, tar_of


def fails(store, kind, *args):
    with pytest.raises(Failed) as caught:
        store(*args)
    assert caught.value.kind == kind
    return str(caught.value)


def test_an_image_is_found_by_name_id_and_prefix(store):
    id = store('import', store.file(tar_of(('f', 'x'))), 'quay.io/a/b:1')
    for name in ('quay.io/a/b:1', id, id[7:], id[7:13], 'sha256:' + id[7:11]):
        assert store('get', name)['id'] == id
    nothing = ['quay.io/a/b', 'b:1', id[7:10], '0' * 64, 'sha256:' + '0' * 64, 'Not a name', '', '../names', id + '0']
    for name in nothing:
        assert 'not in the store' in fails(store, 'NotFound', 'get', name)


def test_an_ambiguous_prefix_lists_the_candidates(store):
    images = os.path.join(store.path, 'images')
    id = store('import', store.file(tar_of(('f', 'x'))), 'a')[7:]
    twin = id[:20] + ('0' if id[20] != '0' else '1') * 44
    with open(f'{images}/{id}', 'rb') as one, open(f'{images}/{twin}', 'wb') as two:
        two.write(one.read().replace(b'id=sha256:' + id.encode(), b'id=sha256:' + twin.encode(), 1))
    text = fails(store, 'Conflict', 'get', id[:10])
    assert id[:12] in text and twin[:12] in text


def test_a_name_moves_and_its_image_stays(store):
    first = store('import', store.file(tar_of(('f', '1'))), 'app')
    second = store('import', store.file(tar_of(('f', '2'))), 'app')
    assert store('get', 'app')['id'] == second and store('get', first)['names'] == []
    store('tag', first, 'app:old')
    store('tag', 'app:old', 'app:old')
    store('tag', first[7:20], 'other/app:v1')
    assert store('get', 'app:old')['names'] == ['docker.io/library/app:old', 'docker.io/other/app:v1']
    fails(store, 'NotFound', 'tag', 'nothing', 'x')
    fails(store, 'InvalidSpec', 'tag', 'app', 'Bad Name')
    fails(store, 'InvalidSpec', 'tag', 'app', 'x@sha256:' + '0' * 64)


def test_removal_by_name_untags_and_with_the_last_name_deletes(store):
    id = store('import', store.file(tar_of(('f', '1'))), 'app')
    store('tag', 'app', 'app:two')
    assert store('rm', 'app') == {'untagged': ['docker.io/library/app:latest'], 'deleted': []}
    assert store('get', 'app:two')['id'] == id
    assert store('rm', 'app:two') == {'untagged': ['docker.io/library/app:two'], 'deleted': [id]}
    store.holds_nothing()
    fails(store, 'NotFound', 'rm', 'app')


def test_removal_by_id_with_several_names_wants_force(store):
    id = store('import', store.file(tar_of(('f', '1'))), 'app')
    store('tag', 'app', 'app:two')
    assert '2 names' in fails(store, 'Conflict', 'rm', id)
    assert store('rm', id, 'force')['deleted'] == [id]
    store.holds_nothing()


def test_an_image_in_use_stays(store):
    id = store('import', store.file(tar_of(('f', '1'))), 'app')
    store('tag', 'app', 'app:two')
    store('rm', 'app:two', id)
    assert 'use it' in fails(store, 'Conflict', 'rm', 'app', id)
    assert store('rm', 'app', 'force', id) == {'untagged': ['docker.io/library/app:latest'], 'deleted': []}
    assert os.path.exists(store('get', id)['layers'][0] + '/f')
    assert store('rm', id)['deleted'] == [id]
    store.holds_nothing()


def test_a_shared_layer_goes_with_its_last_image(store):
    layout = Layout(os.path.join(store.scratch, 'layout'))
    shared, own = tar_of(('shared', 'x')), tar_of(('own', 'x'))
    layout.add_image('one:1', [shared])
    layout.add_image('two:1', [shared, own])
    store('load', layout.directory)
    assert len(store.listing('layers')) == 2
    store('rm', 'two:1')
    assert len(store.listing('layers')) == 1 and os.path.exists(store('get', 'one:1')['layers'][0] + '/shared')
    store('rm', 'one:1')
    store.holds_nothing()


def test_a_damaged_record_is_an_error_and_stops_clearing(store):
    store('import', store.file(tar_of(('f', '1'))), 'kept')
    id = store('import', store.file(tar_of(('f', '2'))), 'other')
    kept = store('get', 'kept')
    path = os.path.join(store.path, 'images', kept['id'][7:])
    os.truncate(path, 100)
    assert 'damaged' in fails(store, 'Internal', 'get', 'kept')
    fails(store, 'Internal', 'rm', id)
    assert os.path.exists(kept['layers'][0])


def test_names_too_long_to_keep_are_refused(store):
    text = fails(store, 'InvalidSpec', 'import', store.file(tar_of()), 'a' * 200 + ':' + 'b' * 100)
    assert '255' in text
    store.holds_nothing()


def big_tar(seed, files=60):
    rng = random.Random(seed)
    return tar_of(*[(f'd{n % 7}/f{n}', rng.randbytes(40000)) for n in range(files)])


def whole(store):
    """Every image that is listed is complete."""
    images = store('ls')
    for image in images:
        for layer in image['layers']:
            assert sum(len(files) for _, _, files in os.walk(layer)) == 60
    return images


def test_killed_at_any_moment_the_store_is_whole(store):
    data = big_tar(1)
    path = store.file(data)
    started = time.monotonic()
    store('import', path, 'full')
    length = time.monotonic() - started
    store('rm', 'full')
    rng = random.Random(5)
    for round in range(40):
        command = store.command('import', path, f'n{round}')
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        time.sleep(rng.uniform(0, length * 1.2))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for image in whole(store):
            assert image['id'] == 'sha256:' + store('get', image['names'][0])['id'][7:]
    store('import', path, 'last')
    whole(store)
    assert store.listing('tmp') == []
    for image in store('ls'):
        for name in image['names']:
            store('rm', name)
    store.holds_nothing()


def test_the_helper_ends_with_its_parent(store):
    os.mkfifo(os.path.join(store.scratch, 'fifo'))
    process = subprocess.Popen(store.command('import', os.path.join(store.scratch, 'fifo')), stdout=subprocess.DEVNULL)
    with open(os.path.join(store.scratch, 'fifo'), 'wb') as feed:
        feed.write(big_tar(2)[:100000])
        feed.flush()
        helper = wait_for_helper(process.pid)
        process.kill()
        process.wait()
        for _ in range(500):
            if not is_alive(helper):
                break
            time.sleep(0.01)
        assert not is_alive(helper)


def is_alive(pid):
    try:
        with open(f'/proc/{pid}/stat') as file:
            return file.read().rsplit(')', 1)[1].split()[0] != 'Z'
    except FileNotFoundError:
        return False


def wait_for_helper(pid):
    for _ in range(500):
        with open(f'/proc/{pid}/task/{pid}/children') as file:
            children = file.read().split()
        if children:
            with open(f'/proc/{children[0]}/status') as file:
                if 'Seccomp:\t2' in file.read():
                    return int(children[0])
        time.sleep(0.01)
    raise AssertionError('no confined helper')


def test_many_at_once(store):
    """Imports of the same and of different layers, tags, lists and removals, each in a process of its own."""
    for n in range(3):
        store.file(big_tar(n), f'tar{n}')
    store('import', f'{store.scratch}/tar0', 'seed:0')
    calls = []
    for n in range(18):
        calls.append(['import', f'{store.scratch}/tar{n % 3}', f'app:{n}'])
        calls.append(['ls'])
        calls.append(['tag', 'seed:0', f'seed:{n + 1}'])
        if n % 3 == 2:
            calls.append(['rm', f'app:{n - 2}'])
    processes = [subprocess.Popen(store.command(*call), stdout=subprocess.PIPE) for call in calls]
    for process in processes:
        out = process.communicate()[0]
        assert process.returncode == 0 or b'NotFound' in out, out
    images = whole(store)
    assert sorted(len(image['names']) for image in images)[-1] >= 19
    for image in images:
        for name in image['names']:
            store('rm', name)
    store.holds_nothing()


def test_a_store_that_grew_before_a_power_cut_is_read_as_it_is(store):
    store('import', store.file(tar_of(('f', '1'))), 'app')
    shutil.rmtree(os.path.join(store.path, 'tmp'))
    assert store('get', 'app')['names'] == ['docker.io/library/app:latest']
    store('import', store.file(tar_of(('f', '2'))), 'app')
