#!/usr/bin/env python3
"""Near copies that heed check finds among film reviews, against all pairs.

    bench/check_near.py labeledTrainData.tsv [--rows 10000] [--edited 900] [--heed build/release/heed]

The first rows of the file; some of them are replaced by others with a few words changed, so that there are many pairs
around the border. What is true is counted here, without heed: sets of runs of five words, and how many of them each two
texts share (from an index of the runs, which leaves out no pair that shares one). Exit status 1 if a pair is reported
wrongly, or fewer than 99% are found.
"""
import argparse
import collections
import html
import json
import random
import re
import subprocess
import sys
import tempfile
import unicodedata

LEAST, RUN = 0.8, 5


def words_of(text):
    text = html.unescape(re.sub(r"</?[A-Za-z][^<>]*>", " ", text))
    return re.sub(r"[^\w\s]", "", unicodedata.normalize("NFC", text).lower()).split()


def runs_of(words):
    size = RUN if len(words) >= RUN else 1
    return {tuple(words[i:i + size]) for i in range(len(words) + 1 - size)}


def reviews(path, count, edited):
    chance = random.Random(1)
    with open(path, encoding="utf-8") as file:
        next(file)
        texts = [next(file).rstrip("\n").split("\t")[2].replace('\\"', "'").replace('"', "'") for _ in range(count)]
    for place in chance.sample(range(count // 2, count), edited):
        words = texts[chance.randrange(count // 2)].split()
        for _ in range(max(1, int(len(words) * chance.uniform(0.001, 0.04)))):
            words[chance.randrange(len(words))] = f"edited{chance.randrange(100)}"
        texts[place] = " ".join(words)
    return texts


def near_pairs(texts):
    """Of texts with different words: {(one, other): similarity}"""
    first, sets = {}, {}
    for number, text in enumerate(texts):
        words = tuple(words_of(text))
        if words and "".join(words) not in first:
            first["".join(words)] = number
            sets[number] = runs_of(words)
    index = collections.defaultdict(list)
    for number, runs in sets.items():
        for run in runs:
            index[run].append(number)
    shared = collections.Counter()
    for numbers in index.values():
        for i, one in enumerate(numbers):
            for other in numbers[i + 1:]:
                shared[one, other] += 1
    similar = {pair: both / (len(sets[pair[0]]) + len(sets[pair[1]]) - both) for pair, both in shared.items()}
    return {pair: value for pair, value in similar.items() if value >= LEAST}


def heed_pairs(heed, texts):
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
        file.write("text\n" + "".join(text + "\n" for text in texts))
        file.flush()
        done = subprocess.run([heed, "check", "--quoting", "none", "--json", "--quiet", "--train", file.name],
                              capture_output=True, text=True)
    if done.returncode not in (0, 4):
        sys.exit(done.stderr)
    pairs = {}
    for finding in json.loads(done.stdout)["findings"]:
        if finding["kind"] == "near-copies-within":
            assert finding["pair_count"] == len(finding["pairs"]), "more pairs than JSON has: use fewer rows"
            for pair in finding["pairs"]:
                pairs[pair["one"]["row"] - 1, pair["other"]["row"] - 1] = pair["similarity"]
    return pairs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--rows", type=int, default=10000)
    parser.add_argument("--edited", type=int, default=900)
    parser.add_argument("--heed", default="build/release/heed")
    options = parser.parse_args()
    texts = reviews(options.file, options.rows, options.edited)
    true, found = near_pairs(texts), heed_pairs(options.heed, texts)
    wrong = [pair for pair, similarity in found.items() if abs(true.get(pair, 0) - similarity) > 1e-9]
    share = sum(pair in found for pair in true) / max(1, len(true))
    print(f"{options.rows} reviews, {options.edited} of them edited: {len(true)} pairs with a similarity of at least "
          f"{LEAST}; heed found {100 * share:.2f}% of them, and reported {len(wrong)} wrongly")
    for pair in wrong[:5]:
        print(f"rows {pair[0] + 1} and {pair[1] + 1}: {found[pair]}, expected {true.get(pair, 'less than 0.8')}")
    sys.exit(1 if wrong or share < 0.99 else 0)


main()
