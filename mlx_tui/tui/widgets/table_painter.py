"""How a table's lines are drawn: which columns a window shows, and each line as a strip of styled text."""

from collections.abc import Callable, Sequence
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mlx_tui.tui.text import fit
from mlx_tui.tui.widgets.table_model import Column, TableModel

Row = TypeVar("Row")
SEPARATOR = " "
MIN_FILL = 12


def column_widths(columns: Sequence[Column[Row]], room: int) -> list[int]:
    """Returns the columns' widths in cells; the one of width 0 takes what is left of `room`."""
    used = sum(column.width for column in columns) + len(columns) - 1
    return [column.width or max(MIN_FILL, room - used) for column in columns]


def scroll_to_column(widths: Sequence[int], column: int, left: int, room: int) -> int:
    """Returns the horizontal scroll position nearest to `left` that shows a column; the first is always shown."""
    if column == 0:
        return 0
    start = sum(widths[1:column]) + column - 1
    visible = max(1, room - widths[0] - 1)
    return start if start < left else max(left, start + widths[column] - visible)


def column_at(widths: Sequence[int], x: int, left: int) -> int:
    """Returns the column at a cell of the window; `left` is the horizontal scroll position."""
    if x > widths[0]:
        x += left
    edges = accumulate(width + 1 for width in widths)
    return next((index for index, edge in enumerate(edges) if x < edge), len(widths) - 1)


class TablePainter(Generic[Row]):
    """Draws one state of a table: the first column stays, the others scroll sideways beside it."""

    def __init__(
        self, model: TableModel[Row], width: int, scroll: tuple[int, int], style: Callable[[str], Style]
    ) -> None:
        """Works out which columns are seen.

        Args:
            model: What is shown.
            width: Cells of the window.
            scroll: Horizontal and vertical scroll position, in cells and rows.
            style: Gives the style of a component class; `` for the table's own.
        """
        self.model = model
        self.width = width
        self.scroll_x, self.scroll_y = scroll
        self.style = style
        self._combined: dict[tuple[Style, str], Style] = {}
        self.widths = column_widths(model.columns, width)
        self.first, self.skipped = self._first_scrolled()
        starts = list(accumulate((each + 1 for each in self.widths[1:]), initial=0))
        self.seen = [
            (model.columns[index], self.widths[index])
            for index in range(len(self.widths))
            if index == 0 or (index >= self.first and starts[index - 1] < self.scroll_x + width)
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
        cells = [self._cell(row, column, width, base, coloured) for column, width in self.seen]
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

    def _cell(self, row: Row, column: Column[Row], width: int, base: Style, coloured: bool) -> tuple[str, Style]:
        cell = column.cell(row)
        text = fit(cell.text, width, column.align, keep_end=column.keep_end)
        return text, self._over(base, cell.role) if cell.role and coloured else base

    def _over(self, base: Style, role: str) -> Style:
        if (base, role) not in self._combined:
            self._combined[base, role] = base + self.style(f"role--{role}")
        return self._combined[base, role]

    def _first_scrolled(self) -> tuple[int, int]:
        """Returns the first scrolling column that is seen, and how many cells lie before it."""
        index, cells = 1, 0
        for width in self.widths[1:]:
            if cells + width + 1 > self.scroll_x:
                break
            cells += width + 1
            index += 1
        return index, cells

    def _joined(self, cells: Sequence[tuple[str, Style]], base: Style, mark: str) -> Strip:
        text, style = cells[0]
        pinned = Strip([Segment(text, style), Segment(mark, base)], self.widths[0] + len(mark))
        rest = Strip(_merged(cells[1:]))
        room = max(0, self.width - pinned.cell_length)
        start = self.scroll_x - self.skipped
        strip = Strip.join([pinned, rest.crop_extend(start, start + room, base)])
        return strip.crop_extend(0, self.width, base)


def _merged(cells: Sequence[tuple[str, Style]]) -> list[Segment]:
    """Makes one segment of neighbours that look the same: fewer segments, fewer escape sequences."""
    return [
        Segment("".join(text + SEPARATOR for text, _ in group), style)
        for style, group in groupby(cells, key=itemgetter(1))
    ]
