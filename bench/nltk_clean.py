"""Times the tutorial's clean_text with NLTK 3.5 on labeledTrainData.tsv, and compares what heed makes of it.

    python bench/nltk_clean.py labeledTrainData.tsv [output of: heed clean --preset tutorial labeledTrainData.tsv]
    python bench/nltk_clean.py labeledTrainData.tsv --as-written

Needs nltk 3.5 and pandas; WordNet is read from Debian's wordnet-base (WORDNET, default /usr/share/wordnet), nothing is
downloaded. Every distinct token is lemmatised once and remembered, which is much faster than the tutorial as written;
--as-written lemmatises each token anew.
Megabytes are those of the reviews in UTF-8. Ends with 1 where a line differs.
"""
import os
import re
import sys
import tempfile
import time

import nltk
import pandas as pd

WORDNET = os.environ.get("WORDNET", "/usr/share/wordnet")
STOP_WORDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "golden", "stopwords.txt")
# NLTK checks the number and the three columns of these and never asks for the names when lemmatising.
LEXNAMES = 45


def make_nltk_data(folder):
    """The parts of nltk_data that the lemmatiser and the stop words need."""
    wordnet = os.path.join(folder, "corpora", "wordnet")
    stop_words = os.path.join(folder, "corpora", "stopwords")
    os.makedirs(wordnet)
    os.makedirs(stop_words)
    for part in ("noun", "verb", "adj", "adv"):
        for name in (f"index.{part}", f"data.{part}", f"{part}.exc"):
            os.symlink(os.path.join(WORDNET, name), os.path.join(wordnet, name))
    with open(os.path.join(wordnet, "lexnames"), "w") as file:
        file.writelines(f"{i:02d}\tname{i}\t1\n" for i in range(LEXNAMES))
    os.symlink(os.path.realpath(STOP_WORDS), os.path.join(stop_words, "english"))
    nltk.data.path.insert(0, folder)


def make_clean_text(remember=True):
    from nltk.corpus import stopwords
    from nltk.stem import WordNetLemmatizer

    stop_words = set(stopwords.words("english"))
    lemmatizer = WordNetLemmatizer()
    lemmatizer.lemmatize("warm")  # WordNet is loaded outside the timing
    known = {}

    def settle(token):
        if not remember or token not in known:
            lemma = lemmatizer.lemmatize(lemmatizer.lemmatize(token), "v")
            known[token] = None if lemma in stop_words else lemma
        return known[token]

    def clean_text(text):
        text = re.sub(r"[^\w\s]", "", text, count=int(re.UNICODE))  # the tutorial passes the flag as the count: 32
        words = (settle(token) for token in text.lower().split(" "))
        return " ".join(word for word in words if word is not None)

    return clean_text


def compare(cleaned, path):
    with open(path, encoding="utf-8", newline="\n") as file:
        lines = file.read().split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    expected = [text.replace("\n", " ") for text in cleaned]
    if len(lines) != len(expected):
        print(f"{path}: {len(lines)} lines, expected {len(expected)}")
        return False
    differing = [i for i, (found, want) in enumerate(zip(lines, expected)) if found != want]
    for i in differing[:3]:
        print(f"{path}:{i + 1}: found    {lines[i][:200]!r}\n{path}:{i + 1}: expected {expected[i][:200]!r}")
    print(f"{path}: {len(expected) - len(differing)} of {len(expected)} lines equal")
    return not differing


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    reviews = pd.read_csv(sys.argv[1], delimiter="\t")["review"].tolist()
    megabytes = sum(len(text.encode()) for text in reviews) / 1e6
    with tempfile.TemporaryDirectory() as folder:
        make_nltk_data(folder)
        clean_text = make_clean_text(remember=sys.argv[2:] != ["--as-written"])
        begin = time.perf_counter()
        cleaned = [clean_text(text) for text in reviews]
        seconds = time.perf_counter() - begin
    print(f"NLTK {nltk.__version__}, Python {sys.version.split()[0]}: {len(reviews)} rows, {megabytes:.1f} MB, "
          f"{seconds:.2f} s, {megabytes / seconds:.2f} MB/s")
    if len(sys.argv) == 3 and sys.argv[2] != "--as-written" and not compare(cleaned, sys.argv[2]):
        sys.exit(1)


if __name__ == "__main__":
    main()
