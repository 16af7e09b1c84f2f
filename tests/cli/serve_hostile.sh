# heed serve against clients that mean harm: requests on whose end two servers would disagree are refused, once, and
# their connection is closed; those that drip, do not read or are too many are cut in time, and everyone else is served.
HEED=${HEED:?path of the program}
command -v python3 > /dev/null || { echo "skipped: python3 is not here"; exit 77; }
here=$PWD/cli
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
awk 'BEGIN { print "label\ttext"; for (i = 0; i < 60; i++) printf "%s\tword%d and %s\n", (i % 2 ? "pos" : "neg"), i % 9, (i % 2 ? "good" : "bad") }' > rows.tsv
"$HEED" train --train rows.tsv --model m.safetensors --quiet --architecture linear 2> err || { cat err; exit 1; }
PYTHONPATH=$here python3 - <<'END'
import socket, time
from serving import Server, read_all, wait_for

BODY = b'{"inputs": "word1 good"}'
SMUGGLED = b"GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n"

def post(*headers, body=BODY, target=b"/", host=b"Host: x"):
    lines = [b"POST " + target + b" HTTP/1.1", host, *headers]
    return b"\r\n".join(line for line in lines if line is not None) + b"\r\n\r\n" + body

def get(*headers, target=b"/v2", version=b"HTTP/1.1", host=b"Host: x", method=b"GET"):
    lines = [method + b" " + target + b" " + version, host, *headers]
    return b"\r\n".join(line for line in lines if line is not None) + b"\r\n\r\n"

L = b"Content-Length: %d" % len(BODY)
CHUNKS = b"18\r\n" + BODY + b"\r\n0\r\n\r\n"
# What is sent (something that would be answered comes behind it), and the statuses that may come back; None: none at all.
hostile = [
    # Two ways to say where the body ends.
    (post(L, b"Transfer-Encoding: chunked"), {400}), (post(b"Transfer-Encoding: chunked", L, body=CHUNKS), {400}),
    (post(b"transfer-encoding: CHUNKED", b"content-length: 4", body=CHUNKS), {400}),
    (post(L, b"Transfer-Encoding : chunked"), {400}), (post(L, b" Transfer-Encoding: chunked"), {400}),
    (post(L, b"Transfer-Encoding:\tchunked"), {400}), (post(L, b"Transfer-Encoding: xchunked"), {400}),
    (post(L, b"Transfer-Encoding: chunked, identity"), {400}), (post(L, b"Transfer-Encoding: identity"), {400}),
    (post(L, b"X: a\rTransfer-Encoding: chunked"), {400}), (post(L, b"X: a\nTransfer-Encoding: chunked"), {400}),
    (post(L, b"Transfer-Encoding:"), {400}), (post(L, b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"), {400}),
    (get(b"Transfer-Encoding: chunked", b"Content-Length: 0"), {400}),
    # Any transfer encoding.
    (post(b"Transfer-Encoding: chunked", body=CHUNKS), {411}), (post(b"Transfer-Encoding: gzip, chunked", body=CHUNKS), {411}),
    (post(b"Transfer-Encoding: chunked", body=b"fffffffffffffffff\r\n"), {411}), (post(b"Transfer-Encoding: chunked", body=b"-1\r\n"), {411}),
    (post(b"Transfer-Encoding: chunked", body=b"18;a=\"\r\n\r\n"), {411}), (get(b"Transfer-Encoding: chunked"), {411}),
    # Lengths.
    (post(L, L), {400}), (post(b"Content-Length: 0", L), {400}), (post(L, b"Content-Length: 0"), {400}), (post(L, b"content-length: 24"), {400}),
    (post(b"Content-Length: +24"), {400}), (post(b"Content-Length: -1"), {400}), (post(b"Content-Length: 0x18"), {400}), (post(b"Content-Length: 24, 24"), {400}),
    (post(b"Content-Length: 24 24"), {400}), (post(b"Content-Length: 2.4e1"), {400}), (post(b"Content-Length:"), {400}), (post(b"Content-Length: a"), {400}),
    (post(b"Content-Length: 18446744073709551640"), {400, 413}), (post(b"Content-Length: 99999999999999999999999999"), {400, 413}),
    (post(b"Content-Length: 9223372036854775807"), {400, 413}), (post(b"Content-Length: 1048577"), {413}), (post(b"Content-Length: 2147483648"), {413}),
    (post(b"Content_Length: 24"), {411}), (post(), {411}), (post(b"Content-Length : 24"), {400}),
    # Bodies where there are none.
    (get(L) + BODY, {400}), (get(b"Content-Length: %d" % len(SMUGGLED)) + SMUGGLED, {400}), (get(L, method=b"HEAD") + BODY, {400}),
    (get(L, method=b"DELETE") + BODY, {400}), (get(L, method=b"OPTIONS") + BODY, {400}),
    # Hosts, versions, request lines.
    (get(host=None), {400}), (get(b"Host: y"), {400}), (get(b"host: x"), {400}), (post(L, host=None), {400}),
    (get(version=b"HTTP/2.0"), {400}), (get(version=b"HTTP/1.2"), {400}), (get(version=b"HTTP/0.9"), {400}),
    (get(version=b"http/1.1"), {400}), (get(version=b"HTTP/11"), {400}), (get(version=b""), {400}), (b"GET /v2\r\n\r\n", {400}),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400}), (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 40 + b"\r\n\r\n", {400}),
    (b"\r\n" * 9 + b"\0\0\0\r\n\r\n", {400}), (b"GET\r\n\r\n", {400}),
    # Longer than there is room for, and headers that are none.
    (get(target=b"/" + b"a" * 60000), {431}), (get(target=b"/" + b"a" * 9000), {414}), (get(target=b"v2"), {400}), (get(target=b"/v2#a"), {400}), (get(target=b"/\xff"), {400}), (get(b"Expect: miracles"), {417}), (get(b"X: " + b"a" * 60000), {431}), (get(*[b"X%d: a" % i for i in range(6000)]), {431}), (get(*[b"X: a"] * 101), {431}),
    (get(b"nothing"), {400}), (get(b": a"), {400}), (get(b"X: a\r\n folded"), {400}), (get(b"X\0Y: a"), {400}), (get(b"X: \0"), {400}),
]

