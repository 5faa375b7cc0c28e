"""What a table tells the screen that it is on."""

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from mlx_tui.tui.widgets.table import VirtualTable


class TableEvent(Message):
    """Something happened in a table; `table.current` is the row under its cursor."""

    def __init__(self, table: "VirtualTable", text: str = "") -> None:
        """Keeps the table, and what a person should know."""
        super().__init__()
        self.table = table
        self.text = text

    @property
    def control(self) -> "VirtualTable":
        """The table."""
        return self.table


class Highlighted(TableEvent):
    """The cursor moved to another row or column, or the row under it changed."""


class Opened(TableEvent):
    """A row was opened by key or double click."""


class Arranged(TableEvent):
    """Rows, order, filter, marks or columns changed."""


class FilterAsked(TableEvent):
    """The user wants to type a filter."""


class ColumnsAsked(TableEvent):
    """The user wants to choose the columns."""


class Told(TableEvent):
    """Something was done to the columns, or can't be."""
