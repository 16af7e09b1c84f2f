# --cache: the second run reads what the first one kept, with the same model; damage costs a note, old files go.
. "$(dirname "$0")/lib.sh"

awk 'BEGIN {
    print "label\ttext"
    for (i = 0; i < 200; i++)
        printf "%s\tthe film number %d was %s\n", i % 2 ? "pos" : "neg", i, i % 2 ? "lovely" : "dreadful"
}' > rows.tsv
train() {
    "$HEED" train --architecture 'embed 4 | mean' --epochs 1 --train rows.tsv --model "$@" > out 2> err ||
        wrong "train $*: $(cat err)"
}
said() { cat out err | grep -q "$1"; }

train plain.safetensors
train first.safetensors --cache kept
said 'rows from' && wrong "the first run found a cache"
train second.safetensors --cache kept --threads 3
said 'cache: rows from kept/heed-' || wrong "the second run did not use the cache: $(cat err)"
for model in first second; do
    cmp plain.safetensors $model.safetensors || wrong "$model: the cache changes the model"
done
[ "$(ls kept | wc -l)" -eq 1 ] || wrong "found $(ls kept), expected one file"

train lemmas.safetensors --cache kept --lemmas noun
said 'rows from' && wrong "other options used the cache"
[ "$(ls kept | wc -l)" -eq 2 ] || wrong "found $(ls kept), expected two files"

for file in kept/*; do printf x >> "$file"; done
train damaged.safetensors --cache kept
said 'written again' || wrong "nothing is said of the damage: $(cat err)"
cmp plain.safetensors damaged.safetensors || wrong "a damaged cache changes the model"
train mended.safetensors --cache kept
said 'rows from' || wrong "the damaged file was not made anew"

# Eight stay: the one used last among them, and what is not heed's.
echo mine > kept/notes
for i in 1 2 3 4 5 6 7 8 9 10; do
    printf 'neg\tmore %d\n' $i >> rows.tsv
    train more.safetensors --cache kept
done
[ "$(ls kept | grep -c corpus)" -eq 8 ] || wrong "found $(ls kept), expected eight corpora"
[ "$(cat kept/notes)" = mine ] || wrong "a file of someone else's is gone"
train more.safetensors --cache kept
said 'rows from' || wrong "the file used last is gone"

train piped.safetensors --cache kept --train - --format tsv < rows.tsv
said 'standard input' || wrong "nothing is said of standard input: $(cat err)"

# Skipped rows are told of every time.
awk 'BEGIN { for (i = 0; i < 200; i++) print "pos\tfine words" }' >> rows.tsv
printf 'neg\n' >> rows.tsv
for i in 1 2; do
    train skipped.safetensors --cache kept --on-bad-row skip
    said 'skipped' || wrong "run $i does not tell of the skipped row: $(cat err)"
done

echo file > nofolder
train elsewhere.safetensors --cache nofolder --on-bad-row skip
said 'nofolder is not a folder' || wrong "nothing is said of a folder that is none: $(cat err)"
exit $failed
