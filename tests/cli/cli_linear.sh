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

train --folds 3 --quiet > out 2> err || wrong "folds: $(cat err)"
expect "folds" "$(grep -c '^fold [123]/3: rows 400 + 200, best epoch 1, accuracy 1' out)" 3
exit $failed
