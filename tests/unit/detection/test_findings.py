"""Findings that a scan holds packed."""

import pickle

import pytest

from mlx_tui.detection.findings import PackedFindings, count_features, pack
from mlx_tui.detection.model import Finding, Tier

FOUND = (
    Finding("parameters.logged", "a.py", None, 1, Tier.DIRECT, "", "mlflow.log_param('ä', 1)"),
    Finding("parameters.logged", "b.ipynb", 3, 2, Tier.WRAPPER),
    Finding("metrics.logged", "b.ipynb", 3, 2, Tier.DIRECT, rule="x", explanation="because"),
)


@pytest.mark.parametrize("found", [(), FOUND])
def test_packed_findings_are_those_that_were_packed(found: tuple[Finding, ...]) -> None:
    packed = pack(found)
    assert (tuple(packed), len(packed), bool(packed)) == (found, len(found), bool(found))
    assert packed == found
    assert packed == pack(found)
    assert hash(packed) == hash(pack(found))
    assert pack(packed) is packed
    assert pickle.loads(pickle.dumps(packed)) == found


def test_an_item_and_a_slice() -> None:
    packed = pack(FOUND)
    assert packed[1] == FOUND[1]
    assert packed[1:] == FOUND[1:]
    assert FOUND[2] in packed
    assert packed != FOUND[1:]


def test_counts_leave_wrappers_out_and_need_no_unpacking() -> None:
    counts = {"parameters.logged": 1, "metrics.logged": 1}
    assert count_features(FOUND) == counts
    assert count_features(PackedFindings(pack(FOUND).counts, 3, b"not looked at")) == counts
