# heed check on real rows: the copies that were counted by other programs, and nothing serious in rows that are clean.
. "$(dirname "$0")/lib.sh"
data=$root/../shared/data
[ -d "$data" ] || skip "the data sets are not here"
[ -z "${SANITIZE-}" ] || skip "the rows are many for a sanitizer"
has_command python3 || skip "python3 is not here"

# figure FINDING PART OTHER NAME: of the check in the file out.
figure() {
    python3 -c '
import json, sys
kind, part, other, name = sys.argv[1:]
print(sum(int(f[name]) for f in json.load(open("out"))["findings"] if (f["kind"], f["part"], f["other_part"]) == (kind, part, other)))
' "$@"
}
serious() { python3 -c 'import json; print(json.load(open("out"))["serious"])'; }

# The tutorial's files, joined as it joins them: the last fifth validates, and all of it is in the rows before. Each test row
# is a training or validation row, two of them but for letters that were lost in windows-1252.
python3 "$data/unpack" data > /dev/null || exit 1
imdb=data/imdb
"$HEED" check --preset tutorial --json --quiet --train $imdb/labeledTrainData.tsv --train $imdb/imdb_master.csv \
    --test $imdb/testData.tsv > out 2> err
expect "status on the tutorial's files" $? 4
expect "validation rows in training" "$(figure copies-between validation training rows)" 12502
expect "all of them" "$(figure copies-between validation training of)" 12502
# As one training part.
"$HEED" check --preset tutorial --validation none --json --quiet --train $imdb/labeledTrainData.tsv \
    --train $imdb/imdb_master.csv --test $imdb/testData.tsv > out 2> err
expect "test rows in training, once normalised" "$(figure copies-between test training rows)" 12504
expect "test rows nearly in training" "$(figure near-copies-between test training rows)" 2

"$HEED" check --json --quiet --text-column review --label-from 'id:rating>=5' --train $imdb/labeledTrainData.tsv \
    --test $imdb/testData.tsv > out 2> err
expect "reviews of both files" "$(figure copies-between test training rows)" 70

for set in trec:11 sst2:2; do
    rows=data/sentences/${set%:*}
    "$HEED" check --json --quiet --quoting none --train "$rows/train.tsv" --test "$rows/test.tsv" > out 2> err
    expect "test rows of $set in training" "$(figure copies-between test training rows)" "${set#*:}"
    "$HEED" check --json --quiet --quoting none --train "$rows/train.tsv" > out 2> err
    expect "status on the training rows of $set" $? 0
    expect "serious in the training rows of $set" "$(serious)" 0
done
