# heed compare: the table, its baselines, a trial that fails, variants.
. "$(dirname "$0")/lib.sh"

made_rows 500 | cut -f 2,3 > rows.tsv
head -401 rows.tsv > train.tsv
(head -1 rows.tsv; tail -100 rows.tsv) > test.tsv
attending='embed 8 | lstm 4 | attention additive 4'
compare() { "$HEED" compare --train train.tsv --test test.tsv --learning-rate 0.02 --batch-size 20 --epochs 3 "$@"; }

# ---- the first one, the baselines that nobody asked for, and a table of trials
compare --architecture "$attending + max" --seeds 2 --table t.csv > out 2> err || { cat err; exit 1; }
expect "first contender" "$(sed -n 1p out)" "A  $attending + max"
expect "second" "$(sed -n 2p out)" "B  embed 8 | lstm 4 | max (baseline)"
expect "third" "$(sed -n 3p out)" "C  linear (baseline)"
grep -q '^A .* ± ' out || wrong "no spread of two seeds: $(cat out)"
grep -q '^C   1.0000  ' out || wrong "the linear baseline misses rows that one word tells: $(cat out)"
grep -q '^B .*\[.*\]' out || wrong "no interval: $(cat out)"
grep -q 'Of 100 test rows' out || wrong "not the test rows: $(cat out)"
expect "trials told" "$(grep -c '^trial [1-5]/5 ' err)" 5
expect "rows of the table" "$(wc -l < t.csv)" 6
expect "seeds" "$(cut -d, -f3 t.csv | tr '\n' ' ')" "seed 1 2 1 2 1 "
grep -q '^1/3' err && wrong "epochs of a trial are told: $(cat err)"
awk 'length($0) > 100 { exit 1 }' out || wrong "the report is wider than 100 columns"

# The same bits at any number of threads, seconds apart.
for threads in 1 3; do
    compare --architecture "$attending" --seeds 2 --threads $threads --json --quiet > j$threads 2> err || wrong "--json: $(cat err)"
    [ -s err ] && wrong "--quiet is not quiet: $(cat err)"
    sed '/"seconds"/,/}/d' j$threads | grep -v seconds > s$threads
done
cmp -s s1 s3 || wrong "one thread and three differ: $(diff s1 s3)"
grep -q '"accuracy_difference"' j1 || wrong "no differences: $(cat j1)"

# The split stays, whatever the seed of a trial: a trial is the training of its seed on those rows.
"$HEED" train --train train.tsv --learning-rate 0.02 --batch-size 20 --epochs 3 --architecture "$attending" \
    --model m.safetensors --quiet || wrong "train"
"$HEED" evaluate m.safetensors test.tsv --json --resamples 0 | tr -d ' \n' | sed 's/.*"accuracy":\([0-9.]*\).*/\1/' > accuracy
compare --architecture "$attending" --seeds 1 --table t.csv --quiet > /dev/null || wrong "compare with one seed"
awk -v found="$(cat accuracy)" -F, 'NR == 2 && ($9 - found > 1e-6 || found - $9 > 1e-6) { exit 1 }' t.csv ||
    wrong "train reaches $(cat accuracy), the trial: $(sed -n 2p t.csv)"

# ---- no baseline that is there already; linear alone; validation rows where there is no test
compare --architecture 'embed 8 | mean' --architecture linear --architecture "$attending" --seeds 1 --quiet > out || wrong "three"
expect "contenders" "$(grep -c '^[A-D]  [a-z]' out)" 3
grep -q baseline out && wrong "a baseline too many: $(cat out)"
"$HEED" compare --train rows.tsv --architecture linear --quiet > out || wrong "linear alone"
expect "contenders" "$(grep -c '^[A-D]  [a-z]' out)" 1
grep -q 'Of 50 validation rows' out || wrong "not the validation rows: $(cat out)"

# ---- variants
printf '{"learning-rate": 1e-9}\n' > slow.json
compare --architecture "$attending" --against slow.json --against '{"architecture": "embed 8 | max", "optimizer": "sgd"}' \
    --seeds 1 --quiet > out 2> err || wrong "--against: $(cat err)"
