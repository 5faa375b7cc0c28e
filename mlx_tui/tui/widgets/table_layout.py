"""Which columns a table shows, in which order, how wide, and which of them stay at the left: what the user chose.

A layout holds only what differs from the table's own columns, so that it still fits when these change: a new column
of the corpus appears where the table puts it, and one that is gone is passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mlx_tui.tui.widgets.table_column import Column

NARROWEST, WIDEST = 2, 200


@dataclass(frozen=True, slots=True)
class Width:
    """The width of a column, in cells."""

    column: str
    cells: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The user's choices; every field names columns by their ids.

    Attributes:
        order: All columns as they were ordered last; empty for the table's own order.
        shown: Those in sight although the table hides them at first.
        hidden: Those out of sight although the table shows them.
        pinned: Those that stay at the left; None for the first column alone.
        widths: Those that are wider or narrower than the table has them.
    """

    order: tuple[str, ...] = ()
    shown: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    pinned: tuple[str, ...] | None = None
    widths: tuple[Width, ...] = ()

    def is_shown(self, column: Column) -> bool:
        """Whether a column is in sight."""
        return column.id in self.shown or (not column.hidden and column.id not in self.hidden)

    def ordered(self, columns: Sequence[Column]) -> list[Column]:
        """All columns in the order chosen; one that the order doesn't know follows the one it follows by itself."""
        known = {column.id: column for column in columns}
        ids = [name for name in self.order if name in known]
        placed = set(ids)
        for before, column in zip((None, *columns), columns, strict=False):
            if column.id not in placed:
                ids.insert(0 if before is None else ids.index(before.id) + 1, column.id)
                placed.add(column.id)
        return [known[name] for name in ids]

    def pins(self, columns: Sequence[Column]) -> tuple[str, ...]:
        """The ids of the columns that stay at the left."""
        return tuple(column.id for column in columns[:1]) if self.pinned is None else self.pinned

    def arranged(self, columns: Sequence[Column]) -> tuple[tuple[Column, ...], int]:
        """The columns in sight as they are shown, and how many of them, the first ones, stay at the left."""
        pins = self.pins(columns)
        widths = {width.column: width.cells for width in self.widths}
        seen = [column for column in self.ordered(columns) if self.is_shown(column)]
        seen = seen or list(columns[:1])
        ordered = sorted(seen, key=lambda column: column.id not in pins)
        sized = (replace(c, width=widths[c.id]) if c.id in widths else c for c in ordered)
        return tuple(sized), max(1, sum(column.id in pins for column in ordered))

    # What the user does; each gives the new layout

    def with_shown(self, column: Column, shown: bool) -> "Layout":
        """Shows or hides a column."""
        return replace(
            self,
            shown=self.shown | {column.id} if shown and column.hidden else self.shown - {column.id},
            hidden=self.hidden | {column.id} if not shown and not column.hidden else self.hidden - {column.id},
        )

    def with_pinned(self, column: Column, columns: Sequence[Column], pinned: bool) -> "Layout":
        """Keeps a column at the left, or lets it scroll; at least one column stays."""
        others = tuple(name for name in self.pins(columns) if name != column.id)
        return replace(self, pinned=(*others, column.id) if pinned else others)

    def with_width(self, column: Column, cells: int) -> "Layout":
        """Makes a column so wide."""
        others = tuple(width for width in self.widths if width.column != column.id)
        return replace(self, widths=(*others, Width(column.id, max(NARROWEST, min(cells, WIDEST)))))

    def with_moved(self, column: Column, columns: Sequence[Column], steps: int) -> "Layout":
        """Moves a column by `steps` columns in sight to the right, or to the left where it is negative.

        A column that stays at the left moves among those that do, the others among the others.
        """
        seen, count = self.arranged(columns)
        ids = [each.id for each in seen]
        if column.id not in ids:
            return self
        at = ids.index(column.id)
        first, last = (0, count - 1) if at < count else (count, len(ids) - 1)
        neighbour = ids[max(first, min(at + steps, last))]
        if neighbour == column.id:
            return self
        order = [each.id for each in self.ordered(columns)]
        order.remove(column.id)
        order.insert(order.index(neighbour) + (steps > 0), column.id)
        return replace(self, order=tuple(order))
