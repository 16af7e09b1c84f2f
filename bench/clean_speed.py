"""Cleans the labelled reviews with heed and with NLTK in turns, and compares the speed, and the texts byte for byte.

    python bench/clean_speed.py FOLDER [--rows N] [--rounds N] [--seconds S] [--cpus LIST]

FOLDER holds labeledTrainData.tsv. NLTK remembers what became of each word, which is much faster than the tutorial as
written; that is measured beside it, once a round, on the first 500 rows. heed's time is that of the whole process,
which reads the file and writes the texts to another; NLTK's is that of the cleaning alone, as nltk_clean.py measures
it. A block of heed repeats the process for --seconds. Ends with 1 where a text differs.
"""
import argparse
import filecmp
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

from blocks import machine, orders, ratio_cells, run_pair
from tutorial_rows import HERE, heed_program

THREADS = (2, 1)
AS_WRITTEN_ROWS = 500


def head(source, target, rows):
    with open(source, "rb") as lines, open(target, "wb") as out:
        for number, line in enumerate(lines):
            if rows is not None and number > rows:
                break
            out.write(line)


def heed_seconds(path, output, threads, block):
    """Seconds a run, over as many runs as fill the block."""
    command = [heed_program(), "clean", "--preset", "tutorial", "--threads", str(threads), path]
    runs, begin = 0, time.perf_counter()
    while runs == 0 or time.perf_counter() - begin < block:
        with open(output, "wb") as out:
            subprocess.run(command, stdout=out, check=True)
        runs += 1
    return (time.perf_counter() - begin) / runs


def nltk_told(path, more=None):
    """What nltk_clean.py says; more: a file whose texts have to be equal to NLTK's, or --as-written."""
    command = [sys.executable, os.path.join(HERE, "nltk_clean.py"), path] + ([more] if more else [])
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stdout or f"{' '.join(command)}: exit status {done.returncode}")
    return done.stdout


def nltk_seconds(told):
    return float(re.search(r", ([\d.]+) s, ", told).group(1))


def megabytes_of(told):
    return float(re.search(r", ([\d.]+) MB, ", told).group(1))


def nltk_as_written(path):
    """MB a second of the tutorial as written, which looks each token up anew."""
    told = nltk_told(path, "--as-written")
    return megabytes_of(told) / nltk_seconds(told)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--cpus", default="0,1")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {int(cpu) for cpu in arguments.cpus.split(",")})
    print(machine())

    heed, nltk, written = {threads: [] for threads in THREADS}, [], []
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "labeledTrainData.tsv")
        outputs = {threads: os.path.join(work, f"cleaned.{threads}") for threads in THREADS}
        small = os.path.join(work, "small.tsv")
        head(os.path.join(arguments.folder, "labeledTrainData.tsv"), path, arguments.rows)
        head(path, small, AS_WRITTEN_ROWS)

        def heed_block():
            return {threads: heed_seconds(path, outputs[threads], threads, arguments.seconds) for threads in THREADS}

        for heed_first in orders(arguments.rounds):
            ours, theirs = run_pair(heed_first, heed_block, lambda: nltk_seconds(nltk_told(path)))
            nltk.append(theirs)
            written.append(nltk_as_written(small))
            for threads, seconds in ours.items():
                heed[threads].append(seconds)
        told = nltk_told(path, outputs[2])
        same = filecmp.cmp(outputs[1], outputs[2], shallow=False)

    print(told + f"heed at 1 and 2 threads: {'equal' if same else 'DIFFERENT'} bytes")
    megabytes, as_written = megabytes_of(told), statistics.median(written)
    print("\n| cleaning, tutorial's stages | threads | heed MB/s | NLTK MB/s | ratio | pairs | 95% of the median | "
          "NLTK as written MB/s | ratio |\n|" + " --- |" * 9)
    for threads in THREADS:
        ratios = [theirs / ours for ours, theirs in zip(heed[threads], nltk)]
        speed = megabytes / statistics.median(heed[threads])
        print(f"| {megabytes:.1f} MB, {arguments.rounds} pairs | {threads} | {speed:.1f} | "
              f"{megabytes / statistics.median(nltk):.2f} | {ratio_cells(ratios)} | {as_written:.3f} | "
              f"{speed / as_written:.0f} |")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
