# What does not exist is no number: "-" in tables, an empty cell in CSV, null in JSON; means say over how many they are.
. "$(dirname "$0")/lib.sh"

# Two labels of which one is rare: some of the folds have none of it.
awk 'BEGIN { print "label,text"; for (i = 0; i < 60; i++) printf "a,word%d is good %d\n", i % 5, i
    for (i = 0; i < 3; i++) printf "b,rare thing %d\n", i }' > rare.csv
"$HEED" train --train rare.csv --folds 5 --epochs 1 --quiet --architecture linear > out 2> err || wrong "folds: $(cat err)"
expect "folds without an area" "$(grep -c 'auc -$' out)" 2
grep -q '^auc: 1\.0000 ± 0\.0000 (3 of 5 folds)$' out || wrong "the mean area: $(cat out)"
grep -q '^accuracy: [0-9.]* ± [0-9.]*$' out || wrong "accuracy is over all folds: $(cat out)"

# A validation part of one label.
printf 'label,text\na,word1 is good\na,word2 is good\n' > alike.csv
network='embed 4 | attention additive 3'
"$HEED" train --train rare.csv --validation-file alike.csv --epochs 2 --architecture "$network" --model m.safetensors \
    --history h.csv > out 2>&1 || wrong "train: $(cat out)"
expect "epochs without an area" "$(grep -c ' val .* -  [0-9.]*s' out)" 2
expect "the last column of the history" "$(tail -1 h.csv | tail -c 2)" ","
"$HEED" inspect m.safetensors | grep -q 'validation: loss .* auc -$' || wrong "inspect shows an area"
expect "null in JSON" "$("$HEED" inspect m.safetensors --json | grep -c '"auc": null')" 2
"$HEED" inspect m.safetensors --history | cmp -s - h.csv || wrong "the history of the file is another"
"$HEED" train --train rare.csv --validation none --epochs 1 --architecture "$network" --model n.safetensors --history n.csv \
    --quiet || wrong "train without validation"
expect "no validation" "$(tail -1 n.csv | cut -d, -f11-)" ",0,0,0,0,,,,"

# A search: a table that is read again; a goal that does not exist.
tune() { "$HEED" tune --train rare.csv --validation-file alike.csv --table t.csv --trials 2 --epochs 1 --architecture "$network" \
    --range learning-rate=0.01,0.1 "$@"; }
tune > out 2> err || wrong "tune: $(cat err)"
grep -q ' - ' out || wrong "tune shows an area: $(cat out)"
expect "an empty cell" "$(sed -n 2p t.csv | cut -d, -f10)" ""
tune --resume --json 2> err | grep -q '"val_auc": null' || wrong "tune: JSON"
refuses 3 'tune: found a goal that is not defined' tune --quiet --resume --goal auc
rm t.csv
refuses 3 'all validation rows have one label.* or --goal loss$' tune --quiet --goal auc

# A comparison.
"$HEED" compare --train rare.csv --test alike.csv --architecture "$network" --epochs 1 --seeds 1 --quiet --table c.csv > out 2> err ||
    "$HEED" compare --train rare.csv --test alike.csv --architecture "$network" --epochs 1 --seeds 1 --quiet > out 2> err ||
    wrong "compare: $(cat err)"
grep -q '^A   *[0-9.]*  *[0-9.]*  *-  ' out || wrong "compare shows an area: $(cat out)"
[ -e c.csv ] && grep -q nan c.csv && wrong "nan in CSV: $(cat c.csv)"

# One row has no interval, and no star.
printf 'label,text\na,word1 is good\n' > one.csv
"$HEED" evaluate m.safetensors one.csv > out 2> err || wrong "one row: $(cat err)"
has 'No intervals: they take at least two rows.'
grep -q '\[' out && wrong "an interval of one row: $(cat out)"
"$HEED" compare --train rare.csv --test one.csv --architecture "$network" --epochs 1 --seeds 1 --quiet > out 2> err || wrong "compare: $(cat err)"
sed '/^Of /,$d' out | grep -q '[*[]' && wrong "an interval of one row: $(cat out)"
"$HEED" explain m.safetensors --faithfulness one.csv > out 2> err || wrong "faithfulness: $(cat err)"
grep -q '[*[]' out && wrong "an interval of one text: $(cat out)"
has 'no intervals: they take at least two texts' 'most faithful: none; one text says nothing about others'

# A label that is never predicted has no precision, one without rows no recall; averages count them as 0, as scikit-learn.
"$HEED" train --train rare.csv --architecture "$network" --epochs 1 --no-row-digests --quiet --model r.safetensors > out 2> err ||
    wrong "train: $(cat err)"
"$HEED" evaluate r.safetensors rare.csv > out 2> err || wrong "evaluate: $(cat err)"
has '           b          -      0.00      0.00         3' '   macro avg       0.48      0.50      0.49        63'
"$HEED" evaluate r.safetensors rare.csv --json > out 2> err
tr -d ' \n' < out | grep -q '"b":{"precision":null,"recall":0.0,"f1":0.0,"support":3,.*"intervals":{"precision":\[null,null\],"recall":\[0.0,0.0\]' ||
    wrong "JSON: $(cat out)"
"$HEED" evaluate r.safetensors rare.csv --brief --quiet --require precision:b=0 > out 2> err
expect "status of a requirement that is not defined" $? 4
expect "what it says" "$(cat err)" 'heed: precision:b is not defined for these rows, required is at least 0'
"$HEED" evaluate r.safetensors rare.csv --brief --require recall:b=0 > out 2> err || wrong "recall: $(cat err)"
"$HEED" evaluate r.safetensors rare.csv --report page > out 2> err || wrong "report: $(cat err)"
tr -d '\n' < page/report.html | grep -q '<th scope="row"><bdi>b</bdi></th><td>–' || wrong "the page shows a precision without predictions"

# What accuracy hides.
"$HEED" evaluate m.safetensors rare.csv --brief > out 2> err
has 'avg prec ' "rare F1 " "of 'b': 3 of 63 rows; average precision "
exit $failed
