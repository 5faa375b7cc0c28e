"""The versions of MLflow on which a repository can run, over real git work trees."""

from pathlib import Path

import pytest

from mlx_tui.detection.cache import ScanCache
from mlx_tui.detection.mlflow_versions import CONFLICT, describe_versions
from mlx_tui.detection.model import RepositoryScan, VersionRange
from tests.unit.detection.test_scanner import commit, scan


def scanned(root: Path, **files: str) -> RepositoryScan:
    texts = {
        name.replace("__", "/").replace("_txt", ".txt").replace("_py", ".py"): text for name, text in files.items()
    }
    return scan(root / "r", commit(root / "r", {name: text.encode() for name, text in texts.items()}))


def conflicts(result: RepositoryScan) -> list[tuple[str, str]]:
    return [(anomaly.path, anomaly.message) for anomaly in result.anomalies if anomaly.kind == CONFLICT]


def bounds(result: RepositoryScan) -> tuple[str, str]:
    lower, upper = result.versions.lower, result.versions.upper
    return (lower.version if lower else "", upper.version if upper else "")


def test_the_call_that_sets_each_bound(tmp_path: Path) -> None:
    code = "import mlflow\nmlflow.autolog()\nmlflow.start_run(log_system_metrics=True)\nmlflow.gluon.autolog()\n"
    result = scanned(tmp_path, train_py=code)
    lower, upper = result.versions.lower, result.versions.upper
    assert lower and (lower.version, lower.absent, lower.place) == ("2.10.2", "2.5.0", "train.py:3")
    assert lower.name == "mlflow.start_run(log_system_metrics=)"
    assert upper and (upper.version, upper.absent, upper.place) == ("2.15.1", "2.22.5", "train.py:4")
    assert describe_versions(result.versions).splitlines() == [
        "MLflow > 2.5.0, surely ≥ 2.10.2: mlflow.start_run(log_system_metrics=) at train.py:3",
        "MLflow < 2.22.5, surely ≤ 2.15.1: mlflow.gluon.autolog at train.py:4",
        "Declared: nowhere",
    ]
    assert not conflicts(result)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import mlflow\nmlflow.log_param('a', 1)\n", ("", "")),
        ("from mlflow import trace\n@trace\ndef f(): ...\n", ("2.15.1", "")),
        ("from mlflow.tracking import MlflowClient\nMlflowClient().list_run_infos('0')\n", ("", "1.30.1")),
        ("import mlflow\nmlflow.pytorch.log_model(m, name='m')\n", ("3.0.1", "")),
        ("import mlflow\nmlflow.pytorch.log_model(m, 'm')\n", ("", "")),
        ("import mlflow\nmlflow.pytorch.log_model(*given)\n", ("", "")),
        (
            "import mlflow, functools\nlog = functools.partial(mlflow.pytorch.log_model, artifact_path='m')\nlog(m)\n",
            ("", ""),
        ),
        ("import mlflow\ntry:\n    mlflow.autolog()\nexcept AttributeError:\n    pass\n", ("", "")),
        ("import mlflow\nif hasattr(mlflow, 'autolog'):\n    mlflow.autolog()\n", ("", "")),
        ("import mlflow\nif Version(mlflow.__version__) > Version('2'):\n    mlflow.autolog()\n", ("", "")),
        ("import mlflow\nif x:\n    mlflow.autolog()\n", ("1.30.1", "")),
        ("class mlflow:\n    def autolog(): ...\nmlflow.autolog()\n", ("", "")),
        ("import mlflow, wandb\nlog = mlflow.log_table if x else wandb.log\nlog({})\n", ("", "")),
    ],
)
def test_calls(tmp_path: Path, code: str, expected: tuple[str, str]) -> None:
    assert bounds(scanned(tmp_path, a_py=code)) == expected


NEW = "import mlflow\nmlflow.sklearn.log_model(m, name='m')\n"
OLD = "import mlflow\nmlflow.run('.', use_conda=False)\n"


@pytest.mark.parametrize(
    ("code", "declared", "conflict"),
    [
        (NEW, "mlflow==2.1.0", True),
        (NEW, "mlflow<2.22", True),
        (NEW, "mlflow==2.22.5", True),
        (NEW, "mlflow==3.0.0", False),  # between two samples: not known
        (NEW, "mlflow>=1.0", False),
        (NEW, "mlflow", False),
        (OLD, "mlflow==2.0.1", True),
        (OLD, "mlflow>=2.5", True),
        (OLD, "mlflow~=1.0", False),
        (OLD, "mlflow==2.0.0", False),
    ],
)
def test_a_conflict_with_what_is_declared_is_an_anomaly(
    tmp_path: Path, code: str, declared: str, conflict: bool
) -> None:
    result = scanned(tmp_path, a_py=code, requirements_txt=f"numpy\n{declared}\n")
    found = conflicts(result)
    assert bool(found) == conflict
    for path, message in found:
        assert path == "requirements.txt"
        assert "line 2" in message and "a.py:2" in message
    assert [(item.requirement, item.place) for item in result.versions.declared] == [(declared, "requirements.txt:2")]


def test_a_list_stands_for_its_folder(tmp_path: Path) -> None:
    result = scanned(
        tmp_path,
        old__a_py=OLD,
        old__requirements_txt="mlflow==1.2\n",
        new__a_py=NEW,
        new__requirements_txt="mlflow>=3\n",
    )
    assert not conflicts(result)
    assert bounds(result) == ("3.0.1", "1.30.1")


def test_a_list_in_a_folder_of_lists_stands_for_the_folder_above(tmp_path: Path) -> None:
    result = scanned(tmp_path, requirements__base_txt="mlflow==1.2\n", src__a_py=NEW, other__requirements_txt="numpy\n")
    assert [path for path, _ in conflicts(result)] == ["requirements/base.txt"]


def test_calls_that_no_version_has_together(tmp_path: Path) -> None:
    ((path, message),) = conflicts(scanned(tmp_path, a_py=NEW, b_py=OLD))
    assert path == "a.py"
    assert "no version of MLflow has both" in message


def test_a_lock_file_and_a_conda_file_declare(tmp_path: Path) -> None:
    files = {
        "uv.lock": b'[[package]]\nname = "mlflow"\nversion = "2.3.1"\n',
        "conda.yaml": b"name: x\ndependencies:\n  - mlflow=1.2\n  - pip:\n    - mlflow-skinny>=1.2\n",
        "DESCRIPTION": b"Package: x\nImports: mlflow (>= 1.2)\n",
    }
    result = scan(tmp_path / "r", commit(tmp_path / "r", files))
    assert {(item.requirement, item.path) for item in result.versions.declared} == {
        ("mlflow==2.3.1", "uv.lock"),
        ("mlflow==1.2.*", "conda.yaml"),
        ("mlflow-skinny>=1.2", "conda.yaml"),
    }


def test_a_scan_keeps_its_versions_in_the_cache(tmp_path: Path) -> None:
    result = scanned(tmp_path, a_py=NEW, requirements_txt="mlflow==2.1.0\n")
    cache = ScanCache(tmp_path / "cache")
    cache.put(result)
    assert cache.get(result.repo, result.commit, result.codebook) == result


def test_without_any_call() -> None:
    assert describe_versions(VersionRange()).startswith("No call limits MLflow's version within 1.0.0 to ")
