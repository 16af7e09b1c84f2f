#!/usr/bin/env python3
"""Writes multilabel.json: small random cases of several labels a row, rich in ties, with what scikit-learn and Keras say.

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

NAMES = ["", "0", "a label of many words, forty letters long", "bad", "food", "good", "noun.act", "pos", "zwölf"]
EPSILON = 1e-7  # heed's: probabilities are single precision


def area(truth, scores):
    return float(metrics.roc_auc_score(truth, scores)) if 0 < truth.sum() < truth.size else None


def averages(truth, answers, average):
    return [float(v) for v in metrics.precision_recall_fscore_support(truth, answers, average=average,
                                                                     zero_division=0)[:3]]


def sklearn_figures(labels, thresholds, truth, probabilities, digits):
    answers = (probabilities > thresholds).astype(int)
    areas = [area(truth[:, i], probabilities[:, i]) for i in range(len(labels))]
    defined = [a for a in areas if a is not None]
    one_by_one = metrics.precision_recall_fscore_support(truth, answers, average=None, zero_division=0)
    clipped = numpy.clip(probabilities, EPSILON, 1 - EPSILON)
    _, sets = numpy.unique(truth, axis=0, return_counts=True)
    return {
        "report": metrics.classification_report(truth, answers, target_names=labels, digits=digits, zero_division=0),
        "confusion": metrics.multilabel_confusion_matrix(truth, answers).tolist(),
        "accuracy": float(metrics.accuracy_score(truth, answers)),
        "hamming_loss": float(metrics.hamming_loss(truth, answers)),
        "baseline": float(sets.max() / len(truth)),
        "loss": float(numpy.mean([metrics.log_loss(truth[:, i], clipped[:, i], labels=[0, 1])
                                  for i in range(len(labels))])),
        "auc": float(numpy.mean(defined)) if defined else None,
        "micro_auc": area(truth.ravel(), probabilities.ravel()),
        "label_auc": areas,
        "label_scores": [[float(v) for v in row[:3]] for row in zip(*one_by_one)],
        **{average: averages(truth, answers, average) for average in ("macro", "weighted", "micro", "samples")},
    }


def keras_figures(truth, probabilities):
    kinds = [keras.metrics.TruePositives(), keras.metrics.FalsePositives(), keras.metrics.TrueNegatives(),
             keras.metrics.FalseNegatives(), keras.metrics.BinaryAccuracy(), keras.metrics.Precision(),
             keras.metrics.Recall(), keras.metrics.AUC()]
    for kind in kinds:
        kind.update_state(truth.astype("float32"), probabilities.astype("float32"))
    return [float(kind.result()) for kind in kinds]


def best_threshold(truth, parts, unit):
    """By trying every threshold that differs: the middles between neighbouring probabilities, and 0.5."""
    scores = numpy.unique(numpy.append(parts, 0)) / unit
    found = (0.0, -0.5, 0.5)  # F1, distance from 0.5, threshold: the largest first two, then the smallest threshold
    for threshold in sorted(set(((scores[1:] + scores[:-1]) / 2).tolist() + [0.5])):
        f1 = metrics.f1_score(truth, parts / unit > threshold, zero_division=0)
        if f1 > 0 and (f1 > found[0] + 1e-12 or (abs(f1 - found[0]) <= 1e-12 and -abs(threshold - 0.5) > found[1])):
            found = (f1, -abs(threshold - 0.5), threshold)
    return float(found[2])


def main():
    warnings.simplefilter("ignore")
    random = numpy.random.default_rng(21)
    cases = []
    for number in range(60):
        count, rows = int(random.integers(2, 7)), int(random.integers(1, 40))
        unit, digits = int(random.choice([8, 64, 4096])), int(random.choice([2, 2, 3, 4]))
        labels = sorted(random.choice(NAMES, count, replace=False).tolist())
        thresholds = random.choice([0.5, 0.25, 0.125, 0.75], count)
        parts = random.integers(0, unit + 1, (rows, count))
        truth = (random.random((rows, count)) < numpy.where(random.random((rows, count)) < 0.5, 0.25, parts / unit))
        truth = truth.astype(int)
        if number % 10 == 9:
            truth[:, random.integers(0, count)] = random.integers(0, 2)  # a label of no row, or of all
        cases.append({
            "labels": labels, "thresholds": thresholds.tolist(), "digits": digits, "unit": unit,
            "truth": truth.tolist(), "parts": parts.tolist(),
            "sklearn": sklearn_figures(labels, thresholds, truth, parts / unit, digits),
            "keras": keras_figures(truth, parts / unit),
            "best_thresholds": [best_threshold(truth[:, i], parts[:, i], unit) for i in range(count)],
        })
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "multilabel.json")
    with open(path, "w", encoding="utf-8") as file:
        lines = [json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases]
        file.write('{"cases":[\n' + ",\n".join(lines) + "\n]}\n")


if __name__ == "__main__":
    main()
