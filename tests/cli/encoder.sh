# Models that read texts through a pretrained encoder go the same way as any: train, predict, evaluate, explain, compare, tune,
# serve, inspect. Small encoders with random weights: what they are worth is not measured here.
. "$(dirname "$0")/lib.sh"

for name in bert distilbert static; do made_encoder $name $name; done
made_rows 60 > few.tsv
made_rows 600 > many.tsv
head -n 1 many.tsv > part.tsv
awk 'NR > 1 && NR % 5 == 0' many.tsv >> part.tsv
printf '%s\n' 'a lovely film' '' '!!! ...' '<b>AWFUL</b> &amp; caf&eacute;<br>' '😀 映画 фильм' 'not a good one' > texts.txt
mean='encoder | mean | linear 1'

train() { # MODEL [OPTION ...]
    model=$1
    shift
    "$HEED" train --train few.tsv --model "$model" --encoder bert "$@" > out 2> err || wrong "train $*: $(cat err)"
    [ -s out ] && wrong "train $* writes on standard output: $(cat out)"
}
same() { cmp "$1" "$2" || wrong "$3"; }
said() { grep -q -e "$1" err || wrong "no '$1' in: $(cat err)"; }

# ---- the recipe: the encoder alone; from 100 rows on it learns, if it may; a sum where it may not, or options ask for a network

train few.safetensors
said '^recipe default, for 60 training rows of 13 words: the encoder$'
said '^accuracy on 60 held-out rows: [01][.0-9]* the encoder alone; [01][.0-9]* linear, the baseline$'
"$HEED" inspect few.safetensors > out
has 'encoder bert 2x24 | mean | linear ' 'encoder        bert 2x24, frozen; 60 tokens' 'features       24: the mean of its states' 'the encoder alone'
train fast.safetensors --recipe fast --train many.tsv
said '^recipe fast, for 660 training rows of 13 words: the encoder$'
"$HEED" train --train many.tsv --model trained.safetensors --encoder bert > out 2> err || wrong "many rows: $(cat err)"
said '^recipe default, for 600 training rows of 13 words: the encoder trained and wide$'
said '^2 parts, whose weights are fitted on a fifth of the 600 training rows, held out$'
said 'the encoder trained alone; [01][.0-9]* the encoder as it is; [01][.0-9]* linear, the baseline$'
train best.safetensors --train many.tsv --recipe best --encoder-epochs 1
said '^recipe best, for 660 training rows of 13 words: the encoder trained and wide$'
"$HEED" train --train many.tsv --model many.safetensors --encoder bert --save-as bfloat16 > out 2> err || wrong "many rows: $(cat err)"
said '^recipe default, for 600 training rows of 13 words: the encoder, wide and a network on its states$'
said '^weights of the parts, fitted on 600 held-out rows: '
train network.safetensors --epochs 1
said '^recipe network, for 60 training rows of 13 words: the encoder, wide and a network on its states$'
train words.safetensors --epochs 1 --stretches 2
said '^recipe network, for 60 training rows of 13 words: the encoder, wide and a network$'

# ---- an encoder that learns

train learned.safetensors --architecture 'encoder trained | mean | dropout 0.1' --encoder-epochs 2 --validation-file part.tsv
said '^the encoder learns: 2 epochs of 4 steps, 16 rows each; learning rates 0.00015, of the layers on it 0.0015$'
loss=$(grep '^2/2 *val' err | awk '{ print $4 }')
told=$(sed -n 's/^60 training rows.*; \([0-9]*\) parameters$/\1/p' err)
"$HEED" evaluate learned.safetensors part.tsv --brief > out 2> err
expect "log loss of evaluate and of training" "$(awk '/^log loss/ { print $3 }' out)" "$loss"
"$HEED" inspect learned.safetensors > out
has 'encoder bert 2x24 trained | mean | dropout 0.1' 'encoder        bert 2x24, trained; 60 tokens'
# blocks of 4 (24 x 24 + 24) + 2 (24 x FEED) + FEED + 24 + 4 x 24, positions, types and a norm; the output
if has_command python3; then
    feed=$(python3 -c 'import json; c = json.load(open("bert/config.json")); print(c["intermediate_size"], c["max_position_embeddings"], c["type_vocab_size"])')
    learning=$(echo "$feed" | awk '{ print 2 * (4 * 600 + 48 * $1 + $1 + 24 + 96) + 24 * ($2 + $3 + 2) }')
    expect "parameters that learn" "$told" $((learning + 25))
    expect "parameters that learn" "$("$HEED" inspect learned.safetensors --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["parameters"])')" $((learning + 25))
