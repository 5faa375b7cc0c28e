"""The substring baseline as a test of what the detector finds."""

import pytest

from mlx_tui.statistics.baseline import BaselineComparison
from mlx_tui.statistics.prevalence import Proportion


def test_agreement_precision_and_recall() -> None:
    c = BaselineComparison(both=20, baseline_only=5, detector_only=10, neither=15)
    assert (c.n, c.agreed) == (50, Proportion(35, 50))
    assert (c.precision, c.recall) == (Proportion(20, 25), Proportion(20, 30))
    assert c.kappa == pytest.approx(0.4)


def test_nothing_to_compare() -> None:
    assert BaselineComparison(0, 0, 0, 0).kappa is None
