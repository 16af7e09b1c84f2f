#!/usr/bin/env python3
"""Faults that are planted into real rows, and whether heed check finds them.

    bench/check_planted.py TRAIN.tsv TEST.tsv [--heed build/release/heed] [--rows N]

TSV files with the columns label and text, without quoting. Each kind of fault is planted into 1%, 5% and 20% of the rows
(of what differs between parts: of all rows, all of them in the test part), and the table says how many rows heed check
found more than in the rows as they were; "yes" where it is no number of rows; "was there" where the rows have the fault
already. Exit status 1 if one is missed at 5% or 20%.
"""
import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

SHARES = 0.01, 0.05, 0.2


def read_rows(path, most):
    with open(path, encoding="utf-8") as file:
        columns = next(file).rstrip("\n").split("\t")
        rows = [line.rstrip("\n").split("\t") for line in file]
    label, text = columns.index("label"), columns.index("text")
    return [(row[label], row[text]) for row in rows][:most]


def check(heed, train, test):
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in (("train", train), ("test", test)):
            lines = ["label\ttext"] + [label if text is None else f"{label}\t{text}" for label, text in rows]
            Path(folder, name + ".tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = subprocess.run([heed, "check", "--quoting", "none", "--json", "--quiet", "--train", f"{folder}/train.tsv",
                               "--test", f"{folder}/test.tsv"], capture_output=True, text=True)
    if done.returncode not in (0, 4):
        sys.exit(done.stderr)
    return json.loads(done.stdout)["findings"]


class Planter:
    """Rows that can be changed. size: how many rows a share is."""

    def __init__(self, train, test, share):
        self.chance = random.Random(1)
        self.train, self.test, self.share = list(train), list(test), share
        self.label = max(sorted({label for label, _ in train}), key=[label for label, _ in train].count)

    def some(self, rows):
        return self.chance.sample(range(len(rows)), max(1, int(self.share * len(rows))))

    def of_test(self):
        count = int(self.share * (len(self.train) + len(self.test)))
        return self.chance.sample(range(len(self.test)), min(count, len(self.test)))

    def copies(self, to, change=lambda text: text, relabel=False, long=False):
        places = self.some(to)
        replaced = set(places) if to is self.train else set()
        sources = [row for i, row in enumerate(self.train)
                   if i not in replaced and (not long or len(row[1].split()) >= 20)]
        others = sorted({label for label, _ in self.train})
        for place, source in zip(places, self.chance.sample(sources, min(len(places), len(sources)))):
            label = next(other for other in others if other != source[0]) if relabel else source[0]
            to[place] = label, change(source[1])
        return min(len(places), len(sources))

    def texts(self, change, places=None, rows=None):
        rows = self.train if rows is None else rows
        places = self.some(rows) if places is None else places
        for place in places:
            rows[place] = rows[place][0], change(rows[place][1])
        return len(places)

    def labels(self, rows, change, places=None):
        places = self.some(rows) if places is None else places
        for number, place in enumerate(places):
            rows[place] = change(number, rows[place][0]), rows[place][1]
        return len(places)

    def marks(self, form):
        places = [place for place, (label, _) in enumerate(self.train) if label == self.label]
        return self.texts(lambda text: form.format(text), places[:max(1, int(self.share * len(self.train)))])

    def end(self):
        return range(len(self.train) - max(1, int(self.share * len(self.train))), len(self.train))

    def sorted_end(self):
        of_label = [row for row in self.train if row[0] == self.label]
        moved = of_label[:len(self.end())]
        taken = set(moved)
        self.train = [row for row in self.train if row not in taken] + moved
        return len(moved)

    def block(self, change):
        first = len(self.train) // 3
        places = range(first, first + max(1, int(self.share * len(self.train))))
        labels = [label for label, _ in self.train]
        return self.labels(self.train, lambda number, _: change(labels, places[number]), places)


