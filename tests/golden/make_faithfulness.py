#!/usr/bin/env python3
"""Writes faithfulness.json: Kendall's tau-b of small random cases, rich in ties, as scipy computes it.

Needs scipy and numpy.
"""
import json
import math
import os
import warnings

import numpy
from scipy import stats


def case(random, i):
    count, levels = int(random.integers(0, 30)), int(random.integers(1, 40))
    x = random.integers(0, levels, count)
    y = numpy.where(random.random(count) < 0.4, x, random.integers(0, levels, count))
    if i % 10 == 0:
        y = x if i % 20 == 0 else -x
    tau = stats.kendalltau(x, y).statistic if count > 1 else math.nan
    return {"x": x.tolist(), "y": y.tolist(), "tau": None if math.isnan(tau) else float(tau)}


def main():
    warnings.simplefilter("ignore")
    random = numpy.random.default_rng(3)
    lines = ",\n".join(json.dumps(case(random, i), separators=(",", ":")) for i in range(120))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "faithfulness.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
