#!/usr/bin/env bash
# heed's figures on the tutorial's files and on three sets of short texts, a Markdown table for each part:
#
#   bench/accuracy.sh FOLDER [PART]...
#
#   imdb         heed train as a new user types it, on labeledTrainData.tsv: accuracy on testData.tsv, seconds, size of
#                the model, and the time that it takes to label a review
#   fast         the same with --recipe fast
#   trec, sst2   heed train on the files of SENTENCES/trec and SENTENCES/sst2, with dev.tsv of SST-2 for validation
#   definitions  heed train on the 20,000 definitions of the demo
#   few          heed train on 200, 1,000 and 4,000 of them, drawn five times, tested on the first 2,000 test rows
#   ways         wide, a network, the encoder as it is and as it learns on FEW definitions, TREC and SST-2 (WAYS, SETS)
#   peers        --architecture linear, TF-IDF with logistic regression, and NB-SVM on all of these sets
#   differences  the recipe less each of the peers, with a paired bootstrap interval; opens no test file
#   tutorial     the tutorial as it stands: both training files, its rows, its test file
#   labelled     the tutorial's network and text stages on labeledTrainData.tsv alone, a fifth of it for validation
#   network      --preset default, which is one network, on labeledTrainData.tsv
#   threads      the model files of 1, 2, 3 and 4 threads, compared byte for byte on the first 2,000 rows
#   demo         heed demo: seconds, accuracy on its test part
#   memory       the peak of heed clean on a file of 1 GB
#
# Without a part: all of them. Each part ends with how often it opened a test file. FOLDER holds labeledTrainData.tsv,
# imdb_master.csv and testData.tsv; SENTENCES (default: sentences, next to FOLDER) holds trec and sst2. ROWS=N takes the
# first N rows of each file and MEGABYTES=N a smaller file for memory, to try the script. SEEDS="1 2" sets the seeds.
# ENCODER=FOLDER gives the recipe of imdb, trec, sst2, definitions and few this pretrained encoder; its rows are then
# called encoder. HEED names the program, next to which is its library. PEERS names a Python with bench/requirements-linear.txt, for
# peers. ANSWERS=FOLDER keeps the answers to the test rows, so that peers and differences may be other calls than the
# rest. Ends with 1 where model files differ or the memory limit is passed.
# shellcheck disable=SC2317 # the parts are called by name
set -euo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
HEED=${HEED:-$HERE/../build/release/heed}
PEERS=${PEERS:-python3}
PARTS="imdb fast trec sst2 definitions few ways peers differences tutorial labelled network threads demo memory"
DRAWS=${DRAWS:-1 2 3 4 5}
FEW=${FEW:-200 1000 4000}
MEGABYTES=${MEGABYTES:-1000}
MEMORY_LIMIT=64 # MB
RECIPE=recipe
WITH=()
LATENCY_TEXTS=50 # of which latency.c also makes explanations

die() {
    echo "$1" >&2
    exit 2
}

