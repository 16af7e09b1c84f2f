"""Requests that clients really sent, replayed against heed serve:  clients.py CASES

tests/cases/clients/CLIENT/NAME.request has the bytes as bench/clients/record.py wrote them down, all for the texts of
texts.json or the first of them. NAME.expected says in JSON what has to come back:

  status, type   of the answer; type is the whole Content-Type
  model          "tags": asked of the server whose first model has several labels (not of the one with reviews first)
  texts          how many of the texts the request has (all)
  words          the body has these words
  json           the JSON of the body: an object has these members, and may have others; a list has just these elements;
                 numbers are equal to six digits. An output of /v2/.../infer has "data" however it came, and "binary"
                 says whether it came as bytes.

A string that begins with $ stands for what `heed predict` says of the texts (Told, below), or for any value of a type:
$string, $int. Prints a line for each answer that differs and ends with 1 if there is one."""
import http.client
import json
import os
import re
import struct
import subprocess
import sys

from serving import HEED, Server

MODELS = ("reviews", "tags")
TYPES = {"$string": str, "$int": int}


class Told(dict):
    """By its $name, what heed predict says of the first texts."""

    def __init__(self, model, texts, count):
        rows = "".join(json.dumps({"text": text}) + "\n" for text in texts[:count])
        command = [HEED, "predict", f"{model}.safetensors", "-", "--format", "jsonl", "--all-scores", "--output-format",
                   "jsonl"]
        out = subprocess.run(command, input=rows, capture_output=True, text=True, check=True).stdout
        answers = [json.loads(line) for line in out.splitlines()]
        decided = [answer["label"] for answer in answers]  # a list if there may be several
        labels = [",".join(label) if isinstance(label, list) else label for label in decided]
        names = [score["label"] for score in answers[0]["scores"]]
        scores = [[score["score"] for score in answer["scores"]] for answer in answers]
        ranked = [sorted(answer["scores"], key=lambda score: -score["score"]) for answer in answers]
        super().__init__({
            "$labels": labels, "$decided": decided, "$scores": scores, "$flat": [one for row in scores for one in row],
            "$rows": [{"label": label, "scores": row} for label, row in zip(decided, scores)],
            "$ranked": ranked, "$first": ranked[0], "$best": ranked[0][:1],
            "$id2label": {str(i): name for i, name in enumerate(names)},
            "$label2id": {name: i for i, name in enumerate(names)},
            "$classified": [{"index": i, "label": label, "probs": row, "num_classes": len(names)}
                            for i, (label, row) in enumerate(zip(labels, scores))]})


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def differences(found, expected, told, where="json"):
    """What differs, a line each."""
    if isinstance(expected, str) and expected.startswith("$"):
        if expected in TYPES:
            fits = isinstance(found, TYPES[expected]) and not isinstance(found, bool)
            return [] if fits else [f"{where}: found {found!r}, expected any {expected[1:]}"]
        expected = told[expected]
    if isinstance(expected, dict) and isinstance(found, dict):
        missing = [f"{where}: no member {key}" for key in expected if key not in found]
        return missing + [line for key in expected if key in found
                          for line in differences(found[key], expected[key], told, f"{where}.{key}")]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [line for i, (one, other) in enumerate(zip(found, expected))
                for line in differences(one, other, told, f"{where}[{i}]")]
    if is_number(found) and is_number(expected):
        same = format(found, ".6g") == format(expected, ".6g")
    else:
        same = found == expected and type(found) is type(expected)
    return [] if same else [f"{where}: found {found!r:.300}, expected {expected!r:.300}"]


def bytes_of_output(output, data):
    """The values of an output that came as bytes."""
    if output["datatype"] == "FP32":
        return list(struct.unpack(f"<{len(data) // 4}f", data))
    values = []
    while data:
        size = struct.unpack("<I", data[:4])[0]
        assert len(data) >= 4 + size, "a text is cut"
        values.append(data[4:4 + size].decode())
        data = data[4 + size:]
    return values


def json_of(answer, body):
    """The JSON of an answer, with the tensors that follow it."""
    length = answer.getheader("Inference-Header-Content-Length")
    head = body[:int(length)] if length else body
    found, rest = json.loads(head), body[len(head):]
    outputs = found.get("outputs") if isinstance(found, dict) else None
    outputs = outputs if isinstance(outputs, list) else []
    for output in outputs:
        size = output.get("parameters", {}).get("binary_data_size")
        output["binary"] = size is not None
        if size is not None:
            assert "data" not in output, "data twice"
            output["data"], rest = bytes_of_output(output, rest[:size]), rest[size:]
    assert not rest, f"{len(rest)} bytes too many"
    any_binary = any(output["binary"] for output in outputs)
    assert any_binary == (length is not None), f"Inference-Header-Content-Length: {length}"
    return found


