# Sentences about films, and a small file of word vectors.
. "$ROOT/docs/scenes/lib.sh"
sentences=$(real_data sentences)
vectors=$(real_data vectors)
cp "$sentences"/sst2/*.tsv "$vectors/lee_fasttext.vec" .
