"""Repairs as pure functions: which answers which failure, what it changes, and what it leaves alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from attempt_support import commit_repository, git
from hypothesis import given
from hypothesis import strategies as st
from repair_support import failure, name, plan

from mlx_tui.reproduction.entry_points.mlproject import without_html_comments
from mlx_tui.reproduction.model import (
    CommandSource,
    Edit,
    EditKind,
    Outcome,
    Step,
    StepKind,
    Variable,
)
from mlx_tui.reproduction.outcome import Verdict
from mlx_tui.reproduction.plan import PlanOptions, make_plan
from mlx_tui.reproduction.plan_text import render_plan
from mlx_tui.reproduction.repairs.contents import (
    without_blocking_cells,
    without_servers,
)
from mlx_tui.reproduction.repairs.edits import apply_edits, step_variables
from mlx_tui.reproduction.repairs.failure import Maker
from mlx_tui.reproduction.repairs.ladder import LADDER, MOST, next_repair
from mlx_tui.reproduction.repairs.look import image_variables
from mlx_tui.reproduction.work_copy import copy_commit
from mlx_tui.reproduction.worktree import WorkTree

NOT_FOUND = "FileNotFoundError: [Errno 2] No such file or directory: '{}'"


def test_a_push_without_a_remote_gets_a_stand_in_once() -> None:
    called = "subprocess.CalledProcessError: Command '['git', 'push']' returned non-zero exit status 128."
    failed = replace(failure(called), lines=("fatal: No configured push destination.", "Traceback", called))
    changed = next_repair(plan(), failed)
    assert changed is not None
    assert changed.edits == (Edit(EditKind.GIT_ORIGIN, "origin"),)
    assert changed.repairs[-1].why == "fatal: No configured push destination."
    assert next_repair(changed, failed) is None
    assert name(plan(), failure("fatal: 'upstream' does not appear to be a git repository")) == "git remote stand-in"
    assert name(plan(), failure("fatal: unable to access 'https://x/': Could not resolve host: x")) == ""


def test_a_dvc_remote_that_no_configuration_names_gets_a_stand_in() -> None:
    line = "ERROR: configuration error - config file error: remote 's3_repo' doesn't exist."
    changed = next_repair(plan(), failure(line, "data/train.csv.dvc"))
    assert changed is not None
    assert changed.edits == (Edit(EditKind.DVC_REMOTE, "s3_repo"),)
    assert name(plan(), failure(line)) == ""  # no DVC repository
    assert name(plan(), failure("ERROR: failed to pull data from the cloud", ".dvcignore")) == ""


def test_stand_ins_in_the_working_copy(tmp_path: Path) -> None:
    commit = commit_repository(
        tmp_path / "clone", {"a.txt": "a", ".dvc/config": "", ".dvc/.gitignore": "/config.local"}
    )
    work = tmp_path / "work"
    copy_commit(tmp_path / "clone", commit, work)
    apply_edits(work, [Edit(EditKind.GIT_ORIGIN, "origin"), Edit(EditKind.DVC_REMOTE, "s3_repo")], tmp_path / "home")
    assert git(work, "status", "--porcelain") == ""
    git(work, "commit", "--allow-empty", "-m", "more")
    git(work, "push")
    assert git(work / ".git" / "origin.git", "rev-parse", "main") == git(work, "rev-parse", "HEAD")
    assert (
        (tmp_path / "home" / ".config" / "dvc" / "config").read_text().startswith("['remote \"s3_repo\"']\n    url = ")
    )
    assert list((work / ".git" / "dvc-s3_repo").iterdir()) == []


def test_a_repair_says_what_it_did_and_which_line_asked_for_it() -> None:
    line = "ModuleNotFoundError: No module named 'pkg_resources'"
    changed = next_repair(plan("mlflow==1.2", "setuptools"), failure(line, setuptools="82.0"))
    assert changed is not None
    assert changed.environment.requirements == ("mlflow==1.2", "setuptools<81")
    (repair,) = changed.repairs
    assert (repair.name, repair.why) == ("setuptools<81", line)
    assert "82.0" in repair.did
    assert changed.environment.as_of == "2023-06-01T00:00:00Z"


def test_the_root_gets_the_name_by_which_its_own_code_imports_it() -> None:
    line = "ModuleNotFoundError: No module named 'mlproject'"
    failed = failure(line, "__init__.py", "config/core.py", "train.py")
    by_file = replace(failed, lines=("    from mlproject import __file__  # noqa", line))
    by_part = replace(failed, lines=("    from mlproject.config import core", line))
    for shown in (by_file, by_part):
        changed = next_repair(plan("mlflow"), shown)
        assert changed is not None
        assert changed.edits == (Edit(EditKind.OWN_NAME, "mlproject"),)
    # What isn't in the root must come from elsewhere.
    assert name(plan("mlflow"), replace(failed, lines=("    from mlproject import Client", line))) == "mlproject added"


def test_of_two_modules_of_one_name_the_one_nearer_to_who_imports_it_is_meant() -> None:
    files = ("a/lib/data/make.py", "src/bin/run.py", "src/lib/data/make.py", "src/lib/x.py")
    line = "ModuleNotFoundError: No module named 'data'"
    by_step = next_repair(plan(text="python src/bin/run.py"), failure(line, *files))
    assert by_step is not None
    assert by_step.variables == (Variable("PYTHONPATH", "src/lib"),)
    frames = ('  File "/a/copy/src/bin/run.py", line 1, in <module>', '  File "/a/copy/a/b.py", line 1, in <module>')
    traced = replace(failure(line, *files), lines=(*frames, "    import data", line))
    by_frame = next_repair(plan(text="python src/bin/run.py"), traced)
    assert by_frame is not None
    assert by_frame.variables == (Variable("PYTHONPATH", "a/lib"),)


def test_no_path_helps_where_a_package_lacks_the_submodule_that_is_asked_for() -> None:
    missing = failure("ModuleNotFoundError: No module named 'src.data'", "app/src/main.py", "run.py")
    assert name(plan(text="python run.py"), missing) == ""
    there = failure("ModuleNotFoundError: No module named 'src.main'", "app/src/main.py", "run.py")
    assert name(plan(text="python run.py"), there) == "PYTHONPATH app"


def test_a_script_that_is_no_program_is_run_by_python() -> None:
    before = plan(text="src/init.py --x 1")
    changed = next_repair(before, failure("/bin/sh: 1: src/init.py: Permission denied", "src/init.py"))
    assert changed is not None
    assert changed.candidate.steps[0].text == "python src/init.py --x 1"
    assert name(before, failure("/bin/sh: 1: other.py: Permission denied", "other.py")) == ""
    assert name(plan(text="./run.sh"), failure("/bin/sh: 1: ./run.sh: Permission denied", "run.sh")) == ""


def test_a_later_stage_that_makes_what_is_missing_goes_before_and_one_that_ran_does_not() -> None:
    line = "FileNotFoundError: [Errno 2] No such file or directory: 'data/x.csv'"
    maker = Maker("./data/x.csv", "prepare.py", Step(StepKind.COMMAND, "python prepare.py"))
    before = plan()
    steps = (*before.candidate.steps, maker.step)
    before = replace(before, candidate=replace(before.candidate, steps=steps))
    failed = replace(failure(line), makers=(maker, Maker("other.csv", "other.py", steps[0])))
    changed = next_repair(before, failed)
    assert changed is not None
    assert changed.candidate.steps == (maker.step, steps[0])
    assert changed.repairs[-1].name == "stage order: prepare.py first"
    assert next_repair(replace(changed, repairs=()), replace(failed, step=2)) is None  # it ran, and made nothing
    foreign = replace(failure(line), makers=(Maker("x.csv", "prepare.py", maker.step),))
    assert name(before, foreign) == ""  # a name alone says too little


@pytest.mark.parametrize(
    ("step", "wanted", "files", "expected"),
    [
        (Step(StepKind.COMMAND, "python train.py", "src"), "data/x.csv", ("src/train.py", "data/x.csv"), "."),
        (Step(StepKind.COMMAND, "python src/train.py", "."), "x.csv", ("src/train.py", "src/x.csv"), "src"),
        (Step(StepKind.COMMAND, "python src/train.py", "."), "../d/x.csv", ("src/train.py", "d/x.csv"), "src"),
        (Step(StepKind.COMMAND, "python a.py", "."), "x.csv", ("a.py", "one/x.csv"), "one"),
        (Step(StepKind.COMMAND, "python a.py", "."), "x.csv", ("a.py", "one/x.csv", "two/x.csv"), ""),
        (Step(StepKind.COMMAND, "python a.py", "."), "x.csv", ("a.py", "x.csv", "two/x.csv"), ""),
        (Step(StepKind.COMMAND, "python a.py", "."), "/home/me/gone.csv", ("a.py", "one/x.csv"), ""),
        (Step(StepKind.COMMAND, "python a.py", "."), "/a/copy/d/x.csv", ("a.py", "one/d/x.csv"), "one"),
        (Step(StepKind.COMMAND, "python a.py", "."), "gone.csv", ("a.py", "one/x.csv"), ""),
    ],
)
def test_the_working_directory_follows_the_file_that_wasnt_found(
    step: Step, wanted: str, files: tuple[str, ...], expected: str
) -> None:
    before = plan(text=step.text, workdir=step.workdir)
    changed = next_repair(before, failure(NOT_FOUND.format(wanted), *files))
    assert (changed.candidate.steps[0].workdir if changed else "") == expected


def test_a_step_that_moves_still_names_its_own_files() -> None:
    files = ("src/train.py", "src/conf.yaml", "data/x.csv", "src/nb.ipynb")
    before = plan(text="python train.py --config conf.yaml --out result", workdir="src")
    changed = next_repair(before, failure(NOT_FOUND.format("data/x.csv"), *files))
    assert changed is not None
    assert changed.candidate.steps == (
        Step(StepKind.COMMAND, "python src/train.py --config src/conf.yaml --out result", "."),
    )
    notebook = plan(text="nb.ipynb", workdir="src", kind=StepKind.NOTEBOOK)
    changed = next_repair(notebook, failure(NOT_FOUND.format("data/x.csv"), *files))
    assert changed is not None
    assert changed.candidate.steps == (Step(StepKind.NOTEBOOK, "src/nb.ipynb", "."),)
    assert changed.variables == (Variable("PYTHONPATH", "src"),)


def test_variables_of_the_image_are_set_where_the_code_asks_for_one() -> None:
    image = (Variable("MODEL_NAME", "m"), Variable("OTHER", "o"))
    failed = replace(failure("KeyError: 'MODEL_NAME'"), image=image)
    changed = next_repair(plan(), failed)
    assert changed is not None
    assert changed.variables == image
    assert name(changed, failed) == ""
    assert name(plan(), replace(failed, line="KeyError: 'MODEL'")) == ""


def test_an_mlproject_is_read_without_its_html_comments() -> None:
    failed = replace(
        failure("yaml.scanner.ScannerError: while scanning a simple key"), commented=("MLproject", "a/MLproject")
    )
    changed = next_repair(plan(), failed)
    assert changed is not None
    assert [edit.path for edit in changed.edits] == ["MLproject", "a/MLproject"]
    assert name(plan(), replace(failed, commented=())) == ""


def test_nothing_is_repaired_unasked_or_where_it_didnt_fail_or_without_end() -> None:
    failed = failure("ModuleNotFoundError: No module named 'a1'")
    assert next_repair(replace(plan(), repair=False), failed) is None
    for outcome in set(Outcome) - {Outcome.FAILED}:
        assert next_repair(plan(), replace(failed, verdict=Verdict(outcome, None, ""))) is None
    current, count = plan(), 0
    while (changed := next_repair(current, failure(f"ModuleNotFoundError: No module named 'a{count}'"))) is not None:
        current, count = changed, count + 1
    assert count == len(current.repairs) == MOST


def test_a_withdrawn_repair_isnt_tried_again() -> None:
    failed = failure("ModuleNotFoundError: No module named 'pkg_resources'")
    assert next_repair(plan(), failed, frozenset({"setuptools<81"})) is None


@given(line=st.text(), path=st.text(min_size=1))
def test_no_line_of_a_log_breaks_the_ladder(line: str, path: str) -> None:
    before = plan("mlflow")
    for text in (line, NOT_FOUND.format(line), f"No module named '{line}'"):
        failed = failure(text, "train.py", path, mlflow=line)
        for repair in LADDER:
            changed = repair(before, failed)
            assert changed is None or changed.repairs[-1].name


def test_lines_that_start_a_server_are_left_out_and_nothing_else() -> None:
    source = (
        "import mlflow\n!mlflow ui --port 5000 &\nif True:\n    !mlflow server\nprint('!mlflow ui')\n!pip install x"
    )
    assert without_servers(source) == (
        "import mlflow\npass  # left out: !mlflow ui --port 5000 &\nif True:\n    pass  # left out: !mlflow server\n"
        "print('!mlflow ui')\n!pip install x"
    )
    before = plan(text="nb.ipynb", workdir="a", kind=StepKind.NOTEBOOK)
    changed = without_blocking_cells(before, {"a/nb.ipynb": source, "nb.ipynb": ""})
    assert changed.edits == (Edit(EditKind.NO_SERVERS, "a/nb.ipynb"),)
    assert [repair.name for repair in changed.repairs] == ["blocking notebook lines left out"]
    assert without_blocking_cells(before, {"a/nb.ipynb": "print(1)"}) == before


def test_html_comments_go_and_the_other_lines_keep_their_numbers() -> None:
    text = "name: x\n<!-- a\nb -->\nentry_points: {}\n"
    assert without_html_comments(text).splitlines()[3] == "entry_points: {}"
    assert "<!--" not in without_html_comments(text)


def test_edits_change_the_working_copy_only(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    outside = tmp_path / "outside"
    outside.write_text("<!-- mine -->")
    (work / "linked").symlink_to(outside)
    (work / "MLproject").write_text("name: x\n<!-- y -->\n")
    (work / "nb.ipynb").write_text('{"cells": [{"cell_type": "code", "source": ["x = 1\\n", "!mlflow ui\\n"]}, 3]}')
    (work / "broken.ipynb").write_text("{")
    edits = [Edit(EditKind.NO_HTML_COMMENTS, path) for path in ("MLproject", "linked", "../outside", "gone")]
    edits += [Edit(EditKind.NO_SERVERS, path) for path in ("nb.ipynb", "broken.ipynb")]
    edits += [Edit(EditKind.OWN_NAME, path) for path in ("mine", "nb.ipynb", "../beside")]
    apply_edits(work, edits, tmp_path / "home")
    assert outside.read_text() == "<!-- mine -->"
    assert (work / "MLproject").read_text() == "name: x\n\n"
    assert "pass  # left out: !mlflow ui" in (work / "nb.ipynb").read_text()
    assert (work / "broken.ipynb").read_text() == "{"
    assert (work / "mine").resolve() == work
    assert not (tmp_path / "beside").exists()


def test_variables_are_set_inside_the_isolation_and_never_over_the_attempts_own(tmp_path: Path) -> None:
    variables = (Variable("PYTHONPATH", ".:src"), Variable("HOME", "/x"), Variable("A", "b c"))
    assert step_variables(variables, tmp_path, {"HOME": "/h"}) == [
        "/usr/bin/env",
        f"PYTHONPATH={tmp_path}:{tmp_path}/src",
        "A=b c",
    ]
    assert step_variables((), tmp_path, {}) == []


def test_an_images_secrets_and_what_programs_obey_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        'FROM x\nENV A=1 B="two words" \\\n  API_KEY=s\nENV OLD the rest\nENV LD_PRELOAD=/x.so PATH=/x:$PATH C=$A/y\n'
    )
    assert image_variables(WorkTree(tmp_path)) == (
        Variable("A", "1"),
        Variable("B", "two words"),
        Variable("OLD", "the rest"),
    )


def test_the_ladder_has_each_repair_once() -> None:
    assert len(set(LADDER)) == len(LADDER)


def test_a_plan_that_repairs_reads_an_mlproject_without_its_comments(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import mlflow\nmlflow.log_metric('m', 1)\n")
    text = "entry_points:\n  main:\n    command: python train.py --now\n  <!--\n  old:\n    command: x -->\n"
    (tmp_path / "MLproject").write_text(text)
    made = make_plan("o/n", "", tmp_path, PlanOptions(isolation="none", repair=True))
    assert made.candidate.source is CommandSource.MLPROJECT
    assert made.candidate.line == 3
    assert made.edits == (Edit(EditKind.NO_HTML_COMMENTS, "MLproject"),)
    assert "MLproject without HTML comments" in render_plan(made)
    as_it_is = make_plan("o/n", "", tmp_path, PlanOptions(isolation="none"))
    assert as_it_is.candidate.source is CommandSource.SCRIPT
    assert as_it_is.repairs == as_it_is.edits == ()
