#!/bin/sh
# Programs that were compiled with an older heed.h (tests/abi/heed.h) run on the library of today, and on one whose
# structs have all grown (libheed_grown: heed.h with a member more in each struct, by tests/abi/grow.awk), and print
# the same on both.
set -eu
cd "$(dirname "$0")/../.."
[ -n "${BUILD-}" ] || { echo "skipped: BUILD names no build folder"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

grown=$(grep -c 'char grown' "$BUILD/grown/heed.h")
[ "$grown" -ge 29 ] || { echo "abi.sh: only $grown structs of $BUILD/grown/heed.h have grown, expected 29 or more"; exit 1; }

{
    printf 'kind\ttext\n'
    i=0
    while [ $i -lt 30 ]; do
        printf 'fine\ta good day number %d\nbad\tan awful day number %d\n' $i $i
        i=$((i + 1))
    done
} >"$work/rows.tsv"

compile() { # PROGRAM SOURCE
    "${CC:-cc}" -std=c11 -Wall -Wextra -Werror ${SANITIZE:+-fsanitize=$SANITIZE} -Itests/abi "$2" -o "$work/$1" \
        "$BUILD/libheed.so"
}
compile train tests/abi/train.c
compile tiny examples/tiny.c
model=tests/models/$(ls tests/models | grep 'safetensors$' | head -n 1)

run() { # FOLDER: with the library libheed.so.0 in it
    mkdir -p "$work/report"
    LD_LIBRARY_PATH=$1 "$work/train" "$work/rows.tsv" "$work/report"
    LD_LIBRARY_PATH=$1 "$work/tiny" "$model" "a good day"
    rm -r "$work/report"
}
mkdir "$work/today" "$work/grown"
cp "$BUILD/libheed.so.0" "$work/today/"
cp "$BUILD/libheed_grown.so" "$work/grown/libheed.so.0"
run "$work/today" >"$work/today.out"
run "$work/grown" >"$work/grown.out"
[ "$(wc -l <"$work/today.out")" -ge 40 ] || { cat "$work/today.out"; echo "abi.sh: the programs printed too little"; exit 1; }
diff "$work/today.out" "$work/grown.out" || { echo "abi.sh: programs of the older heed.h print something else on the grown library"; exit 1; }

# Without the size in their structs they would not: a struct that says it is as large as the grown one is refused.
sed 's/^int main/static void lie(void *options) { ((heed_options_head *)options)->size += 4000; }\nint main/; s/must(heed_train(&model/lie(\&train);\n    must(heed_train(\&model/' \
    tests/abi/train.c >"$work/liar.c"
compile liar "$work/liar.c"
mkdir "$work/report"
if said=$(LD_LIBRARY_PATH=$work/today "$work/liar" "$work/rows.tsv" "$work/report" 2>&1); then
    echo "abi.sh: a struct of another size was taken"
    exit 1
fi
case $said in
*"built with a newer heed.h"*) ;;
*) echo "abi.sh: a struct of another size said '$said'"; exit 1 ;;
esac
