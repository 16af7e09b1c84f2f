#!/usr/bin/env bash
# Which explanation can be trusted for which pooling: trains the default network with each pooling, and the linear model,
# measures all their explanations on the same test texts (heed explain --faithfulness), and prints Markdown tables.
#
#   bench/explanations.sh FOLDER [POOLING]...
#
# FOLDER holds labeledTrainData.tsv and testData.tsv. ROWS=N trains on the first N rows (5000), EPOCHS=N so often (2),
# SAMPLE=N test texts are measured (300); HEED names the program, KEEP a folder for models and figures as JSON.
set -euo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
HEED=${HEED:-$HERE/../build/release/heed}
ROWS=${ROWS:-5000}
EPOCHS=${EPOCHS:-2}
SAMPLE=${SAMPLE:-300}

[ $# -ge 1 ] || { echo "usage: bench/explanations.sh FOLDER [POOLING]..." >&2; exit 2; }
[ -x "$HEED" ] || { echo "$HEED: no program; build it, or name it in HEED" >&2; exit 2; }
DATA=$1
shift
[ $# -gt 0 ] || set -- 'attention additive 16' 'attention dot' 'attention scaled' 'attention location' \
    'attention cosine' 'attention general' max mean last linear
WORK=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$WORK"' EXIT
mkdir -p "$WORK"
head -n $((ROWS + 1)) "$DATA/labeledTrainData.tsv" >"$WORK/train.tsv"

# measure NAME POOLING: a model, its accuracy on the whole test file, and its explanations' figures.
measure() {
    local model=$WORK/$1.safetensors architecture="embed 64 | bilstm 32 | $2 | dense 32 | dropout 0.3"
    [ "$2" != linear ] || architecture=linear
    "$HEED" train --quiet --train "$WORK/train.tsv" --model "$model" --architecture "$architecture" --epochs "$EPOCHS"
    "$HEED" evaluate "$model" "$DATA/testData.tsv" --label-from 'id:rating>=5' --quiet --json --resamples 0 \
        >"$WORK/$1.accuracy.json"
    "$HEED" explain "$model" --faithfulness "$DATA/testData.tsv" --rows "$SAMPLE" --quiet --json >"$WORK/$1.json"
}

names=()
for pooling in "$@"; do
    name=${pooling#attention }
    name=${name%% *}
    names+=("$name")
    [ -s "$WORK/$name.json" ] || measure "$name" "$pooling"
done

echo "$("$HEED" --version), the first $ROWS rows of labeledTrainData.tsv, $EPOCHS epochs, $SAMPLE texts of testData.tsv"
python3 - "$WORK" "${names[@]}" <<'END'
import json, sys

folder, names = sys.argv[1], sys.argv[2:]


def interval(i, signed=False):
    if i["mean"] is None:
        return "-"
    shape = "{:+.2f} [{:+.2f}, {:+.2f}]" if signed else "{:.2f} [{:.2f}, {:.2f}]"
    return shape.format(i["mean"], i["low"], i["high"])


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def head(*cells):
    print()
    row(*cells)
    row(*["---"] * len(cells))


def losses(m):
    shape = "{:.2f} / {:+.2f}"
    return shape.format(m["comprehensiveness"]["mean"]["mean"], m["sufficiency"]["mean"]["mean"])


found = {name: json.load(open(f"{folder}/{name}.json")) for name in names}
METHODS = ["attention", "gradient", "integrated", "leave-one-out", "weights"]
figures = {name: {m["method"]: m for m in f["methods"]} for name, f in found.items()}


def cells(name, write, methods):
    return [write(figures[name][m]) if m in figures[name] else "-" for m in methods]


head("gain over random order", "accuracy", *METHODS)
for name, f in found.items():
    accuracy = json.load(open(f"{folder}/{name}.accuracy.json"))["accuracy"]
    gains = cells(name, lambda m: interval(m["gain"], True), METHODS)
    row(name, f"{accuracy:.4f}", *("**" + g + "**" if m == f["best"] else g for m, g in zip(METHODS, gains)))
head("comprehensiveness / sufficiency", *METHODS, "random order")
for name in names:
    row(name, *cells(name, losses, METHODS + ["random"]))
head("tau with leave-one-out", "attention", "gradient", "integrated", "weights", "output moved by permuted attention")
for name, f in found.items():
    row(name, *cells(name, lambda m: interval(m["leave_one_out_tau"], True), METHODS[:3] + METHODS[4:]),
        interval(f["permuted_attention"]))
head("tau with random weights", *METHODS[:4])
for name in names:
    row(name, *cells(name, lambda m: interval(m["random_weights_tau"], True), METHODS[:4]))
END
