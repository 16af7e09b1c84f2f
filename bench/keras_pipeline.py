"""The tutorial from its CSV files to a trained model, with pandas, NLTK and Keras, everything included.

    python bench/keras_pipeline.py OUT EPOCHS THREADS ROWS TRAIN.tsv [imdb_master.csv]

ROWS 0 takes all rows. Words are lemmatised once and remembered, the last fifth of the rows validates."""
import sys
import tempfile

import keras_tutorial as tutorial
import numpy as np
import pandas as pd

from nltk_clean import make_clean_text, make_nltk_data
from tutorial_rows import Tokenizer


def read(paths):
    table = pd.read_csv(paths[0], delimiter="\t")
    texts, labels = table["review"].tolist(), table["sentiment"].tolist()
    for path in paths[1:]:
        more = pd.read_csv(path, encoding="latin-1")
        more = more[more["label"] != "unsup"]
        texts += more["review"].tolist()
        labels += (more["label"] == "pos").astype(int).tolist()
    return texts, np.asarray(labels, "float32")


def main():
    out, epochs, threads, rows, *paths = sys.argv[1:]
    tutorial.set_threads(int(threads))
    texts, labels = read(paths)
    count = int(rows) or len(texts)
    with tempfile.TemporaryDirectory() as folder:
        make_nltk_data(folder)
        clean_text = make_clean_text()
        texts = [clean_text(text) for text in texts[:count]]
    x, y = Tokenizer(texts).windows(texts), labels[:count]
    model = tutorial.make_model()
    model.fit(x, y, batch_size=tutorial.BATCH, epochs=int(epochs), validation_split=0.2, verbose=0)
    model.save(out)


main()
