"""Plans made of whole clones, in real git repositories."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from mlx_tui.reproduction.commit_date import commit_date
from mlx_tui.reproduction.model import Candidate, CommandSource, Isolation, Plan, Step, StepKind
from mlx_tui.reproduction.plan import NoCandidate, PlanOptions, make_plan
from mlx_tui.reproduction.plan_text import render_plan
from tests.unit.reproduction.clones import TRAINS, write

ANYHOW = PlanOptions(isolation="none")

# The first step of the plan of every sample, and what is foreseen; read off the samples by hand.
SAMPLES = {
    "autolog-notebook": "readme digits.ipynb; runs",
    "central-server": "readme python training/train.py; runs",
    "chatty": "readme python train.py; runs",
    "ci-dvc": "ci python src/prepare.py; runs",
    "client-api": "readme python -m sweep.run; runs",
    "hostile": "readme python formula.py; fails, environment: `[bold]mlflow[/bold]==3.12.0` is no requirement",
    "hydra-lightning": "readme python -m leafseg.train logger=mlflow trainer.max_epochs=20; runs",
    "legacy-conda": "mlproject python train.py 0.1; runs",
    "lookalike": "none",
    "missing-data": "readme python train.py; fails, missing_data: data/raw/churn_2024.csv",
    "missing-module": "readme python -m bearings.train --window 256; fails, missing_module: bearings.features",
    "noisy-mlp": "task python train.py --hidden 10 --epochs 12; runs",
    "r-project": "mlproject Rscript train.R -P alpha=0.5 -P lambda=0.1; fails, missing_module: the program Rscript",
    "sklearn-mlproject": "mlproject python train.py --c 0.5 --l1-ratio 0.5 --seed 42; runs",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    write(tmp_path, "train.py", TRAINS)
    write(tmp_path, "requirements.txt", "mlflow\nscikit-learn==1.2.2\n")
    write(tmp_path, "README.md", "`python train.py`\n")
    return tmp_path


def commit(folder: Path) -> str:
    variables = {
        "PATH": "/usr/bin:/bin",
        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in
           (("NAME", "a"), ("EMAIL", "a@example.org"), ("DATE", "2023-06-01T12:00:00+02:00"))},
    }  # fmt: skip
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", "-C", folder, *arguments], env=variables, check=True)
    return subprocess.run(
        ["git", "-C", folder, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_plan_is_dated_by_its_commit_and_says_so(repository: Path) -> None:
    sha = commit(repository)
    plan = make_plan("a/b", sha, repository, ANYHOW)
    assert plan.environment.as_of == "2023-06-01T10:00:00Z"
    assert plan.environment.requirements == ("mlflow", "scikit-learn==1.2.2", "pip", "setuptools")
    assert plan.candidate.path == "README.md"
    assert plan.likely == "runs"
    told = {item.subject: item.used for item in plan.deviations}
    assert told["versions left open"] == "as of 2023-06-01"
    assert "MLflow's store" in told
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan


@pytest.mark.parametrize(("asked", "used"), [("2024-01-31", "2024-02-01T00:00:00Z"), ("today", "")])
def test_the_date_can_be_asked_for(repository: Path, asked: str, used: str) -> None:
    plan = make_plan("a/b", commit(repository), repository, PlanOptions(isolation="none", as_of=asked))
    assert plan.environment.as_of == used
    with pytest.raises(ValueError, match="not a date"):
        make_plan("a/b", "HEAD", repository, PlanOptions(as_of="yesterday"))


def test_without_a_known_commit_versions_are_of_today(repository: Path) -> None:
    assert commit_date(repository, "0" * 40) is None
    assert commit_date(repository, "--upload-pack=x") is None
    plan = make_plan("a/b", "0" * 40, repository, ANYHOW)
    assert plan.environment.as_of == ""


def test_the_users_own_command_is_taken(repository: Path) -> None:
    own = Candidate((Step(StepKind.COMMAND, "python other.py --x 1"),), CommandSource.USER)
    assert make_plan("a/b", "0" * 40, repository, ANYHOW, own).candidate == own


def test_nothing_to_run_says_what_was_looked_for(tmp_path: Path) -> None:
    write(tmp_path, "train.py", "import wandb\nwandb.init()\n")
    write(tmp_path, "README.md", "`python train.py --tracker comet`\n")
    with pytest.raises(NoCandidate) as raised:
        make_plan("a/b", "0" * 40, tmp_path, ANYHOW)
    message = str(raised.value)
    assert "no Python code in it uses MLflow" in message
    assert "no way leads from `python train.py --tracker comet` to MLflow" in message
    assert "README commands" in message


def test_a_parameter_without_a_value_is_named(tmp_path: Path) -> None:
    write(tmp_path, "MLproject", 'entry_points:\n  main: {parameters: {d: path}, command: "python t.py {d}"}\n')
    with pytest.raises(NoCandidate, match="has no value for d"):
        make_plan("a/b", "0" * 40, tmp_path, ANYHOW)


def test_the_interpreter_can_be_asked_for(repository: Path) -> None:
    plan = make_plan("a/b", "0" * 40, repository, PlanOptions(isolation="none", python="3"))
    assert plan.environment.python_asked == "3"


def test_text_of_a_hostile_plan_obeys_nothing(tmp_path: Path) -> None:
    write(tmp_path, "train.py", TRAINS + 'open("\\x1b]0;title\\x07\\u202e.csv")\n')
    write(tmp_path, "requirements.txt", "mlflow\n[red]x[/red]\n\x1b[2Jnumpy\n")
    plan = make_plan("a/\x1b[31mb", "0" * 40, tmp_path, ANYHOW)
    text = render_plan(plan)
    assert not any(sign in text for sign in ("\x1b", "\x07", "\u202e"))
    assert "python train.py" in text
    assert "MISSING" in text
    assert plan.isolation is Isolation.NONE
    assert "the code can read your files" in text


def test_every_sample_has_the_plan_that_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlx_tui.reproduction.needs.shutil.which", lambda *_, **__: None)
    from mlx_tui.corpus.samples import materialize
    from mlx_tui.paths import sample_corpus_dir

    materialize(sample_corpus_dir(), tmp_path)
    first = {}
    for folder in sorted(path for path in tmp_path.iterdir() if path.is_dir() and not path.name.startswith(".")):
        try:
            plan = make_plan(folder.name, "HEAD", folder, ANYHOW)
        except NoCandidate:
            first[folder.name] = "none"
        else:
            first[folder.name] = f"{plan.candidate.source} {plan.candidate.steps[0].text}; {plan.likely}"
    assert first == SAMPLES


def test_the_date_is_utc(repository: Path) -> None:
    assert commit_date(repository, commit(repository)) == datetime(2023, 6, 1, 10, tzinfo=UTC)


def test_a_notebook_is_dated_by_its_outputs_where_the_commit_is_much_younger(tmp_path: Path) -> None:
    outputs = [{"output_type": "stream", "text": ["2021/11/30 10:00:00 INFO\n", "2099-01-01 00:00 no\n"]}]
    cell = {"cell_type": "code", "source": "import mlflow\nmlflow.autolog()", "outputs": outputs}
    write(tmp_path, "a.ipynb", json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}))
    plan = make_plan("a/b", commit(tmp_path), tmp_path, ANYHOW)
    assert plan.environment.as_of == "2021-12-01T00:00:00Z"
    assert any("stored outputs" in item.reason for item in plan.deviations)


def test_a_command_of_the_clones_own_package_is_run_with_the_package_installed(tmp_path: Path) -> None:
    write(
        tmp_path, "pyproject.toml", '[project]\nname = "x"\ndependencies = ["mlflow"]\nscripts = {fit = "x.cli:main"}\n'
    )
    write(tmp_path, "src/x/cli.py", "from x.gone import a\n" + TRAINS)
    write(tmp_path, "src/x/__init__.py", "")
    write(tmp_path, "README.md", "```\nuv sync\nuv run fit --epochs 2\n```\n")
    plan = make_plan("a/b", "0" * 40, tmp_path, ANYHOW)
    assert plan.candidate.steps == (Step(StepKind.COMMAND, "fit --epochs 2"),)
    assert plan.environment.requirements == ("mlflow", "-e .", "pip", "setuptools")
    assert plan.likely == "fails, missing_module: x.gone"
