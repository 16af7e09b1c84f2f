# Rows of other programs' files: what is appended to them, rows that are skipped or have no label, pipes that are fed slowly.
. "$(dirname "$0")/lib.sh"

train() { "$HEED" train --architecture 'embed 4 | mean' --epochs 1 --min-count 1 --quiet "$@" 2> err || wrong "train $*: $(cat err)"; }

# Excel's file goes in and comes out: mark, delimiter and line ends
printf '\357\273\277sep=;\r\nText;Queue\r\n"one,\r\ntwo";a\r\nthree;b\r\nfour;a\r\nfive;b' > excel.csv
train --train excel.csv --label-column queue --model m.safetensors
"$HEED" predict m.safetensors excel.csv --append > out 2> err || wrong "append: $(cat err)"
expect "mark, first line and header" "$(head -n 2 out | od -An -c | tr -d ' \n')" '357273277sep=;\r\nText;Queue;label;score\r\n'
expect "line ends" "$(grep -c "$(printf '\r')\$" out)" 7
expect "a cell of two lines" "$(sed -n '3,4p' out | sed 's/;[ab];[0-9.]*.$//' | od -An -c | tr -d ' \n')" '"one,\r\ntwo";a\n'
"$HEED" predict m.safetensors - --format csv --append < excel.csv > again || wrong "append from standard input"
cmp -s out again || wrong "standard input: found $(cat again)"
(head -c 30 excel.csv; sleep 0.3; tail -c +31 excel.csv) | "$HEED" predict m.safetensors - --format csv --append > again
cmp -s out again || wrong "a slow pipe: found $(cat again)"
"$HEED" evaluate m.safetensors out --format csv --brief > again 2> err || wrong "evaluate what was appended to: $(cat err)"
printf 'one\rtwo\r' | "$HEED" predict m.safetensors - --append > out
expect "carriage returns" "$(tr '\r' '\n' < out | wc -l)" 2
expect "carriage returns alone" "$(tr -cd '\n' < out | wc -c)" 0

# a delimiter that was given is kept, and only then
train --train excel.csv --label-column queue --delimiter ';' --model given.safetensors
"$HEED" inspect given.safetensors --json > out; has '"delimiter"'
"$HEED" inspect m.safetensors --json > out
grep -q '"delimiter"' out && wrong "a delimiter that was found is kept"
printf 'text,queue\nx,a\ny,b\n' > comma.csv
"$HEED" predict given.safetensors comma.csv > out 2> err || wrong "another file: $(cat err)"
expect "answers for another file" "$(wc -l < out)" 2

# the share of bad rows does not depend on where they are
awk 'BEGIN { print "text,label"; for (i = 1; i <= 300; i++) print "text " i "," (i == 121 || i == 122 ? "" : i % 2 ? "a" : "b") }' > rows.csv
train --train rows.csv --on-bad-row skip --model s.safetensors
grep -q 'skipped 2 bad rows, the first: rows.csv:122: row 121: found no label' err || wrong "skipped: $(cat err)"
"$HEED" train --train rows.csv --drop-label '' --text-rules python --architecture 'embed 4 | mean' --epochs 1 --no-row-digests --model s.safetensors > out 2> err ||
    wrong "drop-label '': $(cat err)"
cat err >> out
has '2 rows without a label left out' 'rows: 298 (a 149, b 149)'
# It chooses rows of these files, and changes nothing about the model, which version 0.1.0 reads.
"$HEED" inspect s.safetensors --json | grep -q '"format": 1,' || wrong "a model of format 2 because rows were left out"
"$HEED" evaluate s.safetensors rows.csv --brief --drop-label '' > out 2> err || wrong "evaluate without labels: $(cat err)"
has 'rows       298'
refuses 3 "rows.csv:122: row 121: found no label, expected one; --drop-label '' leaves such rows out" "$HEED" evaluate s.safetensors rows.csv
"$HEED" train --train rows.csv --init-from s.safetensors --drop-unlabelled --epochs 1 --model s2.safetensors > out 2> err ||
    wrong "training goes on: $(cat err)"

