# Rows of several labels the whole way: train, evaluate, inspect, predict; and weights, smoothing, thresholds.
. "$(dirname "$0")/lib.sh"

# 600 texts that mix the words of 0 to 4 topics; a row has a topic's label where its words stand in the text.
awk 'BEGIN {
    split("sea sport film rare", topic); words["sea"] = "wave ship harbour"; words["sport"] = "ball team goal"
    words["film"] = "actor scene camera"; words["rare"] = "quark lepton boson"
    seed = 7; print "id,label,text,weight"
    for (i = 0; i < 600; i++) {
        labels = ""; text = "row n" i
        for (t = 1; t <= 4; t++) {
            seed = (seed * 16807) % 2147483647
            if (seed % 100 >= (t == 4 ? 12 : 40)) continue
            split(words[topic[t]], w, " ")
            labels = labels (labels == "" ? "" : ";") topic[t]; text = text " " w[seed % 3 + 1] " and more"
        }
        printf "r%d,%s,%s,%d\n", i, labels, text, i % 3
    }
}' > rows.csv
head -201 rows.csv > test.csv
sed 's/,/\t/g' rows.csv > rows.tsv
tail -n +2 rows.csv | awk -F, '{ n = split($2, l, ";"); s = ""; for (i = 1; i <= n; i++) s = s "__label__" l[i] " "; print s $3 }' > rows.ft
tail -n +2 rows.csv | awk -F, '{ n = split($2, l, ";"); s = ""; for (i = 1; i <= n; i++) s = s (i > 1 ? "," : "") "\"" l[i] "\""
    printf "{\"label\":[%s],\"text\":\"%s\"}\n", s, $3 }' > rows.jsonl
small='embed 16 | bilstm 8 | attention additive 4 | dense 8'
train() { "$HEED" train --architecture "$small" --learning-rate 0.01 --max-length 24 --min-count 1 --epochs 12 --patience 0 "$@"; }

