# heed evaluate on rows whose labels the model does not have: they count as wrong, and it is said what is over which rows.
. "$(dirname "$0")/lib.sh"

made_rows 100 | sed 2,21d > train.tsv
"$HEED" train --train train.tsv --architecture linear --model m.safetensors --quiet 2> err || { cat err; exit 1; }
{ made_rows 20; printf 'u1\tmixed\tso so\nu2\tmixed\tneither\nu3\tnew\tunseen\n'; } > test.tsv

evaluate() { "$HEED" evaluate m.safetensors test.tsv "$@" > out 2> err; expect "status of evaluate $*" $? 0; }
evaluate
expect "lines on standard error" "$(wc -l < err)" 1
grep -q "^heed: warning: test.tsv:22: row 21: found labels that the model does not have: 'mixed' (2 rows), 'new' (1 row); .* over the other 20 of 23 rows$" err ||
    wrong "the warning: $(cat err)"
has 'rows       23   3 with labels that the model does not have, which count as wrong' \
    'known      20   rows: log loss, Brier, ECE and areas are over these' 'accuracy   0.8696 ' \
    '       mixed          -      0.00      0.00         2'
# The same figures over the known rows as without the others.
"$HEED" evaluate m.safetensors test.tsv --json --resamples 0 2> err | tr -d ' \n' > all
head -21 test.tsv > known.tsv
"$HEED" evaluate m.safetensors known.tsv --json --resamples 0 2> err | tr -d ' \n' > known
for key in loss brier ece auc micro_auc average_precision; do
    found=$(grep -o "\"$key\":[0-9.e-]*" all | head -1)
    expect "$key" "$found" "$(grep -o "\"$key\":[0-9.e-]*" known | head -1)"
    [ -n "$found" ] || wrong "no $key: $(cat all)"
done
grep -q '"rows":23,"known_rows":20,"unknown_labels":{"mixed":{"support":2},' all || wrong "JSON: $(cat all)"
grep -q 'known_rows' known && wrong "known_rows where all are known"
# The other outputs.
evaluate --brief --probabilities p.tsv --curves c.csv --report report
grep -q "$(printf 'u1\tmixed\t')" p.tsv || wrong "the probabilities: $(cat p.tsv)"
grep -q 'mixed' c.csv && wrong "a curve of a label without probabilities"
grep -q 'rows with labels that the model does not have count as wrong' report/report.html || wrong "nothing in the report"
is_xml report/pictures/confusion.svg || wrong "the picture of the confusion matrix"
grep -q mixed report/pictures/confusion.svg || wrong "the confusion matrix lacks a label"
"$HEED" evaluate m.safetensors test.tsv --brief --require accuracy=0.9 > out 2> err
expect "status of --require" $? 4
refuses 2 "there is no label 'mixed'" "$HEED" evaluate m.safetensors test.tsv --require f1:mixed=0.1

# A validation file and a comparison follow the same rule: what they say of the rows is what evaluate says of them.
value() { grep -o "\"$2\":[0-9.e-]*" "$1" | head -1 | cut -d: -f2 | awk '{ printf "%.4f", $1 }'; } # FILE KEY
evaluated() { # MODEL ROWS
    "$HEED" evaluate "$1" "$2" --json --resamples 0 2> err | tr -d ' \n' | sed 's/"macro":{\([^}]*\)"f1"/"macro":{\1"macro_f1"/' > all
}
told="found labels that no training row has: 'mixed' (2 rows), 'new' (1 row); these rows count as wrong, and loss and area are over the other 20 of 23 rows"
for architecture in linear 'embed 4 | attention additive 3'; do
    set -- --architecture "$architecture" --epochs 3 --learning-rate 0.1 --patience 0 --keep last
    "$HEED" train --train train.tsv --validation-file test.tsv "$@" --history h.csv --model v.safetensors > out 2> err || wrong "train: $(cat err)"
    expect "warnings of a validation file" "$(grep warning: err)" "heed: warning: validation: $told"
    grep -q "validation: always predicting 'neg' has accuracy 0.4348" err || wrong "the baseline: $(cat err)"
    "$HEED" inspect v.safetensors | grep -q '103: 80 train, 23 validate' || wrong "rows of the record"
    evaluated v.safetensors test.tsv
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i }
        END { printf "%.4f %.4f\n", $place["val_loss"], $place["val_accuracy"] }' h.csv > found
    expect "loss and accuracy of $architecture" "$(cat found)" "$(value all loss) $(value all accuracy)"
    "$HEED" compare --train train.tsv --test test.tsv "$@" --validation none --seeds 1 --json 2> err > out || wrong "compare: $(cat err)"
    expect "warnings of a comparison" "$(grep warning: err)" "heed: warning: test: $told"
    tr -d ' \n' < out | grep -o '"trials":.*' > compared
    for key in accuracy macro_f1 auc loss; do
        expect "$key of $architecture" "$(value compared $key)" "$(value all $key)"
    done
