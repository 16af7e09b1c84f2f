# From a file of rows to a model and its answers: train, evaluate, inspect, predict.
. "$(dirname "$0")/lib.sh"

made_rows 400 > rows.tsv
head -101 rows.tsv > test.tsv
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

# Grouped validation is the same at any number of threads, and recorded.
for threads in 1 3; do
    train --train rows.tsv --model grouped$threads.safetensors --epochs 1 --threads $threads --quiet \
        --validation grouped:0.2 2> err || wrong "grouped: $(cat err)"
done
cmp -s grouped1.safetensors grouped3.safetensors || wrong "grouped: one thread and three give different models"
"$HEED" inspect grouped1.safetensors | grep -q '(grouped 0.2)' || wrong "grouped is not recorded"
"$HEED" inspect grouped1.safetensors --json | grep -q '"format": 2' || wrong "grouped: not of format 2"

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
"$HEED" evaluate m.safetensors test.tsv --probabilities /dev/null > /dev/null 2> err || wrong "a device: $(cat err)"
[ -c /dev/null ] || wrong "a device was replaced"
printf 'label\ttext\npos\tx\n\n\t\n' | "$HEED" evaluate m.safetensors - --format tsv > /dev/null 2> err
grep -q '^heed: standard input:' err || wrong "standard input in a message: $(cat err)"

# ---- inspection
"$HEED" inspect m.safetensors > out 2> err && [ -s out ] || wrong "inspect: $(cat err)"
expect "inspect --labels" "$("$HEED" inspect m.safetensors --labels | tr '\n' ' ')" "neg pos "
"$HEED" inspect m.safetensors --history | cmp -s - h.csv || wrong "inspect --history is not train --history"
for command in 'inspect m.safetensors' 'evaluate m.safetensors test.tsv'; do
    "$HEED" $command --json | sed -n '1,2p' | tr '\n' ' ' | grep -q '^{   "' || wrong "$command --json is not indented"
done
sed "s/pos/$(printf 'p\033[1ms')/" rows.tsv > escape.tsv
train --train escape.tsv --model escape.safetensors --epochs 1 --quiet 2> err || wrong "a label with an escape: $(cat err)"
for command in 'inspect escape.safetensors --labels' 'inspect escape.safetensors' 'evaluate escape.safetensors escape.tsv'; do
    "$HEED" $command | grep -q "$(printf '\033')" && wrong "$command writes control characters"
    "$HEED" $command | grep -qF 'p?[1ms' || wrong "$command shows no label"
done

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

# Names are never given twice, whatever the input has.
"$HEED" predict m.safetensors test.tsv --append > once.tsv
"$HEED" predict m.safetensors once.tsv --append > twice.tsv
expect "names, once more" "$(head -1 twice.tsv | tr '\t' ' ')" \
    'id label text predicted_label predicted_score predicted_label_2 predicted_score_2'
expect "labels, once more" "$(sed 1d twice.tsv | awk -F '\t' '$4 != $6' | wc -l)" 0
printf '{"text": "a lovely film", "label": "x", "predicted_score": 1}\n' > q.jsonl
"$HEED" predict m.safetensors q.jsonl --append | grep -q '"predicted_score": 1,"predicted_label_2":"pos","predicted_score_2":0' ||
    wrong "keys, once more: $("$HEED" predict m.safetensors q.jsonl --append)"

# A column that differs by capitals alone is the same name to whoever reads the answers, heed too.
printf 'Text,LABEL\nlovely,x\n' > capitals.csv
expect "names, in capitals" "$("$HEED" predict m.safetensors capitals.csv --append | head -1)" \
    'Text,LABEL,predicted_label,predicted_score'
printf '{"text": "a lovely film", "Score": 1}\n' > capitals.jsonl
"$HEED" predict m.safetensors capitals.jsonl --append | grep -q '"Score": 1,"predicted_label":"pos","predicted_score":0' ||
    wrong "keys, in capitals: $("$HEED" predict m.safetensors capitals.jsonl --append)"

# The quotes that were read are written: none, or as they stood.
printf 'text\t"note"\n"a lovely film\tsaid "x"\n"dull\ty\n' > bare.tsv
"$HEED" predict m.safetensors bare.tsv --append > out 2> err || wrong "no quotes: $(cat err)"
expect "no quotes in, none out" "$(cut -f 1-2 out)" "$(cat bare.tsv)"
expect "names where there are no quotes" "$(head -1 out | cut -f 3-4)" "$(printf 'label\tscore')"
printf 'text,note\n"a \\"lovely\\" film, and more","\\"x\\""\n' > back.csv
"$HEED" predict m.safetensors back.csv --append > out 2> err || wrong "backslashes: $(cat err)"
sed -n 2p out | grep -qF '"a \"lovely\" film, and more","\"x\"",pos,0.' || wrong "backslashes in, others out: $(cat out)"
# All scores: fixed columns in the model's order.
"$HEED" predict m.safetensors texts --all-scores > out
expect "columns of all scores" "$(awk -F '\t' '{ print NF }' out | sort -u)" 4
awk -F '\t' '{ sum = $3 + $4; if (sum < 0.999 || sum > 1.001 || ($1 == "pos") != ($4 > 0.5) || $2 != ($1 == "pos" ? $4 : $3)) exit 1 }' out ||
    wrong "scores of all labels: $(cat out)"
