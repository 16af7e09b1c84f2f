# Labels with line ends, tabs, backslashes and control characters: one field of one line in every output, read back where
# heed reads them, and never obeyed by a terminal. What looks wrong with labels is told before training, --quiet or not.
. "$(dirname "$0")/lib.sh"

# ---- labels that no table has room for

odd_rows() {
    awk 'BEGIN {
        n = split("a\\tb|c\\\\d|e\\nf|g\\u001bh|i\\u009bj|two words|x,y", label, "|")
        for (i = 0; i < 70; i++)
            printf "{\"label\": \"%s\", \"text\": \"word%d and %d\"}\n", label[i % n + 1], i % n, i
    }'
}
odd_rows > odd.jsonl
"$HEED" train --train odd.jsonl --architecture linear --validation none --min-count 1 --model odd.safetensors --quiet \
    2> err || wrong "training: $(cat err)"

"$HEED" inspect odd.safetensors --labels > labels
printf '%s\n' 'a\tb' 'c\\d' 'e\nf' 'g?h' 'i?j' 'two words' 'x,y' > expected
cmp -s labels expected || wrong "inspect --labels: $(cat labels)"

"$HEED" predict odd.safetensors odd.jsonl --top-k 7 > out || wrong "predict failed"
expect "lines of predict" "$(wc -l < out)" 70
awk -F '\t' 'NF != 14 { exit 1 }' out || wrong "predict: a label is more than one field: $(head -3 out)"
for label in 'a\tb' 'c\\d' 'e\nf' "$(printf 'g\033h')"; do
    cut -f 1 out | grep -qxF -e "$label" || wrong "predict never answers $label"
done
printf 'text\nword0 and 0\nword2 and 2\n' > q.tsv
"$HEED" predict odd.safetensors q.tsv --append > out
expect "lines of predict --append" "$(wc -l < out)" 3
cut -f 2 out | grep -qxF 'e\nf' || wrong "predict --append: $(cat out)"
"$HEED" predict odd.safetensors q.tsv --output-format csv > out # whose quotes hold line ends
printf 'label,score\n"a\tb",' | tr -d '"' > begin
head -c "$(wc -c < begin)" out | cmp -s - begin || wrong "predict, CSV: $(cat out)"
grep -q '^"e$' out || wrong "predict, CSV: $(cat out)"

"$HEED" evaluate odd.safetensors odd.jsonl --probabilities table --brief > out || wrong "evaluate failed"
expect "lines of --probabilities" "$(wc -l < table)" 71
awk -F '\t' 'NF != 10 { exit 1 }' table || wrong "--probabilities: a label is more than one field: $(head -3 table)"

# A file of class weights takes labels as 'heed inspect --labels' writes them, and as they are.
grep -v '?' labels | sed 's/$/\t2/' > weights
"$HEED" train --train odd.jsonl --architecture linear --validation none --min-count 1 --model w.safetensors --quiet \
    --class-weights weights 2> err || wrong "class weights: $(cat err)"
printf 'c\\d\t2\n two words \t1\n' > weights
"$HEED" train --train odd.jsonl --architecture linear --validation none --min-count 1 --model w.safetensors --quiet \
    --class-weights weights 2> err || wrong "class weights as they are: $(cat err)"

# fastText reads word by word: a label with a blank would be read as another one, and its rest as a number.
refuses 2 "heed: --output-format fasttext: found the label 'a?b', whose blank would end it" \
    "$HEED" predict odd.safetensors q.tsv --output-format fasttext
printf 'label,text\nnot_spam,x\nspam,y\nnot_spam,x\nspam,y\n' > plain.csv
"$HEED" train --train plain.csv --architecture linear --validation none --min-count 1 --model plain.safetensors --quiet
"$HEED" predict plain.safetensors plain.csv --output-format fasttext --top-k 2 > out
expect "fastText's answers" "$(head -1 out | sed 's/ [0-9.e-]*//g')" "__label__not_spam__label__spam"

# What is for people has a label on one line, with marks for what it cannot show.
"$HEED" inspect odd.safetensors > out
has '  a?b' '  e?f' '  g?h' '  i?j'
"$HEED" explain odd.safetensors 'word2 and' > out
has 'e?f 0.'

# ---- a terminal obeys none of it

if has_command script; then
    seen() { script -qec "$*" /dev/null < /dev/null > screen 2>&1 || wrong "$*: $(cat screen)"; }
    for command in "predict odd.safetensors odd.jsonl" "predict odd.safetensors odd.jsonl --output-format csv" \
        "predict odd.safetensors odd.jsonl --append" "evaluate odd.safetensors odd.jsonl --json" \
        "evaluate odd.safetensors odd.jsonl" "inspect odd.safetensors --labels" "inspect odd.safetensors --json" \
        "train --train odd.jsonl --architecture linear --validation none --min-count 1 --model w.safetensors"; do
        seen "'$HEED'" $command
        tr -d '\r' < screen | LC_ALL=C grep -q "$(printf '\033[^[]\|\033$\|\302\233')" && wrong "$command: $(cat -v screen)"
    done
    seen "'$HEED'" predict odd.safetensors odd.jsonl
    grep -q 'g?h' screen || wrong "predict on a terminal: $(cat -v screen)"
fi

# ---- told before training