fi
for method in gradient integrated leave-one-out; do
    "$HEED" explain learned.safetensors --method $method --file texts.txt > out 2> err || wrong "explain --method $method, learned: $(cat err)"
done
cp -r bert renamed
train again.safetensors --architecture 'encoder trained | mean | dropout 0.1' --encoder-epochs 2 --validation-file part.tsv --encoder renamed --threads 1
same learned.safetensors again.safetensors "another folder or fewer threads change what an encoder learns"
said '^memory for it: 1 MB$'
"$HEED" tune --train many.tsv --encoder bert --architecture 'encoder trained | mean' --range 'layer-decay={0.5..1}' --epochs 4 \
    --trials 2 --table search.csv --best best.json > out 2> err || wrong "tune: $(cat err)"
expect "epochs of the rungs" "$(cut -d, -f1,3 search.csv | tail -n +2 | sort -u | tr '\n' ' ')" "1,1 2,4 "
grep -q '"encoder-epochs": 4' best.json || wrong "the best options: $(cat best.json)"
"$HEED" train --folds 3 --train few.tsv --encoder bert --architecture 'encoder trained | max' --encoder-epochs 1 > out 2> err ||
    wrong "folds: $(cat err)"

# ---- every architecture: what was measured in training is what heed evaluate says; answers and explanations for any text

check_explained() { # MODEL: in one line for each text, the scores of integrated gradients add up within 1% of them
    has_command python3 || return 0
    "$HEED" explain "$1" --method integrated --json --file texts.txt > out 2> err || wrong "explain $1: $(cat err)"
    python3 - << 'CHECK' || wrong "explain $1: $(cat out)"
import json
lines = [json.loads(line) for line in open("out", encoding="utf-8")]
assert len(lines) == 6, len(lines)
for e in lines:
    scores = [s.get("score", 0) for s in e["segments"]]
    change = e["logit"] - e["baseline"]
    assert abs(sum(scores) - change) <= 0.01 * sum(map(abs, scores)) + 1e-5, (e["text"], sum(scores), change)
    assert e["tokens"] or e["gap"] == 0, e
    assert "".join(s["text"] for s in e["segments"]) == e["text"]
    assert abs(sum(t["score"] for t in e["tokens"]) - sum(scores)) < 1e-4
fates = {s["text"]: (s["fate"], s.get("word")) for e in lines for s in e["segments"]}
assert fates["lovely"] == ("read", "lovely") and fates["AWFUL"][0] == "read", fates
assert fates["<b>"][0] == fates["<br>"][0] == "tag", fates
CHECK
}

