# heed inspect --graph: the picture of a model's layers.
. "$(dirname "$0")/lib.sh"

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

# ---- pictures, through Graphviz
if ! "$HEED" inspect m.safetensors --graph m.svg 2> err; then
    expect "lines of the message" "$(wc -l < err)" 1
    grep -q 'Graphviz.*Debian: lib.*ask for \.dot' err || wrong "no word on what to install: $(cat err)"
    skip "the pictures, as Graphviz is not here"
fi
"$HEED" inspect m.safetensors --graph m.png 2> err || wrong "m.png: $(cat err)"
"$HEED" inspect l.safetensors --graph l.pdf 2> err || wrong "l.pdf: $(cat err)"
expect "nodes drawn" "$(grep -c 'class="node"' m.svg)" 8
expect "edges drawn" "$(grep -c 'class="edge"' m.svg)" 10
grep -q '>attention (Attention)<' m.svg || wrong "text is not a text"
expect "a PNG" "$(head -c 4 m.png | tail -c 3)" PNG
expect "a PDF" "$(head -c 5 l.pdf)" %PDF-
is_xml m.svg || wrong "m.svg is not XML"
exit $failed
