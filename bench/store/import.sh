#!/bin/bash
# import.sh - what bringing in a gzip layer costs: `zlayer image import`, beside tar and libarchive, which neither hash
# nor keep the archive.
#
#   bench/store/import.sh [ROUNDS [ARCHIVE.tar.gz]]     (default 5, and an archive of /usr/share and /usr/include)
#
# Each round unpacks into a new directory of a tmpfs, where there is one: a disk's writeback would be all that is seen.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tools/lib.sh"
rounds=${1:-5}

[ "$(id -u)" = 0 ] || die "needs root"
"$root/tools/build"
ninja -C "$root/build" --quiet bench/interleave bench/extract

work=$(TMPDIR=$([ -d /dev/shm ] && echo /dev/shm || echo /tmp) mktemp -d)
trap 'rm -rf "$work"' EXIT
export ZLAYER_LIBEXEC_DIR=$root/build/bin
PATH=$root/build/bin:$root/build/bench:$PATH
archive=$work/layer.tar.gz
if [ -n "${2:-}" ]; then
	cp "$2" "$archive"
else
	tar -C / -czf "$archive" usr/share/doc usr/share/man usr/include
fi
say "$(stat -c %s "$archive") bytes, $(tar -tzf "$archive" | wc -l) entries"

# A contender's directory of the last round goes before it starts, outside of what the others are measured on.
fresh='rm -rf "$0" && mkdir "$0" && cd "$0" &&'
export archive
interleave -n "$rounds" -w 1 \
	"tar -xzf" sh -c "$fresh exec tar -xzf \"\$archive\"" "$work/tar" \
	:: "libarchive" sh -c "$fresh exec extract \"\$archive\"" "$work/libarchive" \
	:: "image import" sh -c "$fresh exec env ZLAYER_ROOT_DIR=\"\$0\" zlayer image import \"\$archive\" bench:1" \
	"$work/zlayer"
