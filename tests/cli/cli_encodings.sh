# The encoding of each file: said by its name wherever a file of rows is named, found in its bytes, and said once.
. "$(dirname "$0")/lib.sh"

for first in 0 100; do # the second file is of other texts
    awk -v first=$first 'BEGIN {
        print "text,label"
        for (i = first; i < first + 60; i++)
            print (i % 2 ? "caf\303\251 ferm\303\251 " : "th\303\251 froid ") i "," (i % 2 ? "a" : "b")
    }' > utf8$first.csv
    iconv -f UTF-8 -t WINDOWS-1252 utf8$first.csv > old$first.csv
done
mv utf80.csv utf8.csv
mv old0.csv old.csv
small="--epochs 1 --min-count 1 --quiet --architecture"
# shellcheck disable=SC2086 # a list of options
"$HEED" train --train utf8100.csv --model m.safetensors $small 'embed 4 | mean' || wrong "training"

# same WHAT COMMAND...: the command has the same output as with utf8.csv, FILE in its arguments, and prints nothing else.
same() {
    what=$1
    shift
    for file in old.csv:windows-1252 utf8.csv:utf-8 utf8.csv; do
        rm -f written
        run=$(for word in "$@"; do case $word in FILE) word=$file ;; esac; printf " '%s'" "$word"; done)
        eval "'$HEED' $run" > out 2> err || wrong "$what, $file: $(cat err)"
        [ ! -s err ] || wrong "$what, $file: $(cat err)"
        [ ! -e written ] || cat written >> out
        [ $file = old.csv:windows-1252 ] && cp out first
        cmp -s first out || wrong "$what, $file: another output than with old.csv:windows-1252"
    done
}
same clean clean FILE
same predict predict m.safetensors FILE --append --quiet
same evaluate evaluate m.safetensors FILE --brief --quiet
same "explain --file" explain m.safetensors --file FILE --quiet
same "explain --faithfulness" explain m.safetensors --faithfulness FILE --quiet
same "vectors train" vectors train FILE --output written --dimensions 2 --epochs 1 --min-count 1 --quiet
# shellcheck disable=SC2086
same "train" train --train FILE --model written $small 'embed 4 | mean'
# shellcheck disable=SC2086
same "--validation-file" train --train utf8100.csv --validation-file FILE --model written $small 'embed 4 | mean'
for file in csv:windows-1252 csv:utf-8; do # its output has the seconds that it took
    name=$([ $file = csv:utf-8 ] && echo utf8 || echo old)
    "$HEED" compare --train ${name}100.$file --test $name.$file --architecture 'embed 4 | mean' --epochs 1 --min-count 1 --quiet > out 2> err ||
        wrong "compare --test $file: $(cat err)"
    [ ! -s err ] || wrong "compare --test $file: $(cat err)"
done
same "a cache" train --train FILE --cache kept --model written --epochs 1 --min-count 1 --quiet --architecture 'embed 4 | mean'
"$HEED" predict m.safetensors -- -:windows-1252 < old.csv > out 2> err || wrong "standard input: $(cat err)"
[ ! -s err ] || wrong "standard input: $(cat err)"
cp utf8.csv odd:utf-8
"$HEED" clean --format csv odd:utf-8:utf-8 odd:utf-8 > out 2> err || wrong "a file with such a name: $(cat err)"
expect "a file with such a name" "$(wc -l < out)" 120

# A name with an encoding is the same file.
# shellcheck disable=SC2086
"$HEED" train --train old.csv:windows-1252 --model old.csv $small 'embed 4 | mean' 2> err && wrong "overwrites its input"
grep -q "which is the file of --train" err || wrong "overwriting: $(cat err)"
"$HEED" clean old.csv:cp1252 2> err && wrong "an unknown encoding passes"
expect "an unknown encoding" "$(cat err)" "heed: old.csv:cp1252: cannot be opened: No such file or directory; an encoding \
after the colon? expected utf-8, windows-1252 or latin-1"
# shellcheck disable=SC2086
"$HEED" train --train old.csv:CP1252 --model written $small 'embed 4 | mean' 2> err && wrong "an unknown encoding trains"
grep -q "an encoding after the colon" err || wrong "an unknown encoding in training: $(cat err)"

# warns WHAT PIECE COMMAND...: one warning.
warns() {
    what=$1 piece=$2
    shift 2
    "$HEED" "$@" > out 2> err || wrong "$what: $(cat err)"
    expect "lines of $what" "$(grep -c '^heed: warning' err)" 1
    grep -qF -- "$piece" err || wrong "$what: found $(cat err), expected $piece"
}
found='old.csv: found 0xE9 at byte 14, which is not UTF-8; the file is read as windows-1252; to name another encoding: '
mixed='heed: warning: utf8.csv: found UTF-8 with letters beyond ASCII; it is read as windows-1252 all the same; to read it as'
warns clean "heed: warning: ${found}old.csv:latin-1" clean old.csv
cmp -s out first || "$HEED" clean utf8.csv | cmp -s - out || wrong "clean: other words"
warns predict "$found" predict m.safetensors old.csv --quiet
warns evaluate "$found" evaluate m.safetensors old.csv --quiet
warns explain "$found" explain m.safetensors --file old.csv --quiet
warns "two files" "and so in 1 more file" clean old.csv ./old.csv
warns "the other way" "$mixed" clean --encoding windows-1252 utf8.csv
for round in 1 2; do
    warns "a cache, $round" "$found" train --train old.csv --cache again --model written --quiet --epochs 1 --min-count 1 \
        --architecture 'embed 4 | mean'
