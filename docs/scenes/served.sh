# A small model of reviews, to be served.
. "$ROOT/docs/scenes/reviews.sh"
heed train --quiet --train reviews.csv --model reviews.safetensors
cp reviews.safetensors m.safetensors
