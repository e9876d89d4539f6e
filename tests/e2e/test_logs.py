"""The log on disk is CRI's format byte for byte; `logs` and a foreground run give back what the program wrote."""

import re
import time

from harness.zlayer import IMAGE, SLOW, wait_until

LINE = re.compile(rb'(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z) (stdout|stderr) ([FP]) ([^\n]*)\n', re.S)


def finished(zlayer, *args):
    container = zlayer.detached(*args)
    zlayer('wait', container)
    return container


def parse(data):
    """[(stream, tag, content)]; the whole file must be such lines and nothing else."""
    rows, at = [], 0
    while at < len(data):
        match = LINE.match(data, at)
        assert match, f'no CRI line at byte {at}: {data[at:at + 80]!r}'
        rows.append((match.group(2), match.group(3), match.group(4)))
        at = match.end()
    return rows


def content(rows, stream):
    """What the program wrote to the stream, as the tags tell it."""
    return b''.join(text + (b'\n' if tag == b'F' else b'') for name, tag, text in rows if name == stream)


def test_each_line_is_a_cri_line(zlayer):
    container = finished(zlayer, IMAGE, 'sh', '-c', 'echo one; sleep 0.1; echo two >&2; sleep 0.1; echo; echo three')
    assert parse(zlayer.log_bytes(container)) == [
        (b'stdout', b'F', b'one'),
        (b'stderr', b'F', b'two'),
        (b'stdout', b'F', b''),
        (b'stdout', b'F', b'three'),
    ]


def test_binary_output_survives(zlayer):
    container = finished(zlayer, IMAGE, 'sh', '-c', "printf 'a\\000b\\377\\r\\033[0m\\n'")
    assert parse(zlayer.log_bytes(container)) == [(b'stdout', b'F', b'a\x00b\xff\r\x1b[0m')]
    assert zlayer('logs', container, binary=True).stdout == b'a\x00b\xff\r\x1b[0m\n'


def test_a_last_line_without_newline_is_partial(zlayer):
    container = finished(zlayer, IMAGE, 'sh', '-c', 'echo whole; printf half')
    rows = parse(zlayer.log_bytes(container))
    assert rows == [(b'stdout', b'F', b'whole'), (b'stdout', b'P', b'half')]
    assert zlayer('logs', container).stdout == 'whole\nhalf'


def test_a_long_line_is_split_into_partials_and_joined_again(zlayer):
    container = finished(zlayer, IMAGE, 'sh', '-c', "head -c 300000 /dev/zero | tr '\\000' x; echo; echo after")
    rows = parse(zlayer.log_bytes(container))
    assert content(rows, b'stdout') == b'x' * 300000 + b'\nafter\n'
    assert [tag for _, tag, _ in rows].count(b'F') == 2 and len(rows) > 3
    assert zlayer('logs', container, binary=True).stdout == b'x' * 300000 + b'\nafter\n'


def test_everything_written_before_the_exit_is_there(zlayer):
    container = finished(zlayer, IMAGE, 'sh', '-c', 'seq 1 100000')
    assert zlayer('logs', container, binary=True).stdout == b''.join(b'%d\n' % n for n in range(1, 100001))


def test_a_foreground_run_passes_both_streams_byte_for_byte(zlayer):
    ended = zlayer('run', '--rm', IMAGE, 'sh', '-c', "seq 1 20000; printf '\\000\\377x' >&2; printf end", binary=True)
    assert ended.stdout == b''.join(b'%d\n' % n for n in range(1, 20001)) + b'end'
    assert ended.stderr == '\0\ufffdx'


def test_streams_are_kept_apart(zlayer):
    container = finished(zlayer, IMAGE, 'sh', '-c', 'echo out; echo err >&2')
    ended = zlayer('logs', container)
    assert (ended.stdout, ended.stderr) == ('out\n', 'err\n')


def test_tail_since_and_timestamps(zlayer):
    container = finished(zlayer, IMAGE, 'sh', '-c', 'seq 1 10')
    assert zlayer('logs', '--tail', '3', container).lines == ['8', '9', '10']
    assert zlayer('logs', '-n', '0', container).stdout == ''
    stamped = zlayer('logs', '-t', '--tail', '1', container).stdout
    assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z 10\n', stamped)
    assert zlayer('logs', '--since', '1h', container).lines == [str(n) for n in range(1, 11)]
    assert zlayer('logs', '--until', '1h', container).stdout == ''


def test_following_ends_with_the_container(zlayer):
    container = zlayer.detached(IMAGE, 'sh', '-c', 'for i in 1 2 3 4 5; do echo $i; sleep 0.2; done')
    follower = zlayer.start('logs', '-f', container)
    out, _ = follower.communicate(timeout=30 * SLOW)
    assert (follower.returncode, out) == (0, '1\n2\n3\n4\n5\n')


def test_following_tells_a_line_at_once(zlayer):
    container = zlayer.detached(IMAGE, 'sh', '-c', 'echo first; sleep 1000')
    follower = zlayer.start('logs', '-f', container)
    assert follower.stdout.readline() == 'first\n'
    follower.kill()
    follower.communicate()


def test_a_reader_that_goes_away_harms_nothing(zlayer):
    container = zlayer.detached(IMAGE, 'sh', '-c', 'seq 1 50000; sleep 1000')
    follower = zlayer.start('logs', '-f', container)
    follower.stdout.readline()
    follower.stdout.close()
    follower.kill()
    follower.wait()
    wait_until(lambda: zlayer('logs', '--tail', '1', container).stdout == '50000\n', what='the log is complete')


def test_a_quiet_container_has_an_empty_log(zlayer):
    container = finished(zlayer, IMAGE, 'true')
    assert zlayer('logs', container).stdout == ''


def test_an_orphan_that_holds_the_output_delays_the_exit_two_seconds_at_most(zlayer):
    begin = time.monotonic()
    zlayer('run', '--rm', IMAGE, 'sh', '-c', 'setsid sleep 1000 & echo done')
    assert time.monotonic() - begin < 8 * SLOW
