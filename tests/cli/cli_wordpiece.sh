# --tokens wordpiece: models that read sub-words go the same way as all others: train, predict, evaluate, explain, inspect,
# compare, tune, learn vectors, report, start from a model. The tokenizer is in the model.
. "$(dirname "$0")/lib.sh"

three_labels > rows.tsv
{
    printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' the film number was and we saw it with other '##s' go '##od' bad not lo '##ng' '<' '>' /
    for i in 0 1 2 3 4 5 6 7 8 9; do printf '%s\n##%s\n' $i $i; done
} > vocab.txt
mkdir folder
cp vocab.txt folder
network='embed 16 | bilstm 8 | max'
train() { # MODEL [OPTION ...]
    model=$1
    shift
    "$HEED" train --train rows.tsv --model "$model" --learning-rate 0.02 "$@"
}

expect "sub-words" "$(printf 'It was <b>GOOD</b>, number 12\n' | "$HEED" clean --tokens wordpiece:vocab.txt --html space)" \
    "it was go ##od [UNK] number 1 ##2"
expect "their places" "$(printf 'GOOD' | "$HEED" clean --tokens wordpiece:folder --json | tr -d ' ' | grep -o '"begin":[0-9]*,"end":[0-9]*' | tr '\n' ' ')" \
    '"begin":0,"end":2 "begin":2,"end":4 '

# The same model by any number of threads, from a file or a folder, from fresh rows or cached ones, and by its own config.
train one.safetensors --architecture "$network" --epochs 6 --tokens wordpiece:vocab.txt --threads 1 > out 2> err || { cat err; exit 1; }
train three.safetensors --architecture "$network" --epochs 6 --tokens wordpiece:folder --threads 3 --cache kept --quiet 2> err || wrong "a folder: $(cat err)"
train cached.safetensors --architecture "$network" --epochs 6 --tokens wordpiece:vocab.txt --cache kept > out 2> err || wrong "cached: $(cat err)"
grep -q 'cache: rows from kept/heed-' err || wrong "another name of the tokenizer has another cache: $(cat err)"
"$HEED" train --train rows.tsv --learning-rate 0.02 --architecture "$network" --epochs 6 --tokens wordpiece:vocab.txt --show-config > config.json
"$HEED" train --config config.json --model config.safetensors --quiet 2> err || wrong "--config: $(cat err)"
for other in three cached config; do
    cmp one.safetensors $other.safetensors || wrong "$other: another model"
done
sed 's/^bad$/very/' vocab.txt > other.txt
train other.safetensors --architecture "$network" --epochs 1 --tokens wordpiece:other.txt --cache kept --quiet 2> err || wrong "$(cat err)"
expect "cached corpora" "$(ls kept | wc -l)" 2

# The file is no longer needed.
mv vocab.txt away.txt
rm -r folder
"$HEED" evaluate one.safetensors rows.tsv --require accuracy=0.99 --report report > out 2> err || wrong "evaluate: $(cat out err)"
grep -q 'Tokens are sub-words, as the model.s own tokenizer finds them' report/*.html || wrong "the page does not say what tokens are"
expect "answers" "$(printf 'it was good\nit was NOT good and bad\nbad' | "$HEED" predict one.safetensors | cut -f 1 | tr '\n' ' ')" "pos mixed neg "
"$HEED" inspect one.safetensors > out 2> err || wrong "inspect: $(cat err)"
has "wordpiece: 44 tokens, digest" "case           keep"
"$HEED" inspect one.safetensors --json > out 2> err || wrong "inspect --json: $(cat err)"
tr -d ' ' < out | grep -q '"tokens":"wordpiece"' || wrong "inspect --json: $(cat out)"

# An explanation shows words, not their parts.
"$HEED" explain one.safetensors --method integrated --json --text 'it was <i>good</i> 12' > out 2> err || wrong "explain: $(cat err)"
tr -d ' \n' < out > flat
for piece in '"text":"good","begin":10,"end":14' '"token":"##od","begin":12,"end":14'; do
    grep -qF "$piece" flat || wrong "explain: no $piece in: $(cat out)"
done
"$HEED" explain one.safetensors --method integrated --text 'it was <i>good</i> 12' > out 2> err || wrong "explain: $(cat err)"
grep -q '\[good:' out || wrong "the parts of a word are apart: $(cat out)"
"$HEED" explain one.safetensors --faithfulness rows.tsv --rows 20 > out 2> err || wrong "faithfulness: $(cat err)"
grep -q integrated out || wrong "faithfulness: $(cat out)"

# Other kinds, a sum, a comparison, a search, vectors, a start from a model.
mv away.txt vocab.txt
for architecture in linear 'wide C 10' 'wide ; embed 8 | max'; do
    train kind.safetensors --architecture "$architecture" --epochs 3 --tokens wordpiece:vocab.txt --quiet 2> err || wrong "$architecture: $(cat err)"
    "$HEED" evaluate kind.safetensors rows.tsv --brief --require accuracy=0.99 > out 2> err || wrong "$architecture: $(cat out err)"
    "$HEED" explain kind.safetensors --text 'it was good 12' > out 2> err || wrong "explain $architecture: $(cat err)"
    "$HEED" inspect kind.safetensors > out 2> err || wrong "inspect $architecture: $(cat err)"
    has "wordpiece: 44 tokens"
done
"$HEED" compare --train rows.tsv --architecture linear --architecture 'embed 4 | max' --seeds 1 --epochs 1 --tokens wordpiece:vocab.txt --quiet > out 2> err || wrong "compare: $(cat err)"
has 'embed 4 | max'
"$HEED" tune --train rows.tsv --architecture 'embed 4 | max' --epochs 1 --trials 8 --range 'tokens=words,wordpiece:vocab.txt' --table table.csv --quiet > out 2> err || wrong "tune: $(cat out err)"
grep -q 'wordpiece:vocab.txt' table.csv || wrong "tune: $(cat table.csv)"
"$HEED" vectors train rows.tsv --output v.txt --dimensions 8 --epochs 1 --tokens wordpiece:vocab.txt --quiet > out 2> err || wrong "vectors: $(cat err)"
grep -q '^##od ' v.txt || wrong "vectors of sub-words: $(cut -d ' ' -f 1 v.txt | tr '\n' ' ')"
train begun.safetensors --init-from one.safetensors --epochs 1 --quiet 2> err || wrong "--init-from: $(cat err)"
"$HEED" inspect begun.safetensors > out
has "wordpiece: 44 tokens"
refuses 2 'the model of --init-from already determines this' "$HEED" train --train rows.tsv --model x.safetensors --init-from one.safetensors --tokens wordpiece:vocab.txt
refuses 2 '--tokens wordpiece: found --vocabulary keras, which divides tokens again, expected counts' \
    "$HEED" train --train rows.tsv --model x.safetensors --vocabulary keras --tokens wordpiece:vocab.txt
printf '{"tokens": "wordpiece:vocab.txt", "lemmas": "noun"}' > lemmas.json
refuses 2 '--tokens wordpiece: found --lemmas, which the tokenizer decides by itself' \
    "$HEED" train --train rows.tsv --model x.safetensors --config lemmas.json
exit $failed
