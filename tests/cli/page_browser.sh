# The page of heed serve in headless Chromium: it answers as the API does and marks what is answered, of two labels, one of
# many and several a row; it fits a phone; its text can be read in the light and in the dark; it is sent by Ctrl+Enter; a
# text too long to be explained is still answered; it asks for a token if the server does.
. "$(dirname "$0")/lib.sh"
has_command chromium || skip "chromium is not here"
has_command python3 || skip "python3 is not here"

# mail: "bank" is mostly no, "bank secret" is yes, so that with balanced weights "bank" is likelier yes, but below the
# threshold. many: labels that are also members of objects, or markup. several: all ten labels in one row; "sign9" has its
# label in 45 of 100 rows, so that it is predicted below one half.
awk 'BEGIN {
    print "label\ttext" > "mail.tsv"
    for (i = 0; i < 600; i++)
        printf "%s\tthe %s number %d\n", i % 60 < 4 ? "yes" : "no",
            i % 60 < 3 ? "bank secret" : i % 60 < 10 ? "bank" : "agenda", i * 7 % 31 > "mail.tsv"
    count = split("constructor __proto__ <b>bold</b> 10 9 pos neg forty_characters_without_a_place_to_break i j k l", names, " ")
    print "label\ttext" > "many.tsv"
    for (i = 0; i < 30 * count; i++)
        printf "%s\tsign%d and %d others\n", names[i % count + 1], i % count, i * 7 % 31 > "many.tsv"
    print "label\ttext" > "several.tsv"
    for (i = 0; i < 1100; i++) {
        row = ""
        for (k = 0; k < 10; k++)
            if (i % 11 == 10 || (i % 11 == k && (k < 9 || int(i / 11) % 20 < 9)))
                row = row (row == "" ? "" : ",") "a-label-of-some-length-" k
        nothing = i % 11 < 9 && i % 5 == 0
        printf "%s\t%s %d\n", nothing ? "" : row, i % 11 == 10 ? "everything" : nothing ? "nothing" : "sign" i % 11, i * 7919 % 1009 > "several.tsv"
    }
}'
"$HEED" train --train mail.tsv --model mail.st --quiet --architecture wide --class-weights balanced --tune-thresholds --stop-words english 2> err &&
    "$HEED" train --train many.tsv --model many.st --quiet --architecture linear 2> err &&
    "$HEED" train --train several.tsv --label-separator , --model several.st --quiet --architecture linear --tune-thresholds 2> err || { cat err; exit 1; }

PYTHONPATH=$tests/cli python3 - <<'END' || failed=1
import http.server, json, subprocess, threading
from browsing import CONTRAST, Browser
from serving import HEED, Server

CTRL, META = 2, 4
DONE = "['Coloured', 'No answer', 'The words have'].some(begin => find('#how').textContent.startsWith(begin))"

def expect(what, found, wanted):
    assert found == wanted, f"{what}: found {found!r}, expected {wanted!r}"

def send(b, text, model=None, key=CTRL):
    """Types a text into the page and waits for all that it says of it."""
    b.wait("find('#model').options.length > 0")
    if model:
        b.value(f"find('#model').value = {json.dumps(model)}")
    b.value(f"find('#ask').value = {json.dumps(text)}; find('#ask').focus(); find('#how').textContent = ''")
    b.press("Enter", 13, key)
    b.wait(DONE)

def texts_of(b, selector):
    return b.value(f"[...document.querySelectorAll({json.dumps(selector)})].map(e => e.textContent)")

def pale(b):
    """Texts that do not stand out enough from what is behind them."""
    return b.value(CONTRAST + """
        [...document.body.querySelectorAll("*")].filter(e => e.checkVisibility() && !e.matches("script, option") &&
            (e.matches("textarea, select, input") || [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())))
            .filter(e => contrast(e) < 4.5).map(e => e.tagName + " '" + e.textContent.slice(0, 40) + "' " + contrast(e))""")

def wide(b):
    """What does not fit: a page that scrolls sideways, numbers of more than one line."""
    return b.value("""[...document.querySelectorAll("td, thead th")].filter(cell => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return cell.tagName === "TD" && new Set([...range.getClientRects()].map(box => box.top)).size > 1 || cell.getBoundingClientRect().right > innerWidth;
        }).map(cell => cell.textContent).concat(document.documentElement.scrollWidth > innerWidth ? ["the page"] : [])""")

def threshold_of(model):
    described = json.loads(subprocess.run([HEED, "inspect", model, "--json"], capture_output=True, check=True).stdout)
    return described["thresholds"]

