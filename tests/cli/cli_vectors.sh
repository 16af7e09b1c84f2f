# heed vectors, and heed train --vectors.
HEED=${HEED:?path of the program}
models=golden/vectors
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "$*"; failed=1; }

. ./refused.sh

printf 'east 1 0\nnorth 0 1\nnortheast 2 2\nwest -3 0\n' > "$work/four.txt"
gzip -c "$work/four.txt" > "$work/four"

"$HEED" vectors info "$work/four.txt" > "$work/out" || wrong "info fails"
printf 'format: GloVe text\ndimensions: 2\nrows: 4\nbad rows, skipped: 0\nnot UTF-8, skipped: 0\n' | cmp -s - "$work/out" ||
    wrong "info: $(cat "$work/out")"
"$HEED" vectors info "$models/skipgram.bin" --json | grep -q '^{"format": "fastText binary", "dimensions": 4, "rows": [0-9]*, "declared"' ||
    wrong "info --json: $("$HEED" vectors info "$models/skipgram.bin" --json)"

"$HEED" vectors near east --vectors "$work/four" --top-k 2 > "$work/out" || wrong "near fails"
printf 'east\tnortheast\t0.707107\neast\tnorth\t0.000000\n' | cmp -s - "$work/out" || wrong "near: $(cat "$work/out")"
[ "$("$HEED" vectors near west north --vectors "$work/four.txt" --top-k 1 --json)" = \
    '{"word": "west", "near": [{"word": "north", "cosine": 0.000000}]}
{"word": "north", "near": [{"word": "northeast", "cosine": 0.707107}]}' ] || wrong "near --json"
[ "$("$HEED" vectors near foxes --vectors "$models/skipgram.bin" | wc -l)" -eq 10 ] || wrong "near an unknown word of a .bin"

refused 2 "has no vector of 'East'" "$HEED" vectors near East --vectors "$work/four.txt"
refused 2 "--vectors is missing" "$HEED" vectors near east
refused 2 "found 'far', expected train, near or info" "$HEED" vectors far east
refused 2 "an argument is missing" "$HEED" vectors near
refused 2 "expected heed vectors info FILE" "$HEED" vectors info "$work/four.txt" "$work/four.txt"
refused 3 "cannot be opened" "$HEED" vectors info "$work/none"
refused 3 "quantised" "$HEED" vectors info "$models/quantised.ftz"

for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    printf 'good\tfine north %s\nbad\tawful west %s\n' $i $i
done | { printf 'label\ttext\n'; cat; } > "$work/rows.tsv"
train() { # OUT OPTION...
    out=$1
    shift
    "$HEED" train --train "$work/rows.tsv" --model "$work/$out" --epochs 2 --min-count 1 \
        --architecture 'embed 2 | bilstm 2 | attention additive 2' "$@"
}
train one --vectors "$work/four.txt" --freeze always --threads 1 2> "$work/error" || wrong "train: $(cat "$work/error")"
grep -q '^vectors: 2 of 1[0-9] words (1[0-9]\.[0-9]%; 3[0-9]\.[0-9]% of tokens) from .*four.txt, 2 dimensions' "$work/error" ||
    wrong "no line of coverage: $(cat "$work/error")"
train two --vectors "$work/four" --freeze always --threads 2 -q || wrong "train from a packed file"
cmp -s "$work/one" "$work/two" || wrong "threads or packing change the model"
train three --vectors "$work/four" --freeze 1 -q || wrong "train --freeze 1"
cmp -s "$work/one" "$work/three" && wrong "--freeze 1 is as --freeze always"
"$HEED" inspect "$work/one" | grep -q 'vectors  *2 words, 3.*% of the training tokens; frozen' || wrong "inspect tells nothing of vectors"
"$HEED" predict "$work/one" "$work/rows.tsv" > /dev/null || wrong "the model does not predict"

refused 2 "--freeze: found without --vectors" train none --freeze 1 -q
refused 2 "expected a whole number from 0 to 65535, or always" train none --vectors "$work/four" --freeze never -q
refused 2 "four has 2 dimensions, but the architecture's embedding is 3 wide" train none --vectors "$work/four" -q \
    --architecture 'embed 3 | bilstm 2 | attention additive 2'
[ -e "$work/none" ] && wrong "a model without a training"
exit $failed
