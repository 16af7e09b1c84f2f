# Thousands of labels: heed evaluate leaves out what takes a pass over the rows for every label, and says so; it shows how
# far it is; linear says how much memory it needs before it takes it.
. "$(dirname "$0")/lib.sh"

awk 'BEGIN { print "text,label"; for (i = 0; i < 2400; i++) { k = i % 600; printf "item %d word%d,L%d\n", k, k % 97, k } }' > rows.csv
"$HEED" train --train rows.csv --epochs 1 --model m.safetensors --architecture 'embed 8 | mean' > out 2> err || wrong "train: $(cat err)"
grep -q ' and 560 more)$' err || wrong "all labels are listed: $(head -c 2000 err)"
"$HEED" evaluate m.safetensors rows.csv > out 2> err || wrong "evaluate: $(cat err)"
has 'No intervals of areas: 600 labels are too many for 1000 resamples of 2400 rows.' \
    'the most frequent confusions (a matrix of 600 labels is left out)'
grep -q '^accuracy   [0-9.]* \[' out || wrong "no interval of accuracy: $(head -12 out)"
grep -q '^ROC area   [0-9.]*   mean of each label against the rest; micro average 0\.' out || wrong "areas: $(head -12 out)"
"$HEED" evaluate m.safetensors rows.csv --resamples 100 > out 2> err
grep -q '^ROC area   [0-9.]* \[' out || wrong "no interval of areas with few resamples: $(head -12 out)"
"$HEED" evaluate m.safetensors rows.csv --json > out 2> err
tr -d ' \n' < out | grep -q '"matrix":null,"pairs":\[\[0,[0-9]*,[0-9]*\],' || wrong "JSON: $(tail -c 300 out)"

if (ulimit -v 3000000 && "$HEED" --version > out 2> err); then # not with an address sanitizer
    awk 'BEGIN { print "text,label"; for (i = 0; i < 8000; i++) { k = i % 4000; printf "item %d word%d,L%d\n", k, k % 97, k } }' > more.csv
    (ulimit -v 3000000 && "$HEED" train --train more.csv --architecture linear --model l.safetensors --quiet) > out 2> err
    expect "linear that is too large" $? 1
    grep -q '^heed: linear: 4000 outputs and [0-9]* features (words and pairs of words) need [0-9.]* GB of memory, and there are 3\.1 GB; ' err ||
        wrong "linear that is too large: $(cat err)"
fi
exit $failed
