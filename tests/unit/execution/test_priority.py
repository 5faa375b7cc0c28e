"""Processes give way to an interface, and only to one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlx_tui.corpus.git_process import run_git
from mlx_tui.execution.executors import open_executor
from mlx_tui.execution.priority import GIVES_WAY, Priority, give_way


@pytest.fixture
def interface() -> Iterator[None]:
    give_way()
    yield
    Priority.lower = 0


def niceness_of_git(folder: Path) -> int:
    return int(run_git(folder, "-c", "alias.niceness=!nice", "niceness"))


def test_without_an_interface_everything_runs_as_it_was_started(tmp_path: Path) -> None:
    assert niceness_of_git(tmp_path) == os.nice(0)
    with open_executor(2) as executor:
        assert executor.submit(os.nice, 0).result() == os.nice(0)
    with open_executor(1) as executor:
        assert executor.submit(os.getpid).result() == os.getpid()


@pytest.mark.usefixtures("interface")
def test_beside_an_interface_git_and_workers_give_way_and_one_task_alone_too(tmp_path: Path) -> None:
    expected = min(19, os.nice(0) + GIVES_WAY)
    assert niceness_of_git(tmp_path) == expected
    for jobs in (1, 2):
        with open_executor(jobs) as executor:
            assert executor.submit(os.nice, 0).result() == expected
            assert executor.submit(os.getpid).result() != os.getpid()
