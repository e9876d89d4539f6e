#!/bin/bash
# check-format.sh - C files as clang-format 14 would write them, scripts as shellcheck likes them.
#
#   tools/check-format.sh          says what differs
#   tools/check-format.sh --fix    rewrites the C files
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t c_files < <(find src include tests bench examples -name '*.[ch]' 2>/dev/null | sort)
if [ "${1:-}" = --fix ]; then
	exec clang-format-14 -i "${c_files[@]}"
fi
mapfile -t scripts < <(grep -rlE '^#!/bin/(ba)?sh' tools tests bench examples .ci 2>/dev/null | sort)
status=0
differing=$(printf '%s\n' "${c_files[@]}" | xargs -P 2 -n 30 clang-format-14 --dry-run 2>&1 |
	sed -n 's/^\([^: ]*\):[0-9]*:.*/\1/p')
for file in $(sort -u <<<"$differing"); do
	echo "$file: clang-format-14 would write it differently (tools/check-format.sh --fix)"
	status=1
done
if command -v shellcheck >/dev/null; then
	shellcheck --external-sources --source-path=SCRIPTDIR --severity=warning "${scripts[@]}" || status=1
fi
exit $status
