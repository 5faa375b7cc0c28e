"""Repairs of exported environments, paths of another machine, pipelines and settings, on repositories on disk."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.reproduction.code_index import CodeIndex
from mlx_tui.reproduction.install_failure import InstallCause, InstallFailure
from mlx_tui.reproduction.model import (
    Candidate,
    Cause,
    CommandSource,
    Edit,
    EditKind,
    EnvironmentSpec,
    Isolation,
    Outcome,
    Phase,
    Plan,
    Step,
    StepKind,
    Variable,
)
from mlx_tui.reproduction.outcome import Verdict, classify
from mlx_tui.reproduction.repairs.edits import apply_edits
from mlx_tui.reproduction.repairs.examples import example_variables, set_by_example
from mlx_tui.reproduction.repairs.exports import FEWEST, only_imported
from mlx_tui.reproduction.repairs.failure import Failure
from mlx_tui.reproduction.repairs.java import newer_spark, open_modules
from mlx_tui.reproduction.repairs.machines import named_paths, of_another_machine, read_here
from mlx_tui.reproduction.repairs.pipelines import kept_stage, run_name, sought_names, why_kept
from mlx_tui.reproduction.worktree import WorkTree

EXPORT = tuple(f"p{number}==1.{number}" for number in range(FEWEST))


def plan(*texts: str, requirements: tuple[str, ...] = (), project: bool = False) -> Plan:
    steps = tuple(Step(StepKind.COMMAND, text, of_project=project) for text in texts or ("python train.py",))
    spec = EnvironmentSpec("conda", "conda.yaml", "", "/python3.11.7", "3.11.7", requirements)
    candidate = Candidate(steps, CommandSource.USER)
    return Plan("o/mine", "0" * 40, "/clone", candidate, spec, (), (), Isolation.NONE, True, 60, repair=True)


def failed(line: str, tree: WorkTree | None = None, step: int = 1, cause: Cause = Cause.MISSING_DATA) -> Failure:
    verdict = Verdict(Outcome.FAILED, cause, line, 1)
    files = tree.files if tree else ()
    folders = tree.folders if tree else frozenset({"."})
    spelt = named_paths(tree) if tree else ()
    return Failure(verdict, line, (line,), step, work="/a/copy", files=files, folders=folders, spelt=spelt)


def install(package: str, cause: InstallCause = InstallCause.NO_VERSION) -> Failure:
    verdict = Verdict(Outcome.FAILED, Cause.ENVIRONMENT, "x")
    return Failure(
        verdict, install=InstallFailure(cause, package, "no such version"), imported=frozenset({"p1", "other"})
    )


def written(folder: Path, files: dict[str, str]) -> WorkTree:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return WorkTree(folder)


def test_of_an_export_only_what_the_code_imports_stays() -> None:
    before = plan(requirements=(*EXPORT, "mlflow==1.7.0", "--no-binary x"))
    changed = only_imported(before, install("p7==1.7"))
    assert changed is not None
    assert changed.environment.requirements == ("p1==1.1", "mlflow==1.7.0", "--no-binary x")
    assert changed.repairs[-1].name == "only what the code imports"
    assert only_imported(changed, install("p1==1.1")) is None


@pytest.mark.parametrize(
    ("lines", "failure"),
    [
        (EXPORT, install("p1==1.1")),  # the code imports it: another interpreter is for that
        (EXPORT[:5], install("p3==1.3")),  # a list that a person wrote
        (tuple(line.split("==")[0] for line in EXPORT), install("p3")),  # nothing is pinned
        (EXPORT, install("p3==1.3", InstallCause.NETWORK)),
        (EXPORT[2:], install("p3==1.3")),  # nothing of it is imported
    ],
)
def test_no_other_list_loses_its_packages(lines: tuple[str, ...], failure: Failure) -> None:
    assert only_imported(plan(requirements=lines), failure) is None


@pytest.mark.parametrize(
    ("line", "prefix", "base"),
    [
        ("FileNotFoundError: [Errno 2] No such file or directory: '/home/me/mine/data/x.csv'", "/home/me/mine", "."),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: 'C:/Users/Me/proj/data/x.csv'",
            "C:/Users/Me/proj",
            ".",
        ),
        (r"FileNotFoundError: [Errno 2] No such file or directory: 'C:\\Users\\Me\\data\\x.csv'", "C:/Users/Me", "."),
        ("FileNotFoundError: [Errno 2] No such file or directory: '/content/deep.csv'", "/content", "sub/folder"),
        ("FileNotFoundError: [Errno 2] No such file or directory: '/home/me/mine/new/out.csv'", "/home/me/mine", "."),
    ],
)
def test_a_path_of_another_machine_is_found_in_the_repository(
    tmp_path: Path, line: str, prefix: str, base: str
) -> None:
    tree = written(tmp_path, {"data/x.csv": "", "sub/folder/deep.csv": "", "train.py": ""})
    changed = of_another_machine(plan(), failed(line, tree))
    assert changed is not None
    assert changed.edits == (Edit(EditKind.OTHER_MACHINE, prefix, base),)
    assert of_another_machine(changed, failed(line, tree)) is None


@pytest.mark.parametrize(
    "line",
    [
        "FileNotFoundError: [Errno 2] No such file or directory: '/home/me/gone.csv'",
        "FileNotFoundError: [Errno 2] No such file or directory: '/a/copy/data/x.csv'",
        "FileNotFoundError: [Errno 2] No such file or directory: 'data/x.csv'",
        "FileNotFoundError: [Errno 2] No such file or directory: '/usr/share/data/x.csv'",
        "ValueError: /home/me/mine/data/x.csv holds nothing",
    ],
)
def test_what_isnt_in_the_repository_is_never_put_in_its_place(tmp_path: Path, line: str) -> None:
    tree = written(tmp_path, {"data/x.csv": "", "train.py": "open('/srv/store/other.csv')"})
    assert of_another_machine(plan(), failed(line, tree)) is None


def test_a_line_that_names_no_path_leaves_what_the_code_spells(tmp_path: Path) -> None:
    tree = written(tmp_path, {"config.py": "root = 'C:/Users/Me/mine/'\nstore = 'C:/Users/Me/mine/src/runs'\n"})
    failure = failed("ValueError: relative path can't be expressed as a file URI", tree, cause=Cause.CODE)
    changed = of_another_machine(plan(), failure)
    assert changed is not None
    assert changed.edits[0].path == "C:/Users/Me/mine"
    other = "FeatureViewNotFoundException: Feature view x does not exist in project y"
    assert of_another_machine(plan(), failed(other, tree, cause=Cause.CODE)) is None


def test_the_working_copy_reads_another_machines_paths_as_its_own(tmp_path: Path) -> None:
    work, outside = tmp_path / "work", tmp_path / "outside.py"
    outside.write_text("'C:/Users/Me/proj/x'")
    code = "a = 'C:/Users/Me/proj/' + 'x.csv'\nb = r'C:\\Users\\Me\\proj\\data\\y.csv'\nc = 'C:/Users/Me/project/z'\n"
    written(
        work,
        {
            "train.py": code,
            "nb.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": [r'open("C:\\Users\\Me\\proj\\y")']}]}),
            "conf/a.yaml": "path: C:/Users/Me/proj/data\nother: 1\n",
            "notes.md": "C:/Users/Me/proj/",
        },
    )
    (work / "linked.py").symlink_to(outside)
    apply_edits(work, (Edit(EditKind.OTHER_MACHINE, "C:/Users/Me/proj"),), tmp_path / "home")
    assert (work / "train.py").read_text() == (
        f"a = '{work}/' + 'x.csv'\nb = r'{work}/data/y.csv'\nc = 'C:/Users/Me/project/z'\n"
    )
    assert json.loads((work / "nb.ipynb").read_text())["cells"][0]["source"] == f'open("{work}/y")'
    assert (work / "conf/a.yaml").read_text() == f"path: {work}/data\nother: 1\n"
    assert (work / "notes.md").read_text() == "C:/Users/Me/proj/"
    assert outside.read_text() == "'C:/Users/Me/proj/x'"


@given(st.text(max_size=80), st.sampled_from(["/home/me", "C:/Users/Me/p", "/content"]))
def test_text_without_the_beginning_stays_as_it_is(text: str, prefix: str) -> None:
    if prefix.rpartition("/")[2] not in text:
        assert read_here(text, prefix, "/w") == text


DVC = """stages:
  featurize: {cmd: python features.py, deps: [data/raw], outs: [data/features]}
  train: {cmd: python train.py, deps: [data/features], outs: [model]}
