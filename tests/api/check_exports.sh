#!/bin/sh
# check_exports.sh LIBRARY INCLUDE - the library exports what the headers declare, and nothing else.
set -eu
library=$1 include=$2 work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat "$include"/zlayer/*.h | sed 's,/\*.*\*/,,' | tr '\n' ' ' | grep -o 'ZL_API [^;]*;' |
	grep -o 'zl_[a-z_]*(' | tr -d '(' | sort -u >"$work/declared"
nm -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u >"$work/exported"
[ -s "$work/declared" ] || { echo 'no declaration was found'; exit 1; }
if ! diff "$work/declared" "$work/exported"; then
	echo '< is declared and not exported, > is exported and not declared'
	exit 1
fi
readelf -d "$library" | grep -q 'SONAME.*libzlayer\.so\.0\]' || { echo 'the soname is not libzlayer.so.0'; exit 1; }
