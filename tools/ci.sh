#!/bin/bash
# ci.sh - one step of continuous integration; CI runs the steps that a developer runs.
#
#   tools/ci.sh build       release build, warnings are errors
#   tools/ci.sh SUITE...    these test suites (tools/test --list names them)
#   tools/ci.sh sanitize    unit, torture, component and e2e under AddressSanitizer and UBSan
#   tools/ci.sh all         everything, as .ci/run does
set -euo pipefail
export CI=true
cd "$(dirname "$0")"

case ${1:-} in
'') sed -n '2,/^set /s/^# \{0,1\}//p' "$0" && exit 2 ;;
build) exec ./build --tests ;;
sanitize) exec ./test unit-asan torture-asan component-asan e2e-asan ;;
all) exec ./test ;;
*) exec ./test "$@" ;;
esac
