"""Contenders as processes that wait for commands, and rounds in which they take turns.

A worker reads lines such as "train 20" and answers each with a line of JSON; the first line that it writes of itself
says that it is ready. Its processor time and peak memory come from /proc."""
import json
import os
import statistics
import subprocess
import sys
import time

from blocks import bootstrap_interval

TICKS = os.sysconf("SC_CLK_TCK")
HERE = os.path.dirname(os.path.abspath(__file__))
UNDISTURBED = 0.03  # the peak before and after a round differs by less
LEAST_PAIRS = 3
SETTLE = 0.3  # seconds in which the threads of the last contender stop spinning


def serve(commands):
    """A worker's own side: name -> function of a count, which returns what the answer holds."""
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        name, count = line.split()
        print(json.dumps(commands[name](int(count))), flush=True)


class Predictor:
    """What a worker in Python says of its predictions. A contender has its case, and answer(ids): probabilities."""

    def predict(self, count):
        begin = time.perf_counter()
        for x, _ in self.case.take(count):
            self.answer(x)
        return {"seconds": time.perf_counter() - begin, "rows": count * self.case.batch}

    def one(self, count):
        each, ids = [], self.case.ids
        for row in range(count):
            begin = time.perf_counter()
            self.answer(ids[row % len(ids)][None])
            each.append(time.perf_counter() - begin)
        return {"each": each, "seconds": sum(each), "rows": count}

    def probabilities(self, count):
        return {"probabilities": self.answer(self.case.ids[:count]).tolist()}


class Worker:
    def __init__(self, name, command, threads=2, log=None):
        count = str(threads)
        environment = os.environ | {"OMP_NUM_THREADS": count, "OPENBLAS_NUM_THREADS": count, "MKL_NUM_THREADS": count}
        self.name = name
        self.process = subprocess.Popen([str(word) for word in command], env=environment, text=True, stderr=log,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.told = self.read()

    def read(self):
        while True:  # libraries may print lines of their own
            line = self.process.stdout.readline()
            if line.startswith("{"):
                return json.loads(line)
            if line == "":
                raise RuntimeError(f"{self.name}: ended with status {self.process.wait()}")

    def ask(self, command):
        before = self.cpu_seconds()
        try:
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()
            answer = self.read()
        except BrokenPipeError as error:
            raise RuntimeError(f"{self.name}: ended with status {self.process.wait()}") from error
        answer["cpu"] = self.cpu_seconds() - before
        return answer

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_megabytes(self):
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1000

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Products(Worker):
    """SGEMM as a contender: whatever it is asked to do so many times, it multiplies."""

    def ask(self, command):
        return super().ask("products " + command.split()[1])


class Measured:
    """A contender's blocks: milliseconds and processor milliseconds a row; the peak beside them, GFLOP of a second and of
    a second of processor time."""

    def __init__(self):
        self.wall, self.cpu, self.peak, self.peak_each = [], [], [], []
        self.megabytes = 0.0

    def median(self):
        return statistics.median(self.wall)


class Rounds:
    """All contenders, a block each a round; every other round runs backwards."""

    def __init__(self, settings, probe):
        self.pairs, self.block, self.probe = settings.pairs, settings.block, probe

    def steps(self, worker, command):
        """How many fill a block: a warm run, then a look at a few."""
        count = 2
        worker.ask(f"{command} {count}")
        while True:
            seconds = worker.ask(f"{command} {count}")["seconds"]
            if seconds > self.block / 4 or count > 10 ** 6:
                return max(1, round(count * self.block / max(seconds, 1e-9)))
            count *= 2 if seconds > self.block / 16 else 4

    def peak(self):
        time.sleep(SETTLE)
        return self.probe.ask("peak 3")

    def run(self, workers, command):
        """name -> Measured. Rounds during which the machine's peak moved are left out where enough others are left."""
        counts = {worker.name: self.steps(worker, command) for worker in workers}
        rounds = []
        for number in range(self.pairs):
            before, told = self.peak(), {}
            for worker in workers if number % 2 == 0 else reversed(workers):
                time.sleep(SETTLE)
                told[worker.name] = worker.ask(f"{command} {counts[worker.name]}")
            after = self.peak()
            best = {name: max(before[name], after[name]) for name in ("gflops", "each")}
            rounds.append((abs(after["gflops"] / before["gflops"] - 1) < UNDISTURBED, best, told))
        quiet = [each for each in rounds if each[0]]
        measured = {worker.name: Measured() for worker in workers}
        for _, peak, told in quiet if len(quiet) >= LEAST_PAIRS else rounds:
            for name, answer in told.items():
                measured[name].wall.append(1e3 * answer["seconds"] / answer["rows"])
                measured[name].cpu.append(1e3 * answer["cpu"] / answer["rows"])
                measured[name].peak.append(peak["gflops"])
                measured[name].peak_each.append(peak["each"])
        for worker in workers:
            measured[worker.name].megabytes = worker.peak_megabytes()
        return measured


class Ratio:
    """How many times the others take, of what ours do, in pairs: the median and 95% of it."""

    def __init__(self, ours, theirs):
        pairs = [b / a for a, b in zip(ours, theirs)]
        self.median, (self.low, self.high) = statistics.median(pairs), bootstrap_interval(pairs)
        self.pairs = len(pairs)

    def __str__(self):
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f})"
