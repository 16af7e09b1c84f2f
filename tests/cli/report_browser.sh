# Reports in headless Chromium: the page says nothing in the console and asks no network for anything; at phone width in
# light mode and desk width in dark mode it does not scroll sideways, no text of a picture touches another or leaves it.
HEED=${HEED:?path of the program}
command -v chromium > /dev/null || { echo "skipped: chromium is not here"; exit 77; }
command -v python3 > /dev/null || { echo "skipped: python3 is not here"; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# Two labels in scripts of both directions; 26 of 40 characters; labels and texts that want to be obeyed.
python3 - <<'END'
import random
def rows(path, labels, text):
    with open(path, "w", encoding="utf-8") as out:
        print("label\ttext", file=out)
        for i in range(20 * len(labels)):
            print(labels[(i + (i % 11 == 0)) % len(labels)], text(i % len(labels), i), sep="\t", file=out)
rows("scripts.tsv", ["تقييم إيجابي للفيلم الذي شاهدناه معا أمس", "負面評價：這部電影實在太無聊了不值得看", "ביקורת ניטרלית על הסרט שראינו אתמול בערב"],
     lambda kind, i: f"كان الفيلم {'رائعا'if kind else 'سيئا'} 這部電影{i} סרט{kind} " * 12)
rows("many.tsv", [f"{chr(97 + i)}-a-label-of-forty-characters-in-all-{i:03}" for i in range(26)],
     lambda kind, i: " ".join(f"word{(i * j) % 50}" for j in range(150)) + f" sign{kind} " + "unbroken" * 30)
rows("two.tsv", ["<script>alert(1)</script>", '"><img src=http://example.com/x.png onerror=alert(1)>'],
     lambda kind, i: f"<script src=http://example.com/x.js></script></style> sign{kind} text {i} <link rel=stylesheet href=//example.com/x.css>")
END
# make NAME ARCHITECTURE
make() {
    "$HEED" train --train "$1.tsv" --quoting none --model "$1.st" --epochs 6 --learning-rate 0.02 --patience 0 --quiet --architecture "$2" &&
        "$HEED" evaluate "$1.st" "$1.tsv" --report "$1" --brief > /dev/null || exit 1
}
make scripts 'embed 8 | bilstm 4 | attention additive 4 + max | dense 4 | dropout 0.1'
make many 'embed 8 | conv 8 3 | max'
make two 'embed 8 | attention dot'

cat > check.js <<'END'
const said = [];
if (document.documentElement.scrollWidth > innerWidth)
    said.push("the page is " + document.documentElement.scrollWidth + " wide in a window of " + innerWidth);
/* A text's box without the empty part of its line, 3 pixels of the view box on each side of the letters. */
function box(text, pad) {
    const b = text.getBoundingClientRect(), up = text.hasAttribute("transform");
    return {words: text.textContent, left: b.left + (up ? pad : 0), right: b.right - (up ? pad : 0),
            top: b.top + (up ? 0 : pad), bottom: b.bottom - (up ? 0 : pad)};
}
const pictures = document.querySelectorAll("figure");
for (const figure of pictures) {
    const svg = figure.querySelector("svg"), page = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll("text")].filter(t => t.firstChild).map(t => box(t, 3 * page.width / svg.viewBox.baseVal.width));
    boxes.forEach((a, i) => {
        if (a.left < page.left - 0.5 || a.right > page.right + 0.5 || a.top < page.top - 0.5 || a.bottom > page.bottom + 0.5)
            said.push(figure.id + ": '" + a.words + "' leaves it");
        for (const b of boxes.slice(0, i))
            if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
                said.push(figure.id + ": '" + a.words + "' touches '" + b.words + "'");
    });
}
for (const part of document.querySelectorAll("h1,h2,h3,p,li,.tile,nav,article,td bdi")) {
    const b = part.getBoundingClientRect();
    if (b.right > innerWidth + 0.5 && !part.closest(".scroll"))
        said.push(part.tagName + " '" + part.textContent.slice(0, 40) + "' is cut");
}
if (matchMedia("(prefers-color-scheme: dark)").matches !== (getComputedStyle(document.body).backgroundColor === "rgb(22, 24, 29)"))
    said.push("the paper is of the other mode");
if (innerWidth !== WIDTH)
    said.push("a window of " + innerWidth);
parent.document.body.firstChild.textContent = "looked at " + pictures.length + ". " + said.join("\n") + " end";
END

cat > look.py <<'END'
import html, pathlib, re, subprocess, sys
name, width, *flags = sys.argv[1:]
work = pathlib.Path.cwd()
def chromium(*more):
    return subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                           "--disable-component-update", f"--user-data-dir={work}/profile", *flags, "--window-size=1400,2000", *more],
                          capture_output=True, text=True, timeout=300)
def fail(*words):
    print(f"{name} at {width} pixels, {' '.join(flags)}:", *words); sys.exit(1)

page = (work / name / "report.html").read_text()
bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page) # which lets no script look
assert bare != page, "no policy"
script = (work / "check.js").read_text().replace("WIDTH", width)
inner = bare.replace("</body>", "<script>" + script + "</script></body>")
# A window is never narrower than 500 pixels; a frame is.
(work / "page.html").write_text("<!doctype html><meta charset=utf-8><meta name=color-scheme content='light dark'><body><p></p>"
    f"<iframe style='border:0;width:{width}px;height:2000px' srcdoc=\"{html.escape(inner)}\"></iframe>")
done = chromium("--dump-dom", f"file://{work}/page.html")
found = re.search(r"<p>looked at (\d+)\. (.*?) end</p>", done.stdout, re.S)
if not found: fail("chromium said nothing:", done.stderr[-400:])
if int(found[1]) != page.count("<figure") or found[2]: fail(found[1], "pictures:", html.unescape(found[2]))
if int(width) < 1000: sys.exit(0)

# The report as it is: its console, and what it asked for.
done = chromium("--enable-logging=stderr", f"--log-net-log={work}/net.json", "--dump-dom", f"file://{work}/{name}/report.html")
said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
if said or "<h1>" not in done.stdout: fail("in the console:", said)
asked = re.findall(r'"url":"([^"]*)"', (work / "net.json").read_text())
own = f"file://{work}/{name}/report.html" # Chromium itself asks for updates of its own
if [url for url in asked if "example.com" in url or url.startswith("file:") and url != own]: fail("asked for", asked)
END
for report in scripts many two; do
    python3 look.py $report 390 --blink-settings=preferredColorScheme=1 || exit 1
    python3 look.py $report 1280 --blink-settings=preferredColorScheme=0 || exit 1
done
