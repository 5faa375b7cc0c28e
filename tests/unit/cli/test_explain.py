"""`mlx-tui explain`: of a feature, and of a repository."""

from pathlib import Path

import pytest

from tests.unit.cli.test_commands import mlx
from tests.unit.detection.test_scanner import commit

HOSTILE = "\x1b[2J.yaml"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explain")
    files = {
        "train.py": b"import mlflow\nmlflow.log_table({}, 't.json')\n",
        "requirements.txt": b"mlflow==1.2.0\n",
        HOSTILE: b"mlflow: [\n",
    }
    commit(folder / "repository", files)
    assert mlx("init", folder / "study").returncode == 0
    for arguments in (("add", folder / "repository"), ("fetch",), ("scan",)):
        done = mlx(*arguments, "--study", folder / "study")
        assert done.returncode == 0, done.stderr
    return folder / "study"


def test_of_a_repository_tells_versions_and_anomalies(study: Path) -> None:
    done = mlx("explain", "repository", "--study", study)
    assert done.returncode == 0, done.stderr
    assert "MLflow > 2.0.1, surely ≥ 2.5.0: mlflow.log_table at train.py:2" in done.stdout
    assert "Declared: mlflow==1.2.0 at requirements.txt:1" in done.stdout
    assert "mlflow_version_conflict: requirements.txt" in done.stdout
    assert "unparseable" in done.stdout
    assert "Readiness for a second execution: 2 of 6" in done.stdout
    assert "  dependencies pinned or locked: dependencies.pinned" in done.stdout
    assert "  a seed: missing (execution.seeded)" in done.stdout
    assert "\x1b" not in done.stdout


def test_of_a_feature_tells_each_finding(study: Path) -> None:
    done = mlx("explain", "repository", "artifacts.logged", "--study", study)
    assert done.returncode == 0, done.stderr
    assert "artifacts.logged at train.py:2" in done.stdout
    assert done.stdout.count("`log_artifact(s)`") == 1  # the definition, once for all findings
    assert "surely" not in done.stdout


def test_of_an_unknown_feature_is_wrong_use(study: Path) -> None:
    done = mlx("explain", "repository", "no.such", "--study", study)
    assert done.returncode == 2
    assert "mlx-tui codebook" in done.stderr


def test_a_scan_says_what_has_no_clone_yet(tmp_path: Path) -> None:
    (tmp_path / "corpus.csv").write_text("repo,url\nowner/name,https://example.org/owner/name\n", encoding="utf-8")
    done = mlx("scan", "--study", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 of 1 repositories have no clone" in done.stderr and "mlx-tui fetch" in done.stderr
