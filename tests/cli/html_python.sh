# HTML, against Python: its list of entities, and what it makes of texts and pages put together at random.
. "$(dirname "$0")/lib.sh"
has_command python3 || skip "python3 is not here"

python3 - "$root/src/text/html_entities.txt" <<'END' || wrong "html_entities.txt"
import html.entities, sys
rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="ascii") if not line.startswith("#")]
found = {name: "".join(chr(int(point, 16)) for point in points.split(" ")) for name, points in rows}
assert len(rows) == len(found) == 2231, len(rows)
assert found == html.entities.html5, set(found.items()) ^ set(html.entities.html5.items())
END
python3 "$tests/golden/make_unescape.py" > again.json && cmp again.json "$tests/golden/unescape.json" || wrong "unescape.json"
for made in unescape pages; do
    python3 "$tests/golden/make_$made.py" 10000 > $made.json || wrong "make_$made.py"
    expect "texts of make_$made.py" "$(wc -l < $made.json)" 10000
    (cd "$tests" && "$BUILD/tests/test_html" "$work/$made.json") > out 2>&1 || wrong "$(cat out)"
done
