#!/bin/sh
# The first section of heed.h is short, and the program in it compiles as it is there, and says what heed explain says.
set -eu
cd "$(dirname "$0")/../.."
[ -n "${BUILD-}" ] || { echo "skipped: BUILD names no build folder"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

lines=$(awk '/^\/\* =+ 1\. /{ begin = NR } /^\/\* =+ 2\. /{ print NR - begin }' include/heed.h)
[ "$lines" -le 150 ] || { echo "header_example.sh: the first section of heed.h has $lines lines, expected 150 at most"; exit 1; }

awk '/^ \*   #include <heed.h>/{ on = 1 } on { sub(/^ \*   ?/, ""); sub(/^ \*$/, ""); print } on && /^}/ { exit }' \
    include/heed.h >"$work/why.c"
"${CC:-cc}" -std=c11 -Wall -Wextra -Werror ${SANITIZE:+-fsanitize=$SANITIZE} -Iinclude "$work/why.c" -o "$work/why" \
    "$BUILD/libheed.so"
export LD_LIBRARY_PATH="$BUILD"

model=tests/models/additive.safetensors
text='an awful film, a good day'
"$work/why" "$model" "$text" >"$work/said"
"$HEED" explain "$model" "$text" --json >"$work/json"
# "label<TAB>probability" and "token<TAB>score", as in JSON
grep -q '^\*' "$work/said" || { cat "$work/said"; echo "header_example.sh: no label is marked"; exit 1; }
tokens=$(tr ',' '\n' <"$work/json" | grep -c '"token":' || :)
printed=$(grep -c '	[+-]' "$work/said")
[ "$printed" -eq "$tokens" ] || { cat "$work/said"; echo "header_example.sh: found $printed tokens, expected $tokens"; exit 1; }

if "$work/why" 2>"$work/said"; then echo "header_example.sh: the program needs its arguments, and ended well without"; exit 1; fi
grep -q 'usage' "$work/said"
if "$work/why" "$work/nothing" "$text" 2>"$work/said"; then echo "header_example.sh: a model that is missing was loaded"; exit 1; fi
grep -q "$work/nothing" "$work/said"
