#!/usr/bin/env python3
"""Compares zlayer's help texts with docs/man/zlayer.1.scd, command by command: check-man.py PROGRAM. Exit status 1 when
a command or a flag stands in one of them and not in the other."""

import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(ROOT, 'docs', 'man', 'zlayer.1.scd')


def help_of(program, *command):
    return subprocess.run([program, 'help', *command], check=True, capture_output=True, text=True).stdout


def listed_commands(text):
    """Indented names below headings other than those of options."""
    names, is_list = [], False
    for line in text.splitlines():
        if line and not line.startswith(' '):
            is_list = line.endswith(':') and not line.startswith('Options')
        elif is_list and re.match(r'  [a-z]', line):
            names.append(line.split()[0])
    return names


def flags(text):
    """--words of the list of options, not of prose."""
    return set(re.findall(r'^\s+(?:-\w, )?(--[\w-]+)', text, re.M))


def in_help(program):
    """{command: flags}; '' is the program itself."""
    overview = help_of(program)
    found = {'': flags(overview)}
    for name in listed_commands(overview):
        text = help_of(program, name)
        found[name] = flags(text)
        for sub in listed_commands(text):
            found[f'{name} {sub}'] = flags(help_of(program, name, sub))
    return found


def in_page():
    found, command = {}, None
    with open(PAGE, encoding='utf-8') as file:
        for line in file:
            heading = re.match(r'## (?:zlayer )?(.+)', line)
            if line.startswith('# '):
                command = '' if line.strip() == '# OPTIONS' else None
            elif heading:
                command = heading.group(1).strip().lower()
            if command is not None:
                found.setdefault(command, set()).update(
                    re.findall(r'\*(--[\w-]+)\*', line) if line.startswith('*-') else ()
                )
    return found


def main():
    program = sys.argv[1]
    from_help, from_page = in_help(program), in_page()
    findings = []
    for command in sorted(from_help.keys() | from_page.keys()):
        where = f'zlayer {command}'.strip()
        if command not in from_page:
            findings.append(f'{where}: not in zlayer.1.scd')
        elif command not in from_help:
            findings.append(f'{where}: in zlayer.1.scd, and no such command')
        else:
            findings += [
                f'{where} {flag}: not in zlayer.1.scd' for flag in sorted(from_help[command] - from_page[command])
            ]
            findings += [
                f'{where} {flag}: in zlayer.1.scd alone' for flag in sorted(from_page[command] - from_help[command])
            ]
    print('\n'.join(findings))
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main())
