"""The tutorial's model behind heed serve, and behind FastAPI and uvicorn with ONNX Runtime and with Keras.

    python bench/serving_peers.py FOLDER [--model FILE] [--rounds N] [--seconds N] [--connections N]

FOLDER holds labeledTrainData.tsv and testData.tsv. heed trains the network of `--preset tutorial` for an epoch (or
--model, a model that `heed train --preset tutorial` made, is taken), and all serve these weights. A peer has a
worker process a core, each with one thread for its mathematics, on uvloop and httptools; it cleans texts with NLTK,
every distinct word looked up once, and its endpoint computes in the event loop, which is faster for so short a
computation than a pool of threads. Keras compiles with XLA or without, whichever is faster.

The answers of all are compared first. Then they take turns: a review a request, --connections kept open by
bench/serve_load.c, on the same machine. Prints requests a second, the median and the 99th percentile, each the
median of the rounds, and the resident memory of all processes of a server after them. Its packages are in
requirements-serving.txt."""
import argparse
import csv
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from types import SimpleNamespace

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
HEED = os.environ.get("HEED", os.path.join(ROOT, "build", "release", "heed"))
CORES = len(os.sched_getaffinity(0))
MODEL, PEER = "SERVING_PEERS_MODEL", "SERVING_PEERS_PEER"  # what a worker process reads from its environment
COMPARED, TOLERANCE = 50, 1e-4
WARM = 200
CONTENDERS = {"heed": "heed serve", "onnx": "FastAPI, ONNX Runtime", "keras": "FastAPI, Keras"}


# ------------------------------------------------------------------ a worker of a peer, which uvicorn imports

def read_model(path):
    """Weights, words and labels of a model file, by its description in docs/MODEL_FILE.md."""
    from safetensors.numpy import load_file

    tensors = load_file(path)

    def texts(name):
        data, ends = tensors[f"heed.{name}.bytes"].tobytes(), tensors[f"heed.{name}.offsets"]
        return [data[begin:end].decode() for begin, end in zip(ends, ends[1:])]

    return tensors, texts("vocabulary"), texts("labels")


def onnx_answer(weights, shape):
    import onnxruntime

    from onnx_worker import Graph

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    model = Graph(SimpleNamespace(weights=weights, shape=shape)).build()
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return lambda ids: float(session.run(None, {"ids": ids})[0][0, 0])


def keras_answer(weights, shape):
    import keras_tutorial
    import tensorflow as tf

    keras_tutorial.set_threads(1)
    model = keras_tutorial.make_network(shape.units, shape.embedding, shape.vocabulary, shape.window, dropout=0.0)
    for variable, name in zip(model.trainable_variables, shape.parameters(), strict=True):
        variable.assign(weights[name])

    def seconds(compiled):
        import numpy as np

        ids = np.ones((1, shape.window), "int32")
        compiled(ids)
        begin = time.perf_counter()
        for _ in range(20):
            compiled(ids)
        return time.perf_counter() - begin

    ways = [tf.function(lambda ids: model(ids, training=False), jit_compile=jit) for jit in (True, False)]
    best = min(ways, key=seconds)
    return lambda ids: float(best(ids)[0, 0])


def make_app():
    """What `uvicorn serving_peers:make_app --factory` serves."""
    import fastapi
    import pydantic

    from cases import Shape
    from nltk_clean import make_clean_text, make_nltk_data
    from tutorial_rows import Tokenizer

    weights, words, labels = read_model(os.environ[MODEL])
    shape = Shape(vocabulary=len(weights["embedding.embeddings"]))
    answer = {"onnx": onnx_answer, "keras": keras_answer}[os.environ[PEER]](weights, shape)
    tokenizer = Tokenizer([])
    tokenizer.ids = {word: number for number, word in enumerate(words, start=1)}
    make_nltk_data(tempfile.mkdtemp(dir=os.environ["TMPDIR"]))
    clean_text = make_clean_text()

    class Request(pydantic.BaseModel):
        inputs: str

    app = fastapi.FastAPI()

    @app.post("/")
    async def predict(request: Request):
        score = answer(tokenizer.windows([clean_text(request.inputs)]))
        ranked = sorted(zip(labels, (1 - score, score)), key=lambda one: -one[1])
        return [[{"label": label, "score": value} for label, value in ranked]]

    return app


# ------------------------------------------------------------------ the comparison

