#!/usr/bin/env python3
"""Whether heed's recipe is ahead of another classifier or behind it on the same test rows.

    paired.py FOLDER SET...

FOLDER/SET has labels, the right answer to each test row, a line each, and the answers of each run of each classifier in
files such as recipe.1 and tfidf.1; bench/accuracy.sh writes them. Prints a Markdown row for each classifier but the
recipe: the accuracy of both, means over their runs, and the difference with its 95% interval by a paired bootstrap over
the test rows. The recipe is behind where the whole interval is below 0. A set without answers of the recipe is passed
over. Opens no test file, and needs Python alone.
"""
import pathlib
import random
import statistics
import sys

RESAMPLES = 1000


def lines(path):
    """The lines of a file; a label may have any other character."""
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def share_right(folder, name, labels):
    """How many of a classifier's runs answer each row right, from 0 to 1."""
    runs = [lines(path) for path in sorted(folder.glob(f"{name}.*"))]
    for answers in runs:
        if len(answers) != len(labels):
            sys.exit(f"{folder}: found {len(answers)} answers of {name} to {len(labels)} rows; measure both again")
    return [sum(answer == label for answer in answers) / len(runs) for label, *answers in zip(labels, *runs)]


def interval(differences):
    """The 95% bootstrap interval of their mean."""
    draw = random.Random(1)
    means = [statistics.fmean(draw.choices(differences, k=len(differences))) for _ in range(RESAMPLES)]
    cuts = statistics.quantiles(means, n=40)
    return cuts[0], cuts[-1]


def verdict(low, high):
    return "behind" if high < 0 else "ahead" if low > 0 else "neither"


def rows(folder):
    """The rows of a set."""
    labels = lines(folder / "labels")
    recipe = share_right(folder, "recipe", labels)
    for name in sorted({path.stem for path in folder.iterdir()} - {"labels", "recipe"}):
        other = share_right(folder, name, labels)
        low, high = interval([ours - theirs for ours, theirs in zip(recipe, other)])
        accuracy, peer = statistics.fmean(recipe), statistics.fmean(other)
        yield (f"| {folder.name} | {accuracy:.4f} | {name} | {peer:.4f} | {accuracy - peer:+.4f} |"
               f" {low:+.4f} to {high:+.4f} | {verdict(low, high)} |")


def main(folder, *sets):
    for name in sets:
        if any((folder / name).glob("recipe.*")):
            print("\n".join(rows(folder / name)))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: paired.py FOLDER SET...")
    main(pathlib.Path(sys.argv[1]), *sys.argv[2:])
