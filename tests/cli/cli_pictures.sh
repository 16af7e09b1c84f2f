# --picture: training panels from train and inspect, a comparison from compare; files of each kind; what is refused.
HEED=${HEED:?path of the program}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
wrong() { echo "$*"; failed=1; }

awk 'BEGIN { print "label\ttext"
    for (i = 0; i < 200; i++)
        printf "%s\tfilm number %d was %s\n", i % 2 ? "<pos>" : "neg & co", i, i % 2 ? "lovely" : "dreadful" }' > rows.tsv
train() { "$HEED" train --train rows.tsv --architecture 'embed 4 | mean' --epochs 3 --quiet "$@"; }

# ---- train draws what inspect draws
train --model m.safetensors --picture t.svg 2> err || { cat err; exit 1; }
"$HEED" inspect m.safetensors --picture i.svg > out 2> err || wrong "inspect --picture: $(cat err)"
[ -s out ] && wrong "inspect --picture prints too: $(cat out)"
cmp -s t.svg i.svg || wrong "train and inspect draw different pictures"
for piece in '<title>Training</title>' '>accuracy<' '>auc<' '>validation<' 'its weights are kept'; do
    grep -q -- "$piece" i.svg || wrong "no '$piece' in the training's picture"
done

# ---- compare
"$HEED" compare --train rows.tsv --architecture 'embed 4 | mean' --epochs 2 --seeds 2 --picture c.svg --quiet > out 2> err ||
    wrong "compare --picture: $(cat err)"
for piece in '<title>Comparison</title>' '>embed 4 | mean<' '>baseline<' '>linear<'; do
    grep -q -- "$piece" c.svg || wrong "no '$piece' in the comparison's picture"
done
grep -q '^A ' out || wrong "compare --picture prints no table"

# ---- XML that others read
if command -v python3 > /dev/null; then
    for file in i.svg c.svg; do
        python3 - $file <<'END' || wrong "$file is no SVG"
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
assert root.tag == "{http://www.w3.org/2000/svg}svg" and root.get("viewBox").split()[:2] == ["0", "0"]
assert not [e for e in root.iter() if any("http" in v for v in e.attrib.values())]
END
    done
fi

# ---- PNG and PDF, or a line that says what to install
for kind in png pdf; do
    if "$HEED" inspect m.safetensors --picture i.$kind > out 2> err; then
        case $kind in png) begin=PNG ;; pdf) begin=%PDF ;; esac
        head -c 8 i.$kind | LC_ALL=C grep -a -q $begin || wrong "i.$kind is no $kind"
        "$HEED" inspect m.safetensors --picture again.$kind && cmp -s i.$kind again.$kind || wrong "$kind: not the same twice"
    else
        [ $? = 2 ] && grep -q 'librsvg' err || wrong "$kind without librsvg: $(cat err)"
        [ ! -e i.$kind ] || wrong "$kind was begun without librsvg"
    fi
done

# ---- refused before any work
refuses() { # STATUS WORDS COMMAND...
    expected=$1 words=$2
    shift 2
    "$@" > out 2> err
    [ $? = "$expected" ] || wrong "$*: expected status $expected: $(cat out err)"
    grep -q -- "$words" err || wrong "$*: expected '$words': $(cat err)"
    [ "$(wc -l < err)" = 1 ] || wrong "$*: more than one line: $(cat err)"
}
refuses 2 'expected .svg, .png or .pdf' "$HEED" inspect m.safetensors --picture i.gif
refuses 2 'expected .svg, .png or .pdf' train --model n.safetensors --picture n
refuses 2 'expected --model too' train --folds 2 --picture n.svg
refuses 2 'found several' "$HEED" inspect m.safetensors --picture n.svg --json
refuses 1 'cannot be written' train --model n.safetensors --picture none/n.svg
cp m.safetensors m.svg
refuses 2 'which is the file of' "$HEED" inspect m.svg --picture m.svg
refuses 2 'which is the file of' "$HEED" compare --train rows.tsv --picture t.svg --table t.svg
[ ! -e n.safetensors ] || wrong "trained although the picture cannot be written"
exit $failed
