#!/usr/bin/env python3
"""Checks what ARCHITECTURE.md promises of the source tree; the suite `style` runs it. Exit status 1 on any finding.

The arrow of src/LAYERS: a folder includes lower ones only. Programs and tests include what they may link. No include
cycle. Public headers stand alone. What only Linux has stays in the folders made for it, paths below /proc in src/sys.
"""

import os
import re
import statistics
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.M)

# What a program's folder may include beside itself; a folder that is not named here may include all below it.
ALLOWED = {
    'cli': {'base'},
    'shim': {'base', 'sys', 'launch'},
    'storecli': {'base', 'sys', 'oci', 'http', 'registry', 'store'},
    'ocicli': {'base', 'sys', 'oci', 'launch', 'runtime'},
    'lib': {
        'base',
        'sys',
        'loop',
        'http',
        'oci',
        'launch',
        'spec',
        'registry',
        'store',
        'network',
        'runtime',
        'service',
    },
}
LINUX_FOLDERS = ('sys/', 'launch/', 'runtime/native/', 'shim/', 'network/', 'storecli/', 'ocicli/')
# A filter is the kernel's own format; one fd tells of all that a loop waits for, one of all signals.
LINUX_FILES = ('oci/seccomp_', 'loop/alarm', 'cli/signal_watch')
LINUX_HEADERS = re.compile(
    r'^(linux/.*|seccomp\.h|sched\.h|mntent\.h|sys/(mount|prctl|capability|epoll|signalfd|pidfd|fsuid|'
    r'inotify|vfs|eventfd|timerfd|syscall|fanotify)\.h)$'
)
STANDARD_HEADERS = {'stdbool.h', 'stddef.h', 'stdint.h', 'sys/types.h', 'stdarg.h', 'stdio.h'}

findings = []


def report(path, line, text):
    findings.append(f'{path}:{line}: {text}')


def sources(top, ends=('.c', '.h', '.def')):
    for folder, folders, files in os.walk(os.path.join(ROOT, top)):
        folders.sort()
        for name in sorted(files):
            if name.endswith(ends):
                path = os.path.join(folder, name)
                with open(path, encoding='utf-8') as file:
                    yield os.path.relpath(path, ROOT), file.read()


def read_layers():
    rank = {}
    with open(os.path.join(ROOT, 'src', 'LAYERS'), encoding='utf-8') as lines:
        for line in lines:
            words = line.split('#')[0].split()
            for folder in words[1:]:
                rank[folder] = int(words[0])
    return rank


def includes(text):
    for match in INCLUDE.finditer(text):
        yield text.count('\n', 0, match.start()) + 1, match.group(1), match.group(2)


def backend(path):
    """ "native" of runtime/native/x.h; None of what is not a backend's own."""
    parts = path.split('/')
    return parts[1] if parts[0] == 'runtime' and len(parts) > 2 else None


def check_arrow(rank):
    for path, text in sources('src'):
        inside = path.removeprefix('src/')
        folder = inside.split('/')[0]
        if folder not in rank:
            report(path, 1, f'src/{folder} has no place in src/LAYERS')
            continue
        for line, quote, name in includes(text):
            if quote == '<':
                continue
            if not os.path.exists(os.path.join(ROOT, 'src', name)) and not name.endswith('.inc'):
                report(path, line, f'"{name}": write the path from src/')
                continue
            target = name.split('/')[0]
            if target == folder:
                if backend(name) and backend(inside) and backend(name) != backend(inside):
                    report(path, line, f'"{name}": backends are private to each other')
                continue
            if rank.get(target, 99) >= rank[folder]:
                report(
                    path,
                    line,
                    f'"{name}": {folder} (layer {rank[folder]}) may not include '
                    f'{target} (layer {rank.get(target)})',
                )
            elif folder in ALLOWED and target not in ALLOWED[folder]:
                report(path, line, f'"{name}": {folder} may include only {", ".join(sorted(ALLOWED[folder]))}')


