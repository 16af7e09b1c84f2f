# heed explain: on a terminal's terms, as a page, a picture, JSON; from arguments, files and standard input.
. "$(dirname "$0")/lib.sh"
made_rows 400 | cut -f 2,3 > rows.tsv
train() { "$HEED" train --train rows.tsv --epochs 12 --learning-rate 0.01 --patience 0 --quiet "$@" || wrong "train $*"; }
train --model a.safetensors --architecture 'embed 8 | bilstm 4 | attention additive 4'
train --model m.safetensors --architecture 'embed 8 | conv 8 3 | max'
train --model l.safetensors --architecture linear

# Without a terminal there are marks, and no escapes.
"$HEED" explain m.safetensors 'It was lovely,<br/>not awful' > out 2> err || wrong "explain: $(cat err)"
has 'integrated: integrated gradients, for and against' '[lovely:' '[awful:' '{<br/>}' 'gap'
grep -q "$(printf '\033')" out && wrong "escapes without a terminal"
"$HEED" explain a.safetensors 'It was lovely' > out
has 'integrated: integrated gradients' '(not measured)'
"$HEED" explain a.safetensors 'It was lovely' --method attention > out && has 'attention: where the model looked'
grep -qi why out && wrong "attention says why"
"$HEED" explain l.safetensors 'It was lovely' > out && has 'weights: ' '[lovely:+'
"$HEED" explain m.safetensors 'It was lovely' --method leave-one-out --label neg > out && has 'for and against neg' '[lovely:-'
TERM=xterm "$HEED" explain m.safetensors 'It was lovely' --colors always > out && has "$(printf '\033[38;5;16;48;5;33mlovely\033[0m')"
COLORTERM=truecolor "$HEED" explain m.safetensors 'It was lovely' --colors always > out && has "$(printf '\033[38;2;0;0;0;48;2;')"
if has_command script; then
    TERM=xterm script -qec "$HEED explain m.safetensors lovely" /dev/null > out && has "$(printf '\033[0m')"
    NO_COLOR=1 TERM=xterm script -qec "$HEED explain m.safetensors lovely" /dev/null > out
    grep -q "$(printf '\033')" out && wrong "NO_COLOR is not heard"
fi

# The same text by argument, file and standard input; several texts.
"$HEED" explain m.safetensors 'the lovely film' --json > one.json
printf 'the lovely film\n' > t.txt
"$HEED" explain m.safetensors --file t.txt --json --quiet > two.json
"$HEED" explain m.safetensors --json < t.txt > three.json
cmp -s one.json two.json && cmp -s one.json three.json || wrong "argument, file and standard input differ"
"$HEED" explain m.safetensors - --json < t.txt | cmp -s - one.json || wrong "- is not standard input"
"$HEED" explain m.safetensors t.txt > out 2> err
grep -q 'explained as a text; use --file' err || wrong "a file's name as a text: $(cat err)"
"$HEED" explain m.safetensors a b --file rows.tsv --json --quiet > out
expect "lines of JSON" "$(wc -l < out)" 402
if has_command python3; then
    python3 - out <<'END' || wrong "JSON"
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    e = json.loads(line)
    text = e["text"].encode()
    assert b"".join(text[s["begin"]:s["end"]] for s in e["segments"]) == text
    assert "".join(s["text"] for s in e["segments"]) == e["text"]
    assert abs(sum(t["score"] for t in e["tokens"]) - (e["logit"] - e["baseline"])) <= 0.011 * abs(e["logit"] - e["baseline"])
    assert abs(sum(e["probabilities"].values()) - 1) < 1e-6
END
fi
expect "the probability" "$(sed 's/.*"probability":\([0-9.]*\),.*/\1/' one.json | cut -c 1-6)" \
    "$("$HEED" predict m.safetensors < t.txt | cut -f 2 | cut -c 1-6)"

# Pages and pictures.
"$HEED" explain m.safetensors '<script>x</script> lovely & awful' --output e.html || wrong "html"
cp e.html out
has '<!DOCTYPE html>' '&lt;script&gt;' 'lovely</b>' '&amp;' '</html>'
grep -q '<script' e.html && wrong "markup of a text is obeyed"
"$HEED" explain m.safetensors 'lovely' --output e.svg && cp e.svg out && has '<svg xmlns=' '>lovely</text>' '</svg>'
for name in E.SVG e.svg.pdf; do
    "$HEED" explain m.safetensors 'lovely' --output $name $([ $name = E.SVG ] || echo --output-format svg) && cmp -s e.svg $name || wrong "$name"
done
for name in plain plain.txt .plain; do
    "$HEED" explain m.safetensors 'lovely' --output $name && cmp -s plain $name && ! grep -q '<svg\|<html' $name || wrong "--output $name"
done
"$HEED" explain m.safetensors 'lovely' --output-format svg | cmp -s - e.svg || wrong "--output-format svg is not --output e.svg"

# Two texts: what they share is nothing, what differs is shown in each.
"$HEED" explain m.safetensors 'a lovely film' --against 'an awful film' --method leave-one-out > out && has 'difference to the other text' '[lovely:' '[awful:'
exit $failed
