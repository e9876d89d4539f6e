#!/usr/bin/env python3
"""Compares what libzlayer exports with what its public headers declare: check-exports.py LIBRARY. Exit status 1 on any
finding: a declared function that is missing, an exported symbol that no header declares."""

import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def declared():
    names = set()
    folder = os.path.join(ROOT, 'include', 'zlayer')
    for name in sorted(os.listdir(folder)):
        if name.endswith('.h'):
            with open(os.path.join(folder, name), encoding='utf-8') as file:
                text = re.sub(r'/\*.*?\*/', '', file.read(), flags=re.S)
            names |= set(re.findall(r'ZL_API\b[^;]*?\b(zl_\w+)\s*\(', text))
    return names


def exported(library):
    out = subprocess.run(['nm', '-D', '--defined-only', library], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].split('@')[0] for line in out.splitlines()}


def main():
    declared_names, exported_names = declared(), exported(sys.argv[1])
    findings = [f'{name}: declared, not exported' for name in sorted(declared_names - exported_names)]
    findings += [f'{name}: exported, in no public header' for name in sorted(exported_names - declared_names)]
    print('\n'.join(findings))
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main())
