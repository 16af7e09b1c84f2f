# heed vectors train: from texts to a file, and from that file into heed train.
HEED=${HEED:?path of the program}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "$*"; failed=1; }

. ./refused.sh

i=0
{
    printf 'label\ttext\n'
    while [ $i -lt 60 ]; do
        printf 'pos\tA good, fine film: good and fine.<br />\nneg\tAn awful, bad play; awful and bad!\n'
        i=$((i + 1))
    done
} > "$work/rows.tsv"
sed 1d "$work/rows.tsv" | cut -f 2 > "$work/texts.txt"
learn() { "$HEED" vectors train "$work/rows.tsv" --dimensions 4 "$@"; }

learn --output "$work/one.bin" --threads 1 > "$work/out" 2> "$work/error" || wrong "train fails: $(cat "$work/error")"
[ -s "$work/out" ] && wrong "train writes on standard output"
grep -q '^words: 14 of 14 get a vector (100.0% of 1200 tokens)$' "$work/error" || wrong "no line of words: $(cat "$work/error")"
grep -q 'one.bin written: 14 words, 4 dimensions; 1200 tokens, 5 epochs in [0-9.]*s, [0-9]* words/s$' "$work/error" ||
    wrong "no last line: $(cat "$work/error")"
learn --output "$work/three.bin" --threads 3 -q 2> "$work/error" || wrong "train -q fails"
[ -s "$work/error" ] && wrong "-q is not quiet: $(cat "$work/error")"
cmp -s "$work/one.bin" "$work/three.bin" || wrong "threads change the file"
learn --output "$work/seed.bin" --seed 2 -q || wrong "train --seed fails"
cmp -s "$work/one.bin" "$work/seed.bin" && wrong "--seed changes nothing"

learn --output "$work/one.txt" -q || wrong "train to text fails"
[ "$(head -n 1 "$work/one.txt")" = "14 4" ] || wrong "the text's first line: $(head -n 1 "$work/one.txt")"
learn --output "$work/forced" --output-format binary -q || wrong "--output-format fails"
cmp -s "$work/one.bin" "$work/forced" || wrong "--output-format binary is not as .bin"
[ "$("$HEED" vectors near good --vectors "$work/one.txt")" = "$("$HEED" vectors near good --vectors "$work/one.bin")" ] ||
    wrong "text and binary are not the same vectors"
"$HEED" vectors train - --dimensions 4 --output "$work/piped.bin" -q < "$work/texts.txt" || wrong "a pipe cannot be learned from"
cmp -s "$work/one.bin" "$work/piped.bin" || wrong "labels or files change the vectors"
learn "$work/texts.txt" --method cbow --window 2 --negative 3 --epochs 2 --sample 0 --learning-rate 0.1 --max-words 13 \
    --min-count 2 --case keep --output "$work/more.txt" -q || wrong "the options are not taken"
[ "$(head -n 1 "$work/more.txt")" = "13 4" ] || wrong "--max-words: $(head -n 1 "$work/more.txt")"
grep -q '^An ' "$work/more.txt" || wrong "--case keep changes letters"

"$HEED" train --train "$work/rows.tsv" --model "$work/model" --epochs 1 --vectors "$work/one.bin" \
    --architecture 'embed 4 | bilstm 2 | attention additive 2' 2> "$work/error" || wrong "train --vectors fails"
grep -q '^vectors: 14 of 14 words (100.0%; 100.0% of tokens)' "$work/error" || wrong "coverage: $(cat "$work/error")"

refused 2 "--output is missing" "$HEED" vectors train "$work/rows.tsv"
refused 2 "an argument is missing" "$HEED" vectors train --output "$work/none"
refused 2 "expected another one" "$HEED" vectors train "$work/rows.tsv" --output "$work/rows.tsv"
refused 2 "a whole number from 1 to 4096" learn --output "$work/none" --dimensions 0
refused 2 "does not take option --top-k" learn --output "$work/none" --top-k 3
refused 2 "does not take option --epochs" "$HEED" vectors info "$work/one.bin" --epochs 3
refused 2 "a whole text is not a word" learn --output "$work/none" --tokens none
refused 3 "none of them 5000 times" learn --output "$work/none" --min-count 5000 -q
refused 3 "cannot be opened" "$HEED" vectors train "$work/nothing.tsv" --output "$work/none"
refused 1 "nowhere" learn --output "$work/nowhere/v.bin"
refused 1 "TMPDIR names its folder" env TMPDIR="$work/nowhere" "$HEED" vectors train "$work/rows.tsv" --output "$work/none" -q
[ -e "$work/none" ] && wrong "a file without a training"

cp "$work/one.bin" "$work/old.bin"
"$HEED" vectors train "$work/rows.tsv" --sample 0 --epochs 65535 --output "$work/old.bin" -q 2> "$work/error" &
sleep 1
kill -TERM $!
wait $!
found=$?
[ $found -eq 130 ] || wrong "stopped: status $found: $(cat "$work/error")"
grep -q '^heed: stopped in epoch' "$work/error" || wrong "stopped: $(cat "$work/error")"
cmp -s "$work/one.bin" "$work/old.bin" || wrong "a stopped training changes the file"
[ "$(find "$work" -name '*.part' | wc -l)" -eq 0 ] || wrong "a half file is left"
exit $failed
