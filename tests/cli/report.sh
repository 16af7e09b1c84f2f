# heed evaluate --report: one page and the same as JSON, whatever the labels, the rows and the model are.
. "$(dirname "$0")/lib.sh"
has_command python3 || skip "python3 is not here"

# check FOLDER MODEL FILE [PICTURE...]: the page's structure, and its figures against those of heed evaluate --json.
cat > check.py <<'END_OF_CHECK'
import html.parser, json, os, re, subprocess, sys
folder, model, rows, pictures = sys.argv[1], sys.argv[2], sys.argv[3], set(sys.argv[4:])
problems = []
def need(fine, *words):
    if not fine: problems.append(" ".join(map(str, words)))

page = open(f"{folder}/report.html", encoding="utf-8", newline="").read()
report = json.load(open(f"{folder}/report.json", encoding="utf-8"))
named = ["--threshold", os.environ["THRESHOLD"]] if "THRESHOLD" in os.environ else []
told = json.loads(subprocess.run([os.environ["HEED"], "evaluate", model, rows, "--json", *named], capture_output=True, check=True).stdout)
need(report["evaluation"] == told, "evaluation differs from heed evaluate --json")
inspected = json.loads(subprocess.run([os.environ["HEED"], "inspect", model, "--json"], capture_output=True, check=True).stdout)
need(report["model"] == inspected, "model differs from heed inspect --json")
need(report["test"]["rows"] == told["rows"] == sum(report["test"]["lengths"]["rows"]), "rows")
need(re.fullmatch("[0-9a-f]{32}", report["digest"]), "digest", report["digest"])

class Reader(html.parser.HTMLParser):
    """What a browser sees: tags, ids, text; void elements aside, tags close in order."""
    void = {"meta", "br", "link", "img", "hr", "input"}
    def __init__(self):
        super().__init__(); self.open, self.ids, self.tags, self.text = [], set(), set(), []
    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        for name, value in attributes:
            need(not name.startswith("on"), "an event handler", name)
            need(name not in ("src", "srcset", "action", "data"), "something to fetch:", name, value)
            if name in ("href", "xlink:href"): need(value.startswith("#"), "a link to elsewhere", value)
            if name == "id": self.ids.add(value)
        if tag not in self.void: self.open.append(tag)
    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.void: self.open.pop()
    def handle_endtag(self, tag):
        need(self.open and self.open[-1] == tag, "tags cross at", tag)
        if self.open: self.open.pop()
    def handle_data(self, data): self.text.append(data)
r = Reader(); r.feed(page); r.close()
text = " ".join("".join(r.text).split())
need(not r.open, "open tags", r.open)
for section in "figures pictures mistakes words model data text layers training limits".split():
    need(section in r.ids, "no section", section)
