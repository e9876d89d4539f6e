#!/bin/bash
# run.sh - what a start costs: `zlayer run --rm IMAGE true` and the library's bare cycle, beside crun and runc.
#
#   bench/start/run.sh [ROUNDS]     (default 50)
#
# All in turn, in one run: ratios hold, absolute times are the machine's. crun refuses the hybrid cgroup layout; all run
# in a mount namespace without the unified hierarchy there. crun and runc run the config of `runc spec`; crun also the
# bundle that zlayer writes, which has a seccomp profile as zlayer's own containers do.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tools/lib.sh"
rounds=${1:-50}

[ "$(id -u)" = 0 ] || die "needs root"
command -v crun >/dev/null && command -v runc >/dev/null || need_packages test
"$root/tools/build"
ninja -C "$root/build" --quiet bench/interleave bench/native_cycle

work=$(mktemp -d)
export ZLAYER_ROOT_DIR=$work/root ZLAYER_RUNTIME_DIR=$work/run ZLAYER_CGROUP_PARENT=/zlayer-bench-$$
export ZLAYER_LIBEXEC_DIR=$root/build/bin
PATH=$root/build/bin:$root/build/bench:$PATH
clean_up() {
	find /sys/fs/cgroup -depth -type d -path "*$ZLAYER_CGROUP_PARENT*" -exec rmdir {} + 2>/dev/null || true
	rm -rf "$work"
}
trap clean_up EXIT

"$root/tools/busybox-rootfs" >"$work/rootfs.tar"
zlayer image import "$work/rootfs.tar" bench:1 --cmd /bin/sh >/dev/null
zlayer bundle "$work/ours" bench:1 true
mkdir -p "$work/plain/rootfs"
tar -C "$work/plain/rootfs" -xf "$work/rootfs.tar"
(cd "$work/plain" && runc spec &&
	sed -i 's/"terminal": true/"terminal": false/; s/^\(\t*\)"sh"$/\1"true"/' config.json)

view=(sh -c 'exec "$@"' sh)
if [ -d /sys/fs/cgroup/unified ]; then
	view=(unshare -m --propagation private sh -c 'umount /sys/fs/cgroup/unified && exec "$@"' sh)
fi
"${view[@]}" interleave -n "$rounds" \
	"crun run" crun --root "$work/crun" run -b "$work/plain" bench-crun \
	:: "crun run, zlayer's bundle" crun --root "$work/crun" run -b "$work/ours" bench-crun-ours \
	:: "runc run" runc --root "$work/runc" run -b "$work/plain" bench-runc \
	:: "zlayer run --rm" zlayer run --rm bench:1 true \
	:: "library cycle" "@native_cycle" bench:1
