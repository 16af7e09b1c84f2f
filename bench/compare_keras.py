"""Trains the tutorial's network with heed and with Keras in turns, on the same rows, and compares the time a row takes.

    python bench/compare_keras.py FOLDER [--rows N] [--epochs N] [--pairs N] [--threads N] [--cpus LIST] [--jit WAY]

FOLDER holds labeledTrainData.tsv; its first --rows rows are trained on, all of them, unmasked and 130 tokens wide. A
block is a training from the start, --epochs long; a pair is a block of each, and every other pair begins with Keras.
Reading, cleaning, compiling and Keras's first steps are not counted. Ends with 1 where the two do not train the same.
"""
import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile

from blocks import machine, orders, ratio_cells, run_pair
import keras_tutorial as tutorial
import keras
from tutorial_rows import Tokenizer, heed_program, labelled_rows

SHORTEST_BLOCK = 5.0  # seconds
EPOCH = re.compile(r"^(\d+)/\d+ +train +(\d+\.\d+) .* (\d+) rows/s$", re.MULTILINE)


class Block:
    """What a training took and reached."""

    def __init__(self, seconds, rows, loss):
        self.seconds = seconds
        self.milliseconds = 1e3 * seconds / rows
        self.loss = loss


class Heed:
    """Blocks of heed, each a process of its own."""

    def __init__(self, folder, work, arguments):
        self.epochs, self.rows = arguments.epochs, arguments.rows
        train = os.path.join(work, "labeledTrainData.tsv")
        self.head(os.path.join(folder, "labeledTrainData.tsv"), train, arguments.rows)
        self.command = [heed_program(), "train", "--preset", "tutorial", "--validation", "none", "--train", train,
                        "--model", os.path.join(work, "heed.safetensors"), "--epochs", str(arguments.epochs),
                        "--threads", str(arguments.threads)]
        self.told = ""

    @staticmethod
    def head(source, target, rows):
        with open(source, "rb") as lines, open(target, "wb") as out:
            for _ in range(rows + 1):
                out.write(lines.readline())

    def run(self):
        done = subprocess.run(self.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.told = done.stdout
        epochs = EPOCH.findall(self.told)
        if done.returncode != 0 or len(epochs) != self.epochs:
            sys.exit(f"{' '.join(self.command)}: status {done.returncode}, {len(epochs)} epochs told:\n{self.told}")
        return Block(sum(self.rows / int(pace) for _, _, pace in epochs), self.rows * self.epochs, float(epochs[-1][1]))

    def told_number(self, pattern):
        found = re.search(pattern, self.told)
        return found.group(1) if found else "nothing"


class Keras:
    """Blocks of Keras, in this process, so that it compiles once; each begins with the same weights."""

    def __init__(self, texts, labels, arguments):
        self.tokenizer = Tokenizer(texts)
        self.x, self.y, self.epochs = self.tokenizer.windows(texts), labels, arguments.epochs
        self.model = tutorial.make_model(arguments.jit)
        self.model.optimizer.build(self.model.trainable_variables)
        self.start = [variable.numpy() for variable in self.variables()]
        self.fit(tutorial.BATCH, 1)  # compiles

    def variables(self):
        return self.model.variables + self.model.optimizer.variables

    def fit(self, rows, epochs):
        pace = tutorial.Pace(rows)
        history = self.model.fit(self.x[:rows], self.y[:rows], batch_size=tutorial.BATCH, epochs=epochs, verbose=0,
                                 callbacks=[pace])
        return pace, history.history["loss"][-1]

    def run(self):
        for variable, value in zip(self.variables(), self.start):
            variable.assign(value)
        pace, loss = self.fit(len(self.x), self.epochs)
        return Block(sum(pace.seconds), sum(pace.rows), loss)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--rows", type=int, default=10000)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cpus", default="0,1")
    parser.add_argument("--jit", choices=tutorial.JIT, default="auto")
    arguments = parser.parse_args()
    least = (tutorial.WARM_STEPS + 1) * tutorial.BATCH
    if arguments.rows % tutorial.BATCH != 0 or arguments.rows < least:
        parser.error(f"--rows: found {arguments.rows}, expected a multiple of {tutorial.BATCH} from {least}")
    return arguments


def check_same(heed, network, rows):
    """Both read the same tokens and train the same number of weights; losses are printed for the eye."""
    pairs = [
        ("parameters", heed.told_number(r"(\d+) parameters"), str(network.model.count_params())),
        ("mean tokens", heed.told_number(r"mean tokens: ([\d.]+)"), f"{rows.mean_tokens():.4f}"),
        ("distinct words", heed.told_number(r"distinct words: (\d+)"), str(network.tokenizer.distinct_words)),
    ]
    for name, ours, theirs in pairs:
        print(f"{name}: heed {ours}, Keras {theirs}{'' if ours == theirs else '  <- DIFFERENT'}")
    return all(ours == theirs for _, ours, theirs in pairs)


def measure(heed, network, pairs):
    print("\n| pair | first | heed ms/row | Keras ms/row | ratio | heed loss | Keras loss |\n|" + " --- |" * 7)
    blocks = []
    for number, heed_first in enumerate(orders(pairs), start=1):
        ours, theirs = run_pair(heed_first, heed.run, network.run)
        blocks.append((ours, theirs))
        print(f"| {number} | {'heed' if heed_first else 'Keras'} | {ours.milliseconds:.3f} | "
              f"{theirs.milliseconds:.3f} | {theirs.milliseconds / ours.milliseconds:.2f} | {ours.loss:.4f} | {theirs.loss:.4f} |", flush=True)
    return blocks


def main():
    arguments = parse()
    os.sched_setaffinity(0, {int(cpu) for cpu in arguments.cpus.split(",")})
    print(machine())
    tutorial.set_threads(arguments.threads)
    keras.utils.set_random_seed(1)
    rows = labelled_rows(arguments.folder).first(arguments.rows)
    with tempfile.TemporaryDirectory() as work:
        heed = Heed(arguments.folder, work, arguments)
        network = Keras(rows.texts, rows.labels, arguments)
        blocks = measure(heed, network, arguments.pairs)
    print()
    same = check_same(heed, network, rows)
    shortest = min(min(ours.seconds, theirs.seconds) for ours, theirs in blocks)
    if shortest < SHORTEST_BLOCK:
        print(f"the shortest block took {shortest:.1f} s: too short to trust; use more --rows or --epochs")
    ours, theirs = zip(*blocks)
    print("\n| training, ms a row | threads | heed | Keras | ratio | pairs | 95% of the median |\n|" + " --- |" * 7)
    print(f"| tutorial, {arguments.rows} rows, {arguments.epochs} epochs, {arguments.pairs} pairs | "
          f"{arguments.threads} | {statistics.median(block.milliseconds for block in ours):.3f} | "
          f"{statistics.median(block.milliseconds for block in theirs):.3f} | "
          f"{ratio_cells([b.milliseconds / a.milliseconds for a, b in blocks])} |")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
