# From a file of rows to a model and its answers: train, evaluate, inspect, predict.
HEED=${HEED:?path of the program}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "$*"; failed=1; }
expect() { [ "$2" = "$3" ] || wrong "$1: found: $2, expected: $3"; }

# 400 rows whose label is told by one word among others; no two texts are the same.
awk 'BEGIN {
    split("lovely wonderful brilliant", good); split("dreadful boring awful", bad); print "id\tlabel\ttext"
    for (i = 0; i < 400; i++) {
        word = i % 2 ? good[i % 3 + 1] : bad[i % 3 + 1]
        printf "r%d\t%s\tthe film number %d was %s and we saw it with %d others\n", i, i % 2 ? "pos" : "neg", i, word, i * 7 % 31
    }
}' > "$work/rows.tsv"
head -101 "$work/rows.tsv" > "$work/test.tsv"
cd "$work" || exit 1
small='embed 16 | bilstm 8 | attention additive 4 | dense 8'
train() { "$HEED" train --architecture "$small" --learning-rate 0.01 --batch-size 20 --max-length 16 "$@"; }

# ---- training
train --train rows.tsv --model m.safetensors --epochs 4 --threads 2 --history h.csv > out 2> err || { cat err; exit 1; }
[ -s out ] && wrong "train writes on standard output: $(cat out)"
grep -q '400 (neg 200, pos 200)' err || wrong "no rows by label: $(cat err)"
grep -q 'distinct words' err || wrong "no distinct words: $(cat err)"
grep -q 'arameters' err || wrong "no parameters: $(cat err)"
grep -q '^epoch .*loss .*tp .*accuracy .*precision .*recall .*auc' err || wrong "no heading of figures: $(cat err)"
expect "rows of figures" "$(grep -c '^[1-4]/4 ' err)" 8
grep -q '^[1-4]/4 *val *\*' err || wrong "no best epoch: $(cat err)"
grep -q 'm.safetensors written' err || wrong "no last line: $(cat err)"
grep -q "$(printf '\r')" err && wrong "carriage returns though standard error is no terminal"
expect "rows of the history" "$(wc -l < h.csv)" 5
head -1 h.csv | grep -q 'loss.*val_loss' || wrong "history: $(head -1 h.csv)"

# The same seed gives the same bytes at any number of threads; --quiet is quiet.
train --train rows.tsv --model one.safetensors --epochs 4 --threads 1 --quiet 2> err || wrong "train --quiet: $(cat err)"
[ -s err ] && wrong "--quiet is not quiet: $(cat err)"
cmp -s m.safetensors one.safetensors || wrong "one thread and two give different models"

# ---- evaluation
"$HEED" evaluate m.safetensors test.tsv --probabilities p.tsv > report 2> err || wrong "evaluate: $(cat err)"
grep -q 'precision' report || wrong "no report: $(cat report)"
expect "rows of probabilities" "$(wc -l < p.tsv)" 101
expect "head of probabilities" "$(head -1 p.tsv)" "$(printf 'id\tlabel\tpredicted\tneg\tpos')"
"$HEED" test m.safetensors test.tsv --json --require accuracy=0.9 > json 2> err || wrong "evaluate --require: $(cat err)"
grep -q '"accuracy"' json || wrong "no JSON: $(cat json)"
"$HEED" evaluate m.safetensors test.tsv --require accuracy=1.5 > /dev/null 2> err
expect "status of what is not met" $? 4
grep -q 'accuracy is .*required is at least 1.5' err || wrong "--require: $(cat err)"
"$HEED" evaluate m.safetensors test.tsv --require beauty=1 > /dev/null 2> err
expect "status of an unknown figure" $? 2
printf 'label\ttext\npos\tlovely\nodd\tboring\n' > odd.tsv
"$HEED" evaluate m.safetensors odd.tsv > out 2> err
expect "status of an unknown label" $? 3
grep -q "odd.tsv:3: row 2: found the label 'odd'" err || wrong "unknown label: $(cat err)"
[ -s out ] && wrong "a report though a label is unknown"

