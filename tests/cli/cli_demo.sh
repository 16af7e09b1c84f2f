# The demo walks the whole way from a check of the rows to answers, beats wide alone and linear, and its commands can be typed.
. "$(dirname "$0")/lib.sh"
[ -z "${SANITIZE-}" ] || skip "the demo trains for minutes under sanitizers"

mkdir heed-demo && echo mine > heed-demo/notes
"$HEED" demo > out 2> err || { cat err; exit 1; }
[ "$(cat heed-demo/notes)" = mine ] || wrong "another file of the folder was touched"
for part in train:20001 validation:4001 test:4001 definitions:8; do
    file=$(ls heed-demo/"${part%:*}".t*)
    [ "$(wc -l < "$file")" -eq "${part#*:}" ] || wrong "$file: $(wc -l < "$file") lines, expected ${part#*:}"
done
accuracy=$(sed -n 's/^accuracy  *\([0-9.]*\).*/\1/p' out)
awk "BEGIN { exit !($accuracy >= 0.8) }" || wrong "accuracy $accuracy, expected at least 0.8"
set -- $(sed -n 's/^accuracy on .*: \([0-9.]*\) with the network; \([0-9.]*\) wide alone; \([0-9.]*\) linear.*/\1 \2 \3/p' err)
expect "held-out accuracies" $# 3
awk "BEGIN { exit !($1 > $2 && $2 > $3 && $3 > 0.6) }" || wrong "held-out accuracy $1 of the sum, $2 of wide, $3 of linear: expected a fall"
[ "$(grep -c "$(printf '\tnoun\.[a-z]*\t0\.')" out)" -eq 8 ] || wrong "not eight answers: $(cat out)"
awk 'length($0) > 120 { exit 1 }' out err || wrong "a line of more than 120 columns"

# What comes after the $ of a step does what the step did.
ln -s "$HEED" heed
PATH=$work:$PATH
for number in 1 3 4; do
    sed -n "/^$number\./,/^$((number + 1))\./p" out | sed '1d; $d' | sed '$d' > step
    awk '/^\$ / || more { sub(/^\$ /, ""); print > "typed"; more = /\\$/; next } { print > "expected" }' step
    [ -s typed ] && [ -s expected ] || wrong "step $number: $(cat step)"
    sh typed > found 2>&1
    cmp -s expected found || wrong "step $number, typed: $(cat found)"
done
exit $failed
