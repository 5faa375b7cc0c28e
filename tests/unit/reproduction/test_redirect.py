"""MLflow's runs land in the attempt's own store, whatever URI the code asks for."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from attempt_support import ISOLATIONS, command, commit_repository, git, log_of, make_plan, run

from mlx_tui.json_file import read_json
from mlx_tui.reproduction import redirect
from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.interpreters import find_interpreters
from mlx_tui.reproduction.model import (
    CapturedRuns,
    Isolation,
    MetricVerdict,
    Outcome,
    Plan,
    Step,
    StepKind,
)
from mlx_tui.reproduction.notebook_cells import read_cell_times


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A virtual environment without packages, and with the redirect."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "environment")], check=True)
    redirect.install(tmp_path / "environment")
    return tmp_path / "environment"


def python(environment: Path, code: str, variables: dict[str, str], *options: str) -> str:
    line = [str(environment / "bin" / "python"), *options, "-c", code]
    return subprocess.run(line, env=variables, capture_output=True, text=True, check=True).stdout


def redirected(store: Path, environment: Path) -> dict[str, str]:
    return redirect.variables(store, database=redirect.makes_database(environment))


def test_the_redirect_loads_only_where_it_is_asked_for(environment: Path, tmp_path: Path) -> None:
    code = "import sys; print('mlx_tui_redirect' in sys.modules)"
    on = redirected(tmp_path, environment)
    assert python(environment, code, {}) == "False\n"
    assert python(environment, code, on) == python(environment, code, on, "-I") == "True\n"


def test_a_module_of_that_name_that_is_not_mlflows_is_left_alone(environment: Path, tmp_path: Path) -> None:
    """A project's own `dagshub.py` without an `init`, and one whose import fails, behave as without the redirect."""
    (tmp_path / "dagshub.py").write_text("value = 7\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import dagshub; print(dagshub.value)"
    assert python(environment, code, redirected(tmp_path, environment)) == "7\n"
    (tmp_path / "dagshub.py").write_text("raise KeyError('own')\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\ntry: import dagshub\nexcept KeyError as e: print(e)"
    assert python(environment, code, redirected(tmp_path, environment)) == "'own'\n"


def test_a_login_at_dagshub_is_recorded_and_not_made(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "dagshub.py").write_text("def init(repo_name=None, repo_owner=None, **more): raise OSError('login')\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import dagshub\n"
        "dagshub.init(repo_owner='me', repo_name='wine', mlflow=True)"
    )
    python(environment, code, redirected(tmp_path, environment))
    assert json.loads((tmp_path / redirect.RECORD).read_text()) == {"kind": "uri", "value": "dagshub:me/wine"}


OLD_POOL = "    FallbackAsyncAdaptedQueuePool,\n)\n"


@pytest.mark.parametrize(
    ("installed", "kind"),
    [
        (("mlflow-3.1.0", "sqlalchemy-2.0.1"), "sqlite:///"),
        (("mlflow-1.30.0", "SQLAlchemy-1.4.46"), "sqlite:///"),
        (("mlflow-1.30.0", "SQLAlchemy-2.0.1"), "file:///"),
        (("mlflow-2.22.0", "sqlalchemy-2.0.44"), "sqlite:///"),
        (("mlflow-2.22.0", "sqlalchemy-2.1.0"), "file:///"),
        (("mlflow-3.17.0", "sqlalchemy-2.1.9"), "sqlite:///"),
        (("mlflow_skinny-3.1.0",), "file:///"),
        ((), "file:///"),
    ],
)
def test_the_kind_of_store_fits_what_is_installed(
    environment: Path, tmp_path: Path, installed: tuple[str, ...], kind: str
) -> None:
    packages = next((environment / "lib").glob("python*/site-packages"))
    for name in installed:
        (packages / f"{name}.dist-info").mkdir()
    module = packages / "mlflow" / "store" / "db" / "utils.py"
    module.parent.mkdir(parents=True)
    guarded = "mlflow-3.17.0" in installed
    module.write_text("from sqlalchemy.pool import (\n    AssertionPool,\n" + (")" if guarded else OLD_POOL))
    assert redirected(tmp_path, environment)["MLFLOW_TRACKING_URI"].startswith(kind)


TRAIN = """
import os, subprocess, sys
import mlflow
from mlflow.tracking import MlflowClient

mlflow.set_tracking_uri("http://me:secret@localhost:59999")
os.environ["MLFLOW_TRACKING_URI"] = "https://other.example.org"
mlflow.set_experiment("wine")
with mlflow.start_run():
    mlflow.log_param("alpha", 0.5)
    for step in range(3):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    with open("note.txt", "w") as file:
        file.write("x")
    mlflow.log_artifact("note.txt")
client = MlflowClient("http://third.example.org:1")
experiment = client.create_experiment("elsewhere", artifact_location="s3://bucket/path")
made = client.create_run(experiment)
client.log_metric(made.info.run_id, "f1", 0.25)
client.log_artifact(made.info.run_id, "note.txt")
client.set_terminated(made.info.run_id)
if "child" not in sys.argv:
    code = "import mlflow; mlflow.set_tracking_uri('databricks'); mlflow.start_run(); mlflow.log_metric('sub', 1)"
    subprocess.run([sys.executable, "-I", "-c", code], check=True)
"""


def captured(attempt_folder: str) -> CapturedRuns:
    return read_json(Path(attempt_folder) / "runs.json", CapturedRuns)


def assert_captured(folder: str, version: str) -> None:
    found = captured(folder)
    assert found.mlflow_version.startswith(version)
    assert found.asked_uris == (
        "http://***@localhost:59999",
        "https://other.example.org",
        "http://third.example.org:1",
        "databricks",
    )
    first, second, third = found.runs
    assert (first.experiment, first.status, first.artifacts) == ("wine", "FINISHED", ("note.txt",))
    assert {param.key: param.value for param in first.params} == {"alpha": "0.5"}
    (loss,) = first.metrics
    assert [point.value for point in loss.points] == [1, 1 / 2, 1 / 3]
    assert (second.experiment, second.artifacts) == ("elsewhere", ("note.txt",))
    assert third.metrics[0].name == "sub"
    work = Path(folder) / "work"
    assert sorted(path.name for path in work.iterdir()) == [".git", "note.txt", "train.py"]
    assert not [
        path
        for path in Path(folder).rglob("*")
        if path.is_file()
        and b"me:secret" in path.read_bytes()
        and path.name not in {"train.py"}
        and ".git" not in path.parts
    ]


def with_interpreter(plan: Plan, version: str, as_of: str) -> Plan:
    found = next((one for one in find_interpreters() if str(one.version).startswith(f"{version}.")), None)
    if found is None:
        pytest.skip(f"no Python {version}")
    spec = replace(plan.environment, interpreter=str(found.path), python_used=str(found.version), as_of=as_of)
    return replace(plan, environment=spec)


@pytest.mark.attempt
@pytest.mark.parametrize("isolation", ISOLATIONS[-1:])
def test_the_newest_mlflow(tmp_path: Path, isolation: Isolation) -> None:
    commit = commit_repository(tmp_path / "clone", {"train.py": TRAIN})
    plan = make_plan(
        tmp_path / "clone", commit, command("python train.py"), isolation=isolation, requirements=("mlflow",)
    )
    attempt = run(tmp_path, plan, 300)
    assert attempt.state.outcome is Outcome.EXECUTED, log_of(attempt)
    assert (attempt.state.runs, attempt.state.metrics) == (3, 3)
    assert_captured(attempt.folder, "3.")


@pytest.mark.attempt
def test_an_mlflow_of_2022(tmp_path: Path) -> None:
    commit = commit_repository(tmp_path / "clone", {"train.py": TRAIN})
    plan = make_plan(
        tmp_path / "clone", commit, command("python train.py"), requirements=("mlflow==1.30.0", "setuptools")
    )
    attempt = run(tmp_path, with_interpreter(plan, "3.10", "2022-12-01T00:00:00Z"), 300)
    assert attempt.state.outcome is Outcome.EXECUTED, log_of(attempt)
    assert_captured(attempt.folder, "1.30")


NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "somebodys-own", "display_name": "x", "language": "python"}},
}


