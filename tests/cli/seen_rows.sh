# Rows that a model saw in training: every command that prints figures of them says so, or that it cannot know.
. "$(dirname "$0")/lib.sh"

made_rows 80 > all.tsv
{ head -1 all.tsv; sed -n 2,41p all.tsv; } > train.tsv
sed 's/the film/The FILM,/; s/others$/others!/' train.tsv > validation.tsv # the same but for case and punctuation
{ head -1 all.tsv; sed -n 32,61p all.tsv; } > test.tsv                     # 10 of its 30 rows train, too
{ head -1 all.tsv; sed -n 42,61p all.tsv; } > unseen.tsv                   # and these 20 do not
all='heed: warning: 40 of 40 validation rows (100%) have the text of a training row: the figures measure memory'
unknown="heed: the model has no digests of its rows, so it cannot be known which of these it saw: see 'heed check'"

# warned WHAT LINE...: standard error has these lines, and no others.
warned() { what=$1; shift; expect "$what" "$(cat err)" "$(printf '%s\n' "$@")"; }

# ---- train: before the first epoch, with --quiet too
"$HEED" train --train train.tsv --validation-file validation.tsv --model m.safetensors --quiet 2> err || wrong "train: $(cat err)"
warned "a leak" "$all"
"$HEED" train --train train.tsv --validation-file validation.tsv --model m.safetensors 2> err || wrong "train: $(cat err)"
awk '/have the text of a training row/ { warned = 1 } /^epoch / && !warned { exit 1 }' err || wrong "the warning came late: $(cat err)"
{ cat train.tsv; tail -n 10 train.tsv; } > last.tsv
"$HEED" train --train last.tsv --validation last:0.2 --architecture linear --model l.safetensors --quiet 2> err || wrong "last: $(cat err)"
warned "the last rows" 'heed: warning: 10 of 10 validation rows (100%) have the text of a training row: the figures measure memory'
for validation in auto 0.2 grouped:0.2; do # equal texts stay together
    "$HEED" train --train last.tsv --validation $validation --architecture linear --model l.safetensors --quiet 2> err ||
        wrong "$validation: $(cat err)"
    warned "validation $validation" ''
done
"$HEED" train --train train.tsv --validation-file validation.tsv --preset tutorial --epochs 1 --model t.safetensors --quiet 2> err ||
    wrong "tutorial: $(cat err)"
warned "the tutorial's preset" "$all"
"$HEED" tune --train train.tsv --validation-file validation.tsv --architecture 'embed 4 | mean' --range learning-rate=0.001,0.002 \
    --trials 2 --epochs 1 --table tune.csv --quiet > out 2> err || wrong "tune: $(cat err)"
warned "tune" 'heed: warning: trial 1/2: 40 of 40 validation rows (100%) have the text of a training row: the figures measure memory'
{ cat train.tsv; sed '1d; s/pos/n/; s/neg/p/; s/n\t/neg\t/; s/p\t/pos\t/' train.tsv | head -2; } > twice.tsv
"$HEED" train --train twice.tsv --architecture linear --model l.safetensors --quiet 2> err || wrong "two labels: $(cat err)"
warned "two labels" "heed: warning: 2 of 40 texts (5.0%) have several labels, of which a model can learn one: 'heed check' lists them"

# ---- inspect
"$HEED" inspect m.safetensors > out
has '  row digests    of 40 texts' '  leaked rows    40 that validated have the text of a training row'
"$HEED" inspect m.safetensors --json > out
has '"digests": 40' '"leaked": 40'
for option in '--no-row-digests' '--preset tutorial'; do
    "$HEED" train --train train.tsv --validation 0.2 --epochs 1 --architecture 'embed 4 | mean' $option --model n.safetensors \
        --quiet || wrong "train $option"
    "$HEED" inspect n.safetensors > out
    has '  row digests    none: which texts it saw cannot be known'
    "$HEED" inspect n.safetensors --json > out
    grep -q '"seen"' out && wrong "train $option: $(cat out)"
done
has '"format": 1'

# ---- evaluate: with and without
"$HEED" evaluate m.safetensors test.tsv --json --resamples 200 --quiet > all.json 2> err || wrong "evaluate: $(cat err)"
warned "evaluate" 'heed: warning: the model saw the texts of 10 of 30 rows (33.3%) in training: to that extent the figures measure memory'
"$HEED" evaluate m.safetensors unseen.tsv --json --resamples 200 > rest.json 2> err || wrong "evaluate: $(cat err)"
warned "evaluate unseen rows" ''
if has_command python3; then
    python3 - <<'END' || wrong "seen.rest is not the evaluation of the rest"
