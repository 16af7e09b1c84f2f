# A run's options as a JSON file: --show-config writes all of them, --config reads them, the line overrides.
HEED=${HEED:?path of the program}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
wrong() { echo "$*"; failed=1; }
expect() { [ "$2" = "$3" ] || wrong "$1: found: $2, expected: $3"; }
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
for command in evaluate predict; do
    "$HEED" $command m f --show-config > out 2> err
    expect "status of $command --show-config" $? 2
done

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
round --preset tutorial --mask --stop-words none --max-length mean --lemmas noun,verb --label-map 'pos=1,neg=0'
round --vectors v.txt --freeze always --max-length 77 --positive 'ja — é'
round --freeze 3 --vectors v.txt --label-from 'id:rating>=5' --history h.csv --on-bad-row skip
round --folds 5 --train a
round --validation-file dev.tsv --train -
expect "the largest seed" "$(value seed --seed 9223372036854775807)" 9223372036854775807
expect "an option that is unset" "$(value folds)" null
expect "a part where folds divide" "$(value validation --folds 5)" null
expect "a flag and its opposite" "$(value mask --no-mask) $(value mask --no-mask --mask)" "false true"
if command -v python3 > /dev/null; then
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
    '9 "default"'
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

# ---- what cannot be used: one line, the file's name and the key, and nothing is trained
refuses() { # STATUS PATTERN TEXT [ARGUMENT]...
    status=$1 pattern=$2
    # shellcheck disable=SC2059
    printf "$3" > bad.json
    shift 3
    "$HEED" train --train rows.tsv --model none.safetensors --config bad.json "$@" > out 2> err
    found=$?
    [ $found = "$status" ] || wrong "$pattern: status $found, expected $status: $(cat err)"
    [ "$(wc -l < err)" = 1 ] && [ ! -s out ] || wrong "$pattern: not one line: $(cat out err)"
    grep -q -e "^heed: bad.json.*$pattern" err || wrong "found: $(cat err), expected: $pattern"
    [ -e none.safetensors ] && wrong "$pattern: trained all the same"
}
refuses 2 'unknown option "epohcs"; did you mean "epochs"?' '{"epohcs": 5}'
refuses 2 'did you mean "batch-size"?' '{"batch_size": 5}'
refuses 2 'unknown option "xyzzyquux"; .*--help' '{"xyzzyquux": 5}'
refuses 2 'does not take option "top-k"' '{"top-k": 5}'
refuses 2 'does not take option "config"' '{"config": "bad.json"}'
refuses 2 'does not take option "help"' '{"help": true}'
refuses 2 'expected "mask": false' '{"no-mask": true}'
refuses 3 ':2:.*duplicate object key.*epochs' '{"epochs": 5,\n "epochs": 6}'
refuses 2 'epochs: found a string, expected a whole number' '{"epochs": "5"}'
refuses 2 'epochs: found a number with a point or exponent, expected a whole number' '{"epochs": 5.0}'
refuses 2 "epochs: found '0', expected a whole number from 1 to 65535" '{"epochs": 0}'
refuses 2 "epochs: found '-1', expected a whole number" '{"epochs": -1}'
refuses 2 "epochs: found '0'" '{"epochs": 0}' --epochs 5
refuses 2 'epochs: found an object' '{"epochs": {"epochs": 5}}'
refuses 2 'seed: found .-1' '{"seed": -1}'
refuses 3 ':1:' '{"seed": 9223372036854775808}'
refuses 3 ':1:' '{"learning-rate": 1e999}'
refuses 2 'learning-rate: found a string, expected a number' '{"learning-rate": "0.1"}'
refuses 2 "learning-rate: found '0.*expected a number from" '{"learning-rate": 0}'
refuses 2 'mask: found a string, expected true or false' '{"mask": "no"}'
refuses 2 'model: found true, expected a string' '{"model": true}'
refuses 2 "case: found 'upper', expected keep|lower" '{"case": "upper"}'
refuses 2 "preset: found 'later', expected default|tutorial" '{"preset": "later"}'
refuses 2 'max-length: found .*or mean' '{"max-length": "means"}'
refuses 2 'max-length: found true, expected a whole number or "mean"' '{"max-length": true}'
refuses 2 'freeze: found .*or always' '{"freeze": "never"}'
refuses 2 'validation: found .1.5' '{"validation": 1.5}'
refuses 2 'validation: found an array' '{"validation": [0.1]}'
refuses 2 'train: found a whole number, expected a string or an array' '{"train": 5}'
refuses 2 'train: found an array among' '{"train": ["a", ["b"]]}' --quiet
refuses 2 "text-column: found ''" '{"text-column": [""]}'
refuses 2 "vectors: found ''" '{"vectors": ""}'
refuses 3 'expected one JSON object' ''
refuses 3 'found an array, expected one JSON object' '["epochs", 5]'
refuses 3 'expected one JSON object' '5'
refuses 3 'expected one JSON object' '{"epochs": 5'
refuses 3 'expected one JSON object' '{"epochs": 5} {"epochs": 6}'
refuses 3 'expected one JSON object' '{"epochs": 5,}'
refuses 3 'expected one JSON object' '{"model": "\377"}'
refuses 3 'expected one JSON object' '{"model": "\\u0000"}'
refuses 3 'expected one JSON object' '{"epochs": 5}\000'
refuses 3 'expected one JSON object' "$(awk 'BEGIN { for (i = 0; i < 100000; i++) printf "[" }')"
refuses 3 'more than 1048576 bytes' "$(awk 'BEGIN { for (i = 0; i < 110000; i++) printf "          " }')"
for pair in '"validation": 0.2, "folds": 3' '"validation-file": "rows.tsv", "folds": 3' '"validation": 0.2, "validation-file": "x"'; do
    echo "{$pair}" > bad.json
    "$HEED" train --train rows.tsv --config bad.json --model none.safetensors 2> err
    expect "status of $pair" $? 2
    grep -q 'expected one of them' err || wrong "$pair: $(cat err)"
done
for name in none.json .; do
    "$HEED" train --config $name 2> err
    expect "status of the config file $name" $? 3
    grep -q "^heed: $name: cannot be" err || wrong "config file $name: $(cat err)"
done
show --train "$(printf 'a\377')" > out 2> err
expect "status of a name that is not UTF-8" $? 2
[ -s out ] && wrong "half a config file: $(cat out)"
grep -q -e '--train: found a text that is not UTF-8' err || wrong "a name that is not UTF-8: $(cat err)"
# What the options of another command leave unset is passed over; what they ask for is refused.
"$HEED" train --train rows.tsv --epochs 2 --show-config > all.json
"$HEED" compare --config all.json --show-config | grep -q '"epochs": 2' || wrong "compare reads no configuration of train"
"$HEED" tune --config all.json --range batch-size=2,4 --show-config | grep -q '"epochs": 2' || wrong "nor does tune"
"$HEED" train --train rows.tsv --model m --show-config > all.json
"$HEED" compare --config all.json --show-config > out 2> err
case $?$(cat err) in
2*'compare does not take option "model" from a file'*) ;;
*) wrong "compare passes over a model: $(cat err)" ;;
esac
exit $failed
