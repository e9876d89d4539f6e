"""Trees as values, and what other programs make of an archive."""

import ctypes
import ctypes.util
import os
import stat

HIDDEN = ('trusted.overlay.', 'security.selinux')


def describe(path, times=True):
    """What a path is, without its name: enough that two trees of equal descriptions are the same to a container."""
    st = os.lstat(path)
    kind = stat.S_IFMT(st.st_mode)
    about = [kind, st.st_mode & 0o7777, st.st_uid, st.st_gid]
    if times and kind != stat.S_IFDIR:
        about.append(int(st.st_mtime))
    if kind == stat.S_IFLNK:
        return (*about, os.readlink(path))
    if kind in (stat.S_IFCHR, stat.S_IFBLK):
        return (*about, st.st_rdev)
    if kind in (stat.S_IFREG, stat.S_IFDIR):
        names = sorted(n for n in os.listxattr(path, follow_symlinks=False) if not n.startswith(HIDDEN))
        about.append(tuple((n, os.getxattr(path, n, follow_symlinks=False)) for n in names))
    if kind == stat.S_IFREG:
        with open(path, 'rb') as file:
            about.append(file.read())
    return tuple(about)


def paths(root):
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            yield os.path.relpath(os.path.join(folder, name), root)


def tree(root, times=True):
    """path -> description; files of one inode are described by the set of their names too."""
    names = {}
    for path in paths(root):
        st = os.lstat(os.path.join(root, path))
        if not stat.S_ISDIR(st.st_mode):
            names.setdefault(st.st_ino, []).append(path)
    links = {path: tuple(sorted(group)) for group in names.values() for path in group}
    return {path: (describe(os.path.join(root, path), times), links.get(path)) for path in paths(root)}


OWNER, PERM, TIME, UNLINK, XATTR = 0x1, 0x2, 0x4, 0x10, 0x80


def extract_by_libarchive(archive, directory):
    """The oracle: libarchive's own extraction, entry by entry, in order."""
    lib = ctypes.CDLL(ctypes.util.find_library('archive') or 'libarchive.so.13')
    for name in ('archive_read_new', 'archive_write_disk_new', 'archive_entry_pathname'):
        getattr(lib, name).restype = ctypes.c_void_p
    source, disk = ctypes.c_void_p(lib.archive_read_new()), ctypes.c_void_p(lib.archive_write_disk_new())
    lib.archive_error_string.restype = ctypes.c_char_p
    lib.archive_read_support_format_tar(source)
    lib.archive_read_support_filter_all(source)
    lib.archive_write_disk_set_options(disk, OWNER | PERM | TIME | UNLINK | XATTR)
    before, mask = os.getcwd(), os.umask(0o022)
    entry = ctypes.c_void_p()
    try:
        assert lib.archive_read_open_filename(source, os.fsencode(archive), 65536) == 0
        os.chdir(directory)
        while lib.archive_read_next_header(source, ctypes.byref(entry)) == 0:
            assert lib.archive_read_extract2(source, entry, disk) == 0, lib.archive_error_string(source)
    finally:
        lib.archive_write_free(disk)  # sets what directories get at the end, by relative names
        lib.archive_read_free(source)
        os.chdir(before)
        os.umask(mask)
