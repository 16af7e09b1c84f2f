#!/usr/bin/env bash
# heed's figures on the tutorial's files, a Markdown table for each part:
#
#   bench/accuracy.sh FOLDER [PART]...
#
#   tutorial   the tutorial as it stands: both training files, its rows, its test file
#   labelled   the tutorial's network and text stages on labeledTrainData.tsv alone, a fifth of it for validation
#   default    heed train as a new user types it, on labeledTrainData.tsv
#   threads    the model files of 1, 2, 3 and 4 threads, compared byte for byte on the first 2,000 rows
#   demo       heed demo: seconds, accuracy on its test part
#   memory     the peak of heed clean on a file of 1 GB
#
# Without a part: all of them. FOLDER holds labeledTrainData.tsv, imdb_master.csv and testData.tsv. ROWS=N takes the first
# N rows of each file and MEGABYTES=N a smaller file for memory, to try the script. HEED names the program. Ends with 1
# where model files differ or the memory limit is passed.
# shellcheck disable=SC2317 # the parts are called by name
set -euo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
HEED=${HEED:-$HERE/../build/release/heed}
SEEDS=${SEEDS:-1 2 3}
MEGABYTES=${MEGABYTES:-1000}
MEMORY_LIMIT=64 # MB

die() {
    echo "$1" >&2
    exit 2
}