need(not r.tags & {"script", "iframe", "img", "link", "object", "embed", "base", "form"}, "tags", r.tags)
need("default-src 'none'" in page, "no policy")
external = [url for url in re.findall(r"[a-z]+://[^\s\"'<>]*", page) if url not in
            ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")]
# texts of rows may name what they like, as text
need(not [u for u in external if f'"{u}' in page or f"({u}" in page or f"'{u}" in page], "addresses", external)
outside = re.sub("<svg.*?</svg>", "", page, flags=re.S) # where a <text> is a paragraph of its own
need(not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", outside), "characters that turn or control")
for value in [told["accuracy"], told["macro"]["f1"], told["auc"], told["brier"], told["ece"], told["average_precision"], told["loss"]]:
    if value is not None: need(f"{value:.4f}" in text, "no figure", value)
for name, scores in told["labels"].items():
    for key in ("precision", "recall", "f1"):
        need(("\u2013" if scores[key] is None else f"{scores[key]:.4f}") in text, "no", key, "of", name)
# Beside each label its threshold, if it has one that is not the default of two labels.
positive, several = told["positive"], any("threshold" in scores for scores in told["labels"].values())
bounds = {name: scores.get("threshold", told["threshold"] if name == positive else None) for name, scores in told["labels"].items()}
bounded = several or told["threshold"] not in (None, 0.5)
rows = [[re.sub("<[^>]*>", "", cell) for cell in re.findall("<t[hd].*?>(.*?)</t[hd]>", row, re.S)]
        for row in re.findall("<tr.*?</tr>", re.search('<table class="numbers">.*?</table>', page, re.S)[0], re.S)]
need(("threshold" in rows[0]) == bounded, "columns", rows[0])
if bounded:
    shown = [row[rows[0].index("threshold")] for row in rows[1:]]
    need(shown[:len(bounds)] == ["" if b is None else f"{b:g}" for b in bounds.values()], "thresholds", shown, bounds)
    need(not any(shown[len(bounds):]), "a threshold of an average", shown)
need(len({len(row) for row in rows}) == 1, "rows of different length", rows)
for figure in ("accuracy", "macro_f1", "auc"):
    for bound in told["intervals"][figure]:
        if bound is not None: need(f"{bound:.4f}" in text, "no interval of", figure)
drawn = {re.fullmatch(r"pictures/(.*)\.svg", p)[1] for p in report["pictures"]}
need(drawn - {"graph"} == pictures, "pictures", sorted(drawn), "expected", sorted(pictures))
for name in drawn:
    svg = open(f"{folder}/pictures/{name}.svg", encoding="utf-8").read()
    need(svg in page, "the page has another", name)
need(len(report["mistakes"]) <= 10, "mistakes", len(report["mistakes"]))
sure = [m["probability"] for m in report["mistakes"]]
need(sure == sorted(sure, reverse=True), "mistakes are not in order")
for m in report["mistakes"]:
    need(m.get("answered") not in m["labels"], "no mistake", m["row"])
    need("".join(s["text"] for s in m["explanation"]["segments"]) == m["explanation"]["text"], "a text in pieces")
for label, words in report["words"]["labels"].items():
    means = [w["mean"] for w in words]
    need(means == sorted(means, reverse=True) and all(m > 0 for m in means), "words of", label)
    need(all(w["rows"] >= report["words"]["least_rows"] for w in words), "rare words of", label)
for problem in problems: print(f"{folder}: {problem}")
sys.exit(len(problems) > 0)
END_OF_CHECK
check() { python3 check.py "$@" || failed=1; }
train() { "$HEED" train --quiet --epochs 8 --learning-rate 0.02 --patience 0 "$@" 2> err || wrong "train $*: $(cat err)"; }
report() { folder=$1; shift; "$HEED" evaluate "$@" --report "$folder" > out 2> err || wrong "evaluate $* --report: $(cat err)"; }
all='confusion roc precision-recall reliability scores labels lengths training'
without_training='confusion roc precision-recall reliability scores labels lengths'

# Two labels, with an attention; every seventh row says the contrary.
awk 'BEGIN {
    srand(3); print "id\tlabel\ttext"
    for (i = 0; i < 300; i++) {
        kind = i % 2; if (i % 7 == 0) kind = 1 - kind
        printf "r%d\t%s\tthe film number %d was %s and we saw it with %d others\n", i, i % 2 ? "pos" : "neg", i, kind ? "lovely" : "awful", i * 7 % 31
    }
}' > two.tsv
train --train two.tsv --model two.st --architecture 'embed 8 | bilstm 4 | attention additive 4'
report two two.st two.tsv
# shellcheck disable=SC2086 # lists of names
check two two.st two.tsv $all
grep -q 'where the model looked' two/report.html || wrong "no word on attention"
python3 - <<'END' || failed=1
import json, sys
r = json.load(open("two/report.json"))
best = {label: [w["word"] for w in words] for label, words in r["words"]["labels"].items()}
assert "awful" in best["neg"] and "lovely" in best["pos"], best
assert "awful" not in best["pos"] and "lovely" not in best["neg"], best
assert r["words"]["method"] == "gradient" and r["words"]["rows"] == 300, r["words"]
assert all(int(m["id"][1:]) % 7 == 0 and m["row"] == int(m["id"][1:]) + 1 for m in r["mistakes"]), r["mistakes"]
assert 40 <= r["wrong"] <= 46, r["wrong"]
END
cp -r two again
report again two.st two.tsv --threads 1
diff -r two again > /dev/null || wrong "another number of threads gives another report"

# A linear model, one row of it, and an empty text.
train --train two.tsv --model linear.st --architecture linear
report linear linear.st two.tsv
# shellcheck disable=SC2086
check linear linear.st two.tsv $without_training
grep -q threshold linear/report.html && wrong "the report lists a threshold that was not tuned"
train --train two.tsv --model tuned.st --architecture linear --tune-thresholds
report tuned tuned.st two.tsv
# shellcheck disable=SC2086
check tuned tuned.st two.tsv $without_training
grep -q '<th scope="col">threshold</th>' tuned/report.html || wrong "the report does not list a threshold that was tuned"
grep -q '"method": "weights"' linear/report.json || wrong "words of a linear model are not by weights"
printf 'label\ttext\npos\tan awful film\n' > one.tsv
report one two.st one.tsv
# shellcheck disable=SC2086
check one two.st one.tsv $all
printf 'label\ttext\npos\t\nneg\tlovely\n' > empty.tsv
report empty two.st empty.tsv
# shellcheck disable=SC2086
check empty two.st empty.tsv $all

# 26 labels of 40 characters without an attention; the text is longer than what is shown.
awk 'BEGIN {
    print "label\ttext"
    for (i = 0; i < 520; i++) {
        printf "%c-a-label-of-forty-characters-in-all-%03d\t", 97 + i % 26, i % 26
        for (j = 0; j < 150; j++) printf "word%d ", (i * j) % 50
        printf "sign%d\n", i % 13 == 4 ? 3 : i % 26
    }
}' > many.tsv
train --train many.tsv --model many.st --architecture 'embed 8 | conv 8 3 | max'
report many many.st many.tsv
# shellcheck disable=SC2086
check many many.st many.tsv $all
grep -q 'Only the parts around the strongest words' many/report.html || wrong "a long text is not shortened, or it is not said"

