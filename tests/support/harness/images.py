"""Images for the tests: the busybox one of tools/busybox-rootfs, and OCI layouts made layer by layer."""

import gzip
import hashlib
import io
import json
import os
import subprocess
import tarfile

from .zlayer import ROOT


def busybox_rootfs(path):
    with open(path, 'wb') as file:
        subprocess.run([os.path.join(ROOT, 'tools', 'busybox-rootfs')], stdout=file, check=True)
    return path


def tar_of(*entries):
    """entries: (name, content) is a file, (name, None) a directory, a TarInfo stands for itself."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode='w', format=tarfile.PAX_FORMAT) as tar:
        for item in entries:
            content = b''
            if isinstance(item, tarfile.TarInfo):
                info = item
            else:
                info = tarfile.TarInfo(item[0])
                if item[1] is None:
                    info.type, info.mode = tarfile.DIRTYPE, 0o755
                else:
                    content = item[1] if isinstance(item[1], bytes) else item[1].encode()
                    info.size, info.mode = len(content), item[2] if len(item) > 2 else 0o644
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def special(name, kind, target='', **fields):
    """A TarInfo of a link, device or fifo."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    for key, value in fields.items():
        setattr(info, key, value)
    return info


COMPRESSORS = {
    '': lambda data: data,
    '+gzip': lambda data: gzip.compress(data, mtime=0),
    '+zstd': lambda data: subprocess.run(['zstd', '-q', '-c'], input=data, stdout=subprocess.PIPE, check=True).stdout,
}


class Layout:
    """An OCI image layout in a directory."""

    def __init__(self, directory):
        self.directory = str(directory)
        self.manifests = []
        os.makedirs(os.path.join(self.directory, 'blobs', 'sha256'))
        self._write('oci-layout', b'{"imageLayoutVersion":"1.0.0"}')

    def _write(self, path, data):
        with open(os.path.join(self.directory, path), 'wb') as file:
            file.write(data)

    def blob(self, data, media_type):
        digest = hashlib.sha256(data).hexdigest()
        self._write(f'blobs/sha256/{digest}', data)
        return {'mediaType': media_type, 'digest': f'sha256:{digest}', 'size': len(data)}

    def add_image(self, name, layers, config=None, compression='+gzip', diff_ids=None):
        """layers: plain tars, lowest first. Returns the manifest's descriptor."""
        blobs = [
            self.blob(COMPRESSORS[compression](layer), f'application/vnd.oci.image.layer.v1.tar{compression}')
            for layer in layers
        ]
        image = {
            'architecture': 'amd64',
            'os': 'linux',
            'config': config or {},
            'rootfs': {
                'type': 'layers',
                'diff_ids': diff_ids or ['sha256:' + hashlib.sha256(t).hexdigest() for t in layers],
            },
        }
        manifest = {
            'schemaVersion': 2,
            'mediaType': 'application/vnd.oci.image.manifest.v1+json',
            'config': self.blob(json.dumps(image).encode(), 'application/vnd.oci.image.config.v1+json'),
            'layers': blobs,
        }
        descriptor = self.blob(json.dumps(manifest).encode(), 'application/vnd.oci.image.manifest.v1+json')
        descriptor['annotations'] = {'org.opencontainers.image.ref.name': name}
        self.manifests.append(descriptor)
        self._write('index.json', json.dumps({'schemaVersion': 2, 'manifests': self.manifests}).encode())
        return descriptor

    def archive(self, path):
        with tarfile.open(path, 'w') as tar:
            tar.add(self.directory, arcname='.')
        return path
