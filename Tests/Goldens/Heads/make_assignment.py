"""Writes assignment.json: [rows, columns, kind, least total cost] of 1000 random matrices.

The matrices themselves are not stored: matrix i comes from the random key with seed i, the same
way here and in the test. Ran with scipy 1.17.1, numpy 2.4.6.   python make_assignment.py
"""
import json
import pathlib
import numpy as np
from scipy.optimize import linear_sum_assignment

M = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M
    return z ^ (z >> 31)


def uniform(seed, count):
    key = mix((seed + GOLDEN) & M)
    return np.array([(mix((key + i * GOLDEN) & M) >> 40) * 2.0**-24 for i in range(count)])


def matrix(seed, rows, columns, kind):
    u = uniform(seed, rows * columns)
    if kind == 0:
        values = u
    elif kind == 1:
        values = u * 200 - 100
    elif kind == 2:
        values = np.floor(u * 4)  # many ties
    else:
        values = np.where(u < 0.5, u * 1e-3, u * 1e6)  # wide range
    return values.reshape(rows, columns)


rng = np.random.default_rng(0)
cases = []
for seed in range(1000):
    if seed % 10 == 0:
        rows, columns = (100, int(rng.integers(0, 30)))
    else:
        rows, columns = (int(n) for n in rng.integers(0, 14, 2))
    kind = seed % 4
    costs = matrix(seed, rows, columns, kind)
    total = costs[linear_sum_assignment(costs)].sum()
    cases.append([rows, columns, kind, float(total)])
text = ",\n".join(json.dumps(case) for case in cases)
(pathlib.Path(__file__).parent / "assignment.json").write_text(f"[\n{text}\n]\n")
