"""What every contender gets: the same rows as ids, in one order, and the same first weights, in one file."""
import math
from dataclasses import asdict, dataclass

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from tutorial_rows import MAX_LENGTH, MAX_WORDS

BATCH = 100
ATTENTION, DENSE = 10, 20


@dataclass(frozen=True)
class Shape:
    """The tutorial's network, without its dropout, in some size."""

    units: int = 32
    embedding: int = 128
    vocabulary: int = MAX_WORDS
    window: int = MAX_LENGTH
    mask: bool = False

    def architecture(self):
        return (f"embed {self.embedding} | bilstm {self.units} | bilstm {self.units} | "
                f"attention additive {ATTENTION} | dense {DENSE}")

    def parameters(self):
        """name -> shape, in the order of Keras's trainable variables; the names are heed's."""
        u, shapes = self.units, {"embedding.embeddings": (self.vocabulary, self.embedding)}
        for layer, features in enumerate((self.embedding, 2 * u)):
            for direction in ("forward", "backward"):
                name = f"bi_lstm_{layer}.{direction}."
                shapes |= {name + "kernel": (features, 4 * u), name + "recurrent_kernel": (u, 4 * u),
                           name + "bias": (4 * u,)}
        for name, size in (("features", (2 * u, ATTENTION)), ("query", (2 * u, ATTENTION)), ("score", (ATTENTION, 1))):
            shapes |= {f"attention.{name}_kernel": size, f"attention.{name}_bias": size[1:]}
        return shapes | {"dense.kernel": (2 * u, DENSE), "dense.bias": (DENSE,), "output.kernel": (DENSE, 1),
                         "output.bias": (1,)}


@dataclass(frozen=True)
class Architecture:
    """Any other network, by heed's architecture text. Its weights come from a model that heed trained a little."""

    text: str
    mask: bool = True
    vocabulary: int = MAX_WORDS
    window: int = MAX_LENGTH

    def architecture(self):
        return self.text


def layers_of(architecture):
    """[("embed", [128]), ("attention_additive", [10]), ...] of an architecture without options behind its numbers."""
    layers = []
    for text in architecture.split("|"):
        words = text.split()
        layers.append(("_".join(word for word in words if not word.isdigit()),
                       [int(word) for word in words if word.isdigit()]))
    return layers


def first_weights(shape, seed=1):
    """As Keras starts them: Glorot uniform, orthogonal recurrent kernels, zeros, ones for forget gates."""
    random = np.random.default_rng(seed)

    def start(name, size):
        if name == "embedding.embeddings":
            return random.uniform(-0.05, 0.05, size)
        if name.endswith("recurrent_kernel"):
            q, r = np.linalg.qr(random.standard_normal(size[::-1]))
            return (q * np.sign(np.diag(r))).T
        if len(size) == 2:
            limit = math.sqrt(6 / sum(size))
            return random.uniform(-limit, limit, size)
        value = np.zeros(size)
        if "lstm" in name:
            value[shape.units:2 * shape.units] = 1
        return value

    return {name: np.ascontiguousarray(start(name, size), dtype="float32") for name, size in shape.parameters().items()}


def write_case(path, shape, ids, labels, batch=BATCH, weights=None):
    tensors = {"ids": np.ascontiguousarray(ids, "int32"), "labels": np.ascontiguousarray(labels, "float32")}
    facts = {name: str(int(value)) for name, value in asdict(shape).items() if name != "text"}
    save_file(tensors | (weights or first_weights(shape)), path,
              metadata=facts | {"architecture": shape.architecture(), "batch": str(batch)})


class Case:
    """A case as a worker reads it."""

    def __init__(self, path):
        with safe_open(path, "numpy") as file:
            facts = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}
        self.batch = int(facts["batch"])
        self.architecture, self.mask = facts["architecture"], bool(int(facts["mask"]))
        self.vocabulary, self.window = int(facts["vocabulary"]), int(facts["window"])
        self.ids, self.labels = tensors.pop("ids"), tensors.pop("labels")
        self.shape, self.weights = None, tensors
        if "units" in facts:
            self.shape = Shape(**{name: int(facts[name]) for name in asdict(Shape())})
            self.weights = {name: tensors[name] for name in self.shape.parameters()}
        self.batches = len(self.ids) // self.batch
        self.next = 0

    def batch_at(self, number):
        rows = slice(number % self.batches * self.batch, (number % self.batches + 1) * self.batch)
        return self.ids[rows], self.labels[rows]

    def take(self, count):
        """The next count batches."""
        for number in range(self.next, self.next + count):
            yield self.batch_at(number)
        self.next = (self.next + count) % self.batches


def synthetic_ids(rows, window, vocabulary, seed=1):
    """Full rows of words as frequent as Zipf's law has them."""
    weights = 1 / np.arange(1, vocabulary)
    ends = np.cumsum(weights / weights.sum())
    draws = np.random.default_rng(seed).random((rows, window))
    return np.minimum(np.searchsorted(ends, draws) + 1, vocabulary - 1).astype("int32")


def training_flop(shape, ids, batch=BATCH):
    """Floating-point operations a row of the layers' projections and recurrences, forward and twice that backward.

    2MNK; of the first projection distinct tokens of a batch alone, no position that is masked, and unmasked the steps
    over the padding in front, which all rows have in common, once (first layer, forward)."""
    u, total = shape.units, 0
    batches = len(ids) // batch
    for rows in np.split(ids[: batches * batch], batches):
        tokens = rows != 0
        positions = int(tokens.sum()) if shape.mask else rows.size
        distinct = len(np.unique(rows[tokens] if shape.mask else rows))
        pads = 0 if shape.mask else rows.shape[1] - tokens.sum(1)
        shared = 0 if shape.mask else int(pads.sum() - pads.max())
        total += distinct * shape.embedding * 8 * u + positions * 2 * u * 8 * u  # projections
        total += (2 * positions - shared) * u * 4 * u + 2 * positions * u * 4 * u  # recurrences
    return 3 * 2 * total / (batches * batch)
