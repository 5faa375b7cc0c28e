"""Lines of a log as rows of a screen, and what is said of them."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mlx_tui.tui.presentation.log_rows import first_that_fits, rows_from, rows_up_to, wrapped
from mlx_tui.tui.presentation.log_text import LogHits, LogKeys, LogPlace, hits_text, place_text

KEYS = LogKeys("G", "n", "N", "esc")


def texts(line: str, width: int) -> list[str]:
    return [row.plain for row in wrapped(line, width)]


def test_a_traceback_shows_its_files_names_and_keeps_its_indent() -> None:
    line = '  File "/home/venv/lib/python3.11/site-packages/sklearn/linear_model/_base.py", line 130, in fit'
    assert texts(line, 50) == [
        '  File "/home/venv/lib/python3.11/site-packages/',
        '  sklearn/linear_model/_base.py", line 130, in fit',
    ]
    assert texts(line, 0) == [line]
    assert texts("short", 50) == ["short"]


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=300), st.integers(4, 40))
def test_no_row_is_wider_than_the_screen_and_nothing_is_lost(line: str, width: int) -> None:
    rows = texts(line, width)
    assert all(cell_len(row.rstrip(" ")) <= width for row in rows)
    whole = "".join(wrapped(line, 0)[0].plain.split())
    assert "".join("".join(rows).split()) == whole


@given(st.lists(st.integers(0, 100), min_size=1, max_size=30), st.integers(1, 12), st.integers(4, 30))
def test_the_last_page_is_full_and_ends_with_the_log(lengths: list[int], height: int, width: int) -> None:
    lines = ["x" * length for length in lengths]

    def read(start: int, stop: int) -> list[str]:
        return lines[start:stop]

    every = rows_from(read, 0, 10_000, width)
    assert rows_up_to(read, len(lines), height, width) == every[-height:]
    top = first_that_fits(read, len(lines), height, width)
    assert top == len(lines) - 1 or len(rows_from(read, top, 10_000, width)) <= height
    assert top == 0 or len(rows_from(read, top - 1, 10_000, width)) > height


def test_what_is_said_of_a_place() -> None:
    assert place_text(LogPlace(1200, 1180, 1200, True), KEYS, grows=True) == "log: 1,200 lines · following"
    assert place_text(LogPlace(1200, 1180, 1200, True), KEYS, grows=False) == "log: 1,200 lines · at the end"
    assert place_text(LogPlace(3, 1, 3, True), KEYS, grows=False) == "log: 3 lines"
    paused = LogPlace(1200, 10, 30, False)
    assert place_text(paused, KEYS, grows=True) == "log: lines 10 to 30 of 1,200 · paused: G follows again"
    assert place_text(paused, KEYS, grows=False) == "log: lines 10 to 30 of 1,200"
    assert place_text(LogPlace(0, 0, 0, True), KEYS, grows=True) == "log: nothing was written yet"


def test_what_is_said_of_hits() -> None:
    assert hits_text(LogHits("boom", 3, 17), KEYS).startswith("“boom” 3/17 · n next · N previous · esc ends")
    assert hits_text(LogHits("boom", 3, 1000, True), KEYS).startswith("“boom” 3/1,000+ ·")
    assert hits_text(LogHits("boom", 0, None), KEYS).startswith("“boom” … lines ·")
    assert hits_text(LogHits("boom", 0, 0), KEYS) == "“boom” isn't in the log · esc ends the search"