def statuses(data):
    """Of each response in data: status lines, wherever they stand."""
    return [int(part[:3]) for part in data.split(b"HTTP/1.1 ")[1:]]

failed = 0
with Server("m.safetensors", "--connections-each", "0") as s:
    for sent, wanted in hostile:
        with s.connect() as c:
            try:
                c.sendall(sent + SMUGGLED)
            except (BrokenPipeError, ConnectionResetError):
                pass
            data = read_all(c, 3)
        found = None if data is None else statuses(data)
        if found is None or len(found) > 1 or (found[0] if found else None) not in wanted:
            print(f"{sent[:100]!r}: found {found}, closed: {data is not None}, expected one of {wanted} and the end")
            failed = 1
    # The same shape without malice goes on: two requests in one piece have two answers.
    with s.connect() as c:
        c.sendall(post(L) + get(b"Connection: close"))
        data = read_all(c)
        assert statuses(data) == [200, 200], data
    # A method has its case: what is no HEAD has an answer with a body, and what follows is another answer.
    with s.connect() as c:
        c.sendall(get(method=b"head") + get(b"Connection: close"))
        data = read_all(c)
        assert statuses(data) == [405, 200] and data.count(b"\r\n\r\n{") == 2, data
    assert s.ask("GET", "/v2/health/live")[0] == 200
assert not failed

SLOW = ["--header-seconds", "0.6", "--request-seconds", "1.2"]
with Server("m.safetensors", *SLOW, "--connections-each", "0") as s:
    def drip(first, piece, most):
        """When the server closes a connection that gets a piece every 50 ms, and what it said."""
        began = time.monotonic()
        with s.connect() as c:
            c.sendall(first)
            c.settimeout(0.05)
            said = b""
            while time.monotonic() < began + most:
                try:
                    c.sendall(piece)
                    got = c.recv(65536)
                    said += got
                    if not got:
                        return time.monotonic() - began, said
                except TimeoutError:
                    pass
                except (ConnectionResetError, BrokenPipeError):
                    return time.monotonic() - began, said
        return most, said
    for first, piece, least, most, said in [
        (b"", b"", 0.6, 1.6, b""), (b"GET /v2 HT", b"", 0.6, 1.6, b""), (b"GET /v2 HTTP/1.1\r\nX: ", b"a", 0.6, 1.6, b""),
        (b"GET /v2 HTTP/1.1\r\nHost: x\r\n", b"X: a\r\n", 0.6, 1.6, b""), (get(), b"", 0.6, 1.6, b"HTTP/1.1 200"),
        (post(b"Content-Length: 1000", body=b""), b"", 1.2, 2.2, b"HTTP/1.1 408"), (post(b"Content-Length: 1000", body=b"{"), b" ", 1.2, 2.2, b"HTTP/1.1 408"),
    ]:
        seconds, found = drip(first, piece, 4)
        assert least - 0.1 <= seconds <= most, f"{first!r} {piece!r}: closed after {seconds} s, expected {least} to {most}"
        assert found.startswith(said) and bool(found) == bool(said), f"{first!r}: {found!r}"
    # One who does not read: answers pile up until nothing more can be written.
    with socket.socket() as c:
        c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        c.connect(s.address)
        c.settimeout(6)
        try:
            for _ in range(20000):
                c.sendall(get(target=b"/metrics"))
        except TimeoutError:
            assert False, "who does not read is not cut"
        except (ConnectionResetError, BrokenPipeError):
            pass
    # 32 slow ones do not keep others from their answers.
    slow = [s.connect() for _ in range(32)]
    for i, c in enumerate(slow):
        c.sendall([b"POST / HTTP/1.1\r\nHo", post(b"Content-Length: 500", body=b"{")][i % 2])
    began = time.monotonic()
    assert all(s.ask("POST", "/", {"inputs": "word1 good"})[0] == 200 for _ in range(20))
    assert time.monotonic() - began < 2, f"20 answers beside slow clients took {time.monotonic() - began} s"
    for c in slow:
        assert read_all(c, 4) is not None, "a slow client was not cut"
        c.close()
    assert wait_for(lambda: s.metric("heed_connections") == 1)

# More connections than there may be: some wait or are closed, and when they are gone, all is well.
with Server("m.safetensors", "--connections", "16", "--connections-each", "0", "--header-seconds", "1") as s:
    many = [s.connect() for _ in range(100)]
    time.sleep(0.3)
    for c in many:
        c.close()
    assert wait_for(lambda: s.ask("GET", "/v2/health/ready")[0] == 200, 5)
with Server("m.safetensors", "--connections-each", "4") as s:
    held = [s.connect() for _ in range(4)]
    for c in held:
        c.sendall(get())
        assert c.recv(20).startswith(b"HTTP/1.1 200")
    with s.connect() as c:
        assert read_all(c, 3) == b"", "a fifth connection of one address is kept"
    for c in held:
        c.close()
    assert wait_for(lambda: s.ask("GET", "/v2")[0] == 200, 5)
END
