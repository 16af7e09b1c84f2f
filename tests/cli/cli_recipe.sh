# heed train without --architecture chooses by the rows; what it chooses, and a sum of parts, goes the same way as any model:
# evaluate, predict, explain, inspect, compare, tune, serve.
. "$(dirname "$0")/lib.sh"

made_rows 60 > rows.tsv
small='wide words 1-1 C 10 ; embed 8 | attention additive 4'
train() { # MODEL [OPTION ...]
    model=$1
    shift
    "$HEED" train --train rows.tsv --model "$model" "$@" > out 2> err || wrong "train $*: $(cat err)"
    [ -s out ] && wrong "train $* writes on standard output: $(cat out)"
}

# Few rows: wide, and the figures of both on rows that were held out.
train auto.safetensors
grep -q '^recipe default, for 60 training rows of 13 words: wide$' err || wrong "the choice is not said: $(cat err)"
grep -q '^accuracy on 60 held-out rows: [01][.0-9]* wide alone; [01][.0-9]* linear, the baseline$' err || wrong "no figures: $(cat err)"
"$HEED" inspect auto.safetensors > out 2> err || wrong "inspect: $(cat err)"
grep -q '^wide words 1-2 letters 3-5 ' out || wrong "few rows do not give wide: $(cat out)"
grep -q '^  recipe         default: accuracy [01][.0-9]* on 60 rows that were held out; wide alone [01][.0-9]*, linear [01][.0-9]*$' out ||
    wrong "inspect does not tell of the recipe: $(cat out)"
train fast.safetensors --recipe fast
grep -q '^recipe fast, for 60 training rows of 13 words: wide' err || wrong "--recipe fast: $(cat err)"
train named.safetensors --preset recipe --quiet
cmp -s auto.safetensors named.safetensors || wrong "--preset recipe is not what heed train does by itself"
train plain.safetensors --architecture linear --quiet
"$HEED" inspect plain.safetensors --json > out
grep -q '"recipe"' out && wrong "a record of a recipe where none chose"

# An option that only a network has gives one, however few the rows.
train two.safetensors --epochs 1 --threads 2
grep -q '^recipe network, for 60 training rows of 13 words: wide and a network$' err || wrong "--epochs: $(cat err)"
grep -q '^2 parts, whose weights are fitted on the 60 training rows, each held out once$' err || wrong "--epochs: $(cat err)"
train one.safetensors --epochs 1 --threads 1 --quiet
cmp -s two.safetensors one.safetensors || wrong "one thread and two give different models"
"$HEED" inspect two.safetensors --json > out 2> err || wrong "inspect --json: $(cat err)"
has_command python3 && ! python3 - out << 'CHECK' && wrong "the record: $(cat out)"
import json, sys
model = json.load(open(sys.argv[1]))
recipe, parts, measured = model["recipe"], model["parts"], model["history"][0]["validation"]
assert model["format"] == 2
assert recipe["name"] == "network" and recipe["rows"] == 60, recipe
assert all(0.5 < recipe[key] <= 1 for key in ("accuracy", "wide_accuracy", "linear_accuracy")), recipe
assert abs(recipe["accuracy"] - measured["accuracy"]) < 1e-6, (recipe, measured)
assert [part["architecture"].split()[0] for part in parts] == ["wide", "embed"]
assert all(part["weight"] >= 0 for part in parts)
assert model["network"]["architecture"] == " ; ".join(part["architecture"] for part in parts)
CHECK

# The epochs of its network are kept, those that have validation rows, beside the figures of the whole.
train epochs.safetensors --epochs 3 --quiet --history written.csv
"$HEED" inspect epochs.safetensors --history > read.csv || wrong "inspect --history"
cmp -s written.csv read.csv || wrong "the history differs after loading: $(diff written.csv read.csv)"
[ "$(cut -d , -f 1,2 read.csv | tr '\n' ' ')" = "part,epoch 2,1 2,2 2,3 sum,1 " ] || wrong "the history: $(cat read.csv)"
tail -n +2 read.csv | cut -d , -f 12 | grep -qv '[0-9]' && wrong "an epoch without a validation loss: $(cat read.csv)"
"$HEED" inspect epochs.safetensors | grep -q '^  epoch  [1-3][*]  loss .* validation: loss ' || wrong "inspect: no epoch of the network"
"$HEED" inspect epochs.safetensors --picture epochs.svg > out 2>&1 || wrong "inspect --picture: $(cat out)"

