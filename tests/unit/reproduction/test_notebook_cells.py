"""Times of a notebook's cells."""

import json
from pathlib import Path

from attempt_support import make_plan

from mlx_tui.reproduction.attempt_files import AttemptFiles
from mlx_tui.reproduction.model import Plan, Step, StepKind
from mlx_tui.reproduction.notebook_cells import CellTime, read_cell_times


def plan(*notebooks: str) -> Plan:
    return make_plan(Path("/nowhere"), "c" * 40, *(Step(StepKind.NOTEBOOK, name) for name in notebooks))


def cell(source: str, took: tuple[str, str] | None = None, error: bool = False) -> dict[str, object]:
    times = {"iopub.execute_input": took[0], "shell.execute_reply": took[1]} if took else None
    outputs = [{"output_type": "error", "ename": "ValueError"}] if error else []
    metadata = {"execution": times} if times else {}
    return {"cell_type": "code", "source": [source], "metadata": metadata, "outputs": outputs}


def test_each_code_cell_with_what_it_took(tmp_path: Path) -> None:
    files = AttemptFiles(tmp_path)
    files.executed.mkdir()
    cells = [
        {"cell_type": "markdown", "source": "# title"},
        cell("\nimport x\nimport y", ("2026-01-01T10:00:00.500000Z", "2026-01-01T10:00:02.750000Z")),
        cell("  "),
        cell("fit()", ("2026-01-01T10:00:03Z", "2026-01-01T10:01:04Z"), error=True),
        cell("never()"),
        cell("odd()", ("yesterday", "today")),
    ]
    (files.executed / "2-b.ipynb").write_text(json.dumps({"cells": cells}))
    assert read_cell_times(files, plan("a.ipynb", "b.ipynb")) == (
        CellTime("b.ipynb", 1, "import x", 2.25, False),
        CellTime("b.ipynb", 2, "fit()", 61.0, True),
        CellTime("b.ipynb", 3, "never()", None, False),
        CellTime("b.ipynb", 4, "odd()", None, False),
    )
    (files.executed / "2-b.ipynb").write_text("{")
    assert read_cell_times(files, plan("a.ipynb", "b.ipynb")) == ()