def check_answer(s, b, model, text):
    """The page's answer and marks are those of the API."""
    send(b, text, model)
    found = s.ask("POST", f"/v1/models/{model}:predict", {"instances": [text]})[2]["predictions"][0]
    answered = found["label"] if isinstance(found["label"], list) else [found["label"]]
    what = f"{model}, {text}: "
    expect(what + "the answer", texts_of(b, "#answer b"), answered)
    expect(what + "the rows that are marked", texts_of(b, ".answered bdi"), answered)
    expect(what + "marked in words", texts_of(b, "tbody small"), [" ✓ answered"] * len(answered))
    expect(what + "they come first", texts_of(b, "tbody tr")[:len(answered)], texts_of(b, ".answered"))
    scores = dict(zip(s.ask("GET", "/v2/models/" + model)[2]["labels"], found["scores"]))
    for label, shown in zip(texts_of(b, "tbody bdi"), texts_of(b, "tbody td:nth-child(2)")):
        assert abs(float(shown) - scores[label]) < 1e-6, f"{what}{label}: {shown}, {scores[label]}"
    return answered, scores, b.value("find('#answer').textContent")

def check_models(s, b):
    [threshold] = threshold_of("mail.st")
    about = s.ask("GET", "/v2/models/mail")[2]
    assert abs(about["thresholds"]["yes"] - threshold) < 1e-7 and list(about["thresholds"]) == ["yes"], about
    answered, scores, said = check_answer(s, b, "mail", "the bank")
    assert 0.5 < scores["yes"] < threshold and answered == ["no"], f"no text between one half and the threshold: {scores}"
    expect("below the threshold", said, f"Answer: no. The probability of yes, {round(scores['yes'], 6):g}, is not above its threshold, {round(threshold, 6):g}.")
    answered, scores, said = check_answer(s, b, "mail", "the bank secret")
    expect("above it", said, f"Answer: yes. Its probability, {round(scores['yes'], 6):g}, is above its threshold, {round(threshold, 6):g}.")

    expect("one of many: no thresholds", s.ask("GET", "/v2/models/many")[2]["thresholds"], {})
    for number, label in enumerate(["constructor", "__proto__", "<b>bold</b>", "10"]):
        answered, _, said = check_answer(s, b, "many", f"sign{number}")
        expect("one of many", said, f"Answer: {label}, the most likely of 12 labels.")
        expect("rows of many labels", len(texts_of(b, "tbody tr")), 8)

    about = s.ask("GET", "/v2/models/several")[2]
    expect("several: a threshold each", list(about["thresholds"]), about["labels"])
    for value, wanted in zip(about["thresholds"].values(), threshold_of("several.st")):
        assert abs(value - wanted) < 1e-7, about
    for text, count in ("everything", 10), ("sign3", 1), ("sign9", 1), ("nothing", 0):
        answered, scores, said = check_answer(s, b, "several", text)
        assert text != "sign9" or scores[answered[0]] < 0.5, f"predicted above one half: {scores}"
        expect(text, len(answered), count)
        assert said.endswith({10: ", which are above their thresholds.", 1: ", which is above its threshold.",
                              0: "Answer: none, for no label is above its threshold."}[count]), said
        shown = zip(texts_of(b, "tbody bdi"), texts_of(b, "tbody td:nth-child(3)"))
        for label, bound in shown:
            assert abs(float(bound) - about["thresholds"][label]) < 1e-6, f"{label}: {bound}"

def check_looks(b):
    """Every colour and mark: words for and against, dropped, unknown; phone and desk, light and dark."""
    for dark in False, True:
        for width in 360, 1200:
            b.window(width, dark)
            for model, text in (("mail", "the secret <b>bank</b> agenda, unheard"), ("several", "everything"), ("many", "sign7")):
                send(b, text, model)
                where = f"{model} at {width} pixels, {'dark' if dark else 'light'}"
                expect(where + ": pale", pale(b), [])
                expect(where + ": too wide", wide(b), [])
                if model == "mail":
                    tints = b.value("[...document.querySelectorAll('#text span')].map(s => s.style.background)")
                    for hue in "--for", "--against":
                        assert any(hue in tint for tint in tints), f"no word has {hue}: {tints}"
                    assert b.value("['unknown', 'stop', 'tag'].every(fate => find('#text .' + fate))"), b.value("find('#text').innerHTML")
    ring = b.value("""[...document.querySelectorAll("textarea, select, button")].filter(e => e.checkVisibility()).map(e => {
        e.focus({focusVisible: true});
        return getComputedStyle(e).outlineStyle + " " + getComputedStyle(e).outlineWidth; })""")
    expect("what has the focus is seen", ring, ["solid 3px"] * 3)
    expect("fields without a name", b.value("[...document.querySelectorAll('textarea, select, input')].filter(e => !e.labels.length && !e.ariaLabel).length"), 0)
    expect("the answer is spoken", b.value("[...document.querySelectorAll('[role=status]')].map(e => e.id)"), ["answer", "how"])

