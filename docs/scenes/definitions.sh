# The demo's definitions, from the library next to the program.
. "$ROOT/docs/scenes/lib.sh"
python3 "$ROOT/tools/demo_rows.py" "$(dirname "$(readlink -f "$(command -v heed)")")/libheed.so" .
