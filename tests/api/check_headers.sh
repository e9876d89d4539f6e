#!/bin/sh
# check_headers.sh CC CXX INCLUDE - each public header compiles alone, as C99 and as C++, with no warning.
set -eu
cc=$1 cxx=$2 include=$3 status=0

for header in "$include"/zlayer/*.h; do
	text="#include <zlayer/${header##*/}>"
	printf '%s\n' "$text" | $cc -x c -std=c99 -pedantic -Wall -Wextra -Wstrict-prototypes -Werror -fsyntax-only \
		-I"$include" - || { echo "${header##*/}: not C99"; status=1; }
	printf '%s\n' "$text" | $cxx -x c++ -std=c++11 -pedantic -Wall -Wextra -Werror -fsyntax-only \
		-I"$include" - || { echo "${header##*/}: not C++"; status=1; }
done
exit $status