# told WHAT OPTIONS...: exactly one line on standard error, which is a warning with this piece.
told() {
    piece=$1
    shift
    "$HEED" "$@" --quiet > out 2> err || wrong "$*: $(cat err)"
    expect "lines on standard error of $*" "$(wc -l < err)" 1
    grep -qF -e "heed: warning: $piece" err || wrong "$*: found $(cat err), expected $piece"
}
fast="--architecture linear --min-count 1 --validation none --model m.safetensors"
rows() { awk -v labels="$1" 'BEGIN { n = split(labels, l, "|"); print "tag\tlabel\ttext"
    for (i = 0; i < 60; i++) printf "t%d\t%s\tthe text %d\n", i, l[i % n + 1], i }'; }
rows 'Login|Billing|login' > capitals.tsv
told "labels that differ by capitals or blanks alone: 'Login' 20, 'login' 20; --label-map 'login=Login,*' joins them" \
    train --train capitals.tsv $fast
"$HEED" train --train capitals.tsv $fast --label-map 'login=Login,*' > out 2>&1
has "rows: 60 (Billing 20, Login 40)"
grep -q warning out && wrong "a map that joins labels: $(cat out)"
told "labels that differ by capitals" compare --train capitals.tsv --architecture linear --min-count 1 --seeds 1 \
    --against '{"label-smoothing": 0.1}'
told "60 labels in 60 rows, most of them once; is 'tag' the label column?" train --train capitals.tsv --label-column tag $fast
for time in first second; do # the rows of a cache know their column
    told "60 labels in 60 rows, most of them once; is 'tag' the label column?" \
        train --train capitals.tsv --label-column tag --cache cache $fast
done
"$HEED" train --train capitals.tsv --label-column tag --folds 5 --architecture linear --quiet > out 2> err
expect "status of folds of ids" $? 3
grep -q "is 'tag' the label column?" err || wrong "folds of ids: $(cat err)"
grep -q 'fold 1 of 5 has no rows to validate' err || wrong "folds of ids: $(cat err)"
told "60 labels in 60 rows, most of them once; is '1' the label column?" train --train capitals.tsv --label-column 1 $fast
rows 'sea|sea, sun|sun' > joined.tsv
told "labels such as 'sea, sun' look like several labels; --label-separator , takes any number" train --train joined.tsv $fast
rows 'sea|sea;sun|sun' > joined.tsv
told "labels such as 'sea;sun' look like several labels; --label-separator ';' takes any number" train --train joined.tsv $fast
for format in jsonl ft; do
    rows 'Login|Billing|login' | awk -F '\t' -v format=$format 'NR > 1 {
        if (format == "ft") printf "__label__%s %s\n", $2, $3
        else printf "{\"label\": \"%s\", \"text\": \"%s\"}\n", $2, $3 }' > capitals.$format
    told "labels that differ by capitals or blanks alone: 'Login' 20, 'login' 20" train --train capitals.$format $fast
done
mkdir folder folder/Login folder/login
for label in Login login; do for i in 1 2 3; do echo "$label $i" > folder/$label/$i.txt; done; done
told "labels that differ by capitals or blanks alone" train --train folder $fast

# The line "rows:" names the commonest of many labels, and quotes those with a comma.
awk 'BEGIN { print "label\ttext"; for (i = 0; i < 50; i++) for (k = 0; k < (i == 44 ? 9 : 4); k++) printf "l%02d\tthe text %d\n", i, k }' > many.tsv
"$HEED" train --train many.tsv $fast > out 2>&1
has "rows: 205 (l44 9, l00 4, l01 4" "and 10 more)"
grep -q 'l39' out && wrong "more than 40 labels are named: $(cat out)"
rows 'sea|sea, sun|sun' > joined.tsv
"$HEED" train --train joined.tsv $fast > out 2>&1
has "rows: 60 (sea 20, 'sea, sun' 20, sun 20)"

# ---- folds with a label that cannot be divided

{ rows 'a|b'; printf 't\tc\tthe last text\n'; } > rare.tsv
"$HEED" train --train rare.tsv --folds 5 --epochs 1 --min-count 1 --architecture linear --quiet > out 2> err ||
    wrong "folds with a rare label: $(cat err)"
expect "folds with a rare label" "$(cat err)" "heed: warning: the label 'c' has too few texts for 5 folds: 1 row trains in every fold and validates in none; --drop-label c leaves it out"
expect "folds" "$(grep -c '^fold' out)" 5
{ rows 'a'; printf 't\tc\tthe last text\n'; } > rare.tsv
"$HEED" train --train rare.tsv --folds 5 --epochs 1 --min-count 1 --architecture linear --quiet > out 2> err ||
    wrong "folds with two labels, one of them rare: $(cat err)"

# ---- labels that are called like the columns of a table of probabilities
printf 'text\tlabel\ngood\tlabel\nbad\trow\nugh\tpredicted\nzz\tlabel\n' > names.tsv
"$HEED" train --train names.tsv --validation none --epochs 1 --min-count 1 --architecture 'embed 2 | mean' --model n.safetensors \
    --quiet || wrong "labels called like columns"
"$HEED" evaluate n.safetensors names.tsv --probabilities p.tsv --brief > out 2> err || wrong "evaluate: $(cat err)"
expect "names of columns" "$(head -1 p.tsv | tr '\t' ' ')" 'row_2 label_2 predicted_2 label predicted row'
exit 0
