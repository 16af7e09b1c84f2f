# heed.h compiles alone, first and twice, as strict C11 and as C++17, with each compiler that is here; so does the
# program in its comment, as C11.
. "$(dirname "$0")/lib.sh"
set -e
cd "$root"
printf '#include "heed.h"\n#include "heed.h"\nint main(void) { return heed_version() == 0; }\n' | tee "$work/alone.c" >"$work/alone.cpp"
sed -n '/^ \*   #include <heed.h>$/,/^ \*   }$/p' include/heed.h | sed 's/^ \* \{0,3\}//' >"$work/example.c"
grep -q '^int main' "$work/example.c" || { echo "header.sh: found no program in heed.h; mend this script"; exit 1; }

tried=0
try() { # COMPILER ARGUMENTS
    has_command "$1" || return 0
    "$@" -Wall -Wextra -Wpedantic -Wconversion -Werror -Iinclude -fsyntax-only
    tried=$((tried + 1))
}
for compiler in gcc clang; do
    try $compiler -std=c11 "$work/alone.c"
    try $compiler -std=c11 "$work/example.c"
done
for compiler in g++ clang++; do
    try $compiler -std=c++17 "$work/alone.cpp"
done
[ $tried -gt 0 ] || skip "none of gcc, clang, g++, clang++ is here"

# Its macros are heed's own.
macros() { # SOURCE
    gcc -std=c11 -Iinclude -dM -E "$1" | sed 's/^#define \([A-Za-z0-9_]*\).*/\1/' | sort
}
if has_command gcc; then
    printf '#include <%s>\n' stdbool.h stddef.h stdint.h >"$work/system.c"
    macros "$work/alone.c" >"$work/with"
    macros "$work/system.c" >"$work/without"
    strange=$(comm -23 "$work/with" "$work/without" | grep -v '^HEED_' || :)
    [ -z "$strange" ] || { echo "heed.h defines macros that do not begin with HEED_: $strange"; exit 1; }
fi
