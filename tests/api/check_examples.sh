#!/bin/sh
# check_examples.sh CC BUILD SOURCE - the examples are built against a staged installation, through pkg-config alone,
# and run. Containers are those of the backend in memory: what is shown here is the library's surface, not Linux.
set -eu
cc=$1 build=$2 source=$3 work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

DESTDIR=$work/stage meson install -C "$build" --no-rebuild --quiet >/dev/null
pc=$(find "$work/stage" -name zlayer.pc)
export PKG_CONFIG_LIBDIR="${pc%/*}" PKG_CONFIG_SYSROOT_DIR="$work/stage"
LD_LIBRARY_PATH=$(dirname "${pc%/*}")
export LD_LIBRARY_PATH
for example in "$source"/examples/c/*.c; do
	name=$(basename "$example" .c)
	# shellcheck disable=SC2046 # flags are words
	$cc ${CFLAGS:-} -std=c99 -Wall -Wextra -Werror "$example" -o "$work/$name" $(pkg-config --cflags --libs zlayer)
done

export ZLAYER_RUNTIME=fake ZLAYER_ROOT_DIR="$work/root" ZLAYER_RUNTIME_DIR="$work/run"
cd "$work"
expect() {
	wanted=$1
	shift
	"$@" >out 2>&1 || { cat out; echo "$*: failed"; exit 1; }
	grep -qx -e "$wanted" out || { cat out; echo "$*: no line like '$wanted'"; exit 1; }
}
cat >spec.yml <<'END'
version: v1
deployment: example
services:
  web:
    image: { name: busybox }
    command: { args: [sleep, infinity] }
    scale: { mode: fixed, replicas: 2 }
  hello:
    image: { name: busybox }
    rtype: job
    command: { args: [echo, hello] }
END
expect 'exit code 0' ./explicit_runtime fake busybox
expect 'hello from a container' ./explicit_runtime fake busybox
if ./explicit_runtime bogus busybox 2>err; then echo 'a backend called bogus'; exit 1; fi
grep -q 'Configuration: .*bogus' err
expect '.* example\.web\.2 running' ./deploy spec.yml
expect 'example\.web\.1: removed.*' ./deploy spec.yml
ZLAYER_RUNTIME=auto ./select_runtime >out 2>&1 || grep -q '^select_runtime: Configuration: ' out
