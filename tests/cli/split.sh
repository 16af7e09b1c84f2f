# heed split: parts have the rows as they were, every label by its share, no leak between them, the same by the same seed.
. "$(dirname "$0")/lib.sh"

# same_rows FILE PART... -- OPTION...: the parts hold the records of the file and no others, read by the same options.
same_rows() {
    file=$1 parts=
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do parts="$parts $1"; shift; done
    shift
    "$HEED" clean --html keep "$@" "$file" --json | sort > whole
    "$HEED" clean --html keep "$@" $parts --json 2> /dev/null | sort > pieces
    [ -s whole ] || wrong "nothing was read from $file"
    cmp -s whole pieces || wrong "the parts of $file are other rows: $(diff whole pieces | head -4)"
}

# divides FILE ENDING OPTION...: into three parts with the records of the file, read by the options without those for
# labels in $labels. lines=yes: and with its lines, after its first $head ones in each part.
labels= lines=yes head=1
divides() {
    file=$1 plain=${1%:windows-1252} ending=$2
    shift 2
    rm -rf parts
    "$HEED" split "$file" --output parts --seed 3 $labels "$@" > out 2> err || { wrong "$file: $(cat err)"; return; }
    [ -s err ] && wrong "$file: found on standard error: $(cat err)"
    expect "parts of $file" "$(ls parts | sort | tr '\n' ' ')" "test$ending train$ending validation$ending "
    same_rows "$file" parts/train$ending parts/validation$ending parts/test$ending -- "$@"
    [ $lines = yes ] || return
    for part in train validation test; do
        head -n $head parts/$part$ending > begin
        head -n $head "$plain" | cmp -s - begin || wrong "$part of $file begins otherwise: $(cat begin)"
        tail -n +$((head + 1)) parts/$part$ending
    done | sort > divided
    tail -n +$((head + 1)) "$plain" | sort | cmp -s - divided || wrong "lines of $file are other bytes"
}

# ---------------------------------------------------------------- every format, as it was

made_rows 200 > rows.tsv
divides rows.tsv .tsv
awk 'BEGIN { printf "\357\273\277sep=;\r\n" } { gsub(/\t/, ";"); printf "%s\r\n", $0 }' rows.tsv > marked.csv
head=2
divides marked.csv .csv
awk -F'\t' 'NR == 1 { print "id,label,text"; next } { printf "%s,%s,\"%s, \"\"so\"\"\nand on\"\n", $1, $2, $3 }' rows.tsv > quoted.csv
head=1 lines=no
divides quoted.csv .csv
head=0 lines=yes
awk -F'\t' 'NR > 1 { printf "{\"text\": \"%s \\u00e9\",  \"label\":\"%s\"}\n", $3, $2 }' rows.tsv > rows.jsonl
divides rows.jsonl .jsonl
awk -F'\t' 'NR > 1 { printf "__label__%s %s\n", $2, $3 }' rows.tsv > rows.ft
divides rows.ft .ft
cp rows.ft cooking.train
divides cooking.train .ft --format fasttext
labels=--no-labels
cut -f 3 rows.tsv | tail -n +2 > texts.txt
divides texts.txt .txt
labels='--label-column 1'
awk -F'\t' 'NR > 1 { print $2 "\t" $3 }' rows.tsv > bare.tsv
divides bare.tsv .tsv --no-header --text-column 2
labels= head=1
awk -F'\t' 'NR == 1; NR > 1 { print $1 "\t" $2 "\t\"" $3 "\"" }' rows.tsv > marks.tsv
divides marks.tsv .tsv --quoting none
tr '\n' '\r' < rows.tsv > returns.tsv
lines=no
divides returns.tsv .tsv
expect "line feeds in parts of a file without" "$(cat parts/*.tsv | tr -dc '\n' | wc -c)" 0
{ cat rows.tsv; printf 'last\tpos\ta row without an end of line'; } > unended.tsv
divides unended.tsv .tsv
expect "lines of a file without an end" "$(cat parts/*.tsv | wc -l)" 204
gzip -c rows.tsv > packed.TSV.gz
divides packed.TSV.gz .TSV

