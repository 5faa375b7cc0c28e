"""The window of the terminal changes while the program runs; and colours are refused."""

import re
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal

SIZES = ((12, 40), (45, 160), (80, 300), (24, 80))


def holds(rows: int, columns: int, *texts: str) -> object:
    """A condition: the whole screen is drawn for its size, from the first line to the last."""

    def condition(text: str) -> bool:
        lines = text.split("\n")
        return (
            len(lines) == rows
            and lines[0].startswith(" mlx-tui › ")
            and lines[-1].endswith("? help  q quit")
            and max(map(len, lines)) <= columns
            and all(each in text for each in texts)
        )

    return condition


def test_a_window_that_is_resized_is_drawn_anew_on_every_screen(demo_folder: Path) -> None:
    with Terminal([str(demo_folder)]) as terminal:
        terminal.wait_for("6/6")
        for rows, columns in SIZES:
            terminal.resize(rows, columns)
            terminal.wait_for(holds(rows, columns, "sklearn-mlproject"))  # type: ignore[arg-type]
        terminal.press("enter")
        terminal.wait_for("left to judge")
        for rows, columns in SIZES:
            terminal.resize(rows, columns)
            terminal.wait_for(holds(rows, columns, "usage.mlflow"))  # type: ignore[arg-type]
        terminal.press("t")
        for rows, columns in SIZES:
            terminal.resize(rows, columns)
            terminal.wait_for(holds(rows, columns, "Overview", "├"))  # type: ignore[arg-type]
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_without_colours_nothing_is_coloured_and_all_is_told(
    demo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with Terminal([str(demo_folder)]) as terminal:
        terminal.wait_for("6/6")
        terminal.press("down", " ")
        terminal.wait_for("1 marked")
        assert re.search(r"autolog-notebook *\*", terminal.text)
        colours = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", bytes(terminal.raw))
        assert all(red == green == blue for red, green, blue in colours)
        assert b"\x1b[7" in terminal.raw or b";7m" in terminal.raw or b";7;" in terminal.raw  # the cursor, reversed
        terminal.press("q")
        assert terminal.wait_for_end() == 0
