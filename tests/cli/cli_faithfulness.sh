# heed explain --faithfulness: tables, JSON, a picture; what --store keeps is taken from then on.
. "$(dirname "$0")/lib.sh"
made_rows 300 | cut -f 2,3 > rows.tsv
"$HEED" train --train rows.tsv --epochs 12 --learning-rate 0.01 --patience 0 --quiet --model a.safetensors \
    --architecture 'embed 8 | bilstm 4 | attention additive 4' || wrong train
"$HEED" train --train rows.tsv --quiet --model l.safetensors --architecture linear || wrong "train linear"
cp a.safetensors before.safetensors

# Tables, and the same bytes again whatever the threads.
"$HEED" explain a.safetensors --faithfulness rows.tsv --rows 40 --picture p.svg > out 2> err || wrong "measure: $(cat err)"
has '40 of 300 texts, erased words removed' 'comprehensiveness:' 'sufficiency:' 'attention ' 'leave-one-out ' \
    'random order' 'permuted attention changes' 'most faithful: '
grep -q '<svg ' p.svg || wrong "no picture"
cmp -s a.safetensors before.safetensors || wrong "measuring changed the model"
for threads in 1 3; do
    "$HEED" explain a.safetensors --faithfulness - --format tsv --rows 40 --threads $threads --json --output $threads.json \
        < rows.tsv || wrong "standard input"
done
cmp -s 1.json 3.json || wrong "the bits depend on the threads"
"$HEED" explain l.safetensors --faithfulness rows.tsv --rows 20 --erase unk > out || wrong "linear"
has 'replaced by <unk>' 'weights '
grep -q permuted out && wrong "a linear model has no attention"
if has_command python3; then
    python3 - 1.json <<'END' || wrong "JSON"
import json, sys
f = json.load(open(sys.argv[1]))
methods = {m["method"]: m for m in f["methods"]}
assert list(methods) == ["attention", "gradient", "integrated", "leave-one-out", "random"] and f["rows"] == 40
assert f["best"] == max(methods, key=lambda m: methods[m]["gain"]["mean"] or -2)
assert (f["rows_needed"] == 0) == (f["lead"]["low"] > 0), f["lead"]
for m in methods.values():
    for figures in (m["comprehensiveness"], m["sufficiency"]):
        assert abs(figures["mean"]["mean"] - sum(figures[k]["mean"] for k in ("10", "20", "50")) / 3) < 1e-12
        assert all(i["low"] <= i["mean"] <= i["high"] for i in figures.values())
END
fi

# Which method is the best, and whether so many texts can tell it from the next one.
has 'its lead over '
"$HEED" explain a.safetensors --faithfulness rows.tsv --rows 2 --json > 1.json 2> err || wrong "few texts: $(cat err)"
if has_command python3; then
    python3 - 1.json <<'END' || wrong "JSON of few texts"
import json, sys
f = json.load(open(sys.argv[1]))
if f["best"] is not None:
    gain = {m["method"]: m["gain"]["mean"] for m in f["methods"]}
    assert abs(f["lead"]["mean"] - (gain[f["best"]] - gain[f["rival"]])) < 1e-12, f["lead"]
    assert f["rows_needed"] >= 30, f
END
fi

# What is stored is taken, and told; another method can still be asked for.
"$HEED" explain a.safetensors 'a lovely film' > out
has 'integrated: ' '(not measured)'
"$HEED" explain a.safetensors --faithfulness rows.tsv --rows 40 --store > out 2> err || wrong "store: $(cat err)"
best=$(sed -n 's/^most faithful: \([a-z-]*\).*/\1/p' out)
grep -q "heed explain uses $best from now on" err || wrong "--store says: $(cat err)"
"$HEED" explain a.safetensors 'a lovely film' > out
has "$best: " 'the most faithful method on 40 texts: gain over random order +'
"$HEED" explain a.safetensors 'a lovely film' --method attention > out
grep -q 'most faithful' out && wrong "attention is asked for, not the most faithful"
"$HEED" inspect a.safetensors > out
has "$best, the most faithful on 40 texts"
"$HEED" explain a.safetensors 'a lovely film' --json > out
has '"measured":true,"most_faithful":{"rows":40,"gain":'

# Where nothing is learned no method is ahead: the tables are printed, the model stays.
awk 'BEGIN { print "label\ttext"; for (i = 0; i < 40; i++) printf "%s\tsame words always\n", i % 2 ? "pos" : "neg" }' > even.tsv
"$HEED" train --train even.tsv --validation none --quiet --model e.safetensors --architecture linear || wrong "train even"
cp e.safetensors before.safetensors
"$HEED" explain e.safetensors --faithfulness even.tsv --store > out 2> err
expect "status of --store without a faithful method" $? 4
grep -q 'no method is stored' err || wrong "--store without a faithful method: $(cat err)"
has 'most faithful: none'
cmp -s e.safetensors before.safetensors || wrong "a model without a faithful explanation was changed"
exit $failed