def check_keys(b):
    b.value("find('#ask').value = ''; find('#ask').focus(); find('#answer').textContent = 'kept'")
    b.press("Enter", 13, text="\r")
    expect("Enter is a new line", b.value("[find('#ask').value, find('#answer').textContent]"), ["\n", "kept"])
    send(b, "bank", "mail", META)
    expect("Cmd+Enter", b.value("find('#answer b').textContent"), "no")
    b.value("find('#answer').replaceChildren(); find('button').click()")
    b.wait("find('#answer b') !== null")

def check_long(s, b):
    for text, wanted in ("bank secret " * 6000, "yes"), ("bank agenda " * 6000, "no"):
        answered, _, _ = check_answer(s, b, "mail", text)
        expect("a long text", answered, [wanted])
        how = b.value("find('#how').textContent")
        assert how.startswith("The words have no colours: the text is too long to be explained: found 7"), how
        expect("its words", b.value("[find('#text').textContent, find('#text span')]"), [text, None])

class Between(http.server.BaseHTTPRequestHandler):
    """A server that passes requests on, asks for a token, answers some paths itself and changes explanations."""
    server_version, protocol_version = "between", "HTTP/1.1"
    token, answers, change = None, {}, {}

    def answer(self, body=None):
        status, headers, text = 200, {}, None
        if self.token and self.path != "/" and self.headers["Authorization"] != "Bearer " + self.token:
            status, headers, text = 401, {"WWW-Authenticate": "Bearer"}, {"error": "no token"}
        for ending, own in self.answers.items():
            if status == 200 and self.path.endswith(ending):
                status, text = own, {"error": "of its own"}
        kind = "application/json"
        if text is None:
            status, found, text = self.real.ask(self.command, self.path, body)
            kind = found["Content-Type"]
            if isinstance(text, dict) and "explanations" in text:
                text["explanations"][0].update(self.change)
        data = text.encode() if isinstance(text, str) else json.dumps(text).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Type": kind, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *_):
        pass

def give(b, token):
    b.wait("find('dialog').open && find('dialog input').value === ''")
    expect("a token: pale", pale(b), [])
    expect("a token: too wide", wide(b), [])
    b.call("Input.insertText", text=token)
    b.press("Enter", 13, text="\r")

def check_token(b, url):
    """It is asked for once, and again after another 401; it is in no storage and in no address."""
    Between.token = "t0k3n+/="
    b.open(url)
    give(b, "wrong")
    b.wait("find('#wanted').textContent.includes('does not take')")
    give(b, "t0k3n+/=")
    send(b, "bank secret", "mail")
    expect("with a token", b.value("find('#answer b').textContent"), "yes")
    Between.token = "another"
    b.value("find('#ask').focus(); find('#how').textContent = ''")
    b.press("Enter", 13, CTRL)
    give(b, "another")
    b.wait(DONE)
    expect("with another token", b.value("find('#answer b').textContent"), "yes")
    expect("where a token is kept", b.value("[document.cookie, Object.keys(localStorage), Object.keys(sessionStorage), location.search, find('dialog input').value]"),
           ["", [], [], "", ""])
    Between.token = "a third"
    b.press("Enter", 13, CTRL)
    b.wait("find('dialog').open")
    b.press("Escape", 27)
    b.wait("find('#how').textContent === 'No answer: the server answers only with its token.'")
    Between.token = None

def check_failures(b):
    for wanted, status, path in (("The words have no colours: the text was too long to be explained in time: of its own.", 504, ":explain"),
                                 ("The words have no colours: of its own.", 429, ":explain"), ("No answer: of its own.", 500, ":predict")):
        Between.answers = {path: status}
        send(b, "bank secret", "mail")
        expect(f"{path} {status}", b.value("find('#how').textContent"), wanted)
        expect(f"{path} {status}: labels", texts_of(b, ".answered bdi"), ["yes"] if path == ":explain" else [])
    Between.answers = {}
    for change, wanted in (({}, "Coloured by weights, not measured for this model: for"), ({"measured": True}, "Coloured by weights, measured for this model: for"),
                           ({"measured": False}, "Coloured by weights, not measured for this model: for"),
                           ({"method": "attention", "measured": False}, "Coloured by attention, not measured for this model: where the model looked"),
                           ({"skipped": "of its own"}, "The words have no colours: of its own.")):
        Between.change = change
        send(b, "bank secret", "mail")
        how = b.value("find('#how').textContent")
        assert how.startswith(wanted), f"{change}: {how}"

with Server("mail=mail.st", "many=many.st", "several=several.st") as s, Browser(".") as b:
    b.open("http://%s:%d/" % s.address)
    check_models(s, b)
    check_keys(b)
    check_looks(b)
    check_long(s, b)
    Between.real = s
    between = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Between)
    threading.Thread(target=between.serve_forever, daemon=True).start()
    b.window(360, True)
    url = "http://127.0.0.1:%d/" % between.server_port
    check_token(b, url)
    b.open(url + "?again")
    check_failures(b)
    between.shutdown()
    expect("exceptions and messages in the console", b.said, [])
END
