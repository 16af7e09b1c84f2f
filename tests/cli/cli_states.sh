# Networks on the states of a pretrained encoder, the whole way: train, predict, evaluate, explain, compare, tune, report. The
# encoder is a small random one.
. "$(dirname "$0")/lib.sh"

made_encoder tiny bert
made_rows 120 > rows.tsv
cut -f 3 rows.tsv | sed 1d > texts.txt
network='encoder | attention additive 8 | dense 16 | dropout 0.1'
train() { "$HEED" train --train rows.tsv --encoder tiny --max-length 24 --epochs 40 --patience 0 --learning-rate 0.02 --quiet "$@"; }
must_train() { train "$@" 2> err || { cat err; exit 1; }; }

# ---- a model that learns; the same bytes at any number of threads, wherever the encoder was, and without its folder
must_train --architecture "$network" --validation none --epochs 150 --threads 1 --model one.safetensors
"$HEED" evaluate one.safetensors rows.tsv --require accuracy=0.95 > out 2> err || wrong "evaluate: $(cat out err)"
for threads in 2 3; do
    must_train --architecture "$network" --validation none --epochs 150 --threads $threads --model more.safetensors
    cmp -s one.safetensors more.safetensors || wrong "$threads threads change the model"
done
mv tiny moved
must_train --encoder moved --architecture "$network" --validation none --epochs 150 --model more.safetensors
cmp -s one.safetensors more.safetensors || wrong "the folder's name changes the model"
mv moved gone
"$HEED" predict one.safetensors texts.txt > all 2> err || wrong "predict without the folder: $(cat err)"
expect "answers" "$(wc -l < all)" 120
sed -n 5p texts.txt | "$HEED" predict one.safetensors > out 2> err
expect "a text by itself" "$(cat out)" "$(sed -n 5p all)"
mv gone tiny

# ---- what evaluate counts is what predict says
sed 1d rows.tsv | cut -f 2 > labels.txt
right=$(cut -f 1 all | paste - labels.txt | awk '$1 == $2' | wc -l)
"$HEED" evaluate one.safetensors rows.tsv --json > out 2> err || wrong "evaluate --json: $(cat err)"
awk -v right="$right" '/"accuracy"/ && !seen++ { gsub(/[",:]/, ""); d = $2 - right / 120; exit !(d < 1e-6 && d > -1e-6) }' out ||
    wrong "predict has $right of 120 right, evaluate: $(grep -m 1 accuracy out)"

# ---- descriptions
"$HEED" inspect one.safetensors > out 2> err || wrong "inspect: $(cat err)"
has 'encoder bert 2x24 | attention additive 8 | dense 16 | dropout 0.1' 'a network on the states of a pretrained encoder' \
    'encoder        bert 2x24, frozen; 60 tokens, of which a text has at most 24; digest ' 'encoder (PretrainedEncoder)'
"$HEED" inspect one.safetensors --json > out 2> err || wrong "inspect --json: $(cat err)"
has '"type": "PretrainedEncoder"' '"name": "bert 2x24"' '"architecture": "encoder bert 2x24 | attention additive 8'
"$HEED" inspect one.safetensors --graph one.dot 2> err || wrong "--graph: $(cat err)"
grep -q 'encoder (PretrainedEncoder).*(None, 22).*(None, 22, 24)' one.dot || wrong "no encoder in the graph: $(cat one.dot)"

# ---- explanations: words are put together from sub-words; scores add up
text='The film number 98 was lovely'
for method in attention gradient integrated leave-one-out; do
    "$HEED" explain one.safetensors --text "$text" --method $method --json > out 2> err || wrong "explain by $method: $(cat err)"
    grep -q '"98"' out || wrong "explain by $method: 98 is not one word: $(cat out)"
done
"$HEED" explain one.safetensors --text "$text" --method integrated --json > out 2> err
gap=$(sed 's/.*"gap":\([^,]*\),.*/\1/' out)
awk -v gap="$gap" 'BEGIN { exit !(gap != "" && gap <= 0.01) }' || wrong "the gap of integrated gradients: $gap"
refuses 2 'method weights: the model is a network' "$HEED" explain one.safetensors --text "$text" --method weights
for odd in '' '!!!' '<p>Lovely</p> &amp; AWFUL' "$(printf '\360\237\222\273 \346\230\240\347\224\273')"; do
    for method in attention integrated; do
        "$HEED" explain one.safetensors --text "$odd" --method $method > out 2> err || wrong "explain '$odd' by $method: $(cat err)"
    done