# a skipped row keeps its place
printf 'one\nb\351d\nthree\n' > lines.txt
{ awk 'BEGIN { for (i = 0; i < 200; i++) print "line " i }'; cat lines.txt; } > many.txt
answers() { "$HEED" predict s.safetensors many.txt:utf-8 --on-bad-row skip --quiet "$@" 2> err | sed -n '202p'; }
expect "an empty answer" "$(answers)" "$(printf '\t')"
expect "one with two labels" "$(answers --top-k 2)" "$(printf '\t\t\t')"
expect "in JSON" "$(answers --output-format jsonl)" '{"label":null,"score":null,"scores":[]}'
expect "in CSV" "$("$HEED" predict s.safetensors many.txt:utf-8 --on-bad-row skip --quiet --output-format csv 2> err | sed -n '203p')" ','
expect "appended" "$(answers --append | od -An -c | tr -d ' \n')" 'b351d\t\t\n'
expect "answers" "$("$HEED" predict s.safetensors many.txt:utf-8 --on-bad-row skip --quiet 2> err | wc -l)" 203
expect "cleaned lines" "$("$HEED" clean many.txt:utf-8 --on-bad-row skip 2> err | sed -n '201,203p' | tr '\n' '|')" 'one||three|'

"$HEED" clean many.txt:utf-8 --on-bad-row skip --json > out 2> err
expect "no text in JSON" "$(sed -n 202p out | cut -c 1-68)" '{"text":null,"clean":null,"tokens":[],"skipped":"many.txt:202: row 2'
expect "lines in JSON" "$(wc -l < out)" 203
"$HEED" evaluate s.safetensors rows.csv --brief --on-bad-row skip --probabilities p.tsv > out 2> err || wrong "evaluate: $(cat err)"
expect "rows of a table, as they are numbered in the file" "$(sed -n '120,122p' p.tsv | cut -f 1-2 | tr '\t\n' ' |')" \
    '119 a|120 b|123 a|'

# so does an explanation; of two texts there are two
explain() { "$HEED" explain s.safetensors --file many.txt:utf-8 --on-bad-row skip --quiet "$@" 2> err; }
problem='many.txt:202: row 202: found invalid UTF-8 '
for pair in '' 'one two'; do
    copies=${pair:+2}
    explain ${pair:+--against "$pair"} --json > out || wrong "explain: $(cat err)"
    expect "explanations as JSON" "$(wc -l < out)" $((203 * ${copies:-1}))
    expect "skipped ones" "$(sed -n "$((201 * ${copies:-1} + 1)),$((202 * ${copies:-1}))p" out | grep -c "^{\"label\":null,\"probability\":null,\"skipped\":\"$problem")" "${copies:-1}"
done
explain > out
expect "skipped in text" "$(grep -c "^skipped: $problem" out)" 1
expect "explanations as text" "$(grep -c '^\(skipped: \|[ab] 0\.\)' out)" 203
explain --colors always > out
has "$(printf '\033[1m')skipped: $problem"
explain --output-format html > out
expect "articles" "$(grep -o '<article>' out | wc -l)" 203
has "<article><h2>skipped: $problem"
explain --output-format svg > out
is_xml out || wrong "the picture of a skipped row"
has '>skipped:<'
# where it is the first, the legend is of the others
{ sed -n 202p many.txt; sed 202d many.txt; } > first.txt
"$HEED" explain s.safetensors --file first.txt:utf-8 --on-bad-row skip --quiet --output-format html > out 2> err
has '<p class="legend"><b class="f"'
# what is measured leaves them out
awk 'BEGIN { print "label,text"; for (i = 0; i < 150; i++) printf "%s,text number %d\n%s", i % 2 ? "a" : "b", i, i == 140 ? "a,b\351d\n" : "" }' > measured.csv
"$HEED" explain s.safetensors --faithfulness measured.csv:utf-8 --on-bad-row skip > out 2> err || wrong "faithfulness: $(cat err)"
grep -q 'skipped 1 bad row' err && has '150 ' || wrong "faithfulness with a bad row: $(cat out err)"

# a first row of data that is taken for the header
awk 'BEGIN { for (i = 0; i < 40; i++) printf "%s\ta text number %d\n", i % 2 ? "praise" : "blame", i }' > bare.tsv
"$HEED" train --train bare.tsv --text-column 2 --label-column 1 --model h.safetensors --architecture linear --quiet > out 2> err ||
    wrong "numbered columns: $(cat err)"
expect "a header that looks like data" "$(cat err)" "heed: warning: the first row is read as the header, and has the label 'blame' of 19 other rows; if it is data: --no-header"
"$HEED" train --train bare.tsv --text-column 2 --label-column 1 --no-header --model h.safetensors --architecture linear --quiet > out 2> err
expect "without a header" "$(cat err)" ''