number=0
for architecture in "$mean" 'encoder | first | linear 3' 'encoder | max | linear' "$mean ; wide" "wide words 1-1 C 10 ; $mean" \
    "$mean ; linear" 'encoder | mean | linear 1 ; encoder | max | linear 1' "$mean ; embed 4 | max" "embed 4 | attention dot ; wide ; $mean"; do
    for encoder in bert static; do
        number=$((number + 1))
        model=m$number.safetensors
        "$HEED" train --quiet --train few.tsv --encoder $encoder --model $model --architecture "$architecture" --epochs 1 --max-length 9 \
            --stretches 2 > out 2> err || wrong "$encoder, $architecture: $(cat err)"
        "$HEED" predict $model < texts.txt > out 2> err || wrong "predict $architecture: $(cat err)"
        expect "answers of $encoder, $architecture" "$(cut -f 1 out | grep -c -e '^pos$' -e '^neg$')" 6
        "$HEED" predict $model --threads 3 < texts.txt > threads 2> err
        same out threads "predict, $encoder, $architecture: threads change the answers"
        "$HEED" evaluate $model few.tsv --brief > out 2> err || wrong "evaluate $architecture: $(cat err)"
        check_explained $model
        for method in gradient leave-one-out; do
            "$HEED" explain $model --method $method --file texts.txt > out 2> err || wrong "explain --method $method, $architecture: $(cat err)"
        done
        "$HEED" inspect $model > out 2> err || wrong "inspect $architecture: $(cat err)"
        "$HEED" inspect $model --json > out 2> err && "$HEED" inspect $model --graph graph.dot > out 2> err || wrong "inspect $architecture: $(cat err)"
        "$HEED" inspect $model --picture picture.svg > out 2>&1 && is_xml picture.svg || wrong "inspect --picture, $architecture: $(cat out)"
    done
done
train mean.safetensors --architecture "$mean" --validation-file part.tsv
loss=$(grep '^1/1 *val' err | awk '{ print $4 }')
"$HEED" evaluate mean.safetensors part.tsv --brief > out 2> err
expect "log loss of evaluate and of training" "$(awk '/^log loss/ { print $3 }' out)" "$loss"
# Words whose sub-words the encoder knows are one word; what it does not know is said to be so.
"$HEED" explain mean.safetensors --method leave-one-out --text 'lovely CAFÉ zebra' > out 2> err
has 'lovely' 'CAFÉ' 'zebra(?)'
"$HEED" explain mean.safetensors --method attention --text 'a lovely film' > out 2> err
has 'attention: where the model looked (not measured) (the tokens around the text got '
train static.safetensors --encoder static --architecture "$mean"
refuses 2 'expected gradient, integrated or leave-one-out' "$HEED" explain static.safetensors --method attention --text x
refuses 2 'expected attention, gradient, integrated or leave-one-out' "$HEED" explain mean.safetensors --method weights --text x
"$HEED" explain mean.safetensors --text 'a lovely film' --against 'an awful film' > out 2> err || wrong "explain --against: $(cat err)"
for model in mean m8 static m15 m17; do
    "$HEED" explain $model.safetensors --faithfulness few.tsv --rows 8 > out 2> err || wrong "faithfulness of $model: $(cat err)"
    has integrated 'leave-one-out' 'most faithful'
done
"$HEED" explain m17.safetensors --faithfulness few.tsv --rows 8 --erase unk > out 2> err || wrong "faithfulness --erase unk: $(cat err)"
cp mean.safetensors stored.safetensors
"$HEED" explain stored.safetensors --faithfulness few.tsv --rows 8 --store > out 2> err || wrong "faithfulness --store: $(cat err)"
"$HEED" explain stored.safetensors --text 'a lovely film' > out 2> err
has 'the most faithful method on 8 texts'

# ---- the same bytes from another folder, by any number of threads, and from a cache; without the folder the model answers

cp -r bert elsewhere
train a.safetensors --train many.tsv --quiet --threads 1
for n in 2 3; do
    train b.safetensors --train many.tsv --quiet --threads $n --encoder elsewhere
    same a.safetensors b.safetensors "$n threads, or another folder, change the model"
done
for n in 1 2; do
    train c$n.safetensors --train many.tsv --cache kept
    same a.safetensors c$n.safetensors "the cache changes the model"
