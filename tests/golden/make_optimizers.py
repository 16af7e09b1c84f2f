#!/usr/bin/env python3
"""Writes optimizers.json: what Keras's optimizers and schedules make of made-up weights and gradients.

Needs keras (with tensorflow) and numpy. Weights and gradients are formulas that test_optimizer.c repeats.
"""
import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy

ARCHITECTURE = "embed 3 | transformer 1 2 | gru 2 | attention additive 2 | dense 2"
IDS, WIDTH, WINDOW = 6, 3, 4
# Its parameters in their order: name, numbers, whether they decay.
PARAMETERS = [
    ("embedding.embeddings", 18, True), ("position.embeddings", 12, True),
    ("transformer_0_attention.query.kernel", 9, True), ("transformer_0_attention.query.bias", 3, False),
    ("transformer_0_attention.key.kernel", 9, True), ("transformer_0_attention.key.bias", 3, False),
    ("transformer_0_attention.value.kernel", 9, True), ("transformer_0_attention.value.bias", 3, False),
    ("transformer_0_attention.attention_output.kernel", 9, True),
    ("transformer_0_attention.attention_output.bias", 3, False),
    ("transformer_0_norm_0.gamma", 3, False), ("transformer_0_norm_0.beta", 3, False),
    ("transformer_0_feedforward_0.kernel", 6, True), ("transformer_0_feedforward_0.bias", 2, False),
    ("transformer_0_feedforward_1.kernel", 6, True), ("transformer_0_feedforward_1.bias", 3, False),
    ("transformer_0_norm_1.gamma", 3, False), ("transformer_0_norm_1.beta", 3, False),
    ("gru_1.kernel", 18, True), ("gru_1.recurrent_kernel", 12, True), ("gru_1.bias", 12, False),
    ("attention.features_kernel", 4, True), ("attention.features_bias", 2, False),
    ("attention.query_kernel", 4, True), ("attention.query_bias", 2, False),
    ("attention.score_kernel", 2, True), ("attention.score_bias", 1, False),
    ("dense.kernel", 4, True), ("dense.bias", 2, False), ("output.kernel", 2, True), ("output.bias", 1, False),
]
COUNT = sum(count for _, count, _ in PARAMETERS)
RATES = [0.01, 0.02, 0.05, 0.03, 0.01, 0.002]
CASES = [
    dict(optimizer="adam", weight_decay=0.5, momentum=0.9, clip_norm=0),  # which Adam does not use
    dict(optimizer="adam", weight_decay=0, momentum=0, clip_norm=1.5),
    dict(optimizer="adamw", weight_decay=0.3, momentum=0, clip_norm=0),
    dict(optimizer="adamw", weight_decay=0.01, momentum=0.5, clip_norm=0.2),
    dict(optimizer="sgd", weight_decay=0.5, momentum=0, clip_norm=0),
    dict(optimizer="sgd", weight_decay=0, momentum=0.9, clip_norm=100),
    dict(optimizer="sgd", weight_decay=0, momentum=0.5, clip_norm=2),
]
SCHEDULES = [
    dict(schedule="cosine", epochs=3, epoch_steps=7, warmup=0),
    dict(schedule="cosine", epochs=3, epoch_steps=7, warmup=0.6),
    dict(schedule="cosine", epochs=2, epoch_steps=5, warmup=1),
    dict(schedule="constant", epochs=2, epoch_steps=5, warmup=1.2),
]
RATE = 0.04


def gradient(step):
    numbers = numpy.arange(COUNT)
    g = 0.3 * numpy.cos(0.37 * numbers + step)
    row = numbers // WIDTH
    g[(row < IDS) & ((row + step) % 3 == 0)] = 0  # tokens that the batch does not hold
    return g.astype("float32")


def split(vector):
    """A part for each parameter; the embedding's row of padding is one of its own."""
    ends = [WIDTH] + list(numpy.cumsum([count for _, count, _ in PARAMETERS]))
    return numpy.split(vector, ends[:-1])


def make_optimizer(case, spared):
    clip = dict(global_clipnorm=case["clip_norm"] or None)
    if case["optimizer"] == "sgd":
        return keras.optimizers.SGD(0.1, momentum=float(case["momentum"]), **clip)
    if case["optimizer"] == "adam":
        return keras.optimizers.Adam(0.1, **clip)
    optimizer = keras.optimizers.AdamW(0.1, weight_decay=case["weight_decay"], **clip)
    optimizer.exclude_from_weight_decay(var_list=spared)
    return optimizer


def run(case):
    start = (0.8 * numpy.sin(1 + numpy.arange(COUNT))).astype("float32")
    decays = [False] + [decay for _, _, decay in PARAMETERS]
    variables = [keras.Variable(part, name=f"v{i}") for i, part in enumerate(split(start))]
    optimizer = make_optimizer(case, [v for v, decay in zip(variables, decays) if not decay])
    optimizer.build(variables)
    for step, rate in enumerate(RATES):
        optimizer.learning_rate = rate
        optimizer.apply_gradients(list(zip(map(keras.ops.convert_to_tensor, split(gradient(step))), variables)))
    after = numpy.concatenate([numpy.asarray(v) for v in variables])
    return dict(case, after=[float(f"{w:.8g}") for w in after])


def rates(case):
    """Keras's warm-up begins with a step of rate 0, which heed leaves out: its step s there is Keras's s + 1."""
    steps, warm = case["epochs"] * case["epoch_steps"], round(case["warmup"] * case["epoch_steps"])
    if case["schedule"] == "cosine":
        keras_rate = keras.optimizers.schedules.CosineDecay(
            0.0 if warm else RATE, steps - warm, warmup_target=RATE if warm else None, warmup_steps=warm)
    else:
        keras_rate = lambda step: RATE * min(1, step / warm)
    found = [float(keras_rate(step + 1 if step < warm else step)) for step in range(steps)]
    return dict(case, learning_rate=RATE, rates=[float(f"{rate:.8g}") for rate in found])


golden = dict(keras=keras.__version__, architecture=ARCHITECTURE, ids=IDS, width=WIDTH, window=WINDOW,
              parameters=[dict(name=n, count=c, decays=d) for n, c, d in PARAMETERS], learning_rates=RATES,
              cases=[run(case) for case in CASES], schedules=[rates(case) for case in SCHEDULES])
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "optimizers.json")
with open(path, "w") as file:
    json.dump(golden, file, separators=(",", ":"))
    file.write("\n")
