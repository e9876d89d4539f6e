#!/bin/bash
# smoke.sh - runs inside the virtual machine: `smoke.sh BUILD_DIR`. Says `ok: STEP`; the first failure ends it.
set -euo pipefail
PATH=$1/bin:$PATH
export ZLAYER_ROOT_DIR=/tmp/zlayer/root ZLAYER_RUNTIME_DIR=/run/zlayer
cgroup=/sys/fs/cgroup

ok() {
	echo "ok: $*"
}

fail() {
	echo "smoke: $*" >&2
	exit 1
}

expect() { # WHAT ACTUAL WANTED
	[ "$2" = "$3" ] || fail "$1: '$2' and not '$3'"
}

# The directory of a container's cgroup, by its first process.
cgroup_of() {
	local pid
	pid=$(zlayer inspect "$1" | sed -n 's/.*"Pid": *\([0-9]*\).*/\1/p' | head -n 1)
	echo "$cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")"
}

expect "file system" "$(stat -f -c %T $cgroup)" cgroup2fs
! grep -q ' cgroup ' /proc/mounts || fail "there is a cgroup v1 mount"
ok the kernel has cgroup v2 alone
mounts=$(cat /proc/self/mountinfo)

tools/busybox-rootfs | zlayer image import - busybox:latest --cmd /bin/sh >/dev/null
ok an image is imported

status=0
expect output "$(zlayer run --rm busybox:latest echo hello)" hello
zlayer run --rm busybox:latest sh -c 'exit 42' || status=$?
expect status $status 42
ok a container runs and its status is returned

zlayer run -d --name limited --memory 48m --cpus 0.5 --pids-limit 23 --stop-timeout 60 busybox:latest \
	sh -c 'trap "exit 7" TERM; echo ready; while true; do sleep 1 & wait $!; done' >/dev/null
directory=$(cgroup_of limited)
expect memory.max "$(cat "$directory/memory.max")" $((48 << 20))
expect cpu.max "$(cat "$directory/cpu.max")" "50000 100000"
expect pids.max "$(cat "$directory/pids.max")" 23
expect "the container's view" "$(zlayer exec limited cat /sys/fs/cgroup/memory.max)" $((48 << 20))
expect "its own path" "$(zlayer exec limited cat /proc/self/cgroup)" 0::/
ok limits are what the cgroup v2 files say

zlayer exec limited sh -c 'mknod /tmp/null c 1 3 && echo x >/tmp/null' || fail "the null device"
zlayer exec limited sh -c 'mknod /tmp/mem c 1 1 && ! head -c1 /tmp/mem 2>/dev/null' || fail "memory was opened"
ok the device program denies what mknod allows

before=$(wc -l <"$directory/cgroup.procs")
zlayer exec limited sleep 3 &
sleep 1
[ "$(wc -l <"$directory/cgroup.procs")" -gt "$before" ] || fail "exec is outside of the cgroup"
wait $!
ok exec joins the cgroup

until zlayer logs limited | grep -q ready; do sleep 0.2; done
zlayer stop limited
expect status "$(zlayer wait limited)" 7
ok stop ends it within the grace
zlayer rm limited >/dev/null

zlayer up -d examples/replicas.zlayer.yml >/dev/null 2>&1 || fail "up"
expect "running containers" "$(zlayer ps -q | wc -l)" 3
expect "the job's status" "$(zlayer wait announce)" 0
zlayer down -v examples/replicas.zlayer.yml >/dev/null 2>&1
ok a deployment comes up and goes down

expect containers "$(zlayer ps -a -q)" ""
expect mounts "$(cat /proc/self/mountinfo)" "$mounts"
expect cgroups "$(find $cgroup -mindepth 1 -type d -name '*zlayer*')" ""
expect processes "$(pgrep -l zlayer || true)" ""
ok nothing is left
