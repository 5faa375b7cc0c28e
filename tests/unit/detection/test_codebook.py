"""The codebook as data: complete, validated, and open to a study's own."""

from pathlib import Path

import pytest

from mlx_tui.detection.codebook import CodebookError, load_codebook
from mlx_tui.detection.python.call_checks import CALL_CHECKS, MLFLOW_CHECKS
from mlx_tui.detection.python.module_checks import MODULE_CHECKS
from mlx_tui.detection.rules import KNOWN_CHECKS, CallRule
from tests.unit.detection.python.scanning import SourceFile

OWN = """
version = "lab"

[[feature]]
id = "lab.wandb"
title = "W&B metrics"
dimension = "lab"
definition = "wandb.log is called"

[[feature.rule]]
id = "lab.wandb.log"
kind = "call"
calls = ["wandb.log"]
"""


def own(folder: Path, text: str) -> Path:
    path = folder / "codebook.toml"
    path.write_text(text)
    return path


def test_all_features_stand_in_it_with_title_and_definition() -> None:
    codebook = load_codebook()
    assert len(codebook.features) == 48
    assert all(f.title and f.definition and f.id.startswith(f"{f.dimension}.") for f in codebook.features)
    assert codebook.identity == f"1.0+{codebook.hash[:8]}"


def test_every_check_that_may_be_declared_exists() -> None:
    assert set(CALL_CHECKS) | set(MLFLOW_CHECKS) | set(MODULE_CHECKS) == KNOWN_CHECKS


def test_a_study_adds_a_feature_and_it_is_detected(tmp_path: Path) -> None:
    from mlx_tui.detection.python.matcher import PythonMatcher
    from mlx_tui.detection.python.scan import PythonScan

    codebook = load_codebook(own(tmp_path, OWN))
    assert [f.id for f in codebook.features][-1] == "lab.wandb"
    assert codebook.identity.startswith("1.0-lab+")
    assert codebook.hash != load_codebook().hash
    scan = PythonScan(PythonMatcher(codebook), ["a.py"])
    scan.add(SourceFile("a.py", b"import wandb\nwandb.log({})"))
    assert "lab.wandb" in {getattr(item, "feature", "") for item in scan.findings()}


def test_a_study_replaces_a_feature_in_its_place(tmp_path: Path) -> None:
    text = OWN.replace("lab.wandb", "metrics.logged").replace('dimension = "lab"', 'dimension = "metrics"')
    codebook = load_codebook(own(tmp_path, text))
    assert len(codebook.features) == 48
    assert [rule.calls for feature, rule in codebook.rules(CallRule) if feature == "metrics.logged"] == [("wandb.log",)]


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("title =", "titel =", 6, "titel"),
        ('definition = "wandb.log is called"', "definition = 3", 8, "definition"),
        ('calls = ["wandb.log"]', "calls = 1", 13, "calls"),
        ('kind = "call"', 'kind = "cal"', 12, "kind"),
        ('kind = "call"\ncalls = ["wandb.log"]', 'kind = "check"\ncheck = "nothing"', 13, "check"),
        ('kind = "call"\ncalls = ["wandb.log"]', 'kind = "command"\npattern = "("', 13, "pattern"),
    ],
)
def test_an_error_names_line_and_key(tmp_path: Path, old: str, new: str, line: int, key: str) -> None:
    with pytest.raises(CodebookError) as caught:
        load_codebook(own(tmp_path, OWN.replace(old, new)))
    message = str(caught.value)
    assert key in message
    assert f"codebook.toml:{line}:" in message


def test_an_id_twice_and_a_broken_toml_are_errors(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="declared twice"):
        load_codebook(own(tmp_path, OWN + OWN.replace('version = "lab"', "")))
    with pytest.raises(CodebookError, match="line 2"):
        load_codebook(own(tmp_path, "a = 1\nb = = 2\n"))
