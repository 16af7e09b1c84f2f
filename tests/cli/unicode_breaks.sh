# Words and NFC are those of Unicode's own tests (Debian: unicode-data); golden/word_breaks.txt lists what differs on purpose.
. "$(dirname "$0")/lib.sh"

has_command python3 || skip "python3 is not here"
data=/usr/share/unicode
[ -r $data/auxiliary/WordBreakTest.txt ] || skip "unicode-data is not here"
[ "$(sed -n '1s/.*-\(.*\)\.txt/\1/p' $data/auxiliary/WordBreakTest.txt)" = 15.0.0 ] ||
    skip "the kept list is of Unicode 15.0.0, this is another"

python3 "$tests/cli/break_tests.py" "$HEED" $data/auxiliary/WordBreakTest.txt "$tests/golden/word_breaks.txt" > out ||
    wrong "words: $(cat out)"
has 'of 1823 lines agree'

# A line that is missing from the list is told, and so is one too many.
sed '$d' "$tests/golden/word_breaks.txt" > short
python3 "$tests/cli/break_tests.py" "$HEED" $data/auxiliary/WordBreakTest.txt short > out && wrong "a difference passes"
has 'differs, and is not listed: ÷'

# Every column of the tests of NFC: c1, c2 and c3 become c2, c4 and c5 become c4 (the head of that file says so).
python3 - $data/NormalizationTest.txt.bz2 <<'END'
import bz2, json, sys
given, expected = open("given.jsonl", "w"), open("expected", "w")
count = 0
for line in bz2.open(sys.argv[1], "rt", encoding="utf-8"):
    if line[0] in "#@\n":
        continue
    c = ["".join(chr(int(code, 16)) for code in field.split()) for field in line.split(";")[:5]]
    for text, composed in zip(c, (c[1], c[1], c[1], c[3], c[3])):
        print(json.dumps({"text": text}), file=given)
        print(json.dumps(composed), file=expected)
    count += 1
assert count > 19000, count
END
"$HEED" clean --html keep --json given.jsonl | python3 -c '
import json, sys
for line in sys.stdin:
    print(json.dumps(json.loads(line)["clean"]))' > found
cmp found expected || wrong "NFC: line $(cmp found expected | sed "s/.*line //") of given.jsonl"
