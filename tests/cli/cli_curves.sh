# heed evaluate: intervals of the first figures, the curves as a table.
. "$(dirname "$0")/lib.sh"

# Every fifth row says the contrary, so that no figure is 1.
awk 'BEGIN {
    split("lovely wonderful brilliant", good); split("dreadful boring awful", bad); print "label\ttext"
    for (i = 0; i < 400; i++) {
        word = (i % 2 == (i % 5 > 0)) ? good[i % 3 + 1] : bad[i % 3 + 1]
        printf "%s\tthe film number %d was %s\n", i % 2 ? "pos" : "neg", i, word
    }
}' > rows.tsv
"$HEED" train --train rows.tsv --architecture linear --model m.safetensors --quiet 2> err || { cat err; exit 1; }
evaluate() { "$HEED" evaluate m.safetensors rows.tsv "$@"; }

# ---- intervals
evaluate > one 2> err || wrong "evaluate: $(cat err)"
for figure in accuracy 'macro F1' 'ROC area'; do
    grep -q "^$figure  *0\.[0-9]* \[0\.[0-9]*, [01]\.[0-9]*\]" one || wrong "no interval of $figure: $(cat one)"
done
grep -q '^In brackets: 95% intervals of a bootstrap over rows (1000 resamples)\.$' one || wrong "no word on intervals"
grep -q '^Brier  *0\.' one && grep -q '^ECE  *0\.' one || wrong "no Brier score, no ECE: $(cat one)"
evaluate --threads 3 | cmp -s - one || wrong "three threads give other intervals"
evaluate --seed 2 | cmp -s - one && wrong "another seed gives the same intervals"
evaluate --resamples 0 > none
grep -q '\[0' none && wrong "intervals though there are no resamples"
grep -q 'In brackets' none && wrong "a word on intervals though there are none"
evaluate --brief | tail -1 | grep -q 'In brackets' || wrong "--brief drops the word on intervals"
evaluate --json --resamples 20 > json
grep -q '"resamples": 20' json && grep -q '"macro_f1": \[' json || wrong "no intervals in JSON: $(cat json)"
evaluate --json --resamples 0 | grep -q '"intervals": null' || wrong "intervals in JSON though there are no resamples"
evaluate --require brier=0.3 --require ece=0.5 --require average_precision=0.5 > /dev/null 2> err || wrong "--require: $(cat err)"
evaluate --require brier=0.0001 > /dev/null 2> err
expect "status of a Brier score that is too large" $? 4
grep -q 'brier is .*required is at most 0.0001' err || wrong "--require brier: $(cat err)"

# ---- curves
evaluate --curves c.csv > out 2> err || wrong "--curves: $(cat err)"
cmp -s out one || wrong "--curves changes the report"
expect "head of the curves" "$(head -1 c.csv)" "curve,label,x,y,threshold,rows"
expect "kinds of curves" "$(tail -n +2 c.csv | cut -d, -f1,2 | sort -u | tr '\n' ' ')" "calibration,pos precision_recall,pos roc,pos "
expect "first point of the ROC curve" "$(grep '^roc' c.csv | head -1)" "roc,pos,0,0,inf,"
expect "rows of the calibration" "$(awk -F, '$1 == "calibration" { rows += $6 } END { print rows }' c.csv)" 400
awk -F, 'NF != 6 { exit 1 }' c.csv || wrong "not six columns"
area=$(awk -F, '$1 == "roc" { if (n++) area += ($3 - x) * ($4 + y) / 2; x = $3; y = $4 } END { printf "%.4f", area }' c.csv)
grep -q "^ROC area  *$area " one || wrong "the ROC curve has the area $area, the report says $(grep ROC one)"
exit $failed
