# The demo walks the whole way, beats its baseline, and prints commands that can be typed.
. "$(dirname "$0")/lib.sh"
[ -z "${SANITIZE-}" ] || skip "the demo trains for minutes under sanitizers"

mkdir heed-demo && echo mine > heed-demo/notes
"$HEED" demo > out 2> err || { cat err; exit 1; }
[ "$(cat heed-demo/notes)" = mine ] || wrong "another file of the folder was touched"
for part in train:20001 validation:4001 test:4001 definitions:8; do
    file=$(ls heed-demo/"${part%:*}".t*)
    [ "$(wc -l < "$file")" -eq "${part#*:}" ] || wrong "$file: $(wc -l < "$file") lines, expected ${part#*:}"
done
set -- $(sed -n 's/^accuracy  *\([0-9.]*\).*/\1/p' out)
expect "accuracies" $# 2
awk "BEGIN { exit !($1 >= 0.75 && $1 > $2 && $2 > 0.7) }" || wrong "accuracy $1, expected at least 0.75 and more than the baseline's, $2"
[ "$(grep -c "$(printf '\tnoun\.[a-z]*\t0\.')" out)" -eq 8 ] || wrong "not eight answers: $(cat out)"
awk 'length($0) > 110 { exit 1 }' out err || wrong "a line of more than 110 columns"

# What comes after the $ of a step does what the step did.
ln -s "$HEED" heed
PATH=$work:$PATH
for number in 2 3; do
    sed -n "/^$number\./,/^\$/p" out | sed '1d; $d' > step
    awk '/^\$ / || more { sub(/^\$ /, ""); print > "typed"; more = /\\$/; next } { print > "expected" }' step
    [ -s typed ] && [ -s expected ] || wrong "step $number: $(cat step)"
    sh typed > found 2>&1
    cmp -s expected found || wrong "step $number, typed: $(cat found)"
done
exit $failed
