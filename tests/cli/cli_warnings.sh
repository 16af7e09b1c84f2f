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
expect "two of a kind" "$skipped" 'heed: 1 more warning like these'
train --validation none --schedule plateau
expect "two kinds" "$skipped" 'heed: warning: no validation rows: the plateau schedule leaves the learning rate as it is'
train --cache rows.tsv
expect "a cache" "$skipped" 'heed: warning: cache: rows.tsv is not a folder and cannot be created: '
for command in evaluate predict; do
    "$HEED" $command m.safetensors rows.tsv --on-bad-row skip --quiet > out 2> err || wrong "$command: $(cat err)"
    expect "$command" "$skipped"
done
"$HEED" explain m.safetensors rows.tsv --quiet > out 2> err || wrong "explain: $(cat err)"
expect "explain" "heed: warning: 'rows.tsv' is explained as a text; use --file for the texts of a file"
exit $failed
