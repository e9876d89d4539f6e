#!/usr/bin/env python3
"""Fills @OPTIONS@ and @COMMANDS@ of zlayer's manual page from the program's own help texts, which come from its table
of commands: help-to-man.py PAGE.in PROGRAM >PAGE. With --check, says which flags and commands the page's prose names
that the program does not have."""

import re
import subprocess
import sys

OPTION = re.compile(r'  (?:(-\w), |    )(--[\w-]+)(?: (\S+))?(?:\s{2,}(.*))?$')


def help_of(program, *command):
    return subprocess.run([program, 'help', *command], check=True, capture_output=True, text=True).stdout


def listed_commands(text):
    """The names below headings other than that of the options."""
    names, is_list = [], False
    for line in text.splitlines():
        if line and not line.startswith(' '):
            is_list = line.endswith(':') and not line.startswith('Options')
        elif is_list and re.match(r'  [a-z]', line):
            names.append(line.split()[0])
    return names


def every_command(program):
    """{name: help text}, "image ls" behind "image"."""
    found = {}
    for name in listed_commands(help_of(program)):
        found[name] = help_of(program, name)
        for sub in listed_commands(found[name]):
            found[f'{name} {sub}'] = help_of(program, name, sub)
    return found


def options(text):
    behind = re.split(r'^Options.*:$', text, maxsplit=1, flags=re.M)
    rows = [OPTION.match(line) for line in behind[1].splitlines()] if len(behind) > 1 else []
    return [row.groups(default='') for row in rows if row]


def escape(text):
    return re.sub(r'([\\_*`])', r'\\\1', text)


def print_options(text):
    for letter, name, argument, meaning in options(text):
        yield (f'*{letter}*, ' if letter else '') + f'*{name}*' + (f' _{argument}_' if argument else '')
        yield f'\t{escape(meaning)}.\n'


def print_command(name, text):
    usage, *paragraphs = text.split('\n\n')
    yield f'## zlayer {name}\n'
    yield f'*zlayer {name}* {escape(usage.removeprefix(f"Usage: zlayer {name}").strip())}'.strip() + '\n'
    for paragraph in paragraphs:
        if re.match(r'(Options|Commands).*:\n', paragraph):
            break
        yield escape(paragraph.strip()).rstrip('.') + '.\n'
    yield from print_options(text)


def check(page, program):
    texts = every_command(program)
    flags = {name for text in [help_of(program), *texts.values()] for _, name, _, _ in options(text)} | {'--help'}
    findings = [f'{flag}: no such flag' for flag in re.findall(r'(--[a-z][\w-]+)', page) if flag not in flags]
    for words in re.findall(r'\*zlayer ([a-z]+(?: [a-z]+)?)\*', page):
        if words not in texts:
            findings.append(f'zlayer {words}: no such command')
    print('\n'.join(findings))
    return 1 if findings else 0


def main():
    is_check = '--check' in sys.argv
    page_path, program = [word for word in sys.argv[1:] if word != '--check']
    with open(page_path, encoding='utf-8') as file:
        page = file.read()
    if is_check:
        return check(page, program)
    commands = '\n'.join(line for name, text in every_command(program).items() for line in print_command(name, text))
    page = page.replace('@OPTIONS@', '\n'.join(print_options(help_of(program))).strip())
    print(page.replace('@COMMANDS@', commands.strip()).rstrip())
    return 0


if __name__ == '__main__':
    sys.exit(main())
