"""The parts of bench/run; each measures one kind of work and writes its tables."""
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace

import numpy as np

from blocks import orders, run_pair
from cases import BATCH, Architecture, Shape, synthetic_ids, training_flop, write_case
from clean_speed import AS_WRITTEN_ROWS, head, heed_seconds, megabytes_of, nltk_as_written, nltk_seconds, nltk_told
from results import SHARE, share
from tutorial_rows import Tokenizer, heed_program, make_rows, pd
from workers import HERE, Products, Ratio, Worker

STEPS_COMPARED, LOSS_TOLERANCE, PROBABILITY_TOLERANCE = 20, 1e-4, 1e-4
STEPS_OF_TRAINED = 5  # from trained weights rounding errors can grow tenfold in four steps
LARGE_VOCABULARY = 100_000


class Bench:
    """What the sections share: settings, findings, rounds, and rows and models that are made once."""

    def __init__(self, settings, findings, rounds, work):
        self.settings, self.findings, self.rounds, self.work = settings, findings, rounds, work
        self.quick, self.threads = settings.quick, settings.threads
        self.scaling = {}
        self._rows, self._ids, self._models = None, {}, {}

    def path(self, name):
        return os.path.join(self.work, name)

    def labelled(self, rows):
        """The first rows of labeledTrainData.tsv in a file of that name, which the tutorial's preset knows."""
        folder = self.path(f"rows{rows}")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "labeledTrainData.tsv")
        if not os.path.exists(path):
            head(os.path.join(self.settings.folder, "labeledTrainData.tsv"), path, rows)
        return path

    def rows(self):
        if self._rows is None:
            path = self.labelled(self.settings.rows)
            self._rows = make_rows(path, pd.read_csv(path, delimiter="\t")["sentiment"])
        return self._rows

    def ids(self, vocabulary):
        if vocabulary not in self._ids:
            self._ids[vocabulary] = Tokenizer(self.rows().texts, vocabulary).windows(self.rows().texts)
        return self._ids[vocabulary]

    def case(self, shape, weights=None):
        """The path of a case and its operations a row."""
        ids = self.ids(shape.vocabulary)
        kept = (ids != 0).any(1)  # a text without a token has no packed form
        path = self.path(f"case-{shape.units}-{shape.vocabulary}-{int(shape.mask)}-{weights is not None}.safetensors")
        if not os.path.exists(path):
            write_case(path, shape, ids[kept], self.rows().labels[kept], weights=weights)
        return path, training_flop(shape, ids[kept])

    def model(self, mask=False):
        """The tutorial's network, trained a little by heed on the same rows, without its dropout."""
        if mask not in self._models:
            path = self._models[mask] = self.path("masked.safetensors" if mask else "model.safetensors")
            subprocess.run([heed_program(), "train", "--preset", "tutorial", "--validation", "none", "--epochs", "1",
                            "--architecture", Shape().architecture(), "--mask" if mask else "--no-mask",
                            "--train", self.labelled(self.settings.rows), "--model", path,
                            "--threads", str(self.threads), "--quiet"], check=True)
        return self._models[mask]

    # ---- contenders

    def tool(self, name):
        return os.path.join(self.settings.build, "bench", name)

    def heed(self, case, name="heed", threads=None):
        threads = threads or self.threads
        return Worker(name, [self.tool("heed_steps"), "train", case, threads], threads)

    def python(self, name, script, case, *words):
        command = [sys.executable, os.path.join(HERE, script), case, self.threads, *words]
        with open(self.path(f"{script}.log"), "a", encoding="utf-8") as log:
            return Worker(name, command, self.threads, log)

    def keras(self, case):
        return self.python("Keras", "keras_worker.py", case, "auto" if self.quick else "best")

    def trained(self, name, network):
        """A network trained a little by heed, and a case with its weights: their paths."""
        from safetensors import safe_open

        model, case = self.path(f"layers-{name}.safetensors"), self.path(f"case-layers-{name}.safetensors")
        subprocess.run([heed_program(), "train", "--preset", "tutorial", "--validation", "none", "--epochs", "1",
                        "--architecture", network.text, "--mask" if network.mask else "--no-mask",
                        "--train", self.labelled(self.settings.rows), "--model", model,
                        "--threads", str(self.threads), "--quiet"], check=True)
        with safe_open(model, "numpy") as file:
            weights = {key: file.get_tensor(key) for key in file.keys() if not key.startswith("heed.")}
        ids = self.ids(network.vocabulary)
        kept = (ids != 0).any(1)
        write_case(case, network, ids[kept], self.rows().labels[kept], weights=weights)
        return model, case

    def torch(self, case, way, reading):
        return self.python(f"PyTorch, {way}, {reading}", "torch_worker.py", case, way, reading)

    def onednn(self, shape):
        return Worker("oneDNN, the layers alone", [self.tool("lstm_onednn"), BATCH, shape.window, shape.embedding,
                                                   shape.units], self.threads)

    def open(self, stack, *makers):
        """The workers that can be started; one that cannot is a fault, unless heed is left without others."""
        workers = []
        for make in makers:
            try:
                workers.append(stack.enter_context(make()))
            except (RuntimeError, OSError) as error:
                self.findings.fault(f"a contender does not start: {error}")
        return workers


