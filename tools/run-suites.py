#!/usr/bin/env python3
"""Runs test suites, shows what failed, counts every single test; called by tools/test after the build.

usage: run-suites.py [--list] [SUITE...]

A cmocka program counts as the tests it holds, a pytest run as its test functions, any other script as one. A program
that dies counts as one failure more than it reported. Nothing is skipped silently: tests/expected-skips lists what may
be.
"""

import fnmatch
import json
import os
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SANITIZER_ENV = {
    'ASAN_OPTIONS': 'abort_on_error=0:exitcode=99:detect_stack_use_after_return=0:strict_string_checks=1',
    'UBSAN_OPTIONS': 'halt_on_error=1:print_stacktrace=1',
    'LSAN_OPTIONS': 'report_objects=1',
}

# name: how it is run, where from, and after how many seconds it is ended
SUITES = {
    'style': ('meson', 'build', 300),
    'unit': ('meson', 'build', 600),
    'torture': ('meson', 'build', 600),
    'component': ('meson', 'build', 600),
    'fuzz-regress': ('meson', 'build', 600),
    'api': ('meson', 'build', 300),
    'e2e': ('pytest', 'build', 1500),
    'vm': ('pytest', 'build', 600),
    'unit-asan': ('meson', 'build-asan', 900),
    'torture-asan': ('meson', 'build-asan', 900),
    'component-asan': ('meson', 'build-asan', 900),
    'e2e-asan': ('pytest', 'build-asan', 1800),
}


class Result:
    """One test: outcome is passed, failed or skipped; text is the reason or the output."""

    def __init__(self, name, outcome, text=''):
        self.name, self.outcome, self.text = name, outcome, text


def read_expected_skips():
    """[(suite pattern, test pattern)]; each line of the file has a reason behind them."""
    rows = []
    with open(os.path.join(ROOT, 'tests', 'expected-skips'), encoding='utf-8') as lines:
        for number, line in enumerate(lines, 1):
            words = line.split('#')[0].split(None, 2)
            if not words:
                continue
            if len(words) < 3:
                sys.exit(f'tests/expected-skips:{number}: suite, test and reason are wanted')
            rows.append((words[0], words[1]))
    return rows


def run(command, env, limit, stdout=None):
    """Runs in an own process group, ended whole at the limit. Returns the exit status, None past the limit."""
    child = subprocess.Popen(command, cwd=ROOT, env=env, stdout=stdout, start_new_session=True)
    try:
        return child.wait(timeout=limit)
    except (subprocess.TimeoutExpired, KeyboardInterrupt) as why:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        if isinstance(why, KeyboardInterrupt):
            raise
        return None


def split_tap(name, log):
    """The single tests of one cmocka program's output, and what it left out."""
    results, planned = [], 0
    for line in log.get('stdout', '').splitlines():
        if line.startswith('1..'):
            planned += int(line[3:].split()[0] or 0)
        elif line.startswith(('ok ', 'not ok ')):
            title = line.split(' - ', 1)[-1]
            outcome = 'skipped' if '# SKIP' in line.upper() else 'passed' if line.startswith('ok ') else 'failed'
            results.append(Result(f'{name}: {title}', outcome))
    output = (log.get('stdout', '') + log.get('stderr', ''))[-8000:]
    for result in results:
        if result.outcome == 'failed':
            result.text, output = output, ''
    died = log['result'] in ('TIMEOUT', 'INTERRUPT', 'ERROR') or len(results) < planned
    if died or (log['result'] == 'FAIL' and not any(r.outcome == 'failed' for r in results)):
        results.append(Result(f'{name}: ran to its end', 'failed', f'{log["result"]}\n{output}'))
    return results


def split_pytest(name, log):
    """The single tests of a pytest run that meson started, by its summary; passed ones have no names there."""
    lines = log.get('stdout', '').splitlines()
    last = lines[-1] if lines else ''
    if not re.search(r'\d+ (passed|failed|skipped|errors?)\b.* in [\d.]+s', last):
        return []
    counts = {word: int(n) for n, word in re.findall(r'(\d+) (passed|failed|skipped|error)', last)}
    results = [Result(f'{name}: test', 'passed') for _ in range(counts.get('passed', 0))]
    for line in lines:
        words = line.split(None, 1)
        if words and words[0] in ('FAILED', 'ERROR') and '::' in line:
            results.append(Result(f'{name}: {words[1].split(" - ")[0]}', 'failed'))
        elif line.startswith('SKIPPED ['):
            reason = line.split(']', 1)[1].strip()
            results += [Result(f'{name}: {reason.split()[0]}', 'skipped', reason)] * int(line[9 : line.index(']')])
    failed = [result for result in results if result.outcome == 'failed']
    if log['result'] == 'FAIL' and not failed:
        failed = [Result(f'{name}: ran to its end', 'failed')]
        results += failed
    if failed:
        failed[-1].text = '\n'.join(lines)[-8000:]
    return results


