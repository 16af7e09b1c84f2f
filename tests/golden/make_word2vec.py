"""Writes word2vec.txt: steps of negative sampling as numpy computes them in double precision.

The loss of a hidden vector h, a target v_0 that it should foretell and others that it should not (Mikolov et al. 2013,
"Distributed representations of words and phrases", equation 4):
    -log sigmoid(v_0 . h) - sum_k>0 log sigmoid(-v_k . h)
A step goes down its gradient by the rate, in h and all v at once.

A case is a line "n targets rate", then lines of n numbers: h, the targets, h's change, the targets afterwards.
Usage: python3 make_word2vec.py > word2vec.txt
"""
import numpy as np


def step(h, v, rate):
    p = 1 / (1 + np.exp(-(v @ h)))
    gradient = p - np.eye(len(v))[0]  # of the loss by the dot products
    return -rate * gradient @ v, v - rate * np.outer(gradient, h)


random = np.random.default_rng(20130913)
for n, targets, rate in [(1, 1, 0.5), (3, 2, 0.025), (5, 6, 0.05), (17, 4, 1.0), (33, 11, 0.1)]:
    h = random.normal(size=n).astype(np.float32).astype(float)
    v = random.normal(size=(targets, n)).astype(np.float32).astype(float)
    change, after = step(h, v, rate)
    print(n, targets, rate)
    for row in [h, *v, change, *after]:
        print(*(f"{x:.9g}" for x in row))
