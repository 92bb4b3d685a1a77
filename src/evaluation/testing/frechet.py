"""Fréchet distances for frechet.test.ts, by the eigenvalues of C1 C2 itself (not symmetric) in float64.

    python3 frechet.py     # numpy; prints the cases of the test
"""
import json

import numpy as np


def vectors(seed, rows, width, scale, shift):
    """sin of the place in a list, so that both sides have the same without storing it."""
    place = np.arange(rows * width, dtype=np.float64)
    values = np.sin(seed + 12.9898 * (place + 1) ** 1.3) * (scale + (place % width) / width) + shift
    return values.reshape(rows, width)


def frechet(a, b):
    c1, c2 = np.atleast_2d(np.cov(a.T)), np.atleast_2d(np.cov(b.T))
    root = np.sqrt(np.maximum(0, np.linalg.eigvals(c1 @ c2).real)).sum()
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(c1) + np.trace(c2) - 2 * root


for seed, n1, n2, width, scale, shift in [(1, 40, 30, 12, 1, 0), (2, 200, 150, 32, 2, 0.3), (3, 6, 5, 4, 0.5, 1), (4, 20, 30, 1, 1, 0.1)]:
    value = frechet(vectors(seed, n1, width, 1, 0), vectors(seed + 10, n2, width, scale, shift))
    print(json.dumps([seed, n1, n2, width, scale, shift, float(value)]))
