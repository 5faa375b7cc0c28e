"""Vibration signals with and without a periodic impact."""

import numpy as np


def signals(count: int, length: int, seed: int):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count)
    time = np.arange(length)
    base = rng.normal(size=(count, length))
    impacts = (time % 64 < 4) * 2.0
    return base + labels[:, None] * impacts, labels
