# heed serve: what each path answers, in the ways of KServe, TensorFlow Serving and Hugging Face, to the bit what heed
# predict says; and how it refuses what it cannot answer.
HEED=${HEED:?path of the program}
command -v python3 > /dev/null || { echo "skipped: python3 is not here"; exit 77; }
here=$PWD/cli
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
wrong() { echo "$*"; failed=1; }

printf 'label\ttext\n' > rows.tsv
awk 'BEGIN { for (i = 0; i < 300; i++) printf "%s\ta film of %d words that was %s\n", (i % 3 == 0 ? "o\"d" : i % 3 == 1 ? "neg" : "pos"), i % 40, (i % 3 == 0 ? "strange" : i % 3 == 1 ? "bad" : "good") }' >> rows.tsv
printf 'label\ttext\n' > several.tsv
awk 'BEGIN { for (i = 0; i < 300; i++) printf "%s\ta film %s %s\n", (i % 4 == 0 ? "" : i % 4 == 1 ? "y" : i % 4 == 2 ? "x" : "x,y"), (i % 4 > 1 ? "loud" : "still"), (i % 2 ? "long" : "short") }' >> several.tsv
"$HEED" train --train rows.tsv --model m.safetensors --quiet --epochs 6 --patience 0 --learning-rate 0.02 --max-length 6 \
    --architecture 'embed 8 | bilstm 4 | attention additive 4' 2> err &&
    "$HEED" train --train several.tsv --label-separator , --model several.safetensors --quiet --architecture wide 2> err || { cat err; exit 1; }

"$HEED" serve m.safetensors --port 0 > out 2> err &
tries=0
until [ -s out ] || [ $((tries += 1)) -gt 2400 ]; do sleep 0.05; done
kill $!
wait $! || wrong "SIGTERM: status $?"
grep -q 'heed: shutting down' err || wrong "nothing is said at the end: $(cat err)"

# What cannot be served.
refuses() { # STATUS WORDS ARGUMENTS...
    status=$1 words=$2
    shift 2
    timeout 120 "$HEED" serve "$@" > out 2> err
    [ $? -eq "$status" ] || wrong "serve $*: status $?, expected $status"
    [ "$(wc -l < err)" -eq 1 ] && grep -q -- "$words" err || wrong "serve $*: $(cat err)"
    [ -s out ] && wrong "serve $*: an address in spite of all"
}
refuses 2 'argument is missing'
refuses 3 nowhere nowhere.safetensors
refuses 3 rows.tsv rows.tsv
refuses 2 'two models with the name' m.safetensors m.safetensors
refuses 2 'a name of letters' 'a b=m.safetensors'
refuses 2 'address in digits' m.safetensors --address localhost.
refuses 2 'whole number from 0 to 65535' m.safetensors --port 70000
refuses 1 'cannot listen' m.safetensors --address 192.0.2.1 --port 0
refuses 2 storage "l=several.safetensors" --storage int8
refuses 2 weights "l=several.safetensors" --weights bfloat16

PYTHONPATH=$here python3 - <<'END' || failed=1
import json, signal, subprocess, time
from serving import HEED, Server

def predicted(model, texts):
    # heed predict reads lines; these texts hold none
    out = subprocess.run([HEED, "predict", model, "-", "--all-scores", "--output-format", "jsonl"], check=True,
                         input="".join(t + "\n" for t in texts), capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]

def expect(what, found, wanted):
    assert found == wanted, f"{what}: found {found}, expected {wanted}"

