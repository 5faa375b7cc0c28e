"""Texts as cells of `annotations.csv`, and back: a spreadsheet shows them, and saves them unchanged."""

import re
from functools import lru_cache

from mlx_tui.safe_text import csv_cell, csv_text, safe_record

# A cell that a spreadsheet takes for a number or a date and saves as another text: 0012, 1/2, 3.10, 1234e56789012345.
_NUMBER_OR_DATE = re.compile(r"'*\d[\d.,:/eE+\- ]*%?\Z")


@lru_cache(maxsize=1 << 16)  # names come again and again
def text_cell(text: str) -> str:
    """A cell of a text on one line: no formula, and nothing that is taken for a number or a date."""
    return "'" + text if _NUMBER_OR_DATE.match(text) else csv_cell(text)


def note_cell(note: str) -> str:
    """A cell of a note; its line breaks stay line breaks."""
    first, newline, rest = safe_record(note, multiline=True).partition("\n")
    return (text_cell(first) if not newline else csv_cell(first)) + newline + rest


def cell_text(cell: str) -> str:
    """The text that `text_cell` or `note_cell` made a cell of; safe whatever the cell holds."""
    cell = safe_record(cell, multiline=True)
    return cell[1:] if cell.startswith("'") and _NUMBER_OR_DATE.match(cell) else csv_text(cell)


@lru_cache(maxsize=1 << 16)
def cell_line(cell: str) -> str:
    """The same on one line."""
    return safe_record(cell_text(cell))