expect "head of all scores" "$("$HEED" predict m.safetensors test.tsv --all-scores --output-format csv | head -1)" \
    'id,label,score,score_neg,score_pos'
"$HEED" predict m.safetensors texts --all-scores --output-format jsonl | sed -n 1p |
    grep -q '"label":"pos",.*"scores":\[{"label":"neg",.*{"label":"pos",' || wrong "all scores as JSON"
expect "all scores appended" "$("$HEED" predict m.safetensors q.csv --all-scores --append | head -1)" \
    'text,note,label,score,score_neg,score_pos'

# Weights in bfloat16: answers differ by a little; evaluate takes them too.
"$HEED" predict m.safetensors texts --all-scores --weights bfloat16 > halved || wrong "predict --weights bfloat16"
"$HEED" predict m.safetensors texts --all-scores --weights float32 > floats || wrong "predict --weights float32"
expect "float32 weights are the model's" "$(cat floats)" "$(cat out)"
paste floats halved | awk -F '\t' '{ d = $3 - $7; if (d < -0.01 || d > 0.01) exit 1 }' || wrong "bfloat16: $(cat halved)"
"$HEED" evaluate m.safetensors test.tsv --weights bfloat16 --brief > /dev/null 2> err || wrong "evaluate --weights: $(cat err)"

# What auto takes is told, and is what its name gives; kernels without that instruction take float32.
"$HEED" predict m.safetensors - --all-scores --weights auto < texts > out 2> err || wrong "predict --weights auto: $(cat err)"
taken=$(sed -n 's/^heed: --weights auto: //p' err)
expect "lines on what was taken" "$(grep -c . err)" 1
expect "auto is what it says" "$(cat out)" "$("$HEED" predict m.safetensors texts --all-scores --weights "$taken")"
expect "auto, quiet" "$("$HEED" predict m.safetensors - --weights auto --quiet < texts 2>&1 > /dev/null)" ''
HEED_ISA=plain "$HEED" evaluate m.safetensors test.tsv --weights auto --brief 2> err > /dev/null || wrong "evaluate --weights auto: $(cat err)"
grep -q '^heed: --weights auto: float32$' err || wrong "auto without the instruction: $(cat err)"

# A name that says nothing is read as lines, and told; .txt says so itself, and --format silences.
cp texts texts.dat
cp texts texts.txt
"$HEED" predict m.safetensors texts.dat 2>&1 > /dev/null | grep -q 'texts.dat is read as one text per line' || wrong "no note on lines"
expect "notes on lines" "$("$HEED" predict m.safetensors texts.txt 2>&1 > /dev/null; "$HEED" predict m.safetensors texts.dat --format lines \
    2>&1 > /dev/null; "$HEED" predict m.safetensors - < texts 2>&1 > /dev/null)" ''

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
"$HEED" evaluate keys.safetensors keys.tsv --brief > out 2> err || wrong "evaluate with the model's label map: $(cat err)"
expect "rows evaluated" "$(sed -n '1s/  */ /p' out)" "rows 400"

# The tutorial's files are known by their columns, others are read as usual.
printf 'id\tsentiment\treview\n' > labeled.tsv
sed 1d rows.tsv | awk -F '\t' '{ print "\"" NR "_" ($2 == "pos" ? 9 : 2) "\"\t" ($2 == "pos") "\t\"" $3 "\"" }' >> labeled.tsv
cut -f 1,3 labeled.tsv > unlabeled.tsv
train --preset tutorial --train labeled.tsv --model t.safetensors --epochs 6 --quiet 2> err || wrong "tutorial: $(cat err)"
expect "labels from the id" "$("$HEED" evaluate t.safetensors unlabeled.tsv --brief 2> err | sed -n '1s/  */ /p')" "rows 400"
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

# ---- links stay links, and what they point to is replaced or made
mkdir -p stock
ln -s stock/model.safetensors link.safetensors
ln -s stock/history.csv link.csv
for round in made replaced; do
    train --train rows.tsv --model link.safetensors --history link.csv --epochs 1 --quiet 2> err || wrong "links: $(cat err)"
    [ -L link.safetensors ] && [ -L link.csv ] || wrong "$round: a link was replaced"
    cmp -s link.safetensors stock/model.safetensors || wrong "$round: no model behind the link"
    expect "$round: rows of the history behind the link" "$(wc -l < stock/history.csv)" 2