def check_unit_tests(rank):
    for path, text in sources('tests/unit'):
        folder = path.split('/')[2]
        for line, quote, name in includes(text):
            target = name.split('/')[0]
            if quote == '"' and target in rank and target != folder and rank[target] >= rank.get(folder, 99):
                report(path, line, f'"{name}": a unit test of {folder} links its own layer and below')


def check_public_headers():
    for path, text in sources('include', ('.h',)):
        for line, quote, name in includes(text):
            if name not in STANDARD_HEADERS and not name.startswith('zlayer/'):
                report(path, line, f'{quote}{name}: a public header includes public headers and C99 alone')
        for match in re.finditer(r'^(?:struct|enum|typedef|#define)\s+(\w+)', text, re.M):
            if not match.group(1).lower().startswith(('zl_', 'zlayer_', 'struct', 'enum', 'int', 'void')):
                report(path, text.count('\n', 0, match.start()) + 1, f'{match.group(1)}: a public name begins with zl_')


def check_linux():
    for path, text in sources('src'):
        inside = path.removeprefix('src/')
        for line, quote, name in includes(text):
            if quote == '<' and LINUX_HEADERS.match(name) and not inside.startswith(LINUX_FOLDERS + LINUX_FILES):
                report(path, line, f'<{name}>: what only Linux has stays in {", ".join(LINUX_FOLDERS)}')
        if not inside.startswith('sys/'):
            for match in re.finditer(r'"/proc/[^"\n]*%[^"\n]*"', text):
                line = text.count('\n', 0, match.start()) + 1
                report(path, line, f'{match.group(0)}: a built path below /proc is for src/sys')


def check_readmes():
    for folder, folders, files in os.walk(os.path.join(ROOT, 'src')):
        has_code = any(f.endswith('.c') for f in files)
        if folder != os.path.join(ROOT, 'src') and has_code and 'README.md' not in files:
            report(os.path.relpath(folder, ROOT), 0, 'has no README.md')


def check_cycles():
    graph = {}
    for path, text in sources('src'):
        module = os.path.splitext(path.removeprefix('src/'))[0]
        targets = {os.path.splitext(name)[0] for _, quote, name in includes(text) if quote == '"'}
        graph.setdefault(module, set()).update(targets - {module})
    seen, trail = {}, []

    def visit(module):
        seen[module] = 'open'
        trail.append(module)
        for target in sorted(graph.get(module, ())):
            if seen.get(target) == 'open':
                report('src', 0, 'include cycle: ' + ' -> '.join(trail[trail.index(target) :] + [target]))
            elif target not in seen:
                visit(target)
        trail.pop()
        seen[module] = 'done'

    for module in sorted(graph):
        if module not in seen:
            visit(module)


def function_lengths():
    """(lines, place) of each function: from its name's line to the closing brace in the first column."""
    for path, text in sources('src', ('.c',)):
        start = None
        for number, line in enumerate(text.split('\n'), 1):
            if re.match(r'[A-Za-z_].*\)\s*$', line) or (
                re.match(r'[A-Za-z_].*\(', line) and not line.endswith((';', '{', ','))
            ):
                start = (number, line)
            elif re.match(r'[A-Za-z_].*\(.*,$', line):
                start = (number, line)
            elif line == '}' and start:
                name = re.search(r'(\w+)\s*\(', start[1])
                yield number - start[0] + 1, f'{path}:{start[0]} {name.group(1) if name else "?"}'
                start = None


def print_lengths():
    """For information: long functions are a question, not an error."""
    lengths = sorted(function_lengths(), reverse=True)
    if lengths:
        sizes = [n for n, _ in lengths]
        print(
            f'{len(sizes)} functions: median {statistics.median(sizes):.0f} lines, nine of ten up to '
            f'{sorted(sizes)[len(sizes) * 9 // 10]}, longest {sizes[0]}'
        )
    for n, where in lengths[:5]:
        if n > 60:
            print(f'  {n} {where}')


def main():
    rank = read_layers()
    check_arrow(rank)
    check_unit_tests(rank)
    check_public_headers()
    check_linux()
    check_readmes()
    check_cycles()
    print('\n'.join(findings))
    print_lengths()
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main())
