"""How a table's lines are drawn: each as a strip of styled text."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Generic, TypeVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mlx_tui.safe_text import safe_text
from mlx_tui.tui.text import fit
from mlx_tui.tui.widgets.table_geometry import MORE_LEFT, MORE_RIGHT, SEPARATOR, window
from mlx_tui.tui.widgets.table_model import TableModel

Row = TypeVar("Row")
Styles = dict[tuple[Style, str], Style]
"""Styles of roles on the styles of rows, combined before."""

CACHED = 80
"""Shorter texts are fitted once: most cells hold one of few."""
_fit = lru_cache(maxsize=8192)(fit)


class TablePainter(Generic[Row]):
    """Draws one state of a table."""

    def __init__(
        self,
        model: TableModel[Row],
        width: int,
        scroll: tuple[int, int],
        style: Callable[[str], Style],
        combined: Styles,
    ) -> None:
        """Works out which columns are seen.

        Args:
            model: What is shown.
            width: Cells of the window.
            scroll: Horizontal and vertical scroll position, in cells and rows.
            style: Gives the style of a component class; `` for the table's own.
            combined: Kept between painters, until the theme changes.
        """
        self.model = model
        self.width = width
        left, self.scroll_y = scroll
        self.style = style
        self._combined = combined
        self.window = window(model.columns, model.pinned, left, width)
        self.seen = [(model.columns[each.index], each.width) for each in self.window.shown]

    def row(self, y: int, base: Style, *, coloured: bool = True) -> Strip:
        """Draws a row of the view.

        Args:
            y: Line of the screen; the heading is line 0.
            base: The row's style.
            coloured: Whether cells have the colours of their roles; they'd be hard to read on a cursor.
        """
        row = self.model.at(self.scroll_y + y - 1)
        if row is None:
            return Strip.blank(self.width, base)
        marked = bool(self.model.marked) and self.model.row_key(row) in self.model.marked
        cells = []
        for column, width in self.seen:
            cell = column.cell(row)
            fitted = _fit if len(cell.text) < CACHED else fit
            text = fitted(cell.text, width, column.align, keep_end=column.keep_end)
            cells.append((text, self._over(base, cell.role) if cell.role and coloured else base))
        return self._joined(cells, base, 0, "*" if marked else SEPARATOR)

    def heading(self, cursor: int | None) -> Strip:
        """Draws the heading with the sort marks.

        Args:
            cursor: Index of the column under the column cursor, None where there is no such cursor.
        """
        base = self.style("table--header")
        under = None if cursor is None else self.model.columns[cursor].id
        cells = []
        for column, width in self.seen:
            mark = self._sort_mark(column.id)
            text = fit(_marked(column.title, mark, width), width, column.align)
            cells.append((text, self.style("table--header-cursor") if column.id == under else base))
        before, behind = self.window.more_left * MORE_LEFT or SEPARATOR, self.window.more_right * MORE_RIGHT
        return self._joined(cells, base, self.window.pinned - 1, before, behind)

    def said(self, text: str, role: str = "") -> Strip:
        """Draws a line of a text in place of a row."""
        base = self.style("")
        return Strip([Segment(fit(text, self.width), self._over(base, role) if role else base)], self.width)

    def _sort_mark(self, column_id: str) -> str:
        sorts = self.model.sorts
        for number, sort in enumerate(sorts, 1):
            if sort.column == column_id:
                return ("▼" if sort.reverse else "▲") + (str(number) if len(sorts) > 1 else "")
        return ""

    def _over(self, base: Style, role: str) -> Style:
        if (base, role) not in self._combined:
            self._combined[base, role] = base + self.style(f"role--{role}")
        return self._combined[base, role]

    def _joined(self, cells: Sequence[tuple[str, Style]], base: Style, at: int, mark: str, sign: str = "") -> Strip:
        """Makes a line of cells, with a gap behind each.

        Args:
            cells: Text and style of each.
            base: The style of what is beside them.
            at: Behind which of them the gap holds the mark.
            mark: A character.
            sign: Stands in the last cell of the line; a column never does where there is one.
        """
        text, style = cells[at]
        segments = [*_merged(cells[:at]), Segment(text, style), Segment(mark, base), *_merged(cells[at + 1 :])]
        last = segments.pop()
        tail = " " * (self.width - self.window.shown[-1].end - len(sign)) + sign
        return Strip([*segments, Segment(last.text[:-1], last.style), Segment(tail, base)], self.width)


def _marked(title: str, mark: str, width: int) -> str:
    """A heading with the sign of its sort, for which its last letters give way; too long a title ends in `…`."""
    safe = safe_text(title)
    if not mark or cell_len(safe) + len(mark) <= width:
        return safe + mark
    return (fit(safe, width) if cell_len(safe) > width else safe)[: width - len(mark)].rstrip() + mark


def _merged(cells: Sequence[tuple[str, Style]]) -> list[Segment]:
    """Makes one segment of neighbours that look the same: fewer segments, fewer escape sequences."""
    return [
        Segment("".join([text + SEPARATOR for text, _ in group]), style)
        for style, group in groupby(cells, key=itemgetter(1))
    ]
