# heed serve under load: a thousand requests at a time are answered to the bit as heed predict answers; reloads, good and
# bad, and the end lose none; what waits is bounded; systemd is told.
HEED=${HEED:?path of the program}
command -v python3 > /dev/null || { echo "skipped: python3 is not here"; exit 77; }
here=$PWD/cli
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
awk 'BEGIN { print "label\ttext"; for (i = 0; i < 300; i++) printf "%s\ta film of %d words that was %s\n", (i % 3 == 0 ? "odd" : i % 3 == 1 ? "neg" : "pos"), i % 40, (i % 3 == 0 ? "strange" : i % 3 == 1 ? "bad" : "good") }' > rows.tsv
train() { # SEED MODEL
    "$HEED" train --train rows.tsv --seed "$1" --model "$2" --quiet --epochs 4 --patience 0 --learning-rate 0.02 --max-length 30 \
        --architecture 'embed 8 | bilstm 4 | attention additive 4' 2> err || { cat err; exit 1; }
}
train 1 one.safetensors
train 2 two.safetensors
awk 'BEGIN { for (i = 0; i < 2000; i++) { t = "row " i; n = (i * 7) % 45; for (j = 0; j < n; j++) t = t " " (j % 5 ? "film" : "was bad") " " (i * j) % 50; print t } }' > texts.txt

PYTHONPATH=$here python3 - <<'END'
import http.client, json, os, random, shutil, signal, socket, subprocess, threading
from serving import HEED, PATIENCE, Server, wait_for

texts = open("texts.txt", encoding="utf-8").read().splitlines()

def predicted(model):
    out = subprocess.run([HEED, "predict", model, "texts.txt", "--format", "lines", "--all-scores", "--output-format", "jsonl"],
                         check=True, capture_output=True, text=True).stdout
    return [(a["label"], [s["score"] for s in a["scores"]]) for a in map(json.loads, out.splitlines())]

one, two = predicted("one.safetensors"), predicted("two.safetensors")
assert len(one) == len(texts) and one != two

def body_of(numbers):
    return {"instances": [texts[i] for i in numbers]}

def check(status, answer, numbers, wanted):
    """Whether the answer is that of one of the models, whole."""
    assert status == 200, f"status {status}: {answer}"
    found = [(p["label"], p["scores"]) for p in answer["predictions"]]
    assert any(found == [w[i] for i in numbers] for w in wanted), f"texts {numbers}: {found}"

class Clients:
    """Threads that each do `work(number)` again and again, until the end or the first failure."""

    def __init__(self, count, work):
        self.done, self.problems, self.stop = 0, [], False
        self.threads = [threading.Thread(target=self.run, args=(work, i)) for i in range(count)]
        for thread in self.threads:
            thread.start()

    def run(self, work, number):
        try:
            while not self.stop and work(number) is not False:
                self.done += 1
        except Exception as problem:
            self.problems.append(repr(problem))

    def end(self):
        self.stop = True
        for thread in self.threads:
            thread.join()
        assert not self.problems, f"{len(self.problems)} of {len(self.threads)} clients failed: {self.problems[:3]}"

# A thousand at once, each on a connection of its own.
with Server("m=one.safetensors", "--connections", "1000", "--connections-each", "0", "--queue", "100000", "--header-seconds", "600",
            "--request-seconds", "600") as s:
    gate = threading.Barrier(1000)
    def once(number):
        random_ = random.Random(number)
        numbers = [random_.randrange(len(texts)) for _ in range(random_.choice([1, 1, 1, 2, 40]))]
        gate.wait(PATIENCE)
        status, _, answer = s.ask("POST", "/v1/models/m:predict", body_of(numbers))
        check(status, answer, numbers, [one])
        return False
    Clients(1000, once).end()
    batched = s.metric('heed_batch_texts_bucket{le="32"}') - s.metric('heed_batch_texts_bucket{le="1"}')
    assert batched > 0, "no batch has two texts"
    assert s.metric("heed_queue_texts") == 0

    # And one after the other on kept connections; memory stays what it is.
    def again(number, connections={}):
        c = connections.setdefault(number, s.keep())
        numbers = [random.randrange(len(texts))]
        status, _, answer = s.ask("POST", "/v1/models/m:predict", body_of(numbers), connection=c)
        check(status, answer, numbers, [one])
    clients = Clients(8, again)
    assert wait_for(lambda: clients.done > 1000 or clients.problems)
    before, files = s.memory(), len(os.listdir(f"/proc/{s.process.pid}/fd"))
    assert wait_for(lambda: clients.done > 3000 or clients.problems)
    kept = os.environ.get("SANITIZE", "") # a sanitizer keeps what was freed
    assert kept or s.memory() - before < 4 << 20, f"memory grew by {s.memory() - before} bytes in 2,000 requests"
    assert abs(len(os.listdir(f"/proc/{s.process.pid}/fd")) - files) <= 2
    clients.end()

# Reloads: every answer is the old model's or the new one's, whole; a broken file changes nothing.
shutil.copy("one.safetensors", "m.safetensors")
def replace(data):
    with open("next", "wb") as file:
        file.write(data)
    os.replace("next", "m.safetensors")