[ $# -ge 1 ] || die "usage: bench/accuracy.sh FOLDER [PART]..., parts: $PARTS"
[ -x "$HEED" ] || die "$HEED: no program; build it, or name it in HEED"
DATA=$1
SENTENCES=${SENTENCES:-$DATA/../sentences}
shift
[ -z "${ENCODER:-}" ] || RECIPE=encoder WITH=(--encoder "$ENCODER")
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
ANSWERS=${ANSWERS:-$WORK/answers}
BAD=0
LOOKS=0
DEFINITIONS=

# ---------------------------------------------------------------- helpers

# The file, or a copy of its first ROWS rows; each record of these files is a line.
rows() {
    local copy=$WORK/${1//\//_}
    [ -r "$1" ] || die "$1: not here; see the head of accuracy.sh"
    if [ -z "${ROWS:-}" ]; then
        echo "$1"
    else
        head -n $((ROWS + 1)) "$1" >"$copy"
        echo "$copy"
    fi
}

# A program is about to open a test file.
look() {
    LOOKS=$((LOOKS + 1))
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
    look
    cells=$("$HEED" evaluate "$model" "$TEST_FILE" --json --quiet "${labels[@]}" | figures)
    echo "$cells" >>"$WORK/$name"
    echo "| $name | $seed | $cells | $SECONDS_TAKEN |"
}

seeds() {
    local name=$1 seed
    shift
    header training seed "test rows" accuracy baseline AUC "seconds to train"
    for seed in ${SEEDS:-1 2 3}; do
        train_and_test "$name" "$seed" "$@"
    done
    echo "| $name | mean | | $(accuracy_of "$WORK/$name") | | | |"
}

# ---------------------------------------------------------------- the recipe and its peers

# A file of the tutorial as label, tab, text, without quotes. Labels are its own, or those of its ratings.
plain() {
    python3 -c '
import csv, sys
print("label\ttext")
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file, delimiter="\t", escapechar="\\", doublequote=False):
        label = row.get("sentiment") or int(int(row["id"].rsplit("_", 1)[1]) >= 5)
        print(label, " ".join(row["review"].split()), sep="\t")' "$1" >"$2"
}

# The demo's rows, as the library of the program has them.
definitions() {
    [ -z "$DEFINITIONS" ] || return 0
    DEFINITIONS=$WORK/definitions
    mkdir "$DEFINITIONS"
    python3 "$HERE/../tools/demo_rows.py" "$LIBRARY/libheed.so" "$DEFINITIONS"
}

# choose_few few-N DRAW: N of the chosen rows for training, and the first 2,000 for tests.
choose_few() {
    local whole=$TRAIN
    TRAIN=$WORK/$1.$2.tsv
    { head -n 1 "$whole" && tail -n +2 "$whole" | shuf -n "${1#few-}" --random-source=<(yes "$2"); } >"$TRAIN"
    if [ ! -e "$WORK/few-test.tsv" ]; then
        look
        head -n 2001 "$TEST" >"$WORK/few-test.tsv"
    fi
    TEST=$WORK/few-test.tsv
}

# choose SET: its files (TRAIN, TEST) as heed reads them and as the peers do (PLAIN_TRAIN, PLAIN_TEST), what heed has to
# be told to read them (HOW), and its right answers. A draw of few definitions is "few-N DRAW".
choose() {
    local dev
    HOW=()
    case $1 in
    imdb)
        TRAIN=$LABELLED TEST=$TEST_FILE
        PLAIN_TRAIN=$WORK/imdb-train.tsv PLAIN_TEST=$WORK/imdb-test.tsv
        if [ ! -e "$PLAIN_TEST" ]; then
            plain "$TRAIN" "$PLAIN_TRAIN"
            look
            plain "$TEST" "$PLAIN_TEST"
        fi
        ;;
    trec | sst2)
        TRAIN=$(rows "$SENTENCES/$1/train.tsv")
        TEST=$(rows "$SENTENCES/$1/test.tsv")
        HOW=(--quoting none)
        if [ "$1" = sst2 ]; then
            dev=$(rows "$SENTENCES/sst2/dev.tsv")
            HOW+=(--validation-file "$dev")
        fi
        ;;
    *)
        definitions
        TRAIN=$(rows "$DEFINITIONS/train.tsv")
        TEST=$(rows "$DEFINITIONS/test.tsv")
        ;;
    esac
    [ "$1" = "${1#few-}" ] || choose_few "$1" "$2"
    [ "$1" = imdb ] || PLAIN_TRAIN=$TRAIN PLAIN_TEST=$TEST
    if [ ! -e "$WORK/$1.seen" ]; then
        mkdir -p "$ANSWERS/$1"
        look
        tail -n +2 "$PLAIN_TEST" | cut -f1 >"$ANSWERS/$1/labels"
        touch "$WORK/$1.seen"
    fi
}

answers_header() {
    header set classifier run "test rows" accuracy "seconds to train" "model, MB"
}