# ---- inspection
"$HEED" inspect m.safetensors > out 2> err && [ -s out ] || wrong "inspect: $(cat err)"
expect "inspect --labels" "$("$HEED" inspect m.safetensors --labels | tr '\n' ' ')" "neg pos "
"$HEED" inspect m.safetensors --history | cmp -s - h.csv || wrong "inspect --history is not train --history"
"$HEED" inspect m.safetensors --json | grep -q '^{' || wrong "inspect --json"

# ---- prediction
printf 'a lovely film\n\na boring film' > texts
"$HEED" predict m.safetensors < texts > out 2> err || wrong "predict: $(cat err)"
expect "lines out" "$(wc -l < out)" 3
expect "labels out" "$(cut -f 1 out | sed -n '1p;3p' | tr '\n' ' ')" "pos neg "
"$HEED" predict m.safetensors - --top-k 2 < texts > out
expect "columns of two labels" "$(awk -F '\t' '{ print NF }' out | sort -u)" 4
awk -F '\t' '$2 < $4 { exit 1 }' out || wrong "top-k is not in order: $(cat out)"
expect "predict by row" "$("$HEED" predict m.safetensors test.tsv | wc -l)" 100
expect "ids" "$("$HEED" predict m.safetensors test.tsv | cut -f 1 | head -2 | tr '\n' ' ')" "r0 r1 "
expect "csv head" "$("$HEED" predict m.safetensors test.tsv --output-format csv | head -1)" "id,label,score"
"$HEED" predict m.safetensors texts --output-format fasttext | grep -q '^__label__pos 0\.[0-9]*$' || wrong "fasttext"
"$HEED" predict m.safetensors test.tsv --output-format jsonl | head -1 |
    grep -q '^{"id":"r0","label":"neg","score":0\.[0-9]*,"scores":\[{"label":"neg","score":0\.[0-9]*}\]}$' || wrong "jsonl"
expect "an impossible threshold" "$("$HEED" predict m.safetensors texts --threshold 1 | cut -f 1 | sort -u)" neg

printf 'text,note\n"a ""lovely"", film",x\n' > q.csv
"$HEED" predict m.safetensors q.csv --append > out
expect "append: head" "$(head -1 out)" 'text,note,label,score'
sed -n 2p out | grep -q '^"a ""lovely"", film",x,pos,0\.[0-9]*$' || wrong "append to csv: $(cat out)"
"$HEED" predict m.safetensors test.tsv --append | head -1 | grep -q 'predicted_label' || wrong "append beside a label"
printf '{"text": "a lovely film", "n": 1.10}\n' > q.jsonl
"$HEED" predict m.safetensors q.jsonl --append | grep -q '^{"text": "a lovely film", "n": 1.10,"label":"pos","score":0' ||
    wrong "append to jsonl: $("$HEED" predict m.safetensors q.jsonl --append)"
"$HEED" predict m.safetensors texts --append | head -1 | grep -q "^a lovely film$(printf '\t')pos$(printf '\t')" ||
    wrong "append to lines"

# Nothing in, nothing out; a header alone is a header still.
"$HEED" predict m.safetensors < /dev/null > out 2> err || wrong "an empty input: $(cat err)"
[ -s out ] && wrong "an answer to an empty input: $(cat out)"
: > empty.tsv
"$HEED" predict m.safetensors empty.tsv --append > out 2> err || wrong "an empty file: $(cat err)"
[ -s out ] && wrong "an answer to an empty file: $(cat out)"
head -1 q.csv > header.csv
"$HEED" predict m.safetensors header.csv > out 2> err || wrong "a header alone: $(cat err)"
[ -s out ] && wrong "an answer to a header: $(cat out)"
expect "a header alone, appended to" "$("$HEED" predict m.safetensors header.csv --append)" 'text,note,label,score'
"$HEED" evaluate m.safetensors empty.tsv > out 2> err
expect "status of an evaluation without rows" $? 3
"$HEED" evaluate m.safetensors test.tsv --brief > out
expect "a brief report" "$(sed -n '1s/  */ /p' out) $(grep -c precision out)" "rows 100 0"

# How labels were read in training is for evaluate alone; predict answers every record, with ids where there are any.
{
    printf 'key\ttext\tlabel\tpart\n'
    sed 1d rows.tsv | awk -F '\t' '{ print $1 "\t" $3 "\t" $2 "\t" (NR % 10 ? "train" : "dev") }'
    printf 'k1\tsome film\tunsup\ttrain\nk2\tother film\tunsup\ttrain\n'
} > keys.tsv
train --train keys.tsv --id-column key --label-map pos=1,neg=0 --drop-label unsup --split-column part \
    --model keys.safetensors --epochs 2 --quiet 2> err || wrong "train on mapped labels: $(cat err)"
