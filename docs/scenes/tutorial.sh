# The tutorial's three files, as its author had them.
. "$ROOT/docs/scenes/lib.sh"
data=$(real_data imdb)
python3 "$data/../unpack" . > /dev/null
mv imdb/labeledTrainData.tsv imdb/imdb_master.csv imdb/testData.tsv .
rm -r imdb sentences vectors
