"""What a library's own program prepares, as the README shows it."""

from dataclasses import replace
from pathlib import Path

from repair_support import failure, plan

from mlx_tui.reproduction.model import Step, StepKind
from mlx_tui.reproduction.repairs.ladder import next_repair
from mlx_tui.reproduction.repairs.shown import shown_first, shown_steps
from mlx_tui.reproduction.worktree import WorkTree

README = """# x
```bash
cd x
cd store
```
then
```bash
feast apply
feast materialize 2025-06-01T00:00:00 2025-10-10T23:59:59   # all of it
feast serve --port 5
feast push <name>
```
```bash
cd no-such-folder
other apply
python train.py && six-command run
```
"""
LINE = "feast.errors.FeatureViewNotFoundException: Feature view f does not exist in project p"


def command(text: str, workdir: str = ".") -> Step:
    return Step(StepKind.COMMAND, text, workdir)


def tree(folder: Path) -> WorkTree:
    (folder / "store").mkdir()
    (folder / "store" / "f.py").write_text("x")
    (folder / "README.md").write_text(README)
    return WorkTree(folder)


def test_commands_of_installed_programs_are_read_in_the_folders_that_the_readme_leads_to(tmp_path: Path) -> None:
    found = shown_steps(tree(tmp_path), ["feast", "six"])
    assert found == (
        command("feast apply", "store"),
        command("feast materialize 2025-06-01T00:00:00 2025-10-10T23:59:59", "store"),
    )
    assert shown_steps(WorkTree(tmp_path), ["other"]) == (command("other apply"),)
    assert shown_steps(WorkTree(tmp_path), []) == ()


def test_they_go_before_the_step_in_which_their_library_raised() -> None:
    shown = (command("feast apply", "store"), command("other apply"))
    before = plan(text="python -m train")
    failed = replace(failure(LINE, feast="0.5", other="1"), shown=shown)
    changed = next_repair(before, failed)
    assert changed is not None
    assert changed.candidate.steps == (shown[0], *before.candidate.steps)
    assert changed.repairs[-1].name == "feast as the README shows"
    assert next_repair(changed, replace(failed, step=2)) is None  # it was run, and helped nothing


def test_of_a_plain_exception_the_innermost_frame_tells_whose_it_is() -> None:
    shown = (command("feast apply"),)
    line = "ValueError: nothing is registered"
    library = '  File "/a/env/lib/python3.11/site-packages/feast/registry.py", line 3, in get'
    own = '  File "/a/copy/train.py", line 3, in <module>'
    raised = replace(failure(line), lines=(own, "    get()", library, "    raise ValueError", line), shown=shown)
    assert shown_first(plan(), raised) is not None
    assert shown_first(plan(), replace(raised, lines=(library, own, "    raise ValueError", line))) is None
    assert shown_first(plan(), replace(raised, lines=(line,))) is None
