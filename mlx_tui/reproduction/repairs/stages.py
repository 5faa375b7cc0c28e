"""The repair of the stages' order: a file that isn't there yet, and that another script of the repository makes."""

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from mlx_tui.reproduction.code_index import CodeIndex
from mlx_tui.reproduction.code_needs import read_code_needs
from mlx_tui.reproduction.entry_points.code import script_step
from mlx_tui.reproduction.model import Plan
from mlx_tui.reproduction.repairs.failure import Failure, Maker, repaired
from mlx_tui.reproduction.repairs.places import wanted_path
from mlx_tui.reproduction.worktree import join


def find_makers(index: CodeIndex) -> Iterator[Maker]:
    """The files that scripts with a main part write, as far as their text tells, each with the step that runs it."""
    for path, file in index.scripts.items():
        source = file.source
        if source.serves or source.needs_arguments or not (source.main_guard or source.top_level_calls):
            continue
        written = read_code_needs(file).written
        if written:
            step = script_step(path, file, index)
            yield from (Maker(text, path, step) for text in sorted(written))


def stage_order(plan: Plan, failure: Failure) -> Plan | None:
    """The script that makes a missing file, run before the step that opens it."""
    position = failure.step - 1
    steps = plan.candidate.steps
    if not 0 <= position < len(steps):
        return None
    wanted = wanted_path(failure, steps[position])
    if not wanted or not PurePosixPath(wanted).suffix:
        return None
    place = join(steps[position].workdir, wanted)
    maker = next((item for item in failure.makers if _makes(item, wanted, place)), None)
    if maker is None or maker.step in steps[: position + 1]:
        return None
    later = tuple(step for step in steps[position:] if step != maker.step)
    changed = (*steps[:position], maker.step, *later)
    did = f"`{maker.step.text}` run before `{steps[position].text}`: it makes {wanted}"
    candidate = replace(plan.candidate, steps=changed)
    return repaired(replace(plan, candidate=candidate), f"stage order: {maker.path} first", did, failure.line)


def _makes(maker: Maker, wanted: str, place: str) -> bool:
    """Whether a script writes a path: the same place, or the same end of a path where the source tells no more."""
    if join(maker.step.workdir, maker.written) == place:
        return True
    written, asked = (posixpath.normpath(text).split("/") for text in (maker.written, wanted))
    shared = min(len(written), len(asked))
    return shared > 1 and written[-shared:] == asked[-shared:]