# ---- the peak


def peak(bench):
    """What the arithmetic can do, which shares refer to, and what OpenBLAS makes of it."""
    bench.findings.title("The peak: multiply-adds that wait for nothing, and OpenBLAS's SGEMM")
    probe, fused, products = bench.rounds.probe, [], []
    with Worker("SGEMM", [bench.tool("sgemm_peak")], bench.threads) as sgemm:
        for fused_first in orders(bench.settings.pairs):
            a, b = run_pair(fused_first, *(lambda w=w: w.ask("peak 10")["gflops"] for w in (probe, sgemm)))
            fused.append(a)
            products.append(b)
    bench.findings.table(["what", "GFLOP/s", SHARE],
                         [[f"multiply-adds, {probe.told['vectors']}", f"{statistics.median(fused):.0f}", ""],
                          [f"OpenBLAS's SGEMM, its kernel for {sgemm.told['kernel']}",
                           f"{statistics.median(products):.0f}", str(Ratio(fused, products))]])


# ---- the check


def check(bench):
    """Losses of 20 steps from the same weights on the same rows."""
    bench.findings.title("The same work: losses of 20 steps")
    rows = []
    for mask in (False, True):
        case, _ = bench.case(Shape(mask=mask))
        with ExitStack() as stack:
            reading = "packed" if mask else "padded"
            workers = bench.open(stack, lambda: bench.heed(case), lambda: bench.keras(case),
                                 lambda: bench.torch(case, "eager", reading))
            losses = {w.name: np.array(w.ask(f"losses {STEPS_COMPARED}")["losses"]) for w in workers}
        ours = losses.pop("heed")
        for name, theirs in losses.items():
            apart = np.abs(ours - theirs).max()
            rows.append(["masked" if mask else "unmasked", name, f"{ours[0]:.6f}", f"{ours[-1]:.6f}",
                         f"{theirs[-1]:.6f}", f"{apart:.1e}"])
            if not apart <= LOSS_TOLERANCE:
                bench.findings.fault(f"losses of heed and {name} are {apart:.1e} apart, more than {LOSS_TOLERANCE}")
    bench.findings.table(["network", "other", "first loss", "heed's 20th", "the other's 20th", "largest difference"],
                         rows)


# ---- training


def best_of(bench, key, ratios):
    """The best of the whole networks; oneDNN computes but a part."""
    whole = {name: ratio for name, ratio in ratios.items() if not name.startswith(("oneDNN", "heed"))}
    if whole:
        best = min(whole, key=lambda name: whole[name].median)
        bench.findings.write(f"Against the best, {best}: {whole[best]} times.\n")
        bench.findings.keep(f"{key}: the best peer", whole[best].median, whole[best].high)


