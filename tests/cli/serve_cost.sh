# What one request may cost heed serve: more than --max-cost is refused before it begins; at its deadline a request has 504
# and its worker goes on with others; predictions go on beside explanations; a client's queue is its own; and the server
# ends when it is told to, whatever it is doing.
HEED=${HEED:?path of the program}
command -v python3 > /dev/null || { echo "skipped: python3 is not here"; exit 77; }
here=$PWD/cli
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
printf 'label\ttext\na\tgood film what is\nb\tbad film what was\na\tgood good\nb\tbad bad\n' > rows.tsv
"$HEED" train --quiet --train rows.tsv --model slow.safetensors --epochs 1 --validation none --min-count 1 --max-length 3000 \
    --architecture 'embed 16 | transformer 4 32 | attention scaled' 2> err &&
    "$HEED" train --quiet --train rows.tsv --model linear.safetensors --architecture linear 2> err || { cat err; exit 1; }
PYTHONPATH=$here ROUTES=$here/../../server/route.c python3 - <<'END'
import http.client, json, os, re, signal, threading, time
from serving import PATIENCE, Server, wait_for

WORDS = ["good", "bad", "film", "what", "is"]
LONG = " ".join(WORDS[i % 5] for i in range(3000))
SLOW = {"instances": [LONG], "parameters": {"method": "leave-one-out"}}  # some minutes of work
EXPLAIN = "/v1/models/slow:explain"

def expect(what, found, wanted):
    assert found == wanted, f"{what}: found {found}, expected {wanted}"

def start(s, body, path=EXPLAIN, source="127.0.0.1"):
    """Asks from an address and goes on; the answer's status is in the list once it is there."""
    found = []
    def run():
        c = http.client.HTTPConnection(*s.address, timeout=PATIENCE, source_address=(source, 0))
        try:
            c.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = c.getresponse()
            found.append((answer.status, json.loads(answer.read())))
        except (OSError, http.client.HTTPException) as error:
            found.append((None, str(error)))
        c.close()
    thread = threading.Thread(target=run)
    thread.start()
    return thread, found

def ask_from(s, source, path, body):
    thread, found = start(s, body, path, source)
    thread.join()
    return found[0]

# ---- a cost is known before the work begins, and named
with Server("slow.safetensors", "linear.safetensors", "--max-cost", "100000") as s:
    status, _, answer = s.ask("POST", EXPLAIN, SLOW)
    expect("leave-one-out of 3,000 words", status, 413)
    assert "expected 100000 at most" in answer["error"] and "another method" in answer["error"], answer
    expect("by attention", s.ask("POST", EXPLAIN, {"instances": [LONG], "parameters": {"method": "attention"}})[0], 200)
    expect("a short text", s.ask("POST", EXPLAIN, {"instances": ["good film"], "parameters": {"method": "leave-one-out"}})[0], 200)
    expect("33 long texts", s.ask("POST", "/v1/models/slow:predict", {"instances": [LONG] * 33})[0], 200)
    status, _, answer = s.ask("POST", "/v1/models/slow:predict", {"instances": [LONG] * 34}) # 3,000 tokens each
    expect("34 long texts", status, 413)
    assert "found a cost of 102000" in answer["error"] and "method" not in answer["error"], answer
    expect("a model that reads all of a text", s.ask("POST", "/v1/models/linear:predict", {"instances": ["a" * 100000]})[0], 200)
    expect("the same with a byte more", s.ask("POST", "/v1/models/linear:predict", {"instances": ["a" * 100001]})[0], 413)

# ---- two requests that take minutes, on two workers: 504 in the end, and others have answers meanwhile
with Server("slow.safetensors", "--threads", "2", "--request-seconds", "2") as s:
    began = time.monotonic()
    both = [start(s, SLOW) for _ in range(2)]
    assert wait_for(lambda: s.metric("heed_connections") >= 3)
    while any(not found for _, found in both):
        expect("a prediction beside them", s.ask("POST", "/", {"inputs": "good"})[0], 200)
    for thread, found in both:
        thread.join()
        expect("at its deadline", found[0][0], 504)
    assert time.monotonic() - began >= 2
    expect("the worker is free", s.ask("POST", EXPLAIN, {"instances": ["good"]})[0], 200)
    # A text among others that are late has its own answer.
    thread, found = start(s, {"instances": [LONG] * 70}, "/v1/models/slow:predict")
    while not found:
        expect("a text beside many", s.ask("POST", "/", {"inputs": "good"})[0], 200)
    thread.join()
    assert found[0][0] in (200, 504), found # as fast as the machine is