"""


def test_a_stage_whose_output_is_committed_and_whose_input_isnt_is_left_out(tmp_path: Path) -> None:
    tree = written(tmp_path, {"dvc.yaml": DVC, "data/features/x.csv": "", "data/raw.dvc": ""})
    before = plan("python features.py", "python train.py")
    failure = replace(failed("ValueError: nothing to join", tree), kept=why_kept(tree, before.candidate.steps[0]))
    changed = kept_stage(before, failure)
    assert changed is not None
    assert [step.text for step in changed.candidate.steps] == ["python train.py"]
    assert "stage featurize reads data/raw, which isn't in the repository" in changed.repairs[-1].did
    assert why_kept(tree, before.candidate.steps[1]) == ""  # it makes what isn't there


def test_a_stage_that_has_its_input_or_lacks_its_output_runs(tmp_path: Path) -> None:
    step = Step(StepKind.COMMAND, "python features.py")
    assert why_kept(written(tmp_path / "a", {"dvc.yaml": DVC, "data/features/x": "", "data/raw/y": ""}), step) == ""
    assert why_kept(written(tmp_path / "b", {"dvc.yaml": DVC, "data/raw.dvc": ""}), step) == ""
    assert why_kept(written(tmp_path / "c", {"dvc.yaml": "stages: ["}), step) == ""


def test_an_earlier_stages_run_gets_the_name_by_which_it_is_looked_for(tmp_path: Path) -> None:
    code = "def last(n):\n  return mlflow.search_runs(f\"tags.mlflow.runName = '{n}'\")\nlast('Tuning_Search')\n"
    index = CodeIndex(written(tmp_path, {"train.py": code}))
    line = "Exception: Run Tuning_Search was not found"
    before = plan("python prepare.py", "python tuning.py", "python train.py", project=True)
    failure = replace(failed(line, step=3, cause=Cause.CODE), sought=sought_names(index, line))
    changed = run_name(before, failure)
    assert changed is not None
    assert [step.run_name for step in changed.candidate.steps] == ["", "Tuning_Search", ""]
    assert run_name(changed, failure) is None
    two = plan("python tuning.py", "python search.py", "python train.py", project=True)
    assert run_name(two, failure) is None  # it can't be told which is meant
    assert sought_names(CodeIndex(written(tmp_path / "x", {"a.py": "print('Tuning_Search')"})), line) == ()


def test_the_variables_of_the_examples_are_set_where_the_log_asks_for_one(tmp_path: Path) -> None:
    readme = "Set:\n```bash\n# first\nDATASET_PATH=data/x.csv\nAPI_TOKEN=abc\n```\n```\nA=1\npython train.py\n```\n"
    example = "MODEL_NAME='my model'\nexport PASSWORD=x\nOPEN=<your-value>\nPYTHONPATH=/x\nURL=${OTHER}\n"
    tree = written(tmp_path, {"README.md": readme, ".env.example": example})
    found = example_variables(tree)
    assert found == (Variable("MODEL_NAME", "my model"), Variable("DATASET_PATH", "data/x.csv"))
    line = "pydantic.ValidationError: 2 validation errors for Settings"
    failure = replace(failed(line, cause=Cause.CODE), lines=(line, "dataset_path", "  Field required"), examples=found)
    changed = set_by_example(plan(), failure)
    assert changed is not None
    assert changed.variables == found
    assert changed.repairs[-1].name == "variables of the example"
    assert set_by_example(changed, failure) is None
    assert set_by_example(plan(), replace(failure, lines=(line, "another"))) is None


def test_java_is_opened_to_what_is_older_once() -> None:
    closed = 'Caused by: java.lang.reflect.InaccessibleObjectException: module java.base does not "opens java.nio" to x'
    last = "Exception: Java gateway process exited before sending its port number"
    failure = replace(failed(last, cause=Cause.ENVIRONMENT), lines=(closed, "\t... 13 more", last))
    changed = open_modules(plan(), failure)
    assert changed is not None
    assert changed.variables[0].name == "JDK_JAVA_OPTIONS"
    assert "--add-opens=java.base/java.nio=ALL-UNNAMED" in changed.variables[0].value
    assert (changed.repairs[-1].name, changed.repairs[-1].why) == ("java modules opened", closed)
    assert open_modules(changed, failure) is None
    assert open_modules(plan(), replace(failure, lines=(last,))) is None


def test_a_spark_that_fails_inside_a_newer_java_is_replaced_by_the_first_that_knows_it() -> None:
    inside = "java.io.InvalidObjectException: ReflectiveOperationException during deserialization"
    last = "py4j.protocol.Py4JJavaError: An error occurred while calling o28.parquet."
    failure = replace(failed(last, cause=Cause.CODE), lines=(inside, last), installed={"pyspark": "3.0.0"})
    changed = newer_spark(plan(requirements=("pyspark==3.0.0", "mlflow")), failure)
    assert changed is not None
    assert changed.environment.requirements == ("mlflow", "pyspark==3.3.4", "py4j==0.10.9.5")
    assert (changed.repairs[-1].name, changed.repairs[-1].why) == ("pyspark==3.3.4", inside)
    assert newer_spark(plan(), replace(failure, installed={"pyspark": "3.5.1"})) is None
    assert newer_spark(plan(), replace(failure, lines=(last,))) is None
    assert newer_spark(plan(), replace(failure, installed={})) is None


def test_a_missing_java_is_the_environments() -> None:
    lines = ["Traceback (most recent call last):", '  File "train.py", line 3, in <module>', "    spark()"]
    lines.append("Exception: Java gateway process exited before sending its port number")
    assert classify(Phase.RUNNING, 1, None, lines).cause is Cause.ENVIRONMENT
