"""How a table's lines are drawn: each as a strip of styled text."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mlx_tui.tui.text import fit
from mlx_tui.tui.widgets.table_geometry import SEPARATOR, column_widths, pinned_cells, pins_that_fit
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
        self.scroll_x, self.scroll_y = scroll
        self.style = style
        self._combined = combined
        self.widths = column_widths(model.columns, width)
        self.pinned = pins_that_fit(self.widths, model.pinned, width)
        self._room = max(0, width - pinned_cells(self.widths, self.pinned))
        first, self._skipped = self._first_scrolled()
        starts = list(accumulate((each + 1 for each in self.widths[self.pinned :]), initial=0))
        self.seen = [
            (model.columns[index], self.widths[index])
            for index in range(len(self.widths))
            if index < self.pinned or (index >= first and starts[index - self.pinned] < self.scroll_x + self._room)
        ]

    def row(self, y: int, base: Style, *, coloured: bool = True) -> Strip:
        """Draws a row of the view.

        Args:
            y: Line of the screen; the heading is line 0.
            base: The row's style.
            coloured: Whether cells have the colours of their roles; they'd be hard to read on a cursor.
        """
        row = self.model.at(self.scroll_y + y - 1)
        if row is None:
            return self._said(self.model.emptied_by_filter, base) if y == 1 else Strip.blank(self.width, base)
        marked = bool(self.model.marked) and self.model.row_key(row) in self.model.marked
        cells = []
        for column, width in self.seen:
            cell = column.cell(row)
            fitted = _fit if len(cell.text) < CACHED else fit
            text = fitted(cell.text, width, column.align, keep_end=column.keep_end)
            cells.append((text, self._over(base, cell.role) if cell.role and coloured else base))
        return self._joined(cells, base, "*" if marked else SEPARATOR)

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
            text = fit(fit(column.title, max(1, width - len(mark))).rstrip() + mark, width, column.align)
            cells.append((text, self.style("table--header-cursor") if column.id == under else base))
        return self._joined(cells, base, SEPARATOR)

    def _said(self, text: str, base: Style) -> Strip:
        return Strip([Segment(fit(text, self.width), self._over(base, "muted"))], self.width)

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

    def _first_scrolled(self) -> tuple[int, int]:
        """Returns the first scrolling column that is seen, and how many cells lie before it."""
        index, cells = self.pinned, 0
        for width in self.widths[self.pinned :]:
            if cells + width + 1 > self.scroll_x:
                break
            cells += width + 1
            index += 1
        return index, cells

    def _joined(self, cells: Sequence[tuple[str, Style]], base: Style, mark: str) -> Strip:
        text, style = cells[0]
        pinned = [Segment(text, style), Segment(mark, base), *_merged(cells[1 : self.pinned])]
        cut = self.scroll_x - self._skipped
        rest = _merged(cells[self.pinned :])
        used = sum(width + 1 for _, width in self.seen[self.pinned :])
        if cut or used > self._room:
            rest = list(Strip(rest, used).crop_extend(cut, cut + self._room, base))
        elif used < self._room:
            rest.append(Segment(" " * (self._room - used), base))
        line = Strip([*pinned, *rest], pinned_cells(self.widths, self.pinned) + self._room)
        return line if line.cell_length == self.width else line.crop_extend(0, self.width, base)


def _merged(cells: Sequence[tuple[str, Style]]) -> list[Segment]:
    """Makes one segment of neighbours that look the same: fewer segments, fewer escape sequences."""
    return [
        Segment("".join([text + SEPARATOR for text, _ in group]), style)
        for style, group in groupby(cells, key=itemgetter(1))
    ]
