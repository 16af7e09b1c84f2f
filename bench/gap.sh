#!/usr/bin/env bash
# How far validation flatters a network: its accuracy on the validation rows less that on the test file, for rows drawn
# at random and for rows drawn in groups.
#
#   bench/gap.sh FOLDER
#
# FOLDER holds labeledTrainData.tsv and testData.tsv. Trains two networks, A from random vectors and L from vectors of
# the training rows, on 4 fifths of labeledTrainData.tsv, once for each seed with --validation 0.2 and with --validation
# grouped:0.2. Each model looks at the test file once; nothing is chosen by what it sees there, and the last line counts
# the looks. A Markdown table, means at its end. SEEDS="1 2" takes fewer seeds, THREADS=N more threads, ROWS=N the first N
# rows of each file, to try the script. HEED names the program. Ends with 1 where a mean gap of grouped rows is larger
# than required: 0.010 of A, 0.007 of L.
set -euo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
HEED=${HEED:-$HERE/../build/release/heed}
SEEDS=${SEEDS:-1 2 3 4 5}
THREADS=${THREADS:-1}
LOOKS=0

die() {
    echo "$1" >&2
    exit 2
}

[ $# -eq 1 ] || die "usage: bench/gap.sh FOLDER"
[ -x "$HEED" ] || die "$HEED: no program; build it, or name it in HEED"
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# Each record of these files is a line.
take() {
    head -n "$((${ROWS:-1000000} + 1))" "$1/$2" >"$WORK/$2"
}

# NAME SPLIT SEED OPTION...: trains, looks at the test file once, prints a row, notes its gap.
measure() {
    local name=$1 split=$2 seed=$3 model=$WORK/model.safetensors
    shift 3
    "$HEED" train --quiet --threads "$THREADS" --train "$WORK/labeledTrainData.tsv" --model "$model" --seed "$seed" \
        --validation "$split" "$@"
    LOOKS=$((LOOKS + 1))
    "$HEED" evaluate "$model" "$WORK/testData.tsv" --label-from 'id:rating>=5' --json --quiet >"$WORK/test.json"
    "$HEED" inspect "$model" --json >"$WORK/model.json"
    python3 - "$WORK" "$name" "$split" "$seed" <<'EOF'
import json, sys
work, name, split, seed = sys.argv[1:]
test = json.load(open(work + "/test.json"))["accuracy"]
epochs = [e["validation"] for e in json.load(open(work + "/model.json"))["history"]]
kept = min(epochs, key=lambda e: e["loss"])["accuracy"]
print(f"| {name} | {split} | {seed} | {kept:.4f} | {test:.4f} | {kept - test:.4f} |")
with open(work + "/gaps", "a") as gaps:
    print(name, split, kept, test, file=gaps)
EOF
}

take "$1" labeledTrainData.tsv
take "$1" testData.tsv
"$HEED" --version
echo
echo "| network | --validation | seed | validation | test | gap |"
echo "| --- | --- | --- | --- | --- | --- |"
for seed in $SEEDS; do
    for split in grouped:0.2 0.2; do
        measure A "$split" "$seed" \
            --architecture 'embed 64 | dropout 0.5 | bilstm 32 | attention additive 16 + max | dropout 0.5'
        measure L "$split" "$seed" --vectors self \
            --architecture 'embed 100 | dropout 0.4 | bilstm 32 | attention additive 16 + max | dropout 0.5'
    done
done
awk '
    { key = $1 " | " $2; n[key]++; validation[key] += $3; test[key] += $4 }
    END {
        limit["A | grouped:0.2"] = 0.010
        limit["L | grouped:0.2"] = 0.007
        for (key in n) {
            gap = (validation[key] - test[key]) / n[key]
            printf "| %s | mean | %.4f | %.4f | %.4f |\n", key, validation[key] / n[key], test[key] / n[key], gap
            if (key in limit && gap > limit[key])
                bad = 1
        }
        exit bad
    }' "$WORK/gaps" >"$WORK/means" || BAD=1
LC_ALL=C sort "$WORK/means"
echo
echo "$LOOKS looks at the test file"
exit "${BAD:-0}"