done
head -21 rows.tsv > few.tsv
"$HEED" explain one.safetensors --faithfulness few.tsv > out 2> err || wrong "--faithfulness: $(cat err)"
has attention integrated

# ---- other trainings, reports
must_train --architecture 'wide ; encoder | attention additive 8' --epochs 3 --model sum.safetensors
"$HEED" predict sum.safetensors texts.txt > sum.txt 2> err || wrong "predict of a sum: $(cat err)"
"$HEED" explain sum.safetensors --text "$text" --method integrated > out 2> err || wrong "explain a sum: $(cat err)"
must_train --architecture "$network" --tune-thresholds --validation 0.25 --epochs 3 --model tuned.safetensors
awk -F '\t' 'NR == 1 { print; next } { print $1 "\t" (NR % 5 ? $2 : $2 ";odd") "\t" $3 }' rows.tsv > several.tsv
"$HEED" train --train several.tsv --label-separator ';' --encoder tiny --architecture 'encoder | bilstm 4 | max' --epochs 2 --quiet \
    --model several.safetensors 2> err || wrong "several labels: $(cat err)"
"$HEED" predict several.safetensors texts.txt > out 2> err || wrong "several labels: $(cat err)"
"$HEED" train --train rows.tsv --encoder tiny --architecture "$network" --epochs 2 --folds 3 --quiet > out 2> err ||
    wrong "--folds: $(cat err)"
"$HEED" compare --train rows.tsv --encoder tiny --architecture "$network" --architecture 'encoder | mean | linear 1' --epochs 2 \
    --seeds 2 --quiet > out 2> err || wrong "compare: $(cat err)"
"$HEED" tune --train rows.tsv --encoder tiny --architecture "$network" --range learning-rate=0.001,0.01 --epochs 2 --trials 2 \
    --table trials.csv --quiet > out 2> err || wrong "tune: $(cat err)"
"$HEED" evaluate one.safetensors rows.tsv --report page > out 2> err || wrong "--report: $(cat err)"

# ---- for transformers (test_huggingface.c compares what is written)
must_train --architecture 'encoder trained | first | dense tanh 24' --encoder-epochs 1 --model first.safetensors
"$HEED" export first.safetensors --output-format huggingface --output folder > out 2> err || wrong "export: $(cat err)"
has 'AutoModelForSequenceClassification.from_pretrained("folder")' 'heed train --cut post'
expect "files of an export" "$(ls folder | tr '\n' ' ')" "config.json model.safetensors tokenizer.json tokenizer_config.json "
train --encoder folder --architecture 'encoder | mean | linear 1' --model again.safetensors > out 2> err || wrong "its folder as an encoder: $(cat err)"
refuses 2 '^heed: export: found .encoder bert 2x24 | attention.*train with --architecture .encoder trained | first | dense tanh 24' \
    "$HEED" export one.safetensors --output other
[ -e other ] && wrong "a refused export made its folder"
refuses 2 'export: --output is missing' "$HEED" export first.safetensors
refuses 2 'expected huggingface' "$HEED" export first.safetensors --output other --output-format onnx

# ---- refusals
no() {
    pattern=$1 architecture=$2
    shift 2
    refuses 2 "$pattern" train --model no.safetensors --architecture "$architecture" "$@"
}
no 'ends without a pooling' encoder
no "found 'encoder' twice\|'encoder' (embedding) cannot be here" 'encoder | encoder | max'
no "found 'encoder bert 6x384', and the encoder is bert 2x24" 'encoder bert 6x384 | max'
no '^heed: --vectors: the architecture is a network on an encoder' "$network" --vectors self
no '^heed: --no-mask: found .encoder., which has no states for padding' "$network" --no-mask
no '^heed: --stretches: found 3, and a network on an encoder reads one piece' "$network" --stretches 3
refuses 2 '^heed: --init-from: the architecture is a network on an encoder' "$HEED" train --train rows.tsv --model no.safetensors --quiet \
    --init-from one.safetensors --architecture "$network"
refuses 2 'expected --encoder FOLDER' "$HEED" train --train rows.tsv --model no.safetensors --quiet --architecture "$network"
