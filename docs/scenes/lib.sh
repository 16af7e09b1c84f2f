# The prelude of the scenes: `. "$ROOT/docs/scenes/lib.sh"`. A scene runs in the empty folder that it fills.
set -eu

# real_data FOLDER: the path of real data, which is beside the project where it is at all.
real_data() {
    [ -d "$ROOT/../shared/data/$1" ] || { echo "../shared/data is not here" >&2; exit 77; }
    echo "$ROOT/../shared/data/$1"
}
