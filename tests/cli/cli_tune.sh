# heed tune: a search is a function of its seed at any number of threads, is taken up where it was stopped, reports what
# fails, and writes the options of its best trial. Ranges that cannot be used are in tests/cases/usage/ranges.txt.
. "$(dirname "$0")/lib.sh"

awk 'BEGIN {
    print "label\ttext"
    for (i = 0; i < 240; i++) print (i % 2 ? "pos\tgood fine " : "neg\tbad poor ") "film number " i % 7 (i % 5 ? "" : " not at all")
}' > rows.tsv

# ---- the search
set -- --train rows.tsv --architecture 'embed {4,8} | {mean,max} + attention additive {2..4} | dropout {0.1..0.5}' \
    --range 'learning-rate={0.0003..0.3}' --range batch-size=16,64 --range min-count=1,3 --epochs 9 --trials 9 --seed 7 \
    --validation 0.25
search() { table=$1; shift; "$HEED" tune "$@" --table "$table" > out 2> err; }
plain() { awk -F, -v OFS=, '{ $(NF - 1) = ""; print }' "$1"; } # without seconds; problems of these searches hold no comma
search one.csv "$@" --threads 1 --best best.json || wrong "tune: $(cat err)"
tail -1 out > last
expect "the last line" "$(cat last)" "heed train --config best.json --model best.safetensors"
search three.csv "$@" --threads 3 || wrong "tune --threads 3: $(cat err)"
expect "another table at 3 threads" "$(plain three.csv)" "$(plain one.csv)"
expect "trials and epochs of the rungs" "$(awk -F, 'NR > 1 { n[$1 " " $3]++ } END { for (k in n) print k, n[k] }' one.csv | sort | tr '\n' ';')" \
    "1 1 9;2 3 3;3 9 1;"
expect "three promoted of a rung are its best" \
    "$(awk -F, '$1 == 1 { print $11, $2 }' one.csv | sort -g | head -3 | sed 's/.* //' | tr '\n' ' ')" \
    "$(awk -F, '$1 == 2 { print $2 }' one.csv | tr '\n' ' ')"
awk -F, 'NR > 1 && ($6 < 0.0003 || $6 > 0.3 || $6 != sprintf("%.3g", $6) + 0 || ($7 != 16 && $7 != 64) || ($8 != 1 && $8 != 3)) { bad = 1 }
    END { exit bad }' one.csv || wrong "values out of their ranges: $(cat one.csv)"
search other.csv "$@" --seed 8 || wrong "tune --seed 8: $(cat err)"
[ "$(cut -d, -f5-8 other.csv)" = "$(cut -d, -f5-8 one.csv)" ] && wrong "another seed draws the same values"
search goal.csv "$@" --goal accuracy || wrong "tune --goal: $(cat err)"
expect "the goal, accuracy" "$(awk -F, '$1 == 1 { print -$12, $2 }' goal.csv | sort -k1,1g -k2,2n | head -3 | sed 's/.* //' | tr '\n' ' ')" \
    "$(awk -F, '$1 == 2 { print $2 }' goal.csv | tr '\n' ' ')"
"$HEED" train --config best.json --model best.safetensors --history best.csv 2> err || wrong "train --config best.json: $(cat err)"
head -1 best.csv | tr ',' '\n' | grep -n '^val_loss$' | cut -d: -f1 > column
expect "the loss of the best, trained again" \
    "$(cut -d, -f"$(cat column)" best.csv | tail -n +2 | sort -g | head -1 | awk '{ printf "%.5f", $1 }')" \
    "$(tail -1 one.csv | cut -d, -f11 | awk '{ printf "%.5f", $1 }')"

# ---- resumed: after a crash between two rows, or in the midst of one; and of a search that was complete
for lines in 1 4 11; do
    head -$lines one.csv > half.csv
    tail -n +$((lines + 1)) one.csv | head -c 17 >> half.csv
    search half.csv "$@" --resume || wrong "--resume after $lines lines: $(cat err)"
    expect "another table after $lines lines" "$(plain half.csv)" "$(plain one.csv)"
done
head -c 20 one.csv > half.csv
search half.csv "$@" --resume || wrong "--resume in the header: $(cat err)"
expect "another table after half a header" "$(plain half.csv)" "$(plain one.csv)"
cp one.csv whole.csv
search whole.csv "$@" --resume --json || wrong "--resume of all: $(cat err)"
cmp -s one.csv whole.csv || wrong "a complete search was trained again"
grep -q "\"best\": $(tail -1 one.csv | cut -d, -f2)," out || wrong "--json: $(cat out)"
if has_command python3; then
    python3 -c 'import json, sys; assert len(json.load(sys.stdin)["trials"]) == 13' < out || wrong "--json is no JSON"
fi
search longer.csv "$@" --trials 3 && search longer.csv "$@" --resume || wrong "--resume with more trials: $(cat err)"
expect "more trials than before" "$(plain longer.csv | grep '^1,' | sort)" "$(plain one.csv | grep '^1,' | sort)"

