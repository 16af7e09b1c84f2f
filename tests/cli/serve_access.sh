# Who may ask heed serve: by which name, from a page of which site, with which token; what a browser is told of it.
HEED=${HEED:?path of the program}
command -v python3 > /dev/null || { echo "skipped: python3 is not here"; exit 77; }
here=$PWD/cli
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
awk 'BEGIN { print "label\ttext"; for (i = 0; i < 60; i++) printf "%s\tword%d and %s\n", (i % 2 ? "pos" : "neg"), i % 9, (i % 2 ? "good" : "bad") }' > rows.tsv
"$HEED" train --train rows.tsv --model m.safetensors --quiet --architecture linear 2> err || { cat err; exit 1; }
PYTHONPATH=$here python3 - <<'END'
import subprocess
from serving import HEED, Server

JSON = {"Content-Type": "application/json"}
BODY = {"inputs": "word1 good"}
PATH = "/v1/models/m:predict"

def expect(what, found, wanted):
    assert found == wanted, f"{what}: found {found}, expected {wanted}"

def status(s, headers, method="POST", path="/", body=BODY):
    return s.ask(method, path, body if method == "POST" else None, {**(JSON if method == "POST" else {}), **headers})[0]

# ---- Host, as a page sends it whose name was made to mean this machine; then as curl and the server's own page send it
with Server("m.safetensors") as s:
    port = s.address[1]
    for host in ["evil.example", f"evil.example:{port}", "localhost.evil.example", "127.0.0.1.evil.example", "", "heed", "[::1", "1.2.3"]:
        expect(f"Host: {host}", status(s, {"Host": host}), 421)
        expect(f"GET of Host: {host}", status(s, {"Host": host}, "GET", "/v2/health/live"), 421)
    for host in ["localhost", f"LOCALHOST:{port}", "127.0.0.1", f"127.0.0.1:{port}", "10.1.2.3", "[::1]", f"[::1]:{port}", "[2001:db8::1]:80"]:
        expect(f"Host: {host}", status(s, {"Host": host}), 200)
    answer = s.ask("POST", "/", BODY, {**JSON, "Host": "evil.example"})[2]["error"]
    assert "evil.example" in answer and "--allow-host" in answer, answer

    # ---- Origin, and what browsers say where they leave it out
    own = {"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}"}
    for headers, wanted in [
        (own, 200), ({**own, "Sec-Fetch-Site": "same-origin"}, 200), ({**own, "Origin": f"https://LOCALHOST:{port}"}, 200),
        ({**own, "Origin": "http://localhost"}, 403), ({**own, "Origin": f"http://127.0.0.1:{port}"}, 403), ({**own, "Origin": "null"}, 403),
        ({**own, "Origin": "http://evil.example"}, 403), ({**own, "Origin": f"ftp://localhost:{port}"}, 403),
        ({**own, "Origin": f"http://localhost:{port}.evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403), ({"Sec-Fetch-Site": "same-site"}, 403), ({"Sec-Fetch-Site": "none"}, 200),
    ]:
        expect(f"{headers}", status(s, headers), wanted)
    expect("a link from another site to the page", status(s, {"Sec-Fetch-Site": "cross-site"}, "GET"), 200)
    expect("a page that reads with its origin", status(s, {"Origin": "http://evil.example"}, "GET", "/v2"), 403)
    # What navigator.sendBeacon and a form send: no work is done for it.
    for kind in [{}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}]:
        for headers in [{}, {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}]:
            found = s.ask("POST", PATH, b'{"instances": ["a"]}', {**kind, **headers})[0]
            assert found in ((415,) if not headers else (403, 415)), (kind, headers, found)
    expect("texts that were computed", s.metric('heed_texts_total{model="m"}'), s.metric('heed_requests_total{route="/predict",status="200"}'))
    # Without --allow-origin nobody is told that he may read.
    headers = s.ask("POST", "/", BODY, {**JSON, **own})[1]
    expect("CORS headers", [name for name in headers if name.lower().startswith("access-control")], [])
    expect("a preflight", s.ask("OPTIONS", "/", None, {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"})[0], 403)
    expect("OPTIONS", s.ask("OPTIONS", "/", None, {})[:2][0], 405)

# ---- names and origins that are allowed
with Server("m.safetensors", "--allow-host", "texts.example", "--allow-host", "other.example", "--allow-origin", "https://app.example",
            "--allow-origin", "null") as s:
    for host, wanted in [("texts.example", 200), ("TEXTS.example:443", 200), ("other.example", 200), ("localhost", 200), ("evil.example", 421)]:
        expect(f"Host: {host}", status(s, {"Host": host}), wanted)
    app = {"Origin": "https://app.example", "Sec-Fetch-Site": "cross-site"}
    code, headers, _ = s.ask("POST", "/", BODY, {**JSON, **app})
    expect("an allowed origin", (code, headers["Access-Control-Allow-Origin"], headers["Vary"]), (200, "https://app.example", "Origin"))
    code, headers, _ = s.ask("POST", "/", {"inputs": 1}, {**JSON, **app})
    expect("an error for it", (code, headers["Access-Control-Allow-Origin"]), (400, "https://app.example"))
    expect("null", s.ask("POST", "/", BODY, {**JSON, "Origin": "null"})[1]["Access-Control-Allow-Origin"], "null")
    code, headers, text = s.ask("OPTIONS", PATH, None, {**app, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"})
    expect("its preflight", (code, headers["Access-Control-Allow-Origin"], headers["Access-Control-Allow-Methods"], text), (204, "https://app.example", "GET, POST", ""))
    assert "content-type" in headers["Access-Control-Allow-Headers"] and "authorization" in headers["Access-Control-Allow-Headers"]
    for origin in ["https://app.example.evil", "http://app.example", "https://evil.example"]:
        code, headers, _ = s.ask("POST", "/", BODY, {**JSON, "Origin": origin})
        expect(origin, (code, headers["Access-Control-Allow-Origin"]), (403, None))

# ---- a token
open("token", "w").write("s3cret-token\n")
with Server("m.safetensors", "--token-file", "token", "--allow-origin", "https://app.example", quiet=False) as s:
    for path in ["/", "/health", "/v2/health/live", "/v2/health/ready"]:
        expect(f"GET {path} without a token", status(s, {}, "GET", path), 200)
    for path in ["/v2", "/metrics", "/openapi.json", "/nothing", "/info", "/v1/models"]:
        code, headers, _ = s.ask("GET", path, None, {})
        expect(f"GET {path} without a token", (code, headers["WWW-Authenticate"]), (401, "Bearer"))
    for given, wanted in [("Bearer s3cret-token", 200), ("bearer s3cret-token", 200), ("Bearer  s3cret-token ", 200), ("Bearer s3cret-toke", 401),
                          ("Bearer s3cret-token2", 401), ("Bearer S3cret-token", 401), ("Bearer ", 401), ("Basic s3cret-token", 401), ("s3cret-token", 401), ("", 401)]:
        expect(f"Authorization: {given}", status(s, {"Authorization": given}), wanted)
    # Only a preflight needs no token: the header of one does not make another request pass, nor does a preflight of nobody.
    preflight = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    for headers in [{"Access-Control-Request-Method": "POST"}, preflight, {**preflight, "Authorization": "Bearer wrong"}]:
        expect(f"{headers} of a POST", status(s, headers), 401)
        expect(f"{headers} of a GET", status(s, headers, "GET", "/v2"), 401)
    expect("a preflight without an origin", s.ask("OPTIONS", "/v2", None, {"Access-Control-Request-Method": "POST"})[0], 401)
    expect("a preflight has no token", s.ask("OPTIONS", "/", None, preflight)[0], 204)
    expect("an answer without a token is readable", s.ask("POST", "/", BODY, {**JSON, "Origin": "https://app.example"})[1]["Access-Control-Allow-Origin"], "https://app.example")
    assert s.ask("GET", "/metrics", None, {"Authorization": "Bearer s3cret-token"})[0] == 200
assert "s3cret" not in open("serve.log").read()

# ---- on an address that others reach, any name is taken, unless names are given; an address of another loopback is one, too
with Server("m.safetensors", "--address", "127.0.0.2") as s:
    expect("another loopback address", status(s, {"Host": "evil.example"}), 421)

# ---- what cannot be
for content, word in [("", "expected one line"), ("two words\n", "expected one line"), ("é\n", "expected one line"), (None, "nowhere")]:
    name = "nowhere" if content is None else "bad"
    if content is not None:
        open("bad", "w").write(content)
    done = subprocess.run([HEED, "serve", "m.safetensors", "--port", "0", "--token-file", name], capture_output=True, text=True, timeout=120)
    assert done.returncode == 3 and word in done.stderr and len(done.stderr.splitlines()) == 1, (content, done)
for origin in ["example.org", "https://example.org/", "https://", "*", "ftp://example.org"]:
    done = subprocess.run([HEED, "serve", "m.safetensors", "--port", "0", "--allow-origin", origin], capture_output=True, text=True, timeout=120)
    assert done.returncode == 2 and "--allow-origin" in done.stderr, (origin, done)

# ---- a trace is carried into the log
trace = "0af7651916cd43dd8448eb211c80319c"
with Server("m.safetensors", quiet=False) as s:
    s.ask("POST", "/", BODY, {**JSON, "traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    s.ask("GET", "/v2", None, {"traceparent": "00-short-b7ad6b7169203331-01"})
    s.ask("GET", "/info", None, {})
lines = [line.rstrip() for line in open("serve.log") if "127.0.0.1 " in line]
assert lines[-3].endswith(f" ms trace {trace}") and all(line.endswith(" ms") for line in lines[-2:]), lines[-3:]
END