done
ls stock/*.part > /dev/null 2>&1 && wrong "left aside: $(ls stock)"

# ---- what stops
"$HEED" train --architecture "$small" --train rows.tsv --model late.safetensors --epochs 5000 --patience 0 2> err &
trainer=$!
i=0
while ! grep -q '^2/5000' err && [ $i -lt 300 ]; do sleep 0.1; i=$((i + 1)); done
kill -TERM $trainer
wait $trainer
expect "status of a stopped training" $? 130
"$HEED" inspect late.safetensors > /dev/null || wrong "a stopped training keeps no model"

# ---- the last line
train --train rows.tsv --model last.safetensors --epochs 2 --validation none 2> err || wrong "without validation: $(cat err)"
grep -q 'the weights of epoch 2, the last$' err || wrong "without validation: $(tail -1 err)"
grep -q '\*' err && wrong "a star without validation: $(cat err)"
awk -F '\t' -v OFS='\t' 'NR > 1 { $2 = NR * 7919 % 101 < 50 ? "pos" : "neg" } { print }' rows.tsv > chance.tsv # nothing to learn
train --train chance.tsv --model last.safetensors --epochs 200 --patience 2 2> err || wrong "with patience: $(cat err)"
grep -q 'the best of [0-9]*; 2 epochs without a better one ended the training$' err || wrong "with patience: $(tail -1 err)"

train --train rows.tsv --model last.safetensors --epochs 2 2> err || wrong "two epochs: $(cat err)"
grep -q ': the weights of epoch 2, the best of 2; the best epoch was the last: try more --epochs$' err || wrong "two epochs: $(tail -1 err)"

# ---- optimisers and schedules: they learn, and the model says what was used
train --train rows.tsv --model w.safetensors --epochs 6 --optimizer adamw --weight-decay 0.05 --schedule cosine \
    --warmup 0.5 --clip-norm 2 --quiet 2> err || wrong "adamw: $(cat err)"
"$HEED" inspect w.safetensors > out
grep -q '^  AdamW  *learning rate 0.01, cosine schedule, warm-up 0.5 epochs, weight decay 0.05, gradients clipped to 2, batches of 20, seed 1$' out ||
    wrong "inspect after adamw: $(grep Adam out)"
"$HEED" evaluate w.safetensors test.tsv --brief --require accuracy=0.9 > out || wrong "adamw: $(cat out)"
train --train rows.tsv --model s.safetensors --epochs 12 --optimizer sgd --learning-rate 0.3 --schedule plateau \
    --clip-norm 1 --quiet 2> err || wrong "sgd: $(cat err)"
"$HEED" evaluate s.safetensors test.tsv --brief --require accuracy=0.9 > out || wrong "sgd: $(cat out)"
train --train rows.tsv --model s.safetensors --epochs 1 --schedule plateau --validation none 2> err || wrong "plateau: $(cat err)"
grep -q 'no validation rows: the plateau' err || wrong "plateau without validation: $(cat err)"

# ---- cross-validation
"$HEED" train --architecture "$small" --train rows.tsv --folds 3 --epochs 2 --learning-rate 0.01 --quiet > out 2> err ||
    wrong "--folds: $(cat err)"
expect "folds" "$(grep -c '^fold [1-3]/3: ' out)" 3
grep -q '^accuracy: 0\.[0-9]* ± ' out || grep -q '^accuracy: 1\.0000 ± ' out || wrong "--folds: $(cat out)"

# ---- training that starts from a model
printf 'label\ttext\npos\ta lovely splendid film\nneg\ta tedious awful film\npos\tsplendid and lovely to see\nneg\ttedious and boring to see\n' > more.tsv
"$HEED" train --init-from m.safetensors --train more.tsv --model further.safetensors --min-count 1 --validation none \
    --epochs 1 --learning-rate 1e-9 2> err || wrong "--init-from: $(cat err)"
grep -q 'taken from the model: .* 2 of 2 labels' err || wrong "--init-from tells nothing: $(cat err)"
"$HEED" inspect further.safetensors | grep -q "$small" || wrong "the architecture is not the model's"
"$HEED" evaluate m.safetensors test.tsv --json | grep '"loss"' > before
"$HEED" evaluate further.safetensors test.tsv --json | grep '"loss"' > after
awk '{ gsub(/[^0-9.]/, ""); v[NR] = $0 } END { exit !(v[1] - v[2] < 1e-4 && v[2] - v[1] < 1e-4) }' before after ||
    wrong "next to no training changed the answers: $(cat before after)"
exit $failed
