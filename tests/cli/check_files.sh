# heed check --write-clean writes the parts without what leaks, and a list of what went; --page a page with pairs.
. "$(dirname "$0")/lib.sh"

# The last rows of train.csv have the texts of other rows: of the test part (exactly, otherwise written, nearly), of the
# validation part, of training rows, and one text with two labels.
long='it was a long and rather cold evening in the hall when all of us had gone home after'
{
    echo 'label,text'
    for i in 1 2 3 4 5 6; do echo "pos,the show number $i was lovely for $i people"; done
    echo 'neg,"A ""dreadful"" thing & nothing more of test 1"'
    echo 'neg,A DREADFUL thing &amp; nothing more of test 2!'
    echo "neg,$long the third of films"
    echo 'pos,what a fine day for validation 1'
    echo 'pos,The show number 1 was lovely for 1 people.'
    echo 'neg,the show number 2 was lovely for 2 people'
} > train.csv
printf '{"label": "pos", "text": "a row of another file"}\n{"label": "pos", "text": "the show number 3 was lovely for 3 people"}\nnot JSON\n' > more.jsonl
printf 'label\ttext\npos\twhat a fine day for validation 1\nneg\twhat a dull day for validation 2\nneg\ttest 4 is what this is\n' > validation.tsv
{
    printf 'label\ttext\nneg\tA "dreadful" thing & nothing more of test 1\nneg\ta dreadful thing & nothing more of test 2\n'
    printf 'neg\t%s the third of movies\nneg\ttest 4 is what this is\npos\ttest 5 is another thing\n' "$long"
} > test.tsv
mkdir files && cp *.csv *.jsonl *.tsv files
check() { "$HEED" check --train train.csv --train more.jsonl --validation-file validation.tsv --test test.tsv --quiet "$@"; }

check --write-clean clean --page page.html > out 2> err
expect "status" $? 4
for file in *.csv *.jsonl *.tsv; do cmp -s "$file" "files/$file" || wrong "$file was changed"; done
expect "files" "$(ls -A clean | tr '\n' ' ')" "dropped.tsv test.tsv train-1.csv train-2.jsonl validation.tsv "
cmp -s test.tsv clean/test.tsv || wrong "test rows were left out: $(cat clean/test.tsv)"
head -n 3 validation.tsv | cmp -s - clean/validation.tsv || wrong "validation rows: $(cat clean/validation.tsv)"
sed -n '1,2p;4,7p' train.csv | cmp -s - clean/train-1.csv || wrong "training rows: $(cat clean/train-1.csv)"
head -n 1 more.jsonl | cmp -s - clean/train-2.jsonl || wrong "rows of the second file: $(cat clean/train-2.jsonl)"
cat > listed <<'END'
part	file	line	row	why	copy_part	copy_file	copy_line	copy_row
training	train.csv	3	2	two-labels	training	train.csv	13	12
training	train.csv	8	7	exact	test	test.tsv	2	1
training	train.csv	9	8	normalised	test	test.tsv	3	2
training	train.csv	10	9	near	test	test.tsv	4	3
training	train.csv	11	10	exact	validation	validation.tsv	2	1
training	train.csv	12	11	normalised	training	train.csv	2	1
training	train.csv	13	12	two-labels	training	train.csv	3	2
training	more.jsonl	2	2	exact	training	train.csv	4	3
training	more.jsonl	3	3	bad				
validation	validation.tsv	4	3	exact	test	test.tsv	5	4
END
diff listed clean/dropped.tsv || wrong "another list of what went"
"$HEED" check --train clean/train-1.csv --train clean/train-2.jsonl --validation-file clean/validation.tsv --test clean/test.tsv --json > out
grep -e copies- -e two-labels out && wrong "clean parts have copies"

