#!/usr/bin/env bash
# heed's figures on the tutorial's files and on sentences, a Markdown table for each part:
#
#   bench/accuracy.sh FOLDER [PART]...
#
#   imdb         heed train as a new user types it, on labeledTrainData.tsv: the recipe, and linear peers
#   fast         the same with --recipe fast
#   trec, sst2   the same on the files of SENTENCES (folders trec and sst2), of SST-2 with dev.tsv for validation
#   definitions  the same on the 20,000 rows of the demo
#   few          the same on 200, 1,000 and 4,000 of them, five draws, tested on 2,000 rows
#   tutorial   the tutorial as it stands: both training files, its rows, its test file
#   labelled   the tutorial's network and text stages on labeledTrainData.tsv alone, a fifth of it for validation
#   network    --preset default, the network of version 0.1.0, on labeledTrainData.tsv
#   threads    the model files of 1, 2, 3 and 4 threads, compared byte for byte on the first 2,000 rows
#   demo       heed demo: seconds, accuracy on its test part
#   memory     the peak of heed clean on a file of 1 GB
#
# Without a part: all of them. FOLDER holds labeledTrainData.tsv, imdb_master.csv and testData.tsv. ROWS=N takes the first
# N rows of each file and MEGABYTES=N a smaller file for memory, to try the script. HEED names the program. PEERS=python
# names a Python with bench/requirements-linear.txt, for TF-IDF with logistic regression and NB-SVM on the same rows. At the
# end is how often a test file was opened. Ends with 1 where model files differ or the memory limit is passed.
# shellcheck disable=SC2317 # the parts are called by name
set -euo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
HEED=${HEED:-$HERE/../build/release/heed}
SEEDS=${SEEDS:-1 2 3}
SENTENCES=${SENTENCES:-$(dirname "${1:-.}")/sentences}
MEGABYTES=${MEGABYTES:-1000}
MEMORY_LIMIT=64 # MB

die() {
    echo "$1" >&2
    exit 2
}

[ $# -ge 1 ] || die "usage: bench/accuracy.sh FOLDER [imdb|fast|trec|sst2|definitions|few|tutorial|labelled|network|threads|demo|memory]..."
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
    [ "$name" != network ] || labels=(--label-from 'id:rating>=5')
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

part_network() {
    seeds network --train "$LABELLED" --preset default
}

# ---------------------------------------------------------------- the recipe

# Counts in a file, as parts of pipes are processes of their own.
look() {
    echo "$1" >>"$WORK/looks"
}

# measure NAME TRAIN TEST SEEDS ARGUMENT...: the recipe with each seed, then linear and the peers, whose answers are
# compared with those of the first seed. TEST has columns label and text.
measure() {
    local name=$1 train=$2 test=$3 seed accuracy first=
    local -a seeds how=(--quoting none)
    read -ra seeds <<<"$4"
    shift 4
    header "$name" "test rows" accuracy "heed minus it" seconds MB
    for seed in "${seeds[@]}"; do
        timed "$HEED" train --quiet --train "$train" --model "$WORK/m.safetensors" --seed "$seed" "$@"
        look "$test"
        accuracy=$("$HEED" evaluate "$WORK/m.safetensors" "$test" "${how[@]}" --json --quiet --resamples 0 |
            python3 -c 'import json, sys; e = json.load(sys.stdin); print("{} | {:.4f}".format(e["rows"], e["accuracy"]))')
        echo "$accuracy" >>"$WORK/$name.heed"
        echo "| heed, seed $seed | $accuracy | | $SECONDS_TAKEN | $(stat -c %s "$WORK/m.safetensors" | awk '{ printf "%.1f", $1 / 1e6 }') |"
        [ -n "$first" ] || cp "$WORK/m.safetensors" "$WORK/first.safetensors"
        first=${first:-$seed}
    done
    echo "| heed, mean | | $(accuracy_of "$WORK/$name.heed") | | | |"
    [ "$name" = imdb-fast ] || baseline "$train" "$test" "$@"
    if [ -n "${PEERS:-}" ]; then
        look "$test"
        "$HEED" predict "$WORK/first.safetensors" "$test" "${how[@]}" --quiet 2>/dev/null | cut -f1 >"$WORK/answers"
        look "$test"
        "$PEERS" "$HERE/linear_peers.py" "${PEER_TRAIN:-$train}" "$test" "$WORK/answers" | sed 's/$/ | |/'
    fi
}

baseline() {
    local train=$1 test=$2
    shift 2
    timed "$HEED" train --quiet --train "$train" --model "$WORK/l.safetensors" --architecture linear "$@"
    look "$test"
    echo "| linear | $("$HEED" evaluate "$WORK/l.safetensors" "$test" --quoting none --json --quiet --resamples 0 |
        python3 -c 'import json, sys; e = json.load(sys.stdin); print("{} | {:.4f}".format(e["rows"], e["accuracy"]))') | | $SECONDS_TAKEN | |"
}

