"""Sub-words: heed and Hugging Face's tokenizers on the same texts. Ids and offsets have to be equal; then both are timed
in turns.

Usage: python compare_tokenizers.py MODEL [--imdb testData.tsv] [--sentences FILE...] [--threads N] [--passes N]
Needs numpy and tokenizers 0.22.1. MODEL holds tokenizer.json (or vocab.txt: then it is compared with the tokenizer.json of --json).
A build of heed is at build/release, or in the variable BUILD. Besides the files it compares texts made for this: all code
points, the scripts of tests/golden/scripts.tsv, and 10,000 hostile strings.
"""
import argparse
import csv
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parent.parent
HEED = Path(os.environ.get("BUILD", ROOT / "build/release")) / "bench/heed_tokens"
POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def reviews(path):
    """Kaggle's file: id and review, tabs between, in quotes with backslashes."""
    with open(path, encoding="utf-8") as file:
        rows = csv.reader(file, delimiter="\t", escapechar="\\", doublequote=False)
        return [row[-1] for row in rows][1:]


def scripts():
    with open(ROOT / "tests/golden/scripts.tsv", encoding="utf-8") as file:
        return [line.split("\t")[1] for line in file]


def code_points():
    """Every code point between letters, alone, and behind a letter with marks of two classes."""
    return [text for c in POINTS for text in (f"a{chr(c)}b", f"x\u0301{chr(c)}\u0323 {chr(c)}")]


# What other tokenizers than BERT's treat in special ways.
MORE = ["<s>", "</s>", "<unk>", "<mask>", "<pad>", "'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "\u2019s", " '", " a",
        " the", "  ", "   ", "\n", "\n\n", " \n ", "\t\t", "\u00a0\u00a0", "\u3000 ", "\u2581", "\u2581\u2581", " \u2581",
        "1", "99", "\u0663", "\u2167", "\u00bd", "\u0120", "\u2028", "\x85", "\u200b", "...", "--", "\u00a9\u200d\u00a9",
        "\u0600", "\u0915\u094d\u0937", "\ufb01", "\ufdfa", "\u2121", "A\u0300", "\u00bd\u0301", "e\u0301\u0323",
        "\uff76\uff9e", "\U0001f1e9\U0001f1ea", "\u1112\u1161\u11ab", "\x01", "\x1e", "\x7f", "\u00ad", "ab" * 200]


def hostile(count, seed=1, more=()):
    """Texts of characters that tokenizers treat in special ways, drawn at random: marks, syllables, ideographs, controls,
    blanks, punctuation of every script, capitals, special tokens, long words; and these pieces."""
    rng = random.Random(seed)
    by_category = {}
    for c in POINTS:
        by_category.setdefault(unicodedata.category(chr(c)), []).append(chr(c))
    decomposing = [chr(c) for c in POINTS if unicodedata.normalize("NFD", chr(c)) != chr(c)]
    capitals = [chr(c) for c in POINTS if chr(c).lower() != chr(c)]
    pieces = ["[CLS]", "[SEP]", "[MASK]", "[UNK]", "[PAD]", "[", "]", "##", "##ing", "the", "ing", "un", "able", "a", "I",
              "'", "\u0000", "\ufffd", "\u200d", "\ufeff", "\u0130", "\u03a3", "\u00df", "\u0345", "\u1fb7", "\u0344",
              "\u302a", "\U0001d165", "\u1100\u1161\u11a8", "\uac01", " ", "  ", "\t", "\r\n", "\u00a0", "\u3000",
              "\u4e2d", "\U00020000", "\U0002b820", "\uff0c", "\u3002", "\U0001f600", "a" * 99, "a" * 100, "a" * 101]
    kinds = [lambda: rng.choice(pieces), lambda: rng.choice(by_category[rng.choice(list(by_category))]),
             lambda: rng.choice(by_category["Mn"]), lambda: rng.choice(decomposing), lambda: rng.choice(capitals),
             lambda: chr(rng.randrange(32, 127)), lambda: rng.choice("abcdefghijklmnopqrstuvwxyz"),
             lambda: rng.choice(by_category["Mc"] + by_category["Me"])]
    if more:
        kinds.append(lambda: rng.choice(more))
    texts = []
    for _ in range(count):
        weights = [rng.random() ** 3 for _ in kinds]
        texts.append("".join(rng.choices(kinds, weights)[0]() for _ in range(rng.randrange(1, 60))))
    return texts