expect "variant of a file" "$(sed -n 2p out)" "B  slow.json"
expect "variant of the line" "$(sed -n 3p out)" 'C  {"architecture": "embed 8 | max", "optimizer": "sgd"}'
expect "contenders" "$(grep -c '^[A-D]  [a-z{]' out)" 4
grep -q '^B   -0.*\*' out || wrong "learning nothing is not significantly worse: $(cat out)"

# A variant's class weights are its own, and null takes back what the line says.
printf 'pos\t50\n' > weights.tsv
compare --architecture 'embed 8 | max' --class-weights weights.tsv --seeds 1 --quiet --table null.csv \
    --against '{"class-weights": null}' > /dev/null || wrong "null"
[ "$(sed -n 2p null.csv | cut -d, -f9-)" != "$(sed -n 3p null.csv | cut -d, -f9-)" ] || wrong "null does nothing: $(cat null.csv)"
compare --architecture 'embed 8 | max' --learning-rate 0.001 --seeds 1 --quiet --table t.csv \
    --against '{"class-weights": "weights.tsv"}' > /dev/null || wrong "class weights"
[ "$(sed -n 2p t.csv | cut -d, -f9-)" != "$(sed -n 3p t.csv | cut -d, -f9-)" ] || wrong "the weights do nothing: $(cat t.csv)"
compare --architecture 'embed 8 | max' --tune-thresholds --seeds 1 --quiet > /dev/null || wrong "--tune-thresholds"

# ---- a trial that fails is told, and the rest goes on
compare --architecture 'embed 7 | transformer 2 8 | mean' --architecture "$attending" --seeds 1 > out 2> err || wrong "status $? of a failing trial"
grep -q '^A, seed 1, has no metrics: .*heads' out || wrong "the failure is not told: $(cat out)"
grep -q '^B   [01]\.' out || wrong "the rest did not go on: $(cat out)"

# ---- what it measures is what evaluate measures, also where rows have words that a model does not know
made_rows 120 > all.tsv
for part in train:2,49 validation:50,79 test:80,121; do
    { head -n 1 all.tsv && sed -n "${part#*:}p" all.tsv; } > "own-${part%:*}.tsv"
done
for architecture in linear 'wide C 10' 'embed 8 | mean' 'wide C 10 ; embed 8 | mean' 'wide ; embed 4 | max ; linear'; do
    set -- --train own-train.tsv --validation-file own-validation.tsv --architecture "$architecture" --epochs 2 --min-count 2 --quiet
    "$HEED" compare "$@" --test own-test.tsv --seeds 1 --table own.csv > out 2>&1 || wrong "compare $architecture: $(cat out)"
    "$HEED" train "$@" --tune-thresholds --model own.safetensors > out 2>&1 || wrong "train $architecture: $(cat out)"
    "$HEED" evaluate own.safetensors own-test.tsv --json --quiet --threshold 0.5 > own.json || wrong "evaluate $architecture"
    compared=$(sed -n 2p own.csv | awk -F , '{ printf "%.6f", $(NF - 3) }')
    measured=$(sed -n 's/^ *"loss": \([0-9.e-]*\),*$/\1/p' own.json | awk '{ printf "%.6f", $1 }')
    expect "the loss of $architecture" "$compared" "$measured"
done

# ---- a learning curve: all rows are the contender itself, and a line has four points
"$HEED" compare --train train.tsv --test test.tsv --architecture linear --seeds 1 --quiet > whole
"$HEED" compare --train train.tsv --test test.tsv --architecture linear --seeds 1 --quiet --learning-curve c.svg > out 2> err ||
    wrong "a learning curve: $(cat err)"
figures() { sed -n '/^    accuracy/,/^$/p' "$1" | sed -n 's/^A  *\([0-9.]*\)  *\([0-9.]*\).*/\1 \2/p'; }
expect "the figures of all rows" "$(figures out)" "$(sed -n 's/^linear  *\([0-9.]*\)  *\([0-9.]*\).*/\1 \2/p;s/^A  *\([0-9]\.[0-9.]*\)  *\([0-9.]*\).*/\1 \2/p' whole | head -1)"
for part in 'all rows' '1/2 of them' '1/4 of them' '1/8 of them'; do
    grep -qF "linear, $part" out || wrong "no $part in: $(cat out)"
done
grep -q 'training rows' c.svg || wrong "c.svg is no learning curve"
exit $failed