texts = ["a film that was good", "a film of 7 words that was bad and very long indeed, unlike others", "", "strange é \U0001F600 \0"]
plain = [t.replace("\0", "") for t in texts]
with Server("m.safetensors", "many=several.safetensors", quiet=False) as s:
    for path, wanted in [("/health", {"live": True}), ("/v2/health/live", {"live": True}), ("/v2/health/ready", {"ready": True}),
                         ("/v2/models/m/ready", {"name": "m", "ready": True}),
                         ("/v2/models/m/versions/1/ready", {"name": "m", "ready": True})]:
        status, headers, body = s.ask("GET", path)
        expect(path, (status, body), (200, wanted))
    status, headers, page = s.ask("GET", "/")
    expect("the page", (status, headers["Content-Type"], "<form>" in page), (200, "text/html; charset=utf-8", True))
    for outside in ("http:", "https:", "//", "src="):
        assert outside not in page.replace("data:,", ""), f"the page asks for {outside}"
    expect("/v2", s.ask("GET", "/v2")[2]["models"], ["m", "many"])
    about = s.ask("GET", "/v2/models/m")[2]
    expect("labels", (about["labels"], about["outputs"][1]["shape"], about["versions"]), (["neg", 'o"d', "pos"], [-1, 3], ["1"]))
    expect("weights", about["weights"], "float32")
    expect("thresholds, one of three", about["thresholds"], {})
    expect("thresholds, several", s.ask("GET", "/v2/models/many")[2]["thresholds"], {"x": 0.5, "y": 0.5})
    expect("status", s.ask("GET", "/v1/models/m")[2]["model_version_status"][0]["state"], "AVAILABLE")

    answers = predicted("m.safetensors", plain)
    scores = [[one["score"] for one in a["scores"]] for a in answers]
    status, _, body = s.ask("POST", "/v1/models/m:predict", {"instances": plain})
    expect("TensorFlow Serving", body, {"predictions": [{"label": a["label"], "scores": sc} for a, sc in zip(answers, scores)]})
    expect("with a version", s.ask("POST", "/v1/models/m/versions/1:predict", {"instances": [{"text": t} for t in plain]})[2], body)
    infer = {"id": 'i"d', "inputs": [{"name": "text", "shape": [len(plain), 1], "datatype": "BYTES", "data": [[t] for t in plain]}]}
    status, _, body = s.ask("POST", "/v2/models/m/infer", infer)
    expect("KServe", body, {"model_name": "m", "model_version": "1", "id": 'i"d', "outputs": [
        {"name": "label", "shape": [4], "datatype": "BYTES", "data": [a["label"] for a in answers]},
        {"name": "scores", "shape": [4, 3], "datatype": "FP32", "data": [x for sc in scores for x in sc]}]})
    infer["outputs"] = [{"name": "label"}]
    expect("the outputs asked for", [o["name"] for o in s.ask("POST", "/v2/models/m/versions/1/infer", infer)[2]["outputs"]], ["label"])
    ranked = [sorted(a["scores"], key=lambda one: -one["score"]) for a in answers]
    expect("Hugging Face, one text", s.ask("POST", "/", {"inputs": plain[0]})[2], ranked[0])
    expect("Hugging Face, a list", s.ask("POST", "/predict", {"inputs": plain, "parameters": {"top_k": 2}})[2], [r[:2] for r in ranked])
    expect("a list of one", s.ask("POST", "/", {"inputs": [plain[1]], "parameters": {"top_k": 1}})[2], [ranked[1][:1]])
    expect("no text at all", s.ask("POST", "/", {"inputs": []})[:3:2], (200, []))
    expect("a NUL is a character", s.ask("POST", "/", {"inputs": texts})[0], 200)
    several = predicted("several.safetensors", ["a film loud long", "still"])
    found = s.ask("POST", "/v1/models/many:predict", {"instances": ["a film loud long", "still"]})[2]["predictions"]
    expect("several labels", [f["scores"] for f in found], [[one["score"] for one in a["scores"]] for a in several])
    expect("their names", [f["label"] for f in found], [a["label"] for a in several])
    infer = {"inputs": [{"name": "text", "shape": [2], "datatype": "BYTES", "data": ["a film loud long", "still"]}]}
    expect("their names in one", s.ask("POST", "/v2/models/many/infer", infer)[2]["outputs"][0]["data"], [",".join(a["label"]) for a in several])

    for options, method in [({}, "attention"), ({"method": "gradient", "label": "neg"}, "gradient")]:
        status, _, body = s.ask("POST", "/v1/models/m:explain", {"instances": plain[:2], "parameters": options})
        arguments = [x for k, v in options.items() for x in ("--" + k, v)]
        told = subprocess.run([HEED, "explain", "m.safetensors", "--json", *arguments, *plain[:2]], check=True, capture_output=True, text=True).stdout
        expect("explain", body["explanations"], [json.loads(line) for line in told.splitlines()])
        expect("its method", body["explanations"][0]["method"], method)

    one = {"name": "text", "shape": [1], "datatype": "BYTES", "data": ["a"]}
    refused = [
        (404, "GET", "/nothing", None), (404, "GET", "/v2/models/x", None), (404, "GET", "/v2/models/m/versions/2", None),
        (404, "GET", "/v2/models/", None), (404, "GET", "/v2/models/m/", None), (404, "GET", "/v2/../metrics", None),
        (404, "GET", "/metrics%00", None), (404, "GET", "/v1/models/m:", None), (404, "POST", "/v1/models/x:predict", {"instances": []}),
        (405, "POST", "/metrics", {}), (405, "GET", "/v2/models/m/infer", None), (405, "DELETE", "/", None), (405, "OPTIONS", "/v2", None),
        (400, "POST", "/", b"["), (400, "POST", "/", b""), (400, "POST", "/", b"[]"), (400, "POST", "/", b'{"inputs": "a"} x'),
        (400, "POST", "/", b'{"inputs": "a", "inputs": "b"}'), (400, "POST", "/", b'{"inputs": "\xff"}'), (400, "POST", "/", b'{"inputs": "\\ud800"}'),
        (413, "POST", "/", b"[" * 100000), (400, "POST", "/", b"[" * 4000), (400, "POST", "/", {}), (422, "POST", "/", {"inputs": {}}), (400, "POST", "/", {"inputs": 1}),
        (422, "POST", "/", {"inputs": [1]}), (422, "POST", "/", {"inputs": ["a", None]}), (422, "POST", "/", {"inputs": [[["a"]]]}),
        (400, "POST", "/", {"inputs": "a", "parameters": {"top_k": 0}}), (400, "POST", "/", {"inputs": "a", "parameters": []}),
        (400, "POST", "/", {"inputs": "a", "parameters": {"function_to_apply": "none"}}),
        (413, "POST", "/", {"inputs": ["a"] * 1025}), (413, "POST", "/", {"inputs": "a", "junk": [0] * 100000}),
        (413, "POST", "/", b'{"inputs": "\\\\",' + b"[" * 100000 + b'"'), (400, "POST", "/", b'{"inputs": "' + b"[" * 100000), (400, "POST", "/v1/models/m:predict", {"texts": ["a"]}),
        (400, "POST", "/v2/models/m/infer", {"inputs": []}), (400, "POST", "/v2/models/m/infer", {"inputs": [one, one]}),
        (400, "POST", "/v2/models/m/infer", {"inputs": [{**one, "name": "words"}]}), (400, "POST", "/v2/models/m/infer", {"inputs": [{**one, "datatype": "FP32"}]}),
        (400, "POST", "/v2/models/m/infer", {"inputs": [{**one, "shape": [2]}]}), (400, "POST", "/v2/models/m/infer", {"inputs": [{**one, "shape": [-1]}]}),
        (400, "POST", "/v2/models/m/infer", {"inputs": [{**one, "shape": [1, 2]}]}), (400, "POST", "/v2/models/m/infer", {"inputs": [one], "id": 7}),
        (400, "POST", "/v2/models/m/infer", {"inputs": [one], "outputs": [{"name": "other"}]}),
        (400, "POST", "/v1/models/m:explain", {"instances": ["a"], "parameters": {"label": "nope"}}),
        (400, "POST", "/v1/models/m:explain", {"instances": ["a"], "parameters": {"method": "magic"}}),
        (400, "POST", "/v1/models/m:explain", {"instances": ["a"], "parameters": {"label": "a" * 99 + "é"}}),
        (400, "POST", "/", '{"inputs": "\\é"}'.encode()), (413, "POST", "/v1/models/m:explain", {"instances": ["a " * 40000]}),
        (400, "POST", "/v1/models/many:explain", {"instances": ["a"], "parameters": {"method": "attention"}}),
    ]
    for wanted, method, path, body in refused:
        status, headers, answer = s.ask(method, path, body)
        expect(f"{method} {path} {str(body)[:80]}", status, wanted)
        assert isinstance(answer, dict) and list(answer) == ["error"] and answer["error"], f"{path}: {answer}"
        assert wanted != 405 or headers["Allow"], f"{path}: 405 without Allow"
    expect("a form", s.ask("POST", "/", b"inputs=a", {"Content-Type": "application/x-www-form-urlencoded"})[0], 415)
    expect("gzip", s.ask("POST", "/", b"{}", {"Content-Type": "application/json", "Content-Encoding": "gzip"})[0], 415)
    expect("charset", s.ask("POST", "/", b'{"inputs": "a"}', {"Content-Type": "Application/JSON; charset=utf-8"})[0], 200)
    expect("no type", s.ask("POST", "/", b'{"inputs": "a"}', {})[0], 415)
    expect("too long", s.ask("POST", "/", b" " * (1 << 20) + b"{", {"Content-Type": "application/json", "Expect": "100-continue"})[0], 413)
    long = {"inputs": "\\\",[{" * 50000}
    expect("a text may hold anything", s.ask("POST", "/", long)[0], 200)
    expect("HEAD", s.ask("HEAD", "/v2")[::2], (200, ""))

    expect("reads", s.metric('heed_texts_truncated_total{model="m"}') > 0, True)
    expect("unknown words", s.metric('heed_tokens_unknown_total{model="m"}') > 0, True)
    expect("labels", s.metric('heed_predicted_total{model="m",label="o\\"d"}') > 0, True)
    expect("404s", s.metric('heed_requests_total{route="/v2/models/{model}",status="404"}') >= 2, True)
    for line in s.ask("GET", "/metrics")[2].splitlines():
        assert line.startswith("# ") or float(line.rsplit(" ", 1)[1]) >= 0, line
