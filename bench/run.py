"""Runs heed and its peers on the same work in turns, and writes what it found into RESULTS.md. Started by bench/run."""
import argparse
import os
import sys
import tempfile
import time
import traceback

import sections
from blocks import machine, processor
from plot import bars, lines
from results import RESULTS, SHARE, Findings, fallen, raise_kept, read_kept, write_section
from workers import HERE, Rounds, Worker


def parse():
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("folder", help="holds the four IMDB files, as README.md says")
    parser.add_argument("--quick", action="store_true", help="fewer rows, pairs and sizes: about 12 minutes")
    parser.add_argument("--rows", type=int, help="rows of labeledTrainData.tsv (10,000; quick: 4,000)")
    parser.add_argument("--pairs", type=int, help="rounds in which all take turns (15; quick: 3)")
    parser.add_argument("--block", type=float, help="seconds that a contender works in a round (2; quick: 0.7)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cpus", default="0,1")
    parser.add_argument("--only", action="append", choices=list(sections.SECTIONS), help="a section; may be repeated")
    parser.add_argument("--output", default=RESULTS, help="file whose marked section is written (bench/RESULTS.md)")
    parser.add_argument("--keep", action="store_true", help="raise the kept ratios to nine tenths of those found")
    parser.add_argument("--build", default=os.path.join(HERE, "..", "build", "release"), help="heed's build folder")
    settings = parser.parse_args()
    settings.rows = settings.rows or (4000 if settings.quick else 10000)
    settings.pairs = settings.pairs or (3 if settings.quick else 15)
    settings.block = settings.block or (0.7 if settings.quick else 2.0)
    os.environ["HEED"] = os.path.abspath(os.path.join(settings.build, "heed"))
    return settings


def run_sections(settings, findings, probe, work):
    bench = sections.Bench(settings, findings, Rounds(settings, probe), work)
    for name in settings.only or sections.SECTIONS:
        begin = time.perf_counter()
        try:
            sections.SECTIONS[name](bench)
        except Exception as error:  # one that fails is told, and the others go on
            traceback.print_exc()
            findings.fault(f"section {name}: {error}")
        print(f"bench/run: section {name}: {time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
    return bench


def write(settings, bench, findings):
    base = os.path.splitext(settings.output)[0]
    ratios = {name: median for name, (median, _) in findings.figures.items()
              if ": " in name and not name.endswith((f": {SHARE}", ": the best peer"))}
    pictures = [(base + "-ratios.svg", bars("How many times longer the others take", ratios))]
    if bench.scaling:
        pictures.append((base + "-scaling.svg", lines("Cost of a unit of work as the work grows (first size: 1)",
                                                      bench.scaling)))
    for path, picture in pictures:
        with open(path, "w", encoding="utf-8") as file:
            file.write(picture)
    links = "\n".join(f"![{os.path.basename(path)}]({os.path.basename(path)})" for path, _ in pictures)
    write_section(settings.output, "\n".join(findings.parts) + "\n" + links)


def compare_kept(findings, kind):
    kept = read_kept(kind)
    if not kept:
        findings.write(f"kept.json has no figures of this kind of processor ({kind}) yet: nothing was compared.\n")
    for line in fallen(findings.figures, kept):
        findings.fault("fell behind its kept ratio: " + line)


def main():
    settings = parse()
    os.sched_setaffinity(0, {int(cpu) for cpu in settings.cpus.split(",")})
    findings = Findings()
    findings.write(f"## bench/run{' --quick' if settings.quick else ''}\n\n{time.strftime('%Y-%m-%d')}, {machine()}, "
                   f"{settings.threads} threads, {settings.pairs} rounds with blocks of {settings.block:g} s, "
                   f"{settings.rows:,} rows.")
    with tempfile.TemporaryDirectory() as work:
        with Worker("fma_peak", [os.path.join(settings.build, "bench", "fma_peak"), settings.threads]) as probe:
            kind = f"{processor()}, {probe.told['vectors']}"
            bench = run_sections(settings, findings, probe, work)
    compare_kept(findings, kind)
    write(settings, bench, findings)
    if settings.keep:
        raise_kept(kind, findings.figures)
    for fault in findings.faults:
        print(f"bench/run: {fault}", file=sys.stderr)
    sys.exit(1 if findings.faults else 0)


if __name__ == "__main__":
    main()
