#!/usr/bin/env python3
"""Checks the text of every file of the tree; the suite `style` runs it. Exit status 1 on any finding.

No blank at a line's end, one newline at the end of a file, lines of code up to 120 columns, no note to oneself, a
sentence at the top of each C file, every test program registered, every path that a document names really there.
"""

import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SKIPPED = ('.git', 'build', 'build-asan', '__pycache__', 'corpus', 'data', '.cache')
CODE = ('.c', '.h', '.def', '.py', '.sh', '.build')
NOTES = re.compile(r'\b(?:TO' r'DO|FIX' r'ME|XX' r'X|HA' r'CK)\b|\b[Ii]ss' r'ue #?\d|\bthis sess' r'ion\b')
LINK = re.compile(r'\]\((?!https?://|#)([^)#\s]+)')
PATH = re.compile(r'`((?:src|tests|tools|docs|examples|bench|include)/[\w./-]+)`')

findings = []


def report(path, line, text):
    findings.append(f'{path}:{line}: {text}')


def files():
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(f for f in folders if f not in SKIPPED and not f.startswith('build'))
        for name in sorted(names):
            path = os.path.join(folder, name)
            if not os.path.islink(path) and name != '.git':
                yield os.path.relpath(path, ROOT)


def columns(line):
    return len(line.expandtabs(8))


def check_lines(path, text):
    if not text:
        return
    if not text.endswith('\n') or text.endswith('\n\n'):
        report(path, text.count('\n'), 'wants exactly one newline at its end')
    ending = os.path.splitext(path)[1]
    for number, line in enumerate(text.split('\n'), 1):
        if line != line.rstrip():
            report(path, number, 'blanks at the end of the line')
        if NOTES.search(line):
            report(path, number, f'a note to oneself: {NOTES.search(line).group(0)}')
        if ending in CODE and columns(line) > 120:
            report(path, number, f'{columns(line)} columns')


def check_first_sentence(path, text):
    if path.endswith(('.c', '.h')) and path.startswith(('src/', 'include/', 'bench/')) and not text.startswith('/*'):
        report(path, 1, 'begins with one sentence that says what the file is')


def check_references(path, text):
    """Links resolve from the document's folder; a path in backquotes from the root or from there."""
    here = os.path.dirname(path)
    for number, line in enumerate(text.split('\n'), 1):
        for target in LINK.findall(line):
            if not os.path.exists(os.path.join(ROOT, here, target)):
                report(path, number, f'{target}: no such file')
        for target in PATH.findall(line):
            if re.search(r'(?<!README)\b[A-Z]{4,}\b|_NAME|_SUBJECT', target) and 'README' not in target:
                continue  # a placeholder
            if not any(os.path.exists(os.path.join(ROOT, base, target)) for base in ('', here)):
                report(path, number, f'{target}: no such file')


def check_registered():
    for folder, _, names in os.walk(os.path.join(ROOT, 'tests')):
        programs = [n for n in names if n.startswith('test_') and n.endswith('.c')]
        if not programs:
            continue
        where = os.path.relpath(folder, ROOT)
        build = os.path.join(folder, 'meson.build')
        text = open(build, encoding='utf-8').read() if os.path.exists(build) else ''
        parent = os.path.join(os.path.dirname(folder), 'meson.build')
        up = open(parent, encoding='utf-8').read() if os.path.exists(parent) else ''
        if not text or os.path.basename(folder) not in up:
            report(where, 0, 'has tests, and no meson.build that the one above names')
        for name in programs:
            subject = name.removeprefix('test_').removesuffix('.c')
            if not re.search(rf"'(?:test_)?{subject}(?:\.c)?'", text):
                report(f'{where}/{name}', 0, 'is not registered in meson.build')


def main():
    for path in files():
        try:
            with open(os.path.join(ROOT, path), encoding='utf-8') as file:
                text = file.read()
        except UnicodeDecodeError:
            continue
        if path == 'LICENSE':
            continue
        check_lines(path, text)
        check_first_sentence(path, text)
        if path.endswith('.md'):
            check_references(path, text)
    check_registered()
    print('\n'.join(findings))
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main())