done
said '^cache: rows from kept/heed-'
cp kept/*.features features
[ -s features ] || wrong "no features are kept"
for damage in 'head -c 1000 features' 'head -c 8 features' 'tr a b < features'; do
    for file in kept/*.features; do sh -c "$damage" > $file; done
    train d.safetensors --train many.tsv --cache kept
    same a.safetensors d.safetensors "damaged features change the model"
    cmp -s features kept/*.features || wrong "damaged features are not written anew"
done
train s.safetensors --encoder static --cache kept
grep -q 'rows from' err && wrong "an encoder's cache is used for another"
train w.safetensors --encoder static
same s.safetensors w.safetensors "a cache changes the model of another encoder"
"$HEED" predict a.safetensors < texts.txt > before
rm -r bert elsewhere
"$HEED" predict a.safetensors < texts.txt > out 2> err || wrong "the folder is gone: $(cat err)"
same out before "the folder is gone: other answers"
made_encoder bert bert

# Saved as bfloat16 an encoder takes half the bytes, and what was measured in training is what the file does.
train half.safetensors --architecture "$mean" --validation-file part.tsv --save-as bfloat16
loss=$(grep '^1/1 *val' err | awk '{ print $4 }')
"$HEED" evaluate half.safetensors part.tsv --brief > out 2> err
expect "log loss of bfloat16" "$(awk '/^log loss/ { print $3 }' out)" "$loss"
saved=$(($(wc -c < mean.safetensors) - $(wc -c < half.safetensors))) weights=$(wc -c < bert/model.safetensors)
[ $saved -gt $((weights * 4 / 10)) ] || wrong "bfloat16 saves $saved bytes of $weights"
refuses 2 '--save-as' "$HEED" train --train few.tsv --encoder bert --save-as int8 --model x.safetensors

# ---- several labels, three labels, thresholds, folds, figures of a report

awk 'BEGIN { FS = OFS = "\t" } NR > 1 { $2 = NR % 3 == 0 ? "" : NR % 3 == 1 ? "a" : "a,b" } { print }' few.tsv > several.tsv
awk 'BEGIN { FS = OFS = "\t" } NR > 1 { $2 = substr("xyz", NR % 3 + 1, 1) } { print }' few.tsv > three.tsv
for architecture in "$mean" "$mean ; wide"; do
    for rows in several three; do
        options=$([ $rows = several ] && echo --label-separator , --tune-thresholds)
        "$HEED" train --quiet --encoder bert --train $rows.tsv $options --architecture "$architecture" --model $rows.safetensors 2> err ||
            wrong "$rows, $architecture: $(cat err)"
        "$HEED" evaluate $rows.safetensors $rows.tsv --json > out 2> err || wrong "evaluate, $rows: $(cat err)"
        check_explained $rows.safetensors
    done
done
"$HEED" train --train few.tsv --encoder bert --architecture "$mean" --folds 3 --quiet > out 2> err || wrong "folds: $(cat err)"
has 'fold 3/3: rows 40 + 20' 'accuracy: '
train tuned.safetensors --architecture "$mean" --tune-thresholds --quiet
"$HEED" inspect tuned.safetensors > out
has ', predicted above 0.'
if has_command python3; then
    for model in mean m8; do
        "$HEED" evaluate $model.safetensors few.tsv --report pages --brief > out 2> err || wrong "report: $(cat err)"
        python3 - << 'CHECK' || wrong "the report of $model"
import json, re
page, report = open("pages/report.html", encoding="utf-8").read(), json.load(open("pages/report.json", encoding="utf-8"))
test = report["test"]
# every word of these rows is in the vocabularies; 13 words a row, of which the encoder makes more
assert test["unknown_tokens"] == 0, test
assert "reads the text itself" in page and "The vocabulary has 0 words" not in page
CHECK
        rm -r pages
    done
fi

# ---- compare, tune, going on with a model, serving

"$HEED" compare --encoder bert --train few.tsv --quiet --architecture "$mean" --architecture 'encoder | max | linear ; wide' --architecture wide \
    --seeds 2 > out 2> err || wrong "compare: $(cat err)"
has "A  $mean" 'B  encoder | max | linear ; wide' 'C  wide' 'D  linear (baseline)'
refuses 2 "found '$mean', expected --encoder FOLDER with it" "$HEED" compare --train few.tsv --quiet --architecture wide --architecture "$mean"
refuses 2 "'wide', which has no encoder" "$HEED" compare --encoder bert --train few.tsv --quiet --architecture wide --architecture 'embed 4 | mean'
"$HEED" tune --train few.tsv --encoder bert --architecture 'encoder | {mean,max} | linear {0.1..10}' --range 'max-length={5..20}' --table t.csv \
    --trials 3 --epochs 9 --validation 0.2 --best best.json > out 2> err || wrong "tune: $(cat err)"
has '5 trainings, 0 of them failed'
train best.safetensors --config best.json
refuses 2 'trained without initial weights' "$HEED" train --init-from mean.safetensors --train few.tsv --model x --quiet
"$HEED" train --init-from m15.safetensors --train few.tsv --model more.safetensors --epochs 1 --quiet > out 2> err || wrong "--init-from: $(cat err)"
"$HEED" inspect more.safetensors > out
has 'bert 2x24, frozen' 'Part 2, weight ' ': embed 4 | max'
refuses 2 'the model of --init-from already determines this' "$HEED" train --init-from m15.safetensors --encoder bert --train few.tsv --model x --quiet
if has_command python3; then
    "$HEED" predict many.safetensors --all-scores --output-format jsonl < texts.txt > predicted
    PYTHONPATH=$tests/cli HEED=$HEED python3 - << 'CHECK' || wrong "serve"
import json
from serving import Server
texts = open("texts.txt", encoding="utf-8").read().split("\n")[:-1]
expected = [[one["score"] for one in json.loads(line)["scores"]] for line in open("predicted", encoding="utf-8")]
with Server("many.safetensors") as server:
    status, _, body = server.ask("POST", "/v1/models/many:predict", {"instances": texts})
    assert status == 200 and [p["scores"] for p in body["predictions"]] == expected, (status, body, expected)
    status, _, body = server.ask("POST", "/v1/models/many:explain", {"instances": texts[:1]})
    assert status == 200 and body["explanations"][0]["method"] == "integrated", (status, body)
CHECK
fi

# ---- what is refused, in one line

not_trained() { # PATTERN [OPTION ...]
    pattern=$1
    shift
    refuses "${status_expected:-2}" "$pattern" "$HEED" train --quiet --train few.tsv --model x.safetensors "$@"
    [ -e x.safetensors ] && wrong "a model in spite of: $*"
}
not_trained 'expected --encoder FOLDER with it' --architecture "$mean"
not_trained 'expected --encoder FOLDER with it' --architecture "wide ; $mean"
not_trained "'linear', which has no encoder" --encoder bert --architecture linear
not_trained "'wide', which has no encoder" --encoder bert --architecture wide --folds 2
not_trained 'stretches: found 3, expected --encoder FOLDER' --stretches 3
not_trained "found '65', expected a whole number from 1 to 64" --encoder bert --stretches 65
not_trained "found 'encoder bert 6x384', and the encoder is bert 2x24" --encoder bert --architecture 'encoder bert 6x384 | mean | linear'
not_trained "found 'sum', expected mean, first or max" --encoder bert --architecture 'encoder | sum | linear'
not_trained "found '0', expected C, a number" --encoder bert --architecture 'encoder | mean | linear 0'
not_trained 'trained without initial weights' --encoder bert --architecture "$mean" --vectors self
not_trained "found ''" --encoder ''
status_expected=3
not_trained '^heed: nowhere: found no such folder, .* on this machine; heed downloads nothing$' --encoder nowhere
not_trained '^heed: bert/model.safetensors: found a file, expected the folder of an encoder$' --encoder bert/model.safetensors
made_encoder broken bert
head -c 3000 bert/model.safetensors > broken/model.safetensors
not_trained 'broken/model.safetensors: .*expected a complete safetensors file' --encoder broken
cp bert/model.safetensors broken
echo more >> broken/vocab.txt
not_trained 'its tokenizer has 61 tokens, expected at most the 60 of the weights' --encoder broken
rm broken/vocab.txt
not_trained 'broken: found neither tokenizer.json nor vocab.txt' --encoder broken
for command in check clean split; do refuses 2 "$command does not take option --encoder" "$HEED" $command --encoder bert few.tsv; done