log = open("serve.log").read()
assert "GET /v2/health/ready 200 0 texts" in log, log
assert "good" not in log and "film" not in log, "the log tells texts: " + log

with Server("m.safetensors", "--max-texts", "2", "--max-body", "200", "--threads", "1") as s:
    expect("--max-texts", s.ask("POST", "/", {"inputs": ["a"] * 3})[0], 413)
    expect("--max-body", s.ask("POST", "/", {"inputs": "a" * 200})[0], 413)
    expect("within", s.ask("POST", "/", {"inputs": ["a"] * 2})[0], 200)
for option in "--storage", "--weights":
    with Server("m.safetensors", option, "bfloat16") as s:
        low = subprocess.run([HEED, "predict", "m.safetensors", option, "bfloat16", "-"], input="a film that was good\n", capture_output=True, text=True, check=True).stdout.split()
        found = s.ask("POST", "/", {"inputs": "a film that was good"})[2][0]
        expect(option, (found["label"], f"{found['score']:.6g}"), tuple(low))
        expect(option + ", told", s.ask("GET", "/v2/models/m")[2]["weights"], "bfloat16" if option == "--weights" else "float32")

# What auto takes is told at the start and after a reload, once for each model.
with Server("m.safetensors", "many=several.safetensors", "--weights", "auto", quiet=False) as s:
    taken = s.ask("GET", "/v2/models/m")[2]["weights"]
    assert taken in ("float32", "bfloat16"), taken
    expect("auto without recurrent layers", s.ask("GET", "/v2/models/many")[2]["weights"], "float32")
    lines = [f"heed: model m: --weights auto: {taken}", "heed: model many: --weights auto: float32"]
    expect("the start", [line for line in open("serve.log").read().splitlines() if "auto" in line], lines)
    same = subprocess.run([HEED, "predict", "m.safetensors", "--weights", taken, "-"], input="a film that was good\n", capture_output=True, text=True, check=True).stdout.split()
    found = s.ask("POST", "/", {"inputs": "a film that was good"})[2][0]
    expect("auto", (found["label"], f"{found['score']:.6g}"), tuple(same))
    s.process.send_signal(signal.SIGHUP)
    for _ in range(600):
        told = [line for line in open("serve.log").read().splitlines() if "auto" in line]
        if len(told) >= 4:
            break
        time.sleep(0.05)
    expect("a reload", told, lines + lines)
END
exit $failed
