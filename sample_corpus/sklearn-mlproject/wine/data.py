"""The data and how it is split."""

import pandas as pd
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

# What a winery can measure without a laboratory.
MEASUREMENTS = ("alcohol", "malic_acid", "ash", "color_intensity")


def load() -> pd.DataFrame:
    """Four measurements of 178 wines, with the cultivar in the column `target`."""
    return load_wine(as_frame=True).frame[[*MEASUREMENTS, "target"]]


def split(frame: pd.DataFrame, seed: int):
    """Returns train and test, a quarter of each cultivar held out."""
    return train_test_split(frame, test_size=0.25, stratify=frame["target"], random_state=seed)
