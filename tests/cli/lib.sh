# The prelude of the scripts of tests/cli: `. "$(dirname "$0")/lib.sh"` comes first. A script begins in a scratch folder of
# its own, $work, which is removed at its end; the project is in $root, its tests in $tests. It fails if wrong was called,
# however it ends; exit status 77 says "skipped".
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
root=${tests%/*}
HEED=${HEED-$root/build/release/heed}
work=$(mktemp -d) || exit 1
failed=0
trap 'status=$?; cd /; rm -rf "$work"; [ $failed = 0 ] || status=1; exit $status' EXIT
cd "$work" || exit 1

wrong() { printf '%s\n' "$*"; failed=1; }
skip() { echo "skipped: $*"; exit 77; }
has_command() { command -v "$1" > /dev/null; }

# expect WHAT FOUND EXPECTED
expect() { [ "$2" = "$3" ] || wrong "$1: found: $2, expected: $3"; }

# has PIECE...: the file out holds each of them.
has() { for piece in "$@"; do grep -qF -e "$piece" out || wrong "no '$piece' in: $(cat out)"; done; }

# refuses STATUS PATTERN COMMAND...: one line on standard error that fits the pattern, nothing on standard output. They are
# left in the files err and out. Refusals that need no model are cases in tests/cases/usage.
refuses() {
    status=$1 pattern=$2
    shift 2
    "$@" > out 2> err < /dev/null
    expect "status of $*" $? "$status"
    [ -s out ] && wrong "$*: found on standard output: $(cat out)"
    expect "lines on standard error of $*" "$(wc -l < err)" 1
    grep -q -e "$pattern" err || wrong "$*: found: $(cat err), expected: $pattern"
}

# made_rows COUNT: a TSV file of ids, labels and texts. One word of each text tells its label; no two texts are the same.
made_rows() {
    awk -v count="$1" 'BEGIN {
        split("lovely wonderful brilliant", good); split("dreadful boring awful", bad); print "id\tlabel\ttext"
        for (i = 0; i < count; i++) {
            word = i % 2 ? good[i % 3 + 1] : bad[i % 3 + 1]
            printf "r%d\t%s\tthe film number %d was %s and we saw it with %d others\n", i, i % 2 ? "pos" : "neg", i, word, i * 7 % 31
        }
    }'
}

# made_encoder FOLDER WEIGHTS: a small encoder of golden/encoders with a tokenizer; bert and distilbert have [CLS] and [SEP].
made_encoder() {
    mkdir "$1"
    cp "$tests/golden/encoders/$2/config.json" "$tests/golden/encoders/$2/model.safetensors" "$1"
    case $2 in
    static*) cp "$tests/golden/encoder_words/static.json" "$1/tokenizer.json" ;;
    *) cp "$tests/golden/encoder_words/vocab.txt" "$1" ;;
    esac
}

# is_xml FILE: always, if python3 is not here.
is_xml() {
    ! has_command python3 || python3 -c 'import sys, xml.etree.ElementTree as e; e.parse(sys.argv[1])' "$1"
}

# three_labels: 600 rows, "pos", "neg" and "mixed". What tells "mixed" is no word but a pair: "not good", where both words stand
# in other texts too.
three_labels() {
    awk 'BEGIN {
        print "label\ttext"
        for (i = 0; i < 600; i++) {
            k = i % 3
            word = k == 0 ? "good and not long" : k == 1 ? "bad and not long" : "not good and bad"
            printf "%s\tthe film number %d was %s and we saw it with %d others\n", k == 0 ? "pos" : k == 1 ? "neg" : "mixed", i, word, i * 7 % 31
        }
    }'
}
