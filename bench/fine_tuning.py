"""A step of training an encoder: heed beside PyTorch, which is eager or compiled.

    python bench/fine_tuning.py FOLDER TEST.tsv [--texts N] [--rounds N] [--threads N] [--block SECONDS] [--check]

FOLDER, TEST.tsv and what is needed: as for encoder.py. A step: 16 texts as they come, cut to 128 or to 256 tokens,
forward and backward, gradients cut to a norm of 1, and AdamW, through the mean of the states and one output. Word
embeddings stay as they are, in PyTorch too; PyTorch pads to the longest text of the batch. First the losses of some
steps without dropout are compared; --check: nothing else. Exits with 1 if one is further apart than 1e-5 of it."""
import os
import subprocess
import sys
import tempfile
import time

import numpy

from encoder import BUILD, Texts, arguments, flop, padded, tokenize
from workers import Ratio, Rounds, Worker, serve

STEP, RATE, HEAD_RATE, DECAY, APART, PASSES = 16, 1e-4, 1e-3, 0.01, 1e-5, 3
HIDDEN, EPSILON = 0.1, 1e-7
CHECKED = 8
THEIRS = "torch", "compiled"


def parse():
    parser = arguments(400, 5, THEIRS)
    parser.add_argument("--dropout", type=float, nargs=2, default=[0, 0])
    return parser.parse_args()


# ---- PyTorch, as a worker

class Tuning:
    def __init__(self, settings):
        import torch
        from transformers import AutoModel
        self.torch = torch
        torch.set_num_threads(settings.threads)
        torch.set_flush_denormal(True)
        hidden, attention = settings.dropout
        self.model = AutoModel.from_pretrained(settings.folder, add_pooling_layer=False, hidden_dropout_prob=hidden,
                                               attention_probs_dropout_prob=attention).train()
        self.model.embeddings.word_embeddings.requires_grad_(False)
        self.head = torch.nn.Linear(self.model.config.hidden_size, 1)
        with torch.no_grad():
            self.head.weight.copy_(0.1 * torch.cos(torch.arange(self.model.config.hidden_size)))
        torch.nn.init.zeros_(self.head.bias)
        groups = [{"params": [p for p in part.parameters() if p.requires_grad and (p.dim() > 1) == kernels], "lr": rate,
                   "weight_decay": DECAY if kernels else 0}
                  for part, rate in ((self.model, RATE), (self.head, HEAD_RATE)) for kernels in (True, False)]
        self.moved = [p for group in groups for p in group["params"]]
        self.optimizer = torch.optim.AdamW(groups, eps=EPSILON, fused=True)
        self.loss = torch.compile(self.compute, dynamic=True) if settings.worker == "compiled" else self.compute
        self.each, self.next = Texts(settings.texts_file).each, 0

    def compute(self, ids, mask, labels):
        states = self.model(ids, attention_mask=mask).last_hidden_state
        inner = mask.clone()  # without what stands around a text, as heed's poolings
        inner[:, 0] = 0
        inner = inner.scatter(1, mask.sum(1, keepdim=True) - 1, 0)[..., None].float()
        logits = self.head((states * inner).sum(1) / inner.sum(1))[:, 0]
        return self.torch.nn.functional.binary_cross_entropy_with_logits(logits, labels)

    def step(self):
        if self.next + STEP > len(self.each):
            self.next = 0
        ids, mask = map(self.torch.from_numpy, padded(self.each[self.next:self.next + STEP]))
        labels = self.torch.arange(self.next, self.next + STEP) % 2
        loss = self.loss(ids, mask, labels.float())
        self.optimizer.zero_grad()
        loss.backward()
        self.torch.nn.utils.clip_grad_norm_(self.moved, 1)
        self.optimizer.step()
        self.next += STEP
        return loss.item()

    def train(self, count):
        begin = time.perf_counter()
        for _ in range(count):
            self.step()
        return {"seconds": time.perf_counter() - begin, "rows": count * STEP}

    def checked_step(self, number):
        """Epsilon as Keras and heed add it, before the moments are corrected."""
        for group in self.optimizer.param_groups:
            group["eps"] = EPSILON / (1 - 0.999 ** number) ** 0.5
        return self.step()

    def losses(self, count):
        return {"losses": [self.checked_step(number + 1) for number in range(count)]}


# ---- measuring

def worker(settings, name, ids, dropout):
    if name == "heed":
        command = [os.path.join(BUILD, "encoder_steps"), settings.folder, ids, settings.threads, "train", *dropout]
    else:
        command = [sys.executable, os.path.abspath(__file__), settings.folder, ids, "--worker", name, "--threads",
                   settings.threads, "--dropout", *dropout]
    return Worker(name, command, settings.threads, subprocess.DEVNULL)


def apart(settings, ids):
    """The largest difference of a loss, relative to it."""
    with worker(settings, "heed", ids, (0, 0)) as ours, worker(settings, "torch", ids, (0, 0)) as theirs:
        found, expected = (each.ask(f"losses {CHECKED}")["losses"] for each in (ours, theirs))
    print("losses:", " ".join(f"{loss:.5f}" for loss in expected))
    return max(abs(a / b - 1) for a, b in zip(found, expected))


def show(settings, title, ids, dropout, probe):
    workers = [worker(settings, name, ids, dropout) for name in ("heed", *THEIRS)]
    try:
        measured = Rounds(settings, probe).run(workers, "train")
    finally:
        for each in workers:
            each.close()
    ours, cost = measured["heed"], PASSES * flop(settings, ids) / 1e9
    tokens = numpy.mean([len(each) for each in Texts(ids).each])
    print(f"\n{title}\n\n| | tokens/s | times heed's | share of the peak | MB |\n|-|-|-|-|-|")
    for name, m in measured.items():
        ratio = "" if m is ours else str(Ratio(ours.wall, m.wall))
        share = numpy.median([cost / (cpu / 1e3) / peak for cpu, peak in zip(m.cpu, m.peak_each)])
        print(f"| {name} | {1e3 * tokens / m.median():.0f} | {ratio} | {share:.2f} | {m.megabytes:.0f} |", flush=True)


def main():
    settings = parse()
    if settings.worker:
        tuning = Tuning(settings)
        serve({"train": tuning.train, "losses": tuning.losses})
        return
    with tempfile.TemporaryDirectory() as short, tempfile.TemporaryDirectory() as long:
        (mixed128, _), (mixed256, full) = tokenize(settings, short, 128), tokenize(settings, long, 256)
        found = apart(settings, mixed256)
        print(f"losses of {CHECKED} steps: at most {found:.2g} of a loss apart", flush=True)
        if not settings.check:
            with Worker("peak", [os.path.join(BUILD, "fma_peak"), settings.threads]) as probe:
                for title, ids in (("at most 128 tokens", mixed128), ("at most 256 tokens", mixed256),
                                   ("256 tokens each", full)):
                    for name, dropout in (("dropout of states", (HIDDEN, 0)),
                                          ("and of attention", (HIDDEN, HIDDEN))):
                        show(settings, f"Steps of 16 texts, {title}, {name}", ids, dropout, probe)
        sys.exit(found > APART)


if __name__ == "__main__":
    main()