import json
whole, rest = json.load(open("all.json")), json.load(open("rest.json"))
assert rest.pop("seen") == {"rows": 0}
assert whole["seen"]["rows"] == 10 and whole["rows"] == 30
assert whole["seen"]["rest"] == rest and rest["rows"] == 20
END
fi
"$HEED" evaluate m.safetensors test.tsv --brief > out 2> err
has 'seen       10   rows (33.3%) have texts that the model saw in training; without them:' 'rows       20'
"$HEED" evaluate m.safetensors validation.tsv --brief --quiet > out 2> err
has 'seen       40   rows (100%) have texts that the model saw in training; without them there is nothing to measure'
for metric in accuracy=0.9 f1:pos=0.9 loss=0.5 macro_f1=0.9; do
    "$HEED" evaluate m.safetensors test.tsv --require unseen.$metric --quiet > out 2> err || wrong "unseen.$metric: $(cat err)"
done
"$HEED" evaluate m.safetensors test.tsv --require unseen.accuracy=1.1 --quiet > out 2> err
expect "an unseen accuracy that is too low" "$? $(tail -n 1 err)" "4 heed: unseen.accuracy is 1, required is at least 1.1"
"$HEED" evaluate m.safetensors validation.tsv --require unseen.accuracy=0.1 --quiet > out 2> err
expect "nothing unseen" "$? $(tail -n 1 err)" "4 heed: unseen.accuracy is not defined for these rows, required is at least 0.1"
refuses 2 "there is no metric 'acuracy'.*unseen. before a name" "$HEED" evaluate m.safetensors test.tsv --require unseen.acuracy=1
refuses 2 'n.safetensors has no digests of its rows' "$HEED" evaluate n.safetensors test.tsv --require unseen.accuracy=0.5
"$HEED" evaluate n.safetensors test.tsv > out 2> err
warned "a model that cannot know" "$unknown"
"$HEED" evaluate n.safetensors test.tsv --json --quiet > out 2> err
warned "quietly" ''
has '"seen": null'
"$HEED" evaluate m.safetensors test.tsv --report report --quiet > out 2> err
grep -q 'The model saw the texts of 10 of these rows (33.3%) in training. Of the other 20:' report/report.html || wrong "no seen rows on the page"
"$HEED" evaluate n.safetensors test.tsv --report report --quiet > out 2> err
grep -q 'Which of these rows the model saw in training cannot be known.' report/report.html || wrong "the page does not say that it is not known"

# ---- explain --faithfulness, and --store, which keeps the digests
"$HEED" explain m.safetensors --faithfulness test.tsv --store > out 2> err
has 'of these texts the model saw 10 in training'
grep -q 'the model saw the texts of 10 of 30 rows' err || wrong "explain: $(cat err)"
"$HEED" inspect m.safetensors > out
has '  row digests    of 40 texts' 'Explanation'
"$HEED" explain n.safetensors --faithfulness test.tsv > out 2> err
grep -qF "$unknown" err || wrong "explain: $(cat err)"

# ---- compare: test rows against training and validation rows
"$HEED" compare --train train.tsv --test test.tsv --validation 0.2 --architecture 'embed 4 | mean' --seeds 1 --epochs 2 --quiet > out 2> err ||
    wrong "compare: $(cat err)"
warned "compare" 'heed: warning: 10 of 30 test rows (33.3%) have the text of a training or validation row: to that extent the figures measure memory'
has '10 of the 30 rows (33.3%) have the text of a training or validation row; without them:'
"$HEED" compare --train train.tsv --validation-file validation.tsv --test test.tsv --architecture 'embed 4 | mean' --seeds 1 --epochs 2 \
    --quiet --json > out 2> err || wrong "compare: $(cat err)"
warned "compare with a leak of both parts" 'heed: warning: 10 of 30 test rows (33.3%) have the text of a training or validation row, and 40 of 40 validation rows (100%) have the text of a training row: to that extent the figures measure memory'
has '"seen": 10' '"unseen": {'
"$HEED" compare --train train.tsv --test unseen.tsv --architecture 'embed 4 | mean' --seeds 1 --epochs 2 --quiet > out 2> err
warned "compare on unseen rows" ''
grep -q 'without them' out && wrong "compare on unseen rows: $(cat out)"

# ---- a further training, and the kept corpus
"$HEED" train --train train.tsv --validation-file validation.tsv --epochs 1 --architecture 'embed 4 | mean' --model m.safetensors --quiet 2> err
"$HEED" train --train unseen.tsv --init-from m.safetensors --model f.safetensors --quiet 2> err || wrong "--init-from: $(cat err)"
"$HEED" inspect f.safetensors > out
has '  row digests    of 60 texts'
"$HEED" train --train unseen.tsv --init-from n.safetensors --model f.safetensors > out 2> err || wrong "--init-from: $(cat err)"
grep -q 'the model gets no digests of its rows: the one that it starts from has none, and saw more' err || wrong "--init-from: $(cat err)"
mkdir cache
for i in 1 2; do
    "$HEED" train --train train.tsv --validation-file validation.tsv --model c$i.safetensors --cache cache --quiet 2> err || wrong "cache: $(cat err)"
    warned "with a cache" "$all"
done
cmp c1.safetensors c2.safetensors || wrong "the model of a kept corpus has other bytes"
