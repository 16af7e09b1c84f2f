"""What of bench/ can be tested without its peers: kept ratios, the marked section, pictures, heed_steps.

    python3 bench/selftest.py HEED_STEPS          needs Python alone"""
import array
import json
import os
import pathlib
import platform
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom

import blocks
import paired
import plot
import results
from workers import Measured, Ratio

ROWS, WINDOW, VOCABULARY, UNITS = 40, 12, 30, 4
NETWORK = {"embedding.embeddings": [VOCABULARY, 8], "dense.kernel": [2 * UNITS, 6], "dense.bias": [6],
           "output.kernel": [6, 1], "output.bias": [1]}
for way in ("forward", "backward"):
    NETWORK |= {f"bi_lstm_0.{way}.kernel": [8, 4 * UNITS], f"bi_lstm_0.{way}.recurrent_kernel": [UNITS, 4 * UNITS],
                f"bi_lstm_0.{way}.bias": [4 * UNITS]}


def write_small_case(path):
    draw, header, data = random.Random(1), {}, b""
    header["__metadata__"] = {"architecture": "embed 8 | bilstm 4 | mean | dense 6", "vocabulary": str(VOCABULARY),
                              "mask": "1", "batch": "10"}
    tensors = {"ids": ("i", "I32", [ROWS, WINDOW]), "labels": ("f", "F32", [ROWS])}
    tensors |= {name: ("f", "F32", shape) for name, shape in NETWORK.items()}
    for name, (code, kind, shape) in tensors.items():
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        numbers = [draw.randrange(1, VOCABULARY) if code == "i" else draw.uniform(-0.3, 0.3) for _ in range(count)]
        if name == "labels":
            numbers = [float(row % 2) for row in range(ROWS)]
        block = array.array(code, numbers).tobytes()
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(block)]}
        data += block
    text = json.dumps(header).encode()
    text += b" " * (-(len(text) + 8) % 64)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class Kept(unittest.TestCase):
    def test_a_figure_falls_when_its_whole_interval_is_below_what_was_kept(self):
        kept = {"a": 3.0, "b": 3.0, "of a section that did not run": 3.0}
        self.assertEqual(results.fallen({"a": (2.9, 3.1), "b": (3.5, 4.0)}, kept), [])
        told = results.fallen({"a": (2.0, 2.9), "b": (3.5, 4.0)}, kept)
        self.assertEqual(len(told), 1)
        self.assertTrue(told[0].startswith("a: 2.00"))

    def test_shares_are_of_the_peak_beside_each_block_in_time_and_in_processor_time(self):
        measured = Measured()
        measured.wall, measured.cpu = [1.0, 2.0, 4.0], [2.0, 2.0, 2.0]
        measured.peak, measured.peak_each = [100.0, 100.0, 50.0], [50.0, 60.0, 50.0]
        self.assertEqual(results.share(measured, 5e7),
                         "25% (25 to 50) of 100 GFLOP/s; of processor time 50% (42 to 50)")
        self.assertEqual(results.share(measured, None), "")

    def test_a_ratio_is_taken_in_pairs(self):
        ratio = Ratio([1, 2, 4], [3, 6, 12])
        self.assertEqual((ratio.median, ratio.low, ratio.high), (3, 3, 3))

    def test_the_kept_figures_are_numbers_of_kinds_of_processors(self):
        with open(results.KEPT, encoding="utf-8") as file:
            kinds = json.load(file)
        for kind, kept in kinds.items():
            self.assertTrue(kept and all(least > 0 for least in kept.values()), kind)
            self.assertEqual(results.read_kept(kind), kept)

    def test_figures_are_compared_and_raised_only_within_a_kind(self):
        before, results.KEPT = results.KEPT, os.path.join(tempfile.mkdtemp(), "kept.json")
        try:
            with open(results.KEPT, "w", encoding="utf-8") as file:
                json.dump({"this": {"a": 3.0, "b": 1.0}}, file)
            self.assertEqual(results.read_kept("another"), {})
            results.raise_kept("another", {"a": (2.0, 2.5)})
            results.raise_kept("this", {"a": (2.0, 2.5), "b": (2.0, 2.5)})
            self.assertEqual(results.read_kept("another"), {"a": 1.8})
            self.assertEqual(results.read_kept("this"), {"a": 3.0, "b": 1.8})
        finally:
            shutil.rmtree(os.path.dirname(results.KEPT))
            results.KEPT = before

    def test_a_kind_of_processor_is_what_the_maker_calls_it(self):
        amd = {"vendor_id": "AuthenticAMD", "cpu family": "25", "model": "17", "model name": "AMD EPYC", "cpu MHz": "2"}
        arm = {"processor": "0", "CPU implementer": "0x41", "CPU part": "0xd40"}
        self.assertEqual(blocks.processor(amd), "vendor_id AuthenticAMD, cpu family 25, model 17")
        self.assertEqual(blocks.processor(arm), "CPU implementer 0x41, CPU part 0xd40")
        self.assertEqual(blocks.processor({"hart": "0"}), platform.machine())