def train_shape(bench, shape, compiled):
    how = "masked" if shape.mask else "unmasked"
    key = f"training, {shape.units} units, {how}"
    bench.findings.title(f"Training: {shape.units} units, {how}, vocabulary {shape.vocabulary:,}")
    case, flop = bench.case(shape)
    padded, _ = bench.case(replace(shape, mask=False))
    makers = [lambda: bench.heed(case), lambda: bench.keras(case), lambda: bench.torch(padded, "eager", "padded")]
    if compiled:
        makers.append(lambda: bench.torch(padded, "compiled", "padded"))
    if shape.mask:
        makers.append(lambda: bench.torch(case, "eager", "packed"))
    else:
        makers.append(lambda: bench.onednn(shape))
    with ExitStack() as stack:
        measured = bench.rounds.run(bench.open(stack, *makers), "train")
    if shape.mask:
        bench.findings.write("PyTorch, padded, reads the padding: less than was asked for, and often faster.\n")
    best_of(bench, key, bench.findings.contenders(key, measured, flop))


def training(bench):
    for mask in (False, True):
        train_shape(bench, Shape(mask=mask), compiled=True)


def sizes(bench):
    units = (128,) if bench.quick else (64, 128, 256, 512)
    for size in units:
        for mask in (True,) if bench.quick else (False, True):
            train_shape(bench, Shape(units=size, vocabulary=LARGE_VOCABULARY, mask=mask), compiled=False)


def threads(bench):
    """Two threads against one, beside what SGEMM makes of them; the vector kernels against their plain twins."""
    bench.findings.title("Two threads against one, SGEMM's gain beside heed's; the plain kernels as a yardstick")
    rows = []
    for shape in (Shape(mask=True), Shape(units=128, mask=True)):
        case, flop = bench.case(shape)
        with ExitStack() as stack:
            workers = [stack.enter_context(bench.heed(case, f"{count} threads", count)) for count in (2, 1)]
            if shape.units == 32:  # larger ones take the plain kernels too long
                os.environ["HEED_ISA"] = "plain"
                workers.append(stack.enter_context(bench.heed(case, "plain kernels, 2 threads", 2)))
                del os.environ["HEED_ISA"]
            products = {count: stack.enter_context(Products(f"SGEMM, {count}", [bench.tool("sgemm_peak")], count))
                        for count in (2, 1)}
            measured = bench.rounds.run(workers + list(products.values()), "train")
        sgemm = {count: measured.pop(worker.name) for count, worker in products.items()}
        gain = Ratio(sgemm[2].wall, sgemm[1].wall)
        two = measured["2 threads"]
        for name, each in measured.items():
            ratio = Ratio(two.wall, each.wall)
            if each is not two:
                bench.findings.keep(f"2 threads, {shape.units} units, masked: {name}", ratio.median, ratio.high)
            rows.append([str(shape.units), name, f"{each.median():.4f}", "" if each is two else str(ratio),
                         share(each, flop) if each is two else ""])
        rows.append([str(shape.units), "SGEMM, 1 thread, in the same rounds", "", str(gain), ""])
    bench.findings.table(["units, masked", "heed", "ms/row", "times that of 2 threads",
                          f"{SHARE}, 2 threads"], rows)


# ---- prediction


def model_case(bench, mask=False):
    """A case with the weights of the trained model."""
    from safetensors import safe_open

    with safe_open(bench.model(mask), "numpy") as file:
        weights = {name: file.get_tensor(name) for name in Shape().parameters()}
    return bench.case(Shape(mask=mask), weights)[0]


def agree(bench, workers):
    """The largest distance of the others' probabilities from heed's, which is the first."""
    found = {w.name: np.array(w.ask("probabilities 200")["probabilities"]) for w in workers}
    ours = found.pop("heed")
    for name, theirs in found.items():
        apart = np.abs(ours - theirs).max()
        if not apart <= PROBABILITY_TOLERANCE:
            bench.findings.fault(f"probabilities of heed and {name} are {apart:.1e} apart")
    return max((np.abs(ours - theirs).max() for theirs in found.values()), default=0.0)


