# What cannot be used is told in one line on standard error, with the exit status of its kind and nothing on stdout.
HEED=${HEED:?path of the program}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "$*"; failed=1; }

# refuses STATUS PATTERN ARGUMENTS...
refuses() {
    status=$1 pattern=$2
    shift 2
    "$HEED" "$@" > "$work/out" 2> "$work/error" < /dev/null
    found=$?
    [ $found -eq "$status" ] || wrong "heed $*: status $found, expected $status"
    [ -s "$work/out" ] && wrong "heed $*: something on standard output"
    [ "$(wc -l < "$work/error")" -eq 1 ] || wrong "heed $*: not one line: $(cat "$work/error")"
    grep -q '^heed: ' "$work/error" || wrong "heed $*: does not begin with 'heed: '"
    grep -q -e "$pattern" "$work/error" || wrong "heed $*: found: $(cat "$work/error"), expected: $pattern"
}

printf 'label\ttext\npos\tgood\nneg\tbad\n' > "$work/rows.tsv"

refuses 2 'a command is missing'
refuses 2 "did you mean 'heed train'" trian
refuses 2 "did you mean 'heed train'" supervised
refuses 2 "'heed --help' lists" xyzzyquux
refuses 2 'expected a command first' --epochs 5
refuses 2 "unknown command 'nothing'" help nothing

refuses 2 'did you mean --epochs' train --epohcs 5
refuses 2 'did you mean --learning-rate' train --learningrate=1
refuses 2 'unknown option --xyzzyquux' train --xyzzyquux
refuses 2 'predict does not take option --epochs' predict m --epochs 5
refuses 2 'heed has --epochs' train -epoch 5
refuses 2 'heed has --learning-rate' train -lr 0.1
refuses 2 'embed N' train -dim 100
refuses 2 'heed has --threads' train -thread 4
refuses 2 'heed has --train' train -input x
refuses 2 'did you mean --epochs' train -epochs 5
refuses 2 'unknown option -x' train -x

refuses 2 'a value is missing' train --epochs
refuses 2 'found the option --quiet' train --model --quiet
refuses 2 'it does not take one' train --quiet=yes
for number in '' x 5x ' 5' +5 -1 0 70000 0x5 5.0 1e3 99999999999999999999; do
    refuses 2 '--epochs: found' train "--epochs=$number"
done
for number in '' x 0.1x ' 1' 0x1p3 inf nan -1 1,5 1e999 0 1e-10 1001; do
    refuses 2 '--learning-rate: found' train "--learning-rate=$number"
done
for option in weight-decay momentum clip-norm warmup; do
    for number in '' x -1 nan 1e10; do
        refuses 2 "--$option: found" train "--$option=$number"
    done
done
refuses 2 '--momentum: found' train --momentum 1
refuses 2 'adam|adamw|sgd' train --optimizer adagrad
refuses 2 'constant|cosine|plateau' train --schedule linear
for number in '' -1 9223372036854775808 18446744073709551616 1.5; do
    refuses 2 '--seed: found.* from 0 to 9223372036854775807$' train "--seed=$number"
done
for part in 0 1 0.00009 last: last:2 some -0.5; do
    refuses 2 '--validation: found' train "--validation=$part"
done
for length in 0 means -3; do
    refuses 2 'or mean' train --max-length "$length"
done
refuses 2 'keep|lower' train --case upper
refuses 2 'default|tutorial' train --preset later
refuses 2 '--threshold: found' predict m --threshold 1.5
refuses 2 '--folds: found' train --folds 1

