"""Word vectors: heed vectors train and gensim's Word2Vec on the same tokens, in turns.

Prints words a second of both (tokens of the text times epochs, by the wall clock of training alone), the ratio of each
pair, and the accuracy of logistic regression on the mean of a review's vectors, five-fold, the same rows for both.

Usage: python compare_gensim.py FOLDER [--rows N] [--pairs N] [--threads N] [--method skipgram|cbow]...
Needs gensim and scikit-learn. FOLDER holds labeledTrainData.tsv and unlabeledTrainData.tsv.
"""
import argparse
import os
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HEED = os.environ.get("HEED", str(Path(__file__).resolve().parent.parent / "build/release/heed"))
SETTINGS = {"dimensions": 100, "window": 5, "negative": 5, "min_count": 5, "sample": 1e-3, "epochs": 5}
RATE = {"skipgram": 0.025, "cbow": 0.05}


def first_rows(source, target, rows):
    with open(source, encoding="utf-8") as lines, open(target, "w", encoding="utf-8") as out:
        for number, line in enumerate(lines):
            if rows and number > rows:
                break
            out.write(line)


def cleaned(files):
    text = subprocess.run([HEED, "clean", *files], check=True, capture_output=True).stdout.decode()
    return [line.split(" ") for line in text.split("\n")[:-1]]


def train_heed(files, output, method, threads):
    options = [part for name, value in SETTINGS.items() for part in ("--" + name.replace("_", "-"), str(value))]
    command = [HEED, "vectors", "train", *files, "--output", output, "--method", method, "--threads", str(threads)]
    told = subprocess.run(command + options, check=True, capture_output=True).stderr.decode()
    return float(re.search(r"([0-9]+) words/s", told).group(1))


def train_gensim(sentences, output, method, threads):
    s = SETTINGS
    model = Word2Vec(vector_size=s["dimensions"], window=s["window"], negative=s["negative"], min_count=s["min_count"],
                     sample=s["sample"], epochs=s["epochs"], sg=int(method == "skipgram"), alpha=RATE[method],
                     workers=threads, seed=1)
    model.build_vocab(sentences)
    began = time.monotonic()
    model.train(sentences, total_examples=model.corpus_count, epochs=s["epochs"])
    seconds = time.monotonic() - began
    model.wv.save_word2vec_format(output, binary=True)
    return s["epochs"] * sum(map(len, sentences)) / seconds


def accuracy(path, texts, labels):
    vectors = KeyedVectors.load_word2vec_format(path, binary=True)
    means = np.zeros((len(texts), vectors.vector_size))
    for row, text in enumerate(texts):
        known = [vectors.key_to_index[word] for word in text if word in vectors.key_to_index]
        if known:
            means[row] = vectors.vectors[known].mean(0)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
    return cross_val_score(model, means, labels, cv=5).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=0, help="of each file; 0: all")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--method", action="append", choices=list(RATE))
    a = parser.parse_args()
    print("load average:", *(f"{load:.2f}" for load in os.getloadavg()))
    with tempfile.TemporaryDirectory() as folder:
        files = [f"{folder}/{name}.tsv" for name in ("labeledTrainData", "unlabeledTrainData")]
        for file in files:
            first_rows(a.folder / Path(file).name, file, a.rows)
        sentences, texts = cleaned(files), cleaned(files[:1])
        with open(files[0], encoding="utf-8") as rows:
            labels = [int(line.split("\t")[1]) for line in list(rows)[1:]]
        print(f"{len(sentences)} rows, {sum(map(len, sentences))} tokens, {a.threads} threads\n")
        print("| method | heed, words/s | gensim, words/s | ratio, median (least, most) | accuracy: heed | gensim |")
        print("| --- | --- | --- | --- | --- | --- |")
        for method in a.method or RATE:
            speeds, ours, theirs = [], f"{folder}/heed.bin", f"{folder}/gensim.bin"
            for pair in range(a.pairs):
                turns = [("heed", lambda: train_heed(files, ours, method, a.threads)),
                         ("gensim", lambda: train_gensim(sentences, theirs, method, a.threads))]
                speeds.append({name: train() for name, train in (turns if pair % 2 == 0 else turns[::-1])})
            ratios = [pair["heed"] / pair["gensim"] for pair in speeds]
            heed, gensim = (statistics.median(pair[name] for pair in speeds) for name in ("heed", "gensim"))
            print(f"| {method} | {heed:.0f} | {gensim:.0f} | {statistics.median(ratios):.2f} ({min(ratios):.2f}, "
                  f"{max(ratios):.2f}) | {accuracy(ours, texts, labels):.4f} | {accuracy(theirs, texts, labels):.4f} |",
                  flush=True)


if __name__ == "__main__":
    main()
