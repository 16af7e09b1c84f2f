# The pictures of test_pictures in headless Chromium, on a phone in light mode and on a desk in dark mode: no text leaves
# its picture or touches another one, as the browser measures them, and text and lines stand out from their paper.
command -v chromium > /dev/null || { echo "skipped: chromium is not here"; exit 77; }
command -v python3 > /dev/null || { echo "skipped: python3 is not here"; exit 77; }
[ -x "${BUILD-}/tests/test_pictures" ] || { echo "skipped: BUILD names no folder with test_pictures"; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/pictures"
PICTURES=$work/pictures "$BUILD/tests/test_pictures" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }

cat > "$work/check.js" <<'END'
const said = [];
const say = (picture, words) => said.push(picture.dataset.name + ": " + words);
/* WCAG 2.1's contrast of two colours "rgb(r, g, b)". */
function luminance(colour) {
    const [r, g, b] = colour.match(/\d+/g).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
}
/* A text's box without the empty part of its line, 3 pixels of the view box on each side of the letters. */
function box(text, pad) {
    const b = text.getBoundingClientRect(), up = text.hasAttribute("transform");
    return {words: text.firstChild.nodeValue, left: b.left + (up ? pad : 0), right: b.right - (up ? pad : 0),
            top: b.top + (up ? 0 : pad), bottom: b.bottom - (up ? 0 : pad)};
}
for (const picture of document.querySelectorAll("div")) {
    const svg = picture.querySelector("svg"), page = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll("text")].filter(t => t.firstChild).map(t => box(t, 3 * page.width / svg.viewBox.baseVal.width));
    boxes.forEach((a, i) => {
        if (a.left < page.left - 0.5 || a.right > page.right + 0.5 || a.top < page.top - 0.5 || a.bottom > page.bottom + 0.5)
            say(picture, "'" + a.words + "' leaves it");
        for (const b of boxes.slice(0, i))
            if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
                say(picture, "'" + a.words + "' touches '" + b.words + "'");
    });
    if (page.width > document.body.clientWidth && svg.viewBox.baseVal.width <= 480)
        say(picture, "wider than the window");
    const paper = getComputedStyle(svg.querySelector(".paper")).fill;
    if (matchMedia("(prefers-color-scheme: dark)").matches !== luminance(paper) < 0.1)
        say(picture, "its paper is of the other mode");
    for (const text of svg.querySelectorAll("text"))
        if (contrast(getComputedStyle(text).fill, paper) < 7)
            say(picture, "'" + text.textContent + "' is pale");
    for (const series of svg.querySelectorAll("g[class^=s]"))
        if (contrast(getComputedStyle(series).color, paper) < 3)
            say(picture, "series " + series.getAttribute("class") + " is pale");
}
document.body.textContent = "looked at " + document.querySelectorAll("div").length + ". " + said.join("\n") + " end";
END

# look WIDTH FLAGS...: the body has that width, for a window is never narrower than 500 pixels
look() {
    width=$1
    shift
    python3 - "$work" "$width" "$@" <<'END'
import html, pathlib, re, subprocess, sys
work, width, flags = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
pictures = sorted((work / "pictures").glob("*.svg"))
assert len(pictures) >= 25, "too few pictures"
page = f"<!doctype html><meta charset=utf-8><meta name=color-scheme content='light dark'><body style='margin:0;width:{width}px'>"
for picture in pictures:
    page += f"<div data-name={picture.stem} style='overflow-x:auto'>{picture.read_text()}</div>"
(work / "page.html").write_text(page + "<script>" + (work / "check.js").read_text().replace("</", "<\\/") + "</script>")
done = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={work}/profile", *flags,
                       f"--window-size={width},2000", "--dump-dom", f"file://{work}/page.html"],
                      capture_output=True, text=True, timeout=300)
found = re.search(r"looked at (\d+)\. (.*) end", html.unescape(done.stdout), re.S)
if not found:
    print("chromium said nothing:", done.stderr[-400:])
elif int(found[1]) != len(pictures) or found[2]:
    print(f"at {width} pixels, {' '.join(flags)}:", found[2])
else:
    sys.exit(0)
sys.exit(1)
END
}
look 390 --blink-settings=preferredColorScheme=1 || exit 1
look 1280 --blink-settings=preferredColorScheme=0
