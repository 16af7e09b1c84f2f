"""Writes vectors/: tiny models of Debian's fasttext 0.9.2, and the vectors of words known and unknown to them.

    python3 make_subwords.py

The vectors are computed here in double precision from fastText's published definition, and must agree with
`fasttext print-word-vectors` to the five digits that it prints. Training with one thread gives the same files again.
"""
import os
import struct
import subprocess
import sys
import tempfile

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vectors")
SENTENCES = [
    "the quick brown fox jumps over the lazy dog", "the naïve café owner sang an encore in Zürich",
    "一 只 敏捷 的 狐狸 跳过 了 懒狗", "быстрая лиса прыгает через ленивую собаку",
    "a dog and a fox meet in the café", "déjà vu said the fox and jumped",
]
WORDS = ["the", "fox", "café", "</s>", "a", "foxes", "unjumpable", "cafés", "狐狸们", "лисы", "x", "é", "<", "Zürichs", "🦊🦊"]
MODELS = {  # name: arguments of the training
    "skipgram": ["skipgram", "-minn", "3", "-maxn", "6", "-bucket", "60", "-t", "1"],
    "supervised": ["supervised", "-minn", "1", "-maxn", "3", "-bucket", "40"],
    "whole": ["supervised", "-minn", "0", "-maxn", "0"],
    "quantised": ["supervised", "-minn", "2", "-maxn", "4", "-bucket", "300"],
}


def read_model(path):
    data = open(path, "rb").read()
    dim, bucket, minn, maxn = (struct.unpack_from("<i", data, at)[0] for at in (8, 40, 44, 48))
    size, nwords = struct.unpack_from("<ii", data, 64)
    at, words = 92, {}
    for number in range(size):
        end = data.index(b"\0", at)
        if number < nwords:
            words[data[at:end]] = number
        at = end + 10
    rows, columns = struct.unpack_from("<qq", data, at + 1)
    matrix = [struct.unpack_from("<%df" % columns, data, at + 17 + 4 * columns * row) for row in range(rows)]
    return {"dim": dim, "bucket": bucket, "minn": minn, "maxn": maxn, "words": words, "matrix": matrix}


def bucket_of(piece, buckets):
    number = 2166136261
    for byte in piece.encode():
        number ^= byte if byte < 128 else byte | 0xFFFFFF00  # int8_t, widened
        number = number * 16777619 % 2**32
    return number % buckets


def rows_of(model, word):
    rows = [model["words"][word.encode()]] if word.encode() in model["words"] else []
    text = "<" + word + ">"
    if word == "</s>" or model["bucket"] == 0:
        return rows
    for begin in range(len(text)):
        for length in range(max(1, model["minn"]), model["maxn"] + 1):
            lone_bracket = length == 1 and begin in (0, len(text) - 1)
            if begin + length <= len(text) and not lone_bracket:
                rows.append(len(model["words"]) + bucket_of(text[begin:begin + length], model["bucket"]))
    return rows


def check(name, model_path, vectors):
    printed = subprocess.run(["fasttext", "print-word-vectors", model_path], input="".join(w + "\n" for w in WORDS),
                             capture_output=True, text=True, check=True).stdout.splitlines()
    for word, line in zip(WORDS, printed):
        numbers = [float(field) for field in line.rstrip().split(" ")[-len(vectors[word]):]]
        for ours, theirs in zip(vectors[word], numbers):
            if abs(ours - theirs) > 1e-7 + 5e-5 * abs(theirs):
                sys.exit(f"{name}: {word}: {ours} here, {theirs} by fasttext")


def main():
    os.makedirs(FOLDER, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        text = os.path.join(work, "text")
        for name, arguments in MODELS.items():
            with open(text, "w") as file:
                for number, sentence in enumerate(SENTENCES):
                    file.write(("" if name == "skipgram" else f"__label__{number % 2} ") + sentence + "\n")
            base = os.path.join(work, name)
            subprocess.run(["fasttext", arguments[0], "-input", text, "-output", base, "-dim", "4", "-minCount", "1",
                            "-thread", "1", "-epoch", "50", "-ws", "2"] + arguments[1:], check=True, capture_output=True)
            if name == "quantised":
                subprocess.run(["fasttext", "quantize", "-input", text, "-output", base, "-thread", "1"], check=True,
                               capture_output=True)
                with open(os.path.join(FOLDER, name + ".ftz"), "wb") as out:
                    out.write(open(base + ".ftz", "rb").read())
                continue
            model = read_model(base + ".bin")
            vectors = {}
            for word in WORDS:
                rows = rows_of(model, word)
                vectors[word] = [sum(model["matrix"][r][i] for r in rows) / max(1, len(rows)) for i in range(model["dim"])]
            check(name, base + ".bin", vectors)
            with open(os.path.join(FOLDER, name + ".bin"), "wb") as out:
                out.write(open(base + ".bin", "rb").read())
            with open(os.path.join(FOLDER, name + ".tsv"), "w") as out:
                for word in WORDS:
                    known = "known" if word.encode() in model["words"] else "composed" if rows_of(model, word) else "unknown"
                    out.write("\t".join([word, known] + ["%.9g" % number for number in vectors[word]]) + "\n")


main()