whole = [open(f, "rb").read() for f in ("one.safetensors", "two.safetensors")]
with Server("m.safetensors") as s:
    def ask(number, connections={}):
        c = connections.setdefault(number, s.keep())
        numbers = [random.randrange(len(texts)) for _ in range(1 + number)]
        check(*s.ask("POST", "/v1/models/m:predict", body_of(numbers), connection=c)[::2], numbers, [one, two])
    clients = Clients(6, ask)
    good = bad = 0
    for i in range(20):
        broken = i % 4 == 3
        replace(whole[i % 2][:-9] + b"x" * (i % 3) if broken else whole[i % 2])
        s.tell(signal.SIGHUP)
        good, bad = good + (not broken), bad + broken
        assert wait_for(lambda: (s.metric('heed_model_reloads_total{model="m"}'),
                                 s.metric('heed_model_reload_failures_total{model="m"}')) == (good, bad)), f"reload {i}"
        assert s.ask("GET", "/v2/health/ready")[0] == 200
    clients.end()
    assert (good, bad) == (15, 5) and clients.done > 20
    numbers = list(range(50))
    check(*s.ask("POST", "/v1/models/m:predict", body_of(numbers))[::2], numbers, [one]) # the last good one, of i = 18
    assert s.ask("GET", "/v2/models/m")[2]["versions"] == ["16"]
    assert s.ask("POST", "/v1/models/m/versions/1:predict", body_of([1]))[0] == 404

def post(numbers):
    data = json.dumps(body_of(numbers)).encode()
    return b"POST /v1/models/m:predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(data) + data

def answer_of(connection):
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.status, answer.headers, json.loads(answer.read())

def is_refused(s):
    """Whether the server takes no new connections."""
    try:
        s.connect().close()
    except ConnectionRefusedError:
        return True
    return False

# The end under load: who is connected is answered, everyone else is refused, nobody is cut.
for round in range(3):
    with Server("m=one.safetensors", "--connections-each", "0", "--queue", "10000", "--drain-seconds", "600") as s:
        refused = [0]
        def until_refused(number):
            numbers = [random.randrange(len(texts)) for _ in range(40)]
            try:
                c = s.connect()
            except ConnectionRefusedError:
                refused[0] += 1
                return False
            c.sendall(post(numbers))
            status, _, answer = answer_of(c)
            check(status, answer, numbers, [one])
            c.close()
        clients = Clients(16, until_refused)
        assert wait_for(lambda: clients.done > 50 or clients.problems)
        s.tell(signal.SIGTERM)
        assert s.process.wait(PATIENCE) == 0
        clients.end()
        assert refused[0] == 16

# Who has no room is told so, and a request that comes in halves while the end comes is answered: with the news.
with Server("m=one.safetensors", "--connections", "1", "--header-seconds", "600", "--drain-seconds", "600") as s:
    kept = s.connect()
    kept.sendall(b"GET /v2/health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answer_of(kept)[0] == 200
    waiting = [s.connect() for _ in range(8)]
    for c in waiting:
        c.sendall(post([1, 2, 3]))
    kept.sendall(b"GET /v2/health/ready HTTP/1.1\r\n")
    s.tell(signal.SIGTERM)
    assert wait_for(lambda: is_refused(s))
    kept.sendall(b"Host: localhost\r\n\r\n")
    status, headers, _ = answer_of(kept)
    assert status == 503 and headers["Retry-After"] and headers["Connection"] == "close", (status, headers)
    for c in waiting:
        status, headers, answer = answer_of(c)
        assert (status, headers["Connection"], headers["Retry-After"]) == (503, "close", "1"), (status, answer)
    for c in [kept, *waiting]:
        c.close()
    assert s.process.wait(PATIENCE) == 0
assert "without an answer" not in open("serve.log").read()

# What waits is bounded, and what waits too long is told so.
with Server("m=one.safetensors", "--threads", "1", "--queue", "1", "--max-texts", "100000", "--max-body", "100000000", "--connections-each", "0") as s:
    seen = set()
    def crowd(number):
        status, headers, answer = s.ask("POST", "/v1/models/m:predict", body_of(range(400)))
        assert status in (200, 429), status
        assert status == 200 or (headers["Retry-After"] and "waiting" in answer["error"])
        seen.add(status)
    clients = Clients(12, crowd)
    assert wait_for(lambda: seen == {200, 429} or clients.problems)
    clients.end()
with Server("m=one.safetensors", "--threads", "1", "--max-texts", "100000", "--max-body", "100000000", "--request-seconds", "0.3") as s:
    # Its body may come too late (408) when the machine is busy; and so may the other's answer.
    assert wait_for(lambda: s.ask("POST", "/v1/models/m:predict", {"instances": texts * 40})[0] == 504)
    assert wait_for(lambda: s.ask("POST", "/v1/models/m:predict", body_of([1]))[0] == 200)

# What systemd hears.
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
    notify.bind("notify.sock")
    notify.settimeout(PATIENCE)
    with Server("one.safetensors", env={"NOTIFY_SOCKET": os.path.abspath("notify.sock"), "WATCHDOG_USEC": "200000"}) as s:
        heard = [notify.recv(100) for _ in range(3)]
        assert heard == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"], heard
        s.end()
    while (last := notify.recv(100)) == b"WATCHDOG=1":
        pass
    assert last == b"STOPPING=1", last
END
