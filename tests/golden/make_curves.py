#!/usr/bin/env python3
"""Writes curves.json: a hundred small yes-or-no cases, rich in ties, with scikit-learn's curves and areas of them, and
forty cases of several classes with the figures that an evaluation adds up over them.

Needs scikit-learn (1.7 or later) and numpy. Scores are whole numbers of 1/unit, exact in single precision, so that ties
are ties in every implementation. Numbers that are not defined are null.
"""
import json
import math
import os
import warnings

import numpy
from sklearn import calibration, metrics


def numbers(values):
    return [None if math.isnan(v) else "inf" if math.isinf(v) else float(v) for v in values]


def draw_scores(random, rows, unit, kind):
    if kind == "constant":
        return numpy.full(rows, random.integers(0, unit + 1))
    return random.integers(0, unit + 1, rows)


def draw_truth(random, parts, unit, kind):
    if kind == "one":
        return numpy.full(parts.size, random.integers(0, 2))
    return (random.random(parts.size) < 0.2 + 0.6 * parts / unit).astype(int)


def yes_or_no_case(random, number):
    rows = 1 if number % 25 == 24 else int(random.integers(2, 60))
    unit = int(random.choice([2, 8, 64, 4096]))
    bins = int(random.choice([4, 5, 10, 15]))
    kind = {7: "one", 8: "constant"}.get(number % 10, "")
    parts = draw_scores(random, rows, unit, kind)
    truth = draw_truth(random, parts, unit, kind)
    scores = parts / unit
    both = 0 < truth.sum() < rows
    observed, predicted = calibration.calibration_curve(truth, scores, n_bins=bins, pos_label=1)
    precision, recall, thresholds = metrics.precision_recall_curve(truth, scores, pos_label=1)
    return {
        "unit": unit, "bins": bins, "truth": truth.tolist(), "parts": parts.tolist(),
        "roc": [numbers(values) for values in metrics.roc_curve(truth, scores, pos_label=1)],
        "auc": float(metrics.roc_auc_score(truth, scores)) if both else None,
        "precision_recall": [numbers(values) for values in (precision, recall, thresholds)],
        "average_precision": float(metrics.average_precision_score(truth, scores)),
        "brier": float(metrics.brier_score_loss(truth, scores, pos_label=1)),
        "calibration": [numbers(predicted), numbers(observed)],
        "ece": calibration_error(scores, truth, bins),
    }


def calibration_error(confidence, right, bins=15):
    """Guo et al. 2017, equation 3, straight from the definition."""
    error = 0.0
    for i in range(bins):
        low, high = i / bins, (i + 1) / bins
        inside = (confidence > low) & (confidence <= high) if i > 0 else confidence <= high
        if inside.any():
            error += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    return float(error)


def several_classes_case(random, number):
    rows, count = int(random.integers(1, 50)), 2 if number % 4 == 0 else int(random.integers(3, 7))
    unit = int(random.choice([8, 64, 4096]))
    cuts = numpy.rint(numpy.cumsum(random.dirichlet(numpy.full(count, 0.7), rows), axis=1)[:, :-1] * unit).astype(int)
    edges = numpy.hstack([numpy.zeros((rows, 1), int), cuts, numpy.full((rows, 1), unit)])
    parts = numpy.diff(edges, axis=1)
    truth = numpy.where(random.random(rows) < 0.5, parts.argmax(axis=1), random.integers(0, count, rows))
    probabilities = parts / unit
    one_hot = truth[:, None] == numpy.arange(count)
    brier = metrics.brier_score_loss(truth, probabilities if count > 2 else probabilities[:, 1],
                                     **({"labels": list(range(count))} if count > 2 else {"pos_label": 1}))
    precisions = [float(metrics.average_precision_score(one_hot[:, i], probabilities[:, i])) if one_hot[:, i].any()
                  else None for i in range(count)]
    defined = [p for p in precisions if p is not None] if count > 2 else precisions[1:]
    answers = probabilities.argmax(axis=1)
    return {
        "unit": unit, "truth": truth.tolist(), "parts": parts.tolist(), "brier": float(brier),
        "average_precision": None if None in defined else float(numpy.mean(defined)),
        "ece": calibration_error(probabilities.max(axis=1), answers == truth),
    }


def main():
    warnings.simplefilter("ignore")
    random = numpy.random.default_rng(6)
    parts = {"yes_or_no": [yes_or_no_case(random, i) for i in range(100)],
             "several_classes": [several_classes_case(random, i) for i in range(40)]}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "curves.json")
    with open(path, "w", encoding="utf-8") as file:
        for name, cases in parts.items():
            lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
            file.write(f'{"{" if name == "yes_or_no" else ","}"{name}":[\n{lines}\n]')
        file.write("}\n")


if __name__ == "__main__":
    main()