done
"$HEED" tune --train train.tsv --validation-file test.tsv --architecture 'embed 4 | mean' --epochs 1 \
    --range learning-rate=0.01,0.1 --trials 9 --table t.csv > out 2> err ||
    wrong "tune: $(cat err)"
expect "warnings of a search" "$(grep -c 'validation: found labels that no training row has' err)" 1

# Nothing is known.
{ head -1 test.tsv; tail -3 test.tsv; } > none.tsv
only="found only labels that no training row has: 'mixed' (2 rows), 'new' (1 row); --label-map renames labels"
refuses 3 "validation: $only" "$HEED" train --train train.tsv --validation-file none.tsv --architecture linear --quiet --model n.safetensors
refuses 3 "validation: $only" "$HEED" compare --train train.tsv --validation-file none.tsv --architecture linear --quiet
refuses 3 "test: $only" "$HEED" compare --train train.tsv --test none.tsv --architecture linear --quiet
refuses 3 "none.tsv:2: row 1: found only labels that the model does not have: 'mixed' (2 rows)" \
    "$HEED" evaluate m.safetensors none.tsv --probabilities p2.tsv --report r2
[ -e p2.tsv ] && wrong "probabilities of an evaluation that failed"

# Several labels a row: the unknown one is missed, the others count.
printf 'label\ttext\nsea;sand\twaves and beach\nsea\twaves\nsand\tbeach\n\tnothing here\n' > several.tsv
"$HEED" train --train several.tsv --label-separator ';' --architecture linear --min-count 1 --validation none --quiet \
    --model s.safetensors 2> err || { cat err; exit 1; }
printf 'label\ttext\nsea;sun\twaves\nsand\tbeach\nsun;moon;stars;sky\tnothing here\n' > more.tsv
"$HEED" evaluate s.safetensors more.tsv > out 2> err || wrong "several labels: $(cat err)"
grep -q "'sun' (2 rows), 'moon' (1 row), .*; they count as missed, and log loss, Brier, ECE and areas are over the 2 labels" err ||
    wrong "several labels: $(cat err)"
has 'rows       3   with 5 labels that the model does not have, which count as missed' 'known      2   of 6 labels'
several="found labels that no training row has: 'sun' (2 rows), 'moon' (1 row), .*; they count as missed, and loss and area are over the 2 labels that training rows have"
"$HEED" train --train several.tsv --validation-file more.tsv --label-separator ';' --architecture linear --min-count 1 \
    --history h.csv --model v.safetensors > out 2> err || wrong "several labels: $(cat err)"
grep -q "validation: $several" err || wrong "several labels: $(cat err)"
# 11 answers: two of each row, and five that are missed; 7 of them would be missed labels if nothing was answered.
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i }
    END { tp = $place["val_tp"]; fn = $place["val_fn"]; tn = $place["val_tn"]; fp = $place["val_fp"]
          exit !(tp + fn == 2 && tp + fn + tn + fp == 6 && sprintf("%.4f", (tp + tn) / 11) == sprintf("%.4f", $place["val_accuracy"]) &&
                 sprintf("%.4f", tp / 7) == sprintf("%.4f", $place["val_recall"])) }' h.csv || wrong "missed labels: $(cat h.csv)"
"$HEED" compare --train several.tsv --test more.tsv --label-separator ';' --architecture linear --min-count 1 --validation none \
    --seeds 1 --json > out 2> err || wrong "several labels: $(cat err)"
grep -q "test: $several" err || wrong "several labels: $(cat err)"
tr -d ' \n' < out | grep -o '"trials":.*' > compared
evaluated s.safetensors more.tsv
for key in accuracy macro_f1 auc loss; do
    expect "$key of several labels" "$(value compared $key)" "$(value all $key)"
done
exit $failed
