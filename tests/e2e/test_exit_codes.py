"""The status of `run` and `exec` is the program's, with Docker's numbers for what went wrong before it ran."""

import pytest

from harness.images import Layout, tar_of
from harness.zlayer import IMAGE, wait_until


@pytest.mark.parametrize('code', [0, 1, 42, 255])
def test_run_ends_with_the_programs_status(zlayer, code):
    zlayer('run', '--rm', IMAGE, 'sh', '-c', f'exit {code}', code=code)


@pytest.mark.parametrize('code', [0, 1, 42, 255])
def test_every_way_to_ask_tells_the_same_code(zlayer, code):
    container = zlayer.detached(IMAGE, 'sh', '-c', f'exit {code}')
    assert zlayer('wait', container).lines == [str(code)]
    assert zlayer('wait', container).lines == [str(code)], 'a second wait'
    state = zlayer.inspect(container)['State']
    assert (state['Status'], state['ExitCode'], state['Running'], state['Pid']) == ('exited', code, False, 0)


@pytest.mark.parametrize('number', [6, 9, 11, 15])
def test_a_child_killed_by_a_signal_is_128_and_the_signal(zlayer, number):
    zlayer('run', '--rm', IMAGE, 'sh', '-c', f"sh -c 'kill -{number} $$'; exit $?", code=128 + number)


@pytest.mark.parametrize('number', [6, 9, 11, 15])
def test_exec_killed_by_a_signal_is_128_and_the_signal(zlayer, number):
    container = zlayer.detached(IMAGE, 'sleep', '100')
    zlayer('exec', container, 'sh', '-c', f'kill -{number} $$', code=128 + number)


def test_the_first_process_killed_from_outside_is_137(zlayer):
    container = zlayer.detached(IMAGE, 'sleep', '100')
    zlayer('kill', container)
    assert zlayer('wait', container).lines == ['137']
    assert zlayer.inspect(container)['State']['ExitCode'] == 137


def test_the_first_process_that_faults_is_139(zlayer, faulting_image):
    zlayer('run', '--rm', faulting_image, code=139)


def test_a_foreground_run_ends_with_137_when_killed(zlayer):
    run = zlayer.start('run', '--rm', '--name', 'victim', IMAGE, 'sleep', '100')
    wait_until(lambda: zlayer.call('exec', 'victim', 'true').code == 0, what='the container runs')
    zlayer('kill', '-s', 'KILL', 'victim')
    assert run.wait(20) == 137


def test_an_entrypoint_that_is_missing_is_127(zlayer):
    ended = zlayer('run', '--rm', IMAGE, '/no/such/program', code=127)
    assert '/no/such/program' in ended.stderr
    ended = zlayer('run', '--rm', IMAGE, 'no-such-program', code=127)
    assert 'no-such-program' in ended.stderr


def test_an_entrypoint_that_is_not_executable_is_126(zlayer):
    assert '/etc/passwd' in zlayer('run', '--rm', IMAGE, '/etc/passwd', code=126).stderr
    assert '/etc' in zlayer('run', '--rm', IMAGE, '/etc', code=126).stderr


def test_a_missing_interpreter_is_127_or_126(zlayer, script_image):
    assert zlayer.call('run', '--rm', script_image).code in (126, 127)


def test_exec_of_a_missing_program_is_127_and_of_a_plain_file_126(zlayer):
    container = zlayer.detached(IMAGE, 'sleep', '100')
    zlayer('exec', container, 'no-such-program', code=127)
    zlayer('exec', container, '/etc/passwd', code=126)


def test_what_the_agent_itself_cannot_do_is_125(zlayer):
    assert 'no-such-image' in zlayer('run', '--rm', 'no-such-image', 'true', code=125).stderr
    zlayer('run', '--rm', '--no-such-flag', IMAGE, 'true', code=125)
    zlayer('run', '--rm', '--memory', '12 parrots', IMAGE, 'true', code=125)


def test_a_failed_start_leaves_no_container_with_rm(zlayer):
    zlayer('run', '--rm', IMAGE, 'no-such-program', code=127)
    assert zlayer.names() == []


def test_other_commands_end_with_1(zlayer):
    for command in ('stop', 'kill', 'rm', 'inspect', 'wait', 'logs'):
        assert 'no-such-container' in zlayer(command, 'no-such-container', code=1).stderr


@pytest.fixture(scope='module')
def faulting_image(shared_zlayer, tmp_path_factory):
    """Its only program is an ELF file of one instruction that no program may execute (hlt: SIGSEGV)."""
    code = bytes([0xF4])
    header = (
        b'\x7fELF'
        + bytes([2, 1, 1])
        + bytes(9)
        + (2).to_bytes(2, 'little')
        + (62).to_bytes(2, 'little')
        + (1).to_bytes(4, 'little')
        + (0x400078).to_bytes(8, 'little')
        + (64).to_bytes(8, 'little')
        + bytes(8)
        + bytes(4)
        + (64).to_bytes(2, 'little')
        + (56).to_bytes(2, 'little')
        + (1).to_bytes(2, 'little')
        + bytes(6)
    )
    segment = (
        (1).to_bytes(4, 'little')
        + (5).to_bytes(4, 'little')
        + bytes(8)
        + (0x400000).to_bytes(8, 'little') * 2
        + (len(header) + 56 + 1).to_bytes(8, 'little') * 2
        + (0x1000).to_bytes(8, 'little')
    )
    return load(shared_zlayer, tmp_path_factory, 'faulting:1', ('fault', header + segment + code, 0o755), ['/fault'])


@pytest.fixture(scope='module')
def script_image(shared_zlayer, tmp_path_factory):
    return load(shared_zlayer, tmp_path_factory, 'script:1', ('script', '#!/no/interpreter\n', 0o755), ['/script'])


def load(zlayer, tmp_path_factory, name, file, entrypoint):
    layout = Layout(tmp_path_factory.mktemp('layout') / 'oci')
    layout.add_image(name, [tar_of(file)], {'Entrypoint': entrypoint})
    zlayer('image', 'load', layout.directory)
    return name