expect "labels after the map" "$("$HEED" inspect keys.safetensors --labels | tr '\n' ' ')" "0 1 "
expect "records of any label" "$("$HEED" predict keys.safetensors keys.tsv | cut -f 1 | tail -3 | tr '\n' ' ')" "r399 k1 k2 "
printf 'label\ttext\nodd\ta lovely film\n' > odd.tsv
expect "other label, no id column" "$("$HEED" predict keys.safetensors odd.tsv 2>&1 | awk -F '\t' '{ print NF }')" 2
expect "a line for that model" "$(echo a film | "$HEED" predict keys.safetensors 2>&1 | wc -l)" 1
"$HEED" predict keys.safetensors odd.tsv --id-column key > out 2> err
expect "status of a missing column that was named" $? 2
"$HEED" evaluate keys.safetensors keys.tsv --brief > out 2> err || wrong "evaluate with the model's label map: $(cat err)"
expect "rows evaluated" "$(sed -n '1s/  */ /p' out)" "rows 400"

# The tutorial's files are known by their columns, others are read as usual.
printf 'id\tsentiment\treview\n' > labeled.tsv
sed 1d rows.tsv | awk -F '\t' '{ print "\"" NR "_" ($2 == "pos" ? 9 : 2) "\"\t" ($2 == "pos") "\t\"" $3 "\"" }' >> labeled.tsv
cut -f 1,3 labeled.tsv > unlabeled.tsv
train --preset tutorial --train labeled.tsv --model t.safetensors --epochs 6 --quiet 2> err || wrong "tutorial: $(cat err)"
expect "labels from the id" "$("$HEED" evaluate t.safetensors unlabeled.tsv --brief 2>&1 | sed -n '1s/  */ /p')" "rows 400"
printf ',type,review,label,file\n0,train,fine,unsup,0_0.txt\n1,test,caf\351,pos,1_9.txt\n' > master.csv
expect "records of any label in the tutorial's file" "$("$HEED" predict t.safetensors master.csv 2>&1 | wc -l)" 2
expect "a file of other columns" "$("$HEED" predict t.safetensors odd.tsv 2>&1 | awk -F '\t' '{ print NF }')" 2
"$HEED" train --preset tutorial --train rows.tsv --model t2.safetensors --epochs 1 --quiet 2> err ||
    wrong "the tutorial's settings on other rows: $(cat err)"

# A pipe is answered line by line: the answer is there while the pipe stays open.
mkfifo pipe
"$HEED" predict m.safetensors < pipe > answers 2> /dev/null &
predictor=$!
exec 3> pipe
echo 'a lovely film' >&3
i=0
while [ ! -s answers ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
expect "answer on an open pipe" "$(cut -f 1 answers)" pos
exec 3>&-
wait $predictor

# ---- what stops
cp m.safetensors old.safetensors
train --train odd.tsv --label-map pos=1,neg=0 --model old.safetensors 2> err
expect "status of a bad row" $? 3
cmp -s m.safetensors old.safetensors || wrong "a failed training changed the old model"

"$HEED" train --architecture "$small" --train rows.tsv --model late.safetensors --epochs 5000 --patience 0 2> err &
trainer=$!
i=0
while ! grep -q '^2/5000' err && [ $i -lt 300 ]; do sleep 0.1; i=$((i + 1)); done
kill -TERM $trainer
wait $trainer
expect "status of a stopped training" $? 130
"$HEED" inspect late.safetensors > /dev/null || wrong "a stopped training keeps no model"

# ---- cross-validation
"$HEED" train --architecture "$small" --train rows.tsv --folds 3 --epochs 2 --learning-rate 0.01 --quiet > out 2> err ||
    wrong "--folds: $(cat err)"
expect "folds" "$(grep -c '^fold [1-3]/3: ' out)" 3
grep -q '^accuracy: 0\.[0-9]* ± ' out || grep -q '^accuracy: 1\.0000 ± ' out || wrong "--folds: $(cat out)"
exit $failed