done
gzip -c old.csv > packed.csv.gz
warns gzip "packed.csv.gz: found 0xE9 at byte 14" clean packed.csv.gz

# A character that a block of reading cuts in two is still one.
awk 'BEGIN { print "text,label"; for (i = 0; i < 131072 * 2; i++) printf "a"; print ",x"
    for (i = 0; i < 70000; i++) print "\303\251\342\202\254\360\235\204\236,y" }' > large.csv
for cut in 0 1 2 3; do
    { printf '%*s' $cut '' | tr ' ' x; cat large.csv; } > shifted.csv
    "$HEED" clean --no-header --text-column 1 shifted.csv > out 2> err || wrong "shifted by $cut: $(cat err)"
    [ ! -s err ] || wrong "shifted by $cut: $(cat err)"
done

if has_command zstd && zstd -q -k old.csv 2> /dev/null && "$HEED" clean old.csv.zst > out 2> err; then
    grep -q "old.csv.zst: found 0xE9 at byte 14" err || wrong "zstd: $(cat err)"
    "$HEED" clean old.csv 2> /dev/null | cmp -s - out || wrong "zstd: other words"
    zstd -q -c utf8.csv > two.csv.zst
    tail -n +2 utf8.csv | zstd -q -c >> two.csv.zst
    "$HEED" clean two.csv.zst > out 2> err || wrong "two frames: $(cat err)"
    expect "rows of two frames" "$(wc -l < out)" 120
    head -c 100 two.csv.zst > cut.csv.zst
    "$HEED" clean cut.csv.zst > out 2> err && wrong "zstd that is cut off passes"
    expect "zstd that is cut off" "$(cat err)" "heed: cut.csv.zst: cannot be unpacked: it ends too early"
    cp utf8.csv plain.csv.zst
    "$HEED" clean plain.csv.zst > out 2> err || wrong "a plain file in .zst: $(cat err)"
    printf 'a 1 2\nb 3 4\n' | zstd -q -c > v.txt
    "$HEED" vectors info v.txt > out 2> err || wrong "vectors in zstd: $(cat err)"
else
    grep -q "built without libzstd" err || echo "zstd is not here: it was not tried"
fi

# ---- rows in two encodings: neither of them is the right one for all
awk 'BEGIN { print "text,label"; for (i = 0; i < 60; i++) printf "sch\303\266n %d,a\n", i; for (i = 0; i < 60; i++) printf "sch\366n %d,b\n", i }' > mixed.csv
"$HEED" clean mixed.csv > out 2> err && wrong "rows in two encodings pass"
grep -q 'as the file has elsewhere; a damaged character, or rows in two encodings' err || wrong "two encodings: $(cat err)"
"$HEED" clean mixed.csv --encoding windows-1252 > out 2> err || wrong "two encodings as one: $(cat err)"
expect "two encodings as one" "$(cat err)" \
    "heed: warning: mixed.csv: found letters in UTF-8 among others; all of it is read as windows-1252: are there rows in two encodings?"

# a folder is what the user names, so the hint is for it, and works
mkdir -p texts/a texts/b
printf 'one caf\351\n' > texts/a/1.txt
printf 'two caf\303\251\n' > texts/b/1.txt
"$HEED" clean texts > out 2> err || wrong "a folder: $(cat err)"
expect "the hint for a folder" "$(cat err)" \
    "heed: warning: texts/a/1.txt: found 0xE9 at byte 8, which is not UTF-8; the file is read as windows-1252; to name another encoding: texts:latin-1, or convert it: iconv -f ENCODING -t UTF-8"
"$HEED" clean texts:latin-1 > out 2> err || wrong "a folder with an encoding: $(cat err)"
expect "a folder with an encoding" "$(head -1 out)" "one café"

awk 'BEGIN { print "text,label"; for (i = 0; i < 20; i++) printf "w%d,%s\n", i, i % 2 ? "a" : "b" }' > few.csv
"$HEED" train --train few.csv --model few.safetensors --architecture linear --min-count 1 --quiet || wrong "a model to predict with"
printf 'sch\366n\n' | "$HEED" predict few.safetensors -:windows-1252 > out 2> err || wrong "standard input with its encoding: $(cat err)"
expect "answers to standard input with its encoding" "$(wc -l < out)" 1
"$HEED" predict few.safetensors --text '' > out 2> err || wrong "an empty text: $(cat err)"
expect "answers to an empty text" "$(wc -l < out)" 1
