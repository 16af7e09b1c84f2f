# heed vectors train: from texts to a file, and from that file into heed train.
. "$(dirname "$0")/lib.sh"

i=0
{
    printf 'label\ttext\n'
    while [ $i -lt 60 ]; do
        printf 'pos\tA good, fine film: good and fine.<br />\nneg\tAn awful, bad play; awful and bad!\n'
        i=$((i + 1))
    done
} > rows.tsv
sed 1d rows.tsv | cut -f 2 > texts.txt
learn() { "$HEED" vectors train rows.tsv --dimensions 4 "$@"; }

learn --output one.bin --threads 1 > out 2> error || wrong "train fails: $(cat error)"
[ -s out ] && wrong "train writes on standard output"
grep -q '^words: 14 of 14 get a vector (100.0% of 1200 tokens)$' error || wrong "no line of words: $(cat error)"
grep -q 'one.bin written: 14 words, 4 dimensions; 1200 tokens, 5 epochs in [0-9.]*s, [0-9]* words/s$' error ||
    wrong "no last line: $(cat error)"
learn --output three.bin --threads 3 -q 2> error || wrong "train -q fails"
[ -s error ] && wrong "-q is not quiet: $(cat error)"
cmp -s one.bin three.bin || wrong "threads change the file"
learn --output seed.bin --seed 2 -q || wrong "train --seed fails"
cmp -s one.bin seed.bin && wrong "--seed changes nothing"

learn --output one.txt -q || wrong "train to text fails"
[ "$(head -n 1 one.txt)" = "14 4" ] || wrong "the text's first line: $(head -n 1 one.txt)"
learn --output forced --output-format binary -q || wrong "--output-format fails"
cmp -s one.bin forced || wrong "--output-format binary is not as .bin"
[ "$("$HEED" vectors near good --vectors one.txt)" = "$("$HEED" vectors near good --vectors one.bin)" ] ||
    wrong "text and binary are not the same vectors"
"$HEED" vectors train - --dimensions 4 --output piped.bin -q < texts.txt || wrong "a pipe cannot be learned from"
cmp -s one.bin piped.bin || wrong "labels or files change the vectors"
learn texts.txt --method cbow --window 2 --negative 3 --epochs 2 --sample 0 --learning-rate 0.1 --max-words 13 \
    --min-count 2 --case keep --output more.txt -q || wrong "the options are not taken"
[ "$(head -n 1 more.txt)" = "13 4" ] || wrong "--max-words: $(head -n 1 more.txt)"
grep -q '^An ' more.txt || wrong "--case keep changes letters"

"$HEED" train --train rows.tsv --model model --epochs 1 --vectors one.bin \
    --architecture 'embed 4 | bilstm 2 | attention additive 2' 2> error || wrong "train --vectors fails"
grep -q '^vectors: 14 of 14 words (100.0%; 100.0% of tokens)' error || wrong "coverage: $(cat error)"

[ -e none ] && wrong "a file without a training"

cp one.bin old.bin
"$HEED" vectors train rows.tsv --sample 0 --epochs 65535 --output old.bin -q 2> error &
sleep 1
kill -TERM $!
wait $!
found=$?
[ $found -eq 130 ] || wrong "stopped: status $found: $(cat error)"
grep -q '^heed: stopped in epoch' error || wrong "stopped: $(cat error)"
cmp -s one.bin old.bin || wrong "a stopped training changes the file"
[ "$(find "$work" -name '*.part' | wc -l)" -eq 0 ] || wrong "a half file is left"
exit $failed
