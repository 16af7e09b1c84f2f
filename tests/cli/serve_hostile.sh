# heed serve against clients that mean harm: requests on whose end two servers could disagree are refused, once, and
# their connection is closed; those that drip or do not read are cut in time, those that are too many are told so, and
# everyone else is served.
HEED=${HEED:?path of the program}
command -v python3 > /dev/null || { echo "skipped: python3 is not here"; exit 77; }
here=$PWD/cli cases=$PWD/cases/http
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
awk 'BEGIN { print "label\ttext"; for (i = 0; i < 60; i++) printf "%s\tword%d and %s\n", (i % 2 ? "pos" : "neg"), i % 9, (i % 2 ? "good" : "bad") }' > rows.tsv
"$HEED" train --train rows.tsv --model m.safetensors --quiet --architecture linear 2> err || { cat err; exit 1; }
PYTHONPATH=$here python3 - "$cases/heads.txt" <<'END'
import http.client, io, json, socket, sys, threading, time
from serving import PATIENCE, Server, read_all, refused_heads, wait_for

BODY = b'{"inputs": "word1 good"}'
SMUGGLED = b"GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"

def post(*headers, body=BODY):
    return b"\r\n".join([b"POST / HTTP/1.1", b"Host: localhost", b"Content-Type: application/json", *headers]) + b"\r\n\r\n" + body

def get(*headers, target=b"/v2", method=b"GET"):
    return b"\r\n".join([method + b" " + target + b" HTTP/1.1", b"Host: localhost", *headers]) + b"\r\n\r\n"

LENGTH = b"Content-Length: %d" % len(BODY)
CHUNKS = b"18\r\n" + BODY + b"\r\n0\r\n\r\n"

def send(connection, data):
    """Whether all of it could be sent; the other side may close before."""
    try:
        connection.sendall(data)
        return True
    except (BrokenPipeError, ConnectionResetError):
        return False

def statuses(data):
    """Of each response in data: status lines, wherever they are."""
    return [int(part[:3]) for part in data.split(b"HTTP/1.1 ")[1:]]

# Each head that has to be refused, with what its body could be and with something that would be answered after it; and
# heads that are longer than there is room for.
hostile = [(name, head + after, status) for name, head, status in refused_heads(sys.argv[1]) for after in (b"", BODY, CHUNKS)]
hostile += [("a path of 60,000 bytes", get(target=b"/" + b"a" * 60000), 431), ("a header of 60,000 bytes", get(b"X: " + b"a" * 60000), 431),
            ("6,000 headers", get(*[b"X%d: a" % i for i in range(6000)]), 431)]
assert len(hostile) > 200
failed = 0
with Server("m.safetensors", "--connections-each", "0") as s:
    for name, sent, wanted in hostile:
        with s.connect() as c:
            send(c, sent + SMUGGLED)
            data = read_all(c)
        found = None if data is None else statuses(data)
        if found != [wanted]:
            print(f"{name}: found {found}, expected {wanted} and the end of the connection")
            failed = 1
    # The same shape without malice goes on: two requests in one piece have two answers.
    with s.connect() as c:
        c.sendall(post(LENGTH) + get(b"Connection: close"))
        data = read_all(c)
        assert statuses(data) == [200, 200], data
    # A method has its case: what is not HEAD has an answer with a body, and what follows is another answer.
    with s.connect() as c:
        c.sendall(get(method=b"head") + get(b"Connection: close"))
        data = read_all(c)
        assert statuses(data) == [405, 200] and data.count(b"\r\n\r\n{") == 2, data
    assert s.ask("GET", "/v2/health/live")[0] == 200
assert not failed

# However a client drips, its time runs from its first byte on; that it is cut at all is what counts here, not how soon.
def drip(first, piece):
    """After how many seconds the server closes a connection that gets a piece every 50 ms, and what it said."""
    began = time.monotonic()
    said = b""
    with s.connect() as c:
        sending = send(c, first)
        c.settimeout(0.05)
        while time.monotonic() < began + PATIENCE:
            try:
                sending = sending and send(c, piece)
                if not (got := c.recv(65536)):
                    return time.monotonic() - began, said
                said += got
            except TimeoutError:
                pass
            except ConnectionResetError:
                return time.monotonic() - began, said
    return None, said

problems = []
def drip_check(first, piece, least, status):
    seconds, said = drip(first, piece)
    if seconds is None or seconds < least or statuses(said) != status:
        problems.append(f"{first!r} {piece!r}: closed after {seconds} s with {said!r}, expected {status} after {least} s at the earliest")

