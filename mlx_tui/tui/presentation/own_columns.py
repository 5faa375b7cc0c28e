"""The corpus's own columns, whatever they hold: numbers sort as numbers, all else as text."""

from collections.abc import Sequence

from mlx_tui.tui.presentation.corpus_row import CorpusRow
from mlx_tui.tui.widgets.table_model import Cell, Column

WIDEST = 24


def own_columns(rows: Sequence[CorpusRow]) -> tuple[Column[CorpusRow], ...]:
    """Makes a column for each of the corpus's own, in the order of the file."""
    return tuple(_own_column(name, position, rows) for position, name in enumerate(own_names(rows)))


def own_names(rows: Sequence[CorpusRow]) -> tuple[str, ...]:
    """The names of the corpus's own columns, in the order of the file."""
    return tuple(dict.fromkeys(name for row in rows for name, _ in row.result.columns))


def _own_column(name: str, position: int, rows: Sequence[CorpusRow]) -> Column[CorpusRow]:
    def text(row: CorpusRow) -> str:
        cells = row.result.columns
        if position < len(cells) and cells[position][0] == name:  # nearly always: rows of one file are alike
            return cells[position][1]
        return next((value for column, value in cells if column == name), "")

    texts = [text(row) for row in rows]
    numeric = all(_number(value) is not None for value in texts if value) and any(texts)
    width = min(WIDEST, max(len(name) + 1, max(map(len, texts), default=0)))
    return Column[CorpusRow](
        name,
        name,
        width,
        lambda row: Cell(text(row)),
        (lambda row: _number(text(row))) if numeric else (lambda row: text(row).casefold() or None),
        align="right" if numeric else "left",
        description=f"Column {name} of corpus.csv",
        searchable=True,
        descending=numeric,
        least=0 if numeric else min(width, 8),
    )


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        return None
    return number if number == number else None  # NaN has no place in an order
