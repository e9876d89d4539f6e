#!/usr/bin/env python3
"""Fills @FIELDS@ of the manual page of the spec from the tables that the parser itself is made of:
spec-tables.py PAGE.in FIELDS.DEF ENUMS.DEF >PAGE"""

import re
import sys

TYPES = {
    'TEXT': 'text',
    'TEXTS': 'list of texts',
    'ARGUMENTS': 'list of texts',
    'PAIRS': 'pairs',
    'BOOL': 'true or false',
    'MAYBE': 'true or false',
    'CORES': 'cores',
    'SIZE': 'size',
    'DURATION': 'duration',
    'PERIOD': 'duration',
    'IMAGE': 'image',
    'VALUES': 'map',
    'AFFINITY': 'spread, pack or !pin TEXT',
    'NETWORK_MODE': 'default, host, none, bridge[:NAME] or container:ID',
}
SECOND = re.compile(r'(\d+) \* SPEC_SECOND')


def arguments(line):
    """What stands between the outer brackets of MACRO(...), cut at the outer commas."""
    text, parts, depth, quoted = line[line.index('(') + 1 : line.rindex(')')], [''], 0, False
    for char in text:
        quoted ^= char == '"'
        depth += 0 if quoted else {'(': 1, ')': -1}.get(char, 0)
        if char == ',' and depth == 0 and not quoted:
            parts.append('')
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


def read_enums(path):
    enums, prefixes = {}, {}
    with open(path, encoding='utf-8') as file:
        for line in file:
            if line.startswith('ENUM('):
                name, prefix = arguments(line)
                prefixes[prefix] = enums[name] = {}
            elif line.startswith('WORD('):
                prefix, word, text, _ = arguments(line)
                prefixes[prefix][f'SPEC_{prefix}_{word}'] = text.strip('"')
    return enums


def type_text(kind, enums):
    match = re.match(r'(\w+)\((\w+)\)', kind)
    if not match:
        return TYPES.get(kind, 'number')
    outer, inner = match.groups()
    if outer == 'ENUMERATION':
        return ', '.join(enums[inner].values())
    return {'LIST': 'list of ', 'MAP': 'map of '}.get(outer, '') + f'*{inner}*'


def default_text(default, enums):
    if default == 'REQUIRED':
        return 'required'
    match = re.match(r'(?:IS|QUIET|IS_TEXT)\((.*)\)', default)
    if not match:
        return ''
    value = match.group(1).strip('"')
    for words in enums.values():
        value = words.get(value, value)
    value = SECOND.sub(r'\1s', value)
    return f'default {value}'


def read_structures(path, enums):
    """[(name, [(key, type, default, is in effect)])] in the order of the file, unions as structures."""
    found, chooser = {}, {}
    with open(path, encoding='utf-8') as file:
        text = re.sub(r'/\*.*?\*/', '', file.read(), flags=re.S)
    for line in re.sub(r',\s*\n\s+', ', ', text).splitlines():
        match = re.match(r'(STRUCT|NAMED|UNION|VARIANT|END_UNION|FIELD|FIELD_AS|FIELD_ALIAS)\(', line)
        if not match:
            continue
        macro, parts = match.group(1), arguments(line)
        if macro in ('STRUCT', 'NAMED', 'UNION'):
            found.setdefault(parts[0], [])
        elif macro == 'VARIANT':
            chooser.setdefault(parts[0], []).append(parts[1])
        elif macro == 'END_UNION':
            words = ', '.join(enums[parts[2]].values())
            found[parts[0]] = [(parts[1].strip('"'), f'{words}: chooses the fields', 'required', True)]
        else:
            key = parts.pop(2).strip('"') if macro != 'FIELD' else parts[1]
            if macro == 'FIELD_ALIAS':
                key = f'{parts[1]}* or *{key}'
            found[parts[0]].append((key, type_text(parts[2], enums), default_text(parts[3], enums), parts[5] == 'HERE'))
    return order(found), chooser


def order(found):
    """The document first, then each structure behind the one that names it."""
    names = [name for name in ('deployment', 'spec', 'document') if name in found] or list(found)[-1:]
    return [(name, found[name]) for name in names + [n for n in reversed(list(found)) if n not in names]]


def print_structures(structures, chooser):
    variants = {f'{union}_{choice}': (union, choice) for union, choices in chooser.items() for choice in choices}
    for name, rows in structures:
        title = ' of '.join(reversed(variants[name])) if name in variants else name
        if not rows:
            continue
        yield f'## {title.replace("_", " ")}\n'
        lines = []
        for key, kind, default, is_in_effect in rows:
            note = f' ({default})' if default else ''
            lines.append(f'*{key}*{"" if is_in_effect else " †"}: {kind}{note}')
        yield '++\n'.join(lines)
        yield ''


def main():
    page, fields, enums_path = sys.argv[1:]
    enums = read_enums(enums_path)
    tables = '\n'.join(print_structures(*read_structures(fields, enums))).replace('_', '\\_')
    with open(page, encoding='utf-8') as file:
        print(file.read().replace('@FIELDS@', tables).rstrip())
    return 0


if __name__ == '__main__':
    sys.exit(main())