# Rows that a column, or their place, puts into another part are in the file of that part.
{ printf 'part\tlabel\ttext\n'; made_rows 20 | awk -F'\t' 'NR > 1 { print (NR % 2 ? "train" : "test") "\t" $2 "\t" $3 }'; printf 'train\tpos\tsome text\ntest\tpos\tSome text\n'; } > all.tsv
"$HEED" check --train all.tsv --split-column part --write-clean columns --quiet > out 2> err
expect "status with a split column" $? 4
expect "files by a split column" "$(ls columns | tr '\n' ' ')" "dropped.tsv test.tsv train.tsv "
{ head -n 1 all.tsv; grep '^train' all.tsv | grep -v 'some text'; } | cmp -s - columns/train.tsv || wrong "training rows of a column: $(cat columns/train.tsv)"
grep -v '^train' all.tsv | cmp -s - columns/test.tsv || wrong "test rows of a column: $(cat columns/test.tsv)"
{ made_rows 8; printf 'r8\tpos\tlast rows\nr9\tneg\tthe film number 0 was dreadful, and we saw it with 0 others\n'; } > last.tsv
"$HEED" check --train last.tsv --validation last:0.2 --write-clean last --quiet > out 2> err
expect "status where the last rows validate" $? 4
sed -n '1p;3,9p' last.tsv | cmp -s - last/train.tsv || wrong "training rows before the last: $(cat last/train.tsv)"
sed -n '1p;10,11p' last.tsv | cmp -s - last/validation.tsv || wrong "the last rows: $(cat last/validation.tsv)"
refuses 2 'clash/test.tsv: rows of two files would have this name' \
    "$HEED" check --train all.tsv --split-column part --test last.tsv --write-clean clash
ls -A clash | grep . && wrong "something was left behind"

# Nothing is overwritten, and rows are read twice.
refuses 2 'clean/test.tsv: is one of the files that are read' \
    "$HEED" check --train test.tsv --test clean/test.tsv --write-clean clean
mkdir other && cp test.tsv other/train.tsv
refuses 2 'other/train.tsv: is one of the files that are read' \
    "$HEED" check --train validation.tsv --test other/train.tsv --write-clean other
cmp -s test.tsv other/train.tsv || wrong "a file of the test part was overwritten"
refuses 2 'standard input: its rows are read twice' "$HEED" check --train - --write-clean clean
refuses 2 "page: found 'train.csv', which is the file of the rows" "$HEED" check --train train.csv --page train.csv
cmp -s train.csv files/train.csv || wrong "train.csv was overwritten"

# The page: findings, pairs with what differs marked, nothing from elsewhere, texts that stay texts.
has_page() { for piece in "$@"; do grep -qF -e "$piece" page.html || wrong "no '$piece' in the page"; done; }
has_page '<h1>' 'copies-between: serious' 'test row 1, label <bdi>neg</bdi>' 'the third of <mark>movies</mark>' \
    '<mark>A DREADFUL</mark> thing &amp;<mark>amp;</mark> nothing' 'the labels differ' 'left out of clean parts' 'the same text' '<bdi>train.csv</bdi>, line 8'
grep -q '<script\|https*://' page.html && wrong "the page wants something from elsewhere"
printf 'label\ttext\n<b>\t<script src=//example.com></script> "so" & one\n<b>\t<SCRIPT src=//example.com></script> "so" & one\na\tother\n' > markup.tsv
"$HEED" check --train markup.tsv --quoting none --page page.html > out || wrong "no page: $(cat out)"
has_page 'label <bdi>&lt;b&gt;</bdi>' '&lt;<mark>SCRIPT</mark> src'
made_rows 20 > fine.tsv
"$HEED" check --train fine.tsv --page page.html > out && has_page '>Nothing was found<'
! has_command python3 || python3 - page.html <<'END' || wrong "tags of the page do not fit"
import html.parser, sys
class Page(html.parser.HTMLParser):
    open = []
    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "br"): self.open.append(tag)
    def handle_endtag(self, tag):
        if self.open.pop() != tag: sys.exit(f"</{tag}> at {self.getpos()}")
page = Page(); page.feed(open(sys.argv[1], encoding="utf-8").read()); page.close()
sys.exit(f"left open: {page.open}" if page.open else 0)
END
