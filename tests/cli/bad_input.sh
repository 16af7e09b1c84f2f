# Bad input through the program: its exit status, exactly one line on standard error that says where and what, and an
# output file that stays as it was. Case by case: what it is, status, a piece of the line, the file's name and its bytes.
HEED=${HEED:?path of the program}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
seeds=$PWD/fuzz/seeds/model
cd "$work" || exit 1
failed=0
cases=0
lines=1
wrong() { echo "$*"; failed=1; }

# check WHAT STATUS PIECE COMMAND...: $kept is a file that must not change.
check() {
    what=$1 status=$2 piece=$3
    shift 3
    cases=$((cases + 1))
    before=$(cksum < "$kept")
    timeout 20 "$HEED" "$@" > out 2> err < /dev/null
    found=$?
    [ "$found" = "$status" ] || wrong "$what: found status $found, expected $status: $(cat err)"
    [ "$(wc -l < err)" = $lines ] || wrong "$what: found $(wc -l < err) lines on standard error, expected $lines: $(cat err)"
    grep -qF -e "$piece" err || wrong "$what: found '$(cat err)', expected '...$piece...'"
    LC_ALL=C grep -q '[[:cntrl:]]' err && wrong "$what: control characters on standard error"
    [ "$(cksum < "$kept")" = "$before" ] || wrong "$what: $kept was changed"
    ls ./*.part > part 2> /dev/null && wrong "$what: left $(cat part)"
}

# rows WHAT STATUS PIECE FILE BYTES OPTION...: a file to train on.
echo old > old.safetensors
kept=old.safetensors
rows() {
    what=$1 status=$2 piece=$3 file=$4
    # shellcheck disable=SC2059
    printf "$5" > "$file"
    shift 5
    check "$what" "$status" "$piece" train --train "$file" --model "$kept" --quiet "$@"
    rm -f "$file"
}
repeat() { awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'; }

# ---- CSV and TSV
rows 'an open quote' 3 'a.csv:3: row 2: ' a.csv 'label,text\na,x\nb,"never closed\nand on\n' --quoting minimal
rows 'bytes that are not UTF-8' 3 'a.csv:3: row 2: found invalid UTF-8' a.csv 'label,text\na,x\nb,y\300\257\n'
rows 'NUL' 3 'a.tsv:3: row 2: ' a.tsv 'label\ttext\na\tx\nb\ty\000z\n'
rows 'UTF-16' 3 'a.tsv' a.tsv '\377\376l\000a\000b\000e\000l\000\t\000t\000e\000x\000t\000\n\000'
rows 'a short row' 3 'a.csv:3: row 2: ' a.csv 'label,text\na,x\nb\n'
rows 'a long row' 3 'a.csv:3: row 2: ' a.csv 'label,text\na,x\nb,y,z\n'
rows 'a line number behind a quoted newline' 3 'a.csv:4: row 2: ' a.csv 'label,text\na,"x\nx"\nb\n' --quoting minimal
rows 'no column of texts' 2 'found the columns' a.csv 'label,words\na,x\n'
rows 'no column of labels' 2 'found the columns' a.csv 'rating,text\na,x\n'
rows 'a column that is not there' 3 'found the columns' a.csv 'label,text\na,x\n' --text-column body
rows 'the wrong delimiter' 2 'seem to be separated by tabs' a.csv 'label\ttext\na\tx\n'
rows 'a column that is there twice' 2 "found the column 'text' twice" a.csv 'label,text,text\na,x,y\n'
rows 'an empty file' 3 'a.csv: ' a.csv ''
rows 'a header alone' 3 'a.csv: ' a.csv 'label,text\n'
rows 'a row without a label' 3 'a.csv:3: row 2: ' a.csv 'label,text\na,x\n,y\n'
rows 'one label' 3 "label 'a'" a.csv 'label,text\na,x\na,y\n'
rows 'no words' 3 'no words: ' a.csv 'label,text\na,\nb,\na,\nb,\n' --validation none
rows 'a label that the map does not name' 3 "a.csv:3: row 2: found the label 'b'" a.csv 'label,text\na,x\nb,y\n' --label-map a=1
rows 'a part that is none' 3 "a.csv:3: split column: found 'trian'" a.csv 'label,text,part\na,x,train\nb,y,trian\n' --split-column part
rows 'too many bad rows' 3 'skipped 1 of 3 rows as bad, expected at most 1%; the first: a.csv:3: row 2: ' a.csv 'label,text\na,x\nb\na,z\n' --on-bad-row skip
rows 'a field of two million bytes' 3 'a.csv' a.csv "label,text\\na,\"$(repeat 2000000 x)" --quoting minimal
rows 'two thousand columns' 3 'a.csv' a.csv "label,text$(repeat 2000 ,x)\\na,x\\n"

# ---- JSON lines
json() { rows "JSON: $1" 3 "${3-a.jsonl:2: row 2: }" a.jsonl '{"label": "a", "text": "x"}\n'"$2"'\n{"label": "b", "text": "z"}\n'; }
json 'a hundred thousand brackets' "$(repeat 100000 '[')"
json 'a key that is there twice' '{"label": "b", "text": "y", "text": "z"}'
json 'half a surrogate' '{"label": "b", "text": "\\ud800"}'
json 'an overlong character' '{"label": "b", "text": "\300\257"}'
json 'NaN' '{"label": "b", "text": "y", "n": NaN}'
json 'a number without an end' '{"label": "b", "text": "y", "n": 1e999}'
json 'garbage behind the object' '{"label": "b", "text": "y"} garbage'
json 'an array' '["b", "y"]'
json 'a text that is a number' '{"label": "b", "text": 7}'
json 'a label that is an object' '{"label": {"b": 1}, "text": "y"}'
json 'a broken last line' '{"label": "b", "text": "y'
json 'an object over several lines' '{\n  "label": "b",\n  "text": "y"\n}'

# ---- files, options
check 'a file that is not there' 3 'none.csv: ' train --train none.csv --model "$kept" --quiet
printf 'label,text\na,x\nb,y\na,z\nb,w\n' > good.csv
printf 'label,text\n' > later.csv
for role in --validation-file --vectors; do # told before the bad rows are read
    check "no file of $role" 3 'heed: none: cannot be opened: No such file' train --train later.csv --model "$kept" $role none --quiet
done
check 'a second file that is not there' 3 'heed: none: cannot be opened: ' train --train later.csv --train none --model "$kept" --quiet
check 'a folder of vectors' 3 'heed: .: cannot be opened: not a file' train --train later.csv --model "$kept" --vectors . --quiet
check 'a freeze without vectors' 2 '--freeze: found without --vectors' train --train later.csv --model "$kept" --freeze 2 --quiet
check 'a folder that is not there' 1 'no/such/m.safetensors' train --train good.csv --model no/such/m.safetensors --quiet
check 'stop words that are not there' 3 'none.txt: ' train --train good.csv --model "$kept" --stop-words none.txt --quiet
printf 'the\n\377\n' > stop.txt
check 'stop words that are not UTF-8' 3 'stop.txt:2: ' train --train good.csv --model "$kept" --stop-words stop.txt --quiet
check 'an unknown layer' 2 "did you mean 'bilstm'" train --train good.csv --model "$kept" --min-count 1 --quiet \
    --architecture 'embed 4 | bilstn 4 | attention additive 4'
check 'a network that no file holds' 2 'expected at most' train --train good.csv --model "$kept" --min-count 1 --quiet \
    --architecture 'embed 4 | bilstm 4096 | bilstm 4096 | bilstm 4096 | attention additive 4'
check 'no such option' 2 '--modle' train --train good.csv --modle "$kept"
check 'a positive label that is none' 2 "there is no label 'c'" train --train good.csv --model "$kept" --min-count 1 --positive c --quiet
gzip -c good.csv | head -c 40 > cut.csv.gz
check 'a gzip file that is cut off' 3 'cut.csv.gz' train --train cut.csv.gz --model "$kept" --quiet
check 'a second file that is bad' 3 'later.csv' train --train good.csv --train later.csv --model "$kept" --quiet

# ---- models
"$HEED" train --train good.csv --model good.safetensors --min-count 1 --epochs 1 --max-length 4 --quiet --validation none \
    --architecture 'embed 2 | bilstm 2 | attention additive 2' || wrong "no model to break"
size=$(wc -c < good.safetensors)
echo 'x' > texts
kept=good.safetensors
model() { # WHAT PIECE, of bad.safetensors
    for command in inspect predict evaluate; do
        case $command in inspect) set -- "$1" "$2" ;; predict) set -- "$1" "$2" texts ;; *) set -- "$1" "$2" good.csv ;; esac
        [ $command = inspect ] && check "$1" 3 "bad.safetensors: " inspect bad.safetensors
        [ $command != inspect ] && check "$1" 3 "$2" $command bad.safetensors "$3"
    done
}
head -c $((size - 1)) good.safetensors > bad.safetensors
model 'a model that is cut off' 'not a usable model'
head -c 5 good.safetensors > bad.safetensors
model 'a model of five bytes' 'expected a safetensors file'
{ cat good.safetensors; printf 'PK\003\004'; } > bad.safetensors
model 'a model with a zip behind it' '4 bytes after the last tensor'
{ head -c $((size - 1)) good.safetensors; printf 'x'; } > bad.safetensors
model 'a model with another last byte' 'the file is damaged'
sed 's/"window\\":4/"window\\":5/' good.safetensors > bad.safetensors
model 'a model with another window' 'the file is damaged'
sed 's/heed\.digest/heed.digits/' good.safetensors > bad.safetensors
model 'a model without a digest' 'no heed.digest'
printf '\377\377\377\377\377\377\377\377{}' > bad.safetensors
model 'a header larger than the file' 'a header of 18446744073709551615 bytes'
printf '\002\000\000\000\000\000\000\000{}' > bad.safetensors
model 'a file of no tensors' 'is it a heed model?'
echo 'no model' > bad.safetensors
model 'a file of text' 'expected a complete safetensors file'
: > bad.safetensors
model 'an empty file' 'expected a safetensors file'
rm bad.safetensors
mkfifo bad.safetensors
model 'a pipe without a writer' 'not a regular file'
rm bad.safetensors
mkdir bad.safetensors
model 'a folder' 'not a regular file'
rmdir bad.safetensors
ln -s /dev/zero bad.safetensors
model 'zeros without an end' 'not a regular file'
rm bad.safetensors
check 'a model that is not there' 3 'none.safetensors: ' predict none.safetensors texts
printf 'x\ny\300\n' > bad.txt
check 'a text that is not UTF-8' 3 'bad.txt:2: row 2: ' predict good.safetensors bad.txt
check 'texts that are not there' 3 'none.txt: ' predict good.safetensors none.txt
check 'rows without labels' 2 'texts' evaluate good.safetensors texts

# The fuzzer's models are good ones; others would be refused before they reach anything.
for seed in two three keras; do
    "$HEED" inspect "$seeds/$seed" > out 2> err || wrong "$(cat err): make the seeds anew, see tests/fuzz/README.md"
done
[ -e /dev/full ] && { "$HEED" predict good.safetensors texts > /dev/full 2> err; [ $? = 1 ] || wrong "a full disk: $(cat err)"; }
echo "$cases cases"
exit $failed