# Labels and texts that want to be obeyed, and several labels a row.
python3 - <<'END'
evil = ['<script>alert(1)</script>', '"\'><img src=x onerror=alert(2)>', 'עברית\u202egnp.exe', '漢字 & <b>']
with open("evil.tsv", "w", encoding="utf-8") as one, open("several.tsv", "w", encoding="utf-8") as several:
    for out in (one, several): print("label\ttext", file=out)
    for i in range(200):
        text = f"<script>alert({i})</script> </style></p><!-- http://example.com/x.js ]]> \u202e\u0007 &lt; sign{i % 4} javascript:alert(3)"
        label = evil[(i + (i % 9 == 0)) % 4]
        print(label, text, sep="\t", file=one)
        print(f'{label};{evil[(i + 1) % 4]}' if i % 3 else ('' if i % 2 else label), text, sep="\t", file=several)
END
train --train evil.tsv --quoting none --model evil.st --architecture 'embed 8 | attention dot'
report evil evil.st evil.tsv
# shellcheck disable=SC2086
check evil evil.st evil.tsv $all
grep -q '&lt;script&gt;alert(1)' evil/report.html || wrong "the label is not there as text"
train --train several.tsv --quoting none --label-separator ';' --model several.st --architecture 'embed 8 | mean'
report several several.st several.tsv
check several several.st several.tsv roc precision-recall reliability scores labels lengths training
report named several.st several.tsv --threshold '<script>alert(1)</script>=0.25'
THRESHOLD='<script>alert(1)</script>=0.25' check named several.st several.tsv roc precision-recall reliability scores labels lengths training
grep -q '<td>0.25</td><td>' named/report.html || wrong "the report does not list a threshold of the command line"
exit $failed
