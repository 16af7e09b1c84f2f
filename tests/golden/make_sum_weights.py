"""sum_weights.json: the weights of a sum's parts by scipy's L-BFGS-B, on made logits.

Run from this folder: python make_sum_weights.py (numpy, scipy). Minimises over w >= 0

    sum over rows of cross-entropy(sum_p w_p z_p)  +  strength / 2 sum_p (w_p - center_p)^2

where the cross-entropy is that of softmax, or the sum of those of the sigmoids. The cross-fitted logits of row i are by
weights of the rows whose number is not i modulo 5."""
import json

import numpy
import scipy
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, softmax

random = numpy.random.default_rng(5)
FOLDS = 5


def loss(w, z, y, is_softmax, center, strength):
    total = numpy.einsum("p,pik->ik", w, z)
    if is_softmax:
        value, error = -(y * log_softmax(total, axis=1)).sum(), softmax(total, axis=1) - y
    else:
        value, error = (numpy.logaddexp(0, total) - y * total).sum(), expit(total) - y
    gradient = numpy.einsum("ik,pik->p", error, z) + strength * (w - center)
    return value + strength / 2 * ((w - center) ** 2).sum(), gradient


def fit(z, y, is_softmax, center, strength):
    best = minimize(loss, numpy.ones(len(z)), (z, y, is_softmax, center, strength), jac=True, method="L-BFGS-B",
                    bounds=[(0, None)] * len(z), options={"ftol": 1e-16, "gtol": 1e-11, "maxiter": 10000, "maxls": 60})
    return best.x


def made_case(name, rows, outputs, is_softmax, signals, strength):
    """signals: how much the logits of each part say about the targets; below 0: the opposite."""
    if is_softmax:
        y = numpy.eye(outputs)[random.integers(outputs, size=rows)]
    else:
        y = (random.random((rows, outputs)) < 0.4).astype(float)
    z = numpy.round([s * (2 * y - 1) + random.normal(size=y.shape) for s in signals], 4)
    center = numpy.array([1.0] + [0.0] * (len(signals) - 1))
    total = numpy.empty_like(y)
    for fold in range(FOLDS):
        inside = numpy.arange(rows) % FOLDS == fold
        w = fit(z[:, ~inside], y[~inside], is_softmax, center, strength)
        total[inside] = numpy.einsum("p,pik->ik", w, z[:, inside])
    return {
        "name": name,
        "softmax": is_softmax,
        "outputs": outputs,
        "strength": strength,
        "center": center.tolist(),
        "z": z.reshape(len(signals), -1).tolist(),
        "target": y.ravel().tolist(),
        "weights": numpy.round(fit(z, y, is_softmax, center, strength), 9).tolist(),
        "crossfit": numpy.round(total.ravel(), 9).tolist(),
    }


cases = [
    made_case("binary", 43, 1, False, [1.0, 0.6], 10),
    made_case("binary, few rows", 3, 1, False, [1.0, 0.6], 10),
    made_case("a part that says the opposite", 60, 1, False, [0.8, -0.7, 0.5], 1),
    made_case("two parts that say the opposite", 60, 3, True, [0.7, -0.5, -0.4], 2),
    made_case("softmax of three", 70, 3, True, [0.9, 0.5, 0.2], 10),
    made_case("two sigmoids", 51, 2, False, [0.6, 0.9], 0.5),
]
with open("sum_weights.json", "w") as file:
    json.dump({"scipy": scipy.__version__, "cases": cases}, file, indent=0)
    file.write("\n")