def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def ask(port, text):
    body, headers = json.dumps({"inputs": text}).encode(), {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", body, headers)
    with urllib.request.urlopen(request) as answer:
        found = json.load(answer)
    return {one["label"]: one["score"] for one in (found[0] if isinstance(found[0], list) else found)}


class Contender:
    """A server, with all its processes in a group of their own."""

    def __init__(self, name, model, folder):
        self.name, self.port = name, free_port()
        command = [HEED, "serve", model, "--port", str(self.port), "--quiet", "--threads", str(CORES)]
        environment = os.environ | {MODEL: model, PEER: name, "TMPDIR": folder, "OMP_NUM_THREADS": "1"}
        if name != "heed":
            command = [sys.executable, "-m", "uvicorn", "serving_peers:make_app", "--factory", "--app-dir", HERE,
                       "--port", str(self.port), "--workers", str(CORES), "--loop", "uvloop", "--http", "httptools",
                       "--no-access-log", "--log-level", "warning"]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
        self.measured = []

    def wait(self, text):
        """Until it answers, and then until all its workers had time to start."""
        while self.process.poll() is None:
            try:
                ask(self.port, text)
                return
            except OSError:
                time.sleep(0.2)
        raise SystemExit(f"{CONTENDERS[self.name]}: ended with status {self.process.returncode}")

    def load(self, texts, requests, connections):
        """Requests a second, median and 99th percentile in milliseconds."""
        program = os.path.join(os.path.dirname(texts), "serve_load")
        out = subprocess.run([program, str(self.port), texts, str(requests), str(connections)], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
        found = re.search(r"([\d.]+) requests/s, median +([\d.]+) ms, 99% +([\d.]+) ms", out)
        return [float(number) for number in found.groups()]

    def megabytes(self):
        """Resident memory of all processes of the group; pages that they share count for each."""
        total = 0
        for process in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{process}/stat", encoding="utf-8") as file:
                    group = int(file.read().rsplit(")", 1)[1].split()[2])
                if group == self.process.pid:
                    with open(f"/proc/{process}/statm", encoding="utf-8") as file:
                        total += int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            except OSError:
                pass  # it ended meanwhile
        return total / 1e6

    def end(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait()


def train(folder, into):
    model = os.path.join(into, "tutorial.safetensors")
    subprocess.run([HEED, "train", "--preset", "tutorial", "--epochs", "1", "--quiet", "--model", model, "--train",
                    os.path.join(folder, "labeledTrainData.tsv")], check=True)
    return model


def reviews_of(folder, into):
    """A review a line."""
    csv.field_size_limit(1 << 24)
    with open(os.path.join(folder, "testData.tsv"), encoding="utf-8", newline="") as file:
        reviews = [" ".join(row["review"].split()) for row in csv.DictReader(file, delimiter="\t")]
    path = os.path.join(into, "reviews.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(review + "\n" for review in reviews)
    return reviews, path


def compare(contenders, reviews):
    """All answer the same, or the program ends."""
    for review in reviews[:COMPARED]:
        answers = {one.name: ask(one.port, review) for one in contenders}
        for name, scores in answers.items():
            for label, score in scores.items():
                if abs(score - answers["heed"][label]) > TOLERANCE:
                    raise SystemExit(f"{CONTENDERS[name]} answers {scores}, heed {answers['heed']}: {review[:200]}")
    print(f"The scores of {COMPARED} reviews differ by at most {TOLERANCE}.\n")


def measure(contenders, texts, arguments):
    for one in contenders:
        first = one.load(texts, WARM, arguments.connections)[0]
        one.requests = max(arguments.connections, int(first * arguments.seconds))
    for number in range(arguments.rounds):
        for one in contenders if number % 2 == 0 else reversed(contenders):
            one.measured.append(one.load(texts, one.requests, arguments.connections))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--model")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", type=int, default=64)
    arguments = parser.parse_args()
    print(f"{CORES} cores, load average {os.getloadavg()[0]:.2f}, {arguments.connections} connections, "
          f"{arguments.rounds} rounds")
    with tempfile.TemporaryDirectory() as into:
        reviews, texts = reviews_of(arguments.folder, into)
        subprocess.run(["cc", "-O2", os.path.join(HERE, "serve_load.c"), "-pthread", "-o",
                        os.path.join(into, "serve_load")], check=True)
        model = arguments.model or train(arguments.folder, into)
        contenders = [Contender(name, model, into) for name in CONTENDERS]
        try:
            for one in contenders:
                one.wait(reviews[0])
            time.sleep(arguments.seconds)  # every worker has to start, and only one of them was asked
            compare(contenders, reviews)
            measure(contenders, texts, arguments)
            print("| server | requests/s | median, ms | 99%, ms | memory, MB |\n| --- | --- | --- | --- | --- |")
            for one in contenders:
                rate, median, late = (statistics.median(column) for column in zip(*one.measured))
                print(f"| {CONTENDERS[one.name]} | {rate:.0f} | {median:.2f} | {late:.2f} | {one.megabytes():.0f} |")
        finally:
            for one in contenders:
                one.end()


if __name__ == "__main__":
    main()