with Server("m.safetensors", "--header-seconds", "2", "--request-seconds", "3", "--connections-each", "0") as s:
    threads = [threading.Thread(target=drip_check, args=case) for case in [
        (b"", b"", 2, []), (b"GET /v2 HT", b"", 2, []), (b"GET /v2 HTTP/1.1\r\nX: ", b"a", 2, []),
        (b"GET /v2 HTTP/1.1\r\nHost: localhost\r\n", b"X: a\r\n", 2, []), (get(), b"", 2, [200]),
        (post(b"Content-Length: 1000", body=b""), b"", 3, [408]), (post(b"Content-Length: 1000", body=b"{"), b" ", 3, [408]),
    ]]
    for thread in threads:
        thread.start()
    # One who does not read: answers pile up until nothing more can be written.
    with socket.socket() as c:
        c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        c.connect(s.address)
        c.settimeout(PATIENCE)
        while send(c, get(target=b"/metrics")):
            pass
    for thread in threads:
        thread.join()
    assert not problems, problems
    assert wait_for(lambda: s.metric("heed_connections") == 1)

# Slow ones do not keep others from their answers: these come while all of the slow ones are there.
with Server("m.safetensors", "--header-seconds", "600", "--request-seconds", "600", "--connections-each", "0") as s:
    slow = [s.connect() for _ in range(32)]
    for i, c in enumerate(slow):
        c.sendall([b"POST / HTTP/1.1\r\nHo", post(b"Content-Length: 500", body=b"{")][i % 2])
    assert all(s.ask("POST", "/", {"inputs": "word1 good"})[0] == 200 for _ in range(20))
    assert s.metric("heed_connections") >= 33
    for c in slow:
        c.close()
    assert wait_for(lambda: s.metric("heed_connections") == 1)

# More connections than there may be in all are told so, each with a whole answer; those that say nothing go when their time
# is over, and then there is room.
with Server("m.safetensors", "--connections", "16", "--connections-each", "0", "--header-seconds", "1") as s:
    silent = [s.connect() for _ in range(100)]
    assert wait_for(lambda: s.ask("GET", "/v2/health/ready")[0] == 200)
    for c in silent:
        c.close()
with Server("m.safetensors", "--connections", "16", "--connections-each", "0", "--header-seconds", "600") as s:
    many = [s.connect() for _ in range(100)]
    for c in many:
        c.sendall(get(b"Connection: close"))
    heard = []
    for c in many:
        heard += statuses(read_all(c))
        c.close()
    assert len(heard) == 100 and set(heard) <= {200, 503} and heard.count(200) >= 16, heard
    assert wait_for(lambda: s.ask("GET", "/v2")[0] == 200)

# More than there may be of one address are told so, whatever they have sent, and keep nothing.
def is_refusal(data):
    """Whether these bytes are one whole answer that says so."""
    class Received:
        def makefile(self, _): return io.BytesIO(data)
    answer = http.client.HTTPResponse(Received())
    answer.begin()
    body = answer.read() # raises if it is cut
    return (answer.status, answer.headers["Retry-After"], answer.headers["Connection"]) == (503, "1", "close") and \
        "--connections-each" in json.loads(body)["error"] and data.endswith(body)

with Server("m.safetensors", "--connections-each", "4", "--header-seconds", "600", quiet=False) as s:
    held = [s.keep() for _ in range(4)]
    def all_held_answer():
        return all(s.ask("GET", "/v2", connection=c)[0] == 200 for c in held)
    def is_room():
        """Nobody is there but those that are held."""
        return wait_for(lambda: s.metric("heed_connections", held[0]) == 4)
    assert all_held_answer()
    large = b'{"inputs": "' + b"a" * (1 << 20) + b'"}'
    for sent in [b"", b"GET /v2 HT", get(), get(method=b"HEAD"), post(LENGTH), post(b"Content-Length: %d" % len(large), body=large),
                 b"\x16\x03\x01\0\0\r\n\r\n", SMUGGLED * 1000]:
        with s.connect() as c:
            send(c, sent)
            data = read_all(c)
            assert is_refusal(data), f"{sent[:60]!r}: {data}"
        assert is_room()
    # Who keeps its end open, and who never stops sending, is let go all the same.
    with s.connect() as silent:
        assert is_room()
        assert is_refusal(read_all(silent))
    with s.connect() as c:
        while send(c, b"a" * 65536):
            pass
        assert is_room()
    # A crowd at the same time is told, and those that are held notice nothing.
    for count in 40, 400:
        crowd = [s.connect() for _ in range(count)]
        assert all_held_answer()
        for c in crowd:
            data = read_all(c)
            assert is_refusal(data), data
            c.close()
        assert is_room()
    assert s.metric('heed_requests_total{route="none",status="503"}', held[0]) >= 50
    for c in held:
        c.close()
    assert wait_for(lambda: s.ask("GET", "/v2")[0] == 200)
assert "heed: 127.0.0.1 - - 503 0 texts" in open("serve.log").read()
END
