# heed evaluate on rows whose labels the model does not have: they count as wrong, and it is said what is over which rows.
. "$(dirname "$0")/lib.sh"

made_rows 80 > train.tsv
"$HEED" train --train train.tsv --architecture linear --model m.safetensors --quiet 2> err || { cat err; exit 1; }
{ made_rows 20; printf 'u1\tmixed\tso so\nu2\tmixed\tneither\nu3\tnew\tunseen\n'; } > test.tsv

evaluate() { "$HEED" evaluate m.safetensors test.tsv "$@" > out 2> err; expect "status of evaluate $*" $? 0; }
evaluate
expect "lines on standard error" "$(wc -l < err)" 1
grep -q "^heed: warning: test.tsv:22: row 21: found labels that the model does not have: 'mixed' (2 rows), 'new' (1 row); .* over the other 20 of 23 rows$" err ||
    wrong "the warning: $(cat err)"
has 'rows       23   3 with labels that the model does not have, which count as wrong' \
    'known      20   rows: log loss, Brier, ECE and areas are over these' 'accuracy   0.8696 ' \
    '       mixed       0.00      0.00      0.00         2'
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

# Nothing is known.
{ head -1 test.tsv; tail -3 test.tsv; } > none.tsv
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
exit $failed