# ---- a client's texts count against its own queue: of 127.0.0.1 too many wait, of 127.0.0.2 none
with Server("slow.safetensors", "--threads", "1", "--queue", "4", "--connections-each", "0") as s:
    # cheap enough that other clients' texts have their turn between them
    piece = {"instances": [" ".join(WORDS * 50)] * 40, "parameters": {"method": "leave-one-out"}}
    mine = [start(s, piece) for _ in range(2)]
    assert wait_for(lambda: s.metric("heed_queue_explanations") >= 4)
    full = s.ask("POST", EXPLAIN, piece)
    if any(not found for _, found in mine):
        expect("more of the same client", (full[0], full[1]["Retry-After"]), (429, "1"))
    expect("another client", ask_from(s, "127.0.0.2", EXPLAIN, {"instances": ["good"]})[0], 200)
    expect("a prediction of the first", s.ask("POST", "/", {"inputs": "good"})[0], 200)
    for thread, found in mine:
        thread.join()
    assert sorted(found[0][0] for _, found in mine) in ([200, 200], [200, 429]), mine

# ---- the end: after --drain-seconds, or at once after a second signal, whatever is being done
for second in (False, True):
    s = Server("slow.safetensors", "--threads", "2", "--request-seconds", "600", "--drain-seconds", "600" if second else "1")
    started = [start(s, SLOW), start(s, {"instances": [LONG] * 70}, "/v1/models/slow:predict")]
    assert wait_for(lambda: s.metric("heed_connections") >= 3)
    began = time.monotonic()
    s.tell(signal.SIGTERM)
    if second:
        time.sleep(0.2) # two signals at once are one
        s.tell(signal.SIGTERM)
    status = s.process.wait(PATIENCE)
    assert status in (0, 1), status
    assert time.monotonic() - began < PATIENCE / 2
    for thread, found in started:
        thread.join()
        assert found[0][0] in (200, 503, None), found # the predictions may have come to their end

# ---- what is served, in the form that is asked for; /openapi.json has every path, and only those
with Server("slow.safetensors", "two=linear.safetensors") as s:
    for accept, kind in [(None, "text/html"), ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"), ("*/*", "application/json"), ("application/json", "application/json")]:
        status, headers, body = s.ask("GET", "/", None, {"Accept": accept} if accept else {})
        expect(f"GET / with Accept: {accept}", (status, headers["Content-Type"].split(";")[0], headers["Vary"]), (200, kind, "Accept"))
    expect("KServe's first version", s.ask("GET", "/", None, {"Accept": "*/*"})[2]["status"], "alive")
    about = s.ask("GET", "/openapi.json", None, {})[2]
    expect("the models in it", about["paths"]["/v2/models/{model}"]["get"]["parameters"][0]["schema"]["enum"], ["slow", "two"])
    table = re.sub(r'" MODEL(?: "|(?=\}))', "<model>", open(os.environ["ROUTES"]).read())
    rows = [(method, path.replace("<model>", "{model}")) for method, path in re.findall(r'\{ROUTE_\w+, "(GET|POST)", "([^"}]*)"?\}', table)]
    assert len(rows) > 20, rows
    for method, path in rows:
        assert method.lower() in about["paths"].get(path, {}), f"{method} {path} of server/route.c is not in /openapi.json"
    for path, methods in about["paths"].items():
        for method in methods:
            real = path.replace("{model}", "slow").replace("{version}", "1")
            status = s.ask(method.upper(), real, {} if method == "post" else None)[0]
            assert status in (200, 400), f"{method} {path}: {status}"
        other = "post" if "post" not in methods else "get" if "get" not in methods else "delete"
        expect(f"{other} {path}", s.ask(other.upper(), path.replace("{model}", "slow").replace("{version}", "1"), {} if other == "post" else None)[0], 405)
END
