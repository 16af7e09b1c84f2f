#!/usr/bin/env python3
"""Linear peers by scikit-learn, on the rows that heed is measured on.

    linear_peers.py TRAIN TEST [ANSWERS]

TRAIN and TEST are TSV files without quotes, columns label and text; ANSWERS has heed's answer to each test row, a line
each. Prints a Markdown row for TF-IDF with logistic regression and one for NB-SVM (Wang & Manning 2012): accuracy, and the
accuracy of heed minus it, with the 95% interval of a paired bootstrap over the test rows. A label that training lacks
counts as wrong. The test file is opened once.
"""

import csv
import sys

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

TOKENS = r"(?u)\b\w+\b|[^\w\s]"
FEW_ROWS = 1000


def read(path):
    """Labels and texts."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return np.array([row["label"] for row in rows]), [row["text"] for row in rows]


def tfidf(labels, texts, test):
    """TF-IDF of words and pairs of words, logistic regression."""
    least = 1 if len(texts) <= FEW_ROWS else 2
    features = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=least, token_pattern=TOKENS)
    model = LogisticRegression(C=10, max_iter=1000)
    model.fit(features.fit_transform(texts), labels)
    return model.predict(features.transform(test))


def ratio(counts, is_label):
    """The naive Bayes log ratio of a label against the rest, with 1 added."""
    with_label = 1 + counts[is_label].sum(axis=0)
    without = 1 + counts[~is_label].sum(axis=0)
    return np.asarray(np.log(with_label / with_label.sum()) - np.log(without / without.sum())).ravel()


def nbsvm(labels, texts, test, share=0.25):
    """Binary n-grams of 1 to 3 words times the ratio, a linear SVM interpolated with its mean weight; one against the
    rest where there are more than two labels."""
    features = CountVectorizer(ngram_range=(1, 3), binary=True, token_pattern=TOKENS, min_df=1)
    counts = csr_matrix(features.fit_transform(texts), dtype=np.float64)
    other = csr_matrix(features.transform(test), dtype=np.float64)
    names = np.unique(labels)
    scores = []
    for name in names if len(names) > 2 else names[1:]:
        weights = ratio(counts, labels == name)
        svm = LinearSVC(C=1, max_iter=5000).fit(counts.multiply(weights).tocsr(), labels == name)
        mean = np.abs(svm.coef_).mean()
        mixed = (1 - share) * mean + share * svm.coef_.ravel()
        scores.append(other.multiply(weights).tocsr() @ mixed + svm.intercept_[0])
    if len(names) == 2:
        return names[(scores[0] > 0).astype(int)]
    return names[np.argmax(scores, axis=0)]


def interval(right, other, draws=2000):
    """Mean and 95% interval of the difference of two lists of right answers."""
    rng = np.random.default_rng(1)
    difference = right.astype(float) - other.astype(float)
    means = [difference[rng.integers(0, len(difference), len(difference))].mean() for _ in range(draws)]
    return difference.mean(), *np.quantile(means, [0.025, 0.975])


def main(train, test, answers=None):
    """One row for each peer."""
    labels, texts = read(train)
    wanted, other = read(test)
    heed = None
    if answers is not None:
        with open(answers, encoding="utf-8") as file:
            heed = np.array([line.rstrip("\n") for line in file]) == wanted
    for name, peer in (("TF-IDF LR", tfidf), ("NB-SVM", nbsvm)):
        right = peer(labels, texts, other) == wanted
        cells = f"| {name} | {len(wanted)} | {right.mean():.4f} |"
        if heed is not None:
            cells += " {:+.4f} [{:+.4f}, {:+.4f}] |".format(*interval(heed, right))
        print(cells)


if __name__ == "__main__":
    main(*sys.argv[1:])
