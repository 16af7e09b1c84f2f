# What `cmake --install` leaves is enough to compile a program with pkg-config's word alone, and to run it: under the
# prefix of the build, under another one, and when the tree is moved.
. "$(dirname "$0")/lib.sh"
set -e
cd "$root"
[ -n "${BUILD-}" ] || skip "BUILD names no build folder"
has_command pkg-config || skip "pkg-config is not here"

# check FOLDER: what was installed somewhere below it.
check() {
    file=$(find "$1" -name heed.pc)
    [ -f "$file" ] || { echo "install.sh: no heed.pc was installed below $1"; exit 1; }
    export PKG_CONFIG_PATH="${file%/heed.pc}"
    library=$(pkg-config --libs-only-L heed | sed 's/^-L//; s/ *$//')
    [ -e "$library/libheed.so" ] || { echo "install.sh: pkg-config points to $library, libheed.so is not there"; exit 1; }

    # shellcheck disable=SC2046 # flags are words
    "${CC:-cc}" -std=c11 -Wall -Wextra -Werror ${SANITIZE:+-fsanitize=$SANITIZE} $(pkg-config --cflags heed) \
        examples/tiny.c -o "$work/tiny" $(pkg-config --libs heed)
    said=$(LD_LIBRARY_PATH=$library "$work/tiny")
    expected="heed $(pkg-config --modversion heed)"
    [ "$said" = "$expected" ] || { echo "install.sh: tiny said '$said', expected '$expected'"; exit 1; }

    program=$(find "$1" -path '*/bin/heed')
    [ -x "$program" ] || { echo "install.sh: no program was installed"; exit 1; }
    said=$("$program" --version)
    case $said in
    "$expected"*) ;;
    *) echo "install.sh: heed --version said '$said', expected '$expected'"; exit 1 ;;
    esac
    for name in LICENSE NOTICE README.md; do
        [ -n "$(find "$1" -path "*/doc/heed/$name")" ] || { echo "install.sh: $name was not installed"; exit 1; }
    done
    "$program" help --pages | while read -r page; do
        [ -s "$(find "$1" -path "*/man1/$page.1")" ] || { echo "install.sh: no man page $page was installed"; exit 1; }
    done
    [ -s "$(find "$1" -path '*/bash-completion/completions/heed')" ] || { echo "install.sh: no completion"; exit 1; }
}

install_to() { # FOLDER ARGUMENTS...
    folder=$1
    shift
    "$@" >"$work/install.log" || { cat "$work/install.log"; exit 1; }
    check "$folder"
}
install_to "$work/staged" env DESTDIR="$work/staged" cmake --install "$BUILD"
install_to "$work/prefix" cmake --install "$BUILD" --prefix "$work/prefix"
mv "$work/prefix" "$work/moved"
check "$work/moved"
