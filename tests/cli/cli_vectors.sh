# heed vectors, and heed train --vectors.
. "$(dirname "$0")/lib.sh"
models=$tests/golden/vectors

printf 'east 1 0\nnorth 0 1\nnortheast 2 2\nwest -3 0\n' > four.txt
gzip -c four.txt > four

"$HEED" vectors info four.txt > out || wrong "info fails"
printf 'format: GloVe text\ndimensions: 2\nrows: 4\nbad rows, skipped: 0\nnot UTF-8, skipped: 0\n' | cmp -s - out ||
    wrong "info: $(cat out)"
"$HEED" vectors info "$models/skipgram.bin" --json | grep -q '^{"format": "fastText binary", "dimensions": 4, "rows": [0-9]*, "declared"' ||
    wrong "info --json: $("$HEED" vectors info "$models/skipgram.bin" --json)"

"$HEED" vectors near east --vectors four --top-k 2 > out || wrong "near fails"
printf 'east\tnortheast\t0.707107\neast\tnorth\t0.000000\n' | cmp -s - out || wrong "near: $(cat out)"
[ "$("$HEED" vectors near west north --vectors four.txt --top-k 1 --json)" = \
    '{"word": "west", "near": [{"word": "north", "cosine": 0.000000}]}
{"word": "north", "near": [{"word": "northeast", "cosine": 0.707107}]}' ] || wrong "near --json"
[ "$("$HEED" vectors near foxes --vectors "$models/skipgram.bin" | wc -l)" -eq 10 ] || wrong "near an unknown word of a .bin"

for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    printf 'good\tfine north %s\nbad\tawful west %s\n' $i $i
done | { printf 'label\ttext\n'; cat; } > rows.tsv
train() { # OUT OPTION...
    out=$1
    shift
    "$HEED" train --train rows.tsv --model "$out" --epochs 2 --min-count 1 \
        --architecture 'embed 2 | bilstm 2 | attention additive 2' "$@"
}
train one --vectors four.txt --freeze always --threads 1 2> error || wrong "train: $(cat error)"
grep -q '^vectors: 2 of 1[0-9] words (1[0-9]\.[0-9]%; 3[0-9]\.[0-9]% of tokens) from .*four.txt, 2 dimensions' error ||
    wrong "no line of coverage: $(cat error)"
train two --vectors four --freeze always --threads 2 -q || wrong "train from a packed file"
cmp -s one two || wrong "threads or packing change the model"
train three --vectors four --freeze 1 -q || wrong "train --freeze 1"
cmp -s one three && wrong "--freeze 1 is as --freeze always"
"$HEED" inspect one | grep -q 'vectors  *2 words, 3.*% of the training tokens; frozen' || wrong "inspect tells nothing of vectors"
"$HEED" predict one rows.tsv > /dev/null || wrong "the model does not predict"

[ -e none ] && wrong "a model without a training"
exit $failed
