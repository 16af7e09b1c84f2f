# heed inspect --graph: the picture of a model's layers.
HEED=${HEED:?path of the program}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "$*"; failed=1; }
expect() { [ "$2" = "$3" ] || wrong "$1: found: $2, expected: $3"; }
cd "$work" || exit 1

printf 'label\ttext\npos\tlovely\nneg\tawful\npos\tfine film\nneg\tbad film\n' > rows.tsv
train() { "$HEED" train --train rows.tsv --validation none --epochs 1 --max-length 8 --quiet "$@" 2> err || { cat err; exit 1; }; }
train --architecture 'embed 4 | bilstm 3 | attention additive 2 + max' --model m.safetensors
train --architecture linear --model l.safetensors

# ---- DOT, always
for model in m l; do
    "$HEED" inspect $model.safetensors --graph $model.dot > out 2> err || wrong "--graph $model.dot: $(cat err)"
    [ -s out ] || [ -s err ] && wrong "--graph says something: $(cat out err)"
done
expect "nodes of a network" "$(grep -c 'label=<<table' m.dot)" 8
expect "edges of a network" "$(grep -c ' -> ' m.dot)" 10
expect "nodes of a linear model" "$(grep -c 'label=<<table' l.dot)" 3
grep -q '>attention (Attention).*(None, 8, 6), (None, 6).*(None, 6), (None, 8, 1)' m.dot || wrong "no attention: $(cat m.dot)"
"$HEED" inspect m.safetensors --graph M.DOT && cmp -s m.dot M.DOT || wrong "an ending in capitals"

# ---- what cannot be
for name in m.gif m dot .hidden/x; do
    "$HEED" inspect m.safetensors --graph "$name" > out 2> err
    expect "status of --graph $name" $? 2
    grep -q 'expected a name that ends in .dot, .svg, .png or .pdf' err || wrong "--graph $name: $(cat err)"
done
ln -s m.safetensors link.dot
"$HEED" inspect m.safetensors --graph link.dot 2> err && wrong "the model was written over"
"$HEED" inspect m.safetensors --graph missing/m.dot 2> err && wrong "a folder that is not there"
"$HEED" inspect m.safetensors --graph x.dot --json 2> err
expect "status of --graph and --json" $? 2
"$HEED" inspect rows.tsv --graph x.dot 2> err && wrong "a graph of no model"
[ -e x.dot ] && wrong "a file was written all the same"

# ---- pictures, through Graphviz, which leaves memory behind at the end
[ -z "${SANITIZE-}" ] || export ASAN_OPTIONS=detect_leaks=0
if ! "$HEED" inspect m.safetensors --graph m.svg 2> err; then
    expect "lines of the message" "$(wc -l < err)" 1
    grep -q 'Graphviz.*Debian: lib.*ask for \.dot' err || wrong "no word on what to install: $(cat err)"
    [ $failed -eq 0 ] || exit 1
    echo "skipped: the pictures, as Graphviz is not here"
    exit 77
fi
"$HEED" inspect m.safetensors --graph m.png 2> err || wrong "m.png: $(cat err)"
"$HEED" inspect l.safetensors --graph l.pdf 2> err || wrong "l.pdf: $(cat err)"
expect "nodes drawn" "$(grep -c 'class="node"' m.svg)" 8
expect "edges drawn" "$(grep -c 'class="edge"' m.svg)" 10
grep -q '>attention (Attention)<' m.svg || wrong "text is not a text"
expect "a PNG" "$(head -c 4 m.png | tail -c 3)" PNG
expect "a PDF" "$(head -c 5 l.pdf)" %PDF-
if command -v python3 > /dev/null; then
    python3 -c 'import sys, xml.etree.ElementTree as e; e.parse(sys.argv[1])' m.svg || wrong "m.svg is no XML"
fi
exit $failed
