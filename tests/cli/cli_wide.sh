# --architecture wide goes the same way as a network: train, evaluate, explain, inspect, compare, tune, serve.
. "$(dirname "$0")/lib.sh"

three_labels > rows.tsv
awk -F '\t' '$1 != "mixed"' rows.tsv > two.tsv
awk -F '\t' 'NR == 1 { print; next } { print $1 (NR % 4 == 0 ? ",odd" : "") "\t" $2 (NR % 4 == 0 ? " strange" : "") }' rows.tsv > several.tsv
train() { # ROWS ARCHITECTURE MODEL [OPTION ...]
    rows=$1 architecture=$2 model=$3
    shift 3
    "$HEED" train --train "$rows" --architecture "$architecture" --model "$model" "$@"
}

train rows.tsv wide m.safetensors --threads 2 > out 2> err || { cat err; exit 1; }
[ -s out ] && wrong "train writes on standard output: $(cat out)"
grep -q '^architecture: wide words 1-2 letters 3-5 min-count 1 weight idf C ' err || wrong "the choice is not said: $(cat err)"
grep -q '^C [0-9]* has the least log loss on [0-9]* training rows that were held out: C 1 ' err || wrong "no losses: $(cat err)"
grep -q 'n-grams of words, .* of letters; .* parameters' err || wrong "no features: $(cat err)"
train rows.tsv wide one.safetensors --threads 1 --quiet > out 2> err || wrong "train --quiet: $(cat err)"
[ -s err ] && wrong "train --quiet says: $(cat err)"
cmp -s m.safetensors one.safetensors || wrong "one thread and two give different models"

"$HEED" evaluate m.safetensors rows.tsv --brief --require accuracy=0.99 > out 2> err || wrong "evaluate: $(cat out err)"
"$HEED" evaluate m.safetensors rows.tsv --report report > out 2> err || wrong "evaluate --report: $(cat out err)"
grep -q '"architecture": *"wide words 1-2 letters 3-5 min-count 1 weight idf C ' report/*.json || wrong "the report's JSON"
"$HEED" inspect m.safetensors > out 2> err || wrong "inspect: $(cat err)"
for piece in '^wide words 1-2 letters 3-5 min-count 1 weight idf C ' 'n-grams of 1-2 words and 3-5 letters' \
    '^Strongest features$' 'not good' 'whole texts' 'Newton-CG'; do
    grep -q -- "$piece" out || wrong "inspect: no '$piece' in: $(cat out)"
done
"$HEED" inspect m.safetensors --json | grep -q '"word_ngrams"' || wrong "inspect --json"
"$HEED" inspect m.safetensors --graph graph.dot > out 2>&1 || wrong "inspect --graph: $(cat out)"
grep -q 'N-grams of words and letters' graph.dot || wrong "the graph: $(cat graph.dot)"
expect "answers" "$(printf 'it was good\nnot good and bad\n\nbad' | "$HEED" predict m.safetensors | cut -f 1 | sed -n '1p;2p;4p' | tr '\n' ' ')" "pos mixed neg "
"$HEED" explain m.safetensors --faithfulness rows.tsv --rows 30 > out 2> err || wrong "faithfulness: $(cat err)"
grep -q weights out || wrong "faithfulness: $(cat out)"
"$HEED" predict m.safetensors --storage int8 --text x > out 2> err && wrong "predict --storage int8 is accepted"

# Two labels: the ratio; several: a sigmoid each, with thresholds; weights of labels and folds.
train two.tsv wide two.safetensors --quiet --class-weights balanced 2> err || wrong "two labels: $(cat err)"
"$HEED" inspect two.safetensors | grep -q 'weighted by naive Bayes ratio, sigmoid' || wrong "two labels: inspect"
"$HEED" train --train several.tsv --architecture wide --model s.safetensors --label-separator , --tune-thresholds --quiet 2> err ||
    wrong "several labels: $(cat err)"
"$HEED" inspect s.safetensors | grep -q 'a sigmoid for each label' || wrong "several labels: inspect"
"$HEED" train --train rows.tsv --architecture 'wide C 10' --folds 3 --quiet > out 2> err || wrong "folds: $(cat err)"
expect "folds" "$(grep -c '^fold [123]/3: rows 400 + 200, best epoch 1, accuracy 1' out)" 3

# What it does not have is refused as for linear.
train rows.tsv wide x.safetensors --init-from m.safetensors > out 2> err && wrong "--init-from is accepted"
grep -q -- '--init-from: the architecture is wide' err || wrong "--init-from: $(cat err)"
train rows.tsv 'wide weight ratio' x.safetensors > out 2> err && wrong "a ratio of three labels is accepted"
grep -q "'weight ratio', which compares two labels" err || wrong "a ratio of three labels: $(cat err)"
[ -e x.safetensors ] && wrong "a refused training leaves a file"

"$HEED" compare --train rows.tsv --architecture wide --architecture 'wide words 1-1 C 1' --quiet > out 2> err || wrong "compare: $(cat err)"
grep -q 'wide words 1-1 C 1' out && grep -q linear out || wrong "compare: $(cat out)"
exit $failed
