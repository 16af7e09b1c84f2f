"""The tutorial's rows as its network reads them: cleaned texts, Keras Tokenizer ids, padded windows, labels.

The texts are those of `heed clean --preset tutorial`, which clean_speed.py compares with NLTK's byte for byte. Labels,
Tokenizer and padding are made here anew, so that heed's own are not taken on trust.
"""
import os
import subprocess
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

MAX_WORDS = 6000
MAX_LENGTH = 130
FILTERS = str.maketrans({character: " " for character in "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n"})

HERE = os.path.dirname(os.path.abspath(__file__))


def heed_program():
    return os.environ.get("HEED", os.path.join(HERE, "..", "build", "release", "heed"))


@dataclass
class Rows:
    """Texts of the tutorial and their labels."""

    texts: list
    labels: np.ndarray

    def first(self, count):
        return Rows(self.texts[:count], self.labels[:count])

    def mean_tokens(self):
        return sum(len(text.split(" ")) for text in self.texts) / len(self.texts)


def clean(path):
    output = subprocess.run(
        [heed_program(), "clean", "--preset", "tutorial", path], check=True, stdout=subprocess.PIPE
    ).stdout.decode()
    return output.removesuffix("\n").split("\n")


def make_rows(path, labels):
    texts = clean(path)
    if len(texts) != len(labels):
        raise SystemExit(f"{path}: heed cleans {len(texts)} rows, pandas reads {len(labels)}")
    return Rows(texts, np.asarray(labels, dtype="float32"))


def labelled_rows(folder):
    path = os.path.join(folder, "labeledTrainData.tsv")
    return make_rows(path, pd.read_csv(path, delimiter="\t")["sentiment"])


def master_rows(folder):
    path = os.path.join(folder, "imdb_master.csv")
    labels = pd.read_csv(path, encoding="latin-1")["label"]
    return make_rows(path, labels[labels != "unsup"].map({"pos": 1, "neg": 0}))


def train_rows(folder):
    """The tutorial's training table: the labelled file, then the master file without its unlabelled rows."""
    first, second = labelled_rows(folder), master_rows(folder)
    return Rows(first.texts + second.texts, np.concatenate([first.labels, second.labels]))


def test_rows(folder):
    path = os.path.join(folder, "testData.tsv")
    ids = pd.read_csv(path, delimiter="\t", quoting=3)["id"]
    return make_rows(path, [int(name.strip('"').split("_")[1]) >= 5 for name in ids])


class Tokenizer:
    """keras.preprocessing.text.Tokenizer, which Keras 3 has no more."""

    def __init__(self, texts, max_words=MAX_WORDS):
        counts = Counter(word for text in texts for word in self.words(text))
        self.distinct_words = len(counts)
        ranked = sorted(counts, key=counts.get, reverse=True)  # stable: ties stay in order of first sight
        self.ids = {word: number for number, word in enumerate(ranked[: max_words - 1], start=1)}

    @staticmethod
    def words(text):
        return [word for word in text.lower().translate(FILTERS).split(" ") if word]

    def windows(self, texts):
        """Ids cut and padded in front, as texts_to_sequences and pad_sequences make them."""
        rows = np.zeros((len(texts), MAX_LENGTH), dtype="int32")
        for row, text in zip(rows, texts):
            ids = [self.ids[word] for word in self.words(text) if word in self.ids][-MAX_LENGTH:]
            if ids:
                row[-len(ids):] = ids
        return rows