def notebook(*cells: tuple[str, str]) -> str:
    made = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "metadata": {},
            "execution_count": None,
            "source": source,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": output}] if output else [],
        }
        for number, (source, output) in enumerate(cells)
    ]
    return json.dumps(NOTEBOOK | {"cells": made})


@pytest.mark.attempt
@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_notebooks_run_cell_by_cell_and_are_compared_with_their_stored_outputs(
    tmp_path: Path, isolation: Isolation
) -> None:
    good = notebook(
        ("x = 21\nprint('warming up')", ""),
        ("print('answer:', 2 * x)\nprint('loss = 0.5')", "answer: 42\nloss = 0.25\n"),
    )
    files = {
        "good.ipynb": good,
        "bad.ipynb": notebook(("import os", ""), ("open('data/train.csv')", ""), ("print('f1 = 1')", "f1 = 1\n")),
        "dead.ipynb": notebook(("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "")),
        "broken.ipynb": "{",
    }
    commit = commit_repository(tmp_path / "clone", files)

    def attempt(name: str):  # type: ignore[no-untyped-def]
        step = Step(StepKind.NOTEBOOK, name)
        return run(
            tmp_path,
            make_plan(tmp_path / "clone", commit, step, isolation=isolation, requirements=("ipykernel",)),
            300,
        )

    ended = attempt("good.ipynb")
    log = log_of(ended)
    assert ended.state.outcome is Outcome.DIFFERS, log
    assert [(metric.name, metric.verdict) for metric in ended.state.comparison.metrics] == [
        ("[2] answer", MetricVerdict.IDENTICAL),
        ("[2] loss", MetricVerdict.DIFFERENT),
    ]
    assert log.index("cell 1 of 2") < log.index("warming up") < log.index("cell 1 took") < log.index("cell 2 of 2")
    executed = json.loads((Path(ended.folder) / "executed" / "1-good.ipynb").read_text())
    assert executed["cells"][1]["outputs"][0]["text"] == ["answer: 42\n", "loss = 0.5\n"]
    cells = read_cell_times(AttemptFiles(Path(ended.folder)), ended.plan)
    assert [(one.cell, one.source, one.failed) for one in cells] == [
        (1, "x = 21", False),
        (2, "print('answer:', 2 * x)", False),
    ]
    assert all(one.seconds is not None for one in cells)
    assert git(Path(ended.folder) / "work", "status", "--porcelain") == ""
    if isolation is not ISOLATIONS[-1]:
        return
    failed = {name: attempt(name) for name in ("bad.ipynb", "dead.ipynb", "broken.ipynb")}
    causes = {name: one.state.cause for name, one in failed.items()}
    assert causes == {"bad.ipynb": "missing_data", "dead.ipynb": "out_of_memory", "broken.ipynb": "code"}
    bad = failed["bad.ipynb"]
    cells = read_cell_times(AttemptFiles(Path(bad.folder)), bad.plan)
    assert [(one.failed, one.seconds is None) for one in cells] == [(False, False), (True, False), (False, True)]
    comparison = bad.state.comparison  # the stored output of the cell that wasn't reached says nothing of this run
    assert comparison is not None and comparison.metrics[0].verdict is MetricVerdict.MISSING


def test_without_an_environment_the_redirect_cannot_be_installed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        redirect.install(tmp_path)
