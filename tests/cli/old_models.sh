# Models that heed 0.1.0 wrote (tests/models, made by make.sh there) are read and answer as they did then: what inspect
# tells is the same text, and labels, probabilities and explanations agree up to what processors round differently.
. "$(dirname "$0")/lib.sh"
cd "$tests/models" || exit 1

# alike EXPECTED FOUND: the same but for numbers, which may differ by 0.0005, or by a thousandth of the larger one.
alike() {
    awk '
    function pieces(line, numbers, texts, count) {
        count = 0
        while (match(line, /-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?/)) {
            texts[count] = substr(line, 1, RSTART - 1); numbers[count] = substr(line, RSTART, RLENGTH); count++
            line = substr(line, RSTART + RLENGTH)
        }
        texts[count] = line
        return count
    }
    function size(x) { x += 0; return x < 0 ? -x : x }
    NR == FNR { expected[FNR] = $0; lines = FNR; next }
    {
        n = pieces(expected[FNR], a, ta); m = pieces($0, b, tb); found = FNR
        same = n == m
        for (i = 0; i <= n && same; i++) same = ta[i] == tb[i]
        for (i = 0; i < n && same; i++) {
            most = size(a[i]) > size(b[i]) ? size(a[i]) : size(b[i])
            same = size(a[i] - b[i]) <= (most > 0.5 ? most / 1000 : 0.0005)
        }
        if (!same) { print FILENAME ":" FNR ": found " $0 ", expected " expected[FNR]; bad = 1 }
    }
    END { exit bad || lines != found }' "$1" "$2"
}

count=0
for model in *.safetensors; do
    name=${model%.safetensors}
    "$HEED" inspect "$model" --json > "$work/$name.json" && cmp "$name.json" "$work/$name.json" || wrong "$model: inspect"
    "$HEED" predict "$model" texts.txt --all-scores > "$work/$name.answers" && alike "$name.answers" "$work/$name.answers" ||
        wrong "$model: predict"
    # By the method that was the usual one then, without what explanations say besides since.
    method=$(sed 's/.*"method":"\([a-z-]*\)".*/\1/' "$name.explained")
    "$HEED" explain "$model" "$(sed -n 5p texts.txt)" --json --steps 64 --method "$method" |
        sed 's/"measured":[a-z]*,//' > "$work/$name.explained" &&
        alike "$name.explained" "$work/$name.explained" || wrong "$model: explain"
    count=$((count + 1))
done
[ $count -ge 15 ] || wrong "found $count models, expected 15 at least"
# The comparison bites.
sed 's/0\.5/0.6/' additive.answers > "$work/changed"
alike additive.answers "$work/changed" > "$work/told" && wrong "a changed answer was not seen"
# And a model from before can be trained further.
printf 'label\ttext\npos\ta great film\nneg\ta dull film\n' > "$work/rows.tsv"
"$HEED" train --train "$work/rows.tsv" --init-from additive.safetensors --model "$work/on.safetensors" --validation none \
    --epochs 1 --min-count 1 --quiet || wrong "a model from before cannot be trained further"
exit $failed
