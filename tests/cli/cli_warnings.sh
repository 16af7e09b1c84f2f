# Warnings: each kind is shown once, with --quiet too, and counted after that; the work goes on.
HEED=${HEED:?path of the program}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "$*"; failed=1; }
cd "$work" || exit 1

awk 'BEGIN {
    print "label\ttext"
    for (i = 0; i < 300; i++)
        printf "%s\tthe film number %d was %s\n", i % 2 ? "pos" : "neg", i, i % 2 ? "lovely" : "dreadful"
    print "pos"
}' > rows.tsv
train() {
    "$HEED" train --train rows.tsv --on-bad-row skip --architecture 'embed 4 | mean' --epochs 1 --model m.safetensors \
        --quiet "$@" > out 2> err || wrong "train $*: $(cat err)"
}
# expect WHAT PIECES...: standard error has a line with each piece, and no others.
expect() {
    what=$1
    shift
    [ "$(wc -l < err)" -eq $# ] || wrong "$what: found $(cat err), expected $# lines"
    for piece in "$@"; do
        grep -qF -- "$piece" err || wrong "$what: found $(cat err), expected $piece"
    done
}
skipped='heed: warning: skipped 1 bad row, the first: rows.tsv:302: row 301: found 1 field, expected 2'

train
expect "a skipped row" "$skipped"
train --validation-file rows.tsv
expect "two of a kind" "$skipped" 'heed: warning: 300 of 300 validation rows (100%) have the text of a training row: the figures measure memory' \
    'heed: 1 more warning like these'
train --validation none --schedule plateau
expect "two kinds" "$skipped" 'heed: warning: no validation rows: the plateau schedule leaves the learning rate as it is'
train --cache rows.tsv --no-row-digests
expect "a cache" "$skipped" 'heed: warning: cache: rows.tsv is not a folder and cannot be created: '
for command in evaluate predict; do
    "$HEED" $command m.safetensors rows.tsv --on-bad-row skip --quiet > out 2> err || wrong "$command: $(cat err)"
    expect "$command" "$skipped"
done
# A training that diverges after its first epoch (whether it does depends on seed and processor): the warning comes with
# --quiet too, and the last line says what ended it.
awk 'BEGIN {
    print "text,label"
    for (i = 1; i <= 60; i++)
        printf "good film w%d v%d,pos\nbad plot w%d v%d,neg\n", i % 7, i % 11, i % 5, i % 13
}' > few.csv
diverge() {
    "$HEED" train --train few.csv --epochs 4 --optimizer sgd --learning-rate 100 --batch-size 4 --seed $seed \
        --architecture 'embed 8 | conv 8 3 | max' --model m.safetensors "$@" > out 2> err
}
for seed in 2 3 4 5 6 7 8 9 none; do
    diverge && grep -q warning err && break
done
[ $seed != none ] || wrong "no training diverges after its first epoch: $(cat err)"
diverge --quiet || wrong "divergence: $(cat err)"
expect "divergence" ': the loss of 10 batches in a row was not a finite number; lower --learning-rate (now 100), or limit the gradients with --clip-norm 1'
diverge || wrong "divergence: $(cat err)"
tail -1 err | grep -q '^m.safetensors written: the weights of epoch [1-3], the best of [1-3]; the loss was no finite number any more, which ended the training$' ||
    wrong "the last line of a training that diverged: $(tail -1 err)"
train
"$HEED" explain m.safetensors rows.tsv --quiet > out 2> err || wrong "explain: $(cat err)"
expect "explain" "heed: warning: 'rows.tsv' is explained as a text; use --file for the texts of a file"
exit $failed