def run_heed(model, texts, threads, passes, folder):
    """Of each text an array of (id, begin, end), and the seconds of each pass."""
    with open(folder / "texts", "wb") as file:
        for text in texts:
            data = text.encode()
            file.write(struct.pack("=I", len(data)) + data)
    told = subprocess.run([HEED, model, folder / "texts", folder / "tokens", str(threads), str(passes)], check=True,
                          capture_output=True, text=True).stdout
    found, at, tokens = np.fromfile(folder / "tokens", np.uint32), 0, []
    for _ in texts:
        count = int(found[at])
        tokens.append(found[at + 1:at + 1 + 3 * count].reshape(count, 3))
        at += 1 + 3 * count
    assert at == len(found)
    return tokens, [float(line.split()[2]) for line in told.splitlines()]


def expected(text, encoding):
    """Offsets in bytes. Special tokens around the text are at its begin and its end. No token begins behind the next one:
    heed's places are in the order of the text, also that of a space which was put there and trimmed again."""
    place = [0]
    for character in text:
        place.append(place[-1] + len(character.encode()))
    rows = [(i, place[begin], place[end]) for i, (begin, end) in zip(encoding.ids, encoding.offsets)]
    if encoding.special_tokens_mask[-1:] == [1] and encoding.word_ids[-1] is None:
        rows[-1] = (encoding.ids[-1], place[-1], place[-1])
    for k in range(len(rows) - 1, 0, -1):
        rows[k - 1] = (rows[k - 1][0], min(rows[k - 1][1], rows[k][1]), rows[k - 1][2])
    return np.array(rows, np.uint32).reshape(-1, 3)


def compare(name, tokenizer, model, texts, threads, folder):
    tokens, _ = run_heed(model, texts, threads, 0, folder)
    different, count = [], 0
    for begin in range(0, len(texts), 4096):
        some = texts[begin:begin + 4096]
        for k, encoding in enumerate(tokenizer.encode_batch(some)):
            count += len(encoding.ids)
            if not np.array_equal(expected(some[k], encoding), tokens[begin + k]):
                different.append((some[k], expected(some[k], encoding).tolist(), tokens[begin + k].tolist()))
    print(f"| {name} | {len(texts):,} | {count:,} | {len(different)} |", flush=True)
    for text, wanted, found in different[:3]:
        print(f"{text!r}\n  expected {wanted}\n  found    {found}", file=sys.stderr)
    return len(different)


def speed(tokenizer, model, texts, threads, passes, folder):
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    heed, other = [], []
    for _ in range(passes):
        heed.append(megabytes / min(run_heed(model, texts, threads, 3, folder)[1]))
        began = time.monotonic()
        tokenizer.encode_batch_fast(texts)
        other.append(megabytes / (time.monotonic() - began))
    print(f"\n| threads | MB | heed, MB/s | tokenizers, MB/s | least ratio |\n| --- | --- | --- | --- | --- |\n"
          f"| {threads} | {megabytes:.1f} | {max(heed):.1f} | {max(other):.2f} |"
          f" {min(a / b for a, b in zip(heed, other)):.1f} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--json")
    parser.add_argument("--imdb")
    parser.add_argument("--sentences", nargs="*", default=[])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--passes", type=int, default=3)
    given = parser.parse_args()
    os.environ["RAYON_NUM_THREADS"] = str(given.threads)
    tokenizer = Tokenizer.from_file(given.json or given.model + "/tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    added = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
    sets = {"code points": code_points(), "scripts": scripts(), "hostile": hostile(10000),
            "more hostile": hostile(10000, 2, MORE + added + [" " + content for content in added])}
    if given.imdb:
        sets["IMDB"] = reviews(given.imdb)
    for path in given.sentences:
        with open(path, encoding="utf-8") as file:
            sets[path] = file.read().split("\n")
    with tempfile.TemporaryDirectory() as folder:
        print("| texts | how many | tokens | different |\n| --- | --- | --- | --- |")
        different = [compare(name, tokenizer, given.model, texts, given.threads, Path(folder))
                     for name, texts in sets.items()]
        if given.imdb:
            speed(tokenizer, given.model, sets["IMDB"], given.threads, given.passes, Path(folder))
    sys.exit(1 if sum(different) else 0)


if __name__ == "__main__":
    main()