def read_meson(build, suite):
    results = []
    with open(os.path.join(ROOT, build, 'meson-logs', f'{suite}.json'), encoding='utf-8') as lines:
        for log in map(json.loads, lines):
            name = log['name'].split(' / ')[-1]
            results += (
                split_pytest(name, log)
                or split_tap(name, log)
                or [
                    Result(
                        name,
                        {'OK': 'passed', 'SKIP': 'skipped'}.get(log['result'], 'failed'),
                        (log.get('stdout', '') + log.get('stderr', ''))[-8000:],
                    )
                ]
            )
    return results


def run_meson(suite, build, limit):
    base = suite.removesuffix('-asan')
    log = os.path.join(ROOT, build, 'meson-logs', f'{base}.json')
    if os.path.exists(log):
        os.unlink(log)
    slow = ['-t', '4'] if build != 'build' else []
    command = ['meson', 'test', '-C', build, '--no-rebuild', '--suite', base, '--logbase', base, '--quiet', *slow]
    env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT='TAP', PYTEST_ADDOPTS='-rsfE', **(SANITIZER_ENV if slow else {}))
    status = run(command, env, limit, stdout=subprocess.DEVNULL)
    results = read_meson(build, base) if os.path.exists(log) else []
    if status is None:
        results.append(Result('the suite ended in time', 'failed', f'ended after {limit} s'))
    if not results:
        results.append(Result('the suite has tests', 'failed', 'meson ran none'))
    return results


def run_pytest(suite, build, limit):
    base = suite.removesuffix('-asan')
    report = os.path.join(ROOT, build, 'meson-logs', f'{suite}.xml')
    if os.path.exists(report):
        os.unlink(report)
    env = dict(os.environ, ZLAYER_TEST_BUILD=os.path.join(ROOT, build), **(SANITIZER_ENV if build != 'build' else {}))
    command = [
        sys.executable,
        '-B',
        '-m',
        'pytest',
        '-p',
        'no:cacheprovider',
        '-q',
        '--tb=short',
        f'--junitxml={report}',
        f'tests/{base}',
    ]
    status = run(command, env, limit)
    results = []
    if os.path.exists(report):
        for case in ElementTree.parse(report).iter('testcase'):
            name = f'{case.get("classname", "").split(".")[-1]}::{case.get("name")}'
            bad = [part for part in case if part.tag in ('failure', 'error')]
            skip = case.find('skipped')
            if bad:
                results.append(Result(name, 'failed'))  # pytest has shown it
            elif skip is not None:
                results.append(Result(name, 'skipped', skip.get('message', '')))
            else:
                results.append(Result(name, 'passed'))
    if status is None:
        results.append(Result('the suite ended in time', 'failed', f'ended after {limit} s'))
    elif status != 0 and not any(r.outcome == 'failed' for r in results):
        results.append(Result('pytest ran to its end', 'failed', f'exit status {status}'))
    return results


def run_suite(suite, expected):
    kind, build, limit = SUITES[suite]
    print(f'\n== {suite}', flush=True)
    start = time.monotonic()
    results = {'meson': run_meson, 'pytest': run_pytest}[kind](suite, build, limit)
    for result in results:
        listed = any(fnmatch.fnmatchcase(suite, s) and fnmatch.fnmatchcase(result.name, t) for s, t in expected)
        if result.outcome == 'skipped' and not listed:
            result.outcome, result.text = 'failed', f'a skip that tests/expected-skips does not list: {result.text}'
        if result.outcome != 'passed':
            print(f'{result.outcome.upper()} {suite} {result.name}\n{result.text}'.rstrip(), flush=True)
    counts = {o: sum(r.outcome == o for r in results) for o in ('passed', 'failed', 'skipped')}
    print(f'{suite}: {summary(counts)} in {time.monotonic() - start:.0f} s', flush=True)
    return counts


def summary(counts):
    return f'{counts["passed"]} passed, {counts["failed"]} failed, {counts["skipped"]} skipped'


def main():
    words = sys.argv[1:]
    only_list = '--list' in words
    wanted = [w for w in words if w != '--list'] or list(SUITES)
    unknown = [w for w in wanted if w not in SUITES]
    if unknown:
        sys.exit(f'no such suite: {", ".join(unknown)} (there are {", ".join(SUITES)})')
    if only_list:
        print('\n'.join(wanted))
        return 0
    expected = read_expected_skips()
    total = {'passed': 0, 'failed': 0, 'skipped': 0}
    for suite in wanted:
        for outcome, count in run_suite(suite, expected).items():
            total[outcome] += count
    print(f'\n{summary(total)}', flush=True)
    return 1 if total['failed'] else 0


if __name__ == '__main__':
    sys.exit(main())