def median_singles(worker, command, count):
    each = sorted(worker.ask(f"{command} {count}")["each"])
    return 1e3 * statistics.median(each), 1e3 * each[len(each) * 99 // 100]


def stored(bench, case, mask):
    """Makers of heed's worker for storages and weights that are not the model's own."""
    kept = {"heed, bfloat16": ["bfloat16"], "heed, int8": ["int8"], "heed, bfloat16 weights": ["float32", "bfloat16"]}
    return [lambda n=name, k=kinds: Worker(n, [bench.tool("heed_steps"), "predict", case, bench.threads,
                                               bench.model(mask), "-", *k]) for name, kinds in kept.items()]


def storage_distance(bench, ours, others):
    exact = np.array(ours.ask("probabilities 1000")["probabilities"])
    for worker in others:
        apart = np.abs(exact - np.array(worker.ask("probabilities 1000")["probabilities"]))
        bench.findings.write(f"{worker.name}: probabilities of {len(apart)} rows differ from float32's by at most "
                             f"{apart.max():.1e}, by {apart.mean():.1e} on average.\n")


def prediction(bench):
    unmasked_prediction(bench)
    masked_prediction(bench)


def masked_prediction(bench):
    bench.findings.title("Prediction: the same network, masked")
    case, padded = model_case(bench, True), model_case(bench)
    with ExitStack() as stack:
        heed = [lambda: Worker("heed", [bench.tool("heed_steps"), "predict", case, bench.threads, bench.model(True)])]
        asked = bench.open(stack, *heed, lambda: bench.keras(case), lambda: bench.torch(case, "eager", "packed"))
        apart = agree(bench, asked)
        less = bench.open(stack, lambda: bench.torch(padded, "eager", "padded"),
                          lambda: bench.python("ONNX Runtime, padded", "onnx_worker.py", padded))
        storages = bench.open(stack, *stored(bench, case, True))
        bench.findings.contenders("prediction, masked, batches of 100",
                                  bench.rounds.run(asked + less + storages, "predict"))
        bench.findings.write(f"Probabilities of 200 rows are at most {apart:.1e} apart. Those who read the padding do "
                             "less than was asked for: their weights are the unmasked model's.\n")
        storage_distance(bench, asked[0], storages)


def unmasked_prediction(bench):
    bench.findings.title("Prediction: the tutorial's network, ids in batches of 100")
    case, count = model_case(bench), 50 if bench.quick else 300
    texts = bench.path("texts")
    table = pd.read_csv(bench.labelled(bench.settings.rows), delimiter="\t")
    with open(texts, "w", encoding="utf-8") as file:
        file.writelines(review.replace("\n", " ") + "\n" for review in table["review"][:1000])

    def heed():
        return Worker("heed", [bench.tool("heed_steps"), "predict", case, bench.threads, bench.model(), texts])

    with ExitStack() as stack:
        workers = bench.open(stack, heed, lambda: bench.keras(case), lambda: bench.torch(case, "eager", "padded"),
                             lambda: bench.torch(case, "compiled", "padded"),
                             lambda: bench.python("ONNX Runtime", "onnx_worker.py", case))
        apart = agree(bench, workers)
        onednn = bench.open(stack, lambda: bench.onednn(Shape()))
        storages = bench.open(stack, *stored(bench, case, False))
        measured = bench.rounds.run(workers + onednn + storages, "predict")
        bench.findings.contenders("prediction, batches of 100", measured)
        bench.findings.write(f"Probabilities of 200 rows are at most {apart:.1e} apart.\n")
        storage_distance(bench, workers[0], storages)
        one_review(bench, workers, count)


def one_review(bench, workers, count):
    bench.findings.title("One review, warm")
    rows = []
    for worker in workers:
        worker.ask("one 5")
        median, late = median_singles(worker, "one", count)
        rows.append([worker.name, "ids to probability", f"{median:.3f}", f"{late:.3f}"])
    workers[0].ask("review 5")
    median, late = median_singles(workers[0], "review", count)
    rows.append(["heed", "text to probability", f"{median:.3f}", f"{late:.3f}"])
    bench.findings.keep("one review, reviews a millisecond", 1 / median, 1 / median)
    cold = cold_starts(bench, 5 if bench.quick else 20)
    rows.append(["heed predict", "cold start, one text, the whole process", f"{statistics.median(cold):.1f}",
                 f"{max(cold):.1f}"])
    bench.findings.table(["program", "from", "median ms", "99th of 100, ms"], rows)


def cold_starts(bench, count):
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        subprocess.run([heed_program(), "predict", bench.model()], input=b"A film that I liked very much.\n",
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(1e3 * (time.perf_counter() - begin))
    return times


# ---- the other layers


QUICK_LAYERS = ("GRU", "convolution", "transformer")
LAYERS = {  # name -> (network, whether PyTorch's compiler goes into its layers)
    "GRU": (Architecture("embed 128 | bigru 32 | bigru 32 | attention additive 10 | dense 20"), False),
    "dot attention": (Architecture("embed 128 | bilstm 32 | bilstm 32 | attention dot | dense 20"), False),
    "default preset": (Architecture("embed 64 | bilstm 32 | attention additive 16 | dense 32"), False),
    "convolution": (Architecture("embed 128 | conv 128 5 | max | dense 20"), True),
    "convolutions of three widths": (Architecture("embed 128 | conv 100 3 4 5 | max | dense 20", mask=False), True),
    "transformer": (Architecture("embed 64 | transformer 4 128 | transformer 4 128 | mean | dense 20"), True),
}


def same_work(bench, workers):
    """The workers whose losses and probabilities are those of the first; what the others' differ by is a fault."""
    losses = [np.array(w.ask(f"losses {STEPS_OF_TRAINED}")["losses"]) for w in workers]
    same, rows = [workers[0]], []
    for worker, theirs in zip(workers[1:], losses[1:]):
        apart = np.abs(losses[0] - theirs).max()
        rows.append([worker.name, f"{losses[0][-1]:.6f}", f"{theirs[-1]:.6f}", f"{apart:.1e}"])
        if apart <= LOSS_TOLERANCE:
            same.append(worker)
        else:
            bench.findings.fault(f"losses of heed and {worker.name} are {apart:.1e} apart, more than {LOSS_TOLERANCE}")
    bench.findings.table(["other", "heed's last loss", "the other's", f"largest difference of {STEPS_OF_TRAINED}"], rows)
    return same


def layers(bench):
    """Networks of other layers than the tutorial's: the same weights, which heed trained a little, ids and order."""
    for number, name in enumerate(QUICK_LAYERS if bench.quick else LAYERS):
        network, compiled = LAYERS[name]
        how = "masked" if network.mask else "unmasked"
        bench.findings.title(f"Layers: {name}: `{network.text}`, {how}")
        model, case = bench.trained(number, network)
        reading = "packed" if network.mask else "padded"
        makers = [lambda: bench.keras(case), lambda: bench.torch(case, "eager", reading)]
        if compiled and not bench.quick:
            makers.append(lambda: bench.torch(case, "compiled", reading))
        with ExitStack() as stack:
            trainers = same_work(bench, bench.open(stack, lambda: bench.heed(case), *makers))
            predictor = bench.open(stack, lambda: Worker("heed", [bench.tool("heed_steps"), "predict", case,
                                                                  bench.threads, model]))
            predictors = predictor + trainers[1:]
            apart = agree(bench, predictors)
            for kind, workers in (("train", trainers), ("predict", predictors)):
                key = f"{'training' if kind == 'train' else 'prediction'}, {name}"
                bench.findings.write(f"{key}:\n")
                best_of(bench, key, bench.findings.contenders(key, bench.rounds.run(workers, kind)))
            bench.findings.write(f"Probabilities of 200 rows are at most {apart:.1e} apart.\n")


# ---- text


def text(bench):
    bench.findings.title("Text: cleaning, all of the tutorial's stages")
    path, output = bench.labelled(bench.settings.rows), bench.path("cleaned")
    ours, theirs = {count: [] for count in (2, 1)}, []
    told = ""

    def heed_block():
        for count, times in ours.items():
            times.append(heed_seconds(path, output, count, bench.settings.block))

    def nltk_block():
        nonlocal told
        told = nltk_told(path)
        theirs.append(nltk_seconds(told))

    for heed_first in orders(max(3, bench.settings.pairs // 3)):
        run_pair(heed_first, heed_block, nltk_block)
    nltk_told(path, output)  # ends the program where a text differs
    megabytes, as_written = megabytes_of(told), nltk_as_written(bench.labelled(AS_WRITTEN_ROWS))
    rows = []
    for count, times in ours.items():
        ratio, key = Ratio(times, theirs), f"cleaning, {count} threads"
        speed = megabytes / statistics.median(times)
        bench.findings.keep(f"{key}: NLTK with a cache per word", ratio.median, ratio.high)
        rows.append([str(count), f"{speed:.1f}", f"{megabytes / statistics.median(theirs):.2f}", str(ratio),
                     f"{as_written:.3f}", f"{speed / as_written:.0f}"])
    bench.findings.table(["threads", "heed, whole process, MB/s", "NLTK, a cache per word, MB/s", "ratio",
                          f"NLTK as the tutorial writes it ({AS_WRITTEN_ROWS} rows), MB/s", "ratio"], rows)


# ---- from the file to the model


def whole_process(command, log):
    """Wall seconds, processor seconds, peak MB of a command."""
    begin = time.perf_counter()
    with open(log, "w", encoding="utf-8") as told:
        process = subprocess.Popen([str(word) for word in command], stdout=told, stderr=told)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        with open(log, encoding="utf-8") as told:
            raise RuntimeError(f"{command[0]}: status {process.returncode}: {told.read()[-500:]}")
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def pipeline(bench):
    epochs, rows = (2, bench.settings.rows) if bench.quick else (5, 0)
    files = [bench.labelled(rows)] if bench.quick else [os.path.join(bench.settings.folder, name)
                                                      for name in ("labeledTrainData.tsv", "imdb_master.csv")]
    bench.findings.title(f"From CSV to the trained tutorial, everything included: {epochs} epochs, "
                         + (f"{rows:,} rows" if rows else "all rows"))
    ours = [heed_program(), "train", "--preset", "tutorial", "--epochs", epochs, "--threads", bench.threads, "--model",
            bench.path("pipeline.safetensors")] + [word for file in files for word in ("--train", file)]
    theirs = [sys.executable, os.path.join(HERE, "keras_pipeline.py"), bench.path("pipeline.keras"), epochs,
              bench.threads, rows, *files]
    told = {"heed": [], "pandas, NLTK, Keras": []}
    for heed_first in orders(1 if bench.quick else 3):
        a, b = run_pair(heed_first, lambda: whole_process(ours, bench.path("ours.log")),
                        lambda: whole_process(theirs, bench.path("theirs.log")))
        told["heed"].append(a)
        told["pandas, NLTK, Keras"].append(b)
    ratio = Ratio([a[0] for a in told["heed"]], [b[0] for b in told["pandas, NLTK, Keras"]])
    key = "CSV to model, quick" if bench.quick else "CSV to model"
    bench.findings.keep(f"{key}: pandas, NLTK, Keras", ratio.median, ratio.high)
    bench.findings.table(["pipeline", "seconds", "processor seconds", "peak MB", "times heed's"],
                         [[name, *(f"{statistics.median(part):.1f}" for part in zip(*runs)),
                           "" if name == "heed" else str(ratio)] for name, runs in told.items()])


# ---- scaling


def step_costs(bench, cases):
    """size -> (shape, ids, units of work a row): points of size and milliseconds a unit of training; all take turns."""
    with ExitStack() as stack:
        workers = []
        for size, (shape, ids, _) in cases.items():
            path = bench.path(f"scaling-{size}.safetensors")
            write_case(path, shape, ids, np.arange(len(ids)) % 2)
            workers.append(stack.enter_context(bench.heed(path, str(size))))
            os.unlink(path)  # read already
        measured = bench.rounds.run(workers, "train")
    return [(size, measured[str(size)].median() / units) for size, (_, _, units) in cases.items()]


def scaling(bench):
    doublings = {"rows": 3, "vocabulary": 4, "length": 4} if bench.quick else {"rows": 5, "vocabulary": 7, "length": 5}
    most_rows = bench.settings.rows if bench.quick else 25_000
    counts = [most_rows // 2 ** k for k in reversed(range(doublings["rows"]))]
    vocabularies = [15_625 * 2 ** k for k in range(doublings["vocabulary"])]
    lengths = [125 * 2 ** k for k in range(doublings["length"])]
    bench.scaling = {
        "rows, heed train as a whole: ms a row":
            [(count, 1e3 * median_training(bench, count) / count) for count in counts],
        "vocabulary, masked: ms a row":
            step_costs(bench, {v: (Shape(vocabulary=v, mask=True), synthetic_ids(1000, 130, v), 1)
                               for v in vocabularies}),
        "length, masked: ms a token":
            step_costs(bench, {n: (Shape(window=n, mask=True), synthetic_ids(300, n, 6000), n) for n in lengths})}
    bench.findings.title("Scaling: cost of a unit as the work doubles")
    for name, points in bench.scaling.items():
        growth = [b[1] / a[1] for a, b in zip(points, points[1:])]
        bench.findings.table([name, *(f"{size:,}" for size, _ in points)],
                             [["cost", *(f"{cost:.5f}" for _, cost in points)],
                              ["against half of it", "", *(f"{g:.3f}" for g in growth)]])


def median_training(bench, rows):
    """Seconds of heed train on so many rows, the median of 3."""
    command = [heed_program(), "train", "--preset", "tutorial", "--validation", "none", "--epochs", "1", "--train",
               bench.labelled(rows), "--threads", bench.threads, "--model", bench.path("scaling-rows.safetensors")]
    return statistics.median(whole_process(command, bench.path("scaling.log"))[0] for _ in range(3))


# ---- context


def context(bench):
    bench.findings.title("For context: other ways to the same end, accuracy beside time")
    count = bench.settings.rows if bench.quick else 25_000
    train, test = bench.labelled(count), os.path.join(bench.settings.folder, "testData.tsv")
    told = subprocess.run([sys.executable, os.path.join(HERE, "context.py"), train, test, bench.work], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    found = json.loads(told.splitlines()[-1])
    for name, options in (("heed train, default preset", ["--epochs", "5"]),
                          ("heed train, linear", ["--architecture", "linear"])):
        model = bench.path("context.safetensors")
        command = [heed_program(), "train", "--train", train, "--model", model, "--threads", bench.threads, *options]
        seconds = whole_process(command, bench.path("context.log"))[0]
        done = subprocess.run([heed_program(), "evaluate", model, "--label-from", "id:rating>=5", "--json", test],
                              check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        found[name] = [seconds, json.loads(done)["accuracy"]]
    bench.findings.table(["way", "seconds, training (of heed everything)",
                          f"accuracy on testData.tsv, {count:,} rows of training"],
                         [[name, f"{seconds:.1f}", f"{accuracy:.4f}"] for name, (seconds, accuracy) in found.items()])


def vectors(bench):
    """compare_gensim.py in a process of its own."""
    bench.findings.title("Learning word vectors: heed and gensim")
    rows, pairs = (1000, 1) if bench.quick else (5000, 3)
    command = [sys.executable, os.path.join(HERE, "compare_gensim.py"), bench.settings.folder, "--rows", str(rows),
               "--pairs", str(pairs), "--threads", str(bench.threads)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    bench.findings.write("\n".join(line for line in done.splitlines() if line.startswith("|")) + "\n")


def encoder(bench):
    """encoder.py and compare_tokenizers.py by a Python of their own, and what few rows reach, by accuracy.sh."""
    bench.findings.title("A pretrained encoder: MiniLM-L6")
    folder, python = os.environ.get("ENCODER"), os.environ.get("ENCODER_PYTHON")
    if not folder or not python:
        raise RuntimeError("ENCODER and ENCODER_PYTHON are not set; bench/run without --no-install sets them")
    texts, rounds, draws = ("100", "1", "1") if bench.quick else ("1000", "7", "1 2 3 4 5")
    reviews = os.path.join(bench.settings.folder, "testData.tsv")
    environment = {**os.environ, "DRAWS": draws, "FEW": "200 1000 4000"}
    for command in (
            [python, os.path.join(HERE, "encoder.py"), folder, reviews, "--texts", texts, "--rounds", rounds, "--threads",
             str(bench.threads)],
            [python, os.path.join(HERE, "compare_tokenizers.py"), folder, "--imdb", reviews, "--threads",
             str(bench.threads)],
            [os.path.join(HERE, "accuracy.sh"), bench.settings.folder, "few"]):
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout
        bench.findings.write(told)


SECTIONS = {"peak": peak, "check": check, "training": training, "prediction": prediction, "layers": layers, "text": text,
            "threads": threads, "sizes": sizes, "pipeline": pipeline, "scaling": scaling, "vectors": vectors,
            "context": context, "encoder": encoder}