# ---- every format, to a high F1
for file in rows.csv rows.tsv rows.ft rows.jsonl; do
    train --train $file --label-separator ';' --model ${file#rows.}.safetensors 2> err || { cat err; exit 1; }
    "$HEED" evaluate ${file#rows.}.safetensors $file --require macro_f1=0.95 --require samples_f1=0.8 \
        --require hamming_loss=0.03 > out 2> err || wrong "$file: $(cat err)"
done
grep -q '^labels: 4, any number per row; on average 1\.' err && wrong "evaluate tells of training"
train --train rows.csv --label-separator ';' --model m.safetensors 2> err || { cat err; exit 1; }
grep -q '^labels: 4, any number per row; on average 1\.' err || wrong "no mean labels: $(cat err)"
grep -q 'rows: 600 (film ' err || wrong "no rows by label: $(cat err)"
grep -q 'always predicting the same labels has accuracy 0\.' err || wrong "no baseline: $(cat err)"
cmp -s m.safetensors csv.safetensors || wrong "the same rows give another model"

# ---- evaluation
"$HEED" evaluate m.safetensors test.csv --probabilities p.tsv > out 2> err || wrong "evaluate: $(cat err)"
grep -q 'samples avg' out || wrong "no samples average: $(cat out)"
grep -q '^Hamming ' out || wrong "no Hamming loss: $(cat out)"
expect "head of probabilities" "$(head -1 p.tsv)" "$(printf 'id\tlabel\tpredicted\tfilm\trare\tsea\tsport')"
expect "true labels of r0" "$(sed -n 2p p.tsv | cut -f 2)" "$(sed -n 2p test.csv | cut -d, -f 2)"
"$HEED" evaluate m.safetensors test.csv --json > json 2> err || wrong "evaluate --json: $(cat err)"
grep -q '"hamming_loss"' json || wrong "no Hamming loss in JSON: $(cat json)"
printf 'label,text\nsea|film,wave and actor\n' > bar.csv
"$HEED" evaluate m.safetensors bar.csv --label-separator '|' > out 2> err || wrong "another separator: $(cat err)"
printf 'label,text\n,nothing\n,at all\nsea,wave\n' > none.csv
"$HEED" evaluate m.safetensors none.csv --brief | grep -q 'always predicting no label: 0.6667' || wrong "the empty set"

# ---- answers
printf 'the ship and the team\nnothing of all this\n' > texts.txt
"$HEED" predict m.safetensors texts.txt > out 2> err || wrong "predict: $(cat err)"
expect "labels answered" "$(head -1 out | cut -f 1 | tr ';' '\n' | sort | tr '\n' ' ')" "sea sport "
expect "scores answered" "$(head -1 out | cut -f 2 | tr ';' '\n' | wc -l)" 2
head -1 out | cut -f 2 | tr ';' '\n' | sort -c -g -r || wrong "scores do not fall: $(cat out)"
"$HEED" predict m.safetensors texts.txt --threshold 1 > out 2> err
expect "nothing answered" "$(head -1 out)" "$(printf '\t')"
"$HEED" predict m.safetensors texts.txt --threshold 1 --output-format jsonl | head -1 > out
expect "nothing answered in JSON" "$(cat out)" '{"label":[],"score":[],"scores":[]}'
"$HEED" predict m.safetensors texts.txt --threshold 'sea=1' | head -1 | cut -f 1 > out
expect "the threshold of one label" "$(cat out)" sport
"$HEED" predict m.safetensors texts.txt --output-format jsonl | head -1 | grep -q '^{"label":\["s[a-z]*","s[a-z]*"\],"score":\[0\.[0-9]*,0\.[0-9]*\],"scores":\[{' ||
    wrong "JSON: $("$HEED" predict m.safetensors texts.txt --output-format jsonl)"
"$HEED" predict m.safetensors texts.txt --output-format fasttext | head -1 | grep -q '^__label__s[a-z]* 0\.[0-9]* __label__s[a-z]* 0\.[0-9]*$' ||
    wrong "fastText: $("$HEED" predict m.safetensors texts.txt --output-format fasttext)"
expect "columns of --top-k 3" "$("$HEED" predict m.safetensors texts.txt --top-k 3 | awk -F '\t' '{ print NF }' | sort -u)" 6
"$HEED" predict m.safetensors test.csv --all-scores --append > out 2> err || wrong "predict --append: $(cat err)"
expect "names with --all-scores --append" "$(head -1 out)" \
    'id,label,text,weight,predicted_label,predicted_score,predicted_score_film,predicted_score_rare,predicted_score_sea,predicted_score_sport'
"$HEED" predict m.safetensors texts.txt --label-separator ', ' --output-format csv | sed -n 2p | grep -q '^"s[a-z]*, s[a-z]*","0.[0-9]*, 0' ||
    wrong "a separator that needs quotes: $("$HEED" predict m.safetensors texts.txt --label-separator ', ' --output-format csv)"

# ---- weights, smoothing, thresholds
printf 'rare\t3\nsea\t0.5\n' > weights
train --train rows.csv --label-separator ';' --weight-column weight --class-weights weights --label-smoothing 0.1 \
    --tune-thresholds --model w.safetensors 2> err || { cat err; exit 1; }
"$HEED" inspect w.safetensors > out
for line in 'Labels: any number per row' 'predicted above' 'targets *smoothed by 0.1' 'class weights *from a file' 'row weights *column weight'; do
    grep -q "$line" out || wrong "inspect without '$line': $(cat out)"
done
"$HEED" inspect w.safetensors --json | tr -d ' \n' | grep -q '"thresholds":\[0\.[0-9]*,' || wrong "no thresholds in JSON"
"$HEED" inspect w.safetensors --json | grep -q '"task": "multilabel"' || wrong "no task in JSON"
"$HEED" evaluate w.safetensors rows.csv --require macro_f1=0.9 > out 2> err || wrong "with weights: $(cat err)"
train --train rows.csv --label-separator ';' --class-weights balanced --model b.safetensors --quiet || wrong "balanced weights"
cmp -s b.safetensors m.safetensors && wrong "balanced weights change nothing"

# ---- one label a row knows weights and a tuned threshold as well
awk -F '\t' 'NR == 1 { print "label\ttext" } NR > 1 { print ($2 ~ /rare/ ? "yes" : "no") "\t" $3 }' rows.tsv > one.tsv
train --train one.tsv --model one.safetensors --class-weights balanced --tune-thresholds --label-smoothing 0.05 2> err || wrong "one label: $(cat err)"
"$HEED" inspect one.safetensors | grep -q 'class weights *balanced' || wrong "one label: no class weights"
"$HEED" evaluate one.safetensors one.tsv --require f1:yes=0.9 > out 2> err || wrong "one label: $(cat err)"
exit $failed