# A sum that is asked for.
train m.safetensors --architecture "$small" --validation 0.1 --epochs 2
grep -q '^2 parts, whose weights are fitted on the validation rows$' err || wrong "no word on the weights: $(cat err)"
grep -q '^weights of the parts, fitted on 6 held-out rows: [0-9.]*, ' err || wrong "no weights: $(cat err)"
"$HEED" inspect m.safetensors > out 2> err || wrong "inspect: $(cat err)"
for piece in '^Part 1, weight [0-9.]*: wide words 1-1 ' '^Part 2, weight [0-9.e-]*: embed 8 | attention additive 4$' \
    '^  window  *whole texts; networks: 400 tokens, cut middle, pad front, padding masked$'; do
    grep -q -e "$piece" out || wrong "inspect: no '$piece' in: $(cat out)"
done
"$HEED" inspect m.safetensors --graph graph.dot > out 2>&1 || wrong "inspect --graph: $(cat out)"
grep -q 'Weighted sum of logits' graph.dot || wrong "the graph: $(cat graph.dot)"
"$HEED" evaluate m.safetensors rows.tsv --brief --require accuracy=0.9 > out 2> err || wrong "evaluate: $(cat out err)"
expect "answers" "$(printf 'a lovely film\nit was awful' | "$HEED" predict m.safetensors | cut -f 1 | tr '\n' ' ')" "pos neg "
for method in integrated attention gradient leave-one-out; do
    "$HEED" explain m.safetensors --method $method --text 'the film was lovely and unheard' > out 2> err || wrong "explain --method $method: $(cat err)"
    grep -q lovely out || wrong "explain --method $method: $(cat out)"
done
"$HEED" explain m.safetensors --text 'the film was lovely' > out 2> err || wrong "explain: $(cat err)"
grep -q 'integrated' out err || wrong "explain does not use integrated gradients: $(cat out err)"
"$HEED" explain m.safetensors --faithfulness rows.tsv --rows 20 > out 2> err || wrong "faithfulness: $(cat err)"
refuses 2 'expected attention, gradient, integrated or leave-one-out' "$HEED" explain m.safetensors --method weights --text x
refuses 2 'no part of the sum is a network on words' "$HEED" train --train rows.tsv --model x --quiet --architecture 'wide ; linear' --vectors self
refuses 2 'expected the architecture of the model' "$HEED" train --train rows.tsv --model x --quiet --init-from m.safetensors --architecture recipe

"$HEED" compare --train rows.tsv --architecture 'wide C 10 ; embed 8 | mean' --epochs 1 --quiet > out 2> err || wrong "compare: $(cat err)"
grep -q 'wide C 10 ; embed 8 | mean' out && grep -q linear out || wrong "compare: $(cat out)"
"$HEED" tune --train rows.tsv --architecture 'wide C 10 ; embed {4..8} | mean' --epochs 1 --trials 2 --table t.csv --quiet > out 2> err || wrong "tune: $(cat err)"

has_command python3 && ! PYTHONPATH=$tests/cli HEED=$HEED python3 - "$("$HEED" predict m.safetensors --text 'a lovely film')" << 'CHECK' && wrong "serve"
import sys
from serving import Server
label, probability = sys.argv[1].split("\t")[:2]
with Server("m.safetensors") as server:
    status, _, answer = server.ask("POST", "/predict", {"inputs": "a lovely film"})
    best = answer[0]
    assert status == 200 and best["label"] == label and abs(best["score"] - float(probability)) < 1e-4, (answer, sys.argv)
CHECK
exit $failed
