#!/bin/bash
# run-in-vm.sh - runs one command in a virtual machine whose kernel has cgroup v2 alone.
#
#   tests/vm/run-in-vm.sh [-t SECONDS] [-m MEMORY] [-w DIR]... [-v] -- 'shell command'
#
#   -t SECONDS   hard limit of the whole run (300)
#   -m MEMORY    of the guest (2G)
#   -w DIR       a directory that guest and host both write
#   -v           kernel messages go to stderr
#
# The guest sees this machine's root file system read-only, over 9p, below a throw-away tmpfs: all that is installed
# here is there, and nothing that the guest writes stays, but below -w. Emulated (TCG): ten times slower than the host.
# Exit status: the command's; 124 past the limit; 125 when the guest died without one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/zlayer-agent/vm
limit=300 memory=2G verbose=0 shared=()

die() {
	echo "run-in-vm: $*" >&2
	exit 125
}

while getopts t:m:w:v option; do
	case $option in
	t) limit=$OPTARG ;;
	m) memory=$OPTARG ;;
	w) shared+=("$(readlink -f "$OPTARG")") ;;
	v) verbose=1 ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || die "no command given"
[ "$(id -u)" = 0 ] || die "needs root: the guest sees a bind mount of /"
command=$*
mkdir -p "$cache"

# Into directory $1. Fails when apt's lists are missing or too old.
download_kernel() {
	local package
	package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-/ {print $2; exit}')
	[ -n "$package" ] && (cd "$1" && apt-get -qq -o APT::Sandbox::User=root download "$package") >&2
}

# Debian's generic kernel, unpacked and not installed (the cloud flavour has no 9p).
fetch_kernel() {
	local staging
	staging=$(mktemp -d "$cache/fetch.XXXXXX")
	download_kernel "$staging" || { apt-get -qq update && download_kernel "$staging"; } ||
		die "cannot fetch a kernel"
	dpkg-deb -x "$staging"/*.deb "$staging/tree"
	version=$(basename "$staging"/tree/lib/modules/*)
	depmod -b "$staging/tree" "$version"
	# The emulator boots an uncompressed kernel as it is; unpacking it inside the guest costs seconds.
	python3 -B "$here/extract-vmlinux.py" "$staging/tree/boot/vmlinuz-$version" "$staging/tree/boot/vmlinux"
	rm -rf "$cache/kernel"
	mv "$staging/tree" "$cache/kernel"
	rm -rf "$staging"
}

# busybox, the modules up to 9p and overlay in modprobe's order, and the script that becomes /init.
make_initramfs() {
	local tree n=0 module
	tree=$(mktemp -d "$cache/initramfs.XXXXXX")
	mkdir -p "$tree"/{bin,dev,proc,sys,modules,lower,rw,new}
	cp "$(command -v busybox)" "$tree/bin/busybox"
	install -m 755 "$here/guest-init" "$tree/init"
	for module in virtio_pci 9pnet_virtio 9p overlay; do
		modprobe -S "$version" -d "$cache/kernel" --show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ {print $2}' | while read -r module; do
		n=$((n + 1))
		cp "$module" "$tree/modules/$(printf %02d $n).ko"
	done
	(cd "$tree" && find . | cpio --quiet -o -H newc) >"$1.$$"
	mv "$1.$$" "$1"
	rm -rf "$tree"
}

[ -e "$cache/kernel/boot/vmlinux" ] || fetch_kernel
version=$(basename "$cache"/kernel/lib/modules/*)
initramfs=$cache/initramfs-$version-$(cat "$here/guest-init" "$0" | md5sum | cut -c1-12)
[ -e "$initramfs" ] || make_initramfs "$initramfs"

# The job is a second cpio archive behind the first.
work=$(mktemp -d "$cache/run.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/job/job" "$work/root"
cp "$here/guest-run" "$work/job/job/run"
printf 'cd %q || exit 126\n%s\n' "$PWD" "$command" >"$work/job/job/command"
printf '%s\n' "$PWD" >"$work/job/job/directory"
printf '%s\n' "$cache/kernel/lib/modules" >"$work/job/job/modules"
printf '%s\n' "${shared[@]}" >"$work/job/job/shared"
(cat "$initramfs" && cd "$work/job" && find job | cpio --quiet -o -H newc) >"$work/initramfs"

cmdline="console=ttyS0 quiet loglevel=4 panic=-1 oops=panic mitigations=off nokaslr clocksource=hpet tsc=unstable"
cmdline+=" clocksource=hpet tsc=unstable no_timer_check random.trust_cpu=on audit=0 apparmor=0 selinux=0"
cmdline+=" cgroup_no_v1=all 8250.nr_uarts=4 nowatchdog rcupdate.rcu_expedited=1"
arguments=(-nodefaults -no-user-config -display none -no-reboot
	-M pc -accel "tcg,thread=single,tb-size=256" -cpu max -smp 2 -m "$memory"
	-kernel "$cache/kernel/boot/vmlinux" -initrd "$work/initramfs" -append "$cmdline"
	-chardev "file,id=console,path=$work/console" -serial chardev:console
	-chardev "stdio,signal=off,id=output" -serial chardev:output
	-chardev "file,id=status,path=$work/status" -serial chardev:status)

share() { # TAG DIRECTORY [,readonly=on]
	arguments+=(-fsdev "local,id=$1,path=$2,security_model=none,multidevs=remap${3:-}"
		-device "virtio-9p-pci,fsdev=$1,mount_tag=$1")
}
share host "$work/root" ,readonly=on
for i in "${!shared[@]}"; do share "shared$i" "${shared[$i]}"; done

# A bind mount of / alone, in a mount namespace of its own: none of the host's /proc, /sys and /dev goes in.
ended=0
timeout -k 5 "$limit" unshare -m --propagation private sh -c 'mount --bind / "$0" && exec "$@"' "$work/root" \
	qemu-system-x86_64 "${arguments[@]}" </dev/null || ended=$?

[ $verbose = 0 ] || cat "$work/console" >&2
status=$(sed -n 's/.*status=\([0-9]*\).*/\1/p' "$work/status" 2>/dev/null | tail -n 1)
[ -z "$status" ] || exit "$status"
if [ $ended = 124 ] || [ $ended = 137 ]; then
	echo "run-in-vm: over the limit of $limit s" >&2
	exit 124
fi
[ $verbose = 1 ] || tail -n 20 "$work/console" >&2
die "the guest ended without a status (emulator: $ended)"