sed "s/film/film $(printf '\351t\351')/" rows.tsv > old.tsv
lines=yes
LC_ALL=C divides old.tsv:windows-1252 .tsv
rm -rf parts
"$HEED" split old.tsv --output parts 2> err > out || wrong "a file that is windows-1252: $(cat err)"
grep -q 'read as windows-1252' err || wrong "no word on the encoding: $(cat err)"
cat parts/*.tsv | LC_ALL=C sort -u > pieces
LC_ALL=C sort -u old.tsv | cmp -s - pieces || wrong "a file that is windows-1252 has other bytes in its parts"

mkdir -p reviews/pos reviews/neg
awk -F'\t' 'NR > 1 { file = "reviews/" $2 "/" $1 ".txt"; printf "%s\r\n", $3 > file; close(file) }' rows.tsv
lines=no
divides reviews ''
expect "texts in the folders" "$(ls parts/*/pos parts/*/neg | grep -c txt)" 200
diff -r reviews/pos parts/train/pos | grep -v '^Only in reviews' && wrong "texts were changed"
refuses 2 'train: is there already' "$HEED" split reviews --output parts
lines=yes

# ---------------------------------------------------------------- shares, groups, seeds

made_rows 1000 > rows.tsv
rm -rf parts
"$HEED" split rows.tsv --output parts > out || wrong "1,000 rows are not divided"
for label in pos neg; do
    expect "$label in train, validation, test" "$(for p in train validation test; do cut -f 2 parts/$p.tsv | grep -c $label; done | tr '\n' ' ')" "400 50 50 "
done
has 'parts/train.tsv             800      80.0%        800        400        400'
"$HEED" split rows.tsv --output again --threads 1 --json > out && diff -r parts again || wrong "one thread divides otherwise"
has '"file": "again/train.tsv"' '"neg": 400'
"$HEED" split rows.tsv --output other --seed 7 > out && cmp -s parts/test.tsv other/test.tsv && wrong "another seed gives the same rows"

# Copies stay together, however they are written, and so do rows of a group; check finds nothing that leaks.
awk 'BEGIN {
    print "label\tfilm\ttext"
    for (i = 0; i < 900; i++) {
        n = int(i / 3); copy = i % 3
        words = sprintf("caf\303\251 number%d was full of people%d who had nothing at all to say on day%d of that long and rather cold winter of year%d", n, n * 7, n * 11, n * 13)
        if (copy == 1) { words = toupper(words) "!"; gsub(/\303\251/, "\\&eacute;", words); gsub(/&EACUTE;/, "\\&eacute;", words) }
        if (copy == 2) words = words " indeed"
        printf "%s\tf%d\t%s\n", n % 2 ? "a" : "b", n % 100, words
    }
}' > copies.tsv
rm -rf parts
"$HEED" split copies.tsv --output parts > out || wrong "copies are not divided"
has 'parts/train.tsv             720      80.0%        240        360        360'
for part in train validation test; do
    tail -n +2 parts/$part.tsv | grep -o -i 'number[0-9]* ' | tr 'A-Z' 'a-z' | sort | uniq -c | awk '{ print $1 }' | sort -u
done | sort -u > out
expect "copies in a part" "$(cat out)" 3
"$HEED" check --train parts/train.tsv --validation-file parts/validation.tsv --test parts/test.tsv > out ||
    wrong "the parts have a leak: $(cat out)"
"$HEED" split copies.tsv --output parts --group-column film > out || wrong "groups are not divided"
for part in train validation test; do cut -f 2 parts/$part.tsv | tail -n +2 | sort -u; done | sort | uniq -d > out
[ -s out ] && wrong "films in two parts: $(cat out)"

# Labels of a row, a rare label, other names.
awk 'BEGIN { print "label,text"; for (i = 0; i < 400; i++) printf "\"%s\",text number %d of %d\n", i % 4 ? "a|b" : i % 8 ? "b|c" : i == 0 ? "rare" : "", i, i * 7 }' > several.csv
"$HEED" split several.csv --label-separator '|' --parts 'part one=0.333,b=.333,c=0.333' --output parts > out || wrong "several labels are not divided"
expect "rows with a and b" "$(for p in 'part one' b c; do grep -c 'a|b' "parts/$p.csv"; done | tr '\n' ' ')" "100 100 100 "
grep -q rare "parts/part one.csv" || wrong "the first part has no rare label"
printf 'label,text\nx,one\ny,two\nz,three\n' > few.csv
refuses 3 "none is left for 'validation'" "$HEED" split few.csv --output few

# Bad rows stop it, or are left out where that is asked for.
{ made_rows 300; printf 'too\tfew\n'; } > bad.tsv
refuses 3 'bad.tsv:302: row 301: found 2 fields' "$HEED" split bad.tsv --output bad
"$HEED" split bad.tsv --output bad --on-bad-row skip > out 2> err && grep -q 'skipped 1' err || wrong "bad rows: $(cat err)"
expect "rows without the bad one" "$(cat bad/*.tsv | grep -c film)" 300

# ---------------------------------------------------------------- nothing is lost

cp rows.tsv parts/train.tsv
refuses 2 "parts/train.tsv: is one of the files that are read" "$HEED" split parts/train.tsv --output parts
cmp -s rows.tsv parts/train.tsv || wrong "an input was overwritten"
refuses 2 'standard input: its rows are read twice' "$HEED" split - --output parts
mkfifo pipe
refuses 2 'pipe: its rows are read twice' "$HEED" split pipe --format csv --output parts
made_rows 90 | sed '1s/id/name/' > renamed.tsv
refuses 3 'renamed.tsv: found other columns' "$HEED" split rows.tsv renamed.tsv --output parts
refuses 3 'rows.ft: has another format' "$HEED" split rows.tsv rows.ft --output parts
sed 's/film/film \xc3\xa9t\xc3\xa9/' rows.tsv > new.tsv
refuses 3 'expected one encoding' "$HEED" split new.tsv old.tsv:windows-1252 --output parts
"$HEED" split rows.tsv old.tsv:windows-1252 --output parts --quiet > out || wrong "ASCII and windows-1252 are not joined: $(cat err)"
ls -A parts | grep -v '\.[tc]sv$' && wrong "something was left behind"

# Quotes that are found from the bytes of a file may be found otherwise in a part of it.
awk 'BEGIN { print "label\ttext"; for (i = 0; i < 100; i++) printf "%s\t\"word%d is what they said on day %d\"\n", i % 2 ? "a" : "b", i, i * 7; print "a\t\"so\" they said" }' > guessed.tsv
rm -rf parts && mkdir parts && echo mine > parts/test.tsv
refuses 3 'reads back as other rows.*--quoting none' "$HEED" split guessed.tsv --output parts
expect "files of a failed split" "$(cat parts/*)" mine
divides guessed.tsv .tsv --quoting none
