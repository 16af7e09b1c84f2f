# What Triton's, KServe's, Hugging Face's and other clients sent once (tests/cases/clients) is answered as they need it.
. "$(dirname "$0")/lib.sh"
has_command python3 || skip "python3 is not here"
three_labels > reviews.tsv
awk 'BEGIN {
    print "label\ttext"
    for (i = 0; i < 300; i++)
        printf "%s\ta film %s %s\n", (i % 4 == 0 ? "" : i % 4 == 1 ? "y" : i % 4 == 2 ? "x" : "x,y"), (i % 4 > 1 ? "loud" : "still"), (i % 2 ? "long" : "short")
}' > tags.tsv
"$HEED" train --train reviews.tsv --model reviews.safetensors --quiet --epochs 4 --patience 0 --learning-rate 0.02 \
    --architecture 'embed 8 | bilstm 4 | attention additive 4' 2> err &&
    "$HEED" train --train tags.tsv --label-separator , --model tags.safetensors --quiet --architecture wide 2> err || { cat err; exit 1; }
PYTHONPATH=$tests/cli python3 "$tests/cli/clients.py" "$tests/cases/clients" || wrong "some clients are not answered as they need it"