# answer SET NAME RUN ARGUMENT...: trains a model on the chosen files, keeps its answers to the test rows, prints a row.
# A label that training lacks is never answered, so it counts as wrong, as in heed evaluate.
answer() {
    local set=$1 name=$2 run=$3 answers=$ANSWERS/$1/$2.$3 truth=$ANSWERS/$1/labels model=$WORK/model.safetensors cells
    shift 3
    timed "$HEED" train --quiet --train "$TRAIN" --model "$model" "${HOW[@]}" "$@"
    look
    "$HEED" predict "$model" "$TEST" --quiet >"$WORK/predicted" || die "failed: heed predict on $TEST"
    awk -F '\t' '{ print $(NF - 1) }' "$WORK/predicted" >"$answers" # an id comes before them
    [ "$(wc -l <"$answers")" = "$(wc -l <"$truth")" ] || die "$TEST: another number of answers than of rows"
    cells=$(paste "$truth" "$answers" | awk -F '\t' -v seconds="$SECONDS_TAKEN" -v bytes="$(stat -c %s "$model")" '
        { right += $1 "" == $2 "" }
        END { printf "%d | %.4f | %s | %.1f |", NR, right / NR, seconds, bytes / 1e6 }')
    echo "| $set | $name | $run | $cells" | tee -a "$WORK/$set.$name"
}

mean_row() {
    awk -F ' [|] ' -v what="| $1 | $2 | mean" '{ rows = $4; accuracy += $5; seconds += $6 }
        END { printf "%s | %d | %.4f | %.1f | |\n", what, rows, accuracy / NR, seconds / NR }' "$WORK/$1.$2"
}

# recipe SET SEED...
recipe() {
    local set=$1 seed
    shift
    choose "$set"
    rm -f "$ANSWERS/$set/$RECIPE".*
    answers_header
    for seed in "$@"; do
        answer "$set" "$RECIPE" "$seed" --seed "$seed" "${WITH[@]}"
    done
    mean_row "$set" "$RECIPE"
}

# The library's answers to single texts; LATENCY_TEXTS reviews of the training file, so that no test file is opened.
latency_table() {
    cc -O2 -I"$HERE/../include" "$HERE/latency.c" -L"$LIBRARY" -lheed -Wl,-rpath,"$LIBRARY" -o "$WORK/latency"
    head -n $((LATENCY_TEXTS + 1)) "$PLAIN_TRAIN" | tail -n +2 | cut -f2 >"$WORK/texts"
    header "a review to its label" "median, ms" "99%, ms" reviews
    "$WORK/latency" "$WORK/model.safetensors" "$WORK/texts" |
        awk '$1 " " $2 == "an answer" { print "| warm process | " $4 " | " $6 " | " $10 " |" }'
}

# peers_of SET RUN ARGUMENT...: on the chosen files, arguments for linear_peers.py.
peers_of() {
    local set=$1 run=$2
    shift 2
    answer "$set" linear "$run" --architecture linear
    look
    "$PEERS" "$HERE/linear_peers.py" "$PLAIN_TRAIN" "$PLAIN_TEST" "$ANSWERS/$set" --set "$set" --run "$run" "$@" \
        >"$WORK/rows" || die "failed: linear_peers.py; PEERS names a Python with bench/requirements-linear.txt"
    tee -a "$WORK/$set.peers" <"$WORK/rows"
}

# ---------------------------------------------------------------- parts

part_imdb() {
    # shellcheck disable=SC2086 # a list of seeds
    recipe imdb ${SEEDS:-1 2 3}
    latency_table
}

part_fast() {
    choose imdb
    answers_header
    answer imdb fast 1 --recipe fast
}

part_trec() {
    # shellcheck disable=SC2086
    recipe trec ${SEEDS:-1 2 3 4 5}
}

part_sst2() {
    # shellcheck disable=SC2086
    recipe sst2 ${SEEDS:-1 2 3 4 5}
}

part_definitions() {
    # shellcheck disable=SC2086
    recipe definitions ${SEEDS:-1 2 3}
}

part_few() {
    local count draw
    answers_header
    for count in $FEW; do
        rm -f "$ANSWERS/few-$count/$RECIPE".*
        for draw in $DRAWS; do
            choose "few-$count" "$draw"
            answer "few-$count" "$RECIPE" "$draw" --seed "$draw" "${WITH[@]}"
        done
        mean_row "few-$count" "$RECIPE"
    done
}

# way SET RUN: by each of WAYS. Without an encoder those that have one are passed over.
way() {
    local name options
    for name in ${WAYS:-wide network frozen learns}; do
        case $name in
        wide) options=(--recipe fast) ;;
        network) options=(--preset recipe --architecture "$NETWORK") ;;
        frozen) options=(--architecture 'encoder | mean | linear' "${WITH[@]}") ;;
        learns) options=("${WITH[@]}") ;;
        esac
        case $name in frozen | learns) [ -n "${ENCODER:-}" ] || continue ;; esac
        answer "$1" "$name" "$2" --seed "$2" "${options[@]}"
    done
}

