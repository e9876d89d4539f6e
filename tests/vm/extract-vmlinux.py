#!/usr/bin/env python3
"""Takes the uncompressed ELF kernel out of a bzImage: extract-vmlinux.py BZIMAGE TARGET."""

import lzma
import os
import subprocess
import sys
import zlib


def run(*command):
    return lambda data: subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


FORMATS = (
    (b'\xfd7zXZ\0', lambda data: lzma.LZMADecompressor().decompress(data)),
    (b'\x1f\x8b\x08', lambda data: zlib.decompressobj(31).decompress(data)),
    (b'\x28\xb5\x2f\xfd', run('zstd', '-dcq')),
)


def candidates(image):
    """What each compressed stream in the image holds."""
    for magic, unpack in FORMATS:
        at = image.find(magic)
        while at >= 0:
            try:
                yield unpack(image[at:])
            except (lzma.LZMAError, zlib.error, OSError):
                pass
            at = image.find(magic, at + 1)


def main():
    source, target = sys.argv[1:]
    with open(source, 'rb') as file:
        image = file.read()
    for kernel in candidates(image):
        if kernel.startswith(b'\x7fELF'):
            with open(target + '.part', 'wb') as file:
                file.write(kernel)
            os.rename(target + '.part', target)
            return 0
    sys.exit(f'{source}: holds no kernel in a known compression')


if __name__ == '__main__':
    sys.exit(main())
