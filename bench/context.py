"""What others reach on the same rows, for context: fastText (Debian) and logistic regression on TF-IDF (scikit-learn).

    python bench/context.py TRAIN.tsv TEST.tsv WORK        TRAIN: review, sentiment; TEST: id with the rating, review

Prints a line of JSON: name -> [seconds, accuracy]. Seconds are those of training and answering, reading excluded."""
import json
import os
import re
import shutil
import subprocess
import sys
import time

import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression


def logistic_regression(train, test):
    begin = time.perf_counter()
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    model = LogisticRegression(C=10, max_iter=200).fit(words.fit_transform(train[0]), train[1])
    found = model.score(words.transform(test[0]), test[1])
    return time.perf_counter() - begin, found


def write_fasttext(path, texts, labels):
    with open(path, "w", encoding="utf-8") as file:
        for text, label in zip(texts, labels):
            words = re.sub(r"([^\w\s])", r" \1 ", text.lower().replace("<br />", " "))
            file.write(f"__label__{label} {' '.join(words.split())}\n")


def fasttext(train, test, work):
    for name, part in (("train", train), ("test", test)):
        write_fasttext(os.path.join(work, name + ".ft"), *part)
    begin = time.perf_counter()
    model = os.path.join(work, "fasttext")
    subprocess.run(["fasttext", "supervised", "-input", os.path.join(work, "train.ft"), "-output", model, "-wordNgrams",
                    "2", "-epoch", "10", "-lr", "0.5", "-thread", "2", "-bucket", "2000000", "-dim", "50"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    told = subprocess.run(["fasttext", "test", model + ".bin", os.path.join(work, "test.ft")], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    return time.perf_counter() - begin, float(re.search(r"P@1\s+([\d.]+)", told).group(1))


def main():
    train_path, test_path, work = sys.argv[1:]
    table = pd.read_csv(train_path, delimiter="\t")
    train = table["review"].tolist(), table["sentiment"].tolist()
    table = pd.read_csv(test_path, delimiter="\t", quoting=3)
    test = table["review"].tolist(), [int(int(name.strip('"').split("_")[1]) >= 5) for name in table["id"]]
    found = {"logistic regression on TF-IDF, scikit-learn": logistic_regression(train, test)}
    if shutil.which("fasttext"):
        found["fastText, bigrams"] = fasttext(train, test, work)
    print(json.dumps(found))


main()
