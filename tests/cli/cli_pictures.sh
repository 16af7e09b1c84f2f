# --picture: training panels from train and inspect, a comparison from compare; files of each kind.
. "$(dirname "$0")/lib.sh"

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
if has_command python3; then
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
exit $failed