def answer_of(server, request):
    """An answer and its body. The bytes are sent as they are, but Host has the address that is asked."""
    with server.connect() as connection:
        host = b"\r\nHost: 127.0.0.1:%d\r\n" % server.address[1]
        connection.sendall(re.sub(rb"\r\nHost: 127\.0\.0\.1:[0-9]+\r\n", host, request, count=1))
        answer = http.client.HTTPResponse(connection, method=request.split(b" ", 1)[0].decode())
        answer.begin()
        return answer, answer.read()


def problems(answer, body, expected, told):
    lines = []
    for what, found in (("status", answer.status), ("type", answer.getheader("Content-Type"))):
        if what in expected and found != expected[what]:
            lines.append(f"{what}: found {found}, expected {expected[what]}: {body[:300]!r}")
    if "words" in expected and expected["words"] not in body.decode("utf-8", "replace"):
        lines.append(f"found {body[:300]!r}, expected the words {expected['words']}")
    if "json" in expected and not lines:
        try:
            lines += differences(json_of(answer, body), expected["json"], told)
        except (AssertionError, ValueError, KeyError, struct.error) as error:
            lines.append(f"{type(error).__name__}: {error}: {body[:300]!r}")
    return lines


def cases_of(folder):
    """Name, request and expectation of each case; every request has one."""
    for client in sorted(os.listdir(folder)):
        if not os.path.isdir(os.path.join(folder, client)):
            continue
        for name in sorted(os.listdir(os.path.join(folder, client))):
            if name.endswith(".request"):
                path = os.path.join(folder, client, name.removesuffix(".request"))
                with open(path + ".request", "rb") as request, open(path + ".expected", encoding="utf-8") as expected:
                    yield f"{client}/{name}", request.read(), json.load(expected)


class Given:
    """An answer that no server gave."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def getheader(self, name):
        return self.headers.get(name)


def check_checker(told):
    """Wrong answers are found, each by what is wrong with it."""
    binary = b'{"outputs": [{"name": "scores", "datatype": "FP32", "parameters": {"binary_data_size": 4}}]}'
    length = {"Inference-Header-Content-Length": str(len(binary))}
    wanted = {"status": 200, "json": {"outputs": [{"binary": True, "data": [0.5]}]}}
    half = struct.pack("<f", 0.5)
    wrong = [
        (404, length, binary + half, "status"), (200, {}, binary + half, "JSONDecodeError"),
        (200, length, binary + half + b"x", "too many"), (200, length, binary + half[:3], "error"),
        (200, length, binary + struct.pack("<f", 0.51), "found 0.5"),
        (200, {}, b'{"outputs": [{"data": [0.5]}]}', "binary"), (200, length, b'{"outputs": []}', "Inference-Header"),
        (200, {}, b'{"outputs": 1}', "found 1"), (200, {}, b"{}", "no member outputs"),
        (200, {}, b'{"outputs": []}', "found []")]
    assert problems(Given(200, length, binary + half), binary + half, wanted, told) == []
    for status, headers, body, words in wrong:
        lines = problems(Given(status, headers, body), body, wanted, told)
        assert any(words in line for line in lines), f"{body}: {lines}, expected: {words}"
    for found, expected in ((1, True), ("1", 1), ([1, 2], [1]), ({"a": 1}, {"a": 2}), (["x"], "$labels"),
                            (True, "$int"), (0.1234567, 0.123456)):
        assert differences(found, expected, told), f"{found} is taken for {expected}"


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "texts.json"), encoding="utf-8") as file:
        texts = json.load(file)
    told = {(model, count): Told(model, texts, count) for model in MODELS for count in range(1, len(texts) + 1)}
    check_checker(told["reviews", 1])
    wrong = count = 0
    nginx = "--allow-host", "heed"  # by default nginx sends the name of its upstream as Host
    files = [f"{model}.safetensors" for model in MODELS]
    with Server(*files, *nginx) as first, Server(*reversed(files), *nginx) as second:
        for name, request, expected in cases_of(folder):
            model = expected.get("model", "reviews")
            answer, body = answer_of(first if model == "reviews" else second, request)
            for line in problems(answer, body, expected, told[model, expected.get("texts", len(texts))]):
                print(f"{name}: {line}")
                wrong += 1
            count += 1
    assert count > 50, f"only {count} cases"
    sys.exit(wrong > 0)


main()