[ $# -ge 1 ] || die "usage: bench/accuracy.sh FOLDER [tutorial|labelled|default|threads|demo|memory]..."
[ -x "$HEED" ] || die "$HEED: no program; build it, or name it in HEED"
DATA=$1
shift
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
BAD=0

# ---------------------------------------------------------------- helpers

# The first rows of a file; each record of these files is a line.
rows() {
    if [ -n "${2:-}" ]; then
        head -n $(($2 + 1)) "$DATA/$1" >"$WORK/$1"
        echo "$WORK/$1"
    else
        echo "$DATA/$1"
    fi
}

header() {
    printf '\n|'
    printf ' %s |' "$@"
    printf '\n|'
    printf ' --- |%.0s' "$@"
    printf '\n'
}

# Runs a command quietly; its whole story is told where it fails. Sets SECONDS_TAKEN.
timed() {
    local begin end
    begin=$(date +%s.%N)
    "$@" >"$WORK/log" 2>&1 || { cat "$WORK/log" >&2; die "failed: $*"; }
    end=$(date +%s.%N)
    SECONDS_TAKEN=$(awk "BEGIN { printf \"%.1f\", $end - $begin }")
}

# Of a JSON evaluation: "rows | accuracy | baseline | AUC"; with several labels AUC is the mean of each against the rest.
figures() {
    python3 -c '
import json, sys
e = json.load(sys.stdin)
auc = "{:.4f}".format(e["auc"]) if e["auc"] is not None else "-"
print("{} | {:.4f} | {:.4f} | {}".format(e["rows"], e["accuracy"], e["baseline"], auc))'
}

accuracy_of() {
    awk -F' [|] ' '{ sum += $2 } END { printf "%.4f", sum / NR }' "$1"
}

# train_and_test NAME SEED ARGUMENT...: trains, evaluates on the test file, prints a row, notes its figures. The tutorial's
# models know the columns of the tutorial's test file, others are told where its labels are.
train_and_test() {
    local name=$1 seed=$2 model=$WORK/model.safetensors cells
    local -a labels=()
    shift 2
    [ "$name" != default ] || labels=(--label-from 'id:rating>=5')
    timed "$HEED" train --quiet --model "$model" --seed "$seed" "$@"
    cells=$("$HEED" evaluate "$model" "$TEST" --json --quiet "${labels[@]}" | figures)
    echo "$cells" >>"$WORK/$name"
    echo "| $name | $seed | $cells | $SECONDS_TAKEN |"
}

seeds() {
    local name=$1 seed
    shift
    header training seed "test rows" accuracy baseline AUC "seconds to train"
    for seed in $SEEDS; do
        train_and_test "$name" "$seed" "$@"
    done
    echo "| $name | mean | | $(accuracy_of "$WORK/$name") | | | |"
}

# ---------------------------------------------------------------- parts

part_tutorial() {
    header training seed "test rows" accuracy baseline AUC "seconds to train"
    train_and_test tutorial 1 --preset tutorial --train "$LABELLED" --train "$MASTER"
    header "validation: the last 20%" accuracy AUC
    "$HEED" inspect "$WORK/model.safetensors" --json | python3 -c '
import json, sys
last = json.load(sys.stdin)["history"][-1]["validation"]
print("| tutorial | %.4f | %.4f |" % (last["accuracy"], last["auc"]))'
}

part_labelled() {
    seeds labelled --preset tutorial --train "$LABELLED" --validation 0.2 --keep best
}

part_default() {
    seeds default --train "$LABELLED"
}

part_threads() {
    local preset threads few verdict
    few=$WORK/few.tsv
    head -n 2001 "$LABELLED" >"$few"
    header preset rows threads "model files"
    for preset in tutorial default; do
        verdict=equal
        for threads in 1 2 3 4; do
            timed "$HEED" train --quiet --preset "$preset" --train "$few" --model "$WORK/$threads.safetensors" \
                --epochs 2 --threads "$threads"
            cmp -s "$WORK/1.safetensors" "$WORK/$threads.safetensors" || { verdict=DIFFERENT; BAD=1; }
        done
        echo "| $preset | $(($(wc -l <"$few") - 1)) | 1, 2, 3, 4 | $verdict |"
    done
}

part_demo() {
    header demo "test rows" accuracy baseline AUC seconds
    timed "$HEED" demo --output "$WORK/demo"
    echo "| demo | $("$HEED" evaluate "$WORK/demo/demo.safetensors" "$WORK/demo/test.tsv" --json --quiet | figures) |" \
        "$SECONDS_TAKEN |"
}

# The header of imdb_master.csv and its rows again and again.
make_large() {
    local body=$WORK/body size=0 step
    tail -n +2 "$MASTER" >"$body"
    step=$(stat -c %s "$body")
    head -n 1 "$MASTER" >"$1"
    while [ "$size" -lt $((MEGABYTES * 1000000)) ]; do
        cat "$body" >>"$1"
        size=$((size + step))
    done
    rm "$body"
}

# Peak resident memory of a command in MB; Python's own, some 14 MB, is the least that this can tell.
peak() {
    python3 -c '
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print("{:.1f}".format(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6))
sys.exit(status)' "$@"
}

part_memory() {
    local large=$WORK/imdb_master.large.csv preset megabytes begin
    local -a how
    make_large "$large"
    header "heed clean" MB "peak MB" "limit MB" seconds
    for preset in tutorial default; do
        how=(--preset "$preset")
        [ "$preset" = tutorial ] || how+=(--encoding windows-1252)
        begin=$(date +%s.%N)
        megabytes=$(peak "$HEED" clean "${how[@]}" "$large") || die "failed: heed clean ${how[*]}"
        awk "BEGIN { printf \"| %s | %.0f | %s | %s | %.1f |\n\", \"$preset\", $(stat -c %s "$large") / 1e6,
            $megabytes, $MEMORY_LIMIT, $(date +%s.%N) - $begin; exit $megabytes >= $MEMORY_LIMIT }" || BAD=1
    done
    rm "$large"
}

# ---------------------------------------------------------------- all

LABELLED=$(rows labeledTrainData.tsv "${ROWS:-}")
MASTER=$(rows imdb_master.csv "${ROWS:-}")
TEST=$(rows testData.tsv "${ROWS:-}")
echo "$("$HEED" --version), $(nproc) processors, load average $(cut -d' ' -f1-3 /proc/loadavg)"
[ $# -gt 0 ] || set -- tutorial labelled default threads demo memory
for part in "$@"; do
    [ "$(type -t "part_$part")" = function ] || die "$part: no such part; see the head of accuracy.sh"
done
for part in "$@"; do
    "part_$part"
done
exit $BAD
