# --architecture linear goes the same way as a network: train, evaluate, inspect, predict.
. "$(dirname "$0")/lib.sh"

three_labels > rows.tsv
train() { "$HEED" train --train rows.tsv --architecture linear "$@"; }

train --model m.safetensors --threads 2 --history h.csv > out 2> err || { cat err; exit 1; }
[ -s out ] && wrong "train writes on standard output: $(cat out)"
grep -q 'words, .* bigrams; .* parameters' err || wrong "no features: $(cat err)"
expect "rows of figures" "$(grep -c '^1/1 ' err)" 2
expect "the last line" "$(tail -1 err)" "m.safetensors written"
expect "rows of the history" "$(wc -l < h.csv)" 2
train --model one.safetensors --threads 1 --quiet 2> err || wrong "train --quiet: $(cat err)"
cmp -s m.safetensors one.safetensors || wrong "one thread and two give different models"

"$HEED" evaluate m.safetensors rows.tsv --brief --require accuracy=0.99 > out 2> err || wrong "evaluate: $(cat out err)"
"$HEED" inspect m.safetensors > out 2> err || wrong "inspect: $(cat err)"
for piece in '^linear 10$' 'bigrams' 'C = 10' '^Strongest features$' 'not good' 'whole texts' 'L-BFGS'; do
    grep -q -- "$piece" out || wrong "inspect: no '$piece' in: $(cat out)"
done
"$HEED" inspect m.safetensors --json | grep -q '"strongest"' || wrong "inspect --json"
"$HEED" inspect m.safetensors --history | cmp -s - h.csv || wrong "inspect --history is not train --history"
expect "answers" "$(printf 'it was good\nnot good and bad\n\nbad' | "$HEED" predict m.safetensors | cut -f 1 | sed -n '1p;2p;4p' | tr '\n' ' ')" "pos mixed neg "

# It trains on all rows, and its figures are of rows that were held out in turn; an explicit part is kept apart.
train --model all.safetensors --picture p.svg --tune-thresholds > out 2> err && wrong "three labels have thresholds"
train --model all.safetensors --picture p.svg > out 2> err || wrong "all rows: $(cat err)"
grep -q '^600 training rows, 600 of them held out in turn; ' err || wrong "not all rows: $(cat err)"
grep -q "^held out: always predicting 'mixed' has accuracy 0.3333" err || wrong "no baseline: $(cat err)"
grep -q '^1/1    held  ' err || wrong "no line of held-out rows: $(cat err)"
grep -q '>held out<' p.svg || wrong "the picture says validation"
"$HEED" inspect all.safetensors > out
has '600: 600 train, held out in turn (cross-fit 5)' '   held out: loss '
"$HEED" inspect all.safetensors --json | grep -q '"validation": "cross-fit 5"' || wrong "inspect --json: no cross-fit"
"$HEED" evaluate all.safetensors rows.tsv --report page > out 2> err || wrong "report: $(cat err)"
grep -q 'to train, held out in turn' page/*.html || wrong "the page says that rows validated"
train --model part.safetensors --validation 0.1 > out 2> err || wrong "a part: $(cat err)"
grep -q '^540 training rows, 60 validation rows; ' err || wrong "not a tenth: $(cat err)"
grep -q '^1/1    val  ' err || wrong "no line of validation rows: $(cat err)"
"$HEED" inspect part.safetensors > out
has '600: 540 train, 60 validate (fraction 0.1)'

awk -F '\t' '$1 != "mixed"' rows.tsv > two.tsv
"$HEED" train --train two.tsv --architecture linear --model two.safetensors --tune-thresholds > out 2> err || wrong "thresholds: $(cat err)"
grep -q "^threshold of the best F1 on 400 held-out rows: 'pos' " err || wrong "thresholds: $(cat err)"
refuses 2 'there are no validation rows to tune them on' "$HEED" train --train two.tsv --architecture linear --tune-thresholds \
    --validation none --model none.safetensors --quiet

train --folds 3 --quiet > out 2> err || wrong "folds: $(cat err)"
expect "folds" "$(grep -c '^fold [123]/3: rows 400 + 200, best epoch 1, accuracy 1' out)" 3
exit $failed
