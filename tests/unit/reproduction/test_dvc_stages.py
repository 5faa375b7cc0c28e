"""Stages of a `dvc.yaml`: their order by what they read and write, and files that are made to take for ever."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.formats.yaml_lines import YamlError
from mlx_tui.reproduction.entry_points.dvc import MAX_STAGES, Stage, read_stages
from mlx_tui.reproduction.entry_points.dvc import _ordered as ordered
from mlx_tui.reproduction.worktree import WorkTree
from tests.unit.reproduction.clones import write

PATHS = st.lists(st.sampled_from(["a", "a/b", "a/b/c", "a/bc", "d", "d/e"]), max_size=2, unique=True)


def stage(number: int, inputs: list[str], outputs: list[str]) -> Stage:
    return Stage(str(number), ("python a.py",), ".", number, tuple(inputs), tuple(outputs))


def waits(reader: Stage, waiting: list[Stage]) -> bool:
    """The definition: another stage that is still to run writes a path that this one reads, one above or below it."""
    return any(
        read == out or read.startswith(f"{out}/") or out.startswith(f"{read}/")
        for other in waiting
        if other is not reader
        for out in other.outputs
        for read in reader.inputs
    )


@given(st.lists(st.tuples(PATHS, PATHS), max_size=7))
def test_a_stage_comes_after_those_that_write_what_it_reads(made: list[tuple[list[str], list[str]]]) -> None:
    stages = [stage(number, inputs, outputs) for number, (inputs, outputs) in enumerate(made)]
    waiting, expected = list(stages), []
    while waiting:
        first = next((item for item in waiting if not waits(item, waiting)), waiting[0])
        waiting.remove(first)
        expected.append(first)
    assert ordered(stages) == tuple(expected)


def test_a_pipeline_of_a_thousand_stages_backwards(tmp_path: Path) -> None:
    text = "".join(f" s{n}:\n  cmd: run {n}\n  deps: [d{n + 1}]\n  outs: [d{n}]\n" for n in range(MAX_STAGES))
    write(tmp_path, "dvc.yaml", f"stages:\n{text}")
    found = [item.name for item in read_stages(WorkTree(tmp_path), "dvc.yaml")]
    assert found == [f"s{n}" for n in reversed(range(MAX_STAGES))]


def test_more_stages_than_are_read_are_no_pipeline(tmp_path: Path) -> None:
    loops = "".join(f" s{n}:\n  foreach: [{','.join('a' * 60)}]\n  do:\n   cmd: x\n" for n in range(2_000))
    write(tmp_path, "dvc.yaml", f"stages:\n{loops}")
    with pytest.raises(YamlError, match="more than 1,000 stages"):
        read_stages(WorkTree(tmp_path), "dvc.yaml")


@pytest.mark.parametrize("depth", [9, 30])
def test_parameters_that_refer_to_each_other_a_million_times(tmp_path: Path, depth: int) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, depth))
    write(tmp_path, "params.yaml", f"lr: 1\n{bomb}")
    write(tmp_path, "dvc.yaml", "stages:\n a:\n  cmd: python a.py ${lr} ${a0[1]}\n")
    assert read_stages(WorkTree(tmp_path), "dvc.yaml")[0].commands == ("python a.py 1 x",)


def test_a_command_that_would_fill_the_memory_stays_as_it_is_written(tmp_path: Path) -> None:
    write(tmp_path, "params.yaml", f"a: {'x' * 1_000_000}\nb: {'y' * 1_000}\n")
    commands = ["${a}", "${b}" * 400_000]
    write(tmp_path, "dvc.yaml", "stages:\n" + "".join(f" s{n}:\n  cmd: {text}\n" for n, text in enumerate(commands)))
    assert [item.commands for item in read_stages(WorkTree(tmp_path), "dvc.yaml")] == [(text,) for text in commands]