refuses 2 '--train is missing' train --model m
refuses 2 '--model is missing' train --train "$work/rows.tsv"
refuses 2 "found the argument 'rows.tsv'" train rows.tsv
refuses 2 'an argument is missing' evaluate m
refuses 2 'an argument is missing' predict
refuses 2 "found the argument 'more'" inspect m more
refuses 2 'expected one of them' train --train a --model b --validation 0.1 --validation-file c
refuses 2 'found --validation and --folds' train --train a --folds 3 --validation 0.1
refuses 2 'found --validation-file and --folds' train --train a --folds 3 --validation-file b
refuses 2 'found --all-scores and --top-k' predict m --all-scores --top-k 2
refuses 2 "did you mean 'bilstm'" train --train "$work/missing.tsv" --model "$work/m" --architecture 'embed 4 | bilstn 4'
refuses 2 '--require: found' evaluate m f --require accuracy
refuses 2 '--require: found' evaluate m f --require accuracy=high
refuses 2 'leave out --output-format' predict m --append --output-format csv
refuses 2 'expected one of them' evaluate m f --json --brief
refuses 2 'expected one' inspect m --json --labels

refuses 3 'missing.tsv' train --train "$work/missing.tsv" --model "$work/m.safetensors"
refuses 1 'cannot be written' train --train "$work/rows.tsv" --model "$work/nowhere/m.safetensors"
refuses 1 'it is a folder' train --train "$work/rows.tsv" --model "$work"
refuses 3 'missing.safetensors' inspect "$work/missing.safetensors"
refuses 3 'missing.safetensors' predict "$work/missing.safetensors"
refuses 3 'missing.txt' clean "$work/missing.txt"

# An output is none of the inputs and no other output, by whatever name.
cp "$work/rows.tsv" "$work/m.tsv"
ln "$work/rows.tsv" "$work/twin.tsv"
ln -s rows.tsv "$work/link.tsv"
mkdir "$work/folder"
for name in rows.tsv twin.tsv link.tsv folder/../rows.tsv; do
    refuses 2 'which is the file of --train' train --train "$work/rows.tsv" --model "$work/$name"
    refuses 2 'which is the file of FILE' evaluate "$work/m.tsv" "$work/rows.tsv" --probabilities "$work/$name"
done
refuses 2 'which is the file of MODEL' evaluate "$work/m.tsv" "$work/rows.tsv" --probabilities "$work/m.tsv"
refuses 2 'which is the file of --model' train --train "$work/rows.tsv" --model "$work/new" --history "$work/folder/../new"
refuses 2 'which is the file of --validation-file' train --train "$work/rows.tsv" --model "$work/m.tsv" \
    --validation-file "$work/m.tsv"
refuses 2 'which is the file of --stop-words' train --train "$work/rows.tsv" --model "$work/m.tsv" --stop-words "$work/m.tsv"
[ "$(head -1 "$work/rows.tsv")" = "$(printf 'label\ttext')" ] || wrong "a refused output was written"

# A model and a file that stand in each other's place.
cp "$work/rows.tsv" "$work/m.safetensors"
refuses 3 "MODEL comes first: heed predict $work/m.safetensors $work/rows.tsv" predict "$work/rows.tsv" "$work/m.safetensors"
refuses 3 'MODEL comes first: heed evaluate' evaluate "$work/rows.tsv" "$work/m.safetensors"
rm "$work/m.safetensors"

# The last naming wins; -- ends the options; control characters do not reach the terminal.
refuses 1 'm.safetensors: cannot be written' train --train a --model x --epochs 1 --epochs=2 --model "$work/no/m.safetensors"
refuses 3 '-missing' clean -- -missing
refuses 2 'fu?' train "$(printf -- '--fu\033')"

# A full disk and a closed standard output are failures.
if [ -w /dev/full ]; then
    echo text | "$HEED" clean > /dev/full 2> "$work/error" && wrong "a full disk went unnoticed"
    grep -q 'No space left' "$work/error" || wrong "a full disk: $(cat "$work/error")"
fi
"$HEED" --help >&- 2> /dev/null && wrong "a closed standard output went unnoticed"
i=0
while [ $i -lt 20000 ]; do echo "a line of text to be cleaned, number $i"; i=$((i + 1)); done > "$work/many.txt"
{ "$HEED" clean "$work/many.txt" 2> "$work/error"; echo $? > "$work/status"; } | head -1 > /dev/null
[ -s "$work/error" ] && wrong "a closed pipe: $(cat "$work/error")"
[ "$(cat "$work/status")" -eq 1 ] || wrong "a closed pipe: status $(cat "$work/status"), expected 1"
exit $failed
