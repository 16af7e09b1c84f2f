# The film reviews with the unlabelled ones.
. "$ROOT/docs/scenes/imdb.sh"
xz -dc "$data/unlabeledTrainData.tsv.xz" > unlabeledTrainData.tsv
