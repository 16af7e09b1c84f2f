# A run's options as a JSON file: --show-config writes all of them, --config reads them, the line overrides.
. "$(dirname "$0")/lib.sh"
show() { "$HEED" train --show-config "$@"; }
# value KEY ARGUMENT...: what --show-config says of an option, in one line.
value() { key=$1; shift; show "$@" | tr -d '\n' | sed "s/.*\"$key\": *\(\[[^]]*\]\|\"[^\"]*\"\|[^,}]*\)[,}].*/\1/"; }

# ---- every option of a run is a key, under its long name
show > all.json 2> err || wrong "--show-config: $(cat err)"
"$HEED" train --help | grep -o '^  \(-[a-z], \)*--[a-z0-9-]*' | sed 's/.*--//' | grep -vx 'config\|show-config\|help' |
    while read -r name; do
        grep -q "^  \"$name\": " all.json || grep -q "^  \"${name#no-}\": " all.json || echo "$name"
    done > missing
[ -s missing ] && wrong "--show-config lacks $(cat missing)"
# ---- the way round: what is shown is read as the same run
round() {
    show "$@" > first.json 2> err || { wrong "--show-config $*: $(cat err)"; return; }
    show --config first.json > second.json 2> err || wrong "--config of $*: $(cat err)"
    cmp -s first.json second.json || wrong "another run after $*: $(diff first.json second.json)"
}
round
round --preset tutorial
round --train a.tsv --train 'b "c".csv' --model m.safetensors --text-column title,body --text-column 3 --no-header
round --no-mask --quiet --epochs 7 --batch-size=1 --learning-rate 0.1 --seed 9223372036854775807 --threads 3
round --learning-rate 1e-9 --validation last:0.3
round --learning-rate 0.30000000000000004 --validation none
round --preset tutorial --validation auto
round --preset tutorial --mask --stop-words none --max-length mean --lemmas noun,verb --label-map 'pos=1,neg=0'
round --vectors v.txt --freeze always --max-length 77 --positive 'ja — é'
round --freeze 3 --vectors v.txt --label-from 'id:rating>=5' --history h.csv --on-bad-row skip
round --folds 5 --train a
round --validation-file dev.tsv --train -
expect "how rows validate" "$(value validation) $(value validation --preset tutorial) $(value validation --validation 0.1)" \
    '"auto" "last:0.2" 0.1'
expect "the largest seed" "$(value seed --seed 9223372036854775807)" 9223372036854775807
expect "an option that is unset" "$(value folds)" null
expect "a part where folds divide" "$(value validation --folds 5)" null
expect "a flag and its opposite" "$(value mask --no-mask) $(value mask --no-mask --mask)" "false true"
if has_command python3; then
    python3 -c 'import json; assert json.load(open("all.json"))["epochs"] > 0' || wrong "--show-config is no JSON"
fi

# ---- preset, then file, then line
cat > run.json << 'END'
{"epochs": 7, "train": ["a.tsv", "b.tsv"], "mask": false, "max-length": "mean", "learning-rate": 1, "folds": null,
 "preset": "tutorial", "text-column": "body", "validation": "last:0.3", "freeze": "always", "seed": 9223372036854775807}
END
expect "the file over the preset" "$(value epochs --config run.json) $(value max-length --config run.json)" '7 "mean"'
expect "the preset of the file" "$(value cut --config run.json)" '"front"'
expect "the preset of the line" "$(value cut --config run.json --preset default)" '"middle"'
expect "the file over the preset of the line" "$(value epochs --preset default --config run.json)" 7
expect "the line over the file" "$(value epochs --config run.json --epochs 3) $(value epochs --epochs 3 --config run.json)" "3 3"
expect "a flag of the line" "$(value mask --config run.json) $(value mask --config run.json --mask)" "false true"
expect "a list of the file" "$(value train --config run.json)" '[    "a.tsv",    "b.tsv"  ]'
expect "a list of the line" "$(value train --config run.json --train c.tsv)" '[    "c.tsv"  ]'
expect "a list as a string" "$(value text-column --config run.json)" '[    "body"  ]'
expect "a null" "$(value folds --config run.json)" null
expect "a whole number for a real one" "$(value learning-rate --config run.json)" 1.0
expect "a file of rows in place of a part" "$(value validation --config run.json --validation-file d) \
$(value validation-file --config run.json --validation-file d)" 'null "d"'
echo '{"epochs": 9}' > other.json
expect "the last file" "$(value epochs --config run.json --config other.json) $(value preset --config run.json --config other.json)" \
    '9 "recipe"'
echo '{}' > empty.json
round --config empty.json

# ---- a run from a file is the run of its line
awk 'BEGIN { print "label\ttext"; for (i = 0; i < 60; i++) print (i % 2 ? "pos\tgood " : "neg\tbad ") "film " i }' > rows.tsv
set -- --train rows.tsv --epochs 2 --max-length 8 --min-count 1 --seed 5 --quiet \
    --architecture 'embed 4 | bilstm 2 | attention additive 2'
"$HEED" train "$@" --model line.safetensors 2> err || wrong "train: $(cat err)"
show "$@" --model file.safetensors > shown.json
"$HEED" train --config shown.json > out 2> err || wrong "train --config: $(cat err)"
cmp -s line.safetensors file.safetensors || wrong "a config file gives another model than its line"

# What the options of another command leave unset is passed over.
"$HEED" train --train rows.tsv --epochs 2 --show-config > all.json
"$HEED" compare --config all.json --show-config | grep -q '"epochs": 2' || wrong "compare reads no configuration of train"
"$HEED" tune --config all.json --range batch-size=2,4 --show-config | grep -q '"epochs": 2' || wrong "nor does tune"
exit $failed
