#!/usr/bin/env python3
"""Writes evaluation.json: small random cases, rich in ties, with what scikit-learn and Keras say of them.

Needs scikit-learn, numpy and keras (with tensorflow). Probabilities are whole numbers of 1/unit, exact in single
precision, so that ties are ties in every implementation.
"""
import json
import os
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy
from sklearn import metrics

NAMES = ["", "0", "1", "a label of many words, forty letters long", "bad", "food", "good", "neg", "noun.act", "pos",
         "zwölf"]
EPSILON = 1e-7  # heed's: probabilities are single precision


def draw_probabilities(random, rows, count, unit):
    """Rows of whole numbers that sum to unit."""
    weights = random.dirichlet(numpy.full(count, 0.7), rows)
    cuts = numpy.rint(numpy.cumsum(weights, axis=1)[:, :-1] * unit).astype(int)
    edges = numpy.hstack([numpy.zeros((rows, 1), int), cuts, numpy.full((rows, 1), unit)])
    return numpy.diff(edges, axis=1)


def draw_truth(random, parts, kind):
    """Truth that follows the probabilities half of the time; kind leaves labels out or keeps one alone."""
    rows, count = parts.shape
    truth = numpy.where(random.random(rows) < 0.5, parts.argmax(axis=1), random.integers(0, count, rows))
    if kind == "absent":
        truth[truth == random.integers(0, count)] = random.integers(0, count)
    if kind == "one":
        truth[:] = random.integers(0, count)
    return truth


def area(truth, scores):
    return float(metrics.roc_auc_score(truth, scores)) if 0 < truth.sum() < truth.size else None


def sklearn_figures(labels, positive, threshold, truth, parts, unit, digits):
    probabilities = parts / unit
    one_hot = truth[:, None] == numpy.arange(len(labels))
    if len(labels) == 2:
        answers = numpy.where(probabilities[:, positive] > threshold, positive, 1 - positive)
        areas = [area(one_hot[:, positive], probabilities[:, positive])] * 2
        micro_area = areas[0]
    else:
        answers = probabilities.argmax(axis=1)
        areas = [area(one_hot[:, i], probabilities[:, i]) for i in range(len(labels))]
        micro_area = area(one_hot.ravel(), probabilities.ravel())
    defined = [a for a in areas if a is not None]
    names, said = numpy.array(labels)[truth], numpy.array(labels)[answers]
    one_by_one = metrics.precision_recall_fscore_support(names, said, labels=labels, zero_division=0)
    return {
        "report": metrics.classification_report(names, said, digits=digits, zero_division=0),
        "confusion": metrics.confusion_matrix(names, said, labels=labels).tolist(),
        "accuracy": float(metrics.accuracy_score(names, said)),
        "baseline": float(numpy.bincount(truth).max() / truth.size),
        "loss": float(metrics.log_loss(names, numpy.clip(probabilities, EPSILON, 1 - EPSILON), labels=labels)),
        "auc": float(numpy.mean(defined)) if defined else None,
        "micro_auc": micro_area,
        "label_auc": areas,
        "label_scores": [[float(v) for v in row[:3]] for row in zip(*one_by_one)],
        **{
            average: [float(v) for v in metrics.precision_recall_fscore_support(
                names, said, average=average, zero_division=0)[:3]]
            for average in ("macro", "weighted", "micro")
        },
    }


def keras_figures(positive, truth, parts, unit):
    probabilities = (parts / unit).astype("float32")
    one_hot = (truth[:, None] == numpy.arange(parts.shape[1])).astype("float32")
    accuracy = keras.metrics.CategoricalAccuracy()
    if parts.shape[1] == 2:
        probabilities, one_hot = probabilities[:, [positive]], one_hot[:, [positive]]
        accuracy = keras.metrics.BinaryAccuracy()
    kinds = [keras.metrics.TruePositives(), keras.metrics.FalsePositives(), keras.metrics.TrueNegatives(),
             keras.metrics.FalseNegatives(), accuracy, keras.metrics.Precision(), keras.metrics.Recall(),
             keras.metrics.AUC()]
    for kind in kinds:
        kind.update_state(one_hot, probabilities)
    return [float(kind.result()) for kind in kinds]


def threshold_case(random):
    """Keras's AUC of scores on its thresholds i/199, and of their neighbours in single precision."""
    at = (numpy.arange(200) / 199).astype("float32")
    scores = numpy.concatenate([at, numpy.nextafter(at, numpy.float32(1)), numpy.nextafter(at, numpy.float32(0))])
    labels = random.integers(0, 2, scores.size)
    auc = keras.metrics.AUC()
    auc.update_state(labels, scores)
    return {"scores": [float(f"{s:.9g}") for s in scores], "labels": labels.tolist(), "auc": float(auc.result())}


def main():
    warnings.simplefilter("ignore")
    random = numpy.random.default_rng(20)
    cases = []
    while len(cases) < 100:
        number = len(cases)
        count = 2 if number % 2 == 0 else int(random.integers(3, 7))
        rows = int(random.integers(1, 50))
        unit = int(random.choice([8, 64, 4096]))
        digits = int(random.choice([2, 2, 3, 4]))
        threshold = float(random.choice([0.5, 0.5, 0.25, 0.75])) if count == 2 else 0.5
        positive = int(random.integers(0, 2)) if count == 2 else count
        labels = sorted(random.choice(NAMES, count, replace=False).tolist())
        kind = "one" if number % 20 >= 18 else str(random.choice(["all", "absent"]))
        parts = draw_probabilities(random, rows, count, unit)
        truth = draw_truth(random, parts, kind)
        expected = sklearn_figures(labels, positive, threshold, truth, parts, unit, digits)
        if expected["accuracy"] == 0:
            continue  # without one right answer scikit-learn writes the supports as 7.0, which heed does not copy
        cases.append({
            "labels": labels, "positive": positive, "threshold": threshold, "digits": digits, "unit": unit,
            "truth": truth.tolist(), "parts": parts.tolist(),
            "sklearn": expected, "keras": keras_figures(positive, truth, parts, unit),
        })
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "evaluation.json")
    with open(path, "w", encoding="utf-8") as file:
        head = {"keras_thresholds": threshold_case(random)}
        lines = [json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases]
        file.write(json.dumps(head, separators=(",", ":"))[:-1] + ',\n"cases":[\n' + ",\n".join(lines) + "\n]}\n")


if __name__ == "__main__":
    main()