part_ways() {
    local set count draw name
    NETWORK=$(python3 -c 'import ctypes, sys
text = ctypes.CDLL(sys.argv[1]).heed_recipe_network
text.restype = ctypes.c_char_p
print(text().decode())' "$LIBRARY/libheed.so") # what heed compare and heed tune begin with
    answers_header
    for count in $FEW; do
        for draw in $DRAWS; do
            choose "few-$count" "$draw"
            way "few-$count" "$draw"
        done
    done
    for set in ${SETS-trec sst2}; do
        choose "$set"
        for draw in ${SEEDS:-1 2 3}; do
            way "$set" "$draw"
        done
    done
    # shellcheck disable=SC2086 # a list
    for set in $(printf 'few-%s ' $FEW) ${SETS-trec sst2}; do
        for name in ${WAYS:-wide network frozen learns}; do
            [ ! -e "$WORK/$set.$name" ] || mean_row "$set" "$name"
        done
    done
}

part_peers() {
    local set count draw name
    answers_header
    for set in imdb trec sst2 definitions; do
        choose "$set"
        peers_of "$set" 1
    done
    for count in $FEW; do
        for draw in $DRAWS; do
            choose "few-$count" "$draw"
            peers_of "few-$count" "$draw" --few
        done
        mean_row "few-$count" linear
        for name in tfidf nbsvm; do
            grep -F "| $name |" "$WORK/few-$count.peers" >"$WORK/few-$count.$name"
            mean_row "few-$count" "$name"
        done
    done
}

part_differences() {
    local -a few
    read -ra few <<<"$FEW"
    header set recipe classifier accuracy "recipe less it" "95% interval" "the recipe is"
    python3 "$HERE/paired.py" "$ANSWERS" imdb trec sst2 definitions "${few[@]/#/few-}"
}

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
    seeds network --preset default --train "$LABELLED"
}

part_threads() {
    local preset threads few verdict
    few=$WORK/few.tsv
    head -n 2001 "$LABELLED" >"$few"
    header preset rows threads "model files"
    for preset in tutorial default recipe; do
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
    LOOKS=$((LOOKS + $(grep -c -e --brief "$WORK/log"))) # it evaluates by itself
    look
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

LIBRARY=$(cd "$(dirname "$HEED")" && pwd)
LABELLED=$(rows "$DATA/labeledTrainData.tsv")
MASTER=$(rows "$DATA/imdb_master.csv")
TEST_FILE=$(rows "$DATA/testData.tsv")
mkdir -p "$ANSWERS"
echo "$("$HEED" --version), $(nproc) processors, load average $(cut -d' ' -f1-3 /proc/loadavg)"
# shellcheck disable=SC2086 # a list
[ $# -gt 0 ] || set -- $PARTS
for part in "$@"; do
    [ "$(type -t "part_$part")" = function ] || die "$part: no such part; there are $PARTS"
done
for part in "$@"; do
    LOOKS=0
    "part_$part"
    printf '\n%s: test files were opened %d times\n' "$part" "$LOOKS"
done
exit $BAD