class Output(unittest.TestCase):
    def test_the_marked_section_is_replaced_and_the_rest_stays(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "RESULTS.md")
            with open(path, "w", encoding="utf-8") as file:
                file.write("# Results\n")
            for text in ("first \\1", "second"):
                results.write_section(path, text)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), f"# Results\n\n{results.BEGIN}\nsecond\n{results.END}\n")

    def test_pictures_are_well_formed(self):
        for picture in (plot.bars("a < b", {"x & y": 2.0, "z": 0.5}), plot.bars("none", {}),
                        plot.lines("c", {"rows": [(100, 1.0), (20000, 1.1)]})):
            xml.dom.minidom.parseString(picture)


class Paired(unittest.TestCase):
    def told(self, **answers):
        """The cells of each other classifier, by its name; of a classifier a list of runs, of a run the answers."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for classifier, runs in answers.items():
                for number, run in enumerate(runs):
                    file = classifier if classifier == "labels" else f"{classifier}.{number}"
                    (folder / file).write_text("".join(f"{answer}\n" for answer in run))
            cells = [[cell.strip() for cell in row.split("|")[2:-1]] for row in paired.rows(folder)]
            return {row[1]: row[:1] + row[2:] for row in cells}

    def test_ahead_and_behind_are_intervals_without_0(self):
        told = self.told(labels=["a" * 100], recipe=["a" * 90 + "b" * 10], better=["a" * 100],
                         same=["b" * 10 + "a" * 90], worse=["b" * 20 + "a" * 70 + "b" * 10])
        self.assertEqual(told["better"][:3] + told["better"][-1:], ["0.9000", "1.0000", "-0.1000", "behind"])
        self.assertEqual(told["same"][:3] + told["same"][-1:], ["0.9000", "0.9000", "+0.0000", "neither"])
        self.assertEqual(told["worse"][:3] + told["worse"][-1:], ["0.9000", "0.7000", "+0.2000", "ahead"])

    def test_the_interval_is_that_of_the_rows_that_differ(self):
        told = self.told(labels=["a" * 100], recipe=["a" * 100], other=["b" * 10 + "a" * 90])
        low, high = map(float, told["other"][3].split(" to "))
        self.assertAlmostEqual(low, 0.05, delta=0.011)  # quantiles of a binomial of 100 draws at 0.1: 5 and 16
        self.assertAlmostEqual(high, 0.16, delta=0.011)

    def test_runs_count_as_their_mean(self):
        told = self.told(labels=["ab"], recipe=["ab", "aa"], other=["bb"], twin=["aa", "ab"])
        self.assertEqual(told["other"][:3], ["0.7500", "0.5000", "+0.2500"])
        self.assertEqual(told["twin"][2:4], ["+0.0000", "+0.0000 to +0.0000"])

    def test_answers_to_other_rows_are_refused(self):
        with self.assertRaisesRegex(SystemExit, "found 1 answers of other to 2 rows; measure both again"):
            self.told(labels=["ab"], recipe=["ab"], other=["a"])


class FmaPeak(unittest.TestCase):
    def ask(self, *words, commands=""):
        return subprocess.run([os.path.join(os.path.dirname(HEED_STEPS), "fma_peak"), *words], input=commands,
                              capture_output=True, text=True, check=False)

    def test_the_peak_is_told_with_its_vectors_at_any_number_of_threads(self):
        for threads in "1", "3":
            ready, first, second = map(json.loads, self.ask(threads, commands="peak 1\npeak 2\n").stdout.splitlines())
            self.assertIn(ready["vectors"], ("avx512", "avx2", "neon", "plain"))
            for answer in first, second:
                self.assertTrue(answer["gflops"] > 0 and answer["each"] > 0)

    def test_no_threads_and_too_many_are_refused(self):
        for threads in "0", "257", "many":
            done = self.ask(threads)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("expected 1 to 256", done.stderr)


class HeedSteps(unittest.TestCase):
    def ask(self, case, threads, commands):
        done = subprocess.run([HEED_STEPS, "train", case, str(threads)], input=commands, stdout=subprocess.PIPE,
                              text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_losses_begin_anew_fall_and_do_not_depend_on_threads(self):
        with tempfile.TemporaryDirectory() as folder:
            case = os.path.join(folder, "case.safetensors")
            write_small_case(case)
            ready, first, trained, again = self.ask(case, 1, "losses 30\ntrain 7\nlosses 30\n")
            self.assertTrue(ready["ready"])
            self.assertEqual(first, again)
            self.assertEqual(trained["rows"], 70)
            self.assertLess(sum(first["losses"][-4:]), sum(first["losses"][:4]))
            self.assertEqual(self.ask(case, 2, "losses 30\n")[1], first)


HEED_STEPS = os.path.abspath(sys.argv.pop(1))
unittest.main()