FAULTS = [  # name, how, kind, whether the finding counts the rows
    ("repeated training rows", lambda p: p.copies(p.train), "copies-within", True),
    ("test rows in training", lambda p: p.copies(p.test), "copies-between", True),
    ("in capitals", lambda p: p.copies(p.test, str.upper), "copies-between", True),
    ("other punctuation", lambda p: p.copies(p.test, lambda t: t.replace(" ", ", ") + "!"), "copies-between", True),
    ("other spacing", lambda p: p.copies(p.test, lambda t: t.replace(" ", "   ")), "copies-between", True),
    ("entities", lambda p: p.copies(p.test, lambda t: t.replace("a", "&#97;")), "copies-between", True),
    ("Unicode form", lambda p: p.copies(p.test, lambda t: t.replace("e", "\uff45")), "copies-between", True),
    ("a word more, 20 words", lambda p: p.copies(p.test, lambda t: t + " surely", long=True), "near-copies-between", True),
    ("nearly repeated, 20 words", lambda p: p.copies(p.train, lambda t: t + " surely", long=True), "near-copies-within",
     True),
    ("two labels", lambda p: p.copies(p.train, relabel=True), "two-labels", True),
    ("labels not in training", lambda p: p.labels(p.test, lambda *_: "new"), "labels-missing-from-training", True),
    ("labels not in test", lambda p: p.labels(p.train, lambda *_: "only here"), "labels-missing", True),
    ("rare labels", lambda p: p.labels(p.train, lambda n, _: f"rare {n // 3}"), "rare-labels", True),
    ("spellings of a label", lambda p: p.labels(p.train, lambda _, label: label.swapcase()), "labels-alike", False),
    ("another balance", lambda p: p.labels(p.test, lambda *_: p.label, p.of_test()), "balance", False),
    ("bad rows", lambda p: p.texts(lambda t: None), "bad-rows", True),
    ("mojibake", lambda p: p.texts(lambda t: t + " caf\u00c3\u00a9"), "mojibake", True),
    ("lost letters", lambda p: p.texts(lambda t: t + " caf\ufffd"), "lost-characters", True),
    ("control characters", lambda p: p.texts(lambda t: t + " \u0096"), "control-characters", True),
    ("empty texts", lambda p: p.texts(lambda t: ""), "empty-texts", True),
    ("long texts", lambda p: p.texts(lambda t: (t + " ") * 100), "long-texts", True),
    ("a mark", lambda p: p.marks("{} [P]"), "giveaway", True),
    ("a field in front", lambda p: p.marks("label=1 {}"), "giveaway", True),
    ("one label at the end", lambda p: p.sorted_end(), "order-labels", False),
    ("another source at the end", lambda p: p.texts(str.upper, p.end()), "order-texts", False),
    ("another source in test", lambda p: p.texts(str.upper, p.of_test(), p.test), "two-sources", False),
    ("labels slipped by a row", lambda p: p.block(lambda labels, i: labels[i + 1]), "wrong-labels", False),
    ("labels by chance", lambda p: p.block(lambda labels, i: p.chance.choice(labels)), "wrong-labels", False),
]


def found_rows(findings, kind):
    """By the first words of a give-away, as there may be several."""
    if kind == "giveaway":
        return sum(f["rows"] for f in findings if f["kind"] == kind and ("'[P]'" in f["text"] or "'label=1'" in f["text"]))
    return sum(f["rows"] for f in findings if f["kind"] == kind)


def outcome(before, after, planted, counted):
    if counted:
        return f"{after - before} of {planted}", after - before >= 0.8 * planted
    if before > 0:
        return "was there", True
    return ("yes", True) if after > 0 else ("no", False)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--heed", default="build/release/heed")
    parser.add_argument("--rows", type=int)
    options = parser.parse_args()
    train, test = read_rows(options.train, options.rows), read_rows(options.test, options.rows)
    clean = check(options.heed, train, test)
    missed = 0
    print("in the rows as they are: " + (", ".join(f["kind"] for f in clean) or "nothing") + "\n")
    print("| fault | " + " | ".join(f"{100 * share:g}%" for share in SHARES) + " |")
    print("| --- |" + " ---: |" * len(SHARES))
    for name, plant, kind, counted in FAULTS:
        cells = []
        for share in SHARES:
            planter = Planter(train, test, share)
            planted = plant(planter)
            findings = check(options.heed, planter.train, planter.test)
            text, well = outcome(found_rows(clean, kind), found_rows(findings, kind), planted, counted)
            cells.append(text)
            missed += share >= 0.05 and not well
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    sys.exit(1 if missed else 0)


main()