slow="--epochs 90 --patience 0 --trials 12"
# shellcheck disable=SC2086 # a list of options
search undisturbed.csv "$@" $slow || wrong "a longer search: $(cat err)"
# shellcheck disable=SC2086
"$HEED" tune "$@" $slow --table killed.csv > out 2> err &
child=$!
while kill -0 $child 2> /dev/null && [ "$( (wc -l < killed.csv) 2> /dev/null || echo 0)" -lt 4 ]; do sleep 0.02; done
kill -TERM $child 2> /dev/null
wait $child
expect "status of a search that was stopped" $? 130
grep -q '^ 1 ' out || wrong "stopped without the best so far: $(cat out)"
grep -q 'stopped; --resume continues' err || wrong "stopped without a word: $(cat err)"
# shellcheck disable=SC2086
search killed.csv "$@" $slow --resume || wrong "--resume after a signal: $(cat err)"
expect "another table after a signal" "$(plain killed.csv)" "$(plain undisturbed.csv)"

# ---- a table that is not this search's
refused() { # STATUS PATTERN ARGUMENTS...
    status=$1 pattern=$2
    shift 2
    cp one.csv found.csv
    refuses "$status" "$pattern" "$HEED" tune "$@" --table found.csv
    cmp -s one.csv found.csv || wrong "$pattern: the table was changed"
}
refused 2 'exists already; --resume continues' "$@"
refused 2 'row 1: found the seed 7, expected 8' "$@" --seed 8 --resume
refused 2 'row 1: found 1 epochs in rung 1' "$@" --epochs 27 --resume
refused 2 'the first line is not' "$@" --range pad=front,behind --resume
refused 2 'row [1-9]: found learning-rate .* the ranges differ' --train rows.tsv --architecture \
    'embed {4,8} | {mean,max} + attention additive {2..4} | dropout {0.1..0.5}' --range 'learning-rate={0.0003..0.2}' \
    --range batch-size=16,64 --range min-count=1,3 --epochs 9 --trials 9 --seed 7 --resume
sed 's/^2,/x,/' one.csv > lie.csv
refuses 3 'lie.csv' "$HEED" tune "$@" --table lie.csv --resume
cp rows.tsv foreign.csv
refuses 2 'foreign.csv' "$HEED" tune "$@" --table foreign.csv --resume
cmp -s rows.tsv foreign.csv || wrong "a file that is no table was changed"

# ---- a trial that fails is reported, and the rest goes on; where all fail, the program does
search fails.csv --train rows.tsv --architecture 'embed {6,8} | transformer {2,4} 8 | max' --epochs 1 --trials 12 ||
    wrong "a failing trial ended the search: $(cat err)"
grep -q 'embed 6 | transformer 4 8 | max,HEED_USAGE,,,,,,[0-9.]*,.*head' fails.csv || wrong "no failing trial: $(cat fails.csv)"
grep -q 'failed: .*head' err || wrong "a failing trial was not told: $(cat err)"
grep -q ',HEED_OK,' fails.csv || wrong "no trial after one that failed: $(cat fails.csv)"
grep -q '[1-9] of them failed' out || wrong "failures are not counted: $(cat out)"
cp fails.csv again.csv
search again.csv --train rows.tsv --architecture 'embed {6,8} | transformer {2,4} 8 | max' --epochs 1 --trials 12 --resume ||
    wrong "--resume of failing trials: $(cat err)"
cmp -s fails.csv again.csv || wrong "failing trials were trained again"
search all.csv --train rows.tsv --range learning-rate=0.001..0.1 --positive nobody --trials 2 --epochs 1
expect "status where all trials fail" $? 2
grep -q '^heed: all 2 trials failed, the first: ' err || wrong "all trials fail: $(cat err)"

# ---- a search that fails before its first trial leaves no table; repeated, it needs no --resume
printf 'label\ttext\na\t\351\n' > broken.tsv
begin() { "$HEED" tune --range min-count=1,2 --architecture 'embed 4 | mean' --trials 12 --epochs 1 --table begun.csv "$@" > out 2> err; }
begin --train broken.tsv:utf-8
expect "status of rows that cannot be read" $? 3
begin --train rows.tsv --validation none
expect "status without validation rows" $? 2
[ -e begun.csv ] && wrong "a search without a trial left a table: $(cat begun.csv)"
begin --train rows.tsv || wrong "repeated: $(cat err)"
expect "rows of the table" "$(wc -l < begun.csv)" 3
begin --train rows.tsv --validation none && wrong "a table with trials was begun anew"
expect "rows that stay" "$(wc -l < begun.csv)" 3
: > begun.csv # an empty file has no trial either
begin --train rows.tsv || wrong "an empty file: $(cat err)"
expect "rows in an empty file" "$(wc -l < begun.csv)" 3

# ---- few values
search few.csv --train rows.tsv --architecture 'embed 4 | mean' --range batch-size=8,16 --trials 40 --epochs 1 || wrong "tune: $(cat err)"
expect "trials of two values" "$(cut -d, -f5 few.csv | tail -n +2 | sort -n | tr '\n' ' ')" "8 16 "

# ---- minutes: at least one trial on every rung
search time.csv --train rows.tsv --architecture 'embed 4 | mean' --range learning-rate=0.001..0.1 --epochs 3 --minutes 0.005 ||
    wrong "--minutes: $(cat err)"
expect "rungs of a short search" "$(cut -d, -f1 time.csv | tail -n +2 | sort -u | tr '\n' ' ')" "1 2 "
exit $failed