# A file of the tutorial as label, tab, text, without quotes: its labels, or those of its ratings.
plain() {
    python3 -c '
import csv, re, sys
print("label\ttext")
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file, delimiter="\t", escapechar="\\", doublequote=False):
        label = row.get("sentiment") or str(int(int(row["id"].rsplit("_", 1)[1]) >= 5))
        print(label, re.sub(r"\s+", " ", row["review"]), sep="\t")' "$1" >"$2"
}

imdb_files() {
    plain "$LABELLED" "$WORK/imdb-train.tsv"
    plain "$TEST" "$WORK/imdb-test.tsv"
}

part_imdb() {
    imdb_files
    PEER_TRAIN=$WORK/imdb-train.tsv measure imdb "$LABELLED" "$WORK/imdb-test.tsv" "$SEEDS"
}

part_fast() {
    imdb_files
    PEERS='' measure imdb-fast "$LABELLED" "$WORK/imdb-test.tsv" 1 --recipe fast
}

part_trec() {
    measure trec "$SENTENCES/trec/train.tsv" "$SENTENCES/trec/test.tsv" "1 2 3 4 5" --quoting none
}

part_sst2() {
    measure sst2 "$SENTENCES/sst2/train.tsv" "$SENTENCES/sst2/test.tsv" "1 2 3 4 5" --quoting none \
        --validation-file "$SENTENCES/sst2/dev.tsv"
}

definitions() {
    [ -e "$WORK/demo/train.tsv" ] || "$HEED" demo --output "$WORK/demo" --quiet >"$WORK/log" 2>&1 || die "the demo failed"
}

part_definitions() {
    definitions
    measure definitions "$WORK/demo/train.tsv" "$WORK/demo/test.tsv" "$SEEDS"
}

# Labels that training lacks count as wrong: heed evaluate's rule.
part_few() {
    local rows draw file=$WORK/few-train.tsv
    definitions
    head -n 2001 "$WORK/demo/test.tsv" >"$WORK/few-test.tsv"
    for rows in 200 1000 4000; do
        for draw in 1 2 3 4 5; do
            head -n 1 "$WORK/demo/train.tsv" >"$file"
            tail -n +2 "$WORK/demo/train.tsv" | shuf -n "$rows" --random-source=<(yes "$draw") >>"$file" || true
            measure "$rows-$draw" "$file" "$WORK/few-test.tsv" 1
            cat "$WORK/$rows-$draw.heed" >>"$WORK/$rows.heed"
        done
        echo
        echo "mean of five draws of $rows: $(accuracy_of "$WORK/$rows.heed")"
    done
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
[ $# -gt 0 ] || set -- imdb fast trec sst2 definitions few tutorial labelled network threads demo memory
for part in "$@"; do
    [ "$(type -t "part_$part")" = function ] || die "$part: no such part; see the head of accuracy.sh"
done
for part in "$@"; do
    "part_$part"
done
[ ! -e "$WORK/looks" ] || printf '\n%s looks at test files\n' "$(wc -l <"$WORK/looks")"
exit $BAD
